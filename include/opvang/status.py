"""What came in and what became of it, from the ledger."""

from typing import Any

from opvang import warehouse

COUNTS = ("records_read", "records_published", "records_flagged", "records_quarantined", "records_refused")


def summary(source: str | None = None) -> list[dict[str, Any]]:
    """Per source and verdict (null is under way): deliveries, first and last reference date, and records by fate."""
    with warehouse.connect() as connection:
        return warehouse.run(connection, "status", {"source": source}).fetchall()


def show(rows: list[dict[str, Any]]) -> None:
    """Print the summary as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "source",
        "verdict",
        "deliveries",
        "from",
        "to",
        *(name.removeprefix("records_") for name in COUNTS),
        title="Records: read = published + quarantined + refused",
    )
    for row in rows:
        counts = (
            [f"{row[name]:,}" for name in ("deliveries",)]
            + [str(row["first_date"]), str(row["last_date"])]
            + [f"{row[name]:,}" for name in COUNTS]
        )
        table.add_row(row["source"], row["verdict"] or "under way", *counts)
    console = Console()
    # A file or a pipe has no width of its own, and 80 columns would cut the numbers.
    (console if console.is_terminal else Console(width=140)).print(table)

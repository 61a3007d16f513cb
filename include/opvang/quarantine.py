"""quarantine: what is kept aside, by supplier and rule or record by record, and never a value of it."""

from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from opvang import warehouse
from opvang.messages import one_line

NEXT_STEPS = {
    "opvang quarantine {source} --records": "which records, by file and line",
    "opvang feedback {source}": "a report for each supplier: what to correct",
    "opvang replay {source}": "after a rule, a code table or a parser was mended",
    'opvang withdraw NUMBER --because "…"': "what nobody will mend",
}


@dataclass(frozen=True)
class View:
    """What to look at: all, or one source, supplier or rule."""

    source: str | None = None
    supplier: str | None = None
    rule: str | None = None


def summary(view: View) -> list[dict[str, Any]]:
    """Per source, supplier and rule: open records, the reference and the reason, the oldest reference date."""
    with warehouse.connect() as connection:
        return warehouse.run(connection, "open_quarantine", vars(view)).fetchall()


def records(view: View) -> list[dict[str, Any]]:
    """Each open record: its number, supplier, reference date, file, line and rules."""
    with warehouse.connect() as connection:
        found = warehouse.run(connection, "open_quarantine_records", vars(view)).fetchall()
    return [row | {"file": one_line(row["file"])} for row in found]


def show(rows: list[dict[str, Any]]) -> None:
    """Print the summary as a table, and what can be done about it."""
    table = Table("source", "supplier", "rule", "records", "oldest", "reference", "reason", title="Open quarantine")
    for row in rows:
        counts = (f"{row['records']:,}", str(row["oldest_date"]))
        table.add_row(row["source"], row["supplier"], row["rule"], *counts, row["reference"] or "-", row["reason"])
    console = Console()
    # A file or a pipe has no width of its own, and 80 columns would cut the words.
    (console if console.is_terminal else Console(width=180)).print(table)


def line(record: dict[str, Any]) -> str:
    """One record in one line."""
    return "{quarantine_id:>8}  {source} {supplier} {reference_date}  {file}, line {line_no} (record {record_no} of delivery {delivery_id}): {broken}".format(
        broken=", ".join(record["rules"]), **record
    )


def next_steps(rows: list[dict[str, Any]]) -> str:
    """The commands that go on from here."""
    sources = {row["source"] for row in rows}
    source = sources.pop() if len(sources) == 1 else "SOURCE"
    return "\n".join(f"  {command.format(source=source):<46}  {use}" for command, use in NEXT_STEPS.items())

"""What `make up` ends with: the national figures, the address and login of the UI, the connection line."""

from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from opvang import services, settings, warehouse

# The day of the letter to Parliament with the national figures that everything is calibrated to.
LETTER_DATE = date(2022, 4, 25)


def show_with_addresses(console: Console) -> None:
    """Print the national figures, and where to look further."""
    show(console)
    for name, value in _addresses():
        console.print(f"{name:<10}{value}", highlight=False, soft_wrap=True)


def show(console: Console) -> None:
    """Print the national position on the letter's day and the last one."""
    with warehouse.connect("reader") as connection:
        days = warehouse.run(connection, "national_position", {"reference_date": LETTER_DATE}).fetchall()
    console.print(_table(days))


def _table(days: list[dict[str, Any]]) -> Table:
    """One line per figure, one column per day."""
    table = Table("national position", *(str(day["reference_date"]) for day in days))
    for name in (name for name in days[0] if name != "reference_date") if days else ():
        table.add_row(name, *(_readable(day[name]) for day in days))
    return table


def _readable(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _addresses() -> list[tuple[str, str]]:
    return [
        ("Airflow", services.address()),
        ("login", f"{services.ADMIN} / {services.admin_password()}"),
        ("warehouse", settings.dsn("reader")),
    ]

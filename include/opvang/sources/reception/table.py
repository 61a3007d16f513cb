"""The table of the template, however it was saved: its headings, and its values as the JSON document says them."""

from collections.abc import Mapping, Sequence

import polars as pl

from opvang.contract import Contract
from opvang.errors import SourceChanged
from opvang.readers.template import day

TEMPLATE = "take the present template (docs/templates/reception.xlsx or .csv) and fill that in"
# Begins what a column without a heading is called; no heading begins with a blank.
NAMELESS = " "
# What a Dutch spreadsheet says for true and false.
ANSWERS = {"ja": "true", "waar": "true", "nee": "false", "onwaar": "false"}


def names(headings: Sequence[str | None]) -> list[str]:
    """The field that each heading names: its first line; below it stands the Dutch label."""
    return [(heading or "").partition("\n")[0].strip() for heading in headings]


def is_heading(found: Sequence[str], contract: Contract) -> bool:
    """Whether these are headings of the template, of whichever version: the key is one of them."""
    return any(column.field in found for column in contract.tables[0].keys)


def positions(found: Sequence[str], contract: Contract, *also: str) -> dict[str, int]:
    """Which field stands where, and each of `also` that is there; a column under no heading goes by its number.

    SourceChanged for a field too few, too many or twice.
    """
    wanted = contract.tables[0].fields
    if missing := sorted(wanted.difference(found)):
        raise SourceChanged(f"column {', '.join(missing)} is missing; {TEMPLATE}")
    if unknown := sorted({name for name in found if name} - wanted - set(also)):
        raise SourceChanged(f"unknown column {', '.join(unknown)}; {TEMPLATE}")
    if doubled := sorted({name for name in found if name and found.count(name) > 1}):
        raise SourceChanged(f"column {', '.join(doubled)} stands there twice; {TEMPLATE}")
    return {name or _nameless(at): at for at, name in enumerate(found)}


def _nameless(at: int) -> str:
    return f"{NAMELESS}{at + 1}"


def as_in_json(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The rows that hold something, numbered, with truth and days as the JSON document says them."""
    _check_nameless(rows)
    table = contract.tables[0]
    filled = rows.filter(pl.any_horizontal(pl.col(sorted(table.fields)).is_not_null()))
    kinds = {column.field: column.logical_type for column in table.columns if column.logic is None}
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("record_no")
    return filled.select(number, "line_no", *(_said(name, kinds) for name in sorted(table.fields)))


def _check_nameless(rows: pl.DataFrame) -> None:
    """A value under no heading would be lost."""
    nameless = [name for name in rows.columns if name.startswith(NAMELESS)]
    beside = rows.filter(pl.any_horizontal(pl.col(nameless).is_not_null())) if nameless else rows.clear()
    if beside.height:
        raise SourceChanged(f"row {beside['line_no'][0]} holds a value under no heading; {TEMPLATE}")


def _said(name: str, kinds: Mapping[str, str]) -> pl.Expr:
    match kinds.get(name):
        case "boolean":
            return pl.col(name).str.to_lowercase().replace(ANSWERS)
        case "date":
            return day(pl.col(name))
        case _:
            return pl.col(name)

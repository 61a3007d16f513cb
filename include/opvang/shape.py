"""Delivered fields as the typed columns of a contract's table, and a breach for each value that doesn't fit or is missing."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from opvang import derive
from opvang.contract import Column, Table
from opvang.errors import SourceChanged

COUNTED = ("record_no", "line_no")
NUMBERS = ("batch_id", "delivery_id", *COUNTED)
BREACH = ("batch_id", "delivery_id", "record_no", "rule", "severity", "reference", "reason", "found_by")


def fields(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The delivered fields in the order of the contract; SourceChanged for a field more or less than it names."""
    wanted = sorted(table.fields)
    if unknown := [name for name in frame.columns if name not in {*wanted, *COUNTED}]:
        raise SourceChanged(
            f"unknown column {', '.join(unknown)} in {table.name}; the contract knows {', '.join(wanted)}"
        )
    if missing := [name for name in wanted if name not in frame.columns]:
        raise SourceChanged(
            f"column {', '.join(missing)} is missing in {table.name}; deliver every column, empty where nothing is known"
        )
    return frame.select(*COUNTED, *wanted)


def typed(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """The columns of the table, made from its delivered fields; null where a value doesn't fit."""
    return rows.select(*NUMBERS, *(derive.column(column, rows) for column in table.columns))


def breaches(source: str, table: Table, rows: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """One row per value that was lost in typing, or that is missing where the contract wants it."""
    found = [
        rows.filter(broken).select(NUMBERS[:3]).with_columns(pl.lit(value).alias(name) for name, value in rule.items())
        for broken, rule in _broken(source, table, rows, made)
    ]
    return pl.concat([_NONE, *(frame.select(BREACH).cast(_NONE.schema) for frame in found)])


def _broken(
    source: str, table: Table, rows: pl.DataFrame, made: pl.DataFrame
) -> Iterator[tuple[pl.Series, dict[str, Any]]]:
    for column in table.columns:
        where = f"{source}.{table.name}.{column.name}"
        misfits = None if column.logic else derive.misfits(column, rows[column.field], made[column.name])
        if misfits is not None:
            yield misfits, _rule(column, where, f"is_{column.logical_type}")
        if column.required and rows[column.field].null_count():
            yield rows[column.field].is_null(), _rule(column, where, "is_present")


def _rule(column: Column, where: str, promise: str) -> dict[str, Any]:
    kind = "key that can be read" if column.is_key and column.logical_type == "string" else column.logical_type
    wants = "is empty" if promise == "is_present" else f"is no {kind}"
    return {
        "rule": f"{column.name}_{promise}".replace("is_is_", "is_"),
        "severity": "critical",
        "reference": f"contract {where}",
        "reason": f"{column.field} {wants}: {column.description}",
        "found_by": "land",
    }


_NONE = pl.DataFrame(
    schema=dict.fromkeys(BREACH, pl.String) | {"batch_id": pl.Int64, "delivery_id": pl.Int64, "record_no": pl.Int32}
)

"""Tabular selections from the BRP: headings CC.GG.EE, one person list over one or more rows.

The first row of a person list holds the current state; each following row holds, per category, the next history row or
the next stack. Column CC.H announces which: the category's own number for a stack, +50 for history (Logisch Ontwerp BRP).
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from opvang.contract import Contract, Table
from opvang.errors import SourceChanged
from opvang.readers import csv
from opvang.sources import Batch, Delivered

LIST, HISTORY_MARK = "list", "04.H"


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """Persons, nationalities and residences; only the elements that the contract names are read."""
    delimiter = contract.form["delimiter"]
    with csv.utf8(delivery.path, contract.form["encoding"]) as path:
        positions = _positions(csv.header(path, delimiter), contract)
        for rows in _whole_lists(_rows(path, delimiter, positions)):
            yield {table.name: _table(table, rows) for table in contract.tables}


def _positions(headings: list[str], contract: Contract) -> dict[str, int]:
    """Where each element stands: by position, since a heading may occur twice."""
    first = {heading: at for at, heading in reversed(list(enumerate(headings)))}
    wanted = sorted(
        {field for table in contract.tables for field in table.fields if field[:1].isdigit()} | {HISTORY_MARK}
    )
    if missing := [field for field in wanted if field not in first]:
        raise SourceChanged(
            f"headings {', '.join(missing)} are missing; deliver a tabular selection with CC.GG.EE headings"
        )
    if headings[0]:
        raise SourceChanged(
            f"the first heading is {headings[0]!r} where a selection has none; deliver a tabular selection with CC.GG.EE headings"
        )
    return {LIST: 0} | {field: first[field] for field in wanted}


def _rows(path: Path, delimiter: str, positions: dict[str, int]) -> Iterator[pl.DataFrame]:
    """Numbered rows: `record_no` counts person lists over the whole file, -1 for rows before the first."""
    lists = 0
    for batch in csv.batches(path, delimiter, positions):
        numbered = batch.with_columns((pl.col(LIST).is_not_null().cum_sum() + lists).cast(pl.Int32).alias("record_no"))
        lists += batch[LIST].count()
        yield numbered


def _whole_lists(batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same rows, cut so that no person list is spread over two batches."""
    kept: pl.DataFrame | None = None
    for batch in batches:
        rows = batch if kept is None else pl.concat([kept, batch])
        last = rows["record_no"].max()
        kept = rows.filter(pl.col("record_no") == last)
        if not (whole := rows.filter(pl.col("record_no") != last)).is_empty():
            yield whole
    if kept is not None:
        yield kept


def _table(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    follow = pl.int_range(pl.len(), dtype=pl.Int32).over("record_no")
    numbered = rows.with_columns(follow.alias("history_no"), pl.col("line_no").min().over("record_no"))
    shaped = {"persons": _persons, "nationalities": _nationalities, "residences": _residences}[table.name]
    return shaped(numbered, sorted(field for field in table.fields if field[:1].isdigit()))


def _persons(rows: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    return rows.filter(pl.col("history_no") == 0).select("record_no", "line_no", *fields)


def _nationalities(rows: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    announced = pl.col(HISTORY_MARK).shift(1).over("record_no")
    starts = (pl.col("history_no") == 0) | (announced == "04")
    stacks = rows.with_columns(starts.cast(pl.Int32).cum_sum().over("record_no").alias("stack_no"))
    filled = stacks.filter(pl.any_horizontal(pl.col(fields).is_not_null()))
    since = pl.col("history_no") - pl.col("history_no").min().over("record_no", "stack_no")
    return filled.select(
        "record_no", "line_no", pl.col("stack_no").cast(pl.String), since.cast(pl.String).alias("history_no"), *fields
    )


def _residences(rows: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    is_filled = (pl.col("history_no") == 0) | pl.any_horizontal(pl.col(fields).is_not_null())
    return rows.filter(is_filled).select("record_no", "line_no", pl.col("history_no").cast(pl.String), *fields)

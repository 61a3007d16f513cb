"""What the rows of a selection say: persons, nationalities, residences and residence titles.

The first row of a person list holds the current state; each following row holds, per category, the next history row or
the next stack. Column CC.H announces which: the category's own number for a stack, +50 for history (Logisch Ontwerp BRP).
"""

from collections.abc import Iterator

import polars as pl

from opvang.contract import Contract, Table
from opvang.errors import LoadRefused

LIST, LINE, HISTORY_MARK = "list", "line_no", "04.H"
HISTORY = 50
PERSON_CATEGORIES = ("01", "06", "07")
# No person list has so many rows; without a limit a file of follow-up rows only would be held whole.
LONGEST_LIST = 100_000


def headings(contract: Contract) -> list[str]:
    """The columns of a selection that are read: the elements that the contract names, and what announces a stack."""
    return sorted({_heading(field) for table in contract.tables for field in _elements(table)} | {HISTORY_MARK})


def _elements(table: Table) -> list[str]:
    """The delivered elements of a table, without what the parser counts itself."""
    return sorted(field for field in table.fields if field[:1].isdigit())


def _heading(field: str) -> str:
    """Where an element stands: history (51 to 63) under the heading of its category."""
    return f"{int(field[:2]) % HISTORY:02}{field[2:]}"


def whole(batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same rows, cut so that every batch begins with the first row of a person list and ends with the last of one."""
    kept: pl.DataFrame | None = None
    for batch in batches:
        rows = batch if kept is None else pl.concat([kept, batch])
        starts = rows[LIST].is_not_null().arg_true()
        if starts.is_empty() or starts[0] != 0:
            raise LoadRefused(
                f"line {rows['line_no'][0]} stands before the first person list; deliver every list from its first row on"
            )
        kept = rows[starts[-1] :]
        if kept.height > LONGEST_LIST:
            raise LoadRefused(
                f"the person list from line {kept['line_no'][0]} on has more than {LONGEST_LIST:,} rows; deliver the selection again"
            )
        if starts[-1]:
            yield rows[: starts[-1]]
    if kept is not None:
        yield kept


def numbered(rows: pl.DataFrame, lists: int) -> pl.DataFrame:
    """`record_no` counts person lists over the whole file, `history_no` the rows of a list; `line_no` is the list's first."""
    at, is_first = pl.int_range(pl.len(), dtype=pl.Int32), pl.col(LIST).is_not_null()
    return rows.with_columns(
        (is_first.cum_sum() + lists).cast(pl.Int32).alias("record_no"),
        (at - _of_first(at, is_first)).alias("history_no"),
        _of_first(pl.col("line_no"), is_first),
    )


def _of_first(value: pl.Expr, is_first: pl.Expr) -> pl.Expr:
    """What the first row of its group says, in every row of the group."""
    return pl.when(is_first).then(value).forward_fill()


def table(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of one table of the contract, with its fields as text."""
    shaped = {
        "persons": _persons,
        "nationalities": _nationalities,
        "residences": _residences,
        "residence_titles": _residence_titles,
    }[table.name]
    return shaped(rows, _elements(table))


def _persons(rows: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    """The first row of each list; of categories that have more rows than that, all values of the list joined by commas."""
    own = [field for field in fields if field[:2] in PERSON_CATEGORIES]
    is_history = (pl.col("history_no") > 0) & _is_filled([field for field in own if field.startswith("01")])
    rows_of = {"51": is_history}
    persons = rows.filter(pl.col("history_no") == 0).select("record_no", "line_no", *own)
    for field in sorted(set(fields) - set(own)):
        heading = _heading(field)
        counts = rows_of.get(field[:2], pl.col(heading).is_not_null())
        of_lists = rows.lazy().filter(counts).group_by("record_no").agg(pl.col(heading).fill_null("").alias(field))
        joined = of_lists.with_columns(pl.col(field).list.join(",")).collect()
        persons = persons.with_columns(
            persons.select("record_no").join(joined, "record_no", "left", maintain_order="left")[field]
        )
    return persons


def _nationalities(rows: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    is_first = pl.col("history_no") == 0
    stacks = (is_first | (pl.col(HISTORY_MARK).shift(1) == "04")).fill_null(value=False).cum_sum()
    stack_no = (stacks - _of_first(stacks, is_first) + 1).cast(pl.Int32).alias("stack_no")
    filled = (
        rows.lazy()
        .with_columns(stack_no)
        .filter(_is_filled(fields))
        .select("record_no", "line_no", "history_no", "stack_no", *fields)
    )
    begins = pl.any_horizontal(pl.col("record_no", "stack_no").diff() != 0).fill_null(value=True)
    since = pl.col("history_no") - _of_first(pl.col("history_no"), begins)
    return filled.with_columns(since.alias("history_no")).collect()


def _residences(rows: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    return _history(rows, (pl.col("history_no") == 0) | _is_filled(fields), fields)


def _residence_titles(rows: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    return _history(rows, _is_filled(fields), fields)


def _history(rows: pl.DataFrame, counts: pl.Expr, fields: list[str]) -> pl.DataFrame:
    return rows.lazy().filter(counts).select("record_no", "line_no", "history_no", *fields).collect()


def _is_filled(fields: list[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(fields).is_not_null())

"""The words that a contract may use in `transformLogic`: from a delivered field to a column, set by set."""

import re
from collections.abc import Callable
from itertools import pairwise

import polars as pl

from opvang import privacy
from opvang.contract import Column
from opvang.errors import ContractError

FIRST_DAY, LAST_DAY = pl.date(1, 1, 1), pl.date(9999, 12, 31)
WHOLE_DATE = r"^(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})(?:-[0-9]{2}-[0-9]{2}|[0-9]{4})$"
# A key is seen as it is: nothing invisible in it, no blank around it, short enough for an index.
NO_KEY, LONGEST_KEY = r"[\p{Cc}\p{Cf}]|^\s|\s$", 200
DATE_FORMATS = {"yyyy-MM-dd": "%Y-%m-%d", "yyyyMMdd": "%Y%m%d"}


def column(column: Column, values: pl.Series) -> pl.Series:
    """The column's typed values; a value that doesn't fit the column's type becomes null (`misfits` says which)."""
    if column.logic is None:
        return typed(column, values).alias(column.name)
    if column.logic not in LOGIC:
        raise ContractError(
            f"column {column.name}: transformLogic {column.logic!r} is unknown; known are {', '.join(sorted(LOGIC))}"
        )
    return LOGIC[column.logic](values).alias(column.name)


def misfits(column: Column, values: pl.Series, made: pl.Series) -> pl.Series:
    """Which delivered values did not fit the column's type."""
    lost = values.is_not_null() & made.is_null()
    return lost if column.logic is None else lost & False


def typed(column: Column, values: pl.Series) -> pl.Series:
    """Strings as the column's logical type: string, date, integer (32 bits), number or boolean."""
    match column.logical_type:
        case "date":
            whole = values.set(~values.str.contains(WHOLE_DATE).fill_null(value=True), None)
            return whole.str.to_date(DATE_FORMATS[column.date_format], strict=False, exact=True)
        case "integer":
            return values.cast(pl.Int32, strict=False)
        case "number":
            return values.cast(_decimal(column), strict=False)
        case "boolean":
            return values.str.to_lowercase().replace_strict(
                ["true", "false"], [True, False], default=None, return_dtype=pl.Boolean
            )
        case _ if column.is_key:
            return values.set(
                (values.str.contains(NO_KEY) | (values.str.len_chars() > LONGEST_KEY)).fill_null(value=False), None
            )
        case _:
            return values


def _decimal(column: Column) -> pl.Decimal:
    """The decimals that PostgreSQL can hold in the column: numeric(14,2)."""
    digits = [int(number) for number in re.findall(r"[0-9]+", column.sql_type)]
    return pl.Decimal(*digits) if len(digits) == 2 else pl.Decimal(18, 2)


def is_bsn(values: pl.Series) -> pl.Series:
    """Nine digits that pass the eleven test and aren't all zero (which would pass); null stays null."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return _with_digits(
        values, 9, lambda digits: (_weighed(digits, weights) % 11 == 0) & (pl.sum_horizontal(digits) > 0)
    )


def is_a_number(values: pl.Series) -> pl.Series:
    """Ten digits, the first not 0, no equal neighbours, digit sum 0 or 5 and binary-weighed sum 0 modulo 11 (Logisch Ontwerp BRP, 01.01.10)."""

    def passes(digits: list[pl.Expr]) -> pl.Expr:
        neighbours = pl.all_horizontal(left != right for left, right in pairwise(digits))
        return (
            neighbours
            & (pl.sum_horizontal(digits) % 11).is_in([0, 5])
            & (_weighed(digits, tuple(2**i for i in range(10))) % 11 == 0)
            & (digits[0] > 0)
        )

    return _with_digits(values, 10, passes)


def _weighed(digits: list[pl.Expr], weights: tuple[int, ...]) -> pl.Expr:
    return pl.sum_horizontal(digit * weight for digit, weight in zip(digits, weights, strict=True))


def _with_digits(values: pl.Series, length: int, test: Callable[[list[pl.Expr]], pl.Expr]) -> pl.Series:
    text = pl.col("value")
    digits = [text.str.slice(at, 1).cast(pl.Int32, strict=False) for at in range(length)]
    has_form = text.str.contains(rf"^[0-9]{{{length}}}$")
    answer = pl.when(text.is_null()).then(None).otherwise(has_form & test(digits).fill_null(value=False))
    return pl.DataFrame({"value": values}).select(answer).to_series()


def _day(values: pl.Series, unknown: pl.Expr, month: str, day: pl.Expr) -> pl.Series:
    """8 digits as a day; parts of 00 are filled in, 00000000 is `unknown`, an impossible date is null."""
    text = pl.col("value")
    year_only = text.str.contains(r"^[0-9]{4}0000$")
    no_day = text.str.contains(r"^[0-9]{6}00$")
    first = (
        pl.when(year_only)
        .then(text.str.slice(0, 4) + month)
        .when(no_day)
        .then(text.str.slice(0, 6) + "01")
        .otherwise(text)
    )
    parsed = (
        pl.when(first.str.contains(r"^[0-9]{8}$") & ~first.str.starts_with("0000"))
        .then(first)
        .otherwise(None)
        .str.to_date("%Y%m%d", strict=False)
    )
    made = pl.when(text == "00000000").then(unknown).when(no_day & ~year_only).then(day).otherwise(pl.col("parsed"))
    return pl.DataFrame({"value": values}).with_columns(parsed.alias("parsed")).select(made).to_series()


def earliest_day(values: pl.Series) -> pl.Series:
    """The first day that an LO3 date can mean: 20220000 is 2022-01-01, 00000000 the first day of all; null where no date is meant."""
    return _day(values, FIRST_DAY, "0101", pl.col("parsed"))


def latest_day(values: pl.Series) -> pl.Series:
    """The last day that an LO3 date can mean: 20220000 is 2022-12-31, 00000000 the last day of all; null where no date is meant."""
    return _day(values, LAST_DAY, "1231", pl.col("parsed").dt.month_end())


def _is_present(values: pl.Series) -> pl.Series:
    return values.is_not_null()


LOGIC: dict[str, Callable[[pl.Series], pl.Series]] = {
    "pseudonym bsn": lambda values: privacy.pseudonyms(values, "bsn"),
    "pseudonym a_number": lambda values: privacy.pseudonyms(values, "a_number"),
    "is bsn": is_bsn,
    "is a_number": is_a_number,
    "is present": _is_present,
    "earliest day": earliest_day,
    "latest day": latest_day,
}

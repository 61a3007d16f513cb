"""The words that a contract may use in `transformLogic`: from a delivered field to a column, set by set."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from operator import mul

import polars as pl

from opvang import lo3, privacy
from opvang.contract import Column
from opvang.errors import ContractError

WHOLE_DATE = r"^(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})(?:-[0-9]{2}-[0-9]{2}|[0-9]{4})$"
# A key is seen as it is: nothing invisible in it, no blank around it, short enough for an index.
NO_KEY, LONGEST_KEY = r"[\p{Cc}\p{Cf}]|^\s|\s$", 200
PSEUDONYM = "pseudonym "
TWINS = [str(digit) * 2 for digit in range(10)]
DATE_FORMATS = {"yyyy-MM-dd": "%Y-%m-%d", "yyyyMMdd": "%Y%m%d"}


def column(column: Column, rows: pl.DataFrame) -> pl.Expr | pl.Series:
    """The column's typed values, from its delivered fields in these rows; a value that doesn't fit becomes null (`misfits` says which)."""
    if column.logic is None:
        return typed(column, pl.col(column.field)).alias(column.name)
    if column.logic in LOGIC_OF_MANY:
        return LOGIC_OF_MANY[column.logic](rows.select(column.fields)).alias(column.name)
    if column.logic not in LOGIC:
        raise ContractError(
            f"column {column.name}: transformLogic {column.logic!r} is unknown; known are {', '.join(sorted({*LOGIC, *LOGIC_OF_MANY}))}"
        )
    return LOGIC[column.logic](pl.col(column.field)).alias(column.name)


def kind_of_pseudonym(column: Column) -> str | None:
    """Which identifier a column is the pseudonym of: 'bsn', 'a_number', 'bag'; None for any other column."""
    return column.logic.removeprefix(PSEUDONYM) if column.logic and column.logic.startswith(PSEUDONYM) else None


def misfits(column: Column, delivered: pl.Series, made: pl.Series) -> pl.Series | None:
    """Which delivered values did not fit the column's type; None when all did."""
    if column.logic is not None or made.null_count() == delivered.null_count():
        return None
    return delivered.is_not_null() & made.is_null()


def typed(column: Column, text: pl.Expr) -> pl.Expr:
    """Strings as the column's logical type: string, date, integer (32 bits), number or boolean."""
    match column.logical_type:
        case "date":
            whole = pl.when(text.str.contains(WHOLE_DATE)).then(text)
            return whole.str.to_date(DATE_FORMATS[column.date_format], strict=False, exact=True)
        case "integer":
            return text.cast(pl.Int32, strict=False)
        case "number":
            return text.cast(_decimal(column), strict=False)
        case "boolean":
            return text.str.to_lowercase().replace_strict(
                ["true", "false"], [True, False], default=None, return_dtype=pl.Boolean
            )
        case _ if column.is_key:
            return pl.when(~text.str.contains(NO_KEY) & (text.str.len_chars() <= LONGEST_KEY)).then(text)
        case _:
            return text


def _decimal(column: Column) -> pl.Decimal:
    """The decimals that PostgreSQL can hold in the column: numeric(14,2)."""
    digits = [int(number) for number in re.findall(r"[0-9]+", column.sql_type)]
    return pl.Decimal(*digits) if len(digits) == 2 else pl.Decimal(18, 2)


def is_bsn(text: pl.Expr) -> pl.Expr:
    """Nine digits that pass the eleven test and aren't all zero (which would pass); null stays null."""
    number = _number(text, 9)
    return _answer(text, (number > 0) & (_weighed(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0))


def is_a_number(text: pl.Expr) -> pl.Expr:
    """Ten digits, the first not 0, no equal neighbours, digit sum 0 or 5 and binary-weighed sum 0 modulo 11 (Logisch Ontwerp BRP, 01.01.10)."""
    number = _number(text, 10)
    sums = (_weighed(number, (1,) * 10) % 11).is_in([0, 5]) & (
        _weighed(number, (*(2**at for at in range(10)),)) % 11 == 0
    )
    return _answer(text, (number >= 10**9) & ~text.str.contains_any(TWINS) & sums)


def is_bag(text: pl.Expr) -> pl.Expr:
    """16 digits of which the fifth and sixth say number designation, 20 (Catalogus BAG 2018); null stays null."""
    return _answer(text, text.str.contains("^[0-9]{4}20[0-9]{10}$"))


def _number(text: pl.Expr, length: int) -> pl.Expr:
    """The number that so many digits make; null for any other text."""
    return pl.when(text.str.contains(rf"^[0-9]{{{length}}}$")).then(text).cast(pl.Int64)


def _weighed(number: pl.Expr, weights: tuple[int, ...]) -> pl.Expr:
    """The sum of the digits, each times its weight: looked up for five digits at a time."""
    high, low = weights[:-5], weights[-5:]
    return pl.lit(_weighed_sums(high)).gather(number // 10**5) + pl.lit(_weighed_sums(low)).gather(number % 10**5)


@cache
def _weighed_sums(weights: tuple[int, ...]) -> pl.Series:
    """For every number of so many digits the sum of its digits, each times its weight."""
    return pl.Series([sum(map(mul, weights, digits)) for digits in product(range(10), repeat=len(weights))])


def _answer(text: pl.Expr, test: pl.Expr) -> pl.Expr:
    return pl.when(text.is_not_null()).then(test.fill_null(value=False))


def municipality_code(text: pl.Expr) -> pl.Expr:
    """The four digits of a municipality; null for any other text."""
    return pl.when(text.str.contains("^[0-9]{4}$")).then(text)


def any_is_present(rows: pl.DataFrame) -> pl.Expr:
    """Whether at least one of these fields was delivered."""
    return pl.any_horizontal(pl.col(rows.columns).is_not_null())


def form_faults(rows: pl.DataFrame) -> pl.Series:
    """Which elements are not as the Logisch Ontwerp wants them, and in what: '08.86.10 date, 08.11.60 length'; null where all are."""
    there = [field for field in rows.columns if rows[field].null_count() < rows.height]
    faults = {f"{field} {fault}": broken for field in there for fault, broken in lo3.faults(field).items()}
    return _named(rows, faults)


def document_faults(rows: pl.DataFrame) -> pl.Series:
    """What is wrong with groups 81 (deed) and 82 (document): 'both', 'none', '81 incomplete'; null where nothing is."""
    return _named(rows, lo3.document_faults(rows.columns))


def _named(rows: pl.DataFrame, faults: Mapping[str, pl.Expr]) -> pl.Series:
    """For each row the names of its faults, separated by commas; null where it has none."""
    # Lazy, so that what several of them need is made once.
    broken = rows.lazy().select(expression.alias(name) for name, expression in faults.items()).collect()
    found = [pl.DataFrame({"row": mask.arg_true()}).with_columns(name=pl.lit(mask.name)) for mask in broken]
    names = pl.concat([_NO_FAULT, *found]).group_by("row", maintain_order=True).agg(pl.col("name").str.join(", "))
    numbers = pl.DataFrame({"row": pl.int_range(rows.height, dtype=pl.get_index_type(), eager=True)})
    return numbers.join(names, on="row", how="left", maintain_order="left")["name"]


_NO_FAULT = pl.DataFrame(schema={"row": pl.get_index_type(), "name": pl.String})
LOGIC: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "pseudonym bsn": lambda text: privacy.pseudonym(text, "bsn"),
    "pseudonym a_number": lambda text: privacy.pseudonym(text, "a_number"),
    "pseudonym bag": lambda text: privacy.pseudonym(text, "bag"),
    "is bsn": is_bsn,
    "is a_number": is_a_number,
    "is bag": is_bag,
    "is present": lambda text: text.is_not_null(),
    "municipality code": municipality_code,
    "are all present": lo3.are_all_present,
    "are unions": lo3.are_unions,
}
LOGIC_OF_MANY: dict[str, Callable[[pl.DataFrame], pl.Expr | pl.Series]] = {
    "key id": lambda _: pl.lit(privacy.key_ids()[0], pl.Int16),
    "any is present": any_is_present,
    "deed or document": document_faults,
    "form faults": form_faults,
}

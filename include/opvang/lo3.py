"""Elements of the Logisch Ontwerp BRP: which values they may hold, set by set."""

import csv
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import polars as pl

from opvang.contract import CONTRACTS
from opvang.readers import teletex

# Facts: type and length of each element (OperatieBRP Lo3ElementEnum).
ELEMENTS = CONTRACTS / "lo3_elements.csv"
DATE_DIGITS, FEBRUARY_29, LEAP_YEAR = 8, 229, 2000
DEED, DOCUMENT = "81", "82"


class Element(NamedTuple):
    """Digits or text, and how long."""

    is_digits: bool
    shortest: int
    longest: int

    @property
    def is_date(self) -> bool:
        """Every element of just 8 digits is a date."""
        return self.is_digits and self.shortest == DATE_DIGITS


@cache
def elements() -> Mapping[str, Element]:
    """Each element by its group and item, '01.10'."""
    with ELEMENTS.open(newline="") as file:
        return {
            row["element"]: Element(row["type"] == "N", int(row["min_lengte"]), int(row["max_lengte"]))
            for row in csv.DictReader(file)
        }


def faults(field: str) -> dict[str, pl.Expr]:
    """What can be wrong with the value of an element CC.GG.EE, by name: date, digits, Teletex, length."""
    element, text = elements()[field[3:]], pl.col(field)
    if element.is_date:
        return {"date": ~is_date(text)}
    length = ~text.str.len_chars().is_between(element.shortest, element.longest)
    kind = (
        {"digits": text.str.contains("[^0-9]")} if element.is_digits else {"Teletex": text.str.contains(_no_teletex())}
    )
    return kind | {"length": length}


def is_date(text: pl.Expr) -> pl.Expr:
    """Whether 8 digits are a date, perhaps one with unknown parts: 20220000, 20220300, 00000000; null stays null.

    A month without a year or a day without a month is none (OperatieBRP AbstractLo3Precondities.controleerDatum).
    """
    has_form = (text.str.len_bytes() == DATE_DIGITS) & ~text.str.starts_with("+")
    digits = text.cast(pl.Int32, strict=False)
    year, month_day = digits // 10_000, digits % 10_000
    is_leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    in_a_year = (year > 0) & pl.lit(_days_of_a_year()).gather(month_day) & ((month_day != FEBRUARY_29) | is_leap)
    return pl.when(text.is_not_null()).then((has_form & ((digits == 0) | in_a_year)).fill_null(value=False))


@cache
def _days_of_a_year() -> pl.Series:
    """For each number of four digits whether it is a month and a day, of which the day or both may be unknown."""
    days = {0} | {month * 100 + day for month in range(1, 13) for day in range(monthrange(LEAP_YEAR, month)[1] + 1)}
    return pl.Series([number in days for number in range(10_000)])


@cache
def _no_teletex() -> str:
    """A pattern that finds a character which the GBA character set hasn't."""
    return f"[^{''.join(map(re.escape, sorted(teletex.characters())))}]"


def document_faults(fields: Sequence[str]) -> dict[str, pl.Expr]:
    """What can be wrong with groups 81 (deed) and 82 (document) of a category: one is incomplete, both are there, or neither.

    Where both groups may stand, one must when another of the fields is there.
    """
    own = {group: [field for field in fields if field[3:5] == group] for group in (DEED, DOCUMENT)}
    there = {group: pl.any_horizontal(pl.col(names).is_not_null()) for group, names in own.items() if names}
    broken = {f"{group} incomplete": there[group] & pl.any_horizontal(pl.col(own[group]).is_null()) for group in there}
    if len(there) > 1:
        others = [field for field in fields if field[3:5] not in own]
        broken["both"] = pl.all_horizontal(there.values())
        broken["none"] = pl.any_horizontal(pl.col(others).is_not_null()) & ~pl.any_horizontal(there.values())
    return broken


def are_all_present(joined: pl.Expr) -> pl.Expr:
    """Whether none of the values that a parser joined by commas is empty; null stays null."""
    return ~pl.format(",{},", joined).str.contains(",,", literal=True)


def are_unions(joined: pl.Expr) -> pl.Expr:
    """Whether all values that a parser joined by commas are H (marriage) or P (registered partnership) (PRE042); null stays null."""
    return ~joined.str.contains("[^HP,]")

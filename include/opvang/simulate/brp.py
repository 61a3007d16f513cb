"""National selections from the BRP in RvIG's tabular form: the full state of all person lists on a day."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache, reduce
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl

from opvang.settings import PROJECT
from opvang.simulate import faults
from opvang.simulate.arrivals import as_days
from opvang.simulate.chance import Ints
from opvang.simulate.personlists import A_NUMBER, PersonLists, day8, person_lists
from opvang.simulate.population import grow

TEST_SET = (
    PROJECT
    / "include/deliveries/brp/rvig-proefomgeving/2022-05-02/20220502_Testset_persoonslijsten_proefomgeving_GBA-V.csv"
)
HISTORY = 50
PLACE = ("person", "row")
AT_ONCE = 100_000  # persons rendered at a time


def selections(first: date, last: date, seed: int, persons: int | None) -> Iterator[tuple[date, bytes]]:
    """The selections of these days; `persons` is how many are registered on the last one, if not as published."""
    population, days = grow(first, last, seed, persons)
    lists = person_lists(population, seed, _taken_a_numbers())
    return ((day, selection(lists, day)) for day in days)


def selection(lists: PersonLists, day: date) -> bytes:
    """One file: the header of the RvIG test set, then the person lists that were known on this day."""
    header = _header()
    file = BytesIO()
    file.write("\ufeff".encode() + ";".join(header).encode() + b"\n")
    for start in range(0, len(lists.persons), AT_ONCE):
        rows = _rows(lists.known_on(as_days(day), start, start + AT_ONCE - 1))
        rows.select(_line(header, set(rows.columns))).write_csv(file, include_header=False, quote_style="never")
    return file.getvalue()


def _rows(lists: PersonLists) -> pl.DataFrame:
    """All rows of these person lists: each category on its own runs down from the first row."""
    stacks = [
        _numbered(lists.residences, "08", HISTORY),
        _numbered(lists.titles, "10", HISTORY),
        _numbered(lists.nationalities, "04", 0),
    ]
    places = pl.concat([stack.select(*PLACE) for stack in stacks]).unique().sort(*PLACE)
    rows = reduce(_beside, [_first_rows(lists), *stacks], places).drop(PLACE)
    faulty = [faults.broken(name) for name in sorted(faults.elements())]
    return rows.with_columns(pl.all().fill_null("")).with_columns(faulty)


def _first_rows(lists: PersonLists) -> pl.DataFrame:
    """Categories 01, 02, 06 and 07: they stand in the first row only."""
    persons = lists.persons.join(lists.endings.drop("recorded"), on="person", how="left")
    persons = persons.join(_versions(lists), on="person", how="left")
    fault = lists.faults.filter("now").select("person", fault="kind")
    persons = persons.join(fault, on="person", how="left")
    label = pl.concat_str(pl.lit("Lg01_"), (pl.col("person") + 1).cast(pl.String)).alias("")
    return persons.with_columns(pl.lit(0, pl.UInt32).alias("row"), label)


def _beside(rows: pl.DataFrame, category: pl.DataFrame) -> pl.DataFrame:
    return rows.join(category.drop("recorded"), on=list(PLACE), how="left", maintain_order="left")


def _numbered(entries: pl.DataFrame, category: str, next_is: int) -> pl.DataFrame:
    """Entries with their row; `CC.H` says what the next row holds: the history of the category, or its next stack."""
    at, many = pl.int_range(pl.len(), dtype=pl.UInt32).over("person"), pl.len().over("person")
    row = many - 1 - at if next_is else at
    more = pl.when(row < many - 1).then(pl.lit(f"{int(category) + next_is:02}")).otherwise(pl.lit(""))
    return entries.with_columns(row.cast(pl.UInt32).alias("row"), more.alias(f"{category}.H"))


def _versions(lists: PersonLists) -> pl.DataFrame:
    """Version number and timestamp (07.80) of each person list: one more for each thing recorded."""
    mended = lists.faults.filter("mended").select("person", recorded="until")
    recorded = [frame.select("person", "recorded") for frame in (lists.residences, lists.titles, lists.endings)]
    mutations = pl.concat([*recorded, mended])
    last = mutations.group_by("person").agg(pl.len().alias("version"), pl.col("recorded").max())
    hour = (10 + pl.col("person") % 8).cast(pl.String)
    return last.select(
        "person",
        pl.col("version").cast(pl.String).str.zfill(4).alias("07.80.10"),
        pl.concat_str(day8("recorded"), hour, pl.lit("1500000")).alias("07.80.20"),
    )


def _line(header: list[str], filled: set[str]) -> pl.Expr:
    """All 257 columns as one text; no value of ours needs quotes."""
    parts: list[pl.Expr] = []
    gap = ""
    for name in header:
        if name in filled and not (name == "" and parts):
            parts += [pl.lit(gap), pl.col(name)]
            gap = ""
        gap += ";"
    return pl.concat_str(*parts, pl.lit(gap[:-1])).alias("line")


@cache
def _header() -> list[str]:
    return next(_test_set())


def _taken_a_numbers() -> Ints:
    at = _header().index(A_NUMBER)
    return np.array([int(row[at]) for row in _test_set() if row[at].isdigit()], dtype=np.int64)


def _test_set(path: Path = TEST_SET) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file, delimiter=";")

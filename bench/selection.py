"""The file: one BRP selection in the tabular form, with the elements that the contract takes, of as many person lists as asked.

Each person list has the rows of one of the person lists of the RvIG test set, drawn by chance: which elements are filled
in how many rows, and which faults there are, is measured there. A-number, BSN, dates and municipality are new for each,
by the simulator's own rules; who lives here came from Ukraine, as in the selections that the project is about.
A row of the test set that fills none of these elements is left out: a selection of these elements would not have it.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from io import BytesIO

import numpy as np
import numpy.typing as npt
import polars as pl

from bench.days import DAY, NEXT_DAY
from opvang.contract import contract
from opvang.simulate.brp import TEST_SET
from opvang.simulate.chance import Ints
from opvang.simulate.facts import facts, municipalities
from opvang.simulate.numbers import a_numbers, bsns

Bools = npt.NDArray[np.bool_]
SEED = 2022
AT_ONCE = 50_000
A_NUMBER, BSN, SECRECY = "01.01.10", "01.01.20", "07.70.10"
ADDRESS = ("08.10.30", "08.85.10", "08.86.10")  # since when, valid since, recorded on
MUNICIPALITY, FROM, SETTLED = "08.09.10", "08.14.10", "08.14.20"
UKRAINE, RNI, FIRST_ARRIVAL = "6038", "1999", date(2022, 2, 24)
DATES = (
    *("01.03.10", "04.85.10", "06.08.10", "07.67.10", "07.68.10", "08.09.20", "08.10.30", "08.13.20"),
    *(SETTLED, "08.83.30", "08.85.10", "08.86.10", "10.39.20", "10.39.30"),
)
EPOCH, DAYS, MOST_DAYS_EARLIER = date(1850, 1, 1), 75_000, 2_000


@dataclass(frozen=True)
class Model:
    """The person lists of the RvIG test set, cut down to the elements of the contract."""

    elements: list[str]
    rows: pl.DataFrame
    first_row: Ints
    height: Ints

    @property
    def lists(self) -> int:
        """How many person lists it has."""
        return len(self.height)

    @cached_property
    def days(self) -> dict[str, Ints]:
        """Per date element the day of each row, or -1 where it is no whole date."""
        return {element: _day_numbers(self.rows[element]) for element in DATES}


def model() -> Model:
    """What the test set says of rows and elements."""
    with TEST_SET.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    taken = {field for table in contract("brp").tables for field in table.fields if field[:1].isdigit()} | {"04.H"}
    at = [position for position, name in enumerate(header) if name in taken and header.index(name) == position]
    filled = [(bool(row[0]), [row[position] for position in at]) for row in rows]
    kept = [(starts, values) for starts, values in filled if starts or any(values)]
    first = np.flatnonzero([starts for starts, _ in kept])
    elements = [header[position] for position in at]
    frame = pl.DataFrame([values for _, values in kept], schema=dict.fromkeys(elements, pl.String), orient="row")
    return Model(elements, frame, first, np.diff(np.append(first, len(kept))))


def _day_numbers(values: pl.Series) -> Ints:
    text = values.str.len_chars() == 8
    day = pl.DataFrame({"text": values.set(~text, None)}).select(pl.col("text").str.to_date("%Y%m%d", strict=False))
    since = (day["text"] - EPOCH).dt.total_days()
    return since.set((since < MOST_DAYS_EARLIER) | (since >= DAYS), None).fill_null(-1).to_numpy()


def _no_municipality() -> str:
    """The code in the test set that stands in no table: a fault to keep."""
    return next(fault["after"] for fault in facts("faults") if fault["kind"] == "municipality_unknown")


def _calendar() -> pl.Series:
    return pl.date_range(EPOCH, EPOCH + timedelta(days=DAYS - 1), eager=True).dt.strftime("%Y%m%d")


@dataclass(frozen=True)
class Persons:
    """Who is in the file: the model of each, its numbers, its municipality (ascending), and how much earlier all happened."""

    model: Ints
    a_number: Ints
    bsn: Ints
    municipality: Ints
    days_earlier: Ints
    settled: Ints
    luck: Ints  # who of 1,000 changes from one day to the next

    def part(self, start: int, end: int) -> "Persons":
        """Some of them."""
        return Persons(*(values[start:end] for values in vars(self).values()))


def persons(count: int, lists: int) -> Persons:
    """So many different persons, spread over the municipalities by their inhabitants."""
    chance = np.random.default_rng(SEED)
    weights = np.array([float(row["inwoners_2022_01_01"]) for row in municipalities()])
    arrival = (FIRST_ARRIVAL - EPOCH).days
    return Persons(
        model=chance.integers(lists, size=count),
        a_number=a_numbers(count, chance, np.empty(0, dtype=np.int64)),
        bsn=bsns(count, chance),
        municipality=np.sort(chance.choice(len(weights), size=count, p=weights / weights.sum())),
        days_earlier=chance.integers(MOST_DAYS_EARLIER, size=count),
        settled=arrival + chance.integers((DAY - FIRST_ARRIVAL).days, size=count),
        luck=chance.integers(1000, size=count),
    )


class Selection:
    """Renders person lists as lines."""

    def __init__(self, count: int, changing: int = 0) -> None:
        self.changing = changing
        self.model = model()
        self.persons = persons(count, self.model.lists)
        self.codes = pl.Series([row["gemeentecode_brp"] for row in municipalities()])
        self.calendar = _calendar()

    def header(self) -> bytes:
        """The headings, after a byte order mark as RvIG writes it."""
        return ("\ufeff;" + ";".join(self.model.elements) + "\n").encode()

    def lines(self, start: int, end: int) -> bytes:
        """The person lists from one to another."""
        who = self.persons.part(start, end)
        buffer = BytesIO()
        self._frame(who, start).write_csv(buffer, include_header=False, separator=";", quote_style="never")
        return buffer.getvalue()

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """The same, some at a time."""
        for at in range(start, end, AT_ONCE):
            yield self.lines(at, min(at + AT_ONCE, end))

    def told(self, rows: int, size: int) -> dict[str, int]:
        """What is in the file, and what the test set says."""
        return {
            "size": len(self.persons.model),
            "rows": rows,
            "columns": len(self.model.elements) + 1,
            "mb": round(size / 1e6),
            "test_set_lists": self.model.lists,
            "test_set_rows": self.model.rows.height,
        }

    def _frame(self, who: Persons, start: int) -> pl.DataFrame:
        height = self.model.height[who.model]
        person = np.repeat(np.arange(len(height)), height)
        starts = np.cumsum(height) - height
        row = self.model.first_row[who.model][person] + np.arange(len(person)) - starts[person]
        is_first = np.zeros(len(person), dtype=bool)
        is_first[starts] = True
        label = pl.Series("", (start + 1 + person).astype(str)).set(pl.Series(~is_first), None)
        frame = self.model.rows[row].with_columns(self._moved(who.days_earlier[person], row))
        frame = frame.with_columns(pl.Series("person", person), pl.Series("is_first", is_first))
        frame = frame.with_columns(self._own(who, person)).with_columns(
            self._changed(who.luck[person], is_first, person)
        )
        return frame.select(label, *self.model.elements)

    def _changed(self, luck: Ints, is_first: Bools, person: Ints) -> Iterator[pl.Expr]:
        """What the next day brings to so many of 1,000 persons: a fifth of them secrecy, the others another address."""
        changes, fifth = is_first & (luck < self.changing), person % 5 == 0
        for element, value, who in ((SECRECY, "7", fifth), *((name, f"{NEXT_DAY:%Y%m%d}", ~fifth) for name in ADDRESS)):
            mask = pl.lit(pl.Series(changes & who))
            yield pl.when(mask).then(pl.lit(value)).otherwise(pl.col(element)).alias(element)

    def _moved(self, earlier: Ints, row: Ints) -> Iterator[pl.Series]:
        for element, days in self.model.days.items():
            then = days[row]
            moved = self.calendar[np.where(then < 0, 0, then - earlier)].alias(element)
            yield self.model.rows[element][row].set(pl.Series(then >= 0), None).fill_null(moved)

    def _own(self, who: Persons, person: Ints) -> Iterator[pl.Expr]:
        """The numbers of each, and for who lives here the municipality and the arrival."""
        first, lives = pl.col("is_first"), ~pl.col(MUNICIPALITY).is_in(["", RNI, _no_municipality()])
        for element, numbers in ((A_NUMBER, who.a_number), (BSN, who.bsn)):
            own = pl.Series(numbers[person]).cast(pl.String)
            yield pl.when(first & (pl.col(element) != "")).then(own).otherwise(pl.col(element)).alias(element)
        new: dict[str, pl.Series | pl.Expr] = {
            MUNICIPALITY: self.codes[who.municipality[person]],
            FROM: pl.lit(UKRAINE),
            SETTLED: self.calendar[who.settled[person]],
        }
        for element, values in new.items():
            yield pl.when(first & lives).then(values).otherwise(pl.col(element)).alias(element)

"""Faults of the kinds and at the rates of facts/faults.csv: who gets one, and what it does to a field."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from opvang.simulate.chance import MILLION, Ints, some, weighted
from opvang.simulate.facts import Row, facts

NO_FAULT = ""
A_NUMBER = "01.01.10"
ALWAYS, NEVER = -1_000_000, 1_000_000  # as days since 1970


@dataclass(frozen=True)
class Kind:
    """A kind of fault: whether the gate must stop its records, how often it occurs, and the fields that it breaks."""

    name: str
    stops: bool
    per_million: int
    in_pairs: bool
    breaks: tuple[Row, ...]


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds, in the order of the file."""
    rows = facts("faults")
    return tuple(
        _kind([row for row in rows if row["kind"] == name]) for name in dict.fromkeys(row["kind"] for row in rows)
    )


def on_top(size: int, rng: np.random.Generator) -> list[str]:
    """The faults of the records that the gate must stop: they come beside `size` sound ones."""
    return [name for kind in kinds() if kind.stops for name in [kind.name] * _count(kind, size, rng)]


def flags(size: int, rng: np.random.Generator) -> list[str]:
    """The faults among `size` records that are published and flagged; shorter than `size`."""
    return [name for kind in kinds() if not kind.stops for name in [kind.name] * _count(kind, size, rng)][:size]


def begin_later(size: int, rng: np.random.Generator) -> list[str]:
    """Faults that stop the records of `size` people who were sound until now; the person can still be told."""
    able = [kind for kind in kinds() if kind.stops and kind.breaks[0]["element"] != A_NUMBER]
    drawn = weighted(rng, np.array([kind.per_million for kind in able], dtype=np.int64), size)
    return [able[at].name for at in drawn]


def stopping() -> list[str]:
    """The kinds whose records the gate must stop."""
    return [kind.name for kind in kinds() if kind.stops]


def lasting() -> list[str]:
    """The kinds that nobody mends: two lists of which each must be mended with the other."""
    return [kind.name for kind in kinds() if kind.in_pairs]


def numbers_shared(element: str, fault: pl.Series) -> Ints:
    """Whose number a person bears, by position: the second of each pair of a kind that shares this element bears the first's."""
    bearer = np.arange(len(fault), dtype=np.int64)
    for kind in kinds():
        if kind.in_pairs and kind.breaks[0]["element"] == element:
            having = np.flatnonzero((fault == kind.name).to_numpy())
            pairs = having[: len(having) // 2 * 2]
            bearer[pairs[1::2]] = pairs[0::2]
    return bearer


def broken(element: str) -> pl.Expr:
    """The column of this element with the faults that the column `fault` asks for."""
    value = pl.col(element)
    for kind in kinds():
        for row in kind.breaks:
            if row["element"] == element and not kind.in_pairs:
                value = (
                    pl.when((pl.col("fault") == kind.name) & (pl.col(element) != "")).then(_break(row)).otherwise(value)
                )
    return value.alias(element)


def elements() -> set[str]:
    """All elements that some fault breaks."""
    return {row["element"] for kind in kinds() for row in kind.breaks if not kind.in_pairs}


def _break(row: Row) -> pl.Expr:
    kept = pl.col(row["element"])
    if row["keep"]:
        kept = kept.str.head(int(row["keep"]))
    return pl.lit(row["before"]) + kept + pl.lit(row["after"])


def _kind(rows: list[Row]) -> Kind:
    first = rows[0]
    per_million = MILLION * int(first["lists"]) // int(first["of_lists"])
    return Kind(first["kind"], first["effect"] == "stop", per_million, first["shared"] == "yes", tuple(rows))


def _count(kind: Kind, size: int, rng: np.random.Generator) -> int:
    count = some(rng, size, kind.per_million)
    return count + count % 2 if kind.in_pairs else count

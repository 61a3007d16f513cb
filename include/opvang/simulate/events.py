"""What happens to people who are registered: they move, leave, die, have children, and are corrected."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from opvang.simulate.arrivals import AMSTERDAM, MERGER, WEESP, Counters, Register, Settling, as_days, enter, residence
from opvang.simulate.calibration import ONE_DAY
from opvang.simulate.chance import Ints, happens, weighted
from opvang.simulate.facts import rate
from opvang.simulate.persons import UNKNOWN_MOTHER, Household
from opvang.simulate.stock import Stock

REGISTRY_OF_NON_RESIDENTS = -1  # as a position in the list of municipalities; code 1999
OLD_FROM, MOTHERS = 60, (18, 45)
LAG_WEIGHTS = np.array([20, 20, 15, 10, 8, 6, 5, 4, 3, 2], dtype=np.int64)  # days between an event and its recording
COUNTRIES_AFTER = np.array(["6038", "6038", "6038", "6038", "0000", "7028", "9089"])
FIRST, NEXT = 0, 1  # steps of a life
DIED, EMIGRATED, MISTAKEN = "O", "E", "F"


@dataclass(frozen=True)
class Period:
    """The days after one selection, up to and including the next."""

    after: date
    upto: date

    def moments(self, stock: Stock, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """When something happened and when it was recorded, alike for a family; recorded in the period, perhaps some days late."""
        many = int(stock.family.max()) + 1 if len(stock) else 0
        recorded = as_days(self.after + ONE_DAY) + rng.integers((self.upto - self.after).days, size=many)
        since = recorded - weighted(rng, LAG_WEIGHTS, many)
        return np.maximum(since[stock.family], stock.since + 1), recorded[stock.family]

    def settled_in(self, stock: Stock, which: Ints) -> Ints:
        """Of these positions the ones to whom nothing happened in the period yet."""
        return which[stock.since[which] <= as_days(self.after)]


def deaths(stock: Stock, count: int, period: Period, rng: np.random.Generator) -> tuple[Ints, pl.DataFrame]:
    """Positions of the old who die, and their endings."""
    which = period.settled_in(stock, rng.permutation(np.flatnonzero(stock.age >= OLD_FROM)))[:count]
    gone = stock.only(which)
    return which, _endings(gone, *period.moments(gone, rng), DIED)


def mistakes(stock: Stock, count: int, period: Period, rng: np.random.Generator) -> tuple[Ints, pl.DataFrame]:
    """Positions of those whose list was made in error, and their endings."""
    which = period.settled_in(stock, rng.permutation(len(stock)))[:count]
    gone = stock.only(which)
    return which, _endings(gone, *period.moments(gone, rng), MISTAKEN)


def departures(
    stock: Stock, count: int, period: Period, rng: np.random.Generator
) -> tuple[Ints, pl.DataFrame, pl.DataFrame]:
    """Positions of the families that leave, their endings, and their residence in the registry of non-residents."""
    which = period.settled_in(stock, stock.by_family(rng))[:count]
    gone = stock.only(which)
    since, recorded = period.moments(gone, rng)
    country = pl.Series(COUNTRIES_AFTER[gone.family % len(COUNTRIES_AFTER)])
    abroad = gone.moved(np.full(len(gone), REGISTRY_OF_NON_RESIDENTS, dtype=np.int64), gone.address, since)
    return which, _endings(gone, since, recorded, EMIGRATED), residence(abroad, NEXT, recorded, country=country)


def moves(
    stock: Stock, count: int, period: Period, room: Ints, first_address: int, rng: np.random.Generator
) -> tuple[Stock, pl.DataFrame, Ints]:
    """The stock after families moved, within the municipality or to where there is room; their new residences; the municipality of each new address."""
    which = period.settled_in(stock, stock.by_family(rng))[:count]
    movers = stock.only(which)
    families, first, at = np.unique(movers.family, return_index=True, return_inverse=True)
    elsewhere = weighted(rng, room if room.any() else np.ones_like(room), len(families))
    stays = happens(rng, len(families), rate("moves_within_the_municipality"))
    towards = np.where(stays, movers.municipality[first], elsewhere)
    since, recorded = period.moments(movers, rng)
    after = movers.moved(towards[at], first_address + at, since)
    return stock.with_changed(which, after), residence(after, NEXT, recorded), towards


def corrections(
    stock: Stock, count: int, period: Period, first_address: int, rng: np.random.Generator
) -> tuple[Stock, pl.DataFrame, Ints]:
    """As moves, for those who turn out to have lived elsewhere all along: their first row becomes incorrect when the new one is recorded."""
    still = np.flatnonzero(~stock.has_moved & (stock.municipality != WEESP))
    which = period.settled_in(stock, rng.permutation(still))[:count]
    wrong = stock.only(which)
    towards = (wrong.municipality + 1 + rng.integers(WEESP - 1, size=len(wrong))) % WEESP
    since = wrong.since + rng.integers(2, size=len(wrong))  # the day may have been wrong too
    right = wrong.moved(towards, first_address + np.arange(len(wrong)), since)
    _, recorded = period.moments(right, rng)
    return stock.with_changed(which, right), residence(right, NEXT, recorded), towards


def merger(stock: Stock, period: Period) -> tuple[Stock, pl.DataFrame]:
    """The stock after Weesp became part of Amsterdam, and the new residences at the old addresses."""
    which = np.flatnonzero((stock.municipality == WEESP) & (period.upto >= MERGER))
    day = np.full(len(which), as_days(MERGER), dtype=np.int64)
    before = stock.only(which)
    after = before.moved(np.full(len(which), AMSTERDAM, dtype=np.int64), before.address, day)
    return (stock.with_changed(which, after) if len(which) else stock), residence(after, NEXT, day, declared="W")


def births(
    stock: Stock, count: int, period: Period, free: Counters, rng: np.random.Generator
) -> tuple[Register, Counters]:
    """Children born here: no country from which registered and no date of settlement."""
    able = ~stock.is_man & (stock.age >= MOTHERS[0]) & (stock.age <= MOTHERS[1]) & (stock.municipality != WEESP)
    mothers = stock.only(period.settled_in(stock, rng.permutation(np.flatnonzero(able)))[:count])
    size = len(mothers)
    none = np.zeros(size, dtype=np.int64)
    born, recorded = period.moments(mothers, rng)
    person = free.person + np.arange(size)
    children = replace(
        mothers, person=person, age=none, is_man=none == 0, has_moved=none == 1, since=born, registered=born
    )
    people = Household(none, rng.integers(2, size=size) == 0, np.arange(size), np.full(size, UNKNOWN_MOTHER))
    register = enter(people, children, Settling(born, recorded, pl.Series([""]).new_from_index(0, size)), [], rng)
    persons = register.persons.with_columns(
        pl.Series("mother", mothers.person), pl.Series("born", born), pl.lit("6030").alias("birth_country")
    )
    return replace(register, persons=persons), replace(free, person=free.person + size)


def no_endings() -> pl.DataFrame:
    """Nobody has left or died yet."""
    return _endings(Stock.empty(), Stock.empty().person, Stock.empty().person, DIED)


def _endings(gone: Stock, since: Ints, recorded: Ints, reason: str) -> pl.DataFrame:
    columns = {"person": gone.person, "since": since, "recorded": recorded, "municipality": gone.municipality}
    return pl.DataFrame(columns).with_columns(pl.lit(reason).alias("reason"))

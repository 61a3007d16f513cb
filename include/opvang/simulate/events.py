"""What happens to people who are registered: they move, leave, die, and have children."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from opvang.simulate.arrivals import Counters, Register, Settling, as_days, enter, residence
from opvang.simulate.calibration import ONE_DAY
from opvang.simulate.chance import Ints, weighted
from opvang.simulate.persons import UNKNOWN_MOTHER, Household
from opvang.simulate.stock import Stock

REGISTRY_OF_NON_RESIDENTS = -1  # as a position in the list of municipalities; code 1999
OLD_FROM, MOTHERS = 60, (18, 45)
LONGEST_LAG_DAYS = 4
COUNTRIES_AFTER = np.array(["6038", "6038", "6038", "6038", "0000", "7028", "9089"])
MOVED, LEFT = 1, 2  # steps of a life after the first address


@dataclass(frozen=True)
class Period:
    """The days after one selection, up to and including the next."""

    after: date
    upto: date

    def moments(self, families: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """When something happened and when it was recorded, alike for a family; both in the period."""
        many = int(families.max()) + 1 if len(families) else 0
        since = as_days(self.after + ONE_DAY) + rng.integers((self.upto - self.after).days, size=many)
        recorded = np.minimum(since + rng.integers(LONGEST_LAG_DAYS, size=many), as_days(self.upto))
        return since[families], recorded[families]


def deaths(stock: Stock, count: int, period: Period, rng: np.random.Generator) -> tuple[Ints, pl.DataFrame]:
    """Positions of the old who die, and their endings."""
    which = rng.permutation(np.flatnonzero(stock.age >= OLD_FROM))[:count]
    gone = stock.only(which)
    since, recorded = period.moments(np.arange(len(gone)), rng)
    return which, _endings(gone, since, recorded, "O")


def departures(
    stock: Stock, count: int, period: Period, rng: np.random.Generator
) -> tuple[Ints, pl.DataFrame, pl.DataFrame]:
    """Positions of the families that leave, their endings, and their residence in the registry of non-residents."""
    which = stock.by_family(rng)[:count]
    gone = stock.only(which)
    since, recorded = period.moments(gone.family, rng)
    country = pl.Series(COUNTRIES_AFTER[gone.family % len(COUNTRIES_AFTER)])
    abroad = np.full(len(gone), REGISTRY_OF_NON_RESIDENTS, dtype=np.int64)
    return which, _endings(gone, since, recorded, "E"), residence(gone, LEFT, since, recorded, abroad, country)


def moves(
    stock: Stock, count: int, period: Period, room: Ints, first_address: int, rng: np.random.Generator
) -> tuple[Stock, pl.DataFrame, Ints]:
    """The stock after families moved to where there is room; their new residences; the municipality of each new address."""
    order = stock.by_family(rng)
    which = order[~stock.has_moved[order]][:count]
    families, at = np.unique(stock.family[which], return_inverse=True)
    towards = weighted(rng, room if room.any() else np.ones_like(room), len(families))
    after = stock.moved(which, towards[at], first_address + at)
    since, recorded = period.moments(stock.family[which], rng)
    return after, residence(after.only(which), MOVED, since, recorded), towards


def births(
    stock: Stock, count: int, period: Period, free: Counters, rng: np.random.Generator
) -> tuple[Register, Counters]:
    """Children born here: no country from which registered, no date of settlement, so never counted."""
    able = np.flatnonzero(~stock.is_man & (stock.age >= MOTHERS[0]) & (stock.age <= MOTHERS[1]))
    mothers = stock.only(rng.permutation(able)[:count])
    size = len(mothers)
    none = np.zeros(size, dtype=np.int64)
    children = Stock(
        free.person + np.arange(size), mothers.family, mothers.municipality, mothers.address, none, none == 0, none == 1
    )
    people = Household(none, rng.integers(2, size=size) == 0, np.arange(size), np.full(size, UNKNOWN_MOTHER))
    born, recorded = period.moments(np.arange(size), rng)
    register = enter(people, children, Settling(born, recorded, pl.Series([""]).new_from_index(0, size)), [], rng)
    persons = register.persons.with_columns(
        pl.Series("mother", mothers.person), pl.Series("born", born), pl.lit("6030").alias("birth_country")
    )
    return Register(persons, register.residences, register.titles.clear()), Counters(
        free.person + size, free.family, free.address
    )


def no_endings() -> pl.DataFrame:
    """Nobody has left or died yet."""
    return _endings(Stock.empty(), Stock.empty().person, Stock.empty().person, "O")


def _endings(gone: Stock, since: Ints, recorded: Ints, reason: str) -> pl.DataFrame:
    columns = {"person": gone.person, "since": since, "recorded": recorded, "municipality": gone.municipality}
    return pl.DataFrame(columns).with_columns(pl.lit(reason).alias("reason"))

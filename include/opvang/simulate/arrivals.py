"""New records for the register: families with where they settled, when, and when the register learned of it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from opvang.simulate import faults
from opvang.simulate.calibration import FIRST_ARRIVALS, ONE_DAY, arrival_weights, days_between
from opvang.simulate.chance import Ints, happens, weighted
from opvang.simulate.facts import municipalities, rate
from opvang.simulate.persons import CHILD_BELOW, Household, identities
from opvang.simulate.stock import Stock

# days between settlement and registration, by weight: most within a week, as CBS says (85 % of a week known after a week)
LAG_WEIGHTS = np.array([20, 18, 15, 12, 9, 7, 5, 4, 2, 2, 2, 1, 1, 1, 1], dtype=np.int64)
UKRAINE = "6038"
COUNTRIES_ON_THE_WAY = np.array(["7028", "7047", "5017", "6000", "6067"])
SETTLED_BEFORE_YEARS = 8
# What stands in the register of a date that isn't wholly known.
DAY_OF_SETTLEMENT_UNKNOWN, DAY_UNKNOWN, MONTH_UNKNOWN = 1, 2, 3
MERGER = date(2022, 3, 24)  # Weesp becomes part of Amsterdam
AMSTERDAM = [row["gm_code"] for row in municipalities()].index("GM0363")
WEESP = len(municipalities())  # as a position in `places`


@dataclass(frozen=True)
class Register:
    """The frames that a selection is made of; days are days since 1970."""

    persons: pl.DataFrame
    residences: pl.DataFrame


@dataclass(frozen=True)
class Counters:
    """The first free ids of persons, families and addresses."""

    person: int = 0
    family: int = 0
    address: int = 0


@dataclass(frozen=True)
class Settling:
    """When and from where families came: one value per person."""

    settled: Ints
    recorded: Ints
    country: pl.Series


def as_days(day: date) -> int:
    """Days since 1970."""
    return (day - date(1970, 1, 1)).days


def fled(people: Household, previous: date, day: date, rng: np.random.Generator) -> Settling:
    """Families from Ukraine, recorded after the previous selection and up to this one."""
    days = days_between(min(max(previous + ONE_DAY, FIRST_ARRIVALS), day), day)
    recorded = as_days(days[0]) + weighted(rng, arrival_weights(days), len(people.age))[people.family]
    lag = weighted(rng, LAG_WEIGHTS, len(people.age))[people.family]
    settled = np.maximum(recorded - lag, as_days(min(FIRST_ARRIVALS, day)))
    return Settling(settled, recorded, pl.Series([UKRAINE]).new_from_index(0, len(people.age)))


def came_another_way(people: Household, previous: date, day: date, rng: np.random.Generator) -> Settling:
    """Families that settled in time but came by way of another country: not counted."""
    from_ukraine = fled(people, previous, day, rng)
    drawn = rng.integers(len(COUNTRIES_ON_THE_WAY), size=len(people.age))[people.family]
    return Settling(from_ukraine.settled, from_ukraine.recorded, pl.Series(COUNTRIES_ON_THE_WAY[drawn]))


def settled_before(people: Household, rng: np.random.Generator) -> Settling:
    """Families from Ukraine that lived here before 24 February 2022: not counted."""
    before = 1 + rng.integers(SETTLED_BEFORE_YEARS * 365, size=len(people.age))[people.family]
    settled = as_days(FIRST_ARRIVALS) - before
    return Settling(
        settled,
        np.minimum(settled + 3, as_days(FIRST_ARRIVALS)),
        pl.Series([UKRAINE]).new_from_index(0, len(people.age)),
    )


def arrive(people: Household, when: Settling, free: Counters, quotas: Ints, rng: np.random.Generator) -> Stock:
    """These people by municipality as the quotas say; a family settles where its first member's turn falls."""
    size = len(people.age)
    first = np.unique(people.family, return_index=True)[1]
    municipality = np.searchsorted(np.cumsum(quotas), first, side="right").astype(np.int64)
    in_time = (when.recorded < as_days(MERGER))[first]
    in_weesp = (municipality == AMSTERDAM) & in_time & happens(rng, len(first), rate("arrived_in_weesp"))
    return Stock(
        free.person + np.arange(size),
        free.family + people.family,
        np.where(in_weesp, WEESP, municipality)[people.family],
        free.address + people.family,
        people.age,
        people.is_man,
        np.zeros(size, dtype=np.bool_),
        when.settled,
        when.settled,
    )


def addresses_of(stock: Stock) -> Ints:
    """The municipality of each address in the order of addresses."""
    first = np.unique(stock.address, return_index=True)[1]
    return stock.municipality[first]


def enter(people: Household, stock: Stock, when: Settling, fault: list[str], rng: np.random.Generator) -> Register:
    """What the register holds of these people on the day that it learned of them; `fault` is for as many of them as it is long, by chance."""
    size = len(stock)
    kinds = np.full(size, faults.NO_FAULT, dtype="U40")
    kinds[rng.permutation(size)[: len(fault)]] = fault
    first = int(stock.person[0]) if size else 0
    persons = identities(people, when.settled, rng).with_columns(
        pl.Series("person", stock.person),
        pl.Series("mother", np.where(people.mother >= 0, first + people.mother, people.mother)),
        pl.Series("fault", kinds),
        pl.Series("recorded", when.recorded),
        pl.Series("settled", when.settled),
        when.country.alias("country_from"),
        pl.Series("secrecy", np.where(happens(rng, size, rate("secrecy")), rng.integers(1, 8, size=size), 0)),
        pl.Series("settlement_unknown", _settlement_unknown(when, rng)),
        pl.Series("birth_unknown", _birth_unknown(people, rng)),
        pl.Series("investigated", happens(rng, size, rate("investigated"))),
    )
    return Register(persons, residence(stock, 0, when.recorded))


def residence(
    stock: Stock, step: int, recorded: Ints, declared: str = "I", country: pl.Series | None = None
) -> pl.DataFrame:
    """One row per person: where they live since when; `country` for who left."""
    columns = {
        "person": stock.person,
        "step": np.full(len(stock), step, dtype=np.int64),
        "since": stock.since,
        "registered": stock.registered,
        "recorded": recorded,
        "municipality": stock.municipality,
        "address": stock.address,
    }
    abroad = pl.Series([""]).new_from_index(0, len(stock)) if country is None else country
    return pl.DataFrame(columns).with_columns(pl.lit(declared).alias("declared"), abroad.alias("country_abroad"))


def _settlement_unknown(when: Settling, rng: np.random.Generator) -> Ints:
    """Of a few who fled not every part of the date is known."""
    size = len(when.settled)
    fled_here = (when.country == UKRAINE).to_numpy() & (when.settled >= as_days(FIRST_ARRIVALS))
    unknown = happens(rng, size, rate("unknown_part_of_settlement")) & fled_here
    return np.where(unknown, rng.integers(DAY_OF_SETTLEMENT_UNKNOWN, MONTH_UNKNOWN + 1, size=size), 0)


def _birth_unknown(people: Household, rng: np.random.Generator) -> Ints:
    size = len(people.age)
    unknown = happens(rng, size, rate("unknown_part_of_birth")) & (people.age >= CHILD_BELOW)
    return np.where(unknown, rng.integers(DAY_UNKNOWN, MONTH_UNKNOWN + 1, size=size), 0)

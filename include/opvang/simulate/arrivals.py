"""New records for the register: families with where they settled, when, and when the register learned of it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from opvang.simulate import faults
from opvang.simulate.calibration import FIRST_ARRIVALS, ONE_DAY, arrival_weights, days_between
from opvang.simulate.chance import Ints, happens, weighted
from opvang.simulate.facts import rate
from opvang.simulate.persons import Household, households, identities
from opvang.simulate.stock import Stock

# days between settlement and registration, by weight: most within a week, as CBS says (85 % of a week known after a week)
LAG_WEIGHTS = np.array([20, 18, 15, 12, 9, 7, 5, 4, 2, 2, 2, 1, 1, 1, 1], dtype=np.int64)
TITLE_LAG_DAYS = (4, 25)
TITLE_46_FROM = date(2022, 5, 15)
UKRAINE = "6038"
COUNTRIES_ON_THE_WAY = np.array(["7028", "7047", "5017", "6000", "6067"])
SETTLED_BEFORE_YEARS = 8


@dataclass(frozen=True)
class Register:
    """The frames that a selection is made of; days are days since 1970."""

    persons: pl.DataFrame
    residences: pl.DataFrame
    titles: pl.DataFrame


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


def arrive(size: int, free: Counters, quotas: Ints, rng: np.random.Generator) -> tuple[Household, Stock, Ints]:
    """`size` people in families, by municipality as the quotas say, and the municipality of each family's address.

    A family settles where its first member's turn falls.
    """
    people = households(size, rng)
    first = np.unique(people.family, return_index=True)[1]
    municipality = np.searchsorted(np.cumsum(quotas), first, side="right").astype(np.int64)
    nobody_moved = np.zeros(size, dtype=np.bool_)
    addresses = free.address + people.family
    stock = Stock(
        free.person + np.arange(size),
        free.family + people.family,
        municipality[people.family],
        addresses,
        people.age,
        people.is_man,
        nobody_moved,
    )
    return people, stock, municipality


def enter(people: Household, stock: Stock, when: Settling, fault: list[str], rng: np.random.Generator) -> Register:
    """What the register holds of these people on the day that it learned of them; `fault` is for as many of them as it is long, by chance."""
    kinds = np.full(len(stock), faults.NO_FAULT, dtype="U40")
    kinds[rng.permutation(len(stock))[: len(fault)]] = fault
    first = int(stock.person[0]) if len(stock) else 0
    persons = identities(people, when.settled, rng).with_columns(
        pl.Series("person", stock.person),
        pl.Series("mother", np.where(people.mother >= 0, first + people.mother, people.mother)),
        pl.Series("fault", kinds),
        pl.Series("recorded", when.recorded),
        pl.Series("settled", when.settled),
        when.country.alias("country_from"),
        pl.Series(
            "secrecy", np.where(happens(rng, len(stock), rate("secrecy")), rng.integers(1, 8, size=len(stock)), 0)
        ),
    )
    return Register(persons, residence(stock, 0, when.settled, when.recorded), _titles(stock.person, when, rng))


def residence(
    stock: Stock,
    step: int,
    since: Ints,
    recorded: Ints,
    municipality: Ints | None = None,
    country: pl.Series | None = None,
) -> pl.DataFrame:
    """One row per person: where they live since when; `country` for who left."""
    return pl.DataFrame(
        {
            "person": stock.person,
            "step": np.full(len(stock), step, dtype=np.int64),
            "since": since,
            "recorded": recorded,
            "municipality": stock.municipality if municipality is None else municipality,
            "address": stock.address,
            "country_abroad": pl.Series([""]).new_from_index(0, len(stock)) if country is None else country,
        }
    )


def _titles(person: Ints, when: Settling, rng: np.random.Generator) -> pl.DataFrame:
    """Title 30 for who came, until it was converted into 46 in the weekend of 14 and 15 May 2022."""
    change = as_days(TITLE_46_FROM)
    known = happens(rng, len(person), rate("residence_title_known")) & (when.settled >= as_days(FIRST_ARRIVALS))
    recorded = when.recorded + rng.integers(*TITLE_LAG_DAYS, size=len(person))
    early = known & (recorded < change)
    code_30 = _title(person[early], 0, "30", when.settled[early], recorded[early])
    return pl.concat(
        [code_30, _title(person[known], 1, "46", when.settled[known], np.maximum(recorded, change)[known])]
    )


def _title(person: Ints, step: int, code: str, since: Ints, recorded: Ints) -> pl.DataFrame:
    columns = {
        "person": person,
        "step": np.full(len(person), step, dtype=np.int64),
        "since": since,
        "recorded": recorded,
    }
    return pl.DataFrame(columns).with_columns(pl.lit(code).alias("title"))

"""The register as it grows from selection to selection: arrivals, births, moves, departures, deaths, and what was wrong for a while."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from opvang.simulate import events
from opvang.simulate.apportion import anchored_weights, apportion
from opvang.simulate.arrivals import (
    AMSTERDAM,
    WEESP,
    Counters,
    Register,
    Settling,
    addresses_of,
    arrive,
    came_another_way,
    enter,
    fled,
    settled_before,
)
from opvang.simulate.calibration import FIRST_ARRIVALS, ONE_DAY, municipality_anchors, registered_on, selection_days
from opvang.simulate.chance import Ints, some, stream
from opvang.simulate.facts import municipalities, rate
from opvang.simulate.faults import NEVER
from opvang.simulate.faulty import Faulty
from opvang.simulate.persons import Household, households
from opvang.simulate.stock import Stock
from opvang.simulate.titles import titles


@dataclass(frozen=True)
class Population:
    """All that ever stood in the register up to the last selection; a selection takes what was recorded by its day."""

    persons: pl.DataFrame
    residences: pl.DataFrame
    titles: pl.DataFrame
    endings: pl.DataFrame
    faults: pl.DataFrame
    municipality_of_address: Ints


def grow(first: date, last: date, seed: int, persons: int | None) -> tuple[Population, list[date]]:
    """The register of these days and the days of its selections; `persons` is how many are registered on the last one, if not as published."""
    days = selection_days(first, last)
    growth, previous = Growth(seed), FIRST_ARRIVALS - ONE_DAY
    for day in days:
        growth.upto(min(previous, day - ONE_DAY), day, _target(day, last, persons))
        previous = day
    return growth.population(), days


def _target(day: date, last: date, persons: int | None) -> int:
    return registered_on(day) if persons is None else registered_on(day) * persons // max(registered_on(last), 1)


class Growth:
    """Grows one population; `upto` is called once per selection, in order of days."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._stock = Stock.empty()
        self._bystanders = Stock.empty()
        self._faulty = Faulty()
        self._free = Counters()
        self._registers: list[Register] = []
        self._residences: list[pl.DataFrame] = []
        self._corrections: list[pl.DataFrame] = []
        self._endings: list[pl.DataFrame] = []
        self._addresses: list[Ints] = []
        self._anchors = municipality_anchors()
        inhabitants = np.array([int(row["inwoners_2022_01_01"]) for row in municipalities()], dtype=np.int64)
        self._weights = inhabitants * stream(seed, "municipalities").integers(50, 151, size=len(inhabitants))

    def upto(self, previous: date, day: date, target: int) -> None:
        """Everything recorded after the previous day and up to this one, so that exactly `target` persons are counted."""
        rng = stream(self._seed, "population", day)
        period = events.Period(previous, day)
        if self._registers:
            self._merge(period)
            self._stock = self._stock.plus(self._faulty.mended(day, rng))
            self._live_on(period, target, rng)
            self._stock = self._faulty.break_some(self._stock, day, rng)
        else:
            self._settled_before(some(rng, target, rate("settled_before")), rng)
        size = target - self._counted()
        self._came_another_way(some(rng, size, rate("from_another_country")), period, rng)
        self._arrivals(size, period, target, rng)
        self._merge(period)

    def population(self) -> Population:
        """What has grown so far."""
        persons = pl.concat([register.persons for register in self._registers]).sort("person")
        residences = pl.concat([register.residences for register in self._registers] + self._residences)
        endings = pl.concat([events.no_endings(), *self._endings]).sort("person")
        return Population(
            persons=persons,
            residences=_marked(residences, self._corrections).sort("person", "since", "recorded", maintain_order=True),
            titles=_until_the_end(titles(persons, stream(self._seed, "titles")), endings),
            endings=endings,
            faults=self._faulty.frame(persons),
            municipality_of_address=np.concatenate(self._addresses),
        )

    def _counted(self) -> int:
        return len(self._stock) + len(self._faulty.held)

    def _live_on(self, period: events.Period, target: int, rng: np.random.Generator) -> None:
        """A period in the life of those already here; when the target falls, more of them leave."""
        lived = len(self._stock) * (period.upto - period.after).days
        self._leave(*events.deaths(self._stock, some(rng, lived, rate("deaths")), period, rng))
        self._leave(*events.mistakes(self._stock, some(rng, lived, rate("mistakes")), period, rng))
        leaving = max(some(rng, lived, rate("departures")), self._counted() - target)
        left, endings, abroad = events.departures(self._stock, leaving, period, rng)
        self._leave(left, endings)
        self._residences.append(abroad)
        self._correct(some(rng, lived, rate("corrections")), period, rng)
        self._move(some(rng, lived, rate("moves")), period, target, rng)
        register, self._free = events.births(self._stock, some(rng, lived, rate("births")), period, self._free, rng)
        self._registers.append(register)

    def _leave(self, which: Ints, endings: pl.DataFrame) -> None:
        self._stock = self._stock.without(which)
        self._endings.append(endings)

    def _move(self, count: int, period: events.Period, target: int, rng: np.random.Generator) -> None:
        room = self._room(period.upto, target)
        self._stock, moved, addresses = events.moves(self._stock, count, period, room, self._free.address, rng)
        self._residences.append(moved)
        self._take_addresses(addresses)

    def _correct(self, count: int, period: events.Period, rng: np.random.Generator) -> None:
        self._stock, corrected, addresses = events.corrections(self._stock, count, period, self._free.address, rng)
        self._residences.append(corrected)
        self._corrections.append(corrected.select("person", pl.col("recorded").alias("incorrect_on")))
        self._take_addresses(addresses)

    def _merge(self, period: events.Period) -> None:
        """The merger reaches everybody, also those who aren't counted."""
        self._stock, merged = events.merger(self._stock, period)
        self._bystanders, beside = events.merger(self._bystanders, period)
        self._residences += [merged, beside, *self._faulty.merge(period)]

    def _arrivals(self, size: int, period: events.Period, target: int, rng: np.random.Generator) -> None:
        """As many sound records as `size`, and those that the gate must stop on top, in one stream of families."""
        stopped, flagged = Faulty.among(size, rng)
        people = households(size + len(stopped), rng)
        when = fled(people, period.after, period.upto, rng)
        quotas = apportion(size + len(stopped), self._room(period.upto, target))
        stock = arrive(people, when, self._free, quotas, rng)
        register = self._enter(people, stock, when, stopped + flagged, rng)
        self._stock = self._stock.plus(self._faulty.sift(stock, register.persons["fault"]))

    def _settled_before(self, size: int, rng: np.random.Generator) -> None:
        people = households(size, rng)
        self._stand_by(people, settled_before(people, rng), rng)

    def _came_another_way(self, size: int, period: events.Period, rng: np.random.Generator) -> None:
        people = households(size, rng)
        self._stand_by(people, came_another_way(people, period.after, period.upto, rng), rng)

    def _stand_by(self, people: Household, when: Settling, rng: np.random.Generator) -> None:
        """Records that a selection brings along and that aren't among those who came from Ukraine; nothing happens to them."""
        stock = arrive(people, when, self._free, apportion(len(people.age), self._weights), rng)
        self._enter(people, stock, when, [], rng)
        self._bystanders = self._bystanders.plus(stock)

    def _enter(
        self, people: Household, stock: Stock, when: Settling, fault: list[str], rng: np.random.Generator
    ) -> Register:
        register = enter(people, stock, when, fault, rng)
        self._registers.append(register)
        addresses = addresses_of(stock)
        person, family = self._free.person + len(stock), self._free.family + len(addresses)
        self._free = replace(self._free, person=person, family=family)
        self._take_addresses(addresses)
        return register

    def _take_addresses(self, municipalities_of_new: Ints) -> None:
        self._addresses.append(municipalities_of_new)
        self._free = replace(self._free, address=self._free.address + len(municipalities_of_new))

    def _room(self, day: date, target: int) -> Ints:
        """How many each municipality lacks for its share of the target."""
        shares = apportion(target, anchored_weights(self._weights, self._anchors, day))
        where = np.concatenate([self._stock.municipality, self._faulty.held.municipality])
        present = np.bincount(np.where(where == WEESP, AMSTERDAM, where), minlength=len(shares)).astype(np.int64)
        lacking: Ints = np.maximum(shares - present, 0)
        return lacking


def _marked(residences: pl.DataFrame, corrections: list[pl.DataFrame]) -> pl.DataFrame:
    """`incorrect_on`: the day on which a first row turned out to be wrong."""
    none = pl.DataFrame(schema={"person": pl.Int64, "incorrect_on": pl.Int64})
    joined = residences.join(pl.concat([none, *corrections]), on="person", how="left", maintain_order="left")
    first_row = pl.when(pl.col("step") == events.FIRST).then(pl.col("incorrect_on"))
    return joined.with_columns(incorrect_on=first_row.fill_null(NEVER))


def _until_the_end(rows: pl.DataFrame, endings: pl.DataFrame) -> pl.DataFrame:
    """Nothing is recorded on a list after its updating was suspended."""
    suspended = endings.select("person", pl.col("recorded").alias("suspended"))
    joined = rows.join(suspended, on="person", how="left", maintain_order="left")
    return joined.filter(pl.col("recorded") <= pl.col("suspended").fill_null(NEVER)).drop("suspended")

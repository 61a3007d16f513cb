"""The register as it grows from selection to selection: arrivals, births, moves, departures and deaths."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from opvang.simulate import events, faults
from opvang.simulate.apportion import anchored_weights, apportion
from opvang.simulate.arrivals import Counters, Register, arrive, came_another_way, enter, fled, settled_before
from opvang.simulate.calibration import municipality_anchors
from opvang.simulate.chance import Ints, some, stream
from opvang.simulate.facts import municipalities, rate
from opvang.simulate.stock import Stock


@dataclass(frozen=True)
class Population:
    """All that ever stood in the register up to the last selection; a selection takes what was recorded by its day."""

    persons: pl.DataFrame
    residences: pl.DataFrame
    titles: pl.DataFrame
    endings: pl.DataFrame
    municipality_of_address: Ints


class Growth:
    """Grows one population; `upto` is called once per selection, in order of days."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._stock = Stock.empty()
        self._free = Counters()
        self._registers: list[Register] = []
        self._residences: list[pl.DataFrame] = []
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
            self._live_on(period, target, rng)
        else:
            self._bystanders(some(rng, target, rate("settled_before")), None, rng)
        size = target - len(self._stock)
        self._bystanders(some(rng, size, rate("from_another_country")), period, rng)
        self._arrivals(size, period, target, rng)

    def population(self) -> Population:
        """What has grown so far."""
        return Population(
            persons=pl.concat([register.persons for register in self._registers]).sort("person"),
            residences=pl.concat([register.residences for register in self._registers] + self._residences).sort(
                "person", "step"
            ),
            titles=pl.concat([register.titles for register in self._registers]).sort("person", "step"),
            endings=pl.concat(self._endings).sort("person") if self._endings else events.no_endings(),
            municipality_of_address=np.concatenate(self._addresses),
        )

    def _live_on(self, period: events.Period, target: int, rng: np.random.Generator) -> None:
        """A period in the life of those already here; when the target falls, more of them leave."""
        lived = len(self._stock) * (period.upto - period.after).days
        dead, endings = events.deaths(self._stock, some(rng, lived, rate("deaths")), period, rng)
        self._leave(dead, endings)
        leaving = max(some(rng, lived, rate("departures")), len(self._stock) - target)
        left, endings, abroad = events.departures(self._stock, leaving, period, rng)
        self._leave(left, endings)
        self._residences.append(abroad)
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

    def _arrivals(self, size: int, period: events.Period, target: int, rng: np.random.Generator) -> None:
        """As many sound records as `size`, and those that the gate must stop on top, in one stream of families."""
        stopped = faults.on_top(size, rng)
        quotas = apportion(size + len(stopped), self._room(period.upto, target))
        people, stock, addresses = arrive(size + len(stopped), self._free, quotas, rng)
        register = enter(
            people, stock, fled(people, period.after, period.upto, rng), stopped + faults.flags(size, rng), rng
        )
        self._add(register, stock, addresses)
        self._stock = self._stock.plus(stock.only(~register.persons["fault"].is_in(sorted(set(stopped))).to_numpy()))

    def _bystanders(self, size: int, period: events.Period | None, rng: np.random.Generator) -> None:
        """Records that a selection brings along and that don't count; without a period they settled long ago."""
        people, stock, addresses = arrive(size, self._free, apportion(size, self._weights), rng)
        when = came_another_way(people, period.after, period.upto, rng) if period else settled_before(people, rng)
        self._add(enter(people, stock, when, [], rng), stock, addresses)

    def _add(self, register: Register, stock: Stock, addresses: Ints) -> None:
        self._registers.append(register)
        self._free = Counters(self._free.person + len(stock), self._free.family + len(addresses), self._free.address)
        self._take_addresses(addresses)

    def _take_addresses(self, municipalities_of_new: Ints) -> None:
        self._addresses.append(municipalities_of_new)
        self._free = Counters(self._free.person, self._free.family, self._free.address + len(municipalities_of_new))

    def _room(self, day: date, target: int) -> Ints:
        """How many each municipality lacks for its share of the target."""
        shares = apportion(target, anchored_weights(self._weights, self._anchors, day))
        present = np.bincount(self._stock.municipality, minlength=len(shares)).astype(np.int64)
        lacking: Ints = np.maximum(shares - present, 0)
        return lacking

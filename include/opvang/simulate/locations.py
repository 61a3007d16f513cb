"""The reception locations of one region: they are prepared, open, fill, shrink and close as the region's places rise and fall."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from opvang.simulate.apportion import apportion
from opvang.simulate.chance import weighted
from opvang.simulate.facts import Row, facts

BATCH = 30  # locations that a region finds at a time
FIRST_OPENINGS_DAYS = 24
HALL_DAYS = (35, 76)  # how long a sports hall can be missed
# The first locations of a municipality, at whose addresses people are registered in the BRP.
RECEPTION_ADDRESSES = 3


def bag_object(number: int) -> str:
    """The last nine digits of the BAG number of a municipality's location, which no other address has."""
    return f"9{number:08}"


@dataclass
class Location:
    """One location; `capacity` is what was inventoried there, blocked places not counted."""

    location_id: str
    bag_number: str
    municipality: str
    kind: Row
    capacity: int
    blocked: int
    popularity: int
    wheelchair: bool
    pets: bool
    infants: bool
    private: bool
    held_up_by: str
    available_from: date | None = None
    available_until: date | None = None
    operational: int = 0

    def begin(self, day: date, rng: np.random.Generator) -> None:
        """Open on this day; what is for less than 72 hours a stay is lent for some weeks."""
        self.available_from = day
        if self.kind["stay_class"] == "under_72h":
            self.available_until = day + timedelta(days=int(rng.integers(*HALL_DAYS)))

    def reported(self, in_use: int) -> dict[str, object]:
        """The location as its region tells it."""
        return {
            "location_id": self.location_id,
            "bag_number": self.bag_number,
            "gm_code": self.municipality,
            "form": "private_hosting" if self.private else self.kind["form"],
            "site_type": self.kind["site_type"],
            "stay_class": self.kind["stay_class"],
            "places_inventoried": self.capacity + self.blocked,
            "places_in_preparation": self.capacity - self.operational,
            "places_operational": self.operational,
            "places_in_use": in_use,
            "places_blocked": self.blocked,
            "available_from": self.available_from and self.available_from.isoformat(),
            "available_until": self.available_until and self.available_until.isoformat(),
            "wheelchair": self.wheelchair,
            "pets": self.pets,
            "infants": self.infants,
            "counts_poo": self.private,
            "held_up_by": (self.held_up_by or None) if self.capacity > self.operational else None,
            "note": self._note(),
        }

    def _note(self) -> str | None:
        if self.operational == 0:
            return "in voorbereiding"
        return "particuliere opvang, via de gemeente" if self.private else None


@dataclass
class Region:
    """A region's locations in the order in which it found them; `become` moves it to its places of a day."""

    code: str
    towns: list[Row]
    found: list[Location] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    def reported(self) -> list[Location]:
        """What stands in the report: all open locations, and the next that is being made ready."""
        there = [location for location in self.found if location.location_id not in self.closed]
        waiting = [location for location in there if location.operational == 0]
        return [location for location in there if location.operational > 0] + waiting[:1]

    def become(self, places: int, day: date, rng: np.random.Generator) -> None:
        """Open, widen, narrow and close locations until their operational places add up to `places`."""
        is_first_day = not any(location.operational for location in self.found)
        self._close_what_ended(day)
        short = places - sum(location.operational for location in self.found)
        while short > 0:
            short -= self._open(short, day, rng, long_ago=is_first_day)
        if short < 0:
            self._narrow(-short)
        if not self.reported() or self.reported()[-1].operational:
            self.find(rng)

    def _open(self, places: int, day: date, rng: np.random.Generator, *, long_ago: bool) -> int:
        """Places won at the first location that has room."""
        for location in self.found:
            room = location.capacity - location.operational
            if room > 0 and location.location_id not in self.closed:
                if location.available_from is None:
                    location.begin(day - timedelta(days=int(rng.integers(FIRST_OPENINGS_DAYS)) if long_ago else 0), rng)
                location.operational += min(room, places)
                return min(room, places)
        self.find(rng)
        return 0

    def _narrow(self, places: int) -> None:
        """Take places away, from the location that opened last; one with next to nothing left is closed."""
        for location in reversed(self.found):
            gone = min(location.operational, places)
            if location.operational and gone == location.operational:
                self.closed.add(location.location_id)
            location.operational -= gone
            places -= gone

    def _close_what_ended(self, day: date) -> None:
        """Halls go back to what they are for."""
        for location in self.found:
            if location.operational and location.available_until and location.available_until < day:
                location.operational = 0
                self.closed.add(location.location_id)

    def find(self, rng: np.random.Generator) -> None:
        """Add locations, over the municipalities by inhabitants."""
        towns = np.repeat(
            np.arange(len(self.towns)),
            apportion(BATCH, np.array([int(town["inwoners_2022_01_01"]) for town in self.towns])),
        )
        kinds = facts("site_types")
        drawn = weighted(rng, np.array([int(kind["weight"]) for kind in kinds]), BATCH)
        for town, kind in zip(rng.permutation(towns), drawn, strict=True):
            self.found.append(self._location(self.towns[town]["gm_code"], kinds[kind], rng))

    def _location(self, municipality: str, kind: Row, rng: np.random.Generator) -> Location:
        """The next location: its number in the region, and its address in the municipality."""
        there = sum(location.municipality == municipality for location in self.found)
        bag_number = f"{municipality.removeprefix('GM')}200{bag_object(there)}"
        return _location(f"{self.code}-{len(self.found) + 1:04}", bag_number, municipality, kind, rng)


def region(code: str, towns: list[Row], rng: np.random.Generator) -> Region:
    """A region with the first locations that it found."""
    new = Region(code, towns)
    new.find(rng)
    return new


def _location(location_id: str, bag_number: str, municipality: str, kind: Row, rng: np.random.Generator) -> Location:
    def is_so(column: str) -> bool:
        return int(rng.integers(100)) < int(kind[column])

    capacity = int(rng.integers(int(kind["smallest"]), int(kind["largest"]) + 1))
    blocked = capacity // 12 if int(rng.integers(8)) == 0 else 0
    return Location(
        location_id,
        bag_number,
        municipality,
        kind,
        capacity,
        blocked,
        popularity=int(rng.integers(60, 101)),
        wheelchair=is_so("wheelchair_pct"),
        pets=is_so("pets_pct"),
        infants=is_so("infants_pct"),
        private=kind["site_type"] == "other" and int(rng.integers(3)) == 0,
        held_up_by=_hold_up(rng),
    )


def _hold_up(rng: np.random.Generator) -> str:
    """What holds the places up while they are prepared; nothing for some."""
    causes = facts("hold_ups")
    drawn = weighted(rng, np.array([int(cause["weight"]) for cause in causes]), 1)
    return causes[int(drawn[0])]["held_up_by"]

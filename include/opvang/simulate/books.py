"""The simulation's own books: what is true of its people, person by person and day by day.

For tests. The books know nothing of files, the gate or the warehouse, and nothing of them goes there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from opvang.simulate import events, faults, meanings
from opvang.simulate.arrivals import AMSTERDAM, DAY_UNKNOWN, MERGER, WEESP, as_days
from opvang.simulate.calibration import FIRST_ARRIVALS, ONE_DAY, days_between
from opvang.simulate.chance import Bools, Ints
from opvang.simulate.facts import places
from opvang.simulate.population import Population, grow

NOWHERE = -1
DEFINITIONS = ("came_from_ukraine", "ukrainian_nationality", "residence_title", "union")
BANDS, BANDS_FROM = ("0-3", "4-11", "12-17", "18-64", "65+", "unknown"), (4, 12, 18, 65)
SEXES = ("M", "V", "O")
LEFT_BY = {events.EMIGRATED: "emigrated", events.DIED: "died", events.MISTAKEN: "other_out"}
Groups = Callable[["Day", Ints], Ints]


@dataclass(frozen=True)
class Day:
    """Where everybody lives on one day, by position in `places`, and who meets which definition."""

    at: int
    place: Ints
    within: dict[str, Bools]

    def counted(self, definition: str) -> Ints:
        """As `place`, for those outside the definition nowhere."""
        return np.where(self.within[definition], self.place, NOWHERE)


class Books:
    """What was known on the day of a selection: recorded by then, in the last version of each list that the gate let through."""

    def __init__(self, population: Population, selections: list[date], known_on: date) -> None:
        made = [as_days(day) for day in selections if day <= known_on]
        until = meanings.known_until(population, made)
        self.persons = meanings.as_read(population)
        self._held_from = np.array([*made, faults.NEVER])[np.searchsorted(made, until, side="right")]
        columns = ("person", "settled", "settlement_unknown")
        rows = _known(population.residences, until).join(
            self.persons.select(*columns), on="person", how="left", maintain_order="left"
        )
        self._rows = rows.with_columns(correct=pl.col("incorrect_on") > pl.Series(until[rows["person"].to_numpy()]))
        endings = _known(population.endings, until)
        self._end = np.full(len(until), faults.NEVER, dtype=np.int64)
        self._end[endings["person"].to_numpy()] = endings["since"].to_numpy()
        self._left_by = np.full(len(until), "other_out", dtype="U20")
        self._left_by[endings["person"].to_numpy()] = [LEFT_BY[reason] for reason in endings["reason"]]
        self._lives = meanings.lives(self._rows.filter("correct"), self._end)
        self._titled = meanings.titled(_known(population.titles, until), self.persons)
        self._came_on = np.full(len(until), faults.NEVER, dtype=np.int64)
        np.minimum.at(self._came_on, self._lives["person"].to_numpy(), self._lives["since"].to_numpy())

    def day(self, day: date) -> Day:
        """Where everybody lived on this day, and which definitions they met."""
        at = as_days(day)
        now = meanings.on(self._lives, at)
        place = np.full(len(self.persons), NOWHERE, dtype=np.int64)
        place[now["person"].to_numpy()] = now["municipality"].to_numpy()
        begun = at >= as_days(FIRST_ARRIVALS)
        within = {name: self.persons[name].to_numpy() & begun for name in DEFINITIONS[:2]}
        within["residence_title"] = meanings.those(self._titled, at, len(place))
        within["union"] = np.logical_or.reduce(list(within.values()))
        return Day(at, _merged(place, at), within)

    def by_municipality(self, first: date, last: date) -> pl.DataFrame:
        """Per day, definition and municipality: registered, how many of them are held on that day, and every flow; only where some figure isn't 0."""
        codes = pl.Series([row["gm_code"] for row in places()])
        figures = self._figures(first, last, lambda _, place: place)
        return figures.with_columns(municipality_code=codes[figures["group"]]).drop("group")

    def by_age_and_sex(self, first: date, last: date) -> pl.DataFrame:
        """The same per definition, age band and sex of the whole country; nobody moves in or out of it."""
        figures = self._figures(first, last, self._age_and_sex)
        band, sex = figures["group"] // len(SEXES), figures["group"] % len(SEXES)
        named = {"age_band": pl.Series(BANDS)[band], "sex": pl.Series(SEXES)[sex]}
        return figures.with_columns(**named).drop("group", "moved_in", "moved_out", "boundary_change")

    def combinations(self, first: date, last: date) -> pl.DataFrame:
        """Per day and combination of definitions (one true or false for each): how many are registered."""
        frames = []
        for day in days_between(first, last):
            today = self.day(day)
            met = pl.DataFrame({name: today.within[name] for name in DEFINITIONS[:3]})
            met = met.filter(pl.Series(today.counted("union") != NOWHERE))
            frames.append(
                met.group_by(pl.all()).agg(registered=pl.len()).with_columns(pl.lit(day).alias("reference_date"))
            )
        return pl.concat(frames)

    def registration_lags(self) -> pl.DataFrame:
        """One row per definition and settled person of whom both days are wholly known: municipality and week of the recording, days since settlement."""
        incomplete = self.persons.filter(pl.col("flag") == "recording_date_incomplete")["person"].implode()
        current = pl.col("person").is_last_distinct()
        rows = self._rows.with_columns(unsure=current & pl.col("person").is_in(incomplete)).filter("correct")
        first = rows.sort("recorded", maintain_order=True).unique("person", keep="first", maintain_order=True)
        codes = pl.Series([row["gm_code"] for row in places()])
        told = first.filter((pl.col("settlement_unknown") == 0) & ~pl.col("unsure")).join(
            self.persons.filter("lately").select("person"), on="person", how="semi", maintain_order="left"
        )
        told = told.with_columns(
            municipality_code=codes[told["municipality"]],
            week_start_date=pl.col("recorded").cast(pl.Int32).cast(pl.Date).dt.truncate("1w"),
            days=pl.col("recorded") - pl.col("settled"),
        )
        ever = self._ever()
        frames = [
            told.filter(pl.col("person").is_in(ever[name].implode())).with_columns(definition=pl.lit(name))
            for name in DEFINITIONS
        ]
        return pl.concat(frames).select("definition", "municipality_code", "week_start_date", "days")

    def residents(self, day: date) -> pl.DataFrame:
        """One row per person who came from Ukraine and is registered on this day: `municipality_code`, the last `address` that had begun, and how old they are at least and at most."""
        today = self.day(day)
        counted = pl.Series("place", today.counted("came_from_ukraine"))
        youngest, oldest = (meanings.ages(self.persons[born], today.at) for born in ("latest_birth", "birth"))
        everybody = self.persons.select("person", counted, age_low=pl.Series(youngest), age_high=pl.Series(oldest))
        here = everybody.filter(counted != NOWHERE)
        codes = pl.Series([row["gm_code"] for row in places()])
        coded = here.with_columns(municipality_code=codes[here["place"]]).drop("place")
        return coded.join(self._addresses(today.at), on="person", how="left")

    def _addresses(self, at: int) -> pl.DataFrame:
        """The last address of each person that had begun; the day on which the first one began may be known in part only."""
        unknown = pl.col("settlement_unknown")
        is_first = (pl.col("since") == pl.col("settled")) & (unknown >= DAY_UNKNOWN)
        since = meanings.first_day("since", pl.when(is_first).then(unknown).otherwise(0))
        begun = self._rows.filter("correct", since <= at)
        return begun.unique("person", keep="last", maintain_order=True).select("person", "address")

    def _ever(self) -> dict[str, pl.Series]:
        """The persons who ever counted, by definition."""
        lived = self._lives.filter(pl.col("until") > as_days(FIRST_ARRIVALS))
        both = lived.join(self._titled, on="person", suffix="_of_title")
        overlap = (pl.col("since") < pl.col("until_of_title")) & (pl.col("since_of_title") < pl.col("until"))
        ever = {
            name: self.persons.filter(pl.col(name) & pl.col("person").is_in(lived["person"].implode()))["person"]
            for name in DEFINITIONS[:2]
        }
        ever["residence_title"] = both.filter(overlap)["person"].unique()
        return ever | {"union": pl.concat(ever.values()).unique()}

    def _age_and_sex(self, day: Day, place: Ints) -> Ints:
        youngest, oldest = (meanings.ages(self.persons[born], day.at) for born in ("latest_birth", "birth"))
        bands = [np.searchsorted(BANDS_FROM, age, side="right") for age in (youngest, oldest)]
        band = np.where(bands[0] == bands[1], bands[0], BANDS.index("unknown"))
        sex = np.array([SEXES.index(sex) for sex in self.persons["sex"]], dtype=np.int64)
        return np.where(place != NOWHERE, band * len(SEXES) + sex, NOWHERE)

    def _figures(self, first: date, last: date, group: Groups) -> pl.DataFrame:
        frames = []
        before = self.day(first - ONE_DAY)
        for day in days_between(first, last):
            today = self.day(day)
            for name in DEFINITIONS:
                counts: dict[str, Ints] = {}
                for figure, place, change in self._changes(name, before, today):
                    positions = group(today, place)
                    counted = np.bincount(positions[positions != NOWHERE], minlength=len(places())).astype(np.int64)
                    counts[figure] = counts.get(figure, 0) + change * counted
                of_day = pl.DataFrame({"group": np.arange(len(places())), **counts})
                frames.append(of_day.with_columns(pl.lit(day).alias("reference_date"), definition=pl.lit(name)))
            before = today
        figures = pl.concat(frames)
        return figures.filter(pl.any_horizontal(pl.exclude("group", "reference_date", "definition") != 0))

    def _changes(self, definition: str, before: Day, today: Day) -> Iterator[tuple[str, Ints, int]]:
        """Each figure with the place where a person counts in it (nowhere for all others), and whether up or down."""
        was, now = before.counted(definition), today.counted(definition)
        stayed, merged = (was != NOWHERE) & (now != NOWHERE), _merged(was, today.at)
        came, left = (was == NOWHERE) & (now != NOWHERE), (was != NOWHERE) & (now == NOWHERE)
        newly = came & (self._came_on == today.at)
        settled_here = self.persons["settled_here"].to_numpy()
        yield "registered", now, 1
        yield "registered_held", _only(now, self._held_from <= today.at), 1
        yield "registered_new", _only(now, newly & settled_here), 1
        yield "born", _only(now, newly & ~settled_here), 1
        yield "other_in", _only(now, came & ~newly), 1
        for reason in sorted(set(LEFT_BY.values())):
            ended = (self._end == today.at) & (self._left_by == reason)
            others = (self._end != today.at) if reason == "other_out" else False
            yield reason, _only(was, left & (ended | others)), 1
        yield "moved_in", _only(now, stayed & (merged != now)), 1
        yield "moved_out", _only(was, stayed & (merged != now)), 1
        yield "boundary_change", _only(now, stayed & (was != merged) & (merged == now)), 1
        yield "boundary_change", _only(was, stayed & (was != merged) & (merged == now)), -1


def books(first: date, last: date, seed: int, persons: int | None, known_on: date | None = None) -> Books:
    """The books of the spring that `simulate` writes with these arguments, as known on a selection, if not on the last."""
    population, selections = grow(first, last, seed, persons)
    return Books(population, selections, known_on or selections[-1])


def _known(frame: pl.DataFrame, until: Ints) -> pl.DataFrame:
    return frame.filter(pl.col("recorded") <= pl.Series(until[frame["person"].to_numpy()]))


def _merged(place: Ints, at: int) -> Ints:
    return np.where((place == WEESP) & (at >= as_days(MERGER)), AMSTERDAM, place)


def _only(place: Ints, which: Bools) -> Ints:
    return np.where(which, place, NOWHERE)

"""What was published, as a value for every day: exact on the days that have one, plausible in between."""

from datetime import date, timedelta

import numpy as np

from opvang.simulate.apportion import SHARE, Anchors, interpolate
from opvang.simulate.chance import Ints, stream
from opvang.simulate.facts import Row, facts, municipalities

Points = list[tuple[date, int]]

FIRST_ARRIVALS = date(2022, 2, 24)
ONE_DAY = timedelta(days=1)
MONDAY, THURSDAY = 0, 3
TREND_DAYS = 17  # the last figures before the sources stop: 25 April to 12 May
TREND_REACHES_DAYS = 120
FULLEST_PCT = 97


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def published(column: str) -> Points:
    """The dated national figures of one column: places_available, places_in_use or brp_registered."""
    rows = facts("nl_national_reception_timeseries")
    return [(date.fromisoformat(row["as_of_date"]), int(row[column])) for row in rows if row[column]]


def places_in_use_on(day: date, seed: int) -> int:
    """People in reception on a day; never more than nearly all places."""
    return min(_wandering("places_in_use", day, seed), places_on(day, seed) * FULLEST_PCT // 100)


def places_on(day: date, seed: int) -> int:
    """Places available on a day; they may fall."""
    return _wandering("places_available", day, seed)


def registered_on(day: date) -> int:
    """Persons registered from Ukraine on a day: the ministry's figure, before its first the weeks of CBS, after its last that of 19 September."""
    return interpolate(_registrations(), day)


def selection_days(first: date, last: date) -> list[date]:
    """When a national selection is made: on days with a published number, else on Mondays and Thursdays, and always on the last day."""
    known = [day for day, _ in published("brp_registered")]
    days = days_between(first, last)
    beyond = [day for day in days if not known[0] < day < known[-1] and day.weekday() in (MONDAY, THURSDAY)]
    return sorted({last, *beyond, *(day for day in days if day in known)})


def arrival_weights(days: list[date]) -> Ints:
    """How the registrations of CBS spread over these days; after its last full week as in that week, and few in weekends."""
    weeks = [
        (date.fromisoformat(row["week_to"]), int(row["from_ukraine"]))
        for row in facts("cbs_brp_weekly_registrations_2022-04-07")[:-1]
    ]
    on_workdays = [next((count for end, count in weeks if day <= end), weeks[-1][1]) for day in days]
    return np.array(
        [count * (5 if day.weekday() < 5 else 1) for day, count in zip(days, on_workdays, strict=True)], dtype=np.int64
    )


def municipality_anchors() -> Anchors:
    """Shares of the registrations that CBS published per municipality (by position in the list of municipalities)."""
    rows = facts("cbs_brp_municipality_snapshots")
    national = {
        row["as_of_date"]: int(row["registered_from_ukraine"]) for row in rows if row["municipality"] == "Nederland"
    }
    places = {row["naam_tabel33"]: (at, int(row["inwoners_2022_01_01"])) for at, row in enumerate(municipalities())}
    anchors: Anchors = {}
    for row in rows:
        if row["municipality"] not in places:  # the national row, and Weesp, which is part of Amsterdam since 24 March
            continue
        at, inhabitants = places[row["municipality"]]
        count = int(row["registered_from_ukraine"] or int(row["per_1000_inhabitants"]) * inhabitants // 1000)
        day = date.fromisoformat(row["as_of_date"])
        anchors.setdefault(at, []).append((day, SHARE * count // national.get(row["as_of_date"], registered_on(day))))
    return anchors


def region_anchors(column: str, regions: list[str]) -> Anchors:
    """Shares that regions had of the national places_available or places_in_use (by position in `regions`)."""
    anchors: Anchors = {}
    for row in facts("nl_region_reception_snapshots"):
        if row[column] and not row["date_precision"].startswith("month"):
            day = date.fromisoformat(row["as_of_date"])
            anchors.setdefault(regions.index(row["vr_code"]), []).append((day, _share(row, column, day)))
    return anchors


def _share(row: Row, column: str, day: date) -> int:
    return SHARE * int(row[column]) // interpolate(published(column), day)


def _registrations() -> Points:
    ministry = published("brp_registered")
    weeks = [
        (date.fromisoformat(row["week_to"]), int(row["from_ukraine"]))
        for row in facts("cbs_brp_weekly_registrations_2022-04-07")
    ]
    early = [(end, sum(count for day, count in weeks if day <= end)) for end, _ in weeks if end < ministry[0][0]]
    later = [
        (date.fromisoformat(row["peil"]), int(row["aantal"]))
        for row in facts("publieke_totalen_2022")
        if row["wat"] == "Oekraïense ontheemden in BRP"
    ]
    return [(FIRST_ARRIVALS - ONE_DAY, 0), *early, *ministry, *later]


def _wandering(column: str, day: date, seed: int) -> int:
    """The straight line between published figures, and beside it by at most a third of a day's step."""
    points = [(FIRST_ARRIVALS - ONE_DAY, 0), *published(column)]
    line = interpolate([*points, _by_trend(points)], day)
    if line == 0 or day in dict(points):
        return line
    step = abs(interpolate(points, day + ONE_DAY) - interpolate(points, day - ONE_DAY)) // 6 + 10
    return max(line + int(stream(seed, column, day).integers(-step, step + 1)), 0)


def _by_trend(points: Points) -> tuple[date, int]:
    end, last = points[-1]
    per_period = last - interpolate(points, end - timedelta(days=TREND_DAYS))
    return end + timedelta(days=TREND_REACHES_DAYS), last + per_period * TREND_REACHES_DAYS // TREND_DAYS

"""A day in the life: the next selection loaded and built, on the second day and after 400 days."""

import json

from bench.days import FIRST_DAY, NEXT_DAY
from bench.gate import through
from bench.place import Place
from bench.results import Round, Taken, together

DAYS = 400
CHANGING = 7  # of 1,000 persons a day: own assumption, half a percent to one
SLOWEST = 5


def rounds(place: Place, persons: int, runs: int) -> tuple[list[Round], list[str]]:
    """Both days in turns, each from a warehouse made for it; and which models of dbt take the time."""
    place.make_selection(persons, CHANGING)
    found, notes = [], list[str]()
    for number in range(1, runs + 1):
        taken: Round = {}
        for when, days in (("on day 2", 1), (f"after {DAYS} days", DAYS)):
            place.say(f"round {number}: the next day {when}")
            taken |= _next_day(place, when, days)
            notes = [*notes[-1:], f"dbt {when}: {place.slowest(SLOWEST)}."]
        found.append(taken)
    return found, [_about(place, persons), *notes]


def _next_day(place: Place, when: str, days: int) -> Round:
    """The selection of the first day loaded, given a past where asked for, and built; then the next day measured."""
    place.sql("reset")
    _load(place, FIRST_DAY.isoformat())
    if days > 1:
        place.sql("history", days=days, per_mille=CHANGING)
    place.sql("settle")
    place.build("--full-refresh")  # the past was laid anew, which no warehouse ever sees
    place.sql("settle")
    load = _load(place, NEXT_DAY.isoformat())
    return {f"load {when}": load, f"build {when}": place.build()}


def _load(place: Place, day: str) -> Taken:
    """fetch, land, validate and publish, one after the other."""
    return together(through(place, "brp", "--reference-date", day, OPVANG_INBOX=place.inbox("days")))


def _about(place: Place, persons: int) -> str:
    rows = json.loads(place.sql("rows_in_raw"))
    told = ", ".join(f"{count:,} {name}" for name, count in rows.items())
    return (
        f"The past is laid into raw and ops by SQL, in the form in which publish leaves it: {DAYS} daily selections of {persons:,} person lists, "
        f"{CHANGING / 10} % of the persons changing a day, faulty ones never mended. Rows at the end: {told}."
    )

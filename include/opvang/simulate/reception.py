"""Daily reports of the 25 safety regions on their reception locations, adding up to the published national figures."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from opvang import template
from opvang.contract import contract
from opvang.simulate.apportion import Anchors, anchored_weights, apportion, apportion_within
from opvang.simulate.calibration import days_between, places_in_use_on, places_on, region_anchors
from opvang.simulate.chance import Ints, stream
from opvang.simulate.delivery import AMSTERDAM, Delivery, moment
from opvang.simulate.facts import Row, municipalities
from opvang.simulate.locations import Region, region

AS_OF_HOUR, REPORT_HOUR, LATE_HOUR = 8, 9, 20
LATE_ONE_IN = 40
REGIONS = 25
# In which form a region delivers, by its number: the odd ones a document, the even ones the template, as a workbook or as CSV.
FORMS = ("csv", "json", "xlsx", "json")
DAY_LENGTH = len("2022-04-25")
SMALLEST_SHARE_PCT, LARGEST_SHARE_PCT = 70, 131


@dataclass(frozen=True)
class Regions:
    """The 25 regions in order of code, what they weigh in places, and the shares that were published."""

    codes: list[str]
    weights: Ints
    places: Anchors
    in_use: Anchors


def reports(first: date, last: date, seed: int) -> Iterator[Delivery]:
    """One report per region and day."""
    regions = _regions(seed)
    towns = municipalities()
    states = [region(code, _within(code, towns), stream(seed, "locations", code)) for code in regions.codes]
    for day in days_between(first, last):
        places, in_use = _spread(regions, day, seed)
        for state, operational, taken in zip(states, places, in_use, strict=True):
            rng = stream(seed, "report", state.code, day)
            state.become(int(operational), day, rng)
            yield _report(state, int(taken), day, rng)


def _spread(regions: Regions, day: date, seed: int) -> tuple[Ints, Ints]:
    """National places and places in use on a day, by region; no region has more in use than it has."""
    places = apportion(places_on(day, seed), anchored_weights(regions.weights, regions.places, day))
    in_use = apportion_within(
        places_in_use_on(day, seed), anchored_weights(regions.weights, regions.in_use, day), places
    )
    return places, in_use


def _report(state: Region, taken: int, day: date, rng: np.random.Generator) -> Delivery:
    late = int(rng.integers(LATE_ONE_IN)) == 0
    submitted = moment(day, LATE_HOUR if late else REPORT_HOUR, rng, 110)
    operational = np.array([location.operational for location in state.reported()], dtype=np.int64)
    in_use = apportion_within(
        taken, operational * np.array([location.popularity for location in state.reported()]), operational
    )
    document: dict[str, Any] = {
        "report_id": f"{state.code}-{day}",
        "vr_code": state.code,
        "as_of": datetime.combine(day, time(AS_OF_HOUR), AMSTERDAM).isoformat(),
        "submitted_at": submitted.isoformat(),
        "locations": [location.reported(int(used)) for location, used in zip(state.reported(), in_use, strict=True)],
    }
    received = submitted + timedelta(seconds=int(rng.integers(5, 90)))
    form = FORMS[int(state.code.removeprefix("VR")) % len(FORMS)]
    return Delivery("reception", state.code, day, f"{state.code}_{day}.{form}", _written(document, form), received)


def _written(document: dict[str, Any], form: str) -> bytes:
    """The report in the form in which its region delivers."""
    if form == "json":
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    filled_in = template.workbook if form == "xlsx" else template.delimited
    of_report = document | {"as_of": document["as_of"][:DAY_LENGTH]}
    return filled_in(contract("reception"), of_report, document["locations"])


def _regions(seed: int) -> Regions:
    inhabitants: dict[str, int] = {}
    for row in municipalities():
        inhabitants[row["vr_code"]] = inhabitants.get(row["vr_code"], 0) + int(row["inwoners_2022_01_01"])
    codes = sorted(inhabitants)
    effort = stream(seed, "regions").integers(SMALLEST_SHARE_PCT, LARGEST_SHARE_PCT, size=len(codes))
    weights = np.array([inhabitants[code] for code in codes], dtype=np.int64) * effort
    return Regions(codes, weights, region_anchors("places_available", codes), region_anchors("places_in_use", codes))


def _within(code: str, towns: list[Row]) -> list[Row]:
    return [row for row in towns if row["vr_code"] == code]

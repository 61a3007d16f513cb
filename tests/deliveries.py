"""Small deliveries that tests write: regions' reports, as the gate reads them."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from opvang.load import load
from opvang.simulate.facts import municipalities

DAY = date(2022, 4, 25)
HOME = "GM0363"  # where a location lies that says nothing else: in a report of another region, in that region's first municipality


def location(number: int, places: int = 100, in_use: int = 75, **other: Any) -> dict[str, Any]:
    return {
        "location_id": f"VR13-{number:04d}",
        "bag_number": f"0363200{number:09d}",
        "gm_code": HOME,
        "form": "temporary_emergency",
        "site_type": "hotel",
        "stay_class": "over_72h",
        "places_inventoried": places,
        "places_in_preparation": 0,
        "places_operational": places,
        "places_in_use": in_use,
        "places_blocked": 0,
        "available_from": "2022-03-12",
        "available_until": None,
        "wheelchair": True,
        "pets": False,
        "infants": True,
        "counts_poo": False,
        "held_up_by": None,
        "note": None,
    } | other


def document(locations: list[dict[str, Any]], day: date = DAY, region: str = "VR13", **other: Any) -> dict[str, Any]:
    """The report of a region on a day."""
    return {
        "report_id": f"{region}-{day}",
        "vr_code": region,
        "as_of": f"{day}T08:00:00+02:00",
        "submitted_at": f"{day}T09:00:00+02:00",
        "locations": _at_home(locations, region),
    } | other


def _at_home(locations: Any, region: str) -> Any:
    """The same, with a municipality of the region where none is said; what is no list of locations stays what it is."""
    if not isinstance(locations, list):
        return locations
    own = {"gm_code": _first_of(region)}
    return [row | own if isinstance(row, dict) and row.get("gm_code") == HOME else row for row in locations]


@cache
def _first_of(region: str) -> str:
    """The first municipality of a region; Amsterdam for what is no region."""
    own = [row["gm_code"] for row in municipalities() if row["vr_code"] == region]
    return HOME if HOME in own or not own else own[0]


def report(folder: Path, locations: list[dict[str, Any]], day: date = DAY, region: str = "VR13", **other: Any) -> Path:
    """A report in the order of the inbox; the name tells versions apart."""
    place = folder / "reception" / region / day.isoformat()
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"report_{len(list(place.iterdir()))}.json"
    path.write_text(json.dumps(document(locations, day, region, **other)))
    return path


def deliver(path: Path, received_at: datetime | None = None) -> Mapping[str, Any]:
    """Load one file through the whole gate; its account."""
    moment = received_at or datetime.combine(date.fromisoformat(path.parts[-2]), datetime.min.time(), UTC) + timedelta(
        hours=9
    )
    [account] = load(path.parts[-4], [str(path)], None, None, moment)
    return account

"""The gate against PostgreSQL's own COPY: the same file, the same server, in turns."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench.place import BenchError, Place, Taken, psql

MANY = "344 deliveries"
VERBS = ("land", "validate", "publish")
Round = dict[str, Taken]


def floor(place: Place) -> Round:
    """psql's \\copy of the file into an unlogged table of text columns."""
    path = place.selection()
    place.sql("create_floor", columns=columns(path))
    command = f"\\copy bench.floor from '{path}' with (format csv, delimiter ';', header true, encoding 'UTF8')"
    taken = place.measure("psql copy", [*psql(), "-qc", command], place.as_admin())
    place.sql("floor")
    return {"floor": taken}


def one(place: Place) -> Round:
    """Each verb on the one selection, into an empty raw."""
    return {verb: taken for verb, taken in _verbs(place, "one")}


def many(place: Place) -> Round:
    """Each verb on the same person lists as a delivery of each municipality, in one batch."""
    return {f"{verb} ({MANY})": taken for verb, taken in _verbs(place, "many")}


def _verbs(place: Place, inbox: str) -> Iterator[tuple[str, Taken]]:
    place.sql("reset_brp")
    yield "fetch", place.opvang("fetch", "brp", OPVANG_INBOX=place.inbox(inbox))
    for verb in VERBS:
        yield verb, place.opvang(verb, "brp")
    _demand_published(place)


def _demand_published(place: Place) -> None:
    """A run that refused more than the few lists of a very small municipality is no measurement."""
    if 100 * (told := counts(place))["records_published"] < 90 * told["records_read"]:
        raise BenchError(f"the selection was not published: {told}")


def counts(place: Place) -> dict[str, int]:
    """What the ledger says of the brp deliveries."""
    told: dict[str, int] = json.loads(place.sql("counts"))
    return told


def columns(path: Path) -> int:
    """How many columns the file has."""
    with path.open(encoding="utf-8-sig") as file:
        return len(file.readline().split(";"))


def load_code_tables(place: Place) -> None:
    """What brp is checked against."""
    files = sorted(str(path) for path in (place.shipped / "code_tables").rglob("*.csv"))
    place.opvang("load", "code_tables", *files)

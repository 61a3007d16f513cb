"""The gate against PostgreSQL's own COPY: the same file, the same server, in turns."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.place import BenchError, Place, psql
from bench.results import Round, Taken

VERBS = ("land", "validate", "publish")
MANY = "344 deliveries"
SMALLEST_SHARE_PUBLISHED = (
    90  # percent: the test set's faults stop 4.5 %, and all of a very small municipality now and then
)


def floor(place: Place) -> Round:
    """The COPY of psql: the file into an unlogged table of text columns."""
    path = place.selection()
    place.sql("create_floor", columns=columns(path))
    command = f"\\copy bench.floor from '{path}' with (format csv, delimiter ';', header true, encoding 'UTF8')"
    taken = place.measure("psql copy", [*psql(), "-qc", command], place.as_admin())
    place.sql("floor")
    return {"floor": taken}


def land(place: Place) -> Round:
    """Fetch and land the one selection."""
    return dict(verbs(place, "one", VERBS[:1]))


def whole(place: Place) -> Round:
    """Each verb on the one selection, into an empty raw."""
    taken = dict(verbs(place, "one", VERBS))
    demand_published(place)
    return taken


def many(place: Place) -> Round:
    """Each verb on the same person lists as a delivery of each municipality, in one batch."""
    taken = dict(verbs(place, "many", VERBS))
    demand_published(place)
    return {f"{verb} ({MANY})": one for verb, one in taken.items()}


def verbs(place: Place, inbox: str, names: Sequence[str]) -> Iterator[tuple[str, Taken]]:
    """fetch, then each verb, on an inbox and an empty raw; what each took."""
    place.sql("reset")
    yield "fetch", place.opvang("fetch", "brp", OPVANG_INBOX=place.inbox(inbox))
    for verb in names:
        yield verb, place.opvang(verb, "brp")


def through(place: Place, source: str, *options: str, **more: str) -> Round:
    """Fetch with these options and in this environment, then every other verb: what each took."""
    fetched = place.opvang("fetch", source, *options, **more)
    return {"fetch": fetched} | {verb: place.opvang(verb, source) for verb in VERBS}


def demand_published(place: Place) -> None:
    """A run that lost or refused the selection is no measurement."""
    told = counts(place)
    if 100 * told["records_published"] < SMALLEST_SHARE_PUBLISHED * told["records_read"]:
        raise BenchError(f"the selection was not published: {told}")


def counts(place: Place, source: str = "brp") -> dict[str, int]:
    """What the ledger says of the deliveries of a source."""
    told: dict[str, int] = json.loads(place.sql("counts", source=source))
    return told


def columns(path: Path) -> int:
    """How many columns the file has."""
    with path.open(encoding="utf-8-sig") as file:
        return file.readline().count(";") + 1


def load_code_tables(place: Place) -> None:
    """What brp is checked against."""
    files = sorted(str(path) for path in (place.shipped / "code_tables").rglob("*.csv"))
    place.opvang("load", "code_tables", *files)

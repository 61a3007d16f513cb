"""The other feeds: what six simulated weeks of reports, contracts, owners, decisions and claims takes from the files and the APIs to raw."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from bench.gate import counts, through
from bench.place import BenchError, Place
from bench.results import Round, Taken, together

SOURCES = ("reception", "energy_contracts", "ownership", "sanction_decisions", "claims")
INBOX = "feeds"
DAYS = ("--from", "2022-08-26", "--until", "2022-10-10")  # decisions come in September
PERSONS = ("--persons", "1")  # brp has parts of its own
NOTES = [
    "As `opvang simulate` makes them for 26 August to 10 October 2022: of 25 regions 12 deliver spreadsheets and CSV, 13 are asked by their API; contracts come as OCDS, eForms and CSV, owners as BODS.",
    "Each line is fetch, land, validate and publish together, four processes with their imports.",
]


def rounds(place: Place, _: int, runs: int) -> tuple[list[Round], list[str]]:
    """Every source once a round, all four verbs as processes of their own."""
    served = ("--region-api", str(place.folder / "home" / "region-api"))
    place.opvang("simulate", "--out", place.inbox(INBOX), *DAYS, *PERSONS, *served)
    with _region_api() as connections:
        found = [_round(place, connections) for _ in range(runs)]
    told = {source: counts(place, source) for source in SOURCES}
    records = sum(one["records_read"] for one in told.values())
    place.tell(size=records, rows=records)
    told_of = (f"{source} {one['records_read']:,} in {one['deliveries']:,} deliveries" for source, one in told.items())
    return found, [*NOTES, f"Records: {', '.join(told_of)}."]


def _round(place: Place, connections: Mapping[str, str]) -> Round:
    place.sql("reset")
    return {source: _source(place, source, connections) for source in SOURCES}


def _source(place: Place, source: str, connections: Mapping[str, str]) -> Taken:
    taken = together(through(place, source, OPVANG_INBOX=place.inbox(INBOX), **connections))
    told = counts(place, source)
    if not told["records_published"]:
        raise BenchError(f"{source} was not published: {told}")
    return replace(taken, rows=told["records_read"])


@contextmanager
def _region_api() -> Iterator[Mapping[str, str]]:
    """The regions' API in a process of its own; the connections by which fetch finds it."""
    from tests.chaos.api import Api, connections

    api = Api()
    api.start()
    try:
        yield connections()
    finally:
        api.kill()

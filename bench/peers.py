"""Other loaders on the same file and server: in an environment of their own, flat into one table, nothing else asked of them."""

from pathlib import Path
from urllib.parse import quote

from bench.place import BENCH, BenchError, Place
from bench.results import Round, Taken

PYTHON = BENCH / ".venv" / "bin" / "python"
FAST = {"dlt with Arrow": "dlt_arrow"}
# Minutes for the whole file, so these get a tenth of it, and their time counts ten times: a start of seconds counts so, too.
SLOW = {"dlt by default": "dlt_default", "pandas to_sql": "pandas_to_sql"}
# Several files are loaded at once: 41 s instead of 52 s for 1,000,000 person lists; as CSV it took three times as long.
FASTEST = {"dlt_arrow": {"DATA_WRITER__FILE_MAX_ITEMS": "150000"}}
TELEMETRY_OFF = {"RUNTIME__DLTHUB_TELEMETRY": "false"}


def fast(place: Place) -> Round:
    """The peers that take the whole file."""
    return {name: _load(place, program, place.selection()) for name, program in FAST.items()}


def slow(place: Place) -> Round:
    """The peers that take a tenth of it, times ten."""
    return {name: _load(place, program, place.tenth()).times(10) for name, program in SLOW.items()}


def _load(place: Place, program: str, path: Path) -> Taken:
    if not PYTHON.exists():
        raise BenchError(f"{PYTHON} is missing: start with make bench, which installs the peers")
    place.sql("create_peer", schema=program)
    command: list[str | Path] = [PYTHON, BENCH / "peers" / f"{program}.py", path, program, place.scratch()]
    taken = place.measure(program, command, _environment(place) | FASTEST.get(program, {}))
    if (rows := int(place.sql("peer", schema=program))) != (lines := _lines(path)):
        raise BenchError(f"{program} loaded {rows} of {lines} rows")
    return taken


def _environment(place: Place) -> dict[str, str]:
    own = place.as_admin()
    login = f"{own['PGUSER']}:{quote(own['PGPASSWORD'], safe='')}"
    url = f"postgresql://{login}@{own['PGHOST']}:{own['PGPORT']}/{own['PGDATABASE']}"
    return own | TELEMETRY_OFF | {"DESTINATION__POSTGRES__CREDENTIALS": url, "PYTHONPATH": ""}


def _lines(path: Path) -> int:
    """The rows of a file below its heading; no value of the selection holds a line end."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1

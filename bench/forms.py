"""The same person lists as a tabular selection and as LO3 messages, line by line: what each form costs to read."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bench.days import DAY
from bench.gate import VERBS, counts, demand_published, verbs
from bench.place import PROJECT, BenchError, Place
from bench.results import Round

FORMS = {"one": "tabular", "lo3": "LO3"}
UNKNOWN = "?"  # stands in LO3 for a character that Teletex doesn't have


def rounds(place: Place, persons: int, runs: int) -> tuple[list[Round], list[str]]:
    """Each verb on each form in turns; both forms must hold as many records."""
    place.make_selection(persons)
    messages = _make_messages(place)
    return [_round(place) for _ in range(runs)], [
        f"LO3: {messages.stat().st_size / 1e6:,.0f} MB, one message a line. Its values stand one by one behind their length, so each is found in Python."
    ]


def _round(place: Place) -> Round:
    taken: Round = {}
    read = set()
    for inbox, form in FORMS.items():
        taken |= {f"{verb}, {form}": one for verb, one in verbs(place, inbox, VERBS)}
        demand_published(place)
        read.add(counts(place)["records_read"])
    if len(read) > 1:
        raise BenchError(f"the forms hold different numbers of records: {read}")
    return taken


def _make_messages(place: Place) -> Path:
    """The messages beside the selection, written by a process of its own."""
    path = place.folder / "data" / "lo3" / "brp" / "rvig" / DAY.isoformat() / "lists.lo3"
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bench.forms", str(place.selection()), str(path)]
    subprocess.run(command, env=place.environment(), cwd=PROJECT, check=True)
    return path


def write(selection: Path, path: Path) -> None:
    """Write the lists of a selection as messages."""
    from tests.lo3_messages import LO3_CATEGORIES, message

    with selection.open(encoding="utf-8-sig", newline="") as file, path.open("wb") as out:
        rows = csv.reader(file, delimiter=";")
        headings = next(rows)
        # A selection of some elements has no column for most marks of history: what follows in it is history.
        marks = [mark for code in LO3_CATEGORIES if (mark := f"{code}.H") not in headings]
        for one in _lists(rows):
            out.write(message(headings + marks, [[*map(_in_teletex, row), *[""] * len(marks)] for row in one]) + b"\n")


def _lists(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    one: list[list[str]] = []
    for row in chain(rows, [["end"]]):
        if row[0] and one:
            yield one
            one = []
        one.append(row)


def _in_teletex(value: str) -> str:
    from opvang.readers import teletex

    if value.isascii():
        return value
    known = teletex.characters()
    return "".join(character if character in known else UNKNOWN for character in value)


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))

"""`python -m bench`: measure, print and write down."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from bench import gate, table
from bench.place import Place, place
from bench.table import Round

PARTS: dict[str, Callable[[Place], Round]] = {"floor": gate.floor, "one": gate.one, "many": gate.many}
console = Console(width=140, highlight=False)


def main() -> None:
    """Measure what was asked for, in turns; print a table."""
    options = _options()
    parts = [name for name in PARTS if name in options.only]
    with place(options.folder) as here:
        _prepare(here, options.persons)
        rounds = [_round(here, parts, number) for number in range(1, options.runs + 1)]
    console.print(table.rich(rounds, options.persons))


def _options() -> argparse.Namespace:
    known = argparse.ArgumentParser(prog="make bench", description=__doc__)
    known.add_argument("--runs", type=int, default=3, help="how often each is measured")
    known.add_argument("--persons", type=int, default=1_000_000, help="person lists in the selection")
    known.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS), help=", ".join(PARTS))
    known.add_argument("--folder", type=Path, help="where to work; default: the system's temporary folder")
    return known.parse_args()


def _prepare(here: Place, persons: int) -> None:
    console.print(f"making a selection of {persons:,} person lists")
    command = [sys.executable, "-m", "bench.selection", str(here.folder / "data"), str(persons)]
    subprocess.run(command, check=True)
    console.print(f"{here.selection().stat().st_size / 1e6:,.0f} MB")
    gate.load_code_tables(here)


def _round(here: Place, parts: list[str], number: int) -> Round:
    """One round: every contender once, one after the other."""
    found: Round = {}
    for name in parts:
        for what, taken in PARTS[name](here).items():
            console.print(f"round {number}: {what}: {taken.seconds:.1f} s, {taken.peak_mb:.0f} MB")
            found[what] = taken
    return found


if __name__ == "__main__":
    main()

"""`python -m bench`: measure, print and write docs/benchmark.md."""

import argparse
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console

from bench import day, gate, large, orchestration, peers, table
from bench.place import PROJECT, BenchError, Place, place
from bench.results import Result, Round, kept, result

Part = Callable[[Place], Round]
# The contenders that take turns in each round; `land` alone is for who works on it.
TURNS: dict[str, Part] = {
    "floor": gate.floor,
    "land": gate.land,
    "gate": gate.whole,
    "many": gate.many,
    "peers": peers.fast,
    "slow-peers": peers.slow,
}
OWN_ROUNDS = {"large": large.rounds, "day": day.rounds, "orchestration": orchestration.rounds}
GROUPS = ("gate", *OWN_ROUNDS)
DOCUMENT = PROJECT / "docs" / "benchmark.md"
console = Console(highlight=False)
began = time.monotonic()


def main() -> None:
    """Measure what was asked for; print it as soon as a group is done, and write the document when all groups are known."""
    options = _options()
    try:
        with place(options.folder) as here:
            gate.load_code_tables(here)
            for measured in _measured(here, options):
                measured.keep()
                _show(measured)
            _write(here.postgresql())
    except BenchError as error:
        sys.exit(f"bench: {error}")


def _options() -> argparse.Namespace:
    parts = [*(name for name in TURNS if name != "land"), *OWN_ROUNDS]
    known = argparse.ArgumentParser(prog="make bench", description=__doc__)
    known.add_argument("--runs", type=int, default=3, help="rounds (default 3)")
    known.add_argument("--persons", type=int, default=1_000_000, help="person lists (default 1,000,000)")
    known.add_argument(
        "--cycle-persons", type=int, default=100_000, help="person lists of day and orchestration (default 100,000)"
    )
    known.add_argument("--only", type=_parts, default=parts, help=f"some of {', '.join([*TURNS, *OWN_ROUNDS])}")
    known.add_argument("--folder", type=Path, help="where to work (default: the system's temporary folder)")
    return known.parse_args()


def _parts(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - TURNS.keys() - OWN_ROUNDS.keys():
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(sorted(unknown))}")
    return names


def _measured(here: Place, options: argparse.Namespace) -> Iterator[Result]:
    command = f"make bench BENCH={shlex.quote(shlex.join(sys.argv[1:]))}" if sys.argv[1:] else "make bench"
    if turns := [name for name in TURNS if name in options.only]:
        here.make_selection(options.persons)
        _say(f"a selection of {options.persons:,} person lists, {here.selection().stat().st_size / 1e6:,.0f} MB")
        rounds = [_round(here, turns, number) for number in range(1, options.runs + 1)]
        yield result("gate", options.persons, rounds, _notes(here), command)
    for name in OWN_ROUNDS:
        if name in options.only:
            persons = 5 * options.persons if name == "large" else options.cycle_persons
            rounds, notes = OWN_ROUNDS[name](here, persons, options.runs, _say)
            yield result(name, persons, rounds, notes, command)


def _round(here: Place, turns: Sequence[str], number: int) -> Round:
    """Every contender once, one after the other."""
    found: Round = {}
    for name in turns:
        for what, taken in TURNS[name](here).items():
            _say(f"round {number}: {what}: {taken.seconds:.1f} s, {taken.peak_mb:.0f} MB")
            found[what] = taken
    return found


def _notes(here: Place) -> list[str]:
    told = here.selection_told()
    return [
        f"The file: {told['person_lists']:,} person lists in {told['rows']:,} rows of {told['columns']} columns, {told['mb']:,} MB, simulated. Rows and the elements filled in them are those of "
        f"the RvIG test set ({told['test_set_lists']} lists in {told['test_set_rows']} rows that fill an element of the contract), drawn by chance, its faults included.",
        "BSNs begin with 9, which are never given out; the test range proper (9999…) has too few for as many different pseudonyms.",
        "Peers load the file flat into one table; dlt by default and pandas to_sql got a tenth of it, and their time counts ten times.",
    ]


def _show(measured: Result) -> None:
    for one in table.rich(measured):
        console.print(one)


def _write(postgresql: str) -> None:
    results = list(kept(GROUPS))
    if missing := set(GROUPS) - {one.group for one in results}:
        console.print(f"docs/benchmark.md is left as it was: {', '.join(sorted(missing))} not measured yet")
        return
    DOCUMENT.write_text(table.document(results, postgresql))
    console.print(f"written to {DOCUMENT.relative_to(PROJECT)}")


def _say(words: str) -> None:
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    console.print(f"{minutes:>3}:{seconds:02}  {words}")


if __name__ == "__main__":
    main()

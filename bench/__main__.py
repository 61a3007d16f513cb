"""Measure the gate beside COPY and other loaders, print it, and write docs/benchmark.md."""

import argparse
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console

from bench import day, feeds, forms, gate, large, orchestration, ownership, peers, table
from bench.place import PROJECT, BenchError, Place, place
from bench.results import Result, Round, kept, result

# The contenders that take turns in each round of the group `gate`; `land` by itself is for who works on it.
TURNS: dict[str, Callable[[Place], Round]] = {
    "floor": gate.floor,
    "land": gate.land,
    "gate": gate.whole,
    "many": gate.many,
    "peers": peers.fast,
    "slow-peers": peers.slow,
}
OWN_ROUNDS = {
    "large": large.rounds,
    "forms": forms.rounds,
    "day": day.rounds,
    "orchestration": orchestration.rounds,
    "feeds": feeds.rounds,
    "ownership": ownership.rounds,
}
PARTS = [*TURNS, *OWN_ROUNDS]
BY_DEFAULT = [name for name in PARTS if name != "land"]
PERSONS, CYCLE_PERSONS, TIMES_LARGE = 1_000_000, 100_000, 5
DOCUMENT = PROJECT / "docs" / "benchmark.md"
WIDTH = 150  # of a pipe or a file, which has none of its own

console = Console(highlight=False, soft_wrap=True)
began = time.monotonic()


def main() -> None:
    """Measure what was asked for; each group is shown as soon as it is done, and the document written when all are known."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: stopped"))  # so that the server is stopped, too
    try:
        with place(options.folder, _say) as here:
            gate.load_code_tables(here)
            for measured in _measured(here, options):
                _show(measured)
                if _is_whole(measured, options):
                    measured.keep()
            _write(here.postgresql())
    except BenchError as error:
        sys.exit(f"bench: {error}")


def _options() -> argparse.Namespace:
    known = argparse.ArgumentParser(prog="make bench", description=__doc__)
    known.add_argument("--runs", type=int, default=3, help="rounds (default 3)")
    known.add_argument(
        "--persons",
        type=int,
        default=PERSONS,
        help=f"person lists, and companies and persons of ownership (default {PERSONS:,})",
    )
    known.add_argument(
        "--cycle-persons",
        type=int,
        default=CYCLE_PERSONS,
        help=f"of forms, day and orchestration (default {CYCLE_PERSONS:,})",
    )
    known.add_argument("--only", type=_parts, default=BY_DEFAULT, help=f"some of {','.join(PARTS)}")
    known.add_argument("--folder", type=Path, help="where to work (default: the system's temporary folder)")
    return known.parse_args()


def _parts(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(PARTS):
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(sorted(unknown))}")
    return names


def _measured(here: Place, options: argparse.Namespace) -> Iterator[Result]:
    command = f"make bench BENCH={shlex.quote(shlex.join(sys.argv[1:]))}" if sys.argv[1:] else "make bench"
    if turns := [name for name in TURNS if name in options.only]:
        here.make_selection(options.persons)
        rounds = [_round(here, turns, number) for number in range(1, options.runs + 1)]
        yield result("gate", here.told(), rounds, _notes(here), command)
    for name, measure in OWN_ROUNDS.items():
        if name in options.only:
            sizes = {"large": TIMES_LARGE * options.persons, "ownership": options.persons}
            rounds, notes = measure(here, sizes.get(name, options.cycle_persons), options.runs)
            yield result(name, here.told(), rounds, notes, command)


def _round(here: Place, turns: Sequence[str], number: int) -> Round:
    """Every contender once, one after the other."""
    _say(f"round {number}")
    found: Round = {}
    for name in turns:
        found |= TURNS[name](here)
    return found


def _notes(here: Place) -> list[str]:
    told = here.told()
    drawn = f"{told['test_set_lists']} lists in {told['test_set_rows']} rows that fill an element of the contract"
    file = (
        f"The file: {told['rows']:,} rows of {told['columns']} columns, {told['mb']:,} MB, simulated. How many rows a list has, what is filled in them and which faults there are "
        f"is as in the RvIG test set ({drawn}), drawn by chance."
    )
    return [
        file,
        "BSNs begin with 9, which are never given out; the test range proper (9999…) has too few for as many different pseudonyms.",
        "Peers load the file flat into one table. dlt by default and pandas to_sql got a tenth of it, and their time counts ten times, their start of a second or two with it.",
    ]


def _is_whole(measured: Result, options: argparse.Namespace) -> bool:
    """Whether it is as large and as complete as the document wants it."""
    is_complete = measured.group != "gate" or set(BY_DEFAULT) & TURNS.keys() <= set(options.only)
    return is_complete and (options.persons, options.cycle_persons) == (PERSONS, CYCLE_PERSONS)


def _show(measured: Result) -> None:
    wide = console if console.is_terminal else Console(width=WIDTH)
    for one in table.rich(measured):
        if one.row_count:
            wide.print(one)


def _write(postgresql: str) -> None:
    groups = ("gate", *OWN_ROUNDS)
    results = list(kept(groups))
    missing = ", ".join(group for group in groups if group not in {one.group for one in results})
    page = table.document(results, postgresql)
    DOCUMENT.write_text(f"{page}\nNot measured in full yet: {missing}.\n" if missing else page)
    _say(f"written to {DOCUMENT.relative_to(PROJECT)}")


def _say(words: str) -> None:
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    console.print(f"{minutes:>3}:{seconds:02}  {words}")


if __name__ == "__main__":
    main()

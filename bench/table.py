"""Results as people read them: in the terminal and in docs/benchmark.md."""

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from statistics import median

from rich.table import Table

from bench.bars import Verdict, verdicts
from bench.results import Result

HEAD = ("what", "median s", "min s", "max s", "rows/s", "CPU s", "peak MB")
BARS = ("bar", "measured", "wanted", "")
TITLES = {
    "gate": "The gate beside COPY and other loaders",
    "large": "Five times as much",
    "forms": "LO3 beside the tabular form",
    "day": "A day in the life",
    "orchestration": "Through the scheduler",
    "feeds": "The other feeds",
    "ownership": "Who owns the suppliers",
}
ABOUT = """# How fast the gate is

Made by `make bench`; don't edit. Each figure is the wall time of a process of its own, from its start to its end, imports included; contenders take
turns, so that what else the machine does hits all alike, and a ratio is made of one round and its median over the rounds is judged. "Peak MB" and "CPU s" are the client's,
not the server's. The server is the embedded PostgreSQL with the settings of `include/opvang/server.py`, on the same machine, with nothing else in it; a checkpoint stands before each contender.
"""


def rich(result: Result) -> tuple[Table, Table]:
    """What each contender took, and the bars."""
    title = f"{TITLES[result.group]}: {result.size:,} {result.unit}, {len(result.rounds)} round(s)"
    return _table(title, HEAD, rows(result)), _table("", BARS, map(_bar, verdicts(result)))


def _table(title: str, head: Sequence[str], lines: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title)
    for at, name in enumerate(head):
        table.add_column(name, justify="left" if at == 0 else "right", no_wrap=True)
    for line in lines:
        table.add_row(*line)
    return table


def rows(result: Result) -> Iterator[tuple[str, ...]]:
    """One line per contender."""
    for name in result.rounds[0]:
        taken = [one[name] for one in result.rounds]
        seconds = [one.seconds for one in taken]
        middle = median(seconds)
        peak = max(one.peak_mb for one in taken)
        cpu = median(one.cpu_seconds for one in taken)
        times = (f"{value:.1f}" for value in (middle, min(seconds), max(seconds)))
        yield (
            name,
            *times,
            f"{(taken[0].rows or result.rows) / middle:,.0f}",
            f"{cpu:.1f}" if cpu else "",
            f"{peak:.0f}" if peak else "",
        )


def _bar(verdict: Verdict) -> tuple[str, ...]:
    return verdict.bar, verdict.measured, verdict.wanted, "met" if verdict.is_met else "not met"


def document(results: Sequence[Result], postgresql: str) -> str:
    """docs/benchmark.md."""
    bars = [verdict for result in results for verdict in verdicts(result)]
    parts = [ABOUT, f"{_machine()}, PostgreSQL {postgresql}.\n", "## The bars\n", _markdown(BARS, map(_bar, bars))]
    parts += [f"- **{verdict.bar}**: {verdict.means}." for verdict in bars]
    for result in results:
        parts += [f"\n## {TITLES[result.group]}\n", _origin(result), _markdown(HEAD, rows(result))]
        parts += [f"- {note}" for note in result.notes]
    return "\n".join(parts) + "\n"


def _origin(result: Result) -> str:
    return f"{result.size:,} {result.unit}, {len(result.rounds)} round(s), {result.day}, commit {result.commit}: `{result.command}`\n"


def _markdown(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines)) + "\n"


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{cores} cores ({platform.machine()}), {memory:.0f} GB of memory, Python {platform.python_version()}, polars {version('polars')}, Great Expectations {version('great-expectations')}, dbt {version('dbt-core')}"

"""What was measured, kept per group, so that the document can be made of runs at different times."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import reduce
from operator import add
from pathlib import Path

UNITS = {"ownership": "companies and persons", "feeds": "records"}
KEPT = Path(__file__).with_name("measured")


@dataclass(frozen=True)
class Taken:
    """What a process took, and for how many rows where these aren't those of its group."""

    seconds: float
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    rows: int | None = None

    def __add__(self, other: "Taken") -> "Taken":
        """One after the other."""
        seconds, cpu_seconds = self.seconds + other.seconds, self.cpu_seconds + other.cpu_seconds
        return Taken(seconds, cpu_seconds, max(self.peak_mb, other.peak_mb))

    def times(self, factor: float) -> "Taken":
        """The same for so many times the file."""
        return Taken(self.seconds * factor, self.cpu_seconds * factor, self.peak_mb)


Round = dict[str, Taken]


def together(taken: Round) -> Taken:
    """All of it, one after the other."""
    return reduce(add, taken.values())


@dataclass(frozen=True)
class Result:
    """One group: its rounds, and what must be said of them."""

    group: str
    size: int
    rows: int
    rounds: Sequence[Round]
    notes: Sequence[str]
    command: str
    day: str
    commit: str

    @property
    def unit(self) -> str:
        """What the size counts."""
        return UNITS.get(self.group, "person lists")

    def keep(self) -> None:
        """Write it down in place of an earlier one of the group."""
        KEPT.mkdir(exist_ok=True)
        (KEPT / f"{self.group}.json").write_text(json.dumps(asdict(self), indent=1))


def result(group: str, told: Mapping[str, int], rounds: Sequence[Round], notes: Sequence[str], command: str) -> Result:
    """A result of today and of this commit, on a selection of which its maker told this."""
    return Result(
        group,
        told["size"],
        told["rows"],
        rounds,
        notes,
        command,
        datetime.now(UTC).date().isoformat(),
        _commit(),
    )


def kept(groups: Sequence[str]) -> Iterator[Result]:
    """The latest result of each group that was ever measured here."""
    for group in groups:
        path = KEPT / f"{group}.json"
        told = json.loads(path.read_text()) if path.exists() else {}
        # What an older benchmark wrote down is as good as not measured.
        if told.keys() == {field.name for field in fields(Result)}:
            rounds = [{name: Taken(**taken) for name, taken in one.items()} for one in told["rounds"]]
            yield Result(**(told | {"rounds": rounds}))


def _commit() -> str:
    """The commit that was measured, with a + when files differ from it."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(command, cwd=KEPT.parent, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"

"""Programs that run beside us, their words kept in a log."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opvang import settings
from opvang.errors import ServerError

LOGS = settings.HOME / "logs"


@dataclass(frozen=True)
class Job:
    """A program under way, or done."""

    name: str
    process: subprocess.Popen[str]
    log: Path
    began: float

    def finish(self) -> float:
        """Wait for its end; returns the seconds it took, or ServerError with its last words."""
        if self.process.wait():
            raise ServerError(f"{self.name} failed: {last_line(self.log.read_text())} (log: {self.log})")
        return time.monotonic() - self.began


def start(name: str, command: Sequence[object], environment: Mapping[str, str], said: str = "") -> Job:
    """Start a program; what it would read from a terminal is `said`, for it has none."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name.replace(' ', '-')}.log"
    with log.open("w") as words:
        process = subprocess.Popen(
            [str(word) for word in command],
            env=environment,
            cwd=settings.PROJECT,
            stdin=subprocess.PIPE,
            stdout=words,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=bool(said),
        )
    if process.stdin:
        with process.stdin:
            process.stdin.write(said)
    return Job(name, process, log, time.monotonic())


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"

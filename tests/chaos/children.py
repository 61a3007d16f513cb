"""Verbs in processes of their own, forked from one that has the imports behind it, and killed where we say."""

import contextlib
import logging
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import psutil
import psycopg

from opvang import fetch, ledger, load, settings, store, warehouse
from opvang.contract import contract
from opvang.endpoints import endpoints, from_environment
from opvang.errors import OpvangError
from opvang.land import land
from opvang.publish import publish
from opvang.validate import validate

PRELOAD = ["great_expectations", "great_expectations.expectations.registry", "sqlalchemy.dialects.postgresql.psycopg"]
PRELOAD += [*(f"opvang.sources.{source}" for source in ("brp", "reception", "code_tables")), "tests.chaos.children"]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(PRELOAD)
# Where a verb touches the outside: each is a boundary, before it and after it.
BOUNDARIES: list[tuple[Any, str]] = [
    *((psycopg.Cursor, name) for name in ("execute", "executemany", "copy")),
    *((psycopg.Connection, name) for name in ("commit", "rollback", "close")),
    (psycopg.Copy, "write"),
    (store, "_write"),
    (Path, "rename"),
    (Path, "unlink"),
]
PATIENCE = 120
LIVING: list[Any] = []


@dataclass(frozen=True)
class Job:
    """One verb on one source, and the boundary at which it sends itself a signal; 0 is never."""

    verb: str
    source: str
    inbox: str
    environment: dict[str, str]
    at: int = 0
    signal: int = signal.SIGKILL
    largest_file: int = resource.RLIM_INFINITY


@dataclass
class Child:
    """A job under way."""

    job: Job
    process: Any
    answers: Pipe
    said: dict[str, Any] = field(default_factory=dict)

    def kill(self) -> None:
        self.process.kill()

    def is_held(self) -> bool:
        """Wait until it has stopped itself at its boundary; False when it ended before."""
        process = psutil.Process(self.process.pid)
        while not self.answers.poll(0.01):
            if process.status() == psutil.STATUS_STOPPED:
                return True
        return False

    def go_on(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def end(self) -> dict[str, Any]:
        """What became of it: `result`, `error` or `traceback`, with `calls` and `seconds`; or only `killed`."""
        self.process.join(PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            raise AssertionError(f"{self.job} hangs")
        with contextlib.suppress(EOFError):
            self.said = self.answers.recv() if self.answers.poll() else {}
        self.answers.close()
        return self.said | {"killed": self.process.exitcode == -signal.SIGKILL}


def start(job: Job) -> Child:
    """Begin a job in a fork; returns when it begins, the fork behind it."""
    answers, say = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_act, args=(job, say), daemon=True)
    process.start()
    say.close()
    LIVING.append(process)
    assert answers.recv() == "begun"
    return Child(job, process, answers)


def leave_none() -> None:
    """Kill what a test that failed left held or running."""
    while LIVING:
        LIVING.pop().kill()


def run(job: Job) -> dict[str, Any]:
    """Do a job in a fork and wait for its end."""
    return start(job).end()


def _act(job: Job, say: Pipe) -> None:
    os.environ.update(job.environment)
    settings.INBOX = job.inbox
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (job.largest_file, resource.RLIM_INFINITY))
    say.send("begun")
    began, calls = time.monotonic(), _arm(job.at, job.signal)
    try:
        outcome = {"result": VERBS[job.verb](job.source)}
    except OpvangError as error:
        outcome = {"error": f"{type(error).__name__}: {error}"}
    except BaseException as error:  # noqa: BLE001
        outcome = {"traceback": f"{type(error).__name__}: {error}"}
    say.send(outcome | {"calls": calls, "seconds": time.monotonic() - began})


def _arm(at: int, signal_number: int) -> list[str]:
    """Write down every boundary from now on, and send ourselves a signal just before one of them."""
    calls: list[str] = []
    for owner, name in BOUNDARIES:
        setattr(owner, name, _noted(getattr(owner, name), name, calls, at, signal_number))
    return calls


def _noted(
    function: Callable[..., Any], name: str, calls: list[str], at: int, signal_number: int
) -> Callable[..., Any]:
    @wraps(function)
    def noted(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        if len(calls) == at:
            os.kill(os.getpid(), signal_number)
        return function(*args, **kwargs)

    return noted


def _fetch(source: str) -> int | None:
    """As the command does it: the regions that have a connection in the environment are asked."""
    return fetch.fetch(source, endpoints=endpoints(contract(source), from_environment))


def _batch(source: str) -> int:
    with warehouse.connect() as connection:
        batch = ledger.last_batch(connection, source)
    if batch is None:
        raise AssertionError(f"no batch of {source} waits")
    return batch


def _load(source: str) -> list[str]:
    files = [path for path in sorted(Path(settings.INBOX, source).rglob("*")) if path.is_file()]
    return [
        account["verdict"] for account in load.load(contract(source).source, list(map(str, files)), None, None, None)
    ]


def _run(source: str) -> Any:
    """All four verbs, as a run of the source's DAG does them."""
    batch = _fetch(source)
    return None if batch is None else load.run(source, batch)


VERBS: dict[str, Callable[[str], Any]] = {
    "fetch": _fetch,
    "land": lambda source: land(source, _batch(source)),
    "validate": lambda source: validate(source, _batch(source)),
    "publish": lambda source: publish(source, _batch(source)),
    "load": _load,
    "run": _run,
}

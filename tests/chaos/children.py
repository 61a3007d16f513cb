"""Verbs in processes of their own, forked from one that has the imports behind it, and killed where we say."""

import contextlib
import itertools
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import psycopg

from opvang import fetch, ledger, load, settings, store, warehouse
from opvang.contract import contract
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


@dataclass(frozen=True)
class Job:
    """One verb on one source, and the boundary at which it dies; 0 is never."""

    verb: str
    source: str
    inbox: str
    environment: dict[str, str]
    dies_at: int = 0
    dies_after: bool = False


@dataclass
class Child:
    """A job under way."""

    job: Job
    process: Any
    answers: Pipe
    said: dict[str, Any] = field(default_factory=dict)

    def kill(self) -> None:
        self.process.kill()

    def end(self) -> dict[str, Any]:
        """What became of it: `calls` and `seconds` of a job that ended, `error` when it said so, `killed`."""
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
    assert answers.recv() == "begun"
    return Child(job, process, answers)


def run(job: Job) -> dict[str, Any]:
    """Do a job in a fork and wait for its end."""
    return start(job).end()


def _act(job: Job, say: Pipe) -> None:
    os.environ.update(job.environment)
    settings.INBOX = job.inbox
    logging.disable(logging.CRITICAL)
    say.send("begun")
    began, calls = time.monotonic(), _arm(job.dies_at, job.dies_after)
    try:
        outcome = {"result": VERBS[job.verb](job.source)}
    except OpvangError as error:
        outcome = {"error": f"{type(error).__name__}: {error}"}
    except BaseException as error:
        outcome = {"traceback": f"{type(error).__name__}: {error}"}
    say.send(outcome | {"calls": next(calls) - 1, "seconds": time.monotonic() - began})


def _arm(dies_at: int, dies_after: bool) -> Iterator[int]:
    """Count every boundary from now on and die at one of them."""
    calls = itertools.count(1)
    for owner, name in BOUNDARIES:
        setattr(owner, name, _counted(getattr(owner, name), calls, dies_at, dies_after))
    return calls


def _counted(function: Callable[..., Any], calls: Iterator[int], dies_at: int, dies_after: bool) -> Callable[..., Any]:
    @wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        is_last = next(calls) == dies_at
        if is_last and not dies_after:
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = function(*args, **kwargs)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    return counted


def _batch(source: str) -> int:
    with warehouse.connect() as connection:
        batch = ledger.last_batch(connection, source)
    if batch is None:
        raise AssertionError(f"no batch of {source} waits")
    return batch


def _load(source: str) -> list[str]:
    files = [path for path in sorted(Path(settings.INBOX, source).rglob("*")) if path.is_file()]
    return [account["verdict"] for account in load.load(contract(source).source, list(map(str, files)), None, None, None)]


def _run(source: str) -> Any:
    """All four verbs, as a run of the source's DAG does them."""
    batch = fetch.fetch(source)
    return None if batch is None else load.run(source, batch)


VERBS: dict[str, Callable[[str], Any]] = {
    "fetch": fetch.fetch,
    "land": lambda source: land(source, _batch(source)),
    "validate": lambda source: validate(source, _batch(source)),
    "publish": lambda source: publish(source, _batch(source)),
    "load": _load,
    "run": _run,
}

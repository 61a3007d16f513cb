"""The overhead of orchestration: the same delivery from a waiting file to fresh marts, from the shell and through the scheduler."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.gate import VERBS, through
from bench.place import BenchError, Place
from bench.results import Round, Taken, together

if TYPE_CHECKING:
    from opvang.airflow_api import Airflow, Run, Task

INGEST, TRANSFORM = "ingest_brp", "transform"
BUILD = "dbt.dbt_producer_watcher"
INBOX = "cycle"
SECONDS_TO_SETTLE = 5
SECONDS_TO_RUN = 3600
NOTE = "From the shell: fetch, land, validate, publish and dbt build, each a process of its own, with Airflow stopped; neither way runs the unit tests. Through the scheduler: from the trigger of ingest_brp until the dbt build in transform, which it wakes, has ended; the tasks that then show each model's outcome change no mart."


def rounds(place: Place, persons: int, runs: int) -> tuple[list[Round], list[str]]:
    """In turns: the shell with Airflow stopped, the scheduler with Airflow warm."""
    place.make_selection(persons)
    # Beside the delivery something that is known already: `opvang up` would fill an empty inbox with a simulation.
    shutil.copytree(place.shipped / "code_tables", Path(place.inbox(INBOX)) / "code_tables")
    found = []
    try:
        for number in range(1, runs + 1):
            place.say(f"round {number}")
            found.append(_shell(place) | _scheduler(place))
    finally:
        _stop_airflow()
    return found, [NOTE]


def _shell(place: Place) -> Round:
    _stop_airflow()
    place.sql("reset")
    place.sql("settle")
    with _waiting_file(place):
        steps = through(place, "brp", OPVANG_INBOX=place.inbox(INBOX)) | {"dbt build": place.build()}
    return {"from the shell": together(steps)} | {f"{name}, shell": taken for name, taken in steps.items()}


def _scheduler(place: Place) -> Round:
    from opvang import airflow_api

    place.opvang("up", OPVANG_INBOX=place.inbox(INBOX))
    place.sql("reset")
    place.sql("settle")
    time.sleep(SECONDS_TO_SETTLE)
    airflow = airflow_api.connect()
    with _waiting_file(place):
        began = time.monotonic()
        ingest, made = _cycle(airflow)
        taken = Taken(time.monotonic() - began)
        _wait_for(airflow, made)
    place.say(f"through the scheduler: {taken.seconds:.1f} s")
    steps = _steps(airflow, ingest, made)
    waits = Taken(taken.seconds - together(steps).seconds)
    return (
        {"through the scheduler": taken}
        | {f"{name}, scheduler": one for name, one in steps.items()}
        | {"between the tasks": waits}
    )


def _steps(airflow: "Airflow", ingest: "Run", made: "list[Run]") -> Round:
    """What each task took, from when the scheduler's process for it began until it ended."""
    verbs, builds = airflow.tasks(ingest), [airflow.tasks(one)[BUILD] for one in made]
    tasks = {verb: [verbs[verb]] for verb in ("fetch", *VERBS)} | {"dbt build": builds}
    return {name: Taken(sum(_seconds(task) for task in of_name)) for name, of_name in tasks.items()}


def _seconds(task: "Task") -> float:
    if task.started is None or task.ended is None:
        raise BenchError("a task of a run that ended has no start or end: see its log")
    return (task.ended - task.started).total_seconds()


@contextmanager
def _waiting_file(place: Place) -> Iterator[None]:
    """The selection in the inbox of the cycle, for as long as it takes."""
    waiting = Path(place.inbox(INBOX)) / "brp"
    (Path(place.inbox("one")) / "brp").rename(waiting)
    try:
        yield
    finally:
        waiting.rename(Path(place.inbox("one")) / "brp")


def _cycle(airflow: "Airflow") -> "tuple[Run, list[Run]]":
    """Trigger the ingest of what waits, and see the marts made of it: both runs, or more where transform was woken again."""
    before = {run.run_id for run in airflow.runs(TRANSFORM)}
    run = airflow.trigger(INGEST)
    for _ in _ticks():
        run = airflow.run(run)
        made = [one for one in airflow.runs(TRANSFORM) if one.run_id not in before]
        if any(one.state == "failed" for one in (run, *made)):
            raise BenchError(f"{INGEST} or {TRANSFORM} failed: see its log")
        builds = [airflow.tasks(one).get(BUILD) for one in made]
        if builds and all(build and build.state == "success" for build in builds):
            break
    return run, made


def _wait_for(airflow: "Airflow", runs: "list[Run]") -> None:
    """Until each has told of all its models, so that the next round stops none of them half way."""
    for _ in _ticks():
        if all(airflow.run(run).is_finished for run in runs):
            return


def _ticks() -> Iterator[None]:
    deadline = time.monotonic() + SECONDS_TO_RUN
    while time.monotonic() < deadline:
        yield
        time.sleep(0.2)
    raise BenchError(f"{INGEST} has not ended after {SECONDS_TO_RUN} s")


def _stop_airflow() -> None:
    from opvang import services

    services.stop()

"""The main job through Airflow's scheduler: every source ingested, then the marts, watched until all has ended."""

import time
from collections.abc import Iterable

from opvang import region_api, status
from opvang.airflow_api import Airflow, Run
from opvang.contract import contracts
from opvang.errors import ServerError
from opvang.jobs import LOGS
from opvang.progress import Progress

TRANSFORM = "transform"
REPORT = "report"
SECONDS_TO_SEE = 180
SECONDS_TO_RUN = 3600


def dags() -> set[str]:
    """The DAGs that the main job needs."""
    return {TRANSFORM, *(_ingest(contract.source) for contract in contracts())}


def wait_for_dags(airflow: Airflow) -> None:
    """Until Airflow sees all of them; ServerError with what it can't read, or when it takes too long."""
    deadline = time.monotonic() + SECONDS_TO_SEE
    while not dags() <= airflow.dags().keys():
        for error in airflow.import_errors():
            raise ServerError(f"Airflow cannot read a DAG: {error}")
        if time.monotonic() > deadline:
            raise ServerError(
                f"Airflow does not see all DAGs after {SECONDS_TO_SEE} s: see the log of its DAG processor"
            )
        time.sleep(0.5)


def run(airflow: Airflow, progress: Progress) -> None:
    """Load what waits, what others need first; end when the marts hold it. ServerError names the task that failed."""
    if served := region_api.connections():
        airflow.connect(served)
    needed = {source for contract in contracts() for source in contract.needs}
    _load(airflow, sorted(needed), progress)
    _load(airflow, sorted({contract.source for contract in contracts()} - needed), progress)
    # Only now: where nothing ran before, the marts are made once of all that waited, and not once a source.
    airflow.unpause(TRANSFORM)
    _transform(airflow, progress)


def _load(airflow: Airflow, sources: Iterable[str], progress: Progress) -> None:
    runs = {source: _trigger(airflow, _ingest(source)) for source in sources}
    for _ in _ticks():
        runs = {source: run if run.is_finished else airflow.run(run) for source, run in runs.items()}
        _show(runs, progress)
        for run in runs.values():
            _demand_published(airflow, run)
        if all(run.is_finished for run in runs.values()):
            break
    for source, run in runs.items():
        # By the ledger: a run that the timetable started may have taken the batch before ours.
        if refused := _refused(source):
            words = f"{refused:,} deliveries so far; what else came is published: see the red runs of {airflow.dag_url(run)}, or opvang feedback {source}"
            progress.done(f"{source}, refused", words)


def _show(runs: dict[str, Run], progress: Progress) -> None:
    for source, run in runs.items():
        tell = progress.done if run.is_finished else progress.say
        tell(source, _account(source) or "nothing has come in")


def _account(source: str) -> str:
    """The ledger on one source: '46 of 50 deliveries, 45,460 records published, 12 in quarantine'."""
    rows = status.summary(source)
    total = {name: sum(row[name] or 0 for row in rows) for name in ("deliveries", *status.COUNTS)}
    judged = sum(row["deliveries"] for row in rows if row["verdict"])
    if not rows:
        return ""
    return (
        f"{judged:,} of {total['deliveries']:,} deliveries judged: {total['records_published']:,} records published, "
        f"{total['records_quarantined']:,} in quarantine, {total['records_refused']:,} refused"
    )


def _transform(airflow: Airflow, progress: Progress) -> None:
    """Wait until the runs that publishing woke have ended; wake one if none ever ran, or the last one failed before now.

    A run that was under way may have been broken off by `make down`: it fails when it is found again, and counts as failed before.
    """
    # In this order: what is awaited no more is among the runs.
    is_awaited = airflow.has_queued_events(TRANSFORM)
    earlier = airflow.runs(TRANSFORM)
    if not is_awaited and not earlier:
        _trigger(airflow, TRANSFORM)
    run = _last_run(airflow, progress)
    if run.state == "failed" and run in {Run(one.dag_id, one.run_id, "failed") for one in earlier}:
        _trigger(airflow, TRANSFORM)
        run = _last_run(airflow, progress)
    _demand_success(airflow, run)
    progress.done(TRANSFORM, f"the marts stand, {_tasks_done(airflow, run)}")


def _last_run(airflow: Airflow, progress: Progress) -> Run:
    """The last run of transform, once all have ended and none is awaited."""
    for _ in _ticks():
        awaited = airflow.has_queued_events(TRANSFORM)
        runs = airflow.runs(TRANSFORM)
        unfinished = [run for run in runs if not run.is_finished]
        if not awaited and not unfinished:
            break
        if unfinished:
            progress.say(TRANSFORM, _tasks_done(airflow, unfinished[-1]))
    return runs[0]


def _tasks_done(airflow: Airflow, run: Run) -> str:
    tasks = airflow.tasks(run)
    return f"{sum(task.state == 'success' for task in tasks.values())} of {len(tasks)} tasks done"


def _trigger(airflow: Airflow, dag_id: str) -> Run:
    run = airflow.trigger(dag_id)
    airflow.unpause(dag_id)
    return run


def _refused(source: str) -> int:
    """How many deliveries of a source the ledger holds as refused."""
    return sum(row["deliveries"] for row in status.summary(source) if row["verdict"] == "refused")


def _demand_published(airflow: Airflow, run: Run) -> None:
    """A run that failed only in its report has published all but the refused deliveries."""
    if run.state == "failed" and _failed_tasks(airflow, run) != [REPORT]:
        _demand_success(airflow, run)


def _failed_tasks(airflow: Airflow, run: Run) -> list[str]:
    return [name for name, task in airflow.tasks(run).items() if task.state == "failed"]


def _demand_success(airflow: Airflow, run: Run) -> None:
    if run.state != "failed":
        return
    failed = _failed_tasks(airflow, run)
    task = failed[0] if failed else "none"
    folder = LOGS / "airflow" / f"dag_id={run.dag_id}" / f"run_id={run.run_id}" / f"task_id={task}"
    raise ServerError(f"{run.dag_id} failed in task {task}: see {airflow.log_url(run, task)} (log: {folder})")


def _ticks() -> Iterable[None]:
    """A moment every second, until it has taken too long."""
    deadline = time.monotonic() + SECONDS_TO_RUN
    while time.monotonic() < deadline:
        yield
        time.sleep(1)
    raise ServerError(f"the pipeline has not ended after {SECONDS_TO_RUN // 60} minutes: look at its runs in the UI")


def _ingest(source: str) -> str:
    return f"ingest_{source}"

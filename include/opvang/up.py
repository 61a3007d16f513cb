"""`make up` and `make down`: everything started, the deliveries through the pipeline, the marts filled; and all stopped."""

import errno
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from opvang import airflow_api, figures, inbox, jobs, pipeline, schema, server, services, settings
from opvang.airflow_api import Airflow
from opvang.errors import ServerError
from opvang.jobs import Job
from opvang.progress import Progress

SECONDS_TO_START = 180


def up() -> None:
    """Start what does not run, load what is new, wait for the marts, print the national figures; again, it is quick."""
    console = Console()
    with _plain_errors():
        with Progress(console) as progress:
            _check_the_machine()
            _start_postgresql(progress)
            simulation = _start_deliveries(progress)
            airflow = _start_airflow(progress)
            if simulation:
                progress.done("deliveries", inbox.fill(simulation))
            pipeline.run(airflow, progress)
        figures.show_with_addresses(console)


def down() -> None:
    """Stop Airflow and the embedded PostgreSQL; what was loaded stays."""
    with _plain_errors():
        services.stop()
        server.stop()
    Console().print("nothing runs any more; make up starts it again with all that was loaded")


def _check_the_machine() -> None:
    server.demand_space(settings.make_home())
    if not services.is_running():
        services.stop()  # what a killed supervisord left behind would hold the port
        server.refuse_a_taken(settings.ui_port(), "OPVANG_UI_PORT")
        server.refuse_a_taken(settings.region_api_port(), "OPVANG_REGION_API_PORT")


def _start_postgresql(progress: Progress) -> None:
    progress.say("PostgreSQL", "starts")
    server.start()
    schema.init()
    progress.done("PostgreSQL", f"runs at {settings.host()}:{settings.port()}")


def _start_deliveries(progress: Progress) -> Job | None:
    """A simulation under way, or nothing when deliveries are there already or come from elsewhere."""
    if not inbox.is_ours_to_fill():
        progress.done("deliveries", f"are taken from {settings.INBOX}")
        return None
    progress.say("deliveries", "a spring that never was is simulated")
    return inbox.start_simulation()


def _start_airflow(progress: Progress) -> Airflow:
    """Airflow, healthy and with all its DAGs."""
    airflow = airflow_api.connect()
    progress.say("Airflow", "makes its tables")
    parsing = list(_parse_dbt())
    if not services.is_running():
        services.migrate().finish()
        services.make_users({services.ADMIN: "Admin"})
    # Before the DAG processor looks: without dbt's manifest it would draw transform empty.
    for job in parsing:
        job.finish()
    progress.say("Airflow", "starts its services")
    services.start()
    _wait_until_healthy(airflow)
    pipeline.wait_for_dags(airflow)
    progress.done("Airflow", f"runs at {services.address()}")
    return airflow


def _is_up(airflow: Airflow) -> bool:
    for service in services.given_up():
        raise ServerError(f"Airflow's {service} does not stay up (log: {services.log_of(service)})")
    return airflow.is_healthy()


def _parse_dbt() -> Iterator[Job]:
    """Have dbt write its manifest, from which the transform DAG is drawn, when anything in its project is newer."""
    manifest = settings.DBT_PROJECT / "target" / "manifest.json"
    files = (path for path in settings.DBT_PROJECT.rglob("*.*") if not {"target", "logs"} & set(path.parts))
    if not manifest.exists() or any(path.stat().st_mtime > manifest.stat().st_mtime for path in files):
        command = [Path(sys.executable).with_name("dbt"), "parse", "--project-dir", settings.DBT_PROJECT]
        yield jobs.start("dbt parse", command, settings.environment())


def _wait_until_healthy(airflow: Airflow) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not _is_up(airflow):
        if time.monotonic() > deadline:
            raise ServerError(f"Airflow is not healthy after {SECONDS_TO_START} s (logs: {jobs.LOGS})")
        time.sleep(0.5)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """What the machine refuses (a full disk, a folder of somebody else's) in one line, like our own errors."""
    try:
        yield
    except OSError as error:
        advice = "make room, then go on with make up" if error.errno == errno.ENOSPC else "see who owns it"
        raise ServerError(f"{error.strerror}: {error.filename or settings.HOME}; {advice}") from None
    except KeyboardInterrupt:
        raise ServerError("interrupted; make up goes on where it stopped, make down stops what runs") from None

"""`make up` and `make down` for real: PostgreSQL, Airflow's four services, the main job by the scheduler, and nothing left behind."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest
from psycopg import sql

from opvang import settings
from opvang.contract import contract
from opvang.settings import PROJECT
from tests.conftest import free_port

pytestmark = pytest.mark.timeout(900)
OPVANG = Path(sys.executable).with_name("opvang")


@dataclass
class Installation:
    """An installation of its own, with three days of a small spring in its inbox and at the API of thirteen regions."""

    folder: Path
    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [OPVANG, *words], env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )

    def processes(self) -> list[str]:
        marks = (str(self.folder), f"-cport={self.environment['OPVANG_PG_PORT']}")
        lines = (" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline", "status"]))
        return [line for line in lines if any(mark in line for mark in marks)]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("up")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "OPVANG_", "AIRFLOW"))}
    own = {
        "OPVANG_HOME": str(folder / "home"),
        "OPVANG_INBOX": str(folder / "inbox"),
        "OPVANG_PG_PORT": str(free_port()),
        "OPVANG_UI_PORT": str(free_port()),
        "OPVANG_REGION_API_PORT": str(free_port()),
    }
    made = Installation(folder, inherited | own)
    days = ("--from", "2022-04-24", "--until", "2022-04-26")
    served = ("--region-api", str(folder / "home/region-api"))
    assert made.run("simulate", *days, "--persons", "300", *served).returncode == 0
    shutil.copytree(PROJECT / "include/deliveries", folder / "inbox", dirs_exist_ok=True)
    broken = folder / "inbox/reception/VR99/2022-04-26"
    broken.mkdir(parents=True)
    (broken / "report.json").write_text("{")
    yield made
    made.run("down")
    # As root the data lies outside HOME, and the link to it is all that the temporary folder holds.
    shutil.rmtree((folder / "home/postgres").resolve(), ignore_errors=True)


def test_up_runs_the_main_job_through_the_scheduler_and_prints_the_figures(installation: Installation) -> None:
    outcome = installation.run("up")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert re.search(r"places_available +│ 42,374", outcome.stdout)
    assert "the marts stand" in outcome.stdout
    assert (
        "reception, refused: 1 deliveries so far; what else came is published: see the red runs of http://"
        in outcome.stdout
    )
    for line in ("Airflow   http://127.0.0.1:", "login     admin / ", "warehouse postgresql://opvang_reader:"):
        assert line in outcome.stdout


def test_up_says_what_was_refused_and_goes_on_to_the_marts(installation: Installation) -> None:
    """Stands on the run of the test before. Of 25 regions twelve deliver files, and thirteen are asked."""
    assert len(list((installation.folder / "inbox/reception").glob("VR[012]*"))) == 12
    status = json.loads(installation.run("status", "reception", "--json").stdout)["sources"]
    assert {row["verdict"]: row["deliveries"] for row in status} == {"published": 75, "refused": 1}


def test_each_mart_is_a_task_of_transform_and_every_model_was_built(installation: Installation) -> None:
    models = PROJECT / "dbt_project/models"
    marts = {f"dbt.{path.stem}_run" for path in models.glob("marts/*.sql")}
    tasks, login = tasks_of_transform(installation)
    told = httpx.get(f"{tasks}?limit=100", headers=login).json()["task_instances"]
    states = {task["task_id"]: task["state"] for task in told}
    assert {task for task in states if "producer" not in task} == marts
    assert httpx.get(tasks.removesuffix("/taskInstances"), headers=login).json()["state"] == "success"
    tables = {place.split(".")[-1] for place, _ in database_rows(installation)}
    assert {path.stem for path in models.glob("intermediate/*.sql") if "materialized='table'" in path.read_text()} <= tables  # fmt: skip


def test_of_a_build_cosmos_stores_no_more_than_how_the_marts_fared(installation: Installation) -> None:
    """Each value that it stores is a call of the API, for which dbt waits (docs/decisions/0007-dbt-in-airflow.md)."""
    tasks, login = tasks_of_transform(installation)
    stored = f"{tasks}/dbt.dbt_producer_watcher/xcomEntries?xcom_key_pattern=_status&limit=100"
    entries = httpx.get(stored, headers=login).json()["xcom_entries"]
    told = {key.rpartition("__")[2] for entry in entries if (key := entry["key"]).endswith("_status") and "__" in key}
    assert told == {f"{path.stem}_status" for path in (PROJECT / "dbt_project/models").glob("marts/*.sql")}


def test_what_the_scheduler_built_passes_its_unit_tests(installation: Installation) -> None:
    """As who works on a model runs them: transform doesn't, for their rows are the same every day."""
    dbt, target = OPVANG.with_name("dbt"), installation.folder / "unit tests"
    target.mkdir()
    # What the scheduler parsed isn't parsed again.
    shutil.copy(installation.folder / "home/airflow/cosmos/transform__dbt/target/partial_parse.msgpack", target)
    command = (
        f'eval "$({OPVANG} env)"; {dbt} test --resource-type unit_test --target-path "{target}" --log-path "{target}"'
    )
    run = subprocess.run(
        command,
        shell=True,
        env=installation.environment,
        cwd=PROJECT / "dbt_project",
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert re.search(r"PASS=[1-9]\d", run.stdout), run.stdout


def tasks_of_transform(installation: Installation) -> tuple[str, dict[str, str]]:
    """The address of the tasks of its one run, and the login for it."""
    address, login = airflow(installation)
    runs = f"{address}/api/v2/dags/transform/dagRuns"
    [run] = httpx.get(runs, headers=login).json()["dag_runs"]
    return f"{runs}/{run['dag_run_id']}/taskInstances", login


def airflow(installation: Installation) -> tuple[str, dict[str, str]]:
    """The address of Airflow and the login of its administrator."""
    address = f"http://127.0.0.1:{installation.environment['OPVANG_UI_PORT']}"
    password = (installation.folder / "home/secrets/airflow_admin_password").read_text()
    token = httpx.post(f"{address}/auth/token", json={"username": "admin", "password": password}).json()["access_token"]
    return address, {"Authorization": f"Bearer {token}"}


def test_the_data_docs_of_a_run_are_behind_airflows_login(installation: Installation) -> None:
    address, login = airflow(installation)
    runs = f"{address}/api/v2/dags/ingest_reception/dagRuns"
    [run] = httpx.get(runs, params={"state": "failed"}, headers=login).json()["dag_runs"]
    links = httpx.get(f"{runs}/{run['dag_run_id']}/taskInstances/validate/links", headers=login).json()["extra_links"]
    page = httpx.get(links["Data Docs"], headers=login)
    assert (page.status_code, "municipality_is_known" in page.text) == (200, True)
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert httpx.get(links["Data Docs"]).status_code == 401
    for elsewhere in (
        "transform/x",
        "ingest_reception/%2e%2e%2f%2e%2e%2fsecrets%2fpgpass",
        "ingest_..%2f..%2fsecrets/x",
    ):
        assert httpx.get(f"{address}/data-docs/{elsewhere}", headers=login).status_code == 404


def test_no_identifier_of_a_delivered_person_and_no_token_is_anywhere_after_a_full_run(
    installation: Installation,
) -> None:
    """The whole server, with Airflow's XComs and rendered fields; all logs, what dbt and Great Expectations wrote."""
    numbers, names = delivered_identifiers(installation.folder / "inbox/brp")
    assert len(numbers) > 2_000 and len(names) > 100
    secrets = installation.folder / "home/secrets"
    tokens = [path.read_text() for path in secrets.glob("region_api_*")]
    assert len(tokens) == 13
    looked_at = 0
    for place, text in [*written_files(installation.folder / "home"), *database_rows(installation)]:
        assert not numbers & set(re.findall(r"\d{16}|\d{9,10}", text)), place
        assert not any(name in text for name in names), place
        assert place.startswith(str(secrets)) or not any(token in text for token in tokens), place
        looked_at += len(text)
    assert looked_at > 1_000_000


def delivered_identifiers(inbox: Path) -> tuple[set[str], set[str]]:
    """A-numbers, BSNs and BAG numbers, and those surnames that are no word of ours."""
    numbers, names = set(), set()
    for path in inbox.rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, delimiter=";")
            for row in rows:
                numbers |= {
                    row[element] for element in ("01.01.10", "01.01.20") if re.fullmatch(r"[1-9]\d{8,9}", row[element])
                }
                # A row of zeros is the standard value for an unknown number, and names no address.
                numbers |= {row["08.11.90"]} - {"", "0" * 16}
                names |= {row["01.02.40"]} if len(row["01.02.40"]) > 9 else set()
    # A surname may be a place: in the national tables and the lists of municipalities it is no person's.
    tables = [path.read_bytes().decode(_encoding(path)) for path in (inbox.parent / "code_tables").rglob("*.csv")]
    places = "\n".join([*tables, *(path.read_text() for path in (PROJECT / "dbt_project/seeds").glob("*.csv"))])
    return numbers, {name for name in names if name not in places}


def _encoding(path: Path) -> str:
    return str(contract("code_tables").form_of(path.parts[-3])["encoding"])


def written_files(home: Path) -> Iterator[tuple[str, str]]:
    """All that was written but the deliveries themselves, kept or still with the regions, and the data of PostgreSQL, which is asked for its rows."""
    kept = (home / "deliveries", home / "region-api", home / "postgres/data")
    for path in home.rglob("*"):
        if path.is_file() and not any(path.is_relative_to(place) for place in kept):
            yield str(path), path.read_text(errors="replace")


def database_rows(installation: Installation) -> Iterator[tuple[str, str]]:
    """Every table of both databases, as text."""
    password = (installation.folder / "home/secrets/postgres_admin_password").read_text()
    tables = "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
    login = {
        "host": "127.0.0.1",
        "port": installation.environment["OPVANG_PG_PORT"],
        "user": settings.EMBEDDED_ADMIN,
        "password": password,
    }
    for database in ("opvang", "airflow"):
        with psycopg.connect(dbname=database, **login) as connection:
            for schema, table in connection.execute(tables.encode()).fetchall():
                rows = connection.execute(sql.SQL("select t::text from {} as t").format(sql.Identifier(schema, table)))
                yield f"{database}.{schema}.{table}", "\n".join(row[0] for row in rows)


def test_up_again_is_quick_and_loads_nothing_twice(installation: Installation) -> None:
    before = installation.run("status", "--json").stdout
    began = time.monotonic()
    assert installation.run("up").returncode == 0
    assert time.monotonic() - began < 60
    assert installation.run("status", "--json").stdout == before


def test_a_taken_port_is_one_clear_line(installation: Installation) -> None:
    other = installation.environment | {"OPVANG_HOME": str(installation.folder / "other")}
    outcome = subprocess.run([OPVANG, "up"], env=other, capture_output=True, text=True, check=False)
    assert outcome.returncode == 1
    assert "OPVANG_UI_PORT" in outcome.stderr or "OPVANG_PG_PORT" in outcome.stderr
    assert len(outcome.stderr.strip().splitlines()) == 1


def test_down_leaves_no_process(installation: Installation) -> None:
    assert installation.run("down").returncode == 0
    assert installation.processes() == []

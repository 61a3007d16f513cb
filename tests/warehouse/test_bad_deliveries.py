"""Every kind of tests/bad_deliveries through the whole gate: its verdict, its message, and nothing else is touched."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from typer.testing import CliRunner

from opvang import settings, warehouse
from opvang.cli import app
from opvang.contract import contract
from opvang.load import load
from opvang.schema import landing_places, raw_table
from tests.bad_deliveries import BSN, SURNAME, Kind, Source, brp, energy_contracts, person_lists, write
from tests.bad_deliveries.__main__ import document
from tests.bad_deliveries.all_sources import SOURCES

MOST_MEMORY_MB, MOST_SECONDS = 500, 20
HEAVY_DAY = date(2022, 6, 1)
Place = tuple[str, date]


@dataclass
class Outcome:
    """What became of all kinds of a source, loaded as one batch after a good delivery of every supplier."""

    accounts: dict[Place, dict[str, Any]]
    output: str
    before: dict[str, set[str]]
    after: dict[str, set[str]]
    seconds: float
    good: dict[str, Any]


def rows(query: str) -> list[dict[str, Any]]:
    with warehouse.connect("admin") as connection:
        return connection.execute(query.encode()).fetchall()


def standing(source: str) -> dict[str, set[str]]:
    """What raw says now, per supplier."""
    found: dict[str, set[str]] = {}
    for table in contract(source).tables:
        for row in rows(f"select supplier, t::text as line from {raw_table(source, table.name)} as t"):
            found.setdefault(row["supplier"], set()).add(row["line"])
    return found


def opvang(source: str, files: list[Path]) -> tuple[list[dict[str, Any]], str]:
    """The accounts of files that are loaded as one batch, and all that was said."""
    result = CliRunner().invoke(app, ["load", source, *map(str, files), "--json"], catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (3, "")
    return json.loads(result.stdout)["deliveries"], result.output


def load_all(folder: Path, source: Source) -> Outcome:
    places = [place for place in source.places() if not place[0].is_heavy]
    earlier = sorted({(supplier, day.toordinal() - 1) for _, supplier, day in places})
    good = [write(folder, source.name, by, date.fromordinal(day), source.file, source.good(by, date.fromordinal(day))) for by, day in earlier]  # fmt: skip
    CliRunner().invoke(app, ["load", source.name, *map(str, good)], catch_exceptions=False)
    before, last = standing(source.name), (source.suppliers[-1], max(day for _, _, day in places) + timedelta(days=1))
    files = [
        write(folder, source.name, by, day, kind.file or source.file, kind.content(by, day)) for kind, by, day in places
    ]
    files.append(write(folder, source.name, *last, "good" + source.file, source.good(*last)))
    before_work = worked()
    accounts, output = opvang(source.name, files)
    found = {(account["supplier"], date.fromisoformat(account["reference_date"])): account for account in accounts[:-1]}
    return Outcome(found, output, before, standing(source.name), worked() - before_work, accounts[-1])


def worked() -> float:
    """The seconds that this process and its PostgreSQL worked: those that passed depend on who works beside them."""
    with warehouse.connect() as connection:
        postmaster = psutil.Process(psutil.Process(connection.info.backend_pid).ppid())
        seconds = time.process_time()
        for backend in postmaster.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                seconds += sum(backend.cpu_times()[:2])
        return seconds + sum(postmaster.cpu_times()[:4])


@pytest.fixture(scope="module", params=SOURCES, ids=lambda source: source.name)
def source(request: pytest.FixtureRequest) -> Source:
    made: Source = request.param
    return made


@pytest.fixture(scope="module")
def outcome(code_tables_once: None, source: Source, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return load_all(tmp_path_factory.mktemp(source.name), source)


def test_each_kind_gets_its_verdict_and_its_message(source: Source, outcome: Outcome) -> None:
    wrong = []
    for kind, supplier, day in source.places():
        if not kind.is_heavy and (fault := difference(kind, outcome.accounts[supplier, day])):
            wrong.append(f"{kind.name}: {fault}")
    assert not wrong, "\n".join(wrong)


def difference(kind: Kind, account: dict[str, Any]) -> str | None:
    """In what the account of a delivery isn't what its kind declares."""
    told = account["message"] or ""
    rules = {rule["rule"] for rule in account["rules"]}
    if account["verdict"] != kind.verdict:
        return f"{account['verdict']} where it must be {kind.verdict}: {told} {rules}"
    if kind.verdict == "refused":
        return None if kind.message in told and "\n" not in told and len(told) < 600 else told
    return None if (kind.message in rules if kind.message else not rules) else f"{rules} were broken"


def test_every_record_of_every_kind_is_accounted_for(outcome: Outcome) -> None:
    for account in outcome.accounts.values():
        assert account["records_read"] == sum(
            account[f"records_{fate}"] for fate in ("published", "quarantined", "refused")
        )
        assert account["records_flagged"] <= account["records_published"]


def test_what_a_refused_kind_would_have_replaced_stands_as_it_was(source: Source, outcome: Outcome) -> None:
    """Where one supplier delivers all kinds, those that are not refused may change what stands; nothing of a refused one is there."""
    accounts = list(outcome.accounts.values())
    refused = [account for account in accounts if account["verdict"] == "refused"]
    changed = {account["supplier"] for account in accounts if account["verdict"] != "refused" and account["rules"]}
    for supplier in {account["supplier"] for account in refused} - changed:
        assert outcome.after.get(supplier) == outcome.before.get(supplier), supplier
    none = ", ".join(str(account["delivery_id"]) for account in refused)
    for table in contract(source.name).tables:
        assert not rows(f"select * from {raw_table(source.name, table.name)} where delivery_id in ({none})")


def test_one_bad_delivery_keeps_no_other_out(outcome: Outcome) -> None:
    assert outcome.good["verdict"] == "published"


def test_nothing_is_left_in_landing(source: Source, outcome: Outcome) -> None:
    for place in landing_places(contract(source.name)):
        assert rows(f"select count(*) as rows from {place}") == [{"rows": 0}], place


def test_no_kind_shows_a_person(
    outcome: Outcome, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    said = [outcome.output, caplog.text, *capfd.readouterr(), *everything()]
    for line in said:
        assert BSN not in line
        assert SURNAME not in line


def everything() -> Iterator[str]:
    """Every row of every table but the published ones, as text."""
    for table in rows(
        "select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('landing', 'raw', 'quarantine', 'ops')"
    ):
        if not table["name"].endswith("_in_batch"):
            yield from (row["line"] for row in rows(f"select t::text as line from {table['name']} as t"))


def test_all_kinds_together_take_little_time(outcome: Outcome) -> None:
    assert outcome.seconds < MOST_SECONDS


@pytest.mark.thorough
def test_the_heavy_kinds_are_refused_within_bounded_time_and_memory(
    source: Source, code_tables_once: None, tmp_path: Path
) -> None:
    heavy = [kind for kind in source.kinds if kind.is_heavy]
    files = [
        write(tmp_path, source.name, supplier, HEAVY_DAY, source.file, kind.content(supplier, HEAVY_DAY))
        for kind, supplier in zip(heavy, source.suppliers, strict=False)
    ]
    if not files:
        return
    outcome, seconds, megabytes = measured(tmp_path, "load", source.name, *map(str, files), "--json")
    assert outcome.returncode == 3 and "Traceback" not in outcome.stderr
    for kind, account in zip(heavy, json.loads(outcome.stdout)["deliveries"], strict=True):
        assert not difference(kind, account), f"{kind.name}: {difference(kind, account)}"
    said = outcome.stdout + outcome.stderr
    assert BSN not in said and SURNAME not in said
    assert seconds < MOST_SECONDS * len(files) and megabytes < MOST_MEMORY_MB, f"{seconds:.1f} s, {megabytes:.0f} MB"


def measured(folder: Path, *words: str) -> tuple[subprocess.CompletedProcess[str], float, float]:
    """The command in a process of its own, the seconds it took and the memory it had at most."""
    program = "import os, sys, opvang.cli\ntry:\n    opvang.cli.main()\nfinally:\n    open(os.environ['PEAK'], 'w').write(open('/proc/self/status').read())"
    began = time.monotonic()
    outcome = subprocess.run(
        [sys.executable, "-c", program, *words],
        env=settings.environment() | {"PEAK": str(folder / "peak"), "PGUSER": os.environ["PGUSER"]},
        capture_output=True,
        text=True,
        check=False,
    )
    [peak] = [line for line in (folder / "peak").read_text().splitlines() if line.startswith("VmHWM")]
    return outcome, time.monotonic() - began, int(peak.split()[1]) / 1024


def test_the_documentation_names_every_kind_and_what_becomes_of_it() -> None:
    assert (settings.PROJECT / "docs/bad-deliveries.md").read_text() == document()
    assert document().count("\n| ") > 60


@pytest.mark.parametrize(("persons", "verdict"), [(501, "refused"), (500, "published")])
def test_a_selection_of_many_persons_that_came_before_is_no_new_one(
    fresh: None, tmp_path: Path, persons: int, verdict: str
) -> None:
    supplier, first = brp.SOURCE.suppliers[0], brp.SOURCE.first_day
    content = person_lists.selection(person_lists.persons(supplier, persons)).encode()
    files = [str(write(tmp_path, "brp", supplier, first + timedelta(days=ahead), "s.csv", content)) for ahead in (0, 1)]
    one_batch = load("brp", files, None, None, None)
    assert [account["verdict"] for account in one_batch] == ["published", verdict]
    told = [one_batch[1]["message"] or "", *(rule["rule"] for rule in one_batch[1]["rules"])]
    assert any("the very file of an earlier reference date" in line or line == "selection_differs" for line in told)


def test_a_warning_about_a_delivery_is_noted_and_counts_no_record(fresh: None, tmp_path: Path) -> None:
    """All contracts are flagged too: a flag more than there are records would stop the whole batch."""
    supplier, first = energy_contracts.SOURCE.suppliers[0], energy_contracts.SOURCE.first_day
    package = energy_contracts.package(supplier)
    for release in package["releases"]:
        release["contracts"][0].pop("dateSigned")
    content = json.dumps(package).encode()
    for ahead in (0, 1):
        path = write(tmp_path, "energy_contracts", supplier, first + timedelta(days=ahead), "p.json", content)
        [account] = load("energy_contracts", [str(path)], None, None, None)
    assert (account["verdict"], account["records_published"], account["records_flagged"]) == ("published", 4, 4)
    assert {rule["rule"]: rule["records"] for rule in account["rules"]} == {"concluded_date_is_present": 4, "package_is_new": 1}  # fmt: skip

"""A run of Airflow's own on a batch with a refused delivery: red at the end, published before, one mail, a log that can be read."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from opvang import land, publish, services, settings, validate, warehouse
from opvang.errors import LoadRefused, UsageError
from opvang.fetch import fetch
from opvang.load import load
from opvang.report import report
from tests import deliveries
from tests.conftest import PROJECT, clear_warehouse
from tests.deliveries import location
from tests.mailbox import mailbox, words

BSN = "999990019"


def airflow(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
    own = {"AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO", **more}
    return subprocess.run(
        [Path(sys.executable).with_name("airflow"), *command],
        env=services.environment() | own,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass
class Outcome:
    log: str
    mails: list[EmailMessage]
    states: dict[str, str]
    woken: int


def metadata(query: bytes) -> list[dict[str, object]]:
    with warehouse.connect("airflow") as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def outcome(server: None, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    inbox = tmp_path_factory.mktemp("inbox")
    clear_warehouse()
    load("code_tables", [str(next((PROJECT / "include/deliveries/code_tables").rglob("*33*")))], None, None, None)
    deliveries.report(inbox, [location(1), location(2, gm_code="GM9999"), *(location(n) for n in range(3, 9))])
    deliveries.report(inbox, [location(1)], region="VR14").write_text("{" + BSN)
    assert airflow("db", "migrate").returncode == 0
    with mailbox() as (port, mails):
        place = {
            "conn_type": "smtp",
            "host": "127.0.0.1",
            "port": port,
            "extra": {"disable_ssl": True, "disable_tls": True},
        }
        mail = {"from_email": "opvang@example.org", "to": "desk@example.org", "subject": "{{ what }}"}
        ran = airflow(
            "dags",
            "test",
            "ingest_reception",
            OPVANG_INBOX=str(inbox),
            OPVANG_NOTIFIER="airflow.providers.smtp.notifications.smtp.SmtpNotifier",
            OPVANG_NOTIFIER_KWARGS=json.dumps(mail | {"html_content": "{{ why | e }} {{ where }}"}),
            AIRFLOW_CONN_SMTP_DEFAULT=json.dumps(place),
        )
    states = {str(row["task_id"]): str(row["state"]) for row in metadata(b"select task_id, state from task_instance")}
    return Outcome(ran.stdout + ran.stderr, mails, states, len(metadata(b"select from asset_event")))


def test_a_refused_delivery_makes_the_last_task_red_and_the_others_stay_green(outcome: Outcome) -> None:
    green = dict.fromkeys(("fetch", "land", "validate", "publish"), "success")
    assert outcome.states == green | {"report": "failed"}, outcome.log[-3000:]


def test_what_else_came_is_published_and_wakes_the_marts(outcome: Outcome) -> None:
    assert outcome.woken == 1
    with warehouse.connect() as connection:
        rows = connection.execute(b"select count(*) as rows from raw.reception_locations").fetchall()
    assert rows == [{"rows": 7}]


def test_exactly_one_mail_says_what_why_and_where(outcome: Outcome) -> None:
    [mail] = outcome.mails
    assert mail["subject"] == "ingest_reception: report failed"
    assert "1 of 2 deliveries of reception" in words(mail)
    assert "VR14 2022-04-25 report_0.json is refused: not JSON at line 1" in words(mail)
    assert f"{services.address()}/dags/ingest_reception/runs/" in words(mail)


def test_the_log_says_in_a_few_lines_what_became_of_the_batch(outcome: Outcome) -> None:
    ours = [line for line in outcome.log.splitlines() if "[opvang." in line]
    for said in (
        "2 deliveries waiting of 2 suppliers",
        "VR13 2022-04-25 report_0.json: 8 records",
        "1 records break municipality_is_known: municipality_code is no municipality",
        "1 quarantined in part, 1 refused; 8 records read = 7 published + 1 quarantined",
        "opvang quarantine reception",
        "opvang feedback reception --supplier VR14",
    ):
        assert any(said in line for line in ours), said
    assert len(ours) <= 20


def test_the_log_shows_no_traceback_no_chatter_and_no_identifier(outcome: Outcome) -> None:
    assert "Traceback" not in outcome.log
    assert "great_expectations" not in outcome.log
    assert BSN not in outcome.log + "".join(map(words, outcome.mails))


def through_the_gate(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, after_each: Callable[[], object] = lambda: None
) -> int:
    monkeypatch.setattr(settings, "INBOX", str(inbox))
    batch = fetch("reception")
    assert batch is not None
    for verb in (land.land, validate.validate, publish.publish):
        after_each()
        verb("reception", batch)
    after_each()
    return batch


@pytest.mark.usefixtures("code_tables")
def test_344_deliveries_take_no_more_lines_than_one_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(344):
        path = deliveries.report(tmp_path, [location(1)], region=f"VR{1 + number % 25:02d}")
        path.write_text((path.read_text() if number % 2 else "{") + " " * number)
    caplog.set_level("INFO", logger="opvang")
    lengths: list[int] = []

    def count() -> None:
        lengths.append(len(caplog.records))
        caplog.clear()

    batch = through_the_gate(tmp_path, monkeypatch, after_each=count)
    with pytest.raises(LoadRefused, match="172 of 344 deliveries of reception batch"):
        report("reception", batch)
    count()
    assert len(lengths) == 5
    assert 0 < min(lengths) <= max(lengths) <= 20


@pytest.mark.usefixtures("code_tables")
def test_a_batch_without_a_refusal_is_reported_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries.report(tmp_path, [location(1)])
    report("reception", through_the_gate(tmp_path, monkeypatch))


@pytest.mark.usefixtures("empty")
def test_a_batch_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(UsageError, match="reception has no batch 7"):
        report("reception", 7)


def test_a_notifier_that_is_none_is_one_clear_line_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from types import SimpleNamespace

    from opvang import notify

    for wrong in ("no.such.Notifier", "json.dumps", "Notifier"):
        monkeypatch.setitem(os.environ, "OPVANG_NOTIFIER", wrong)
        caplog.clear()
        notify.failed({"dag": SimpleNamespace(dag_id="ingest_brp"), "run_id": "r"})
        [record] = caplog.records
        assert f"OPVANG_NOTIFIER={wrong} can't tell it" in record.getMessage()
        assert record.exc_info is None

"""The shell: what scripts rely on."""

import json
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from opvang.cli import app, main
from tests.deliveries import location, report

pytestmark = pytest.mark.usefixtures("code_tables")


def opvang(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_load_prints_one_json_object_with_the_account_of_each_delivery(tmp_path: Path) -> None:
    path = report(tmp_path, [location(1), location(2, in_use=300)])
    outcome = opvang("load", "reception", path, "--json")
    assert outcome.exit_code == 0
    [account] = json.loads(outcome.stdout)["deliveries"]
    assert account["file"] == path.name
    assert (account["supplier"], account["reference_date"], account["verdict"]) == ("VR13", "2022-04-25", "published")
    assert (account["records_read"], account["records_published"], account["records_flagged"]) == (2, 2, 1)
    assert len(account["sha256"]) == 64
    assert account["rules"][0]["rule"] == "occupancy_is_within_places"


def test_the_moment_of_receipt_may_be_given_with_its_zone(tmp_path: Path) -> None:
    path = report(tmp_path, [location(1)])
    outcome = opvang("load", "reception", path, "--received-at", "2022-04-25T18:00:00+02:00", "--json")
    [account] = json.loads(outcome.stdout)["deliveries"]
    assert account["received_at"] == "2022-04-25T16:00:00+00:00"


def test_a_file_that_was_loaded_before_is_known_with_the_counts_of_then(tmp_path: Path) -> None:
    path = report(tmp_path, [location(1)])
    first, again = (json.loads(opvang("load", "reception", path, "--json").stdout)["deliveries"][0] for _ in range(2))
    assert (again["verdict"], again["records_published"]) == ("known", first["records_published"])


def test_a_refused_delivery_ends_with_status_3(tmp_path: Path) -> None:
    path = report(tmp_path, [location(1)], vr_code="VR01")
    assert opvang("load", "reception", path).exit_code == 3


@pytest.mark.parametrize(
    "words",
    [
        ("load", "reception", "nowhere.json", "--supplier", "VR13", "--reference-date", "2022-04-25"),
        ("load", "reception", "nowhere.json"),
        ("load", "reception"),
        ("load", "reception", "x", "--reference-date", "25-04-2022"),
        (
            "load",
            "reception",
            "x",
            "--received-at",
            "2199-01-01",
            "--supplier",
            "VR13",
            "--reference-date",
            "2022-04-25",
        ),
        ("simulate", "--persons", "99999999999"),
        ("dsn", "--role", "king"),
        ("land", "energy_contracts"),
        ("fly",),
    ],
)
def test_wrong_use_ends_with_status_2_and_one_line(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["opvang", *words])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr()
    assert (end.value.code, said.out) == (2, "")
    assert len(said.err.strip().splitlines()) == 1
    assert said.err.startswith("opvang: ")


def test_the_verbs_go_one_after_the_other_on_the_batch_that_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opvang.settings.INBOX", str(tmp_path))
    report(tmp_path, [location(1)])
    spoken = [opvang(verb, "reception").stdout.strip() for verb in ("fetch", "land", "validate", "publish", "fetch")]
    assert spoken[1:] == ["1 records landed", "no rule broken", "1 published", "nothing new"]


def test_psql_takes_what_dsn_prints() -> None:
    with psycopg.connect(opvang("dsn", "--role", "reader").stdout.strip()) as connection:
        assert connection.execute("select current_user").fetchone() == ("opvang_reader",)

"""The worst deliveries through the whole gate: a verdict, counts that add up, no value in a message, never a stuck batch."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from opvang import fetch, land, publish, settings, validate
from opvang.cli import app
from opvang.errors import UsageError
from opvang.settings import PROJECT
from tests.deliveries import location, report

pytestmark = pytest.mark.usefixtures("code_tables")

SAMPLE = PROJECT / "tests/samples/brp/rvig-proefomgeving/2022-05-02/ugly_person_lists.csv"
OTHERS = [location(number) for number in range(10, 20)]


def opvang(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def account(result: Result) -> dict[str, Any]:
    """The one delivery of the one JSON object on standard output."""
    [found] = json.loads(result.stdout)["deliveries"]
    assert found["records_read"] == sum(found[f"records_{fate}"] for fate in ("published", "quarantined", "refused"))
    assert result.stdout.count("\n") == 1
    return dict(found)


@pytest.mark.parametrize(
    "fault",
    [
        {"location_id": "".join(map(chr, range(300, 5000)))},
        {"location_id": "VR13-0010\u200b"},
        {"available_from": "0000-01-01"},
        {"available_from": "-0044-03-15"},
        {"places_in_use": 10**30},
        {"places_in_use": -1},
        {"location_id": "x" * 9, "places_in_use": "'; drop schema raw cascade; --"},
    ],
)
def test_a_value_that_nothing_can_hold_stops_its_record_and_no_other(tmp_path: Path, fault: dict[str, Any]) -> None:
    found = account(opvang("load", "reception", report(tmp_path, [*OTHERS, location(1, **fault)]), "--json"))
    assert (found["verdict"], found["records_published"], found["records_quarantined"]) == (
        "quarantined_in_part",
        10,
        1,
    )


@pytest.mark.parametrize(
    "fault", [{"vr_code": "999993653\n8940402024"}, {"999993653 Jansen\n": 1}, {"report_id": "\ud800"}]
)
def test_a_refusal_names_no_person(tmp_path: Path, fault: dict[str, Any]) -> None:
    result = opvang("load", "reception", report(tmp_path, OTHERS, **fault), "--json")
    found = account(result)
    assert (result.exit_code, found["verdict"], found["message"].count("\n")) == (3, "refused", 0)
    assert "999993653" not in result.output
    assert "8940402024" not in result.output


def test_a_selection_cut_off_in_a_row_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "selection.csv"
    path.write_bytes(SAMPLE.read_bytes()[:-50])
    result = opvang("load", "brp", path, "--supplier", "rvig-proefomgeving", "--reference-date", "2022-05-02", "--json")
    assert (result.exit_code, account(result)["verdict"]) == (3, "refused")
    assert "fields where the heading has" in account(result)["message"]


def test_a_refused_delivery_delivered_again_is_known_and_still_refused(tmp_path: Path) -> None:
    path = report(tmp_path, [])
    assert opvang("load", "reception", path, "--json").exit_code == 3
    again = opvang("load", "reception", path, "--json")
    assert (again.exit_code, account(again)["verdict"], account(again)["verdict_then"]) == (3, "known", "refused")


@pytest.mark.parametrize(
    "words",
    [
        ("load", "brq", SAMPLE),
        ("load", "brp", "/nowhere/at/all", "--supplier", "rvig", "--reference-date", "2022-05-02"),
        ("load", "brp", "/tmp", "--supplier", "rvig", "--reference-date", "2022-05-02"),
        ("load", "brp", "foo://bar", "--supplier", "rvig", "--reference-date", "2022-05-02"),
        ("load", "brp", SAMPLE, "--received-at", datetime(1, 1, 1).isoformat()),
        ("land", "reception", 999_999),
        ("validate", "reception", 999_999),
        ("publish", "reception", 999_999),
        ("publish", "reception", 1),
        ("status", "brq"),
        ("dsn", "--role", "admin"),
    ],
)
def test_wrong_use_ends_in_one_line_and_status_2(words: tuple[object, ...]) -> None:
    result = opvang(*words)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith("opvang: ")


def test_a_batch_is_not_published_before_it_is_landed_and_validated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INBOX", str(tmp_path))
    report(tmp_path, OTHERS)
    batch = fetch.fetch("reception")
    assert batch is not None
    for step in (publish.publish, validate.validate):
        with pytest.raises(UsageError, match="first"):
            step("reception", batch)
    land.land("reception", batch)
    with pytest.raises(UsageError, match="validate batch"):
        publish.publish("reception", batch)
    validate.validate("reception", batch)
    assert publish.publish("reception", batch) == {"published": 1}

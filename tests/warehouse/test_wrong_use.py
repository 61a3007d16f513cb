"""Wrong use of the verbs: one line, status 2, and nothing is published before it was landed and validated."""

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

pytestmark = pytest.mark.usefixtures("fresh")

SAMPLE = PROJECT / "tests/samples/brp/rvig-proefomgeving/2022-05-02/ugly_person_lists.csv"
OTHERS = [location(number) for number in range(10, 20)]


def opvang(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def account(result: Result) -> dict[str, Any]:
    """The one delivery of the one JSON object on standard output."""
    [found] = json.loads(result.stdout)["deliveries"]
    assert result.stdout.count("\n") == 1
    return dict(found)


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

"""feedback: each supplier learns which lines of their file to mend, and nobody learns a value."""

import csv
import json
import re
import time
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from opvang import warehouse
from opvang.feedback import HEADINGS, cell, feedback
from opvang.replay import Wish, replay
from opvang.settings import PROJECT
from tests.deliveries import DAY, deliver, location, report
from tests.warehouse.test_cli import opvang
from tests.warehouse.test_gate import rows

pytestmark = pytest.mark.usefixtures("code_tables")

OTHERS = [location(n) for n in range(10, 20)]
UGLY = [location(1, gm_code="GM9999"), location(2, in_use=180), location(3, places_operational="secret")]
NEXT_DAY = DAY + timedelta(days=1)
SAMPLE = PROJECT / "tests/samples/brp/rvig-proefomgeving/2022-05-02/ugly_person_lists.csv"


def reports(out: Path, **choice: Any) -> list[dict[str, Any]]:
    return feedback("reception", choice.get("supplier"), choice.get("day"), out)


def table(written: dict[str, Any]) -> list[list[str]]:
    """The CSV without its headings, as a spreadsheet reads it."""
    data = Path(written["csv"]).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    headings, *lines = csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=";")
    assert tuple(headings) == HEADINGS
    return lines


def page(written: dict[str, Any]) -> str:
    return Path(written["html"]).read_text()


def kept() -> list[tuple[Any, ...]]:
    return [
        tuple(row.values())
        for row in rows("select delivery_id, record_no, line_no, rule from ops.breaches order by 1, 2, 4")
    ]


def test_each_record_that_broke_a_rule_stands_in_the_report_by_line_with_what_to_do(tmp_path: Path) -> None:
    deliver(report(tmp_path, [*UGLY, *OTHERS]))
    [written] = reports(tmp_path / "out")
    told = [(line[0], line[1], line[2], line[3]) for line in table(written)]
    assert told == [
        ("1", "1", "tegengehouden", "municipality_is_known"),
        ("2", "2", "gemarkeerd", "occupancy_is_within_places"),
        ("3", "3", "tegengehouden", "places_operational_is_integer"),
    ]
    assert [line[4] for line in table(written)] == [
        "LO BRP table 33", "own rule", "contract reception.locations.places_operational",
    ]  # fmt: skip
    assert table(written)[1][6].startswith("compare places_in_use with places_operational")
    assert table(written)[0][6] == "Verbeter dit in uw bron en lever het bestand opnieuw aan."
    said = page(written)
    for word in ("2 van de 13 records zijn tegengehouden", "VR13", "25-04-2022", "municipality_<wbr>is_<wbr>known"):
        assert word in said


def test_a_delivery_without_a_fault_gets_a_report_that_says_so(tmp_path: Path) -> None:
    deliver(report(tmp_path, OTHERS))
    [written] = reports(tmp_path / "out")
    assert table(written) == []
    assert "Alle records zijn verwerkt" in page(written)
    assert "U hoeft niets te doen" in page(written)


def test_a_refused_delivery_is_told_why_and_which_lines(tmp_path: Path) -> None:
    deliver(report(tmp_path, OTHERS))
    deliver(report(tmp_path, [location(n, gm_code="GM9999") for n in range(3)]), datetime(2022, 4, 26, tzinfo=UTC))
    [written] = reports(tmp_path / "out")
    first, *others = table(written)
    assert written["verdict"] == "refused"
    assert (first[2], first[5][:32]) == ("geweigerd", "more than 25 % of the locations ")
    assert first[6].startswith("mend what most locations break")
    assert [line[0] for line in others] == ["1", "2", "3"]
    assert {line[2] for line in others} == {"fout"}
    assert "De levering is geweigerd" in page(written)


def test_each_supplier_has_a_report_of_its_own_about_its_last_delivery(tmp_path: Path) -> None:
    deliver(report(tmp_path, [*UGLY, *OTHERS]))
    deliver(report(tmp_path, OTHERS, NEXT_DAY))
    deliver(report(tmp_path, [*UGLY, *OTHERS], region="VR14"))
    written = {found["supplier"]: found for found in reports(tmp_path / "out")}
    assert {supplier: len(table(found)) for supplier, found in written.items()} == {"VR13": 0, "VR14": 3}
    assert written["VR13"]["reference_date"] == NEXT_DAY
    assert "VR13" not in page(written["VR14"])
    assert "VR14" not in page(written["VR13"])


def test_of_an_older_delivery_only_stopped_records_are_still_known_and_the_report_says_so(tmp_path: Path) -> None:
    deliver(report(tmp_path, [*UGLY, *OTHERS]))
    deliver(report(tmp_path, OTHERS, NEXT_DAY))
    [written] = reports(tmp_path / "out", day=DAY)
    assert [line[0] for line in table(written)] == ["1", "3"]
    assert "alleen de regels van tegengehouden records bewaard" in page(written)


def test_breaches_are_kept_of_the_last_delivery_only(tmp_path: Path) -> None:
    later = deliver(report(tmp_path, [*UGLY, *OTHERS], NEXT_DAY))
    assert {row[0] for row in kept()} == {later["delivery_id"]}
    deliver(report(tmp_path, [*UGLY, *OTHERS]))
    assert {row[0] for row in kept()} == {later["delivery_id"]}
    other = deliver(report(tmp_path, [*UGLY, *OTHERS], region="VR14"))
    assert {row[0] for row in kept()} == {later["delivery_id"], other["delivery_id"]}
    [again], _ = replay(Wish("reception", delivery=later["delivery_id"]))
    number = again["delivery_id"]
    assert [row for row in kept() if row[0] != other["delivery_id"]] == [
        (number, 1, 1, "municipality_is_known"),
        (number, 2, 2, "occupancy_is_within_places"),
        (number, 3, 3, "places_operational_is_integer"),
    ]
    deliver(report(tmp_path, OTHERS, NEXT_DAY + timedelta(days=1)))
    assert {row[0] for row in kept()} == {other["delivery_id"]}


HOSTILE = ["=cmd|' /C calc'!A0", "@SUM(1+1)", "<script>alert(1)</script>", "999993653 Jansen", "-2+3", "\tx"]


def test_the_report_of_a_hostile_file_shows_no_value_and_runs_nothing(tmp_path: Path) -> None:
    hostile = [
        location(n, location_id=value, gm_code=value, site_type=value, note=value) for n, value in enumerate(HOSTILE)
    ]
    path = report(tmp_path, [*hostile, *(location(n) for n in range(10, 40))])
    deliver(path.rename(path.with_name("<script>999993653.json")))
    [written] = reports(tmp_path / "out")
    assert {int(line[1]) for line in table(written)} == set(range(1, len(HOSTILE) + 1))
    for text in (page(written), Path(written["csv"]).read_text()):
        for value in (*HOSTILE, "<script", "999993653", "Jansen", "alert"):
            assert value not in text
    assert "&lt;script&gt;********.json" in page(written)


def test_a_refusal_that_quotes_the_file_is_escaped(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1) | {"<img src=x onerror=alert(1)>": 1}]))
    [written] = reports(tmp_path / "out")
    assert written["verdict"] == "refused"
    assert "<img" not in page(written)
    assert "&lt;img" in page(written)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert cell(f"{start}1") == f"'{start}1"
    assert cell("08.09.10 is empty") == "08.09.10 is empty"


def test_the_supplier_of_a_report_never_leaves_its_folder(tmp_path: Path) -> None:
    path = report(tmp_path, OTHERS)
    opvang("load", "reception", path, "--supplier", "../../VR13", "--reference-date", DAY)
    [written] = reports(tmp_path / "out")
    assert Path(written["html"]).parent == tmp_path / "out"
    assert "may not deliver reception" in page(written)


def test_a_person_list_is_named_by_the_line_on_which_it_begins(tmp_path: Path) -> None:
    loaded = opvang(
        "load", "brp", SAMPLE, "--supplier", "rvig-proefomgeving", "--reference-date", "2022-05-02", "--json"
    )
    [account] = json.loads(loaded.stdout)["deliveries"]
    outcome = opvang("feedback", "brp", "--out", tmp_path, "--json")
    [written] = json.loads(outcome.stdout)["reports"]
    lines = table(written)
    counts = {rule["rule"]: rule["records"] for rule in account["rules"]}
    assert {rule: sum(line[3] == rule for line in lines) for rule in counts} == counts
    starts = {str(number): line for number, line in enumerate(SAMPLE.read_text("utf-8-sig").splitlines(), 1)}
    assert all(starts[line[0]].startswith("Lg01_") for line in lines if line[1])
    text = page(written) + Path(written["csv"]).read_text()
    assert not re.search(r"\b[0-9a-f]{32}\b", text)
    assert not re.search(r"\d{9,}", text)


class Tables(HTMLParser):
    """Whether each table has a caption and each heading a scope."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] = self.found.get(tag, 0) + 1
        if tag == "th":
            assert dict(attrs).get("scope") in ("col", "row")
        if tag == "html":
            assert dict(attrs)["lang"] == "nl"
        assert tag not in ("script", "link", "img")


def test_the_page_is_self_contained_and_its_tables_can_be_read_aloud(tmp_path: Path) -> None:
    deliver(report(tmp_path, [*UGLY, *OTHERS]))
    [written] = reports(tmp_path / "out")
    tables = Tables()
    tables.feed(page(written))
    assert (tables.found["table"], tables.found["caption"], tables.found["h1"], tables.found["title"]) == (2, 2, 1, 1)
    assert "http" not in page(written)


def test_ten_thousand_breaches_take_less_than_two_seconds_and_a_page_of_a_thousand(tmp_path: Path) -> None:
    account = deliver(report(tmp_path, [location(1, in_use=180), *OTHERS]))
    with warehouse.connect() as connection:
        connection.execute(
            b"insert into ops.breaches select delivery_id, number, number + 1, rule from ops.breaches, generate_series(2, 10000) as number"
        )
        connection.execute(b"analyze ops.breaches")
    reports(tmp_path / "warm")
    started = time.monotonic()
    [written] = reports(tmp_path / "out")
    took = time.monotonic() - started
    assert (len(table(written)), page(written).count("occupancy_<wbr>is")) == (10_000, 1_001)
    assert "De eerste 1.000 van 10.000 meldingen" in page(written)
    assert account["verdict"] == "published"
    assert took < 2


@pytest.mark.parametrize(
    "words", [("brq",), ("reception", "--supplier", "VR01"), ("reception", "--out", "/proc/nowhere")]
)
def test_a_report_that_can_not_be_made_ends_in_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    deliver(report(tmp_path, OTHERS))
    outcome = opvang("feedback", *words)
    assert outcome.exit_code in (1, 2)
    assert (outcome.stdout, outcome.stderr.count("\n")) == ("", 1)

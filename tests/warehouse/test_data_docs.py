"""Great Expectations' Data Docs: one page a batch, every rule in words, nothing of a person."""

import os
import re
import time
from pathlib import Path

import pytest

from opvang import data_docs, warehouse
from opvang.contract import contract
from opvang.expectations import expectations
from opvang.forget import forget
from opvang.load import load
from tests.deliveries import deliver, location, report
from tests.rvig_lists import TEST_SET

pytestmark = pytest.mark.usefixtures("code_tables")


def pages(source: str) -> list[Path]:
    return sorted((data_docs.SITE / source).glob("*"), key=lambda path: path.stat().st_mtime)


def last_page(source: str) -> str:
    return pages(source)[-1].read_text()


def words(page: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL).split())


def test_the_page_names_every_rule_with_its_reason_and_how_many_records_broke_it(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1), location(2, gm_code="GM9999"), *(location(n) for n in range(10, 20))]))
    said = words(last_page("reception"))
    for rule in expectations(contract("reception")):
        assert f"{rule.rule} ({rule.severity}). Broken when: {rule.reason}" in said
    assert "GM and the 4 digits of table 33. Reference: LO BRP table 33 1 " in said


def test_a_rule_that_refuses_deliveries_says_so(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1, gm_code="GM9999")]))
    assert "the report is refused whole and the last one stays. Reference: own rule deliveries refused" in words(
        last_page("reception")
    )


def test_the_page_of_person_lists_holds_no_value_and_no_query() -> None:
    load("brp", [str(TEST_SET)], None, None, None)
    said = words(last_page("brp"))
    delivered = {cell.strip() for cell in re.split(r'[;,"\r\n]', TEST_SET.read_text("utf-8-sig", errors="replace"))}
    with warehouse.connect() as connection:
        rows = connection.execute(b"select to_jsonb(persons) as person from raw.brp_persons as persons").fetchall()
    kept = {str(value) for row in rows for value in row["person"].values()}
    # Numbers of elements, such as 01.03.10, stand in the header and in the reasons of rules.
    values = {value for value in delivered | kept if len(value) > 6 and not re.fullmatch(r"infinity|[\d.]{8}", value)}
    assert len(values) > 1000
    assert [value for value in values if value in said] == []
    assert not re.search(r"\d{8}|\bselect\s", said, re.IGNORECASE)


def test_the_page_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1)]))
    assert not re.search(r"<script|<link|<img|<iframe|url\(|//", last_page("reception"))


def test_only_the_owner_can_read_it_and_a_draft_is_never_left(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1)]))
    assert (data_docs.SITE / "reception").stat().st_mode & 0o077 == 0
    assert {path.suffix for path in pages("reception")} == {".html"}
    assert not [path for path in pages("reception") if path.name.startswith(".")]


def test_a_disk_that_cannot_take_the_page_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(data_docs, "SITE", tmp_path / "no folder")
    (tmp_path / "no folder").write_text("")
    assert deliver(report(tmp_path, [location(1)]))["verdict"] == "published"
    assert "no Data Docs of reception batch" in caplog.text


def test_pages_are_forgotten_with_the_deliveries(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1)]))
    deliver(report(tmp_path, [location(2)]))
    old, new = pages("reception")[-2:]
    retention = contract("reception").retention_days * 86_400
    os.utime(old, (0, time.time() - retention - 60))
    forget("reception")
    assert new in pages("reception") and old not in pages("reception")

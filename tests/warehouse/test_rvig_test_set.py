"""The RvIG test set of 2 May 2022, unedited, against a count of its own: plain Python over the raw file, none of the pipeline's code.

Expected numbers are those of the natural faults that were counted by hand in the published file (687 person lists).
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from opvang import warehouse
from opvang.load import load
from opvang.settings import PROJECT
from tests.warehouse import rvig_count, rvig_rules


@pytest.fixture(scope="module")
def lists() -> list[rvig_count.List]:
    return rvig_count.person_lists(rvig_count.TEST_SET)


@pytest.fixture
def account(code_tables: None) -> dict[str, Any]:
    [account] = load("brp", [str(rvig_count.TEST_SET)], None, None, None)
    return account


def test_all_687_person_lists_are_accounted_for(account: dict[str, Any], lists: list[rvig_count.List]) -> None:
    assert account["records_read"] == len(lists) == 687
    assert account["records_published"] + account["records_quarantined"] == 687
    assert account["verdict"] == "quarantined_in_part"


def test_each_rule_is_broken_by_as_many_person_lists_as_a_plain_count_finds(
    account: dict[str, Any],
) -> None:
    counted = {
        rule["rule"]: rule["records"] for rule in account["rules"] if not rule["reference"].startswith("contract ")
    }
    assert counted == rvig_count.of_test_set()


def test_the_known_faults_of_the_test_set_are_found(account: dict[str, Any]) -> None:
    counted = {rule["rule"]: rule["records"] for rule in account["rules"]}
    documented = {
        "municipality_is_known": 29,
        "bsn_is_present": 2,
        "bsn_is_unique": 10,
        "residence_recorded_is_complete": 4,
    }
    assert {rule: counted[rule] for rule in documented} == documented


def test_the_documentation_lists_each_rule_with_its_count() -> None:
    assert (PROJECT / "docs/brp-rules.md").read_text() == rvig_rules.document()


def values_of_database() -> Iterator[str]:
    with warehouse.connect("admin") as connection:
        tables = connection.execute(
            b"select table_schema, table_name from information_schema.tables where table_schema in ('landing', 'raw', 'quarantine', 'ops') and table_type = 'BASE TABLE' and table_name not like 'code_tables%'"
        ).fetchall()
        for table in tables:
            for row in connection.execute(
                f'select t::text as line from {table["table_schema"]}."{table["table_name"]}" as t'.encode()
            ):
                yield row["line"]


def test_no_identifier_of_a_delivered_person_is_in_the_database(
    account: dict[str, Any], lists: list[rvig_count.List]
) -> None:
    numbers = {
        row[element]
        for rows in lists
        for row in rows
        for element in ("01.01.10", "01.01.20")
        if re.fullmatch(r"[1-9]\d{8,9}", row[element])
    }
    names = {rows[0]["01.02.40"] for rows in lists if len(rows[0]["01.02.40"]) > 8}
    assert len(numbers) > 1300 and len(names) > 100
    for line in values_of_database():
        assert not numbers & set(re.findall(r"\d{9,10}", line))
        assert not any(name in line for name in names)

"""The RvIG test set of 2 May 2022, unedited, against a count of its own: plain Python over the raw file, none of the pipeline's code.

Expected numbers are those of the natural faults that were counted by hand in the published file (687 person lists).
"""

import calendar
import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from opvang import warehouse
from opvang.load import load
from opvang.settings import PROJECT

[TEST_SET] = (PROJECT / "include/deliveries/brp").rglob("*.csv")
TABLE_33 = next((PROJECT / "include/deliveries/code_tables").rglob("Tabel33*"))


@pytest.fixture(scope="module")
def lists() -> list[list[dict[str, str]]]:
    """Per person list its rows, by heading (the first where a heading stands twice)."""
    with TEST_SET.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        headings = next(reader)
        found: list[list[dict[str, str]]] = []
        for row in reader:
            if row[0]:
                found.append([])
            found[-1].append(dict(reversed(list(zip(headings, row, strict=True)))))
    return found


@pytest.fixture
def account(code_tables: None) -> dict[str, Any]:
    [account] = load("brp", [str(TEST_SET)], None, None, None)
    return account


def means_a_day(text: str) -> bool:
    """Whether 8 digits are a date of the BRP: unknown parts are 0, from the day upwards."""
    if not re.fullmatch(r"\d{8}", text):
        return False
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if (year, month, day) == (0, 0, 0):
        return True
    if year == 0 or month > 12 or (month == 0 and day):
        return False
    return month == 0 or day <= calendar.monthrange(year, month)[1]


def expected(lists: list[list[dict[str, str]]]) -> dict[str, int]:
    with TABLE_33.open(encoding="utf-16", newline="") as file:
        municipalities = {row[0] for row in csv.reader(file)}
    heads = [rows[0] for rows in lists]
    holders = Counter(head["01.01.20"] for head in heads if head["01.01.20"])
    counts = {
        "municipality_is_known": sum(head["08.09.10"] not in municipalities for head in heads if head["08.09.10"]),
        "birth_date_is_valid": sum(not means_a_day(head["01.03.10"]) for head in heads),
        "suspension_date_is_valid": sum(not means_a_day(head["07.67.10"]) for head in heads if head["07.67.10"]),
        "settlement_date_is_valid": sum(not means_a_day(head["08.14.20"]) for head in heads if head["08.14.20"]),
        "bsn_is_present": sum(not head["01.01.20"] for head in heads),
        "bsn_is_unique": sum(holders[head["01.01.20"]] > 1 for head in heads),
        "sex_is_known": sum(head["04.10" if "04.10" in head else "01.04.10"] not in "MVO" for head in heads),
        "death_suspends": sum(bool(head["06.08.10"]) and head["07.67.20"] != "O" for head in heads),
        "birth_country_is_present": sum(not head["01.03.30"] for head in heads),
        "first_registration_is_present": sum(not head["07.68.10"] for head in heads),
        "residence_recorded_is_complete": sum(
            bool(head["08.86.10"])
            and not re.fullmatch(r"[12]\d{3}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", head["08.86.10"])
            for head in heads
        ),
    }
    return {rule: count for rule, count in counts.items() if count}


def test_all_687_person_lists_are_accounted_for(account: dict[str, Any], lists: list[list[dict[str, str]]]) -> None:
    assert account["records_read"] == len(lists) == 687
    assert account["records_published"] + account["records_quarantined"] == 687
    assert account["verdict"] == "quarantined_in_part"


def test_each_rule_is_broken_by_as_many_person_lists_as_a_plain_count_finds(
    account: dict[str, Any], lists: list[list[dict[str, str]]]
) -> None:
    counted = {rule["rule"]: rule["records"] for rule in account["rules"]}
    for rule, records in expected(lists).items():
        assert counted.get(rule) == records, rule


def test_the_known_faults_of_the_test_set_are_found(account: dict[str, Any]) -> None:
    counted = {rule["rule"]: rule["records"] for rule in account["rules"]}
    documented = {
        "municipality_is_known": 29,
        "bsn_is_present": 2,
        "bsn_is_unique": 10,
        "residence_recorded_is_complete": 4,
    }
    assert {rule: counted[rule] for rule in documented} == documented


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
    account: dict[str, Any], lists: list[list[dict[str, str]]]
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

"""The four verbs on a real PostgreSQL: nothing lost, nothing twice, quarantine is never a departure."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from opvang import fetch, land, publish, settings, sources, validate, warehouse
from opvang.contract import Contract
from opvang.errors import SourceUnavailable
from opvang.sources import Batch, Delivered, parser
from tests.deliveries import DAY, deliver, location, report

pytestmark = pytest.mark.usefixtures("code_tables")


def rows(query: str) -> list[dict[str, Any]]:
    with warehouse.connect() as connection:
        return connection.execute(query.encode()).fetchall()


def places(day: date) -> dict[str, int]:
    """Places per location on a day, as known now."""
    standing = rows(
        f"""select record_key, places_operational from raw.reception_locations
        where known_to = 'infinity' and reference_from <= '{day}' and reference_to > '{day}'"""
    )
    return {row["record_key"]: row["places_operational"] for row in standing}


def content() -> list[tuple[Any, ...]]:
    """What raw says now, without when it was learned."""
    found = rows(
        """select supplier, record_key, row_no, places_operational, places_in_use, flags, reference_from, reference_to::text
        from raw.reception_locations where known_to = 'infinity' order by 1, 2, 3, 7"""
    )
    return [tuple(str(value) for value in row.values()) for row in found]


def test_a_municipality_of_the_last_merger_is_known(tmp_path: Path) -> None:
    """Voorne aan Zee (1992): the edition of table 33 that RvIG's folder holds is older."""
    account = deliver(report(tmp_path, [location(1, gm_code="GM1992")], date(2023, 1, 1), "VR17"))
    assert (account["verdict"], account["records_published"]) == ("published", 1)


@pytest.mark.parametrize(
    ("region", "municipality", "day", "verdict"),
    [
        ("VR13", "GM0363", DAY, "published"),
        ("VR14", "GM0384", DAY, "refused"),
        ("VR14", "GM0457", date(2022, 3, 23), "published"),
        ("VR13", "GM0457", date(2022, 3, 23), "refused"),
        ("VR14", "GM0457", date(2022, 3, 24), "refused"),
        ("VR17", "GM1992", DAY, "refused"),
        ("VR01", "GM0001", DAY, "refused"),
        ("VR13", "GM0999", DAY, "refused"),
    ],
)
def test_a_region_reports_its_own_municipalities_of_that_day_only(
    tmp_path: Path, region: str, municipality: str, day: date, verdict: str
) -> None:
    """Weesp (0457) lay in Gooi en Vechtstreek until it went into Amsterdam on 24 March 2022; Adorp (0001) ended in 1990, 0999 stands for none."""
    place = report(tmp_path, [location(1, gm_code=municipality)], day, region)
    assert deliver(place)["verdict"] == verdict


def test_every_record_read_is_published_quarantined_or_refused(tmp_path: Path) -> None:
    ugly = [location(1), location(2, in_use=180), location(3, gm_code="GM9999"), location(4, places_operational="many")]
    account = deliver(report(tmp_path, ugly + [location(n) for n in range(10, 20)]))
    counts = (
        account["records_read"],
        account["records_published"],
        account["records_quarantined"],
        account["records_refused"],
    )
    assert counts == (14, 12, 2, 0)
    assert account["verdict"] == "quarantined_in_part"
    assert {rule["rule"]: rule["records"] for rule in account["rules"]} == {
        "municipality_is_known": 1,
        "places_operational_is_integer": 1,
        "occupancy_is_within_places": 1,
    }
    assert rows("select rules from quarantine.records order by record_no") == [
        {"rules": ["municipality_is_known"]},
        {"rules": ["places_operational_is_integer"]},
    ]


def test_the_ledger_refuses_counts_that_do_not_add_up(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1)]))
    with pytest.raises(Exception, match="every_record_is_accounted_for"):
        rows("update ops.deliveries set records_published = 5 where source = 'reception' returning 1")


def test_the_same_file_again_is_known_and_changes_nothing(tmp_path: Path) -> None:
    path = report(tmp_path, [location(1)])
    first, before = deliver(path), content()
    again = deliver(path)
    assert (first["verdict"], again["verdict"], again["records_published"]) == ("published", "known", 1)
    assert content() == before


def test_a_corrected_report_replaces_the_earlier_one_which_stays_known_then(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1, 100), location(2, 50)]))
    deliver(report(tmp_path, [location(1, 120)]), datetime(2022, 4, 27, 9, tzinfo=UTC))
    assert places(DAY) == {"VR13-0001": 120}
    known_then = rows(
        """select record_key, places_operational from raw.reception_locations
        where known_from <= '2022-04-26' and known_to > '2022-04-26' and reference_from <= '2022-04-25' order by 1"""
    )
    assert [tuple(row.values()) for row in known_then] == [("VR13-0001", 100), ("VR13-0002", 50)]


def test_a_correction_that_arrives_late_but_was_received_first_changes_nothing(tmp_path: Path) -> None:
    older, newer = report(tmp_path, [location(1, 100)]), report(tmp_path, [location(1, 120)])
    deliver(newer, datetime(2022, 4, 27, 9, tzinfo=UTC))
    deliver(older, datetime(2022, 4, 25, 9, tzinfo=UTC))
    assert places(DAY) == {"VR13-0001": 120}


def test_a_late_delivery_makes_nothing_known_before_it_was_received(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1, 100)]), datetime(2022, 4, 27, 9, tzinfo=UTC))
    deliver(report(tmp_path, [location(1, 120)], DAY + timedelta(days=1)), datetime(2022, 4, 26, 9, tzinfo=UTC))
    known_then = rows(
        """select reference_from::text, places_operational from raw.reception_locations
        where known_from <= '2022-04-26 12:00+00' and known_to > '2022-04-26 12:00+00' order by 1"""
    )
    assert [tuple(row.values()) for row in known_then] == [("2022-04-26", 120)]


def test_a_record_in_quarantine_keeps_its_last_published_version(tmp_path: Path) -> None:
    others = [location(n) for n in range(10, 15)]
    next_day, third_day = DAY + timedelta(days=1), DAY + timedelta(days=2)
    deliver(report(tmp_path, [location(1, 100), *others]))
    deliver(report(tmp_path, [location(1, 130, gm_code="GM9999"), *others], next_day))
    assert places(next_day)["VR13-0001"] == 100
    deliver(report(tmp_path, others, third_day))
    assert places(next_day)["VR13-0001"] == 100
    assert "VR13-0001" not in places(third_day)


def test_storage_grows_with_changes_and_not_with_deliveries(tmp_path: Path) -> None:
    for ahead in range(5):
        deliver(report(tmp_path, [location(1), location(2)], DAY + timedelta(days=ahead)))
    assert rows("select count(*) as rows from raw.reception_locations") == [{"rows": 2}]


def test_any_order_of_arrival_ends_in_the_same_state(tmp_path: Path) -> None:
    from tests.conftest import PROJECT

    def versions(folder: Path) -> list[Path]:
        good = [location(n) for n in range(10, 15)]
        return [
            report(folder, [location(1, 100), location(2, 40), *good], DAY),
            report(folder, [location(1, 100), location(2, 40, gm_code="GM9999"), *good], DAY + timedelta(days=1)),
            report(folder, [location(1, 110), location(2, 45, gm_code="GM9999"), *good], DAY + timedelta(days=2)),
            report(folder, [location(1, 100), *good], DAY + timedelta(days=3)),
        ]

    outcomes = []
    for number, order in enumerate(list(permutations(range(4)))[::6]):
        with warehouse.connect() as connection:
            connection.execute(
                b"truncate ops.deliveries, quarantine.records, raw.reception_locations, ops.rule_results cascade"
            )
        tables = sorted((PROJECT / "include/deliveries/code_tables").rglob("*33*.csv"))
        deliver(tables[0])
        files = versions(tmp_path / str(number))
        for at in order:
            deliver(files[at])
        outcomes.append(content())
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert len(outcomes[0]) > 8


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vr_code": "VR14"}, "a report of VR14 delivered by VR13"),
        ({"as_of": "2022-04-24T08:00:00+02:00"}, "as of 2022-04-24 delivered for 2022-04-25"),
        ({"extra": 1}, "missing or unknown fields in the report: extra"),
        ({"locations": []}, "has no location"),
        ({"locations": [location(1) | {"beds": 3}]}, "unknown column beds"),
        ({"locations": [{"location_id": "VR13-0001"}]}, "is missing in locations"),
        ({"locations": [location(n, gm_code="GM9999") for n in range(3)]}, "more than 25 %"),
    ],
)
def test_a_report_that_is_not_what_it_claims_is_refused_and_what_stood_stays(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    deliver(report(tmp_path, [location(1)], DAY - timedelta(days=1)))
    before = content()
    account = deliver(report(tmp_path, **({"locations": [location(1, 999)]} | change)))
    assert account["verdict"] == "refused"
    assert message in account["message"]
    assert account["records_read"] == account["records_refused"]
    assert content() == before


def test_a_supplier_who_may_not_deliver_is_refused(tmp_path: Path) -> None:
    account = deliver(report(tmp_path, [location(1)], region="VR26"))
    assert (account["verdict"], account["message"][:27]) == ("refused", "VR26 may not deliver recept")


def test_a_report_cut_off_in_the_middle_is_refused_with_the_line(tmp_path: Path) -> None:
    path = report(tmp_path, [location(1)])
    path.write_text(path.read_text()[:-40])
    assert "not JSON at line 1" in deliver(path)["message"]


def test_one_unreadable_report_does_not_keep_the_others_of_its_batch_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INBOX", str(tmp_path))
    report(tmp_path, [location(1)])
    report(tmp_path, [location(1)], region="VR14").write_text("{")
    batch = fetch.fetch("reception")
    assert batch is not None
    land.land("reception", batch)
    validate.validate("reception", batch)
    assert publish.publish("reception", batch) == {"published": 1, "refused": 1}
    assert fetch.fetch("reception") is None


@pytest.mark.parametrize("where", ["read", "form"])
def test_a_file_on_which_our_reader_breaks_keeps_no_other_out(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(settings, "INBOX", str(tmp_path))
    report(tmp_path, [location(1)])
    report(tmp_path, [location(1)], region="VR14")
    read = parser("reception")

    def breaks(delivered: Delivered, contract: Contract) -> Iterator[Batch]:
        yield from read(delivered, contract)
        if delivered.supplier == "VR14":
            raise KeyError("999993653")

    def recognises(_source: str, path: Path) -> None:
        if "VR14" in path.read_text():
            raise KeyError("999993653")

    if where == "read":
        monkeypatch.setattr(land, "parser", lambda _: breaks)
    else:
        monkeypatch.setattr(sources, "form", recognises)
    batch = fetch.fetch("reception")
    assert batch is not None
    land.land("reception", batch)
    validate.validate("reception", batch)
    assert publish.publish("reception", batch) == {"published": 1, "refused": 1}
    assert re.search(
        r"VR14 .* is refused: our reader broke on it \(KeyError at test_gate.py:\d+\), which is ours to mend; then 'opvang replay reception --refused'",
        caplog.text,
    )
    assert "999993653" not in caplog.text


def test_a_verb_run_twice_changes_nothing_the_second_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "INBOX", str(tmp_path))
    report(tmp_path, [location(1), location(2, in_use=500)])
    batch = fetch.fetch("reception")
    assert batch is not None
    for verb in (land.land, validate.validate):
        assert verb("reception", batch) == verb("reception", batch)
    assert publish.publish("reception", batch) == publish.publish("reception", batch) == {"published": 1}
    assert rows("select count(*) as rows from landing.reception_locations") == [{"rows": 0}]
    assert rows("select count(*) as rows from raw.reception_locations") == [{"rows": 2}]


def test_a_crash_that_empties_landing_publishes_nothing_and_the_next_run_ends_where_it_would_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INBOX", str(tmp_path))
    report(tmp_path, [location(1)])
    batch = fetch.fetch("reception")
    assert batch is not None
    land.land("reception", batch)
    with warehouse.connect() as connection:
        connection.execute(b"truncate landing.reception_locations")
    validate.validate("reception", batch)
    with pytest.raises(SourceUnavailable, match=r"isn't in landing as it was read"):
        publish.publish("reception", batch)
    assert content() == []
    again = fetch.fetch("reception")
    assert again is not None
    for verb in (land.land, validate.validate):
        verb("reception", again)
    assert publish.publish("reception", again) == {"published": 1}
    assert places(DAY) == {"VR13-0001": 100}


def test_a_source_waits_for_the_tables_that_it_is_checked_against() -> None:
    with warehouse.connect() as connection:
        connection.execute(b"truncate ops.deliveries cascade")
    with pytest.raises(SourceUnavailable, match="checked against code_tables, of which nothing is published"):
        fetch.fetch("brp")

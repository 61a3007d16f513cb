"""replay: the kept file again, after something was mended; nothing lost, nothing known before it was."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from opvang import expectations, fetch, land, ledger, publish, schema, store, validate, warehouse
from opvang import load as gate
from opvang.contract import contract
from opvang.errors import UsageError
from opvang.replay import Wish, replay
from tests.deliveries import DAY, deliver, location, report
from tests.warehouse.test_cli import opvang
from tests.warehouse.test_gate import content, places, rows

pytestmark = pytest.mark.usefixtures("code_tables")

OTHERS = [location(n) for n in range(10, 20)]
STRANGE = location(1, 130, gm_code="GM9999")
NEXT_DAY = DAY + timedelta(days=1)


@pytest.fixture
def table_33(tmp_path: Path) -> Any:
    """The municipalities again, with 9999 among them."""

    def mend() -> None:
        from tests.conftest import PROJECT

        [published] = (PROJECT / "include/deliveries/code_tables/rvig").rglob("*33*.csv")
        text = published.read_bytes().decode(
            "utf-16" if published.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        )
        line = next(line for line in text.splitlines() if "0363" in line)
        path = tmp_path / "code_tables/rvig/2022-03-24/table_33.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(
            (text.rstrip("\r\n") + "\r\n" + line.replace("0363", "9999") + "\r\n").encode(
                contract("code_tables").form["encoding"]
            )
        )
        assert deliver(path, datetime.now(UTC))["verdict"] == "published"

    return mend


@pytest.fixture
def rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Change one rule of reception: its arguments, or its severity."""

    def change(name: str, **other: Any) -> None:
        suites = yaml.safe_load((expectations.FOLDER / "reception.yml").read_text())
        for entry in suites["locations"] + suites["deliveries"]:
            if entry["meta"]["rule"] == name:
                entry.update(other)
        folder = tmp_path / f"expectations{len(list(tmp_path.glob('expectations*')))}"
        folder.mkdir()
        (folder / "reception.yml").write_text(yaml.safe_dump(suites))
        monkeypatch.setattr(expectations, "FOLDER", folder)
        expectations.expectations.cache_clear()

    yield change
    expectations.expectations.cache_clear()


def everything() -> list[dict[str, Any]]:
    """Every row of raw with when it was known, and no row number."""
    return rows(
        """select supplier, record_key, places_operational, flags, reference_from, reference_to::text, known_from, known_to::text, delivery_id
        from raw.reception_locations order by 2, 5, 7, 8"""
    )


def as_known(moment: datetime, number: int = 1) -> list[int]:
    """Places of one location on DAY as known at a moment."""
    found = rows(
        f"""select places_operational from raw.reception_locations where record_key = 'VR13-{number:04d}'
        and reference_from <= '{DAY}' and reference_to > '{DAY}' and known_from <= '{moment}' and known_to > '{moment}'"""
    )
    return [row["places_operational"] for row in found]


def quarantined() -> list[tuple[Any, ...]]:
    found = rows("select delivery_id, record_no, closed_because from quarantine.records order by 1, 2")
    return [tuple(row.values()) for row in found]


def accounted(account: Any) -> bool:
    fates = [account[f"records_{fate}"] for fate in ("published", "quarantined", "refused")]
    return bool(account["records_read"] == sum(fates))


def test_a_record_stopped_by_an_unknown_municipality_is_published_by_a_replay_once_the_table_is_mended(
    tmp_path: Path, table_33: Any
) -> None:
    deliver(report(tmp_path, [location(1, 100), *OTHERS], DAY - timedelta(days=1)))
    first = deliver(report(tmp_path, [STRANGE, *OTHERS]))
    assert places(DAY)["VR13-0001"] == 100
    table_33()
    before = datetime.now(UTC)
    [account], gone = replay(Wish("reception"))
    assert (account["verdict"], account["records_published"], account["replay_of"], gone) == (
        "published", 11, first["delivery_id"], [],
    )  # fmt: skip
    assert accounted(account)
    assert places(DAY)["VR13-0001"] == 130
    assert as_known(before) == [100]
    assert as_known(datetime.now(UTC)) == [130]
    assert quarantined() == [(first["delivery_id"], 1, f"replayed as delivery {account['delivery_id']}")]
    assert replay(Wish("reception")) == ([], [])


def test_every_day_on_which_a_record_was_stopped_gets_what_its_own_file_says(tmp_path: Path, table_33: Any) -> None:
    deliver(report(tmp_path, [location(1, 100), *OTHERS], DAY - timedelta(days=1)))
    deliver(report(tmp_path, [STRANGE, *OTHERS]))
    deliver(report(tmp_path, [location(1, 140, gm_code="GM9999"), *OTHERS], NEXT_DAY))
    table_33()
    accounts, _ = replay(Wish("reception"))
    assert [account["verdict"] for account in accounts] == ["published", "published"]
    assert [places(day)["VR13-0001"] for day in (DAY - timedelta(days=1), DAY, NEXT_DAY)] == [100, 130, 140]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_whatever_the_order_a_replay_after_the_mend_ends_where_loading_once_after_it_would_have(
    tmp_path: Path, table_33: Any, order: tuple[int, ...]
) -> None:
    files = [
        report(tmp_path, [location(1, 100), *OTHERS], DAY),
        report(tmp_path, [STRANGE, location(2, 60), *OTHERS], NEXT_DAY),
        report(tmp_path, [STRANGE, location(2, 60, gm_code="GM9999"), *OTHERS], NEXT_DAY + timedelta(days=1)),
        report(tmp_path, [location(2, 65), *OTHERS], NEXT_DAY + timedelta(days=2)),
    ]
    for at in order:
        deliver(files[at])
    replay(Wish("reception"))
    table_33()
    replay(Wish("reception"))
    mended = content()
    assert rows("select count(*) as stopped from quarantine.records where closed_at is null") == [{"stopped": 0}]
    forget_reception()
    for path in files:
        deliver(path)
    assert mended == content()


def forget_reception() -> None:
    with warehouse.connect() as connection:
        connection.execute(b"truncate raw.reception_locations, quarantine.records, ops.breaches")
        connection.execute(
            b"delete from ops.rule_results where delivery_id in (select delivery_id from ops.deliveries where source = 'reception')"
        )
        connection.execute(b"delete from ops.deliveries where source = 'reception'")


def test_a_replay_after_a_mended_rule_publishes_what_it_stopped(tmp_path: Path, rule: Any) -> None:
    deliver(report(tmp_path, [location(1, 12_000, 9_000), *OTHERS]))
    rule("places_operational_is_a_count", kwargs={"column": "places_operational", "min_value": 0, "max_value": 20_000})
    [account], _ = replay(Wish("reception", rule="places_operational_is_a_count"))
    assert (account["verdict"], places(DAY)["VR13-0001"]) == ("published", 12_000)


def test_a_replay_without_a_mend_changes_nothing_but_which_quarantine_is_open(tmp_path: Path) -> None:
    deliver(report(tmp_path, [location(1, 100), *OTHERS], DAY - timedelta(days=1)))
    first = deliver(report(tmp_path, [STRANGE, location(2, in_use=120), *OTHERS]))
    before = everything()
    [again], _ = replay(Wish("reception"))
    assert everything() == before
    counts = [name for name in again if name.startswith("records_")] + ["verdict", "rules"]
    assert [again[name] for name in counts] == [first[name] for name in counts]
    assert quarantined() == [
        (first["delivery_id"], 1, f"replayed as delivery {again['delivery_id']}"),
        (again["delivery_id"], 1, None),
    ]
    [third], _ = replay(Wish("reception"))
    assert third["replay_of"] == first["delivery_id"]


def test_a_correction_received_before_a_replay_and_registered_after_it_still_wins(
    tmp_path: Path, table_33: Any
) -> None:
    deliver(report(tmp_path, [STRANGE, *OTHERS]))
    received = datetime.combine(DAY, datetime.min.time(), UTC) + timedelta(hours=12)
    table_33()
    replay(Wish("reception"))
    known_then = datetime.now(UTC)
    correction = report(tmp_path, [location(1, 77), *OTHERS])
    assert deliver(correction, received)["verdict"] == "published"
    assert places(DAY)["VR13-0001"] == 77
    assert [as_known(moment) for moment in (received, known_then, datetime.now(UTC))] == [[], [77], [77]]


def test_a_replay_of_what_was_corrected_meanwhile_changes_nothing(tmp_path: Path) -> None:
    first = deliver(report(tmp_path, [STRANGE, *OTHERS]))
    with warehouse.connect() as connection:
        waiting = ledger.register_replay(connection, contract("reception"), first["delivery_id"], "VR13")
    correction = deliver(report(tmp_path, [location(1, 77), *OTHERS]), datetime(2022, 4, 26, 9, tzinfo=UTC))
    before = everything()
    take_up()
    assert everything() == before
    assert quarantined() == [
        (first["delivery_id"], 1, f"replaced by delivery {correction['delivery_id']}"),
        (waiting, 1, f"replaced by delivery {correction['delivery_id']}"),
    ]


def take_up() -> None:
    """What the next run of the DAG does."""
    batch = fetch.fetch("reception")
    assert batch is not None
    land.land("reception", batch)
    validate.validate("reception", batch)
    publish.publish("reception", batch)


def test_a_replay_that_is_refused_leaves_what_stands_and_its_quarantine(tmp_path: Path, rule: Any) -> None:
    first = deliver(report(tmp_path, [STRANGE, *OTHERS]))
    before = everything()
    rule("most_records_are_usable", kwargs={"column": "quarantined_pct", "max_value": 1})
    outcome = opvang("replay", "reception")
    assert outcome.exit_code == 3
    assert f"replay of delivery {first['delivery_id']}): refused." in outcome.stdout
    assert everything() == before
    assert quarantined() == [(first["delivery_id"], 1, None)]


def test_a_refused_delivery_is_replayed_when_asked_for_and_only_as_long_as_it_is_the_last_word(
    tmp_path: Path, rule: Any
) -> None:
    few = [location(n, gm_code="GM9999") for n in (1, 2)] + [location(3), location(4)]
    refused = deliver(report(tmp_path, few))
    assert refused["verdict"] == "refused"
    assert replay(Wish("reception")) == ([], [])
    [again], _ = replay(Wish("reception", refused=True, rule="most_records_are_usable"))
    assert (again["verdict"], accounted(again)) == ("refused", True)
    rule("most_records_are_usable", kwargs={"column": "quarantined_pct", "max_value": 60})
    [mended], _ = replay(Wish("reception", refused=True))
    assert (mended["verdict"], mended["replay_of"]) == ("quarantined_in_part", refused["delivery_id"])
    assert replay(Wish("reception", refused=True, rule="most_records_are_usable")) == ([], [])
    deliver(report(tmp_path, OTHERS, NEXT_DAY), datetime(2022, 4, 27, tzinfo=UTC))
    assert deliver(report(tmp_path, [], NEXT_DAY), datetime(2022, 4, 26, tzinfo=UTC))["verdict"] == "refused"
    assert replay(Wish("reception", refused=True, rule="delivery_is_not_empty")) == ([], [])


def test_one_delivery_may_be_named_and_one_that_was_replaced_may_not(tmp_path: Path) -> None:
    first = deliver(report(tmp_path, [location(1, 100)]))
    [again], _ = replay(Wish("reception", delivery=first["delivery_id"]))
    assert again["verdict"] == "published"
    deliver(report(tmp_path, [location(1, 120)]), datetime(2022, 4, 26, 9, tzinfo=UTC))
    for number in (first["delivery_id"], 999_999):
        with pytest.raises(UsageError, match=f"no delivery {number} that stands"):
            replay(Wish("reception", delivery=number))


def test_a_kept_file_that_is_gone_is_one_line_and_the_others_go_on(tmp_path: Path) -> None:
    lost = deliver(report(tmp_path, [STRANGE, *OTHERS]))
    deliver(report(tmp_path, [STRANGE, *OTHERS], NEXT_DAY))
    store.kept("reception", lost["sha256"]).unlink()
    [again], [line] = replay(Wish("reception"))
    assert again["reference_date"] == NEXT_DAY
    assert line.startswith(f"{lost['file']} (VR13, {DAY}) can't be replayed: its kept file is gone")
    outcome = opvang("replay", "reception", "--delivery", lost["delivery_id"])
    assert (outcome.exit_code, outcome.stdout, outcome.stderr.count("\n")) == (1, "nothing to replay\n", 1)


def test_a_replay_killed_on_its_way_waits_and_the_next_run_takes_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table_33: Any
) -> None:
    deliver(report(tmp_path, [STRANGE, *OTHERS]))
    table_33()

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(gate, "validate", killed)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                replay(Wish("reception"))
    waiting = "select count(*) as waiting from ops.deliveries where verdict is null"
    assert rows(waiting) == [{"waiting": 1}]
    assert "VR13-0001" not in places(DAY)
    take_up()
    assert rows(waiting) == [{"waiting": 0}]
    assert places(DAY)["VR13-0001"] == 130


def test_an_installation_from_before_replays_gets_what_they_need() -> None:
    with warehouse.connect() as connection:
        connection.execute(b"drop table if exists ops.breaches")
        connection.execute(b"alter table ops.deliveries drop column replay_of cascade")
        connection.execute(b"drop index if exists ops.deliveries_file")
        connection.execute(b"alter table ops.deliveries add unique (source, supplier, reference_date, sha256)")
        connection.execute(b"alter table quarantine.records drop column closed_by")
        connection.execute(b"drop index quarantine.records_open")
    schema.init()
    made = rows("select indexname from pg_indexes where schemaname in ('ops', 'quarantine')")
    assert {"deliveries_file", "deliveries_replay_waiting", "deliveries_replays", "records_open"} <= {
        row["indexname"] for row in made
    }
    assert rows("select conname from pg_constraint where conrelid = 'ops.deliveries'::regclass and contype = 'u'") == []
    assert rows("select replay_of, closed_by from ops.deliveries left join quarantine.records using (delivery_id)")

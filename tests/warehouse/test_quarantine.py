"""Work on what was stopped: look at it and withdraw it; no value is shown and no person departs by it."""

import hashlib
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from opvang import fetch, forget, ledger, load, settings, store, warehouse
from opvang.contract import contract
from opvang.replay import Wish, replay
from tests.deliveries import DAY, deliver, location, report
from tests.warehouse.test_cli import opvang
from tests.warehouse.test_gate import content, places, rows

pytestmark = pytest.mark.usefixtures("code_tables")

OTHERS = [location(n) for n in range(10, 20)]
STRANGE = location(1, 130, gm_code="GM9999")
NEXT_DAY = DAY + timedelta(days=1)
UGLY = [STRANGE, location(2, places_operational="secret"), location(3, gm_code="GM9998", places_in_use=-1)]


def listed(*words: object) -> list[dict[str, Any]]:
    [found] = json.loads(opvang("quarantine", *words, "--json").stdout).values()
    return list(found)


def test_quarantine_counts_open_records_by_supplier_and_rule_with_the_reason(tmp_path: Path) -> None:
    deliver(report(tmp_path, [STRANGE, *OTHERS], DAY - timedelta(days=1)))
    deliver(report(tmp_path, [*UGLY, *OTHERS]))
    deliver(report(tmp_path, [location(1, 1, gm_code="GM9999", location_id="VR14-1"), *OTHERS], region="VR14"))
    counted = {(row["supplier"], row["rule"]): (row["records"], row["oldest_date"]) for row in listed("reception")}
    assert counted == {
        ("VR13", "municipality_is_known"): (3, "2022-04-24"),
        ("VR13", "places_in_use_is_a_count"): (1, "2022-04-25"),
        ("VR13", "places_operational_is_integer"): (1, "2022-04-25"),
        ("VR14", "municipality_is_known"): (1, "2022-04-25"),
    }
    [one] = listed("--supplier", "VR14")
    assert (one["reference"], one["reason"][:33]) == ("LO BRP table 33", "municipality_code is no municipal")
    assert len(listed("--rule", "municipality_is_known")) == 2
    assert listed("brp") == []


def test_the_table_ends_with_the_commands_for_the_next_step(tmp_path: Path) -> None:
    deliver(report(tmp_path, [*UGLY, *OTHERS]))
    said = opvang("quarantine").stdout
    assert "municipality_is_known" in said
    steps = [line.split()[1] for line in said.splitlines() if line.startswith("  opvang ")]
    assert steps == ["quarantine", "feedback", "replay", "withdraw"]
    assert "opvang replay reception" in said
    assert opvang("quarantine", "brp").stdout == "nothing is in quarantine\n"


def test_each_record_is_one_line_with_file_and_line_and_no_value(tmp_path: Path) -> None:
    path = report(tmp_path, [*UGLY, *OTHERS])
    named = path.rename(path.with_name("999993653 Jansen.json"))
    deliver(named)
    said = opvang("quarantine", "reception", "--records").stdout
    records = [line for line in said.splitlines() if "VR13" in line]
    assert len(records) == 3
    assert "line 2 (record 2 of delivery" in records[1]
    for value in ("secret", "GM9999", "GM9998", "VR13-0001", "999993653"):
        assert value not in said
    assert {"record", "breaches", "record_key"}.isdisjoint(listed("reception", "--records")[0])


def test_a_withdrawn_record_has_a_reason_and_a_name_and_stays_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPVANG_USER", "j.devries")
    account = deliver(report(tmp_path, [*UGLY, *OTHERS]))
    first, second, third = (row["quarantine_id"] for row in listed("--records"))
    outcome = opvang("withdraw", first, third, "--because", "test locations\n999993653")
    assert (outcome.exit_code, outcome.stdout) == (0, "2 withdrawn\n")
    assert [row["quarantine_id"] for row in listed("--records")] == [second]
    closed = rows("select distinct closed_because, closed_by from quarantine.records where closed_at is not null")
    assert closed == [{"closed_because": "test locations ********", "closed_by": "j.devries"}]
    counts = rows(f"select records_quarantined from ops.deliveries where delivery_id = {account['delivery_id']}")
    assert counts == [{"records_quarantined": 3}]
    assert rows("select record_no from ops.quarantined_records") == [{"record_no": 2}]


def test_without_a_name_of_ones_own_the_login_is_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "officer")
    assert settings.person() == "officer"


@pytest.mark.parametrize(
    ("numbers", "because", "message"),
    [
        ((1, 2), "again", "record 1 is closed already (first); leave it out, none was withdrawn"),
        ((2, 999), "unknown", "quarantine has no record 999"),
        ((2,), " \n ", "a record is withdrawn for a reason"),
    ],
)
def test_a_withdrawal_that_can_not_be_ends_in_one_line_and_closes_nothing(
    tmp_path: Path, numbers: tuple[int, ...], because: str, message: str
) -> None:
    deliver(report(tmp_path, [*UGLY, *OTHERS]))
    opvang("withdraw", 1, "--because", "first")
    outcome = opvang("withdraw", *numbers, "--because", because)
    assert (outcome.exit_code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    assert message in outcome.stderr
    assert len(listed("--records")) == 2


def test_what_is_withdrawn_is_not_offered_for_replay_and_stays_withdrawn_beside_what_is(tmp_path: Path) -> None:
    deliver(report(tmp_path, [STRANGE, *OTHERS]))
    opvang("withdraw", 1, "--because", "closed by the fire brigade")
    assert replay(Wish("reception")) == ([], [])
    deliver(report(tmp_path, [STRANGE, location(2, gm_code="GM9998"), *OTHERS], NEXT_DAY))
    opvang("withdraw", 2, "--because", "closed by the fire brigade")
    [again], _ = replay(Wish("reception"))
    assert again["records_quarantined"] == 2
    assert [row["record_no"] for row in listed("--records")] == [2]
    assert rows(f"select closed_because from quarantine.records where delivery_id = {again['delivery_id']} order by 1") == [
        {"closed_because": "closed by the fire brigade"}, {"closed_because": None},
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["withdrawn", "forgotten"])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 0, 3, 2), (2, 0, 3, 1)])
def test_a_closed_record_keeps_its_last_version_whenever_it_was_closed(
    tmp_path: Path, order: tuple[int, ...], how: str
) -> None:
    day = [DAY + timedelta(days=ahead) for ahead in range(4)]
    files = [
        report(tmp_path, [location(1, 100), *OTHERS], day[0]),
        report(tmp_path, [STRANGE, *OTHERS], day[1]),
        report(tmp_path, [STRANGE, *OTHERS], day[2]),
        report(tmp_path, OTHERS, day[3]),
    ]
    for at in order:
        deliver(files[at])
        close(how)
    standing = [places(each).get("VR13-0001") for each in day]
    assert standing == [100, 100, 100, None]
    assert len(content()) == len(OTHERS) + 1


def close(how: str) -> None:
    if how == "withdrawn":
        for row in listed("--records"):
            opvang("withdraw", row["quarantine_id"], "--because", "a reason")
        return
    with warehouse.connect() as connection:
        connection.execute(b"update ops.deliveries set registered_at = '2000-01-01'")
    forget.forget("reception")


def test_a_replay_is_forgotten_with_its_original_and_not_while_it_waits(tmp_path: Path) -> None:
    account = deliver(report(tmp_path, [STRANGE, *OTHERS]))
    with warehouse.connect() as connection:
        connection.execute(b"update ops.deliveries set registered_at = '2000-01-01'")
        ledger.register_replay(connection, contract("reception"), account["delivery_id"], "VR13")
    assert (forget.forget("reception"), store.kept("reception", account["sha256"]).exists()) == (1, True)
    with warehouse.connect() as connection:
        connection.execute(b"update ops.deliveries set verdict = 'refused' where verdict is null")
    assert (forget.forget("reception"), store.kept("reception", account["sha256"]).exists()) == (1, False)
    assert rows("select record, closed_because from quarantine.records") == [
        {"record": [], "closed_because": "retention is over"}
    ]


def test_what_no_inbox_holds_is_forgotten_too(tmp_path: Path) -> None:
    """What an endpoint answered, a member of an archive, a file of an inbox that was elsewhere."""
    addresses = ["https://vr13.example/api/reports/2022-04-25", "zip://r.json::/gone.zip", "sftp://old.example/r.json"]
    accounts = [
        deliver(report(tmp_path, [location(1, 100 + number)], DAY + timedelta(days=number)))
        for number in range(len(addresses))
    ]
    with warehouse.connect() as connection:
        for account, address in zip(accounts, addresses, strict=True):
            query = b"update ops.deliveries set registered_at = '2000-01-01', uri = %s where delivery_id = %s"
            connection.execute(query, [address, account["delivery_id"]])
    assert forget.forget("reception") == len(addresses)
    assert not any(store.kept("reception", account["sha256"]).exists() for account in accounts)


def test_a_file_of_the_inbox_that_was_loaded_by_hand_is_forgotten_there_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INBOX", str(tmp_path))
    path = report(tmp_path, [location(1)])
    deliver(path)
    with warehouse.connect() as connection:
        connection.execute(b"update ops.deliveries set registered_at = '2000-01-01'")
    assert (forget.forget("reception"), path.exists()) == (1, False)


def test_a_forgotten_file_that_is_laid_there_again_is_forgotten_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INBOX", str(tmp_path))
    path = report(tmp_path, [location(1)])
    content, moment = path.read_bytes(), path.stat()
    kept = store.kept("reception", hashlib.sha256(content).hexdigest())
    for is_same_moment in (None, True, False):
        path.write_bytes(content)
        if is_same_moment:
            os.utime(path, ns=(moment.st_atime_ns, moment.st_mtime_ns))
        batch = fetch.fetch("reception")
        if is_same_moment is None:
            assert batch
            load.run("reception", batch)
        else:
            assert batch is None  # known, and judged
        with warehouse.connect() as connection:
            connection.execute(b"update ops.deliveries set registered_at = '2000-01-01' where source = 'reception'")
        assert kept.exists()
        assert (forget.forget("reception"), path.exists(), kept.exists()) == (1, False, False)

"""`opvang init`: what is missing is made, and nobody who is at work waits for it or is waited for."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from opvang import inbox, schema, settings, warehouse
from tests.warehouse.test_gate import rows

pytestmark = pytest.mark.usefixtures("empty")


def columns() -> list[warehouse.Row]:
    query = b"select table_schema, table_name, column_name, data_type from information_schema.columns order by 1, 2, 3"
    with warehouse.connect("admin") as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(autouse=True)
def nobody_waits_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c lock_timeout=5s")


def test_run_twice_it_changes_nothing() -> None:
    before = columns()
    schema.init()
    assert columns() == before


def test_it_waits_for_nobody_who_reads_while_nothing_is_new() -> None:
    with warehouse.connect("transformer") as reader:
        reader.execute(b"select 1 from raw.brp_persons, ops.deliveries, ops.quarantined_records")
        schema.init()


@pytest.mark.parametrize(
    "loss",
    [
        "drop table raw.brp_persons",
        "alter table raw.brp_persons drop column birth_as_delivered",
        "drop index raw.brp_persons_standing",
    ],
)
def test_what_was_lost_is_made_again(loss: str) -> None:
    before = columns(), rows("select indexname from pg_indexes where schemaname = 'raw' order by 1")
    with warehouse.connect() as connection:
        connection.execute(loss.encode())
    schema.init()
    assert (columns(), rows("select indexname from pg_indexes where schemaname = 'raw' order by 1")) == before


def test_with_something_new_it_keeps_nothing_that_a_reader_needs_while_it_waits_for_that_reader() -> None:
    with warehouse.connect() as connection:
        connection.execute(b"drop index ops.deliveries_seen")
    with ThreadPoolExecutor(1) as threads, warehouse.connect("transformer") as reader:
        reader.execute(b"select 1 from raw.reception_locations")
        init = threads.submit(schema.init)
        while not rows("select pid from pg_locks where not granted"):
            assert not init.done()
            time.sleep(0.05)
        reader.execute(b"select 1 from raw.brp_persons, ops.deliveries, ops.quarantined_records")
        reader.commit()
        init.result(30)


def test_the_inbox_of_a_new_warehouse_is_ours_to_fill_until_somebody_lays_a_file_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INBOX", str(tmp_path / "inbox"))
    assert inbox.is_ours_to_fill()
    (tmp_path / "inbox/code_tables").mkdir(parents=True)
    assert not inbox.is_ours_to_fill()

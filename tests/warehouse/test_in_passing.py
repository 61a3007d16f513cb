"""What dbt replaces while others use it: nobody waits for dbt, and dbt waits for them and for itself without a deadlock."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from opvang import warehouse
from opvang.warehouse import Connection
from tests.dbt import dbt

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.timeout(180)]

A_VIEW_AND_A_TABLE = ("stg_ownership__interests", "stg_ownership__identifiers")
# PostgreSQL drops the views on a relation in the order of its columns that they read.
CROSSED_VIEWS = b"""
create view staging.crossed_one as
select i.supplier, n.record_id from staging.stg_ownership__interests i, staging.stg_ownership__identifiers n;
create view staging.crossed_two as
select i.statement_id, n.supplier from staging.stg_ownership__interests i, staging.stg_ownership__identifiers n;
"""
HOLD_BOTH = b"comment on view staging.crossed_one is 'held'; comment on view staging.crossed_two is 'held'"
MART = "feed_timeliness_by_region_day"
MARTS = ("days", "safety_regions", MART)
HALF_DONE = (
    b"select 1 from pg_class where relkind = 'r' and relname like '%__dbt_%' and relnamespace = 'marts'::regnamespace"
)


@pytest.fixture
def admin() -> Iterator[Connection]:
    with warehouse.connect("admin", autocommit=True) as connection:
        yield connection


@pytest.fixture
def reader() -> Iterator[Connection]:
    with warehouse.connect("reader", autocommit=True) as connection:
        connection.execute(b"set statement_timeout = '1s'")
        yield connection


def test_dbt_drops_two_relations_at_once_on_which_the_same_views_stand(admin: Connection) -> None:
    dbt("run", "--select", *A_VIEW_AND_A_TABLE)
    with ThreadPoolExecutor(1) as thread, warehouse.connect("admin") as holder:
        holder.execute(CROSSED_VIEWS)
        holder.commit()
        holder.execute(HOLD_BOTH)
        again = thread.submit(dbt, "run", "--select", *A_VIEW_AND_A_TABLE)
        wait_until_dbt_waits(admin, 2, again)
        holder.rollback()
        again.result()


@pytest.mark.parametrize(
    ("read", "replaced"),
    [("days", "days"), ("days", MART), (MART, "days")],
    ids=["that is replaced", "to which the replaced refers", "that refers to the replaced"],
)
def test_who_reads_a_mart_for_long_keeps_no_other_reader_waiting(
    admin: Connection, reader: Connection, read: str, replaced: str
) -> None:
    """Dropping a mart locks what it refers to and what refers to it."""
    build_marts()
    with ThreadPoolExecutor(1) as thread, warehouse.connect("reader") as slow:
        slow.execute(f"select count(*) from marts.{read}".encode())
        again = thread.submit(dbt, "run", "--select", replaced)
        wait_until_dbt_waits(admin, 1, again)
        read_all(reader, for_seconds=2)
        assert not again.done()
        slow.rollback()
        again.result()
    assert admin.execute(HALF_DONE).fetchall() == []


def test_what_a_killed_build_left_is_gone_before_any_mart_is_built(admin: Connection, reader: Connection) -> None:
    build_marts()
    left = f"marts.{MART}__dbt_backup"
    admin.execute(f"create table {left} (calendar_date date references marts.days)".encode())
    admin.execute(f"alter table {left} owner to opvang_transformer".encode())
    with ThreadPoolExecutor(1) as thread, warehouse.connect("admin") as holder:
        holder.execute(b"lock table ops.deliveries")
        again = thread.submit(dbt, "run", "--select", MART)
        wait_until_dbt_waits(admin, 1, again)
        read_all(reader, for_seconds=1)
        assert admin.execute(HALF_DONE).fetchall() == []
        holder.rollback()
        again.result()


def test_a_build_after_one_that_gave_up_shows_nothing_half_done(admin: Connection) -> None:
    build_marts()
    with warehouse.connect("reader") as slow:
        slow.execute(f"select count(*) from marts.{MART}".encode())
        with pytest.raises(
            AssertionError, match=r"marts\.days__dbt_backup, or what it refers to, was in use for 1 seconds"
        ):
            dbt("run", "--vars", "{reader_patience_seconds: 1}", "--select", "days")
    assert admin.execute(HALF_DONE).fetchall() != []
    with ThreadPoolExecutor(1) as thread, warehouse.connect("reader") as slow:
        slow.execute(b"select count(*) from marts.days")
        again = thread.submit(dbt, "run", "--select", "days")
        wait_until_dbt_waits(admin, 1, again)
        assert admin.execute(HALF_DONE).fetchall() == []
        slow.rollback()
        again.result()


def test_dbt_gives_up_on_a_reader_who_never_ends() -> None:
    build_marts()
    with warehouse.connect("reader") as slow:
        slow.execute(b"select 1 from marts.days limit 1")
        with pytest.raises(
            AssertionError, match=r"marts\.days, or what it refers to, was in use for 1 seconds: end the"
        ):
            dbt("run", "--vars", "{reader_patience_seconds: 1}", "--select", "days")


def build_marts() -> None:
    models = ("--resource-type", "seed", "--resource-type", "model")
    dbt("build", *models, "--select", *[f"+{mart}" for mart in MARTS])


def wait_until_dbt_waits(admin: Connection, sessions: int, run: Future[None]) -> None:
    """Until so many sessions of dbt wait for a lock at once."""
    waiting = b"select 1 from pg_stat_activity where application_name = 'dbt' and wait_event_type = 'Lock'"
    while len(admin.execute(waiting).fetchall()) < sessions:
        if run.done():
            run.result()
            pytest.fail("dbt ended and waited for nobody")
        time.sleep(0.02)


def read_all(reader: Connection, for_seconds: float) -> None:
    """Read each mart again and again; ServerError when one keeps the reader for a second."""
    ends = time.monotonic() + for_seconds
    while time.monotonic() < ends:
        for mart in MARTS:
            reader.execute(f"select count(*) from marts.{mart}".encode())

"""Two relations on which the same views stand, replaced at once by dbt: no deadlock."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from opvang import warehouse
from tests.dbt import dbt

A_VIEW_AND_A_TABLE = ("stg_ownership__interests", "stg_ownership__identifiers")
# PostgreSQL drops the views on a relation in the order of its columns that they read.
CROSSED_VIEWS = b"""
create view staging.crossed_one as
select i.supplier, n.record_id from staging.stg_ownership__interests i, staging.stg_ownership__identifiers n;
create view staging.crossed_two as
select i.statement_id, n.supplier from staging.stg_ownership__interests i, staging.stg_ownership__identifiers n;
"""
HOLD_BOTH = b"comment on view staging.crossed_one is 'held'; comment on view staging.crossed_two is 'held'"
WAITING = b"select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@pytest.mark.usefixtures("empty")
@pytest.mark.timeout(120)
def test_dbt_drops_one_after_another_what_carries_the_same_views() -> None:
    dbt("run", "--select", *A_VIEW_AND_A_TABLE)
    with ThreadPoolExecutor(1) as thread, warehouse.connect("admin") as connection:
        connection.execute(CROSSED_VIEWS)
        connection.commit()
        connection.execute(HOLD_BOTH)
        again = thread.submit(dbt, "run", "--select", *A_VIEW_AND_A_TABLE)
        wait_until_both_wait(again)
        connection.rollback()
        again.result()


def wait_until_both_wait(run: Future[None]) -> None:
    with warehouse.connect("admin", autocommit=True) as connection:
        while len(connection.execute(WAITING).fetchall()) < 2:
            if run.done():
                run.result()
                pytest.fail("dbt dropped both relations while the views on them were held")
            time.sleep(0.05)

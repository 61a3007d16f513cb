"""Two runs of one source, one held still where it hurts: nothing twice, nothing stuck, no deadlock."""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from opvang import fetch, forget, land, ledger, load, publish, settings, store, validate, warehouse
from opvang.errors import UsageError
from tests.deliveries import location, report

pytestmark = [pytest.mark.usefixtures("code_tables"), pytest.mark.timeout(60)]
UGLY = [location(1, gm_code="GM9999"), *(location(number) for number in range(2, 9))]


def count(table: str) -> int:
    with warehouse.connect() as connection:
        return int(connection.execute(f"select count(*) as n from {table}".encode()).fetchall()[0]["n"])


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """One report with a record for quarantine, fetched."""
    monkeypatch.setattr(settings, "INBOX", str(tmp_path))
    report(tmp_path, UGLY)
    found = fetch.fetch("reception")
    assert found is not None
    return found


def run_again() -> int | None:
    found = fetch.fetch("reception")
    if found is not None:
        load.run("reception", found)
    return found


class Held:
    """A function that waits in its first call until it is let go."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.reached, self.go = function, Event(), Event()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self.reached.is_set():
            self.reached.set()
            assert self.go.wait(30)
        return self.function(*args, **kwargs)


def hold_first(held: Held, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Future[Any], Future[Any]]:
    """Begin the first, begin the second while the first is held, then let both end."""
    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(first)
        assert held.reached.wait(30)
        two = threads.submit(second)
        try:
            two.exception(timeout=2)
        except TimeoutError:
            pass
        finally:
            held.go.set()
    return one, two


def test_a_delivery_that_two_runs_land_at_once_is_published_once(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    held, landed = Held(store.kept), Event()
    monkeypatch.setattr(store, "kept", held)

    def first() -> None:
        land.land("reception", batch)
        landed.set()

    def second() -> None:
        taken_over = fetch.fetch("reception")
        assert taken_over is not None
        land.land("reception", taken_over)
        validate.validate("reception", taken_over)
        held.go.set()
        assert landed.wait(30)
        publish.publish("reception", taken_over)

    one, two = hold_first(held, first, second)
    assert (one.exception(), two.exception()) == (None, None)
    assert count("raw.reception_locations") == 7
    assert count("landing.reception_locations") == count("landing.breaches") == 0


def test_a_run_that_comes_while_another_publishes_finds_nothing_left(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    land.land("reception", batch)
    validate.validate("reception", batch)
    held = Held(publish._quarantine)
    monkeypatch.setattr(publish, "_quarantine", held)
    one, two = hold_first(held, lambda: publish.publish("reception", batch), run_again)
    assert (one.result(), two.result()) == ({"quarantined_in_part": 1}, None)
    assert (count("quarantine.records"), count("raw.reception_locations")) == (1, 7)


def test_a_batch_is_not_published_while_somebody_looks_at_it_again(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    land.land("reception", batch)
    validate.validate("reception", batch)
    held = Held(validate._engine)
    monkeypatch.setattr(validate, "_engine", held)
    one, two = hold_first(
        held, lambda: validate.validate("reception", batch), lambda: publish.publish("reception", batch)
    )
    assert one.exception() is None
    assert two.result() == {"quarantined_in_part": 1}


def test_a_look_that_broke_off_leaves_the_batch_unvalidated(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    land.land("reception", batch)
    validate.validate("reception", batch)
    with monkeypatch.context() as patch:
        patch.setattr(validate, "_engine", _broken)
        with pytest.raises(ZeroDivisionError):
            validate.validate("reception", batch)
    with pytest.raises(UsageError, match="validate batch"):
        publish.publish("reception", batch)


def _broken(batch_id: int, places: object) -> Any:
    return 1 / 0


def test_a_run_after_one_that_broke_off_tells_the_same_of_a_refused_delivery(tmp_path: Path, batch: int) -> None:
    report(tmp_path, UGLY[:2], region="VR14")
    refusing = fetch.fetch("reception")
    assert refusing is not None
    land.land("reception", refusing)
    validate.validate("reception", refusing)
    run_again()
    with warehouse.connect() as connection:
        told = connection.execute(
            b"select verdict, rule from ops.deliveries join ops.rule_results using (delivery_id) where supplier = 'VR14'"
        ).fetchall()
    assert told == [{"verdict": "refused", "rule": "municipality_is_known"}]


def test_two_loads_of_the_same_files_the_other_way_round_do_not_wait_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [str(report(tmp_path, UGLY, region=region)) for region in ("VR13", "VR14")]
    both, register = Barrier(2, timeout=5), ledger.register

    def together(*args: Any) -> int:
        delivery = register(*args)
        if together.calls < 2:  # type: ignore[attr-defined]
            together.calls += 1  # type: ignore[attr-defined]
            both.wait()
        return delivery

    together.calls = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(ledger, "register", together)
    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(load.load, "reception", order, None, None, None) for order in (files, files[::-1])]
    errors = [run.exception() for run in runs if run.exception()]
    assert [str(error) for error in errors if "another load of the same file" not in str(error)] == []
    run_again()
    assert count("raw.reception_locations") == 14


def test_what_a_killed_fetch_left_half_written_is_forgotten_after_a_day(batch: int) -> None:
    old, new = (store.kept("reception", f".1-{name}") for name in ("old", "new"))
    for draft, age in ((old, 25 * 3600), (new, 0)):
        draft.touch()
        os.utime(draft, (time.time() - age, time.time() - age))
    forget.forget("reception")
    assert (old.exists(), new.exists()) == (False, True)
    new.unlink()


def has_index() -> bool:
    return count("pg_indexes where schemaname = 'raw' and indexname = 'reception_locations_standing'") == 1


def test_a_first_load_waits_for_no_reader(batch: int) -> None:
    with warehouse.connect("admin") as reader:
        assert reader.execute(b"select * from raw.reception_locations").fetchall() == []
        load.run("reception", batch)
        assert has_index()
    assert count("raw.reception_locations") == 7


def test_a_first_load_leaves_the_table_with_its_index(batch: int) -> None:
    land.land("reception", batch)
    validate.validate("reception", batch)
    with pytest.MonkeyPatch.context() as broken:
        broken.delattr(publish.account, "published")
        with pytest.raises(AttributeError):
            publish.publish("reception", batch)
    assert has_index()
    assert count("raw.reception_locations") == 0
    publish.publish("reception", batch)
    assert has_index()
    assert count("raw.reception_locations") == 7

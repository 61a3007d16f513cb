"""A dbt build killed at any moment: readers see each mart whole, old or new, and the next build ends as it should."""

import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from opvang import warehouse
from tests.chaos.conftest import NAME, World
from tests.chaos.tally import Tally
from tests.conftest import copy_database
from tests.dbt import begin_build, build_marts

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(1800)]
BEFORE = "marts_of_the_day_before"


def marts() -> dict[str, str]:
    """Each mart and the checksum of its rows, each read in one statement."""
    with warehouse.connect("reader", autocommit=True) as connection:
        names = connection.execute(
            b"select table_name as name from information_schema.tables where table_schema = 'marts' order by 1"
        ).fetchall()
        return {name: _rows(connection, name) for name in (row["name"] for row in names) if "__dbt_" not in name}


def _rows(connection: warehouse.Connection, name: str) -> str:
    query = f"select count(*) || ' ' || coalesce(md5(string_agg(m::text, chr(10) order by m::text)), '') as rows from marts.{name} as m"
    return str(connection.execute(query.encode()).fetchall()[0]["rows"])


class Watch(threading.Thread):
    """A reader who looks at every mart until told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[tuple[str, str]] = set()
        self.error: Exception | None = None
        self.enough = threading.Event()

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                self.seen |= set(marts().items())
        except Exception as error:  # noqa: BLE001
            self.error = error

    def what_it_saw(self) -> set[tuple[str, str]]:
        self.enough.set()
        self.join()
        assert self.error is None
        return self.seen


def killed_build(folder: Path, after: float) -> bool:
    """Begin a build and kill it with all its processes after a while; False when it had ended."""
    process = begin_build(folder / "target")
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def test_a_dbt_build_killed_at_a_moment(world: World, tally: Tally, kills: int, seed: int, tmp_path: Path) -> None:
    world.reset("reception", "fetch")
    build_marts()
    old = marts()
    world.do("run", "reception")
    copy_database(NAME, BEFORE)
    began = time.monotonic()
    build_marts()
    took, new = time.monotonic() - began, marts()
    assert old != new and old.keys() == new.keys()
    moments = random.Random(seed)
    for _ in range(kills // 50):
        copy_database(BEFORE, NAME)
        watch = Watch()
        watch.start()
        was_killed = killed_build(tmp_path, moments.uniform(took / 3, took))
        assert watch.what_it_saw() <= {*old.items(), *new.items()}
        build_marts()
        assert marts() == new
        tally.note("dbt build killed at a moment", hit=was_killed)

"""A disk without room, for tables, for the log of PostgreSQL and for deliveries: one clear line, and the next run ends as it should."""

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from opvang import server, settings
from tests.chaos import checksum, children
from tests.chaos.children import Job
from tests.chaos.conftest import NAME, World
from tests.chaos.scenario import SOURCES
from tests.chaos.tally import Tally
from tests.chaos.test_postgres_breaks import demand_one_line

pytestmark = pytest.mark.timeout(600)
SIZE_MB = 96


@pytest.fixture(scope="module")
def small_disk(world: World) -> Iterator[Path]:
    """A disk of its own for tables, as a tablespace; only root may mount one."""
    place = Path("/var/tmp") / f"opvang-chaos-{os.getpid()}"
    place.mkdir()
    options = f"size={SIZE_MB}m,mode=755"
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=False).returncode:
        place.rmdir()
        pytest.skip("only root can mount a small disk here")
    (place / "tables").mkdir()
    os.chown(place / "tables", server._account().pw_uid, server._account().pw_gid)
    maintenance(sql.SQL("create tablespace small location {}").format(sql.Literal(str(place / "tables"))))
    yield place
    (place / "ballast").unlink(missing_ok=True)
    maintenance(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(NAME)))
    maintenance(sql.SQL("drop tablespace small"))
    subprocess.run(["umount", place], check=True)
    place.rmdir()


def maintenance(statement: sql.Composable) -> None:
    with psycopg.connect(**settings.connection("admin") | {"dbname": "postgres"}, autocommit=True) as connection:
        connection.execute(statement)


def fill(disk: Path, leave_kb: int) -> None:
    """Leave so much room on a disk and no more."""
    free = shutil.disk_usage(disk).free - leave_kb * 1024
    with (disk / "ballast").open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, free)


@pytest.mark.parametrize("leave_kb", [0, 64, 256])
@pytest.mark.parametrize("verb", ["land", "publish"])
def test_a_disk_without_room_for_tables(world: World, small_disk: Path, tally: Tally, verb: str, leave_kb: int) -> None:
    world.reset("brp", verb)
    maintenance(sql.SQL("alter database {} set tablespace small").format(sql.Identifier(NAME)))
    try:
        fill(small_disk, leave_kb)
        outcome = children.run(world.job(verb, "brp"))
    finally:
        (small_disk / "ballast").unlink(missing_ok=True)
    demand_one_line(outcome)
    if leave_kb == 0:
        assert "No space left on device" in str(outcome.get("error")), outcome
    world.recover("brp")
    tally.note(f"full disk during {verb}", hit="error" in outcome)


@pytest.mark.parametrize("verb", ["land", "publish"])
def test_a_disk_without_room_for_the_log_of_postgresql(world: World, tally: Tally, verb: str) -> None:
    world.reset("brp", verb)
    child = children.start(world.job(verb, "brp", 8, signal.SIGSTOP))
    assert child.is_held()
    try:
        for process in _backends():
            limit = ["prlimit", "--pid", str(process), "--fsize=65536:"]
            subprocess.run(limit, check=True, **server._identity())
        child.go_on()
        outcome = child.end()
        demand_one_line(outcome)
    finally:
        world.wait_for_server()
    world.emptied = {(source, stage) for source in SOURCES for stage in ("validate", "publish")}
    world.recover("brp")
    tally.note("PostgreSQL can't write its log and panics", hit="error" in outcome)


def _backends() -> list[int]:
    with psycopg.connect(**settings.connection("admin")) as connection:
        found = connection.execute("select pid from pg_stat_activity where usename = %s", [settings.USERS["loader"]])
        return [pid for (pid,) in found]


@pytest.mark.parametrize("source", SOURCES)
def test_a_disk_without_room_for_deliveries(world: World, tally: Tally, source: str) -> None:
    world.reset(source, "fetch")
    outcome = children.run(world.job("fetch", source, largest_file=512))
    demand_one_line(outcome)
    assert os.strerror(errno.EFBIG) in str(outcome.get("error"))
    world.recover(source)
    tally.note("full disk during fetch", hit=True)


def test_a_disk_without_room_for_temporary_files(world: World, tally: Tally, tmp_path: Path) -> None:
    world.reset("reception", "fetch")
    table = next((settings.PROJECT / "include/deliveries/code_tables").rglob("Tabel33*"))
    place = tmp_path / "code_tables" / "rvig" / "2022-04-01"
    place.mkdir(parents=True)
    shutil.copy(table, place)
    for verb, largest_file in (("fetch", 1 << 30), ("land", 512)):
        outcome = children.run(Job(verb, "code_tables", str(tmp_path), world.environment, largest_file=largest_file))
    demand_one_line(outcome)
    assert "make room for temporary files" in str(outcome.get("error"))
    assert "result" in children.run(Job("run", "code_tables", str(tmp_path), world.environment))
    assert checksum.unrest() == {}
    tally.note("full disk during land", hit=True)

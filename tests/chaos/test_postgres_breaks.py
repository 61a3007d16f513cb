"""PostgreSQL stopped at once, connections lost, statements and locks timed out: one clear line, and the next run ends as it should."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from opvang import settings
from tests.chaos import children
from tests.chaos.api import OPVANG
from tests.chaos.conftest import World
from tests.chaos.scenario import SOURCES
from tests.chaos.tally import Tally

pytestmark = pytest.mark.timeout(1200)
WRITING = ("land", "validate", "publish")


def disturb(world: World, source: str, verb: str, at: int, evil: Callable[[World], None]) -> bool:
    """Hold a verb at a boundary, do evil, let it go on: it ends, and an end that fails is one clear line."""
    world.reset(source, verb)
    child = children.start(world.job(verb, source, at, signal.SIGSTOP))
    is_held = child.is_held()
    try:
        if is_held:
            evil(world)
            child.go_on()
        demand_one_line(child.end())
    finally:
        world.server.start()
    return is_held


def demand_one_line(outcome: dict[str, object]) -> None:
    assert "traceback" not in outcome, outcome
    assert "error" in outcome or "result" in outcome, outcome
    assert str(outcome.get("error", "")).count("\n") == 0
    assert not str(outcome.get("error", "")).startswith("ContractError"), outcome


def sample(world: World, source: str, verb: str, kills: int, seed: int) -> list[int]:
    """Some boundaries of a verb; of land the middle of a COPY for certain."""
    calls = world.calls[source, verb]
    chosen = random.Random(f"{seed} {source} {verb}").sample(range(2, len(calls)), max(1, kills // 60))
    return [*chosen, *([calls.index("write") + 1] if "write" in calls else [])]


def lose_connections(world: World) -> None:
    with psycopg.connect(**settings.connection("admin"), autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [settings.USERS["loader"]]
        )


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("verb", WRITING)
def test_postgresql_stopped_at_once(world: World, tally: Tally, kills: int, seed: int, source: str, verb: str) -> None:
    for at in sample(world, source, verb, kills, seed):
        is_held = disturb(world, source, verb, at, World.crash)
        world.recover(source)
        tally.note(f"PostgreSQL stopped with -m immediate during {verb}", hit=is_held)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("verb", ["fetch", *WRITING])
def test_connections_lost(world: World, tally: Tally, kills: int, seed: int, source: str, verb: str) -> None:
    for at in sample(world, source, verb, kills, seed):
        is_held = disturb(world, source, verb, at, lose_connections)
        world.recover(source)
        tally.note(f"connections lost during {verb}", hit=is_held)


@contextmanager
def impatient(limit: str) -> Iterator[None]:
    """The loader waits no longer than this."""
    with psycopg.connect(**settings.connection("admin"), autocommit=True) as connection:
        role = sql.Identifier(settings.USERS["loader"])
        connection.execute(sql.SQL("alter role {} set {} = '200ms'").format(role, sql.Identifier(limit)))
        try:
            yield
        finally:
            connection.execute(sql.SQL("alter role {} reset {}").format(role, sql.Identifier(limit)))


@pytest.mark.parametrize(
    ("verb", "table"),
    [
        ("fetch", "ops.deliveries"),
        ("land", "landing.reception_locations"),
        ("validate", "landing.reception_locations"),
        ("publish", "raw.reception_locations"),
    ],
)
@pytest.mark.parametrize("limit", ["statement_timeout", "lock_timeout"])
def test_a_table_that_somebody_keeps_locked(world: World, tally: Tally, limit: str, verb: str, table: str) -> None:
    world.reset("reception", verb)
    with psycopg.connect(**settings.connection("admin")) as connection, impatient(limit):
        connection.execute(sql.SQL("lock table {} in access exclusive mode").format(sql.Identifier(*table.split("."))))
        outcome = children.run(world.job(verb, "reception"))
    assert "error" in outcome, outcome
    demand_one_line(outcome)
    world.recover("reception")
    tally.note(limit.replace("_", " "), hit=True)


@pytest.mark.parametrize("verb", WRITING)
def test_the_command_says_in_one_line_that_a_connection_was_lost(
    world: World, tally: Tally, kills: int, verb: str
) -> None:
    if kills < 100 and verb != "publish":
        pytest.skip("imports take seconds; make chaos does all verbs")
    world.reset("reception", verb)
    command = [str(OPVANG), verb, "reception"]
    with psycopg.connect(**settings.connection("admin"), autocommit=True) as connection:
        connection.execute("begin")
        connection.execute(sql.SQL("lock table landing.breaches in access exclusive mode"))
        environment = os.environ | world.environment
        process = subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        waiting = "select 1 from pg_stat_activity where usename = %s and wait_event_type = 'Lock'"
        while process.poll() is None and not connection.execute(waiting, [settings.USERS["loader"]]).fetchone():
            time.sleep(0.05)
            connection.execute("select pg_stat_clear_snapshot()")
        lose_connections(world)
        said = process.communicate(timeout=60)[1]
    assert (process.returncode, said.count("\n"), "Traceback" in said) == (1, 1, False), said
    assert said.startswith("opvang: PostgreSQL broke off: "), said
    world.recover("reception")
    tally.note("connections lost during a fresh process", hit=True)

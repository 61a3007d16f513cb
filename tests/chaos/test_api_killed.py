"""The API of regions that answer themselves killed while it is read: nothing half is taken, and the next run has the rest."""

import random
import time

import pytest

from opvang import warehouse
from tests.chaos import children
from tests.chaos.conftest import World
from tests.chaos.tally import Tally

pytestmark = pytest.mark.timeout(3600)


@pytest.mark.parametrize("verb", ["fetch", "run"])
def test_an_api_killed_while_it_is_read(world: World, tally: Tally, kills: int, seed: int, verb: str) -> None:
    moments = random.Random(f"{seed} {verb}")
    for _ in range(max(1, kills // 20)):
        world.reset("reception", "fetch")
        child = children.start(world.job(verb, "reception"))
        time.sleep(moments.uniform(0, world.lasts("fetch", "reception")))
        world.api.kill()
        outcome = child.end()
        assert "result" in outcome, outcome
        was_down = regions_that_cannot_be_read()
        world.api.start()
        world.recover("reception")
        tally.note(f"API killed while {verb} reads it", hit=was_down)


def regions_that_cannot_be_read() -> bool:
    with warehouse.connect() as connection:
        return bool(connection.execute(b"select 1 from ops.endpoint_faults").fetchall())

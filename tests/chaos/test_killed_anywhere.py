"""SIGKILL at every boundary and in the middle of every verb: the next run ends where an undisturbed run ends."""

import os
import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.chaos import children
from tests.chaos.api import OPVANG
from tests.chaos.conftest import STAGES, World
from tests.chaos.scenario import SOURCES
from tests.chaos.tally import Tally

pytestmark = pytest.mark.timeout(3600)
STAGE_BEFORE = {"run": "fetch", "load": "fetch"}


def boundaries(world: World, verb: str, source: str, kills: int, seed: int) -> list[int]:
    """A sample of the boundaries of a verb, or every one: of what writes from 200 kills on, of what mostly asks from 1,000 on."""
    every = range(1, len(world.calls[source, verb]) + 1)
    is_whole = kills >= (1000 if verb == "validate" else 200)
    share = len(every) if is_whole else min(len(every), max(1, kills // 10))
    return sorted(random.Random(f"{seed} {source} {verb}").sample(every, share))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("verb", STAGES)
def test_killed_at_a_boundary(world: World, tally: Tally, kills: int, seed: int, source: str, verb: str) -> None:
    for at in boundaries(world, verb, source, kills, seed):
        world.reset(source, verb)
        outcome = children.run(world.job(verb, source, at))
        assert "traceback" not in outcome
        world.recover(source)
        tally.note(f"{verb} killed at a boundary", hit=outcome["killed"])


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("verb", [*STAGES, "run", "load"])
def test_killed_at_a_moment(world: World, tally: Tally, kills: int, seed: int, source: str, verb: str) -> None:
    moments = random.Random(f"{seed} {source} {verb}")
    for _ in range(max(1, kills // 40)):
        world.reset(source, STAGE_BEFORE.get(verb, verb))
        child = children.start(world.job(verb, source))
        time.sleep(moments.uniform(0, world.lasts(verb, source)))
        child.kill()
        outcome = child.end()
        world.recover(source)
        tally.note(f"{verb} killed at a moment", hit=outcome["killed"])


@pytest.mark.parametrize("verb", [*STAGES, "load"])
def test_a_fresh_process_killed_at_a_moment(world: World, tally: Tally, kills: int, seed: int, verb: str) -> None:
    moments = random.Random(f"{seed} {verb}")
    if kills < 100:
        pytest.skip("imports take seconds; make chaos does it")
    took = 0.0
    for number in range(1 + max(1, kills // 100)):
        world.reset("reception", STAGE_BEFORE.get(verb, verb))
        began = time.monotonic()
        process = opvang(world, verb)
        if number == 0:
            assert process.wait(60) in (0, 3)
            took = time.monotonic() - began
            continue
        time.sleep(moments.uniform(took / 4, took))
        process.kill()
        process.wait()
        world.recover("reception")
        tally.note("fresh process killed at a moment", hit=process.returncode == -9)


def opvang(world: World, verb: str) -> "subprocess.Popen[bytes]":
    files = [path for path in sorted(Path(world.inbox, "reception").rglob("*")) if path.is_file()]
    words = [str(OPVANG), verb, "reception", *(map(str, files) if verb == "load" else [])]
    environment = os.environ | world.environment | {"OPVANG_INBOX": world.inbox}
    return subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

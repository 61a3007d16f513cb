"""Two runs at once, beside a dbt build, beside twenty readers: no deadlock, no wrong answer, nobody kept waiting."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from opvang import warehouse
from tests.chaos import checksum, children, readers, scenario
from tests.chaos.conftest import World
from tests.chaos.readers import Readers
from tests.chaos.scenario import DAILY, SOURCES
from tests.chaos.tally import Tally
from tests.dbt import begin_build, build_marts

pytestmark = pytest.mark.timeout(1200)
LONGEST = 1.0


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("verb", ["run", "load"])
def test_two_runs_of_one_source(world: World, tally: Tally, kills: int, seed: int, source: str, verb: str) -> None:
    moments = random.Random(f"{seed} {source} {verb}")
    for _ in range(max(1, kills // 40)):
        world.reset(source, "fetch")
        first = children.start(world.job(verb, source))
        time.sleep(moments.uniform(0, world.lasts(verb, source)))
        outcomes = [child.end() for child in (children.start(world.job("run", source)), first)]
        assert [outcome for outcome in outcomes if "result" not in outcome and not _gave_way(outcome)] == []
        world.demand_peace(source)
        tally.note(f"two runs of one source, {verb} first", hit=True)


def _gave_way(outcome: dict[str, object]) -> bool:
    return "another load of the same file" in str(outcome.get("error"))


def test_all_sources_at_once(world: World, tally: Tally, kills: int) -> None:
    world.reset("reception", "fetch")
    for source in SOURCES:
        world.do("run", source)
    undisturbed = checksum.content()
    for _ in range(max(1, kills // 40)):
        world.reset("reception", "fetch")
        runs = [children.start(world.job("run", source)) for source in SOURCES]
        assert [outcome for run in runs if "result" not in (outcome := run.end())] == []
        assert (checksum.unrest(), checksum.content()) == ({}, undisturbed)
        tally.note("all sources at once", hit=True)


def write_a_day(inbox: Path, number: int) -> None:
    """A day's deliveries of two regions and of the BRP, each different from those of the day before."""
    ahead = timedelta(days=3 + number)
    for region in ("VR13", "VR14"):
        bad = [number % 8 + 1] if number % 2 else []
        scenario.write_report(
            inbox, range(1 + number % 3, 10 + number % 4), scenario.DAY + ahead, region, places=100 + number, wrong=bad
        )
    start = number * 20 % 400
    scenario.write_selection(inbox, date(2022, 5, 1) + ahead, slice(start, start + 150))
    scenario.date_files(inbox, datetime(2022, 6, 1, 9, tzinfo=UTC) + timedelta(hours=number))


def run_days(world: World, inbox: Path, seconds: float) -> int:
    """Every day two runs of reception and two of brp at once, until the time is over; returns how many runs."""
    ends, days = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        write_a_day(inbox, days)
        jobs = [children.Job("run", source, str(inbox), world.environment) for source in DAILY * 2]
        outcomes = [child.end() for child in [children.start(job) for job in jobs]]
        assert [outcome for outcome in outcomes if "result" not in outcome] == []
        days += 1
    return days * len(DAILY) * 2


def test_readers_get_whole_answers_beside_runs(world: World, tally: Tally, kills: int, tmp_path: Path) -> None:
    world.reset("brp", "fetch")
    crowd = Readers(world.environment, marts=False)
    runs = run_days(world, tmp_path, seconds=max(5, kills // 10))
    demand_whole_answers(crowd, tally, f"beside {runs} runs, two of each source at a time")


@pytest.mark.thorough
def test_readers_get_whole_answers_beside_runs_and_a_dbt_build(
    world: World, tally: Tally, kills: int, tmp_path: Path
) -> None:
    world.reset("brp", "fetch")
    (tmp_path / "inbox").mkdir()
    run_days(world, tmp_path / "inbox", seconds=0)
    build_marts()
    crowd = Readers(world.environment, marts=True)
    with ThreadPoolExecutor(1) as thread:
        built = thread.submit(build_until, seconds := max(20, kills // 5), tmp_path / "target")
        runs = run_days(world, tmp_path / "inbox2", seconds)
        builds = built.result()
    demand_whole_answers(crowd, tally, f"beside {runs} runs and {builds} dbt builds")


def build_until(seconds: float, target: Path) -> int:
    ends, builds = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        assert begin_build(target).wait() == 0
        builds += 1
    return builds


def demand_whole_answers(crowd: Readers, tally: Tally, beside: str) -> None:
    seen = crowd.seen()
    assert seen.wrong[:3] == []
    assert seen.longest < LONGEST
    assert checksum.unrest() == {}
    tally.facts[f"20 readers {beside}"] = (
        f"{seen.reads:,} whole answers, longest statement {seen.longest * 1000:.0f} ms"
    )


def test_readers_would_see_half_a_publication(world: World) -> None:
    world.reset("brp", "fetch")
    assert readers.wrong_now("loader", readers.RAW) == []
    with warehouse.connect() as connection:
        connection.execute(
            b"delete from raw.brp_residences where record_key = (select min(record_key) from raw.brp_residences)"
        )
        connection.execute(b"delete from raw.reception_locations where record_key = 'VR13-0001'")
    assert readers.wrong_now("loader", readers.RAW) == list(readers.RAW)

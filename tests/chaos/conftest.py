"""A PostgreSQL that the chaos tests may hurt, and copies of a warehouse as it stands before each verb."""

import contextlib
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from opvang import region_api, schema, settings
from opvang.server import Server
from tests.chaos import api, checksum, children, scenario
from tests.chaos.api import Api
from tests.chaos.children import Job
from tests.chaos.tally import Tally
from tests.conftest import copy_database, free_port

FEW, MANY, SEED = 24, 100, 2022
VARIANTS = 1
PASSWORD = "only-for-tests"
NAME = "chaos"
STAGES = ("fetch", "land", "validate", "publish")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=FEW, help="how many processes to kill")
    parser.addoption("--seed", type=int, default=SEED, help="which moments, boundaries and verbs")
    parser.addoption("--report", default=None, help="file that gets the table of what was done and what came of it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With few kills to spend, a sample of the variants of each chaos test."""
    if config.getoption("--kills", FEW) >= MANY:
        return
    chance = random.Random(config.getoption("--seed", SEED))
    tests: dict[str, list[pytest.Item]] = {}
    for item in items:
        if Path(__file__).parent in item.path.parents:
            tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out = {
        item for variants in tests.values() for item in chance.sample(variants, max(0, len(variants) - VARIANTS))
    }
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="package")
def kills(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--kills", FEW))


@pytest.fixture(scope="package")
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--seed", SEED))


@pytest.fixture(autouse=True)
def no_child_left() -> Iterator[None]:
    yield
    children.leave_none()


@pytest.fixture(scope="package")
def tally(request: pytest.FixtureRequest, kills: int, seed: int) -> Iterator[Tally]:
    """What was done to the pipeline and what came of it; written down when all went well."""
    tally = Tally(kills, seed)
    yield tally
    print(f"\n{tally}")  # noqa: T201
    report = request.config.getoption("--report", None)
    if report and not request.session.testsfailed:
        Path(report).write_text(tally.page())


@dataclass
class World:
    """One server, its environment, the regions' API, the inbox of the next deliveries, and what an undisturbed run makes of them."""

    server: Server
    api: Api
    folder: Path
    environment: dict[str, str]
    undisturbed: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    emptied: set[tuple[str, str]] = field(default_factory=set)

    @property
    def inbox(self) -> str:
        return str(self.folder / "inbox")

    @property
    def store(self) -> Path:
        return settings.HOME / "deliveries"

    def job(self, verb: str, source: str, at: int = 0, signal_number: int = signal.SIGKILL, **limits: int) -> Job:
        return Job(verb, source, self.inbox, self.environment, at, signal_number, **limits)

    def do(self, verb: str, source: str) -> None:
        """A verb that nothing disturbs; how long it took is remembered."""
        outcome = children.run(self.job(verb, source))
        assert "result" in outcome, outcome
        self.calls.setdefault((source, verb), outcome["calls"])
        self.seconds.setdefault((source, verb), outcome["seconds"])

    def lasts(self, verb: str, source: str) -> float:
        """How many seconds a verb, or all four, take when nothing disturbs them."""
        return sum(self.seconds[source, step] for step in (STAGES if verb in ("run", "load") else (verb,)))

    def reset(self, source: str, stage: str) -> None:
        """The warehouse as it stands before a verb."""
        if (source, stage) in self.emptied:
            self.emptied.remove((source, stage))
            self.reset(source, STAGES[STAGES.index(stage) - 1])
            self.do(STAGES[STAGES.index(stage) - 1], source)
            self.keep(source, stage)
        copy_database(f"{source}_{stage}", NAME)
        shutil.rmtree(self.store)
        shutil.copytree(self.folder / "stores" / f"{source}_{stage}", self.store)

    def keep(self, source: str, stage: str) -> None:
        """Remember the warehouse as it stands."""
        copy_database(NAME, f"{source}_{stage}")
        shutil.copytree(self.store, self.folder / "stores" / f"{source}_{stage}", dirs_exist_ok=True)

    def crash(self) -> None:
        """Stop PostgreSQL without letting it write anything; when it starts again, unlogged tables are empty."""
        assert self.server._pg_ctl("stop", "-w", "-m", "immediate").returncode == 0
        self.emptied = {(source, stage) for source in scenario.SOURCES for stage in ("validate", "publish")}

    def wait_for_server(self) -> None:
        """Until PostgreSQL has put itself right after a panic."""
        for _ in range(300):
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(**settings.connection("admin")):
                return
            time.sleep(0.1)
        raise AssertionError("PostgreSQL doesn't come back")

    def recover(self, source: str) -> None:
        """The next run ends where an undisturbed run ends, and leaves nothing behind."""
        self.do("run", source)
        self.demand_peace(source)

    def demand_peace(self, source: str) -> None:
        assert checksum.unrest() == {}
        assert checksum.content() == self.undisturbed[source]


@pytest.fixture(scope="package")
def environment() -> Iterator[None]:
    before = dict(os.environ)
    # What killed children leave open is no news.
    os.environ["PYTHONWARNINGS"] = "ignore::UserWarning:multiprocessing.resource_tracker"
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="package")
def chaos_server(environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    own = Server(settings.HOME.parent / "chaos-postgres", port, PASSWORD)
    own.start()
    login = {"host": "127.0.0.1", "port": port, "user": settings.EMBEDDED_ADMIN, "password": PASSWORD}
    with psycopg.connect(**login, dbname="postgres", autocommit=True) as connection:
        # No power fails here: what a process wrote is there for the next one, flushed or not.
        connection.execute("alter system set fsync = off")
        connection.execute("select pg_reload_conf()")
    yield own
    own.discard()


@pytest.fixture(scope="package")
def regions_api(environment: None) -> Iterator[Api]:
    os.environ["OPVANG_REGION_API_PORT"] = str(free_port())
    own = Api()
    own.start()
    yield own
    own.kill()
    shutil.rmtree(region_api.FOLDER, ignore_errors=True)


@pytest.fixture(scope="package")
def world(
    chaos_server: Server, regions_api: Api, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> World:
    """Everything ready: for each source that a test disturbs the warehouse before each verb, and the undisturbed end."""
    folder = tmp_path_factory.mktemp("chaos")
    login = {"PGHOST": "127.0.0.1", "PGPORT": str(chaos_server.port), "PGUSER": settings.EMBEDDED_ADMIN}
    login |= {"PGPASSWORD": PASSWORD, "PGDATABASE": NAME}
    os.environ |= login
    scenario.served_before(region_api.FOLDER)
    world = World(chaos_server, regions_api, folder, login | api.connections())
    schema.init()
    _load_what_was_before(world)
    for source in _disturbed(request.session.items):
        for stage in STAGES:
            world.keep(source, stage)
            world.do(stage, source)
        assert checksum.unrest() == {}
        world.undisturbed[source] = checksum.content()
        world.reset(scenario.SOURCES[0], "fetch")
    return world


@pytest.fixture(scope="package")
def server(world: World) -> None:
    """In here the tests' own PostgreSQL is the one that may be hurt: another would be lost with this environment."""


def _disturbed(items: list[pytest.Item]) -> list[str]:
    """The sources that these tests name, and those that others disturb without a name."""
    named = {item.callspec.params.get("source") for item in items if hasattr(item, "callspec")}
    return [source for source in scenario.SOURCES if source in named | set(scenario.DAILY)]


def _load_what_was_before(world: World) -> None:
    shutil.rmtree(world.store, ignore_errors=True)
    scenario.before(world.folder / "before")
    (world.folder / "inbox").symlink_to(world.folder / "before")
    for source in ("code_tables", *scenario.SOURCES):
        assert "result" in children.run(world.job("run", source))
    scenario.served_next(region_api.FOLDER)
    scenario.next_deliveries(world.folder / "next")
    (world.folder / "inbox").unlink()
    (world.folder / "inbox").symlink_to(world.folder / "next")

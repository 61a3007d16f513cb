"""Tests have a home, a key and a PostgreSQL of their own; none touches what `make up` runs."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

HOME = Path(tempfile.mkdtemp(prefix="opvang-test-"))
for name in [name for name in os.environ if name.startswith(("PG", "OPVANG_", "AIRFLOW"))]:
    del os.environ[name]
os.environ |= {
    "OPVANG_HOME": str(HOME / "home"),
    "OPVANG_INBOX": str(HOME / "inbox"),
    "OPVANG_SETTLE_SECONDS": "0",
    "AIRFLOW_HOME": str(HOME / "airflow"),
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
}

import hypothesis  # noqa: E402
import pytest  # noqa: E402

# A machine that has other work to do is no fault: no example has a deadline, a test has.
# `make test` looks at the same examples each time; a long look elsewhere: pytest --hypothesis-profile thorough.
NO_SHRINKING = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
hypothesis.settings.register_profile("quick", derandomize=True, phases=NO_SHRINKING, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=2000, deadline=None)
hypothesis.settings.load_profile("quick")

PROJECT = Path(__file__).parents[1]
KEPT = "kept_with_code_tables"
LONGEST = (
    "test_up.py", "chaos", "test_simulate.py", "test_simulated_spring.py", "test_main_job.py", "test_gate.py",
    "test_contract_year.py", "test_bad_deliveries.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, beside all others, so that no worker is left with it at the end."""
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: min(ranks.get(part, len(ranks)) for part in item.path.parts[-2:]))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadFileScheduling":
    """A file stays with one worker, and so do those of chaos, which share a server."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "chaos" if nodeid.startswith("tests/chaos/") else str(super()._split_scope(nodeid))

    return Scheduling(config, log)


def pytest_unconfigure() -> None:
    """Nothing is left: neither of a worker nor of who started it."""
    shutil.rmtree(HOME, ignore_errors=True)


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server() -> Iterator[None]:
    """A PostgreSQL of the tests' own, with the databases, roles and tables of `opvang init`."""
    from opvang import schema, settings
    from opvang.server import Server

    port = free_port()
    own = Server(HOME / "postgres", port, "only-for-tests")
    own.start()
    os.environ |= {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(port),
        "PGUSER": settings.EMBEDDED_ADMIN,
        "PGPASSWORD": "only-for-tests",
        "PGDATABASE": "opvang",
    }
    schema.init()
    yield
    own.discard()


def clear_warehouse() -> None:
    """Take every delivery out of the warehouse."""
    from opvang import schema, warehouse
    from opvang.contract import contracts

    with warehouse.connect() as connection:
        tables = [
            "ops.batches",
            "ops.deliveries",
            "ops.endpoint_faults",
            "ops.endpoint_versions",
            "ops.overdue",
            "ops.rule_results",
            "quarantine.records",
            "landing.breaches",
        ]
        for contract in contracts():
            for table in contract.tables:
                tables += [
                    schema.raw_table(contract.source, table.name),
                    schema.landing_table(contract.source, table.name),
                ]
        connection.execute(f"truncate {', '.join(tables)} restart identity cascade".encode())


@pytest.fixture(scope="session")
def kept(server: None) -> None:
    """A warehouse of its own in which the national tables are published, and nothing else: what others are copies of."""
    from opvang import schema, warehouse
    from opvang.load import load

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGDATABASE", KEPT)
        schema.init()
        files = sorted(str(path) for path in (PROJECT / "include/deliveries/code_tables").rglob("*.csv"))
        assert {account["verdict"] for account in load("code_tables", files, None, None, None)} == {"published"}
        with warehouse.connect("admin", dbname="postgres", autocommit=True) as connection:
            # Great Expectations leaves connections open until it is collected.
            gone = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
            connection.execute(gone.encode(), (KEPT,))


def copy_database(original: str, name: str) -> None:
    """Make a database anew as a copy of another, to which nobody may be connected."""
    from opvang import warehouse

    with warehouse.connect("admin", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)'.encode())
        connection.execute(f'create database "{name}" template "{original}" strategy file_copy'.encode())


def only_code_tables() -> None:
    """Make the warehouse anew as a copy of the one that is `kept`."""
    from opvang import settings, warehouse

    copy_database(KEPT, settings.database())
    with warehouse.connect("admin") as connection:
        warehouse.run(connection, "grants/schemas")


def clear_but_code_tables() -> None:
    """Take every delivery out of the warehouse but the national tables."""
    from opvang import schema, warehouse
    from opvang.contract import contracts

    others = [contract for contract in contracts() if contract.source != "code_tables"]
    places = [schema.raw_table(contract.source, table.name) for contract in others for table in contract.tables]
    with warehouse.connect() as connection:
        connection.execute(f"truncate {', '.join(places)}, quarantine.records, ops.breaches, landing.breaches".encode())
        connection.execute(b"truncate ops.endpoint_versions, ops.endpoint_faults")
        mine = "(select delivery_id from ops.deliveries where source <> 'code_tables')"
        connection.execute(f"delete from ops.rule_results where delivery_id in {mine}".encode())
        connection.execute(b"delete from ops.deliveries where source <> 'code_tables'")
        for contract in others:
            for table in contract.tables:
                connection.execute(f"truncate {schema.landing_table(contract.source, table.name)}".encode())


@pytest.fixture
def empty(server: None) -> None:
    """The warehouse without a single delivery."""
    clear_warehouse()


@pytest.fixture
def code_tables(kept: None) -> None:
    """A warehouse in which the national tables are published."""
    only_code_tables()


@pytest.fixture(scope="module")
def code_tables_once(kept: None) -> None:
    """The national tables, published once for all tests of a module; `fresh` takes the rest out before each test."""
    only_code_tables()


@pytest.fixture
def fresh(code_tables_once: None) -> None:
    """A warehouse in which the national tables are published, and nothing else: for modules with many small tests."""
    clear_but_code_tables()

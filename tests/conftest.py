"""Tests have a home, a key and a PostgreSQL of their own; none touches what `make up` runs."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="opvang-test-"))
for name in [name for name in os.environ if name.startswith(("PG", "OPVANG_", "AIRFLOW"))]:
    del os.environ[name]
os.environ |= {
    "OPVANG_HOME": str(HOME / "home"),
    "OPVANG_INBOX": str(HOME / "inbox"),
    "AIRFLOW_HOME": str(HOME / "airflow"),
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
}

import pytest  # noqa: E402

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def home() -> Iterator[Path]:
    yield HOME
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[None]:
    """A PostgreSQL of the tests' own, with the databases, roles and tables of `opvang init`."""
    from opvang import schema, settings
    from opvang.server import Server

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = Server(home / "postgres", port, "only-for-tests")
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


@pytest.fixture
def empty(server: None) -> None:
    """The warehouse without a single delivery."""
    from opvang import schema, warehouse
    from opvang.contract import contracts

    with warehouse.connect() as connection:
        tables = ["ops.batches", "ops.deliveries", "ops.rule_results", "quarantine.records", "landing.breaches"]
        for contract in contracts():
            for table in contract.tables:
                tables += [
                    schema.raw_table(contract.source, table.name),
                    schema.landing_table(contract.source, table.name),
                ]
        connection.execute(f"truncate {', '.join(tables)} restart identity cascade".encode())


@pytest.fixture
def code_tables(empty: None) -> None:
    """A warehouse in which the national tables are published."""
    from opvang.load import load

    files = sorted(str(path) for path in (PROJECT / "include/deliveries/code_tables").rglob("*.csv"))
    assert {account["verdict"] for account in load("code_tables", files, None, None, None)} == {"published"}

"""What each role may do."""

import psycopg
import pytest

from opvang import warehouse
from opvang.errors import ServerError

pytestmark = pytest.mark.usefixtures("empty")


def attempt(role: str, statement: str) -> None:
    with warehouse.connect(role) as connection:  # type: ignore[arg-type]
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "schema_and_table", ["raw.brp_persons", "ops.deliveries", "quarantine.records", "landing.brp_persons"]
)
def test_the_reader_reads_marts_and_nothing_else(schema_and_table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attempt("reader", f"select * from {schema_and_table}")


def test_the_reader_writes_nothing() -> None:
    with pytest.raises(ServerError, match="read-only transaction"):
        attempt("reader", "create temporary table notes (line text)")


@pytest.mark.parametrize(
    ("limit", "longest"), [("statement_timeout", "1min"), ("idle_in_transaction_session_timeout", "5min")]
)
def test_the_reader_has_a_limit(limit: str, longest: str) -> None:
    with warehouse.connect("reader") as connection:
        assert connection.execute(f"show {limit}".encode()).fetchall()[0][limit] == longest


def test_the_transformer_reads_raw_and_ops_but_neither_quarantine_nor_landing() -> None:
    attempt("transformer", "select * from raw.brp_persons")
    attempt("transformer", "select * from ops.quarantined_records")
    for place in ("quarantine.records", "landing.brp_persons"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            attempt("transformer", f"select * from {place}")


def test_the_transformer_does_not_write_raw() -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attempt("transformer", "delete from raw.brp_persons")

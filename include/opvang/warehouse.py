"""The only module that knows psycopg: connections, statements from sql/, and COPY."""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from opvang import settings
from opvang.errors import LoadRefused, ServerError
from opvang.settings import Role

STATEMENTS = Path(__file__).parent / "sql"
Row = dict[str, Any]
Connection = psycopg.Connection[Row]
Part = str | Sequence[str] | sql.Composable
# The server or the way to it fails, whatever we ask: a lost connection, a full disk, a time limit, a deadlock.
BROKEN_OFF = (psycopg.OperationalError, psycopg.InternalError, psycopg.InterfaceError)
# It warns of the rollback that a lost connection can't have; the error itself says enough.
logging.getLogger("psycopg").setLevel(logging.ERROR)


@contextmanager
def connect(role: Role = "loader", dbname: str | None = None, autocommit: bool = False) -> Iterator[Connection]:
    """A connection as that role; commits at the end, rolls back on an error. ServerError when the server doesn't answer."""
    parameters = settings.connection(role) | ({"dbname": dbname} if dbname else {})
    try:
        connection = psycopg.connect(
            **parameters, row_factory=dict_row, autocommit=autocommit, application_name=f"opvang {role}"
        )
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise ServerError(
            f"PostgreSQL at {parameters['host']}:{parameters['port']} doesn't answer: {reason}; start it with 'make up' or set PG*"
        ) from None
    try:
        with connection:
            yield connection
    except psycopg.errors.UndefinedTable as error:
        raise ServerError(f"{error.diag.message_primary}; run 'opvang init'") from None
    except BROKEN_OFF as error:
        raise _broke_off(str(error)) from None


def breakdown_in(text: str) -> ServerError | None:
    """The error for a text in which a library quotes PostgreSQL breaking off; None when it tells of something else."""
    found = re.search(r"\(psycopg\.(?:errors\.)?(\w+)\) (.*)", text)
    if found and issubclass(getattr(psycopg.errors, found[1], psycopg.Error), BROKEN_OFF):
        return _broke_off(found[2])
    return None


def _broke_off(reason: str) -> ServerError:
    line = reason.strip().splitlines()[0]
    return ServerError(f"PostgreSQL broke off: {line}; nothing was kept of it, so try again")


@cache
def _text(name: str) -> str:
    return (STATEMENTS / f"{name}.sql").read_text()


def statement(name: str, /, **parts: Part) -> sql.Composed:
    """The statement of sql/<name>.sql with its {parts}: 'schema.table' or a list of columns become quoted identifiers."""
    return sql.SQL(_text(name)).format(**{key: _composable(part) for key, part in parts.items()})


def _composable(part: Part) -> sql.Composable:
    if isinstance(part, sql.Composable):
        return part
    if isinstance(part, str):
        return sql.Identifier(*part.split("."))
    return sql.SQL(", ").join(map(_composable, part))


def of(alias: str, columns: Sequence[str]) -> sql.Composable:
    """The columns of one alias, for a select list or a row comparison."""
    return sql.SQL(", ").join(sql.Identifier(alias, column) for column in columns)


def run(connection: Connection, name: str, parameters: Row | None = None, /, **parts: Part) -> psycopg.Cursor[Row]:
    """Run sql/<name>.sql; parameters are values, parts are identifiers."""
    return connection.execute(statement(name, **parts), parameters)


def lock_alone(connection: Connection, table: str) -> bool:
    """Keep a table to this transaction until its end, unless anyone uses it now; returns whether it is ours."""
    try:
        with connection.transaction():
            run(connection, "lock_alone", table=table)
    except psycopg.errors.LockNotAvailable:
        return False
    return True


def fragment(text: str) -> sql.Composable:
    """SQL that a rule or a library wrote, as part of a statement (Great Expectations names the failing keys as a query)."""
    return sql.SQL(text.replace("%", "%%"))


def copy(connection: Connection, table: str, columns: Sequence[str], csv: bytes | memoryview) -> None:
    """COPY comma-separated rows, without a header, into the columns of a table. LoadRefused for bytes that no text can hold."""
    command = sql.SQL("copy {} ({}) from stdin (format csv)").format(_composable(table), _composable(columns))
    try:
        with connection.cursor().copy(command) as stream:
            stream.write(csv)
    except psycopg.DataError as error:
        raise LoadRefused(f"PostgreSQL can't hold a value: {error.diag.message_primary}") from None

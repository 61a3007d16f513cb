"""Databases, roles, schemas and tables: `opvang init`. Every table of a source is derived from its contract."""

import hashlib
from collections.abc import Iterator

from psycopg import sql

from opvang import settings, warehouse
from opvang.contract import Column, Contract, Table, contracts
from opvang.settings import Role

SCHEMAS = ("landing", "raw", "quarantine", "ops", "staging", "intermediate", "marts")
ROLES: tuple[Role, ...] = ("loader", "transformer", "reader", "airflow")
BREACHES = "landing.breaches"
PSEUDONYMS = "landing.pseudonyms"
ENVELOPE = ("batch_id", "delivery_id", "record_no", "line_no", "row_no", "record_key")


def init() -> None:
    """Make databases, roles, schemas and tables. Tables that stand as defined aren't touched: nobody who uses them has to wait."""
    _create_roles_and_databases()
    with warehouse.connect("admin") as connection:
        warehouse.run(connection, "grants/schemas")
        as_defined = _definition_noted(connection) == _definition_standing(connection)
    if not as_defined:
        _define()
    with warehouse.connect("loader") as connection:
        for contract in contracts():
            _note_contract(connection, contract)


def _define() -> None:
    """Make what is missing, in small transactions: one that keeps what others wait for never waits for them."""
    with warehouse.connect("loader", autocommit=True) as connection:
        for statements in _definition():
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement)
    with warehouse.connect("admin") as connection:
        warehouse.run(connection, "grants/tables")
    with warehouse.connect("admin") as connection:
        noted = sql.Literal(_definition_standing(connection))
        connection.execute(sql.SQL("comment on schema ops is {}").format(noted))


def _definition() -> Iterator[list[sql.Composed]]:
    """All statements that make the tables, those of one transaction together."""
    for path in sorted((warehouse.STATEMENTS / "define").glob("*.sql")):
        yield [warehouse.statement(f"define/{path.stem}")]
    for contract in contracts():
        for table in contract.tables:
            yield from _define_table(contract.source, table)


def _definition_standing(connection: warehouse.Connection) -> str:
    """A line that changes with what should stand and with what does stand."""
    wanted = "\n".join(statement.as_string() for statements in _definition() for statement in statements)
    standing = warehouse.run(connection, "definition_standing").fetchone()
    mark = hashlib.sha256(f"{wanted}\n{standing}".encode()).hexdigest()
    return f"What the gate knows of its deliveries, and what it found in them; as opvang init made it ({mark[:16]})"


def _definition_noted(connection: warehouse.Connection) -> str | None:
    """That line as the last init left it."""
    noted = warehouse.run(connection, "definition_noted").fetchone()
    return noted["definition"] if noted else None


def _create_roles_and_databases() -> None:
    with warehouse.connect("admin", dbname="postgres", autocommit=True) as connection:
        for role in ROLES:
            login = settings.connection(role)
            exists = warehouse.run(connection, "exists_role", {"name": login["user"]}).fetchone()
            verb = sql.SQL("alter role") if exists else sql.SQL("create role")
            connection.execute(
                sql.SQL("{} {} login password {}").format(
                    verb, sql.Identifier(login["user"]), sql.Literal(login["password"])
                )
            )
        _create_database(connection, settings.connection("loader")["dbname"], owner=None)
        _create_database(connection, settings.connection("airflow")["dbname"], owner="airflow")
    with warehouse.connect("admin") as connection:
        for schema in SCHEMAS:
            owner = "opvang_transformer" if schema in ("staging", "intermediate", "marts") else "opvang_loader"
            warehouse.run(connection, "grants/owner", schema=schema, owner=owner)


def _create_database(connection: warehouse.Connection, name: str, owner: str | None) -> None:
    if warehouse.run(connection, "exists_database", {"name": name}).fetchone():
        return
    warehouse.run(connection, "create_database", name=name)
    if owner:
        connection.execute(sql.SQL("alter database {} owner to {}").format(sql.Identifier(name), sql.Identifier(owner)))


def landing_table(source: str, table: str) -> str:
    """Where the rows of a batch lie before anyone may see them."""
    return f"landing.{source}_{table}"


def landing_places(contract: Contract) -> list[str]:
    """Every table in which rows of a source lie while they wait."""
    return [BREACHES, PSEUDONYMS, *(landing_table(contract.source, table.name) for table in contract.tables)]


def batch_in_landing(connection: warehouse.Connection, source: str, but_for: int | None = None) -> int | None:
    """The first batch of a source, but for this one, that lies in landing and waits for its verdicts; None when none does."""
    row = warehouse.run(connection, "batch_in_landing", {"source": source, "but_for": but_for}).fetchone()
    return int(row["batch_id"]) if row else None


def clear_landing(connection: warehouse.Connection, contract: Contract, batch_id: int) -> None:
    """Leave nothing in landing of a batch, nor of deliveries that have their verdict; whoever calls holds the source's lock."""
    values = {"source": contract.source, "batch_id": batch_id}
    others_wait = batch_in_landing(connection, contract.source, but_for=batch_id) is not None
    for place in landing_places(contract):
        if others_wait or place in (BREACHES, PSEUDONYMS):
            warehouse.run(connection, "clear_landing", values, table=place)
        else:
            warehouse.run(connection, "empty_landing", landing=place)


def raw_table(source: str, table: str) -> str:
    """Where published rows live, with their history."""
    return f"raw.{source}_{table}"


def standing_index(raw: str) -> str:
    """The index that finds what stands of a supplier."""
    return f"{raw.removeprefix('raw.')}_standing"


def create_standing_index(raw: str) -> sql.Composed:
    """The statement that makes the index of what stands, unless it is there."""
    return warehouse.statement("create_standing_index", raw=raw, index=standing_index(raw))


def batch_view(source: str, table: str) -> str:
    """What one batch landed in a table, as the session setting `opvang.batch_id` says; the rules look here."""
    return "landing.deliveries_in_batch" if table == "deliveries" else f"landing.{source}_{table}_in_batch"


def _define_table(source: str, table: Table) -> Iterator[list[sql.Composed]]:
    landing, raw = landing_table(source, table.name), raw_table(source, table.name)
    index, columns = f"{source}_{table.name}_delivery", _definitions(table.columns)
    # Landing is scratch: made anew, it has the columns of this very contract. A batch that lay there is landed again.
    yield [
        warehouse.statement("drop_landing_table", table=landing),
        warehouse.statement("create_landing_table", table=landing, index=index, columns=columns),
        warehouse.statement("create_batch_view", view=batch_view(source, table.name), table=landing),
    ]
    yield [
        warehouse.statement("create_raw_table", table=raw, columns=columns),
        create_standing_index(raw),
        *(warehouse.statement("add_column", table=raw, column=_definitions((column,))) for column in table.columns),
        *_comments(raw, table),
    ]


def _note_contract(connection: warehouse.Connection, contract: Contract) -> None:
    values = {
        "source": contract.source,
        "version": contract.version,
        "frequency_days": contract.frequency_days,
        "retention_days": contract.retention_days,
    }
    warehouse.run(connection, "note_contract", values)


def _definitions(columns: tuple[Column, ...]) -> sql.Composable:
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(column.sql_type)) for column in columns
    )


def _comments(place: str, table: Table) -> Iterator[sql.Composed]:
    name = sql.Identifier(*place.split("."))
    yield sql.SQL("comment on table {} is {}").format(name, sql.Literal(table.description))
    for column in table.columns:
        target = sql.Identifier(*place.split("."), column.name)
        yield sql.SQL("comment on column {} is {}").format(target, sql.Literal(column.description))

"""Databases, roles, schemas and tables: `opvang init`. Every table of a source is derived from its contract."""

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
    """Make databases, roles, schemas and tables; what exists already stays as it is."""
    _create_roles_and_databases()
    with warehouse.connect("admin") as connection:
        warehouse.run(connection, "grants/schemas")
    with warehouse.connect("loader") as connection:
        for path in sorted((warehouse.STATEMENTS / "define").glob("*.sql")):
            warehouse.run(connection, f"define/{path.stem}")
        for contract in contracts():
            _create_tables(connection, contract)
            _note_contract(connection, contract)
    with warehouse.connect("admin") as connection:
        warehouse.run(connection, "grants/tables")


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


def clear_landing(connection: warehouse.Connection, contract: Contract, batch_id: int) -> None:
    """Leave nothing in landing of a batch, nor of deliveries that have their verdict; whoever calls holds the source's lock."""
    values = {"source": contract.source, "batch_id": batch_id}
    others_wait = warehouse.run(connection, "other_batch_in_landing", values).fetchone()
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


def create_standing_index(connection: warehouse.Connection, raw: str) -> None:
    """Make the index of what stands, unless it is there."""
    warehouse.run(connection, "create_standing_index", raw=raw, index=standing_index(raw))


def batch_view(source: str, table: str) -> str:
    """What one batch landed in a table, as the session setting `opvang.batch_id` says; the rules look here."""
    return "landing.deliveries_in_batch" if table == "deliveries" else f"landing.{source}_{table}_in_batch"


def _create_tables(connection: warehouse.Connection, contract: Contract) -> None:
    for table in contract.tables:
        landing, raw = landing_table(contract.source, table.name), raw_table(contract.source, table.name)
        index = f"{contract.source}_{table.name}"
        # Landing is scratch: made anew, it has the columns of this very contract. A batch that lay there is landed again.
        warehouse.run(connection, "drop_landing_table", table=landing)
        warehouse.run(
            connection,
            "create_landing_table",
            table=landing,
            index=f"{index}_delivery",
            columns=_definitions(table.columns),
        )
        warehouse.run(connection, "create_raw_table", table=raw, columns=_definitions(table.columns))
        create_standing_index(connection, raw)
        for column in table.columns:
            warehouse.run(connection, "add_column", table=raw, column=_definitions((column,)))
        warehouse.run(connection, "create_batch_view", view=batch_view(contract.source, table.name), table=landing)
        _comment(connection, raw, table)


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


def _comment(connection: warehouse.Connection, place: str, table: Table) -> None:
    name = sql.Identifier(*place.split("."))
    connection.execute(sql.SQL("comment on table {} is {}").format(name, sql.Literal(table.description)))
    for column in table.columns:
        target = sql.Identifier(*place.split("."), column.name)
        connection.execute(sql.SQL("comment on column {} is {}").format(target, sql.Literal(column.description)))

"""publish: landing into raw, quarantine and ledger in one transaction; only now can anyone see it.

A delivery holds the full state of its supplier on its reference date, so raw keeps what changed: a row holds from the
reference date that brought it until the one that changed or left it out. A record in quarantine keeps the version that
was published last. What was known before a late or corrected delivery stays, with the moment at which it ended.
"""

from psycopg import sql

from opvang import account, ledger, rotate, warehouse
from opvang.contract import Contract, Table, contract
from opvang.errors import SourceUnavailable
from opvang.schema import clear_landing, create_standing_index, landing_table, raw_table, standing_index
from opvang.warehouse import Connection, Row, of

KEY = ("supplier", "record_key", "row_no")
STEPS = (
    *("delivered", "standing", "analyze_standing", "held", "said"),
    *("incoming", "replaced", "neighbours", "analyze_changes"),
    *("pieces", "newcomers", "close", "insert"),
)


def publish(source: str, batch_id: int) -> dict[str, int]:
    """Publish a batch; returns the number of deliveries per verdict. Nothing of it is visible before all of it is."""
    terms = contract(source)
    with warehouse.connect() as connection:
        ledger.check_batch(connection, source, batch_id, after="validate")
        warehouse.run(connection, "publish/workspace")
        rotate.rename(connection, terms, batch_id)
        _judge(connection, terms, batch_id)
        for layer in warehouse.run(connection, "publish/layers", {"batch_id": batch_id}).fetchall():
            _publish_layer(connection, terms, batch_id, layer)
        _keep_breaches(connection, terms, batch_id)
        for table in terms.tables:
            warehouse.run(connection, "analyze", table=raw_table(source, table.name))
        clear_landing(connection, terms, batch_id)
        warehouse.run(connection, "finish_batch", {"batch_id": batch_id})
        account.published(connection, source, batch_id)
        return {
            row["verdict"]: row["deliveries"]
            for row in warehouse.run(connection, "publish/verdicts", {"batch_id": batch_id})
        }


def _judge(connection: Connection, terms: Contract, batch_id: int) -> None:
    """Count what stops and flags, put stopped records aside, and note each delivery's counts."""
    values = {"batch_id": batch_id}
    warehouse.run(connection, "publish/judged", values)
    warehouse.run(connection, "publish/stopped")
    warehouse.run(connection, "publish/analyze_judged")
    for scope in terms.scopes:
        _demand_landed(connection, terms, scope, batch_id)
        _quarantine(connection, terms, scope)
    warehouse.run(connection, "publish/rule_results", values)
    warehouse.run(connection, "publish/account", values)


def _demand_landed(connection: Connection, terms: Contract, scope: str, batch_id: int) -> None:
    place = landing_table(terms.source, terms.record_table(scope).name)
    values = {"batch_id": batch_id, "scope": scope}
    for delivery in warehouse.run(connection, "publish/not_landed", values, table=place):
        raise SourceUnavailable(
            f"{delivery['file_name']} ({delivery['supplier']}, {delivery['reference_date']}) isn't in landing as it was read, "
            f"as after a crash of PostgreSQL; nothing was published, land the batch again"
        )


def _quarantine(connection: Connection, terms: Contract, scope: str) -> None:
    """Put the stopped records aside, each with all its rows."""
    rows = sql.SQL(" union all ").join(
        warehouse.statement(
            "publish/rows_of_record",
            table=landing_table(terms.source, table.name),
            name=sql.Literal(table.name),
            content=of("landed", [column.name for column in table.columns]),
        )
        for table in terms.tables_of(scope)
    )
    warehouse.run(connection, "publish/quarantine", rows=rows)


def _publish_layer(connection: Connection, terms: Contract, batch_id: int, layer: Row) -> None:
    """Publish the deliveries of one reference date, at most one per supplier and scope."""
    warehouse.run(connection, "publish/empty_layer")
    warehouse.run(connection, "publish/layer", {"batch_id": batch_id, **layer})
    warehouse.run(connection, "publish/held_until")
    warehouse.run(connection, "publish/analyze_layer")
    for scope in {row["scope"] for row in warehouse.run(connection, "publish/scopes")}:
        for table in terms.tables_of(scope):
            _publish_table(connection, terms, table, scope, is_record_table=table is terms.record_table(scope))
    for step in ("withdrawals", "close_quarantine", "supersede", "verdict"):
        warehouse.run(connection, f"publish/{step}")


def _keep_breaches(connection: Connection, terms: Contract, batch_id: int) -> None:
    """Keep, for the feedback to suppliers, which records of their last delivery broke which rule."""
    values = {"batch_id": batch_id, "source": terms.source}
    warehouse.run(connection, "publish/last_deliveries", values)
    for scope in terms.scopes:
        place = landing_table(terms.source, terms.record_table(scope).name)
        warehouse.run(connection, "publish/keep_breaches", {"scope": scope}, table=place)
    warehouse.run(connection, "publish/drop_breaches", values)
    warehouse.run(connection, "analyze", table="ops.breaches")


def _publish_table(connection: Connection, terms: Contract, table: Table, scope: str, *, is_record_table: bool) -> None:
    raw, landing = raw_table(terms.source, table.name), landing_table(terms.source, table.name)
    columns = [column.name for column in table.columns]
    content = [*columns, "flags"]
    parts: dict[str, warehouse.Part] = {
        "raw": raw,
        "landing": landing,
        "scope": sql.Literal(scope),
        "key": KEY,
        "content": content,
        "landed_columns": of("landed", columns),
        "flags": sql.SQL("judged.flags" if is_record_table else "null::text[] as flags"),
        "raw_columns": of("raw", content),
        "said_key": of("said", KEY),
        "said_content": of("said", content),
        "standing_content": of("standing", content),
        "incoming_content": of("incoming", content),
    }
    is_first = _in_new_file(connection, raw)
    for step in STEPS:
        warehouse.run(connection, f"publish/{step}", **parts)
    if is_first:
        connection.execute(create_standing_index(raw))


def _in_new_file(connection: Connection, raw: str) -> bool:
    """Give a table that is empty and that nobody reads now a new file without an index; returns whether it did."""
    [found] = warehouse.run(connection, "publish/is_empty", raw=raw)
    # Only in passing: to wait for a reader who waits for another table of ours would be a deadlock.
    if not (found["is_empty"] and warehouse.lock_alone(connection, raw)):
        return False
    warehouse.run(connection, "publish/new_file", raw=raw, index=f"raw.{standing_index(raw)}")
    return True

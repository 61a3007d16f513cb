"""What the warehouse holds, as one checksum per table: without numbers and moments that differ from run to run."""

from opvang import schema, warehouse
from opvang.contract import contracts
from opvang.warehouse import Connection

# What a delivery is called instead of its number.
KNOWN_AS = "delivery.source || delivery.supplier || delivery.reference_date || delivery.sha256"
MOVING = {
    "ops.deliveries": "{uri,batch_id,registered_at,published_at,superseded_at,forgotten_at,delivery_id}",
    "quarantine.records": "{quarantine_id,quarantined_at,delivery_id}",
    "ops.rule_results": "{delivery_id}",
}
VERSIONS = "ops.endpoint_versions"


def content() -> dict[str, str]:
    """Per table of raw, quarantine and the ledger its rows and their checksum."""
    with warehouse.connect() as connection:
        tables = dict.fromkeys(_tables("raw"), "{delivery_id}") | MOVING
        found = {table: _checksum(connection, table, moving) for table, moving in tables.items()}
        return found | {VERSIONS: _versions(connection)}


def _versions(connection: Connection) -> str:
    query = f"select coalesce(string_agg(uri || ' ' || version, ', ' order by uri), '') as found from {VERSIONS}"
    return str(connection.execute(query.encode()).fetchall()[0]["found"])


def _checksum(connection: Connection, table: str, moving: str) -> str:
    [row] = connection.execute(
        f"""select count(*) || ' rows, ' || coalesce(md5(string_agg(line, chr(10) order by line)), '') as found
        from (
            select {KNOWN_AS} || (delivery.superseded_at is null) || (to_jsonb(this) - '{moving}'::text[])::text as line
            from {table} as this inner join ops.deliveries as delivery using (delivery_id)
        ) as lines""".encode()
    ).fetchall()
    return str(row["found"])


def unrest() -> dict[str, int]:
    """What must not be there after a run, counted; empty when all is well."""
    counts = {table: f"select count(*) as n from {table}" for table in [*_tables("landing"), "landing.breaches"]}
    counts |= {
        "endpoints that can't be read": "select count(*) as n from ops.endpoint_faults",
        "deliveries that wait": "select count(*) as n from ops.deliveries where verdict is null",
        "deliveries whose sums fail": """select count(*) as n from ops.deliveries
            where records_read <> records_published + records_quarantined + records_refused""",
        "deliveries with other counts than quarantine": """select count(*) as n from ops.deliveries as d
            where records_quarantined <> (select count(*) from quarantine.records as q where q.delivery_id = d.delivery_id)""",
        "records that stand twice": " union all ".join(
            f"select supplier, record_key, row_no from {table} where known_to = 'infinity' and reference_to = 'infinity'"
            f" group by supplier, record_key, row_no having count(*) > 1"
            for table in _tables("raw")
        ).join(("select count(*) as n from (", ") as twice")),
    }
    with warehouse.connect() as connection:
        found = {what: connection.execute(query.encode()).fetchall()[0]["n"] for what, query in counts.items()}
    return {what: n for what, n in found.items() if n}


def _tables(where: str) -> list[str]:
    name = {"raw": schema.raw_table, "landing": schema.landing_table}[where]
    return [name(contract.source, table.name) for contract in contracts() for table in contract.tables]

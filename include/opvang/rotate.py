"""Another key for the pseudonyms, without anybody's history falling apart.

While both keys are there, land makes each pseudonym under both and publish gives what stands under the former key its new one;
after every supplier has delivered once, the former key can be forgotten.
"""

from collections.abc import Iterator

import polars as pl

from opvang import derive, ledger, privacy, warehouse
from opvang.contract import Contract, Table, contracts
from opvang.errors import UsageError
from opvang.schema import batch_in_landing, raw_table
from opvang.warehouse import Connection


def begin() -> int:
    """Make the next key and use it from now on; returns its number. UsageError while a batch lies in landing under the former one."""
    with warehouse.connect() as connection:
        for contract in _with_pseudonyms():
            ledger.hold_source(connection, contract.source)
            if batch := batch_in_landing(connection, contract.source):
                raise UsageError(
                    f"batch {batch} of {contract.source} is landed under the present key; publish it first: opvang publish {contract.source} {batch}"
                )
        return privacy.begin_rotation()


def waiting() -> dict[str, int]:
    """Per supplier the records that still stand under the former key: those that it hasn't delivered since."""
    current = privacy.key_ids()[0]
    found: dict[str, int] = {}
    with warehouse.connect() as connection:
        for contract in _with_pseudonyms():
            place = raw_table(contract.source, contract.tables[0].name)
            for row in warehouse.run(connection, "under_former_key", {"key_id": current}, table=place):
                found[row["supplier"]] = found.get(row["supplier"], 0) + row["records"]
    return found


def end() -> int:
    """Forget the former key and return its number. UsageError while somebody's current records stand under it."""
    if suppliers := waiting():
        told = ", ".join(f"{supplier} ({records})" for supplier, records in sorted(suppliers.items())[:10])
        raise UsageError(
            f"{len(suppliers)} supplier(s) have records under the former key: {told}; load their next delivery first, or replay their last: opvang replay"
        )
    return privacy.end_rotation()


def pairs(table: Table, rows: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame | None:
    """Each pseudonym of these rows under the former and the present key; None when there is no former one."""
    _, *former = privacy.key_ids()
    columns = [column for column in table.columns if derive.kind_of_pseudonym(column)]
    if not former or not columns:
        return None
    under_both = [
        rows.select(
            "batch_id",
            "delivery_id",
            former=privacy.pseudonym(pl.col(column.field), derive.kind_of_pseudonym(column) or "", former[0]),
        ).with_columns(made[column.name].alias("current"))
        for column in columns
    ]
    return pl.concat(under_both).drop_nulls().unique()


def rename(connection: Connection, contract: Contract, batch_id: int) -> None:
    """Give what stands in raw and quarantine under the former key the pseudonyms of the present one, as far as the batch knows them."""
    current, *former = privacy.key_ids()
    if not former or contract not in _with_pseudonyms():
        return
    values = {"batch_id": batch_id, "key_id": current}
    warehouse.run(connection, "publish/rename_quarantine", values | {"source": contract.source})
    for raw, column in _renamed(contract):
        warehouse.run(connection, "publish/rename", values, raw=raw, pseudonym=column)


def _renamed(contract: Contract) -> Iterator[tuple[str, str]]:
    """Where pseudonyms of the kinds that a contract brings stand, in whichever source: table and column."""
    kinds = set[str]().union(*map(_kinds, contract.tables))
    for other in _with_pseudonyms():
        is_known_by_one = any(derive.kind_of_pseudonym(key) in kinds for key in other.tables[0].keys)
        for table in other.tables:
            own = [column.name for column in table.columns if derive.kind_of_pseudonym(column) in kinds]
            for column in [*(["record_key"] if is_known_by_one else []), *own]:
                yield raw_table(other.source, table.name), column


def _with_pseudonyms() -> Iterator[Contract]:
    """The contracts with a pseudonym in a table."""
    return (one for one in contracts() if any(_kinds(table) for table in one.tables))


def _kinds(table: Table) -> set[str]:
    """The kinds of identifiers of which a table holds pseudonyms."""
    return {kind for kind in map(derive.kind_of_pseudonym, table.columns) if kind}

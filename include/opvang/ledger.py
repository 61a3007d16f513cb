"""ops.deliveries: the whole life of every delivery, written in the transaction that moves its data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from opvang import warehouse
from opvang.contract import Contract
from opvang.warehouse import Connection, Row


@dataclass(frozen=True)
class Envelope:
    """What is known of a delivery before it is opened."""

    source: str
    supplier: str
    reference_date: date
    received_at: datetime
    uri: str
    file_name: str
    modified_at: datetime
    bytes: int
    sha256: str


def register(connection: Connection, contract: Contract, envelope: Envelope) -> int:
    """The id of the delivery, written down when it is new; a supplier who may not deliver is refused here."""
    covers = contract.covers(envelope.supplier)
    reason = (
        None
        if covers
        else f"{envelope.supplier} may not deliver {contract.source}; suppliers are {', '.join(contract.suppliers)}"
    )
    values = vars(envelope) | {
        "covers": covers or "none",
        "contract_version": contract.version,
        "refused_because": reason,
    }
    row = warehouse.run(connection, "register_delivery", values).fetchall()[0]
    return int(row["delivery_id"])


def open_batch(
    connection: Connection, source: str, reference_date: date | None = None, deliveries: Sequence[int] | None = None
) -> int | None:
    """A batch of the deliveries that wait for a verdict (all of the source, of one reference date, or the given ones); None when none waits."""
    values = {
        "source": source,
        "reference_date": reference_date,
        "deliveries": list(deliveries) if deliveries is not None else None,
    }
    row = warehouse.run(connection, "open_batch", values).fetchone()
    return int(row["batch_id"]) if row else None


def last_batch(connection: Connection, source: str) -> int | None:
    """The latest batch of a source that has deliveries without a verdict; None when there is none."""
    row = warehouse.run(connection, "last_batch", {"source": source}).fetchall()[0]
    return int(row["batch_id"]) if row["batch_id"] else None


def waiting(connection: Connection, batch_id: int) -> list[Row]:
    """The deliveries of a batch that have no verdict yet, in order of reference date and receipt."""
    return warehouse.run(connection, "waiting_deliveries", {"batch_id": batch_id}).fetchall()


def refuse(connection: Connection, delivery_id: int, reason: str) -> None:
    """Note why a delivery is refused; publishing makes it the verdict."""
    warehouse.run(connection, "refuse_delivery", {"delivery_id": delivery_id, "reason": reason})


def note_landed(connection: Connection, delivery_id: int, scope: str, records: int) -> None:
    """Note what a delivery holds: the tables it speaks about and the number of its records."""
    warehouse.run(connection, "note_landed", {"delivery_id": delivery_id, "scope": scope, "records": records})


def accounts(connection: Connection, deliveries: Sequence[int]) -> list[Row]:
    """Per delivery its envelope, counts, verdict and the rules that stopped or flagged its records."""
    return warehouse.run(connection, "accounts", {"deliveries": list(deliveries)}).fetchall()

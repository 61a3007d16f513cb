"""ops.deliveries: the whole life of every delivery, written in the transaction that moves its data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from opvang import warehouse
from opvang.contract import Contract
from opvang.errors import UsageError
from opvang.messages import one_line
from opvang.warehouse import Connection, Row

DONE = {"land": "landed_at", "validate": "validated_at"}


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


def is_empty() -> bool:
    """Whether no delivery was ever written down."""
    with warehouse.connect() as connection:
        return warehouse.run(connection, "any_delivery").fetchone() is None


def register(connection: Connection, contract: Contract, envelope: Envelope) -> int:
    """The id of the delivery, written down when it is new."""
    values = vars(envelope) | _admission(contract, envelope.supplier)
    return int(warehouse.run(connection, "register_delivery", values).fetchall()[0]["delivery_id"])


def register_replay(connection: Connection, contract: Contract, original: int, supplier: str) -> int:
    """The id of the delivery that reads the kept file of an original again; the same one as long as it waits."""
    values = {"original": original} | _admission(contract, supplier)
    return int(warehouse.run(connection, "register_replay", values).fetchall()[0]["delivery_id"])


def _admission(contract: Contract, supplier: str) -> Row:
    """What the contract of today says of a supplier's delivery."""
    return {"covers": contract.covers(supplier) or "none", "contract_version": contract.version}


def open_batch(
    connection: Connection, source: str, reference_date: date | None = None, deliveries: Sequence[int] | None = None
) -> int | None:
    """A batch of the deliveries that wait for a verdict (all of the source, of one reference date, or the given ones); None when none waits."""
    hold_source(connection, source)
    values = {
        "source": source,
        "reference_date": reference_date,
        "deliveries": list(deliveries) if deliveries is not None else None,
    }
    row = warehouse.run(connection, "open_batch", values).fetchone()
    return int(row["batch_id"]) if row else None


def hold_source(connection: Connection, source: str) -> None:
    """One verb at a time on a source: wait for another's, then keep others waiting until this transaction ends."""
    warehouse.run(connection, "lock_source", {"source": source})


def last_batch(connection: Connection, source: str) -> int | None:
    """The latest batch of a source that has deliveries without a verdict; None when there is none."""
    row = warehouse.run(connection, "last_batch", {"source": source}).fetchall()[0]
    return int(row["batch_id"]) if row["batch_id"] else None


def check_batch(
    connection: Connection, source: str, batch_id: int, *, after: Literal["land", "validate"] | None = None
) -> None:
    """Hold the source; UsageError for a batch that isn't there, is of another source, or didn't go through the verb before."""
    hold_source(connection, source)
    row = warehouse.run(connection, "batch_of_source", {"source": source, "batch_id": batch_id}).fetchone()
    if row is None:
        raise UsageError(f"{source} has no batch {batch_id}; give the number that fetch printed")
    if after is not None and row[DONE[after]] is None:
        raise UsageError(f"{after} batch {batch_id} first: opvang {after} {source} {batch_id}")


def note_step(connection: Connection, batch_id: int, step: str) -> None:
    """Note that a batch is landed or validated."""
    warehouse.run(connection, f"note_batch_{step}", {"batch_id": batch_id})


def waiting(connection: Connection, batch_id: int) -> list[Row]:
    """The deliveries of a batch that have no verdict yet, in order of reference date and receipt."""
    return warehouse.run(connection, "waiting_deliveries", {"batch_id": batch_id}).fetchall()


def refuse(connection: Connection, delivery_id: int, reason: str) -> None:
    """Note why a delivery is refused; publishing makes it the verdict. One line, without identifiers and of bounded length."""
    warehouse.run(connection, "refuse_delivery", {"delivery_id": delivery_id, "reason": one_line(reason)})


def accounts(connection: Connection, deliveries: Sequence[int]) -> list[Row]:
    """Per delivery its envelope, counts, verdict and the rules that stopped or flagged its records."""
    return warehouse.run(connection, "accounts", {"deliveries": list(deliveries)}).fetchall()

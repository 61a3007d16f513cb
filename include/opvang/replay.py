"""replay: the kept files of deliveries through the whole gate again, after a rule, a code table or a parser was mended.

A replay is a delivery of its own that names its original. It ranks by the receipt of the original, so a correction that the
supplier sent meanwhile still wins; what it changes is known only since the replay.
"""

from dataclasses import dataclass

from opvang import ledger, store, warehouse
from opvang.contract import Contract, contract
from opvang.errors import UsageError
from opvang.load import Account, outcome
from opvang.messages import one_line
from opvang.warehouse import Connection, Row


@dataclass(frozen=True)
class Wish:
    """Which deliveries of a source to replay: those with open quarantine, of one supplier or rule; refused ones too; or just one."""

    source: str
    supplier: str | None = None
    rule: str | None = None
    delivery: int | None = None
    refused: bool = False


def replay(wish: Wish) -> tuple[list[Account], list[str]]:
    """What became of each replayed delivery, and a line for each that can't be read again."""
    terms = contract(wish.source)
    with warehouse.connect() as connection:
        # Two replays at once, or one beside a publish, each see what the other did.
        ledger.hold_source(connection, wish.source)
        found = _replayable(connection, wish)
        kept = [row for row in found if store.kept(wish.source, row["sha256"]).exists()]
        deliveries = [_register(connection, terms, row) for row in kept]
        batch = ledger.open_batch(connection, wish.source, deliveries=deliveries)
    accounts = outcome(wish.source, batch, deliveries) if deliveries else []
    return accounts, [_gone(row) for row in found if row not in kept]


def _replayable(connection: Connection, wish: Wish) -> list[Row]:
    found = warehouse.run(connection, "replayable_deliveries", vars(wish)).fetchall()
    if not found and wish.delivery is not None:
        raise UsageError(
            f"{wish.source} has no delivery {wish.delivery} that stands or was refused last; opvang quarantine {wish.source} --records names deliveries"
        )
    return found


def _register(connection: Connection, terms: Contract, row: Row) -> int:
    return ledger.register_replay(connection, terms, row["delivery_id"], row["supplier"])


def _gone(row: Row) -> str:
    return one_line(
        f"{row['file_name']} ({row['supplier']}, {row['reference_date']}) can't be replayed: its kept file is gone, as after its retention; let the supplier deliver it again"
    )

"""forget: what the contracts say to forget. Files go first, since they hold direct identifiers."""

import time
from pathlib import Path

from opvang import data_docs, store, warehouse
from opvang.contract import contract
from opvang.scan import inbox_place

SECONDS_A_DAY = 86_400


def forget(source: str) -> int:
    """Remove every delivered file of a source whose retention is over, from the store and the inbox; returns how many.

    Counts in the ledger stay; records in quarantine lose their content, since they can't be read again.
    """
    terms = contract(source)
    store.clear_drafts(source)
    with warehouse.connect() as connection:
        due = warehouse.run(
            connection, "deliveries_to_forget", {"source": source, "days": terms.retention_days}
        ).fetchall()
        for delivery in due:
            if not delivery["is_still_needed"]:
                store.kept(source, delivery["sha256"]).unlink(missing_ok=True)
            _remove_from_inbox(delivery["uri"])
            for step in ("forget_quarantine", "forget_breaches", "forget_delivery"):
                warehouse.run(connection, step, {"delivery_id": delivery["delivery_id"]})
            connection.commit()
    data_docs.forget(source, time.time() - terms.retention_days * SECONDS_A_DAY)
    return len(due)


def _remove_from_inbox(uri: str) -> None:
    """Remove a file of the inbox; what an endpoint answered, or came from elsewhere, isn't ours."""
    filesystem, inbox = inbox_place()
    place = filesystem.unstrip_protocol(inbox)
    address = uri if "://" in uri else f"file://{Path(uri).absolute()}"  # as `opvang load` was told
    if not address.startswith(f"{place}/"):
        return
    path = f"{inbox}{address.removeprefix(place)}"
    if filesystem.exists(path):
        filesystem.rm(path)

"""load: the four verbs in a row on given files, and what became of each."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from opvang import ledger, warehouse
from opvang.contract import contract
from opvang.errors import ServerError, UsageError
from opvang.fetch import envelope_of, register
from opvang.land import land
from opvang.publish import publish
from opvang.validate import validate

Account = dict[str, Any]


def load(
    source: str, files: Sequence[str], supplier: str | None, reference_date: date | None, received_at: datetime | None
) -> list[Account]:
    """One account per file, in order: counts, verdict and broken rules; `known` for a file that was loaded before."""
    terms, moment = contract(source), _moment(received_at)
    with warehouse.connect() as connection:
        deliveries = [
            register(connection, terms, file, *_envelope(file, source, supplier, reference_date), moment)
            for file in files
        ]
        known = {row["delivery_id"] for row in ledger.accounts(connection, deliveries) if row["verdict"]}
        batch = ledger.open_batch(connection, source, deliveries=deliveries)
    return [_account(row, row["delivery_id"] in known) for row in outcome(source, batch, deliveries)]


def outcome(source: str, batch: int | None, deliveries: Sequence[int]) -> list[Account]:
    """What became of deliveries, in order, after their batch went through the gate."""
    if batch is not None:
        run(source, batch)
    with warehouse.connect() as connection:
        accounts = {row["delivery_id"]: row for row in ledger.accounts(connection, deliveries)}
    if any(row["verdict"] is None for row in accounts.values()):
        raise ServerError(f"another load of the same file of {source} is under way; ask again when it is ready")
    return [accounts[delivery] for delivery in deliveries]


def run(source: str, batch_id: int) -> None:
    """land, validate and publish one batch."""
    land(source, batch_id)
    validate(source, batch_id)
    publish(source, batch_id)


def _moment(received_at: datetime | None) -> datetime | None:
    if received_at is None:
        return None
    try:
        moment = received_at.astimezone(UTC)
    except (OverflowError, ValueError):
        raise UsageError(f"{received_at} is no moment at which anything was received") from None
    if moment > datetime.now(UTC) + timedelta(days=1):
        raise UsageError(
            f"{received_at} lies in the future: later corrections would never count; give when it was received"
        )
    return moment


def _envelope(file: str, source: str, supplier: str | None, reference_date: date | None) -> tuple[str, date]:
    found = envelope_of(Path(file), source) or (None, None)
    sender, day = supplier or found[0], reference_date or found[1]
    if sender is None or day is None:
        raise UsageError(
            f"{file}: who delivers it and for which day? Give --supplier and --reference-date, or lay it in {source}/<supplier>/<YYYY-MM-DD>/"
        )
    return sender, day


def _account(row: Account, is_known: bool) -> Account:
    return row | {"verdict": "known", "verdict_then": row["verdict"]} if is_known else row

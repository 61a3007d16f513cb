"""What endpoints answered becomes deliveries; what they could not be asked is noted, and told until they answer."""

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial

from opvang import ledger, store, warehouse
from opvang.contract import Contract
from opvang.endpoints import Endpoint
from opvang.endpoints.read import Reading, Report
from opvang.errors import SourceChanged, SourceUnavailable
from opvang.ledger import Envelope
from opvang.messages import one_line
from opvang.warehouse import Connection, Row

log = logging.getLogger(__name__)


def take(
    connection: Connection,
    terms: Contract,
    endpoints: Sequence[Endpoint],
    reference_date: date | None,
    are_all: bool,
) -> None:
    """Register every whole report that is new; note which endpoints could not be read, and why.

    `are_all` says that nobody else is asked any more: a shell knows the connections of its environment only.
    """
    rows = warehouse.run(connection, "endpoint_versions", {"source": terms.source}).fetchall()
    versions = {row["uri"]: row["version"] for row in rows}
    connection.commit()
    reading = Reading(
        terms,
        versions,
        reference_date,
        partial(_register, connection, terms, versions),
        partial(_note_version, connection, terms.source),
    )
    found = reading.of(endpoints)
    asked = [endpoint.supplier for endpoint in endpoints] if reference_date is None else []
    _note_faults(connection, terms.source, found, asked, are_all and reference_date is None)
    if endpoints:
        log.info("%s: %d endpoints were asked", terms.source, len(endpoints))


def faults(connection: Connection, source: str, since: datetime | None = None) -> list[str]:
    """A line for each endpoint that could not be read when it was asked last, or only since then: who, since when, why, what to do."""
    rows = warehouse.run(connection, "endpoint_faults", {"source": source, "since": since}).fetchall()
    return [_line(row) for row in rows]


def check(connection: Connection, source: str, since: datetime | None, rest: str) -> None:
    """SourceUnavailable, with the first of them and what became of the rest, when an endpoint can't be read, or can't since then."""
    if lines := faults(connection, source, since):
        raise SourceUnavailable(f"{source}: {len(lines)} of its endpoints can't be read, {rest}; {lines[0]}")


def _register(connection: Connection, terms: Contract, versions: dict[str, str], report: Report) -> None:
    """Keep a report and write it down together with its version: killed between the two, neither is there."""
    now = datetime.now(UTC)
    laid_there = report.modified_at or now
    # A version that replaces one that we have read was received after it, whatever it says of its time.
    received = now if report.uri in versions else min(laid_there, now)
    sha256, size = store.keep(terms.source, store.blocks(report.content), lambda _: None)
    name = f"{report.supplier}_{report.reference_date}.json"
    envelope = Envelope(
        terms.source, report.supplier, report.reference_date, received, report.uri, name, laid_there, size, sha256
    )
    delivery = ledger.register(connection, terms, envelope)
    if warehouse.run(connection, "is_overtaken", {"delivery_id": delivery}).fetchone():
        connection.rollback()
        raise SourceChanged(
            "the bytes of a version that another replaced since; give each version its own submitted_at"
        )
    _note_version(connection, terms.source, report.supplier, report.uri, report.version)


def _note_version(connection: Connection, source: str, supplier: str, uri: str, version: str) -> None:
    values = {"source": source, "supplier": supplier, "uri": uri, "version": version}
    warehouse.run(connection, "note_endpoint_version", values)
    connection.commit()


def _note_faults(
    connection: Connection, source: str, found: dict[str, list[str]], asked: Sequence[str], are_all: bool
) -> None:
    """Write down who can't be read now; who was asked for everything and isn't among them, or isn't asked any more, is well."""
    told = {supplier: one_line(_together(lines)) for supplier, lines in found.items()}
    values = {
        "source": source,
        "suppliers": list(told),
        "faults": list(told.values()),
        "asked": list(asked),
        "are_all": are_all,
    }
    warehouse.run(connection, "close_endpoint_faults", values)
    warehouse.run(connection, "note_endpoint_faults", values)
    connection.commit()
    for line in faults(connection, source):
        log.warning("  %s", line)


def _together(lines: Sequence[str]) -> str:
    more = f" (and {len(lines) - 1} more of its reports)" if len(lines) > 1 else ""
    return f"{lines[0]}{more}"


def _line(row: Row) -> str:
    return f"{row['supplier']} can't be read since {row['failing_since']:%Y-%m-%d %H:%M} UTC: {row['fault']}"

"""fetch: what is new, as it came, from the inbox and the endpoints into the store and the ledger. Nothing new means nothing to do."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

import fsspec

from opvang import account, ledger, store, warehouse
from opvang.contract import Contract, contract
from opvang.endpoints import Endpoint, delivered
from opvang.errors import SourceUnavailable, UsageError
from opvang.ledger import Envelope
from opvang.messages import file_name
from opvang.scan import MOMENTS, Found, Info, day_of, moment, scan, wrong_day
from opvang.warehouse import Connection

# A file that is taken and replaces nothing, though whoever laid it there may have meant it to.
RANKS_BEHIND = {
    "is_overtaken": "holds the bytes of a delivery that another replaced since, which stays; change them to replace it",
    "is_outlived": "is older than what was taken from there before, which stays; give it a newer time to replace that",
}
log = logging.getLogger(__name__)


def fetch(
    source: str,
    reference_date: date | None = None,
    endpoints: Sequence[Endpoint] = (),
    since: datetime | None = None,
) -> int | None:
    """The batch of every delivery of the source that waits, new ones of inbox and endpoints included; None when nothing waits.

    An endpoint that can't be read keeps no other delivery out: `report` tells it at the end of the run, or SourceUnavailable here
    when nothing waits. With `since` this holds for those only that could be read until then.
    """
    terms = contract(source)
    with warehouse.connect() as connection:
        _check_needs(connection, terms)
        left_alone = 0
        for found in scan(source):
            if reference_date in (None, found.reference_date) and not _is_known(connection, source, found):
                _take(connection, terms, found)
            else:
                left_alone += 1
        delivered.take(connection, terms, endpoints, reference_date, are_all=since is not None)
        batch = ledger.open_batch(connection, source, reference_date)
        account.fetched(connection, source, batch, left_alone)
        if batch is None:
            delivered.check(connection, source, since, "nothing new came")
        return batch


def _take(connection: Connection, terms: Contract, found: Found) -> None:
    """Register one file of the inbox; one that can't be read now waits for the next run and keeps no other out."""
    try:
        delivery = register(connection, terms, found.uri, found.supplier, found.reference_date)
        for ranks_behind, reason in RANKS_BEHIND.items():
            if warehouse.run(connection, ranks_behind, {"delivery_id": delivery}).fetchone():
                log.warning("%s %s", file_name(found.uri), reason)
    except (UsageError, SourceUnavailable) as error:
        log.warning("%s is left for the next run: %s", file_name(found.uri), file_name(str(error)))


def register(
    connection: Connection,
    terms: Contract,
    uri: str,
    supplier: str,
    reference_date: date,
    received_at: datetime | None = None,
) -> int:
    """Keep one file and write it down; returns its delivery id. A file that was delivered before keeps its id."""
    if reason := wrong_day(reference_date):
        raise UsageError(f"{reason}; give the day that the file is about")
    modified, sha256, size = _keep(terms.source, uri)
    name = file_name(PurePosixPath(_place(uri)[1]).name)
    received = received_at or min(modified, datetime.now(UTC))
    envelope = Envelope(terms.source, supplier, reference_date, received, uri, name, modified, size, sha256)
    delivery = ledger.register(connection, terms, envelope)
    # At once: a run that holds one file and waits for the next could wait for one that does so the other way round.
    connection.commit()
    return delivery


def _keep(source: str, uri: str) -> tuple[datetime, str, int]:
    """Keep the bytes of a file; returns when it was laid there, their sha256 and their number."""
    filesystem, path = _place(uri)
    try:
        before = filesystem.info(path)
        if before["type"] != "file":
            raise UsageError(f"{file_name(uri)} is no file; name a file that can be read")
        with filesystem.open(path, "rb") as stream:
            sha256, size = store.keep(source, _blocks(stream, uri), partial(_check_unchanged, filesystem, before))
    except FileNotFoundError:
        raise UsageError(f"there is no file {file_name(uri)}; name a file that can be read") from None
    except PermissionError as error:
        raise UsageError(f"{file_name(uri)} can't be read: {error.strerror}; name a file that can be read") from None
    except OSError as error:
        raise SourceUnavailable(f"{file_name(uri)} can't be read now: {error}; try again later") from None
    return moment(before), sha256, size


def _blocks(stream: BinaryIO, uri: str) -> Iterator[bytes]:
    """The bytes of a file, piece by piece; SourceUnavailable where they break off."""
    try:
        yield from store.blocks(stream)
    except OSError as error:
        raise SourceUnavailable(f"{file_name(uri)} broke off while it was read: {error}; try again later") from None


def _check_unchanged(filesystem: fsspec.AbstractFileSystem, before: Info, size: int) -> None:
    """SourceUnavailable for a file that isn't what it was, or of which another number of bytes was read: somebody is writing it."""
    try:
        now = filesystem.info(before["name"])
    except OSError:
        now = {}
    is_other = any(before.get(key) != now.get(key) for key in ("size", *MOMENTS))
    if is_other or before["size"] not in (None, size):
        raise SourceUnavailable(f"{file_name(before['name'])} changed while it was read; take it when it is written")


def _place(uri: str) -> tuple[fsspec.AbstractFileSystem, str]:
    """The file system and the path of an address; UsageError for one that nothing here speaks or writes down."""
    try:
        uri.encode()
        return cast("tuple[fsspec.AbstractFileSystem, str]", fsspec.core.url_to_fs(uri))
    except UnicodeError:
        raise UsageError(f"{uri!a} is no name in UTF-8; rename the file") from None
    except (ValueError, ImportError) as error:
        raise UsageError(
            f"{file_name(uri)} can't be reached: {error}; name a file, or install what its address needs"
        ) from None


def envelope_of(path: Path, source: str) -> tuple[str, date] | None:
    """Supplier and reference date, where a file lies in the order of the inbox: …/<source>/<supplier>/<reference date>/<file>."""
    parts = path.absolute().parts[-4:]
    if len(parts) < 4 or parts[0] != source or (day := day_of(parts[2])) is None:
        return None
    return parts[1], day


def _check_needs(connection: Connection, terms: Contract) -> None:
    published = {row["source"] for row in warehouse.run(connection, "published_sources")}
    if missing := set(terms.needs) - published:
        raise SourceUnavailable(
            f"{terms.source} is checked against {', '.join(sorted(missing))}, of which nothing is published yet; load that first"
        )


def _is_known(connection: Connection, source: str, found: Found) -> bool:
    values = {"source": source, "uri": found.uri, "bytes": found.info["size"], "modified_at": moment(found.info)}
    return warehouse.run(connection, "is_known_file", values).fetchone() is not None

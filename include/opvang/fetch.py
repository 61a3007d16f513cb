"""fetch: the files as they came, from the inbox into the store and the ledger. Nothing new means nothing to do."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

import fsspec

from opvang import account, ledger, settings, store, warehouse
from opvang.contract import Contract, contract
from opvang.errors import SourceUnavailable, UsageError
from opvang.ledger import Envelope
from opvang.warehouse import Connection

log = logging.getLogger(__name__)


def fetch(source: str, reference_date: date | None = None) -> int | None:
    """The batch of every delivery of the source that waits, new ones in the inbox included; None when nothing waits."""
    terms = contract(source)
    with warehouse.connect() as connection:
        _check_needs(connection, terms)
        left_alone = 0
        for uri, info, supplier, day in _inbox(source):
            if reference_date in (None, day) and not _is_known(connection, source, uri, info):
                register(connection, terms, uri, supplier, day)
            else:
                left_alone += 1
        batch = ledger.open_batch(connection, source, reference_date)
        account.fetched(connection, source, batch, left_alone)
        return batch


def register(
    connection: Connection,
    terms: Contract,
    uri: str,
    supplier: str,
    reference_date: date,
    received_at: datetime | None = None,
) -> int:
    """Keep one file and write it down; returns its delivery id. A file that was delivered before keeps its id."""
    filesystem, path = _place(uri)
    try:
        info = filesystem.info(path)
        with filesystem.open(path, "rb") as stream:
            sha256, size = store.keep(terms.source, cast("BinaryIO", stream))
    except FileNotFoundError:
        raise UsageError(f"there is no file {uri}; name a file that can be read") from None
    except (IsADirectoryError, PermissionError) as error:
        raise UsageError(f"{uri} can't be read: {error.strerror}; name a file that can be read") from None
    modified = _moment(info)
    envelope = Envelope(
        terms.source,
        supplier,
        reference_date,
        received_at or modified,
        uri,
        PurePosixPath(path).name,
        modified,
        size,
        sha256,
    )
    return ledger.register(connection, terms, envelope)


def _place(uri: str) -> tuple[fsspec.AbstractFileSystem, str]:
    """The file system and the path of an address; UsageError for one that nothing here speaks or writes down."""
    try:
        uri.encode()
        return cast("tuple[fsspec.AbstractFileSystem, str]", fsspec.core.url_to_fs(uri))
    except UnicodeError:
        raise UsageError(f"{uri!a} is no name in UTF-8; rename the file") from None
    except (ValueError, ImportError) as error:
        raise UsageError(f"{uri} can't be reached: {error}; name a file, or install what its address needs") from None


def envelope_of(path: Path, source: str) -> tuple[str, date] | None:
    """Supplier and reference date, where a file lies in the order of the inbox: …/<source>/<supplier>/<reference date>/<file>."""
    parts = path.absolute().parts[-4:]
    if len(parts) < 4 or parts[0] != source or (day := _day(parts[2])) is None:
        return None
    return parts[1], day


def _check_needs(connection: Connection, terms: Contract) -> None:
    published = {row["source"] for row in warehouse.run(connection, "published_sources")}
    if missing := set(terms.needs) - published:
        raise SourceUnavailable(
            f"{terms.source} is checked against {', '.join(sorted(missing))}, of which nothing is published yet; load that first"
        )


def _inbox(source: str) -> Iterator[tuple[str, dict[str, Any], str, date]]:
    """Every file in the inbox of a source with its address, file information, supplier and reference date."""
    filesystem, root = fsspec.core.url_to_fs(settings.INBOX)
    try:
        found = filesystem.glob(f"{root}/{source}/*/*/*", detail=True)
    except OSError as error:
        raise SourceUnavailable(
            f"the inbox {settings.INBOX} doesn't answer ({error}); try again later or set OPVANG_INBOX"
        ) from None
    for path, info in sorted(found.items()):
        _, supplier, day, name = PurePosixPath(path).parts[-4:]
        if info["type"] != "file" or name.startswith("."):
            continue
        if (reference_date := _day(day)) is None:
            log.warning(
                "%s is left alone: %r is no reference date; move it to %s/<supplier>/<YYYY-MM-DD>/", path, day, source
            )
            continue
        yield filesystem.unstrip_protocol(path), info, supplier, reference_date


def _is_known(connection: Connection, source: str, uri: str, info: dict[str, Any]) -> bool:
    values = {"source": source, "uri": uri, "bytes": info["size"], "modified_at": _moment(info)}
    return warehouse.run(connection, "is_known_file", values).fetchone() is not None


def _moment(info: dict[str, Any]) -> datetime:
    """When the file was laid there, as its file system knows it."""
    known: Sequence[Any] = [info[key] for key in ("mtime", "LastModified", "last_modified", "created") if info.get(key)]
    if not known:
        return datetime.now(UTC)
    return known[0] if isinstance(known[0], datetime) else datetime.fromtimestamp(known[0], UTC)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None

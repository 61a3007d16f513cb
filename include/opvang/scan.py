"""What lies in the inbox of a source: the files that may be taken, and a line in the log for whatever is left alone."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any, cast

import fsspec

from opvang import settings
from opvang.errors import SourceUnavailable, UsageError
from opvang.messages import file_name

log = logging.getLogger(__name__)

# What SFTP clients, browsers and copying programs call a file that they still write.
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
# Nothing that is read here was kept digitally before: an older day is a typing error, and would stand for all years after it.
FIRST_REFERENCE_DATE = date(2000, 1, 1)
# Under which name file systems tell when a file was laid there.
MOMENTS = ("mtime", "LastModified", "last_modified", "created")
Info = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """A file that may be taken: its address, what its file system says of it, and its envelope."""

    uri: str
    info: Info
    supplier: str
    reference_date: date


def scan(source: str) -> Iterator[Found]:
    """Every file that lies as inbox/<source>/<supplier>/<reference date>/<file> and has been left alone for a while."""
    filesystem, inbox = inbox_place()
    try:
        suppliers = _listing(filesystem, f"{inbox}/{source}")
    except OSError as error:
        raise _no_answer(error) from None
    for supplier in _folders(suppliers):
        for day in _folders(_readable(filesystem, supplier)):
            yield from _files(filesystem, day)


def inbox_place() -> tuple[fsspec.AbstractFileSystem, str]:
    """The file system and the path of the inbox; UsageError for an address that nothing here speaks, SourceUnavailable for one that doesn't answer."""
    try:
        return cast("tuple[fsspec.AbstractFileSystem, str]", fsspec.core.url_to_fs(settings.INBOX))
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"OPVANG_INBOX={settings.INBOX} can't be reached: {error}; set a folder, or install what its address needs"
        ) from None
    except OSError as error:
        raise _no_answer(error) from None


def _no_answer(error: OSError) -> SourceUnavailable:
    return SourceUnavailable(
        f"the inbox {settings.INBOX} doesn't answer ({error}); try again later or set OPVANG_INBOX"
    )


def wrong_day(day: date) -> str | None:
    """What is wrong with a reference date, if anything."""
    if day > (datetime.now(UTC) + timedelta(days=1)).date():
        return f"the reference date {day} lies in the future"
    if day < FIRST_REFERENCE_DATE:
        return f"the reference date {day} lies before {FIRST_REFERENCE_DATE}"
    return None


def moment(info: Info) -> datetime:
    """When the file was laid there, as its file system knows it."""
    known: Sequence[Any] = [info[key] for key in MOMENTS if info.get(key)]
    if not known:
        return datetime.now(UTC)
    return known[0] if isinstance(known[0], datetime) else datetime.fromtimestamp(known[0], UTC)


def day_of(text: str) -> date | None:
    """The reference date that a folder's name says, YYYY-MM-DD; None for any other name."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _files(filesystem: fsspec.AbstractFileSystem, folder: str) -> Iterator[Found]:
    supplier, name = PurePosixPath(folder).parts[-2:]
    if reason := _wrong_folder(name):
        _leave(folder, reason)
        return
    for info in _readable(filesystem, folder):
        if reason := _wrong_file(info):
            _leave(info["name"], reason)
        elif not _is_unfinished(info):
            yield Found(filesystem.unstrip_protocol(info["name"]), info, supplier, date.fromisoformat(name))


def _wrong_folder(name: str) -> str | None:
    if (day := day_of(name)) is None:
        return "its folder is no reference date; move it to <source>/<supplier>/<YYYY-MM-DD>/"
    reason = wrong_day(day)
    return f"{reason}; move it to the day that it is about" if reason else None


def _wrong_file(info: Info) -> str | None:
    if _is_link(info):
        return "it is a symbolic link, which may lead anywhere; lay the file itself there"
    if info["type"] != "file":
        return "it is no file; lay files there, and nothing else"
    if "::" in info["name"]:
        return "its name holds '::', which no address can say; rename it"
    return None if _is_utf8(info["name"]) else "its name is no UTF-8; rename it"


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeError:
        return False
    return True


def _is_unfinished(info: Info) -> bool:
    """Whether somebody may still be writing: by its name, or because it changed a moment ago."""
    name = PurePosixPath(info["name"]).name
    if name.startswith("."):
        return True
    age = abs((datetime.now(UTC) - moment(info)).total_seconds())
    if not name.endswith(UNFINISHED) and age >= settings.settle_seconds():
        return False
    log.info("%s is still being written; the next run takes it", file_name(info["name"]))
    return True


def _folders(entries: Sequence[Info]) -> Iterator[str]:
    """The names of the folders among the entries; anything else that lies there is left alone."""
    for info in entries:
        if info["type"] == "directory" and not _is_link(info):
            yield info["name"]
        elif _is_link(info):
            _leave(info["name"], "it is a symbolic link, which may lead anywhere; make it a folder")
        elif not PurePosixPath(info["name"]).name.startswith("."):
            _leave(info["name"], "files lie in <source>/<supplier>/<YYYY-MM-DD>/; move it there")


def _readable(filesystem: fsspec.AbstractFileSystem, folder: str) -> Sequence[Info]:
    """What a folder holds; nothing, and a line in the log, when it can't be read."""
    try:
        return _listing(filesystem, folder)
    except OSError as error:
        _leave(folder, f"it can't be read ({error.strerror or error}); let us read it")
        return []


def _listing(filesystem: fsspec.AbstractFileSystem, folder: str) -> Sequence[Info]:
    """What a folder holds, in order of name; nothing when there is no such folder."""
    try:
        entries = filesystem.ls(folder, detail=True)
    except FileNotFoundError:
        return []
    return sorted((info for info in entries if info["name"].rstrip("/") != folder), key=lambda info: str(info["name"]))


def _is_link(info: Info) -> bool:
    return bool(info.get("islink")) or info["type"] == "link"


def _leave(path: str, reason: str) -> None:
    log.warning("%s is left alone: %s", file_name(path), reason)

"""Zip archives, unpacked only as far as they are what they say: nothing in one is trusted before it is counted."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from opvang.errors import LoadRefused

MOST_MEMBERS = 1_000
LARGEST_MB = 100
CHUNK = 1 << 18
ENCRYPTED = 1
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; LoadRefused for one that is broken, locked, or holds what no program would put into it."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive.infolist(), path.stat().st_size)
            yield archive
    except BROKEN:
        raise LoadRefused("a zip archive that is cut off or damaged; save the file again and deliver it") from None


def chunks(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """All that is in the archive, piece by piece, each with the name of its member; LoadRefused where it is too much."""
    size = 0
    for member in archive.infolist():
        with archive.open(member) as file:
            while piece := file.read(CHUNK):
                size += len(piece)
                if size > LARGEST_MB * 1_000_000:
                    raise LoadRefused(
                        f"a zip archive that unpacks to more than {LARGEST_MB} MB; delete what lies below and beside the table, and save the file again"
                    )
                yield member.filename, piece


def _check(members: list[zipfile.ZipInfo], size: int) -> None:
    if any(member.header_offset >= size for member in members):
        raise zipfile.BadZipFile
    names = [member.filename for member in members]
    if len(names) > MOST_MEMBERS:
        raise LoadRefused(f"a zip archive of more than {MOST_MEMBERS:,} files; deliver the workbook itself")
    if len(set(names)) < len(names) or any(map(_leads_out, names)):
        raise LoadRefused("a zip archive with a file twice, or one that leads out of it; save the workbook again")
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise LoadRefused("a zip archive that is locked with a password; deliver the file without one")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise LoadRefused("a zip archive packed in a way that no spreadsheet is; save the workbook again")


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts

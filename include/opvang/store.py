"""Where fetched deliveries are kept as they came, named by checksum, for as long as their contract says."""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from opvang import settings
from opvang.errors import ServerError

BLOCK = 1 << 20
SECONDS_OF_A_DRAFT = 24 * 3600


def kept(source: str, sha256: str) -> Path:
    """The place of a delivery's bytes."""
    return settings.HOME / "deliveries" / source / sha256


def keep(source: str, blocks: Iterable[bytes], check: Callable[[int], None]) -> tuple[str, int]:
    """Keep these bytes; returns their sha256 and number. Only the owner can read them: they may hold identifiers.

    `check` is told how many were read before anything is kept; what it raises keeps nothing.
    """
    folder = kept(source, "")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{os.getpid()}-{os.urandom(8).hex()}"
    try:
        digest, size = _write(draft, blocks)
        check(size)
        draft.rename(kept(source, digest))
    except OSError as error:
        raise ServerError(
            f"can't keep a delivery of {source} in {folder}: {error.strerror}; make room there or set OPVANG_HOME"
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return digest, size


def blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a stream, piece by piece."""
    while block := stream.read(BLOCK):
        yield block


def clear_drafts(source: str) -> None:
    """Remove what a killed fetch left half written a day ago or more: it may hold identifiers, and no delivery knows of it."""
    for draft in kept(source, "").glob(".*"):
        if draft.stat().st_mtime < time.time() - SECONDS_OF_A_DRAFT:
            draft.unlink(missing_ok=True)


def _write(path: Path, blocks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for block in blocks:
            digest.update(block)
            size += file.write(block)
    return digest.hexdigest(), size

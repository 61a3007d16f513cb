"""What a file is that isn't what its name says: told by its first bytes, so that the refusal can name it."""

from pathlib import Path

from opvang.errors import LoadRefused

# First bytes by which a form is known: PKWARE APPNOTE 4.3.7, RFC 1952, ISO 32000, [MS-CFB].
FORMS = {
    b"PK\x03\x04": "a zip archive or a spreadsheet (.xlsx, .ods)",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "gzip-compressed bytes",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"%PDF-": "a PDF document",
    b"\xd0\xcf\x11\xe0": "a spreadsheet or document of Microsoft Office (.xls, .doc)",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML document",
}


def check_text(path: Path) -> None:
    """LoadRefused for a file that by its first bytes is something else than plain text."""
    with path.open("rb") as file:
        if looks := other_than_text(file.read(100)):
            raise LoadRefused(f"no text but {looks}; deliver the file that is in it, or the table as text")


def check_size(path: Path, largest_mb: float) -> None:
    """LoadRefused for a file that is larger than allowed: read, it takes many times as much memory."""
    megabytes = path.stat().st_size / 1e6
    if megabytes > largest_mb:
        raise LoadRefused(
            f"a file of {megabytes:,.1f} MB where at most {largest_mb:g} MB is read; deliver what the contract describes"
        )


def other_than_text(content: bytes) -> str | None:
    """What the first bytes of a file say it is; None when they may be plain data."""
    first = content[:100].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((name for start, name in FORMS.items() if first.startswith(start.lower())), None)

"""Delimited text, in column batches of strings.

A block in which every line is one whole row is read by polars. polars fills a short row with nulls without a word, and a shifted
column is worse than a slow one: so its rows and delimiters are counted first, and from the first block that isn't so plain
Python's csv goes on in strict mode, which knows the line to name.
"""

import codecs
import csv
import io
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

import polars as pl

from opvang.errors import LoadRefused

BLOCK_BYTES = 1 << 22
BATCH_ROWS = 50_000
LONGEST_LINE = 1 << 20
csv.field_size_limit(LONGEST_LINE)


class Place(NamedTuple):
    """Where a row begins."""

    byte: int
    line: int


FILE_START = Place(0, 1)


@contextmanager
def utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file as UTF-8: itself, or a temporary copy."""
    if codecs.lookup(encoding).name == "utf-8":
        yield path
        return
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as copy:
        try:
            with path.open(encoding=encoding, newline="") as text:
                while block := text.read(1 << 20):
                    copy.write(block)
        except UnicodeError as error:
            raise LoadRefused(
                f"not {encoding} from byte {getattr(error, 'start', 0)} on; deliver the file in {encoding} as the contract says"
            ) from None
        copy.flush()
        yield Path(copy.name)


def header(path: Path, delimiter: str) -> list[str]:
    """The headings of a UTF-8 file, without a byte order mark; LoadRefused for an empty file."""
    headings = next((fields for _, fields in _records(path, delimiter)), [])
    if not headings:
        raise LoadRefused("the file is empty; deliver it again")
    return headings


def batches(path: Path, delimiter: str, positions: dict[str, int]) -> Iterator[pl.DataFrame]:
    """The named positions of each row below the heading, as strings (empty is null), with `line_no`: where the row begins.

    Rows with more or fewer fields than the heading are a LoadRefused: their columns may have shifted. Blank lines are no rows.
    """
    width = len(header(path, delimiter))
    rest = yield from _plain_batches(path, delimiter, positions, width)
    if rest is not None:
        yield from _row_by_row(path, delimiter, positions, width, rest)


def _plain_batches(
    path: Path, delimiter: str, positions: dict[str, int], width: int
) -> Generator[pl.DataFrame, None, Place | None]:
    """Blocks as polars reads them; returns where the first begins that isn't plain, None at the end of the file."""
    wanted = [pl.nth(position).alias(name) for name, position in positions.items()]
    with path.open("rb") as file:
        if not _is_plain(file.readline(LONGEST_LINE).removeprefix(codecs.BOM_UTF8), delimiter, width):
            return FILE_START
        place = Place(file.tell(), 2)
        while block := file.read(BLOCK_BYTES) + file.readline(LONGEST_LINE):
            rows = _plain_rows(block, delimiter, width)
            if rows is None:
                return place
            yield rows.select(pl.int_range(place.line, place.line + pl.len(), dtype=pl.Int32).alias("line_no"), *wanted)
            place = Place(file.tell(), place.line + rows.height)
    return None


def _plain_rows(block: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    if not _is_plain(block, delimiter, width):
        return None
    names = {str(position): pl.String for position in range(width)}
    try:
        rows = pl.read_csv(block, separator=delimiter, has_header=False, schema=names)
    except pl.exceptions.PolarsError:
        return None
    if rows.height != _lines_in(block):
        return None
    # A quoted empty field is as empty as one without quotes.
    return rows.with_columns(pl.all().replace("", None)) if b'""' in block else rows


def _is_plain(block: bytes, delimiter: str, width: int) -> bool:
    """Whether every line is one row with all its delimiters, given that none has more (which polars would refuse)."""
    if b"\0" in block or width == 1 or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
        return False
    quoted = list(_quoted_lines(block))
    mark = delimiter.encode()
    delimiters = block.count(mark) - sum(line.count(mark) for line in quoted)
    return delimiters == (_lines_in(block) - len(quoted)) * (width - 1) and all(
        _is_a_row(line, delimiter, width) for line in quoted
    )


def _lines_in(block: bytes) -> int:
    return block.count(b"\n") + (not block.endswith(b"\n"))


def _quoted_lines(block: bytes) -> Iterator[bytes]:
    # They are few: going from quote to quote leaves the other lines alone.
    at = block.find(b'"')
    while at >= 0:
        begin, end = block.rfind(b"\n", 0, at) + 1, block.find(b"\n", at)
        yield block[begin:] if end < 0 else block[begin:end]
        at = block.find(b'"', end) if end >= 0 else -1


def _is_a_row(line: bytes, delimiter: str, width: int) -> bool:
    """Whether a line with quotes is by itself one row of that many fields."""
    try:
        return [len(fields) for fields in csv.reader([line.decode()], delimiter=delimiter, strict=True)] == [width]
    except (UnicodeError, csv.Error):
        return False


def _row_by_row(
    path: Path, delimiter: str, positions: dict[str, int], width: int, start: Place
) -> Iterator[pl.DataFrame]:
    schema = {"line_no": pl.Int32} | dict.fromkeys(positions, pl.String)
    records = _records(path, delimiter, start)
    if start.byte == 0:
        next(records)
    rows = (_row(line, fields, width, positions) for line, fields in records if fields)
    while block := list(islice(rows, BATCH_ROWS)):
        yield pl.DataFrame(block, schema=schema, orient="row")


def _row(line: int, fields: list[str], width: int, positions: dict[str, int]) -> list[int | str | None]:
    if len(fields) != width:
        raise LoadRefused(
            f"line {line} has {len(fields)} fields where the heading has {width}; deliver every field of every row, empty where nothing is known"
        )
    return [line, *(fields[position] or None for position in positions.values())]


def _records(path: Path, delimiter: str, start: Place = FILE_START) -> Iterator[tuple[int, list[str]]]:
    """The fields of each row, with the line on which it begins; messages hold no value of the file."""
    line = start.line
    try:
        with path.open("rb") as file:
            file.seek(start.byte)
            text = io.TextIOWrapper(file, "utf-8" if start.byte else "utf-8-sig", newline="")
            rows = csv.reader(_lines(text), delimiter=delimiter, strict=True)
            for fields in rows:
                yield line, fields
                line = start.line + rows.line_num
    except UnicodeError as error:
        reason = getattr(error, "reason", "no text")
        raise LoadRefused(
            f"not UTF-8 after line {line - 1} ({reason}); deliver the file in the encoding that the contract says"
        ) from None
    except csv.Error as error:
        raise LoadRefused(
            f"not readable as delimited text from line {line} on: {error}; deliver the file again"
        ) from None


def _lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise LoadRefused(f"a line of more than {LONGEST_LINE:,} characters; deliver one row a line")
        if "\0" in line:
            raise LoadRefused("NUL bytes in the file; deliver it as text")
        yield line

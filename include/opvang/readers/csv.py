"""Delimited text, in column batches of strings."""

import codecs
import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from opvang.errors import LoadRefused

BATCH_ROWS = 50_000


@contextmanager
def utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file as UTF-8 (polars reads nothing else): itself, or a temporary copy."""
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
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            headings = next(csv.reader([text.readline(1 << 20)], delimiter=delimiter), [])
    except UnicodeError as error:
        raise LoadRefused(f"not UTF-8 ({error}); deliver the file in the encoding that the contract says") from None
    if not headings:
        raise LoadRefused("the file is empty; deliver it again")
    return headings


def batches(path: Path, delimiter: str, positions: dict[str, int]) -> Iterator[pl.DataFrame]:
    """The named positions of each row below the heading, as strings (empty is null), with `line_no` from 2.

    Rows with more or fewer fields than the heading are a LoadRefused: their columns may have shifted.
    """
    width = len(header(path, delimiter))
    schema = {f"column_{position}": pl.String for position in range(width)}
    rows = pl.scan_csv(
        path,
        has_header=False,
        skip_rows=1,
        separator=delimiter,
        schema=schema,
        row_index_name="line_no",
        row_index_offset=2,
        missing_columns="raise",
    )
    wanted = rows.select(
        pl.col("line_no").cast(pl.Int32),
        *(pl.col(f"column_{position}").alias(name) for name, position in positions.items()),
    )
    try:
        yield from wanted.collect_batches(chunk_size=BATCH_ROWS)
    except pl.exceptions.NoDataError:
        return
    except pl.exceptions.PolarsError as error:
        raise LoadRefused(f"not readable as delimited text: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200]

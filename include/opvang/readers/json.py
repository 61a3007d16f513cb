"""JSON documents, and lists of objects as column batches of strings."""

import codecs
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from opvang.errors import LoadRefused, SourceChanged
from opvang.readers import forms

# No document that we know is deeper than 10; a limit of our own is the same on every Python.
DEEPEST = 50
LARGEST_MB = 10
TOO_DEEP = "JSON nested too deeply; deliver the form that the contract describes"
MOST_VALUES = 3_000_000
ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
OWN_COLUMNS = frozenset({"record_no", "line_no"})


def document(path: Path, encoding: str = "utf-8", largest_mb: float = LARGEST_MB) -> Any:
    """The one JSON value in the file; LoadRefused, with line and column, for anything else or for a file that is too large.

    Parsed, JSON takes up to thirty times as much memory.
    """
    forms.check_size(path, largest_mb)
    return value(path.read_bytes(), encoding)


def value(content: bytes, encoding: str = "utf-8") -> Any:
    """The one JSON value in these bytes; LoadRefused, with line and column, for anything else."""
    try:
        text = _text_of(content, encoding)
        made = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise LoadRefused(
            f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}; deliver the file again"
        ) from None
    except RecursionError:
        raise LoadRefused(TOO_DEEP) from None
    except ValueError:
        raise LoadRefused("a number of more than 4,300 digits; deliver numbers that count something") from None
    _check_depth(made)
    if "\\u" in text:
        _check_characters(made)
    return made


def _text_of(content: bytes, encoding: str) -> str:
    if not content.strip(b" \t\r\n\0"):
        raise LoadRefused("the file is empty; deliver it again")
    if looks := forms.other_than_text(content):
        raise LoadRefused(f"no JSON but {looks}; deliver the JSON document itself")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content[:4]:
        raise LoadRefused(f"not {encoding} but as it seems utf-16 or utf-32; deliver the file in {encoding}")
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode(encoding)
    except UnicodeError as error:
        raise LoadRefused(
            f"not {encoding} (byte {getattr(error, 'start', 0)}); deliver the file in {encoding}"
        ) from None


def _check_depth(made: Any) -> None:
    """Level by level, so that it takes the same depth on every Python and under every caller."""
    level = [made]
    for _ in range(DEEPEST):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise LoadRefused(TOO_DEEP)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _check_characters(value: Any) -> None:
    """Half a surrogate pair and NUL, escaped, are no characters that a text can hold."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except UnicodeError:
        raise LoadRefused("an escape \\ud800 to \\udfff that is half a character; deliver the file in utf-8") from None
    if ESCAPED_NUL.search(text):
        raise LoadRefused("NUL bytes in the file; deliver it as text")


def _no_constant(name: str) -> None:
    raise LoadRefused(f"{name} is no JSON; deliver null where nothing is known")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise LoadRefused(f"JSON object with the key {twice!r} twice; deliver each key once")
    return made


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """One row per object, one string column per key, numbered by `record_no` and `line_no` from 1."""
    listed = list(rows)
    names = dict.fromkeys(name for row in listed for name in row)
    _check_names(names, len(listed))
    columns = {name: pl.Series(name, [_text(name, row.get(name)) for row in listed], dtype=pl.String) for name in names}
    numbers = pl.int_range(1, len(listed) + 1, dtype=pl.Int32, eager=True)
    return pl.DataFrame({"record_no": numbers, "line_no": numbers, **columns})


def _check_names(names: Collection[str], rows: int) -> None:
    """Objects that share few keys would make a table many times as large as the file."""
    if len(names) * rows > MOST_VALUES:
        raise LoadRefused(
            f"a list of {rows:,} objects with {len(names):,} different keys; deliver the form that the contract describes"
        )
    if taken := OWN_COLUMNS.intersection(names):
        raise SourceChanged(f"unknown column {', '.join(sorted(taken))}; deliver the columns that the contract names")


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, dict | list):
        raise LoadRefused(f"{name} holds a list or an object; deliver one text, number, true, false or null")
    return json.dumps(value, ensure_ascii=False)

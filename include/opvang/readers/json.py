"""JSON documents, and lists of objects as column batches of strings."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from opvang.errors import LoadRefused


def document(path: Path, encoding: str = "utf-8") -> Any:
    """The one JSON value in the file; LoadRefused, with line and column, for anything else."""
    try:
        text = path.read_bytes().decode(encoding)
        made = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise LoadRefused(
            f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}; deliver the file again"
        ) from None
    except UnicodeError as error:
        raise LoadRefused(
            f"not {encoding} (byte {getattr(error, 'start', 0)}); deliver the file in {encoding}"
        ) from None
    except RecursionError:
        raise LoadRefused("JSON nested too deeply; deliver the form that the contract describes") from None
    except ValueError:
        raise LoadRefused("a number of more than 4,300 digits; deliver numbers that count something") from None
    if "\\u" in text:
        _check_characters(made)
    return made


def _check_characters(value: Any) -> None:
    """Half a surrogate pair, escaped, is no character: no text can hold it."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise LoadRefused("an escape \\ud800 to \\udfff that is half a character; deliver the file in utf-8") from None


def _no_constant(name: str) -> None:
    raise LoadRefused(f"{name} is no JSON; deliver null where nothing is known")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise LoadRefused(f"JSON object with the key {twice!r} twice; deliver each key once")
    return made


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """One row per object, one string column per key, numbered by `record_no` and `line_no` from 1."""
    listed = list(rows)
    names = dict.fromkeys(name for row in listed for name in row)
    columns = {name: pl.Series(name, [_text(name, row.get(name)) for row in listed], dtype=pl.String) for name in names}
    numbers = pl.int_range(1, len(listed) + 1, dtype=pl.Int32, eager=True)
    return pl.DataFrame({"record_no": numbers, "line_no": numbers, **columns})


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise LoadRefused(f"{name} holds a list or an object; deliver one text, number, true, false or null")
    return json.dumps(value, ensure_ascii=False)

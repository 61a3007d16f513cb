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
        return json.loads(path.read_bytes().decode(encoding), object_pairs_hook=_object)
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
    columns = {name: pl.Series(name, [_text(row.get(name)) for row in listed], dtype=pl.String) for name in names}
    numbers = pl.int_range(1, len(listed) + 1, dtype=pl.Int32, eager=True)
    return pl.DataFrame({"record_no": numbers, "line_no": numbers, **columns})


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)

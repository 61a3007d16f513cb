"""One parser per source: a delivery in, column batches per table out. Found by the name of the contract.

A parser is a function `read(delivery, contract)` that yields batches: per table a frame of strings whose columns are
`record_no` (which record of the file, from 1), `line_no` (its first line) and the fields that the contract names; what the
parser counted itself may be numbers. The rows of one record stand together, in one batch. It knows no other source and no database.
Where a source comes in several forms, `form(path)` beside it names the one of a file: not every form carries everything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

import polars as pl

from opvang.contract import Contract
from opvang.errors import ContractError

Batch = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Delivered:
    """The file of a delivery and what its envelope says."""

    path: Path
    supplier: str
    reference_date: date


Parser = Callable[[Delivered, Contract], Iterator[Batch]]


def form(source: str, path: Path) -> str | None:
    """In which form a file is, where its source comes in several; LoadRefused for one that is none of them."""
    told: Callable[[Path], str] | None = getattr(import_module(f"opvang.sources.{source}"), "form", None)
    return told(path) if told else None


def parser(source: str) -> Parser:
    """The parser of a source, or a ContractError that names the missing file."""
    try:
        read: Parser = import_module(f"opvang.sources.{source}").read
    except (ModuleNotFoundError, AttributeError) as error:
        raise ContractError(
            f"{source} has no parser; write read(delivery, contract) in include/opvang/sources/{source}.py ({error})"
        ) from None
    return read

"""What people fill in: the fields of a report, where it has any, and those of its records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from opvang.contract import Contract
from opvang.errors import UsageError
from opvang.expectations import expectations

WORDS = Path(__file__).parents[1] / "templates"
SUPPLIER = "vr_code"
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A field to fill in: what it is called, means and may hold."""

    name: str
    label: str
    kind: str
    is_required: bool
    meaning: str
    allowed: tuple[str, ...] = ()


@cache
def fields(terms: Contract) -> tuple[Field, ...]:
    """The fields that people fill in, in the order of the contract: those that the template has words for."""
    first: dict[str, Field] = {}
    for field in _made(terms):
        first.setdefault(field.name, field)
    return tuple(first.values())


def _made(terms: Contract) -> Iterator[Field]:
    """For each column the fields that it is made from; a field of several columns comes as often."""
    meanings = words(terms.source)["fields"]
    for column in (column for table in terms.tables for column in table.columns):
        kind = "string" if column.logic else column.logical_type
        for name in meanings.keys() & column.fields:
            allowed = _closed_list(terms, column.name)
            yield Field(name, column.label or name, kind, column.required, meanings[name], allowed)


def _closed_list(terms: Contract, column: str) -> tuple[str, ...]:
    """What a rule says that the column may hold; empty where anything may stand."""
    of_column = (rule.kwargs for rule in expectations(terms) if rule.kwargs.get("column") == column)
    return tuple(next((kwargs["value_set"] for kwargs in of_column if "value_set" in kwargs), ()))


@cache
def report_fields(terms: Contract) -> tuple[Field, ...]:
    """The fields of the report itself."""
    said = words(terms.source)["report"]
    allowed = {SUPPLIER: terms.awaited}
    return tuple(Field(name, allowed=allowed.get(name, ()), **said[name]) for name in said)


@cache
def words(source: str) -> dict[str, Any]:
    """The Dutch words of the template of a source; UsageError for a source that has none."""
    path = WORDS / f"{source}.yml"
    if not path.exists():
        there = ", ".join(sorted(known.stem for known in WORDS.glob("*.yml")))
        raise UsageError(f"{source} has no template; there is one of {there}")
    said: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return said


def spoken(terms: Contract, value: Any) -> Any:
    """A value as people fill it in: ja or nee for true or false."""
    return words(terms.source)["answers"][value] if isinstance(value, bool) else value

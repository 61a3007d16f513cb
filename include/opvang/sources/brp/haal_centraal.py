"""Answers of the Haal Centraal BRP API as the rows of a selection: its GBA form, and version 2 with polymorphic dates.

It holds current states only, and version 2 leaves out standard values: what isn't there stays absent here, never "unknown". Of its
secrecy indication it says only that there is one: it is read as the strictest, 7.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import polars as pl

from opvang.contract import CONTRACTS, Contract
from opvang.errors import SourceChanged
from opvang.readers import json
from opvang.sources import Delivered
from opvang.sources.brp.lists import LINE, LIST, headings

Object = Mapping[str, Any]
# Field to element, as RvIG's mapping of 28 November 2022 says of the GBA form, and the names of version 2 beside them.
MAPPING = CONTRACTS / "haal_centraal.csv"
# A polymorphic date, by its type, as 8 digits of which unknown parts are 0.
DATES: Mapping[str, Callable[[Object], str]] = {
    "Datum": lambda date: str(date["datum"]).replace("-", ""),
    "JaarMaandDatum": lambda date: f"{date['jaar']:04}{date['maand']:02}00",
    "JaarDatum": lambda date: f"{date['jaar']:04}0000",
    "DatumOnbekend": lambda _: "00000000",
}
HAL = "_embedded"
BIRTH_PLACE, HOUSE_NUMBER = "01.03.20", "08.11.20"


class Field(NamedTuple):
    """Where an element stands; `of_type`: only in an object of that type, `value`: what the type itself, or true, says."""

    path: Sequence[str]
    element: str
    of_type: str
    value: str


def rows(delivery: Delivered, contract: Contract) -> Iterator[pl.DataFrame]:
    """The elements that the contract names, of all persons of the answer."""
    answer = json.document(delivery.path, "utf-8", contract.form["largest_mb"])
    wanted = headings(contract)
    schema = {LINE: pl.Int32, LIST: pl.String} | dict.fromkeys(wanted, pl.String)
    found = [row for number, person in enumerate(_persons(answer), start=1) for row in _rows_of(person, number, wanted)]
    if found:
        yield pl.DataFrame(found, schema=schema)


def _persons(answer: Any) -> Sequence[Object]:
    persons = answer.get("personen") if isinstance(answer, dict) else answer
    if isinstance(answer, dict) and HAL in answer:
        raise SourceChanged("an answer of Haal Centraal version 1; deliver the GBA form or version 2")
    if not isinstance(persons, list) or not all(isinstance(person, dict) for person in persons):
        raise SourceChanged(
            "JSON without a list of persons; deliver the answer of Haal Centraal (personen), or a list of persons in its GBA form"
        )
    return persons


def _rows_of(person: Object, number: int, wanted: Sequence[str]) -> list[dict[str, Any]]:
    """One person; the second of its nationalities and partners stand in the second row, announced by CC.H."""
    found: list[dict[str, Any]] = [{LIST: str(number), LINE: number}]
    for field in _fields():
        if field.element not in wanted:
            continue
        for at, value in enumerate(_values(person, field)):
            if at == len(found):
                found.append({LINE: number})
            if value is not None:
                found[at][field.element] = value
            mark = f"{field.element[:2]}.H"
            if at and mark in wanted:
                found[at - 1][mark] = field.element[:2]
    return found


def _values(person: Object, field: Field) -> list[str | None]:
    """The value of a field in each object that may hold it: one, or one per entry of a list."""
    top = person.get(field.path[0])
    if isinstance(top, list):
        return [_value(entry, field.path[1:], field) for entry in top]
    return [_value(person, field.path, field)]


def _value(holder: Any, path: Sequence[str], field: Field) -> str | None:
    if isinstance(holder, dict) and not path:
        return field.value if field.value and _is_of_type(holder, field) else None
    for at, name in enumerate(path):
        if not isinstance(holder, dict):
            return None
        if field.of_type and at == len(path) - 1 and not _is_of_type(holder, field):
            return None
        holder = holder.get(name)
    if holder is True:
        return field.value or None
    return _text(holder, field)


def _is_of_type(holder: Object, field: Field) -> bool:
    return holder.get("type") == field.of_type


def _text(value: Any, field: Field) -> str | None:
    """A text, a code, or a date as 8 digits; nothing for what no element holds."""
    if isinstance(value, dict):
        kind = value.get("type", "")
        if kind in DATES:
            return _date(kind, value)
        # A place abroad has a name and no code.
        named = value.get("omschrijving") if field.element == BIRTH_PLACE else None
        return _text(value.get("code") or named, field)
    if isinstance(value, int) and not isinstance(value, bool) and field.element != HOUSE_NUMBER:
        raise SourceChanged(
            f"{'.'.join(field.path)} is a number, which has no leading zeros; deliver Haal Centraal as the API answers, codes as text"
        )
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def _date(kind: str, date: Object) -> str:
    try:
        return DATES[kind](date)
    except (KeyError, ValueError, TypeError):
        raise SourceChanged(
            f"a date of type {kind} without its parts; deliver Haal Centraal as the API answers"
        ) from None


@cache
def _fields() -> tuple[Field, ...]:
    with MAPPING.open(newline="") as file:
        return tuple(
            Field(tuple(row["path"].split(".")), row["element"], row["of_type"], row["value"])
            for row in csv.DictReader(file)
        )

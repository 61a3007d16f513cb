"""Who owns whom: packages of the Beneficial Ownership Data Standard 0.4 (standard.openownership.org).

Of a natural person only nationality and record are read: names, birth dates and addresses stay in the file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from opvang.contract import CONTRACTS, Contract, Table
from opvang.readers import json, json_schema
from opvang.sources import Batch, Delivered

Object = Mapping[str, Any]
SCHEMA, ROOT, STANDARD = CONTRACTS / "bods", "urn:statement", "BODS 0.4"
SHARES = ("exact", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """One row per statement, and below it one per identifier and per interest."""
    package = json.document(delivery.path, contract.form["encoding"], contract.form["largest_mb"])
    json_schema.check(package, SCHEMA, ROOT, STANDARD)
    numbered = list(enumerate(package, start=1))
    rows_of: Mapping[str, Callable[[Object], Iterator[Object]]] = {
        "statements": _statement,
        "identifiers": _identifiers,
        "interests": _interests,
    }
    yield {
        name: _frame(contract.table(name), ((number, row) for number, one in numbered for row in rows(one)))
        for name, rows in rows_of.items()
    }


def _frame(table: Table, rows: Iterable[tuple[int, Object]]) -> pl.DataFrame:
    """All fields of the table, with the number of their statement in the package as record and as line."""
    listed = list(rows)
    schema = dict.fromkeys(table.fields, pl.String)
    numbers = pl.Series([number for number, _ in listed], dtype=pl.Int32)
    frame = json.frame({**dict.fromkeys(schema), **row} for _, row in listed) if listed else pl.DataFrame(schema=schema)
    return frame.with_columns(record_no=numbers, line_no=numbers)


def _statement(statement: Object) -> Iterator[dict[str, Any]]:
    yield {
        "statementId": statement["statementId"],
        "recordId": statement["recordId"],
        "recordType": statement["recordType"],
        "recordStatus": statement.get("recordStatus"),
        "statementDate": statement["statementDate"][:10],
        "declarationSubject": statement["declarationSubject"],
        **DETAILS[statement["recordType"]](statement["recordDetails"]),
    }


def _entity(details: Object) -> dict[str, Any]:
    return {
        "entityType": details["entityType"]["type"],
        "entityName": details.get("name"),
        "jurisdiction": details.get("jurisdiction", {}).get("code"),
    }


def _person(details: Object) -> dict[str, Any]:
    codes = [country["code"] for country in details.get("nationalities", []) if country.get("code")]
    return {"personType": details["personType"], "nationalities": ",".join(sorted(codes))}


def _relationship(details: Object) -> dict[str, Any]:
    ends = {name: details[name] for name in ("subject", "interestedParty")}
    reasons = [end["reason"] for end in ends.values() if isinstance(end, dict)]
    named = {name: None if isinstance(end, dict) else end for name, end in ends.items()}
    return {
        "unspecifiedReason": ", ".join(reasons),
        "hasComponents": bool(details.get("componentRecords")),
        **named,
    }


DETAILS = {"entity": _entity, "person": _person, "relationship": _relationship}


def _identifiers(statement: Object) -> Iterator[dict[str, Any]]:
    """Numbers of entities; those of persons are passports and tax numbers, which nobody here may know."""
    if statement["recordType"] != "entity":
        return
    for entry in statement["recordDetails"].get("identifiers", []):
        if entry.get("scheme") and entry.get("id"):
            yield {"statementId": statement["statementId"], "scheme": entry["scheme"], "identifier": entry["id"]}


def _interests(statement: Object) -> Iterator[dict[str, Any]]:
    if statement["recordType"] != "relationship":
        return
    for number, interest in enumerate(statement["recordDetails"].get("interests", []), start=1):
        yield {
            "statementId": statement["statementId"],
            "interest_no": number,
            "type": interest.get("type"),
            "directOrIndirect": interest.get("directOrIndirect"),
            "startDate": interest.get("startDate"),
            "endDate": interest.get("endDate"),
        } | {name: interest.get("share", {}).get(name) for name in SHARES}

"""Who owns the energy suppliers of the simulation, as BODS 0.4 packages: Gazprom's published facts of 2022, the other suppliers invented."""

import json
from collections.abc import Iterator
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from opvang.simulate.chance import stream
from opvang.simulate.delivery import Delivery, moment
from opvang.simulate.facts import Row, facts

SUPPLIER = "ezk"
DOUBLE_SHARE = {"interval": ("minimum", "maximum")}


def packages(first: date, last: date, seed: int) -> Iterator[Delivery]:
    """On the first day all that was stated by then, and again on each day on which something more was stated."""
    for day in sorted({first} | {stated for stated in _stated() if first < stated <= last}):
        content = json.dumps(package(day), ensure_ascii=False, indent=1).encode() + b"\n"
        received = moment(day, 11, stream(seed, "ownership", day), 120)
        yield Delivery("ownership", SUPPLIER, day, f"ownership_{day}.json", content, received)


def package(day: date) -> list[dict[str, object]]:
    """All statements made by that day."""
    made = [_party(row) for row in facts("ownership_parties")] + [
        _relationship(row) for row in facts("ownership_interests")
    ]
    return [statement for statement in made if str(statement["statementDate"]) <= day.isoformat()]


def _stated() -> Iterator[date]:
    for row in [*facts("ownership_parties"), *facts("ownership_interests")]:
        yield date.fromisoformat(row["stated_date"])


def _party(row: Row) -> dict[str, object]:
    country = {"code": row["country_code"], "name": row["country"]}
    if row["kind"] == "person":
        details: dict[str, object] = {"personType": "knownPerson", "nationalities": [country]}
        return _statement(row, row["record"], "person", details)
    details = {"entityType": {"type": row["kind"]}, "name": row["name"], "jurisdiction": country}
    if row["number"]:
        details["identifiers"] = [{"scheme": row["scheme"], "id": row["number"]}]
    return _statement(row, row["record"], "entity", details)


def _relationship(row: Row) -> dict[str, object]:
    names = DOUBLE_SHARE.get(row["form"], (row["form"],))
    shares = dict(zip(names, map(float, filter(None, (row["share_pct"], row["until_share_pct"]))), strict=True))
    interest: dict[str, object] = {"type": row["type"], "directOrIndirect": "direct", "share": shares}
    interest |= {
        name: row[column] for name, column in (("startDate", "start_date"), ("endDate", "end_date")) if row[column]
    }
    details: dict[str, object] = {"subject": row["subject"], "interestedParty": row["holder"], "interests": [interest]}
    return _statement(row, row["subject"], "relationship", details)


def _statement(row: Row, subject: str, kind: str, details: dict[str, object]) -> dict[str, object]:
    return {
        "statementId": str(uuid5(NAMESPACE_URL, f"opvang/{row['record']}/{row['stated_date']}")),
        "declarationSubject": subject,
        "statementDate": row["stated_date"],
        "publicationDetails": {
            "publicationDate": row["stated_date"],
            "bodsVersion": "0.4",
            "publisher": {"name": "opvang simulate"},
        },
        "recordId": row["record"],
        "recordType": kind,
        "recordDetails": {"isComponent": False, **details},
    }

"""Small statements of ownership that tests write: BODS 0.4."""

from typing import Any
from uuid import NAMESPACE_OID, uuid5

Statement = dict[str, Any]


def statement(record: str, kind: str, **details: Any) -> Statement:
    return {
        "statementId": str(uuid5(NAMESPACE_OID, record)),
        "declarationSubject": record,
        "statementDate": "2022-01-01",
        "recordId": record,
        "recordType": kind,
        "recordDetails": {"isComponent": False, **details},
    }


def company(record: str, country: str = "NL") -> Statement:
    number = {"scheme": "NL-SIM", "id": record}
    jurisdiction = {"code": country, "name": country}
    return statement(
        record,
        "entity",
        entityType={"type": "registeredEntity"},
        name=record,
        jurisdiction=jurisdiction,
        identifiers=[number],
    )


def person(record: str, country: str) -> Statement:
    return statement(record, "person", personType="knownPerson", nationalities=[{"code": country, "name": country}])


def holding(subject: str, holder: str, **share: float) -> Statement:
    interest: dict[str, Any] = {"type": "shareholding", "directOrIndirect": "direct"} | (
        {"share": share} if share else {}
    )
    return statement(
        f"{holder}>{subject}", "relationship", subject=subject, interestedParty=holder, interests=[interest]
    )

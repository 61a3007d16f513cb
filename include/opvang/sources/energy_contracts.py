"""Energy contracts as OCDS 1.1 release packages (standard.open-contracting.org, tag 1__1__5)."""

from collections.abc import Iterator
from typing import Any

from opvang.contract import Contract
from opvang.errors import SourceChanged
from opvang.readers import json
from opvang.sources import Batch, Delivered

BUYER_SCHEME = "NL-CBS"
FIELDS = {"ocid", "id", "awardID", "suppliers", "items", "classification", "parties", "buyer", "identifier", "currency"}


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """One row per contract of each release, with the supplier of its award."""
    package = json.document(delivery.path, contract.form["encoding"], contract.form["largest_mb"])
    if not isinstance(package, dict) or not isinstance(package.get("releases"), list):
        raise SourceChanged("not an OCDS release package: it has no list of releases; deliver OCDS 1.1")
    try:
        rows = [row for release in package["releases"] for row in _contracts(release)]
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        raise SourceChanged(
            f"a release is not built as OCDS 1.1 says: {_fault(error)}; check it with the OCDS validator"
        ) from None
    yield {"contracts": json.frame(rows)}


def _fault(error: Exception) -> str:
    """What is wrong in words; an id that refers to nothing is a value, and no message quotes one."""
    if isinstance(error, KeyError) and error.args[0] in FIELDS:
        return f"{error.args[0]} is missing"
    if isinstance(error, KeyError):
        return "an award, a buyer or a contract refers to an id that isn't there"
    return "a list is empty" if isinstance(error, IndexError) else "a field has another form"


def _contracts(release: dict[str, Any]) -> Iterator[dict[str, Any]]:
    awards = {award["id"]: award for award in release.get("awards", [])}
    for signed in release.get("contracts", []):
        supplier = awards[signed["awardID"]]["suppliers"][0]
        period, value = signed.get("period", {}), signed.get("value", {})
        yield {
            "ocid": release["ocid"],
            "contract_id": signed["id"],
            "release_id": release["id"],
            "municipality_code": _municipality(release),
            "title": signed.get("title"),
            "status": signed.get("status"),
            "supplier_id": supplier["id"],
            "supplier_name": supplier.get("name"),
            "cpv_code": signed["items"][0]["classification"]["id"],
            "concluded_date": _day(signed.get("dateSigned")),
            "start_date": _day(period.get("startDate")),
            "end_date": _day(period.get("endDate")),
            "value_eur": value.get("amount")
            if value.get("currency", "EUR") == "EUR"
            else f"{value['currency']} is not EUR",
        }


def _municipality(release: dict[str, Any]) -> str | None:
    parties = {party["id"]: party for party in release["parties"]}
    buyer = parties[release["buyer"]["id"]]
    identifiers = [buyer["identifier"], *buyer.get("additionalIdentifiers", [])]
    return next((entry["id"] for entry in identifiers if entry.get("scheme") == BUYER_SCHEME), None)


def _day(moment: str | None) -> str | None:
    return moment[:10] if moment else None

"""Simulated contracts as OCDS 1.1 release and record packages; what changed is a release of its own, with the tag that says so."""

import json
from collections.abc import Iterator
from datetime import date

from opvang.simulate.agreements import Agreement, Share
from opvang.simulate.facts import Row

OCID_PREFIX = "ocds-simnl0"  # not a registered prefix: these processes never were
# CPV code, Dutch name, unit of the yearly volume and profile category per carrier.
CARRIERS = {
    "natural_gas": ("09123000", "aardgas", "m3", "G2A"),
    "electricity": ("09310000", "elektriciteit", "kWh", "E3A"),
    "district_heating": ("09323000", "warmte", "GJ", None),
}
Object = dict[str, object]


def package(code: str, agreements: list[Agreement], day: date, *, as_records: bool) -> bytes:
    """All processes of a municipality with everything that was published of them by that day."""
    processes: dict[str, list[Agreement]] = {}
    for agreement in agreements:
        processes.setdefault(agreement.process, []).append(agreement)
    releases = [list(_releases(process, held, day)) for process, held in processes.items()]
    meta: Object = {
        "uri": f"https://opvang.example/ocds/{code}/{day}.json",
        "version": "1.1",
        "publishedDate": _moment(day),
        "publisher": {"name": "opvang simulate", "scheme": "NL-SIM", "uid": "simulated"},
    }
    told: Object = {"releases": [release for of_process in releases for release in of_process]}
    if as_records:
        told = {"records": [{"ocid": of_process[0]["ocid"], "releases": of_process} for of_process in releases]}
    return json.dumps(meta | told, ensure_ascii=False, indent=1).encode() + b"\n"


def title(agreement: Agreement) -> str:
    """What the contract is about, as its buyer would call it."""
    return f"Levering van {CARRIERS[agreement.carrier][1]} {agreement.start.year}-{agreement.end.year}"


def _releases(process: str, agreements: list[Agreement], day: date) -> Iterator[Object]:
    yield _first_release(process, agreements)
    for one in agreements:
        if one.news and one.news <= day:
            yield _later_release(one, one.news, "contractAmendment", {"amendments": [_amendment(one, one.news)]})
        if one.is_terminated and one.ends <= day:
            yield _later_release(one, one.ends, "contractTermination", {"status": "terminated"})


def _first_release(process: str, agreements: list[Agreement]) -> Object:
    latest = max(one.signed for one in agreements)
    towns = {share.town["gm_code"]: share.town for one in agreements for share in one.shares}
    lead = agreements[0].lead
    sellers = {
        party["id"]: party
        for one in agreements
        for party in (_seller(one, one.told_supplier), one.subcontractor and _seller(one, one.subcontractor))
        if party
    }
    return {
        **_head(process, latest, "contract"),
        "language": "nl",
        "buyer": {"id": lead["gm_code"], "name": _name(lead)},
        "parties": [*map(_buyer, towns.values()), *sellers.values()],
        "bids": {"statistics": [_received(one) for one in agreements if one.tenders]},
        "awards": [_award(one) for one in agreements],
        "contracts": [_contract(one) for one in agreements],
    }


def _later_release(agreement: Agreement, day: date, tag: str, what: Object) -> Object:
    period = {"endDate": _moment(agreement.ends)}
    changed = {"id": agreement.key, "awardID": _award_id(agreement), "period": period, **what}
    return {**_head(agreement.process, day, tag, agreement.number), "contracts": [changed]}


def _head(process: str, day: date, tag: str, number: int = 0) -> Object:
    return {
        "ocid": f"{OCID_PREFIX}-{process}",
        "id": f"{process}-{day}-{tag}" + (f"-{number}" if number else ""),
        "date": _moment(day),
        "tag": [tag],
        "initiationType": "tender",
    }


def _amendment(agreement: Agreement, day: date) -> Object:
    return {
        "id": f"{agreement.key}-{day}",
        "date": _moment(day),
        "description": f"Einddatum wordt {agreement.ends}",
    }


def _buyer(town: Row) -> Object:
    name = _name(town)
    identifier = {"scheme": "NL-CBS", "id": town["gm_code"], "legalName": name}
    return {"id": town["gm_code"], "name": name, "roles": ["buyer"], "identifier": identifier}


def _seller(agreement: Agreement, seller: Row) -> Object:
    party: Object = {**_reference(agreement, seller), "roles": ["supplier"]}
    if seller["supplier_id"]:
        party["identifier"] = {
            "scheme": "NL-SIM",
            "id": seller["supplier_id"],
            "legalName": seller["supplier_name"],
        }
    return party


def _received(agreement: Agreement) -> Object:
    return {
        "id": f"{agreement.number}",
        "measure": "bids",
        "value": agreement.tenders,
        "relatedLots": [_lot_id(agreement)],
    }


def _award(agreement: Agreement) -> Object:
    award: Object = {
        "id": _award_id(agreement),
        "status": "active",
        "date": _moment(agreement.signed),
        "suppliers": [_reference(agreement, agreement.told_supplier)],
        "relatedLots": [_lot_id(agreement)],
    }
    if agreement.subcontractor:
        share = agreement.subcontractor_pct / 100
        subcontract = {"id": "1", "subcontractor": _reference(agreement, agreement.subcontractor)}
        award["hasSubcontracting"] = True
        award["subcontracting"] = {
            "minimumPercentage": share,
            "maximumPercentage": share,
            "subcontracts": [subcontract],
        }
    return award


def _contract(agreement: Agreement) -> Object:
    return {
        "id": agreement.key,
        "awardID": _award_id(agreement),
        "title": title(agreement),
        "status": "active",
        "period": {"startDate": _moment(agreement.start), "endDate": _moment(agreement.end)},
        "value": {"amount": agreement.value_eur, "currency": "EUR"},
        "dateSigned": _moment(agreement.signed),
        "items": [_item(agreement, number, share) for number, share in enumerate(agreement.shares, start=1)],
    }


def _item(agreement: Agreement, number: int, share: Share) -> Object:
    cpv, name, unit, profile = CARRIERS[agreement.carrier]
    item: Object = {
        "id": str(number),
        "description": title(agreement),
        "classification": {"scheme": "CPV", "id": cpv, "description": name},
        "quantity": share.yearly_volume,
        "unit": {"name": unit},
        "supply": {"municipality": share.town["gm_code"], "meteringPoints": share.connections},
    }
    if profile:
        item["additionalClassifications"] = [{"scheme": "NL-PROFILE", "id": profile}]
    return item


def _award_id(agreement: Agreement) -> str:
    return f"{agreement.process}-award-{agreement.number}"


def _lot_id(agreement: Agreement) -> str:
    return f"{agreement.process}-lot-{agreement.number}"


def _reference(agreement: Agreement, supplier: Row) -> Object:
    """Who has no number has an id within the process, as OCDS asks."""
    return {
        "id": supplier["supplier_id"] or f"{agreement.key}-supplier",
        "name": supplier["supplier_name"],
    }


def _name(town: Row) -> str:
    return f"Gemeente {town['naam_tabel33']}"


def _moment(day: date) -> str:
    """A day as the date-time that OCDS asks for; UTC, so that no reader moves it to another day."""
    return f"{day}T00:00:00Z"

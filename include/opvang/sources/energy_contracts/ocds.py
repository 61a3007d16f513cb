"""Release packages, record packages and bare releases of OCDS 1.1.5 (standard.open-contracting.org, tag 1__1__5).

The releases of one process become one by the Open Contracting Partnership's own library; when a contract was terminated is
read before that, since a merged release no longer says which release said what.
"""

import json as plain_json
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

from ocdsmerge import Merger
from ocdsmerge.exceptions import OCDSMergeError, OCDSMergeWarning

from opvang.contract import CONTRACTS, Contract
from opvang.errors import LoadRefused, SourceChanged
from opvang.readers import json, json_schema
from opvang.sources import Delivered
from opvang.sources.energy_contracts.agreements import MUNICIPALITIES, Agreement, Row, fewest, in_euro, numbered

Object = Mapping[str, Any]
SCHEMAS, STANDARD = CONTRACTS / "ocds", "OCDS 1.1"
ROOT = "https://standard.open-contracting.org/schema/1__1__5"
RELEASES, RECORDS, RELEASE = (f"{ROOT}/{name}-schema.json" for name in ("release-package", "record-package", "release"))
TERMINATION = "contractTermination"
PROFILES = "NL-PROFILE"
BIDS = "bids"  # extension Bids: all bids received, before any is found not valid


def read(delivery: Delivered, contract: Contract) -> Iterator[Agreement]:
    """One agreement per contract of each process, and one per award that has no contract yet."""
    package = json.document(delivery.path, contract.form["encoding"], contract.form["largest_mb"])
    for releases, compiled in _processes(package):
        process = compiled or _merged(releases)
        ended = _terminations(releases)
        yield from (_agreement(process, signed, ended) for signed in _contracts(process))


def _processes(package: Any) -> Iterator[tuple[list[Object], Object | None]]:
    """The releases of each process, or what its record compiled of them; SourceChanged for what breaks the schema."""
    if isinstance(package, dict) and isinstance(package.get("records"), list):
        json_schema.check(package, SCHEMAS, RECORDS, STANDARD)
        yield from map(_of_record, package["records"], range(len(package["records"])))
    elif isinstance(package, dict) and isinstance(package.get("releases"), list):
        json_schema.check(package, SCHEMAS, RELEASES, STANDARD)
        yield from ((releases, None) for releases in _by_process(package["releases"]))
    elif isinstance(package, dict) and "ocid" in package:
        json_schema.check(package, SCHEMAS, RELEASE, STANDARD)
        yield [package], None
    else:
        raise SourceChanged(
            "not an OCDS package: it has no list of releases or records, and is no release; deliver OCDS 1.1"
        )


def _by_process(releases: Iterable[Object]) -> Iterable[list[Object]]:
    found = defaultdict[str, list[Object]](list)
    for release in releases:
        found[release["ocid"]].append(release)
    return found.values()


def _of_record(record: Object, number: int) -> tuple[list[Object], Object | None]:
    """A record may link to its releases in place of holding them; nothing is fetched from there."""
    held = [release for release in record.get("releases") or [] if "ocid" in release]
    if not held and not record.get("compiledRelease"):
        raise SourceChanged(
            f"records/{number} has neither its releases nor a compiledRelease; deliver the releases themselves"
        )
    return held, None if held else record["compiledRelease"]


def _merged(releases: list[Object]) -> Object:
    if len(releases) == 1:
        return releases[0]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", OCDSMergeWarning)
            merged: Object = _merger().create_compiled_release([dict(release) for release in releases])
            return merged
    except (OCDSMergeError, OCDSMergeWarning):
        raise LoadRefused(
            "releases of one process can't be merged: a field is a list in one and none in another, or a list has an id twice; check them with OCDS Merge"
        ) from None


@cache
def _merger() -> Merger:
    return Merger(plain_json.loads((SCHEMAS / "release-schema.json").read_text()))


def _terminations(releases: list[Object]) -> dict[str, str]:
    """The day of the first release that terminates each contract."""
    ends = [release for release in releases if TERMINATION in release["tag"]]
    told = [(str(signed["id"]), _day(release["date"])) for release in ends for signed in _all(release, "contracts")]
    return {contract_id: str(day) for contract_id, day in sorted(told, key=lambda one: str(one[1]), reverse=True)}


def _contracts(process: Object) -> Iterator[Object]:
    """Its contracts, and for each award that none of them names the contract that is to come."""
    yield from _all(process, "contracts")
    named = {str(signed.get("awardID")) for signed in _all(process, "contracts")}
    for award in _all(process, "awards"):
        if str(award["id"]) not in named and award.get("status") in (None, "active", "pending"):
            coming = {"id": award["id"], "awardID": award["id"], "status": "pending"}
            yield (
                coming
                | {name: award.get(name) for name in ("title", "value", "items")}
                | {"period": award.get("contractPeriod")}
            )


def _agreement(process: Object, signed: Object, ended: Mapping[str, str]) -> Agreement:
    parties = {str(party.get("id")): party for party in _all(process, "parties")}
    award: Object = next((one for one in _all(process, "awards") if str(one["id"]) == str(signed.get("awardID"))), {})
    buyers = list(_buyers(process, parties))
    lead = buyers[0]["municipality_code"] if buyers else None
    items = _all(signed, "items") or _all(award, "items")
    period, value = signed.get("period") or {}, signed.get("value") or {}
    is_ended = str(signed["id"]) in ended
    terms = {
        "ocid": process["ocid"],
        "contract_id": signed["id"],
        "release_id": process.get("id"),
        "procedure_id": (process.get("tender") or {}).get("id"),
        "contract_reference": signed["id"],
        "lead_buyer_code": lead,
        "title": signed.get("title"),
        "status": "terminated" if is_ended else signed.get("status"),
        "cpv_code": _code(items[0]) if items else None,
        "concluded_date": _day(signed.get("dateSigned")),
        "start_date": _day(period.get("startDate")),
        "end_date": _day(period.get("endDate")),
        "terminated_date": ended.get(str(signed["id"])),
        "value_eur": in_euro(value.get("amount"), value.get("currency")),
        "tenders_received": _tenders_received(process, award),
    }
    return Agreement(terms, list(_suppliers(award, parties)), buyers, [_supply(item, lead) for item in items])


def _tenders_received(process: Object, award: Object) -> str | None:
    """What the statistics say of the award's lots; what is told of the whole tender counts where it led to one award only."""
    bids = process.get("bids")
    statistics = [
        one for one in _all(bids if isinstance(bids, dict) else {}, "statistics") if one.get("measure") == BIDS
    ]
    if of_lots := [_count(one.get("value")) for one in statistics if _lots(one) & _lots(award)]:
        return fewest(of_lots)
    if len(_all(process, "awards")) > 1:
        return None
    of_all = [_count(one.get("value")) for one in statistics if not _lots(one)]
    return fewest(of_all or [_count((process.get("tender") or {}).get("numberOfTenderers"))])


def _lots(holder: Object) -> set[str]:
    """The lots that it is about, as the extension Lots names them and as Bids did before."""
    several, one = holder.get("relatedLots"), holder.get("relatedLot")
    return set(map(str, several)) if isinstance(several, list) else set() if one is None else {str(one)}


def _count(value: Any) -> str | None:
    """A whole number, also as 3.0; whatever else is told stays no number."""
    if value is None:
        return None
    is_whole = isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0
    return str(int(value)) if is_whole else "no whole number"


def _buyers(process: Object, parties: Mapping[str, Object]) -> Iterator[Row]:
    """The buyer that the process names leads; other parties with the role of buyer take part."""
    named = process.get("buyer") or {}
    lead = str(named.get("id"))
    if named:
        yield {"role": "lead", "municipality_code": _number(parties.get(lead, named), MUNICIPALITIES)}
    for key, party in parties.items():
        if key != lead and "buyer" in (party.get("roles") or []):
            yield {"role": "participant", "municipality_code": _number(party, MUNICIPALITIES)}


def _suppliers(award: Object, parties: Mapping[str, Object]) -> Iterator[Row]:
    """Who was awarded it, and the subcontractors of OCDS for eForms, with at most which share all of them have together."""
    for supplier in _all(award, "suppliers"):
        yield {"role": "supplier", **_organisation(supplier, parties)}
    shared = _object(award, "subcontracting")
    share = shared.get("maximumPercentage")
    for subcontract in _all(shared, "subcontracts"):
        told = _organisation(_object(subcontract, "subcontractor"), parties)
        yield {"role": "subcontractor", **told, "share_pct": None if share is None else _percent(share)}


def _percent(share: Any) -> str:
    """A fraction as OCDS has it, in per cent; whatever isn't one stays as it is, and fits no number."""
    return f"{share * 100:.2f}" if isinstance(share, int | float) and not isinstance(share, bool) else "no fraction"


def _organisation(reference: Object, parties: Mapping[str, Object]) -> Row:
    party = parties.get(str(reference.get("id")), reference)
    identifier = _object(party, "identifier") or _object(reference, "identifier")
    return {
        "organisation_name": reference.get("name") or party.get("name") or identifier.get("legalName"),
        **numbered(identifier.get("scheme"), identifier.get("id")),
    }


def _supply(item: Object, lead: str | None) -> Row:
    """What an item supplies; where `supply` names no municipality, to the lead buyer."""
    supply = item.get("supply") if isinstance(item.get("supply"), dict) else {}
    codes = {one.get("scheme"): one.get("id") for one in _all(item, "additionalClassifications")}
    return {
        "municipality_code": (supply or {}).get("municipality") or lead,
        "cpv_code": _code(item),
        "metering_points": (supply or {}).get("meteringPoints"),
        "yearly_volume": item.get("quantity"),
        "unit": (item.get("unit") or {}).get("name"),
        "profile_code": codes.get(PROFILES),
    }


def _code(item: Object) -> Any:
    return (item.get("classification") or {}).get("id")


def _number(party: Object, scheme: str) -> Any:
    identifiers = chain([party.get("identifier") or {}], _all(party, "additionalIdentifiers"))
    return next((entry.get("id") for entry in identifiers if entry.get("scheme") == scheme), None)


def _all(holder: Object, name: str) -> list[Any]:
    """The objects of a list that may be absent or null."""
    found = holder.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _object(holder: Object, name: str) -> Object:
    """An object that may be absent or null; LoadRefused for what stands in its place, where an extension's own schema isn't checked."""
    found = holder.get(name)
    if found is not None and not isinstance(found, dict):
        raise LoadRefused(f"{name} is no object; give it as OCDS for eForms does, or leave it out")
    return found or {}


def _day(moment: str | None) -> str | None:
    """The day as it is written, in the zone in which it was written."""
    return moment[:10] if moment else None

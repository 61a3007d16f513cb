"""Packages of energy contracts that nobody should have sent."""

import copy
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from opvang.settings import PROJECT
from tests.bad_deliveries import PERSON, Kind, Source
from tests.bad_deliveries.brp import GM
from tests.bad_deliveries.disguises import LOGIN_PAGE, PDF, gzipped

[SAMPLE] = (PROJECT / "tests/samples/energy_contracts").rglob("*.json")
REFUSED, IN_PART, PUBLISHED = "refused", "quarantined_in_part", "published"
Package = dict[str, Any]
Change = Callable[[Package], object]


def package(supplier: str, contracts: int = 4) -> Package:
    """The sample's first release, as often as wanted, bought by this supplier."""
    text = SAMPLE.read_text().replace("GM0363", supplier)
    made: Package = json.loads(text)
    first = made["releases"][0]
    first["contracts"][0]["dateSigned"] = "2020-12-02T00:00:00Z"
    made["releases"] = [copy.deepcopy(first) | {"ocid": f"ocds-simnl0-{number}"} for number in range(contracts)]
    return made


def good(supplier: str, _day: date) -> bytes:
    return json.dumps(package(supplier)).encode()


def changed(name: str, change: Change, message: str, verdict: str = REFUSED) -> Kind:
    """A package with something else in it."""

    def content(supplier: str, _day: date) -> bytes:
        made = package(supplier) | {"publisher": {"name": PERSON}}
        return json.dumps(change(made) or made).encode()

    return Kind(name, content, verdict, message)


def release(name: str, change: Callable[[Any], object], message: str = "not built as OCDS 1.1 says") -> Kind:
    """A package whose last release is not as OCDS says."""
    return changed(name, lambda made: change(made["releases"][-1]), message)


def contract(name: str, rule: str, verdict: str = IN_PART, **fields: Any) -> Kind:
    """A package whose last contract has other fields."""

    def change(made: Package) -> None:
        made["releases"][-1]["contracts"][0] |= fields

    return changed(name, change, rule, verdict)


def text(name: str, change: Callable[[str], str | bytes], message: str) -> Kind:
    def content(supplier: str, _day: date) -> bytes:
        made = change(json.dumps(package(supplier) | {"publisher": {"name": PERSON}}))
        return made.encode() if isinstance(made, str) else made

    return Kind(name, content, REFUSED, message)


def setting(name: str, value: Any) -> Callable[[Any], None]:
    def change(one: Any) -> None:
        one[name] = value

    return change


def last(made: Package, value: Any) -> None:
    made["releases"][-1] = value


def tampered(made: Package) -> None:
    made["releases"][-1]["contracts"][0]["awardID"] = PERSON


KINDS = (
    text("empty", lambda _: "", "the file is empty"),
    text("truncated in a record", lambda made: made[: len(made) // 2], "not JSON at line 1, column"),
    text("gzip under the name of JSON", lambda made: gzipped(made.encode()), "no JSON but gzip-compressed bytes"),
    text("PDF under the name of JSON", lambda _: PDF, "no JSON but a PDF document"),
    text("the login page of a portal under the name of JSON", lambda _: LOGIN_PAGE, "no JSON but a web page"),
    text("a key twice", lambda made: made.replace('"tag"', '"ocid"', 1), "key 'ocid' twice"),
    text("JSON lines", lambda made: f"{made}\n{made}\n", "Extra data"),
    changed("a package without releases", lambda made: {"uri": made["uri"]}, "it has no list of releases"),
    changed("a list of releases", lambda made: made["releases"], "it has no list of releases"),
    changed("releases that are no list", setting("releases", {}), "it has no list of releases"),
    changed("no contract", setting("releases", []), "the package has no contract"),
    changed("a release that is null", lambda made: last(made, None), "a field has another form"),
    changed("a release that is a text", lambda made: last(made, PERSON), "a field has another form"),
    changed("a contract whose award is not there", tampered, "refers to an id that isn't there"),
    release("a release without parties", lambda one: one.pop("parties") and None, "parties is missing"),
    release("a release without its ocid", lambda one: one.pop("ocid") and None, "ocid is missing"),
    release("parties that are a text", setting("parties", PERSON)),
    release("awards that are null", setting("awards", None)),
    release("an award without suppliers", lambda one: one["awards"][0].update(suppliers=[]), "a list is empty"),
    changed("another municipality's contracts", lambda made: json.loads(json.dumps(made).replace("GM", "XX")), "more than half of the contracts"),
    Kind("a supplier who may not deliver", good, REFUSED, "rvig may not deliver energy_contracts", "rvig"),
    Kind("ten times the usual volume", lambda by, _: json.dumps(package(by, 41)).encode(), REFUSED, "more than five times as many contracts"),
    Kind("the very file of an earlier day", good, PUBLISHED, "package_is_new"),
    changed("the same record twice", lambda made: made["releases"].append(copy.deepcopy(made["releases"][0])), "key_is_unique", IN_PART),
    contract("a contract without its key", "contract_id_is_present", id=None),
    contract("a value beyond its range", "value_eur_is_number", value={"amount": 10**12, "currency": "EUR"}),
    contract("a value in another currency", "value_eur_is_number", value={"amount": 10, "currency": "USD"}),
    contract("a person in place of a value", "value_eur_is_number", value={"amount": PERSON}),
    contract("30 February", "end_date_is_date", period={"endDate": "2022-02-30T00:00:00Z"}),
    contract("a date the Dutch way", "concluded_date_is_date", dateSigned="02-12-2020"),
    contract("an unknown status", "contract_status_is_known", status="signed"),
    contract("a formula in place of a code", "cpv_code_has_8_digits", items=[{"classification": {"id": "=1+1"}}]),
    contract("a negative value", "value_is_not_negative", PUBLISHED, value={"amount": -1}),
    contract("an end before the beginning", "contract_ends_after_it_begins", PUBLISHED, period={"startDate": "2022-01-01", "endDate": "2021-01-01"}),
    contract("a formula in a title", "", PUBLISHED, title="=cmd|' /C calc'!A0"),
)  # fmt: skip
SOURCE = Source("energy_contracts", "package.json", good, GM[:90], date(2022, 4, 4), KINDS)

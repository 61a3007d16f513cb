"""Energy contracts that nobody should have sent, in each of their three forms."""

import copy
import json
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from opvang.settings import PROJECT
from tests.bad_deliveries import BSN, PERSON, Kind, Source
from tests.bad_deliveries.brp import GM
from tests.bad_deliveries.disguises import LOGIN_PAGE, PDF, gzipped
from tests.bad_deliveries.templates import IN_PART, PUBLISHED, REFUSED, in_last_row, rows

SAMPLES = PROJECT / "tests/samples/energy_contracts"
[SAMPLE] = (SAMPLES / "GM0363").rglob("*.json")
[NOTICE] = (SAMPLES / "tenderned-40003").rglob("*.xml")
TEMPLATE = PROJECT / "docs/templates/energy_contracts.csv"
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


def notice(supplier: str, _day: date = date.min) -> str:
    """The notice of the eForms SDK, as if this municipality had bought energy."""
    made = NOTICE.read_text().replace("<cbc:CompanyID>123 456 789", f'<cbc:CompanyID schemeName="NL-CBS">{supplier}')
    made = made.replace("77310000", "09123000").replace("2019-09-03+02:00", "2020-12-02+01:00")
    period = "<cac:PlannedPeriod><cbc:StartDate>2021-01-01</cbc:StartDate><cbc:EndDate>2024-12-31</cbc:EndDate></cac:PlannedPeriod>"
    return made.replace("<cac:RealizedLocation>", f"{period}<cac:RealizedLocation>")


def register(supplier: str, contracts: int = 4) -> str:
    """The template with the example's contract, as often as wanted."""
    heading, example, *_ = TEMPLATE.read_text(encoding="utf-8").splitlines()
    row = example.replace("GM0363", supplier)
    number = row.split(";")[0]
    return "\n".join([heading, *(row.replace(number, f"{number}-{at}", 1) for at in range(contracts)), ""])


csv = partial(rows, register)


def good_notice(supplier: str, _day: date) -> bytes:
    return notice(supplier).encode()


def good_register(supplier: str, _day: date) -> bytes:
    return register(supplier).encode()


def changed(name: str, change: Change, message: str, verdict: str = REFUSED) -> Kind:
    """A package with something else in it."""

    def content(supplier: str, _day: date) -> bytes:
        made = package(supplier) | {"publisher": {"name": PERSON}}
        return json.dumps(change(made) or made).encode()

    return Kind(name, content, verdict, message)


def release(name: str, change: Callable[[Any], object], message: str) -> Kind:
    """A package whose last release is not as the schema says."""
    return changed(name, lambda made: change(made["releases"][-1]), f"not as the schema of OCDS 1.1 says: {message}")


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


def xml(
    name: str, change: Callable[[str], str], message: str, verdict: str = REFUSED, *, is_heavy: bool = False
) -> Kind:
    """A notice with something else in it."""
    return Kind(name, lambda by, _: change(notice(by)).encode(), verdict, message, is_heavy=is_heavy)


def with_doctype(doctype: str) -> Callable[[str], str]:
    """The notice with a document type before it and its entity in a name."""
    return lambda made: made.replace("<ContractAwardNotice ", f"{doctype}\n<ContractAwardNotice ", 1).replace("Rouen Habitat", "&e;")  # fmt: skip


def setting(name: str, value: Any) -> Callable[[Any], None]:
    def change(one: Any) -> None:
        one[name] = value

    return change


def last(made: Package, value: Any) -> None:
    made["releases"][-1] = value


def again(made: Package, **fields: Any) -> None:
    """The last release once more, some days later and with other fields."""
    later = {"id": "again", "date": "2022-03-01T00:00:00Z", "tag": ["contractUpdate"]}
    made["releases"].append(copy.deepcopy(made["releases"][-1]) | later | fields)


def records(made: Package) -> Package:
    """The same as a record package, the last record with the address of its release in place of the release."""
    held = [{"ocid": one["ocid"], "releases": [one]} for one in made.pop("releases")]
    held[-1]["releases"] = [{"url": "http://127.0.0.1:9/", "date": "2022-03-01T00:00:00Z", "tag": ["contract"]}]
    return made | {"records": held}


LAUGHS = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 10))
BILLION_LAUGHS = f'<!DOCTYPE lolz [<!ENTITY e0 "{PERSON}">{LAUGHS}<!ENTITY e "&e9;">]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY e "{"x" * 100_000}">]>'
DEEP = 200_000
EXAMPLES = sorted(SAMPLES.glob("tenderned*/*/*"))
SCHEMA = "not as the schema of OCDS 1.1 says"


def example(number: int, path: Path) -> Kind:
    """An example of a standard as it is: understood, and no contract of a Dutch municipality."""
    return Kind(f"the standard's example {path.name}", lambda _by, _day: path.read_bytes(), IN_PART, "lead_buyer_is_known", f"tenderned-{number}")  # fmt: skip


KINDS = (
    text("empty", lambda _: "", "the file is empty"),
    text("truncated in a record", lambda made: made[: len(made) // 2], "not JSON at line 1, column"),
    text("gzip under the name of JSON", lambda made: gzipped(made.encode()), "gzip-compressed bytes; deliver OCDS 1.1 as JSON"),
    text("PDF under the name of JSON", lambda _: PDF, "a PDF document; deliver OCDS 1.1 as JSON"),
    text("the login page of a portal under the name of JSON", lambda _: LOGIN_PAGE, "a web page; deliver OCDS 1.1 as JSON"),
    text("a key twice", lambda made: made.replace('"tag"', '"ocid"', 1), "key 'ocid' twice"),
    text("JSON lines", lambda made: f"{made}\n{made}\n", "Extra data"),
    changed("a package without releases", lambda made: {"uri": made["uri"]}, "it has no list of releases or records"),
    changed("a list of releases", lambda made: made["releases"], "it has no list of releases or records"),
    changed("releases that are no list", setting("releases", {}), "it has no list of releases or records"),
    changed("a record that links to its releases", records, "records/3 has neither its releases nor a compiledRelease"),
    changed("no contract", setting("releases", []), f"{SCHEMA}: releases: minItems"),
    changed("a release that is null", lambda made: last(made, None), f"{SCHEMA}: releases/3: type"),
    changed("a release that is a text", lambda made: last(made, PERSON), f"{SCHEMA}: releases/3: type"),
    changed("releases of one process that don't go together", lambda made: again(made, contracts=[{"id": made["releases"][-1]["contracts"][0]["id"], "awardID": "1", "title": {}}]), f"{SCHEMA}: releases/4/contracts/0/title: type"),
    release("a release without its ocid", lambda one: one.pop("ocid") and None, "releases/3: required ocid"),
    release("a supplier whose id is a list", lambda one: one["awards"][0]["suppliers"][0].update(id=[PERSON]), "releases/3/awards/0/suppliers/0/id: type"),
    release("parties that are a text", setting("parties", PERSON), "releases/3/parties: type"),
    release("awards that are null", setting("awards", None), "releases/3/awards: type"),
    release("a tag that there isn't", setting("tag", [PERSON]), "releases/3/tag/0: enum"),
    release("30 February", lambda one: one["contracts"][0]["period"].update(endDate="2022-02-30T00:00:00Z"), "releases/3/contracts/0/period/endDate: format"),
    release("a date the Dutch way", lambda one: one["contracts"][0].update(dateSigned="02-12-2020"), "releases/3/contracts/0/dateSigned: format"),
    release("an unknown status", lambda one: one["contracts"][0].update(status="signed"), "releases/3/contracts/0/status: enum"),
    release("a person in place of a value", lambda one: one["contracts"][0].update(value={"amount": PERSON}), "releases/3/contracts/0/value/amount: type"),
    changed("another municipality's contracts", lambda made: json.loads(json.dumps(made).replace("GM", "XX")), "more than half of the contracts"),
    Kind("a supplier who may not deliver", good, REFUSED, "rvig may not deliver energy_contracts", "rvig"),
    Kind("ten times the usual volume", lambda by, _: json.dumps(package(by, 41)).encode(), REFUSED, "more than five times as many contracts"),
    Kind("the very file of an earlier day", good, PUBLISHED, "package_is_new"),
    changed("the same release twice", lambda made: made["releases"].append(copy.deepcopy(made["releases"][0])), f"{SCHEMA}: releases: uniqueItems"),
    changed("the same contract in two lists of one release", lambda made: made["releases"][-1]["contracts"].append(made["releases"][-1]["contracts"][0] | {"title": "again"}), "key_is_unique", IN_PART),
    changed("releases of one process with an id twice", lambda made: again(made) or made["releases"][-1]["contracts"].append(made["releases"][-1]["contracts"][0] | {"title": "again"}), "a list has an id twice"),
    contract("a contract whose award is not there", "contract_has_a_supplier", awardID=PERSON.split()[1][:5]),
    changed("a buyer without a CBS code", lambda made: made["releases"][-1]["parties"][0].pop("identifier") and None, "lead_buyer_is_known", IN_PART),
    changed("a supplier without a number", lambda made: made["releases"][-1]["parties"][1].pop("identifier") and None, "supplier_has_a_number", PUBLISHED),
    changed("a KvK number that lost its zeros", lambda made: made["releases"][-1]["parties"][1].update(identifier={"scheme": "NL-KVK", "id": "1234567"}), "kvk_number_has_8_digits", PUBLISHED),
    contract("a value beyond its range", "value_eur_is_number", value={"amount": 10**12, "currency": "EUR"}),
    contract("a value in another currency", "value_eur_is_number", value={"amount": 10, "currency": "USD"}),
    contract("a formula in place of a code", "cpv_code_has_8_digits", items=[{"id": "1", "classification": {"id": "=1+1"}}]),
    contract("a volume below 0", "supply_is_not_negative", PUBLISHED, items=[{"id": "1", "classification": {"scheme": "CPV", "id": "09123000"}, "quantity": -1, "unit": {"name": "m3"}}]),
    contract("a volume in a unit of its own", "unit_is_known", PUBLISHED, items=[{"id": "1", "classification": {"scheme": "CPV", "id": "09123000"}, "quantity": 1, "unit": {"name": "barrel"}}]),
    contract("supplied to a municipality without its letters", "supplied_municipality_has_a_code", PUBLISHED, items=[{"id": "1", "classification": {"scheme": "CPV", "id": "09123000"}, "supply": {"municipality": "0363"}}]),
    contract("a negative value", "value_is_not_negative", PUBLISHED, value={"amount": -1}),
    contract("an end before the beginning", "contract_ends_after_it_begins", PUBLISHED, period={"startDate": "2022-01-01T00:00:00Z", "endDate": "2021-01-01T00:00:00Z"}),
    contract("terminated, and no release says when", "terminated_contract_has_its_day", PUBLISHED, status="terminated"),
    contract("a formula in a title", "", PUBLISHED, title="=cmd|' /C calc'!A0"),
    xml("a notice whose end is cut off", lambda made: made[: len(made) // 2], "not XML at line"),
    xml("a billion laughs", with_doctype(BILLION_LAUGHS), "document type or entities"),
    xml("one long entity, often", with_doctype(QUADRATIC), "document type or entities"),
    xml("an entity of a file of the server", with_doctype('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "document type or entities"),
    xml("an entity from elsewhere", with_doctype('<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>'), "document type or entities"),
    xml("a document type alone", with_doctype('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'), "document type or entities"),
    xml("XML in an encoding that nobody knows", lambda made: made.replace("UTF-8", "klingon", 1), "isn't known"),
    xml("a contract notice, before the award", lambda made: made.replace("ContractAwardNotice", "ContractNotice"), "XML that is no eForms ContractAwardNotice"),
    xml("a notice of another standard", lambda made: made.replace("schema:xsd:ContractAwardNotice-2", "schema:xsd:Invoice-2"), "XML that is no eForms ContractAwardNotice"),
    xml("a notice without a settled contract", lambda made: made.replace("efac:SettledContract>", "efac:Other>"), "the delivery has no contract"),
    xml("a notice in pounds", lambda made: made.replace('currencyID="EUR"', 'currencyID="GBP"'), "more than half of the contracts"),
    xml("a notice on the 30th of February", lambda made: made.replace("2020-12-02", "2020-02-30"), "more than half of the contracts"),
    xml("a notice without a day of conclusion", lambda made: made.replace("<cbc:IssueDate>2020-12-02+01:00</cbc:IssueDate>", ""), "concluded_date_is_present", PUBLISHED),
    xml("XML that never closes", lambda _: "<a>" * DEEP, "not XML at line 1", is_heavy=True),
    xml("XML within XML, very deep", lambda _: "<a>" * DEEP + "</a>" * DEEP, "XML that is no eForms ContractAwardNotice", is_heavy=True),
    xml("a notice of very many elements", lambda made: made.replace("</ContractAwardNotice>", "<a/>" * 1_200_000 + "</ContractAwardNotice>"), "", PUBLISHED, is_heavy=True),
    xml("a notice of 6 MB", lambda made: made + " " * 6_000_000, "at most 5 MB", is_heavy=True),
    csv("a register separated by commas", lambda made: made.replace(";", ","), "headings contractnummer, titel"),
    csv("a register separated by tabs", lambda made: made.replace(";", "\t"), "headings contractnummer, titel"),
    csv("a register without a column", lambda made: made.replace("cpv_code", "product"), "headings cpv_code are missing"),
    csv("a register with a column of its own", lambda made: made.replace("titel;", "titel;contactpersoon;"), "headings that the template lacks"),
    csv("a row that is too short", lambda made: made.rstrip("\n").rsplit(";", 3)[0] + "\n", "line 5 has"),
    csv("a register in latin1", lambda made: made.replace("Levering", "Geëindigd").encode("latin-1"), "not UTF-8"),
    csv("a quote that never closes", in_last_row(";Levering", ';"Levering'), "not readable as delimited text"),
    csv("a heading and no row", lambda made: made.splitlines()[0] + "\n", "the delivery has no contract"),
    csv("one contract number, two endings", lambda made: made + made.splitlines()[-1].replace("2024-12-31", "2025-12-31") + "\n", "key_is_unique", IN_PART),
    csv("a register with 30 February", in_last_row("2024-12-31", "30-02-2024"), "end_date_is_date", IN_PART),
    csv("thousands with points", in_last_row("1250000,00", "1.250.000,00"), "value_eur_is_number", IN_PART),
    csv("a number of connections in words", in_last_row(";212;", ";veel;"), "metering_points_is_integer", IN_PART),
    csv("a number of tenders below 1", in_last_row(";3;Polder", ";0;Polder"), "award_follows_a_tender", PUBLISHED),
    changed("statistics of bids that are a text", lambda made: made["releases"][-1].update(bids=PERSON), "", PUBLISHED),
    release("a number of tenderers in words", setting("tender", {"id": "1", "numberOfTenderers": "three"}), "releases/3/tender/numberOfTenderers: type"),
    changed("a number of bids in words", lambda made: made["releases"][-1].update(bids={"statistics": [{"id": "1", "measure": "bids", "value": [PERSON]}]}), "tenders_received_is_integer", IN_PART),
    changed("subcontracting that is a text", lambda made: made["releases"][-1]["awards"][0].update(subcontracting=PERSON), "subcontracting is no object"),
    changed("a subcontractor that is a text", lambda made: made["releases"][-1]["awards"][0].update(subcontracting={"subcontracts": [{"id": "1", "subcontractor": PERSON}]}), "subcontractor is no object"),
    changed("a subcontractor whose number is a text", lambda made: made["releases"][-1]["awards"][0].update(subcontracting={"subcontracts": [{"id": "1", "subcontractor": {"identifier": PERSON}}]}), "identifier is no object"),
    changed("a subcontractor whose register is a list", lambda made: made["releases"][-1]["awards"][0].update(subcontracting={"subcontracts": [{"id": "1", "subcontractor": {"identifier": {"scheme": [PERSON], "id": "1"}}}]}), "identifier_scheme holds a list"),
    xml("a notice of an amount without end", lambda made: re.sub(r"(<cbc:PayableAmount[^>]*>)[^<]*", r"\g<1>1E9999999", made), "more than half of the contracts"),
    xml("a notice of more tenders than digits can be counted", lambda made: re.sub(r"(<efbc:StatisticsNumeric[^>]*>)[^<]*", r"\g<1>" + "9" * 5_000, made), "more than half of the contracts"),
    csv("a share beyond 100 %", in_last_row(";;;;;GM", ";B.V.;12345679;;101;GM"), "share_is_a_percentage", PUBLISHED),
    changed("a supplier with the number of a person", lambda made: made["releases"][-1]["parties"][1].update(identifier={"scheme": "NL-BSN", "id": BSN}), "supplier_has_a_number", PUBLISHED),
    *(example(number, path) for number, path in enumerate(EXAMPLES, start=1)),
)  # fmt: skip
SOURCE = Source("energy_contracts", "delivery", good, GM[:160], date(2022, 4, 4), KINDS)

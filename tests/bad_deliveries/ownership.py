"""Statements of ownership that nobody should have sent."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from opvang.settings import PROJECT
from tests.bad_deliveries import BSN, PERSON, Kind, Source
from tests.bad_deliveries.disguises import LOGIN_PAGE, PDF, XML, gzipped
from tests.bods import Statement, company, holding, person

EXAMPLES = sorted((PROJECT / "tests/samples/ownership").rglob("*.json"))
REFUSED, PUBLISHED = "refused", "published"
ENTITY, PARTY, LINK = 0, 3, 5  # where the package has a company, the person and a relationship
SCHEMA = "not as the schema of BODS 0.4 says"
DEEP = 200_000
Package = list[Statement]


def package() -> Package:
    """Two companies of one company, which a person and the public hold."""
    parties = [company("seller"), company("trader", "DE"), company("export", "RU"), person("owner", "RU")]
    links = [holding("seller", "trader", exact=100.0), holding("trader", "export", exact=100.0)]
    return [*parties, *links, holding("export", "owner", minimum=50.1, maximum=60.0)]


def good(_supplier: str, _day: date) -> bytes:
    return json.dumps(package()).encode()


def changed(name: str, change: Callable[[Package], object], message: str, verdict: str = REFUSED) -> Kind:
    """A package with something else in it, and a person's name where no one is to look."""

    def content(_supplier: str, _day: date) -> bytes:
        made = package()
        made[PARTY]["recordDetails"]["names"] = [{"fullName": PERSON}]
        return json.dumps(change(made) or made).encode()

    return Kind(name, content, verdict, message)


def details(kind: str, at: int, message: str, verdict: str = REFUSED, **fields: Any) -> Kind:
    """A package in which one statement has other details."""
    return changed(kind, lambda made: made[at]["recordDetails"].update(fields), message, verdict)


def interest(name: str, message: str, verdict: str = REFUSED, **fields: Any) -> Kind:
    """A package in which one relationship has another interest."""
    return details(name, LINK, message, verdict, interests=[{"type": "shareholding", "directOrIndirect": "direct", **fields}])  # fmt: skip


def text(name: str, change: Callable[[str], str | bytes], message: str, *, is_heavy: bool = False) -> Kind:
    def content(_supplier: str, _day: date) -> bytes:
        made = change(json.dumps([*package(), company(PERSON)]))
        return made.encode() if isinstance(made, str) else made

    return Kind(name, content, REFUSED, message, is_heavy=is_heavy)


def without(at: int, name: str) -> Callable[[Package], None]:
    def change(made: Package) -> None:
        made[at].pop(name)

    return change


def again(made: Package, **fields: Any) -> None:
    """The first statement once more, with other fields."""
    made.append(made[ENTITY] | fields)


def many(_: Package, number: int = 40) -> Package:
    return [company(f"company-{at}") for at in range(number)]


def example(path: Path) -> Kind:
    """An example of the standard as it is: published, with what would make the answer unknown flagged."""
    rule = (
        "nationality_of_a_person_is_stated" if path.stem.startswith("joint") else "jurisdiction_of_an_entity_is_stated"
    )
    return Kind(f"the standard's example {path.name}", lambda _by, _day: path.read_bytes(), PUBLISHED, rule)


KINDS = (
    text("empty", lambda _: "", "the file is empty"),
    text("truncated in a statement", lambda made: made[: len(made) // 2], "not JSON at line 1, column"),
    text("gzip under the name of JSON", lambda made: gzipped(made.encode()), "gzip-compressed bytes"),
    text("PDF under the name of JSON", lambda _: PDF, "a PDF document"),
    text("XML under the name of JSON", lambda _: XML, "XML"),
    text("the login page of a portal under the name of JSON", lambda _: LOGIN_PAGE, "a web page"),
    text("latin1 where UTF-8 is due", lambda made: made.replace("trader", "tråder").encode("latin-1"), "not utf-8 (byte"),
    text("a key twice", lambda made: made.replace('"recordId"', '"statementId"', 1), "key 'statementId' twice"),
    text("JSON lines, as BODS is published in bulk", lambda made: "\n".join(map(json.dumps, json.loads(made))), "Extra data"),
    text("NaN in place of a share", lambda made: made.replace("100.0", "NaN", 1), "NaN"),
    text("JSON within JSON, very deep", lambda _: "[" * DEEP + "]" * DEEP, "deep", is_heavy=True),
    text("a package of 26 MB", lambda made: made + " " * 26_000_000, "25 MB", is_heavy=True),
    text("no statement", lambda _: "[]", "the package has no statement"),
    changed("one statement in place of a list", lambda made: made[0], f"{SCHEMA}: the document: type"),
    changed("a statement that is null", lambda made: made.__setitem__(PARTY, None), f"{SCHEMA}: 3: type"),
    changed("a statement that is a text", lambda made: made.__setitem__(PARTY, PERSON), f"{SCHEMA}: 3: type"),
    changed("a statement without its id", without(LINK, "statementId"), f"{SCHEMA}: 5: required statementId"),
    changed("a statement without its day", without(LINK, "statementDate"), f"{SCHEMA}: 5: required statementDate"),
    changed("a statement without its record", without(PARTY, "recordId"), f"{SCHEMA}: 3: required recordId"),
    changed("a statement on 30 February", lambda made: made[PARTY].update(statementDate="2022-02-30"), "3/statementDate"),
    changed("a statement of BODS 0.3", lambda made: made.append({"statementID": "x" * 32, "statementType": "personStatement"}), f"{SCHEMA}: 7: required"),
    changed("a statement of tomorrow's century", lambda made: made[PARTY].update(statementDate="2922-01-01"), "breaks a rule"),
    changed("two statements with one id", again, "breaks a rule"),
    changed("a record of two kinds", lambda made: made[LINK].update(recordType="company"), "5/recordType: enum"),
    details("an entity of a kind that there isn't", ENTITY, "0/recordDetails/entityType/type: enum", entityType={"type": "company"}),
    details("a person of a kind that there isn't", PARTY, "3/recordDetails/personType: enum", personType=PERSON),
    details("a country by its name", ENTITY, "0/recordDetails/jurisdiction", jurisdiction="Netherlands"),
    details("a relationship without an interested party", LINK, "5/recordDetails", interestedParty=None),
    details("interests that are a text", LINK, "5/recordDetails/interests: type", interests=PERSON),
    interest("a share beyond 100 %", "5/recordDetails/interests/0/share/exact: maximum", share={"exact": 101}),
    interest("a share below 0", "5/recordDetails/interests/0/share/exact: minimum", share={"exact": -1}),
    interest("a share in words", "5/recordDetails/interests/0/share/exact: type", share={"exact": PERSON}),
    interest("an interval that ends before it begins", "breaks a rule", share={"minimum": 60, "maximum": 40}),
    interest("an end before the beginning", "breaks a rule", startDate="2022-04-01", endDate="2022-03-01"),
    interest("a beginning the Dutch way", "5/recordDetails/interests/0/startDate", startDate="04-04-2022"),
    changed("more than five times as many statements", many, "more than five times as many statements"),
    Kind("a supplier who may not deliver", good, REFUSED, "GM0363 may not deliver ownership", "GM0363"),
    Kind("the very file of an earlier day", good, PUBLISHED, "package_is_new"),
    interest("a shareholding of unstated size", "share_is_stated", PUBLISHED),
    details("a person without a nationality", PARTY, "nationality_of_a_person_is_stated", PUBLISHED, nationalities=[]),
    details("an entity without a country", ENTITY, "jurisdiction_of_an_entity_is_stated", PUBLISHED, jurisdiction={"name": "Atlantis"}),
    changed("a company that holds itself", lambda made: made.append(holding("seller", "seller", exact=10.0)), "nobody_owns_itself", PUBLISHED),
    changed("two companies that hold each other", lambda made: made.append(holding("export", "seller", exact=10.0)), "", PUBLISHED),
    details("an owner who is not named, with the reason", LINK, "", PUBLISHED, interestedParty={"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner"}),
    details("an owner of whom no statement tells", LINK, "", PUBLISHED, interestedParty="nobody-stated-this-record"),
    details("a person's tax number", PARTY, "", PUBLISHED, identifiers=[{"scheme": "NLD-TAXID", "id": BSN}]),
    details("SQL and a formula in a name", ENTITY, "", PUBLISHED, name="=1+1'; drop table raw.ownership_statements; --"),
    *map(example, EXAMPLES),
)  # fmt: skip
SOURCE = Source("ownership", "statements.json", good, ("ezk", "kvk", "openownership"), date(2022, 4, 4), KINDS)

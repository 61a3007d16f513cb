"""Reports of a region that nobody should have sent."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.bad_deliveries import BSN, PERSON, Kind, Source, reception_spreadsheets
from tests.bad_deliveries.disguises import LOGIN_PAGE, PDF, XLS, XML, gzipped, spreadsheet
from tests.deliveries import document, location

DAY = timedelta(days=1)
OTHERS = [location(number) for number in range(100, 112)]
REFUSED, IN_PART, PUBLISHED = "refused", "quarantined_in_part", "published"
Text = Callable[[str], str | bytes]


def good(supplier: str, day: date) -> bytes:
    return json.dumps(document([location(number) for number in range(100, 130)], day, supplier)).encode()


def report(supplier: str, day: date, locations: list[dict[str, Any]] = OTHERS, **other: Any) -> str:
    """A report with a person in a remark, which a refusal may not show."""
    noted = [locations[0] | {"note": f"café, {PERSON}"}, *locations[1:]] if locations is OTHERS else locations
    return json.dumps(document(noted, day, supplier, **other), ensure_ascii=False)


def text(name: str, change: Text, message: str, verdict: str = REFUSED, **more: Any) -> Kind:
    """A report whose text was changed."""

    def content(supplier: str, day: date) -> bytes:
        made = change(report(supplier, day))
        return made.encode() if isinstance(made, str) else made

    return Kind(name, content, verdict, message, **more)


def form(name: str, change: Text) -> Kind:
    """Another form of the same facts: it is taken."""

    def content(supplier: str, day: date) -> bytes:
        made = change(report(supplier, day, list(OTHERS)))
        return made.encode() if isinstance(made, str) else made

    return Kind(name, content, PUBLISHED)


def whole(name: str, message: str, verdict: str = REFUSED, supplier: str | None = None, **other: Any) -> Kind:
    """A report with other fields."""
    return Kind(name, lambda by, day: report(by, day, **other).encode(), verdict, message, supplier)


def listed(name: str, message: str, locations: list[dict[str, Any]], verdict: str = REFUSED) -> Kind:
    """A report with these locations."""
    return Kind(name, lambda by, day: report(by, day, locations).encode(), verdict, message)


def one(name: str, rule: str, verdict: str = IN_PART, **fields: Any) -> Kind:
    """A report with one odd location among good ones."""
    return listed(name, rule, [*OTHERS, location(1, **fields)], verdict)


def renamed(old: str, new: str) -> list[dict[str, Any]]:
    return [{new if name == old else name: value for name, value in row.items()} for row in OTHERS]


def without(old: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != old} for row in OTHERS]


def in_the_middle(made: str, piece: str) -> str:
    return made[: len(made) // 2] + piece + made[len(made) // 2 :]


def cut_in_a_character(made: str) -> bytes:
    content = made.encode()
    return content[: content.index("é".encode()) + 1]


def other_day(shift: timedelta) -> Callable[[str, date], bytes]:
    return lambda supplier, day: report(supplier, day, as_of=f"{day + shift}T08:00:00+02:00").encode()


def with_many_keys(made: str) -> str:
    keys = ",".join(f'"k{number}":1' for number in range(500_000))
    return f'{{{keys},"k499999":2,{made[1:]}'


def sparse(supplier: str, day: date) -> bytes:
    """9 MB of objects that share no key: as a table it would have 4 * 10^11 cells."""
    rows = ",".join(f'{{"{number:x}":1}}' for number in range(640_000))
    return report(supplier, day).replace('"locations": [', f'"locations": [{rows},').encode()


def empty_objects(supplier: str, day: date) -> bytes:
    """9 MB of objects without a key."""
    return report(supplier, day).replace('"locations": [', f'"locations": [{"{}," * 3_000_000}').encode()


TEXTS = (
    text("empty", lambda _: "", "the file is empty"),
    text("only white space", lambda _: " \r\n\t\n", "the file is empty"),
    text("only NUL bytes: a file that was never filled", lambda _: bytes(4096), "the file is empty"),
    text("truncated in a record", lambda made: made[: len(made) // 2], "not JSON at line 1, column"),
    text("truncated in a multi-byte character", cut_in_a_character, "not utf-8 (byte"),
    text("latin-1 where utf-8 is due", lambda made: made.encode("latin-1"), "not utf-8 (byte"),
    text("utf-16 with a byte order mark", lambda made: made.encode("utf-16"), "not utf-8 but as it seems utf-16"),
    text("utf-16 without a byte order mark", lambda made: made.encode("utf-16-le"), "not utf-8 but as it seems utf-16"),
    text("utf-32", lambda made: made.encode("utf-32"), "not utf-8 but as it seems utf-16 or utf-32"),
    text("a NUL byte in a text", lambda made: made.replace("café", "caf\0"), "Invalid control character"),
    text("a NUL byte, escaped", lambda made: made.replace("café", "caf\\u0000"), "NUL bytes in the file"),
    text("NUL bytes after the end", lambda made: made + "\0" * 512, "Extra data"),
    text("half a surrogate pair", lambda made: made.replace("café", "\\ud83d"), "half a character"),
    text("a quote too many at the start", lambda made: '"' + made, "not readable as delimited text from line 1 on"),
    text("a quote too many in the middle", lambda made: in_the_middle(made, '"'), "not JSON at line 1, column"),
    text("a quote too many at the end", lambda made: made + '"', "Extra data"),
    text("single quotes", lambda made: made.replace('"', "'"), "property name enclosed in double quotes"),
    text("a comma after the last location", lambda made: made.replace("}]", "},]"), "not JSON at line 1, column"),
    text("a comment in JSON", lambda made: made.replace("[", "[ // all\n", 1), "not JSON at line 1, column"),
    text("nested a little too deeply", lambda made: made.replace("true", "[" * 60 + "]" * 60, 1), "nested too deeply"),
    text("nested far too deeply", lambda made: made.replace("true", "[" * 90_000 + "]" * 90_000, 1), "nested too deeply"),
    text("a key twice in a location", lambda made: made.replace('"pets"', '"wheelchair"', 1), "key 'wheelchair' twice"),
    text("a key twice in the report", lambda made: made.replace("{", '{"vr_code": "VR01", ', 1), "key 'vr_code' twice"),
    text("NaN", lambda made: made.replace(": 75", ": NaN", 1), "NaN is no JSON"),
    text("Infinity", lambda made: made.replace(": 75", ": -Infinity", 1), "-Infinity is no JSON"),
    text("a number of 5,000 digits", lambda made: made.replace(": 75", ": " + "9" * 5000, 1), "more than 4,300 digits"),
    text("JSON lines", lambda made: f"{made}\n{made}\n", "not JSON at line 2, column 1: Extra data"),
    text("a JSON array", lambda made: f"[{made}]", "not a report with a list of locations"),
    text("null", lambda _: "null", "the first line isn't the headings of the template"),
    text("something after the end", lambda made: f"{made} -- {PERSON}", "Extra data"),
    text("CSV under the name of JSON", lambda _: f"location_id;note\n1;{PERSON}\n", "column available_from, available_until, bag_number"),
    text("gzip under the name of JSON", lambda made: gzipped(made.encode()), "no report but gzip-compressed bytes"),
    text("a spreadsheet under the name of JSON", lambda made: spreadsheet(made.encode()), "a zip archive that is no workbook"),
    text("an old spreadsheet under the name of JSON", lambda _: XLS, "no report but a spreadsheet or document of Microsoft"),
    text("PDF under the name of JSON", lambda _: PDF, "no report but a PDF document"),
    text("XML under the name of JSON", lambda _: XML, "no report but an XML document"),
    text("the login page of a portal under the name of JSON", lambda _: LOGIN_PAGE, "no report but a web page"),
    text("100 MB in a single line", lambda made: made.replace("café", "x" * 100_000_000), "a file of 100.0 MB where at most 10 MB", is_heavy=True),
    text("100 MB of brackets", lambda _: "[" * 100_000_000, "a file of 100.0 MB where at most 10 MB", is_heavy=True),
    text("9 MB of brackets", lambda _: "[" * 9_000_000, "nested too deeply", is_heavy=True),
    text("9 MB of empty lists", lambda made: made.replace("true", f"[{'[],' * 3_000_000}[]]", 1), "holds a list or an object", is_heavy=True),
    text("half a million keys and one twice", with_many_keys, "key 'k499999' twice", is_heavy=True),
    Kind("objects that share no key", sparse, REFUSED, "different keys", is_heavy=True),
    Kind("three million empty objects", empty_objects, REFUSED, "different keys", is_heavy=True),
)  # fmt: skip
FORMS = (
    form("a byte order mark", lambda made: "\ufeff" + made),
    form("ends of lines as in Windows", lambda made: made.replace(", ", ",\r\n") + "\r\n"),
    form("ends of lines as in old Macs", lambda made: made.replace(", ", ",\r")),
    form("blank lines around", lambda made: f"\n\n{made}\n\n"),
    form("fields in another order", lambda made: json.dumps(json.loads(made), sort_keys=True)),
)
REPORTS = (
    whole("no location", "the report has no location", locations=[]),
    whole("locations that are no list", "not a report with a list of locations", locations={"VR01-1": OTHERS[0]}),
    whole("a location that is no object", "not a report with a list of locations", locations=[*OTHERS, PERSON]),
    whole("an unknown field of the report", "unknown fields in the report: sender", sender=PERSON),
    whole("a person as the name of a field", "unknown fields in the report: ********", **{BSN: 1}),
    whole("another region's report", "a report of VR25 delivered by VR", vr_code="VR25"),
    whole("a person where the region stands", "a report of no region delivered by VR", vr_code=PERSON),
    whole("a person where the day stands", "a report as of no day delivered for", as_of=PERSON),
    whole("a supplier who may not deliver", "VR26 may not deliver reception", supplier="VR26"),
    whole("a supplier who is no region", "may not deliver reception", supplier="'; drop schema raw cascade; --"),
    Kind("yesterday's report under today's name", other_day(-DAY), REFUSED, "deliver it under its own day"),
    Kind("tomorrow's report under today's name", other_day(DAY), REFUSED, "deliver it under its own day"),
    listed("a missing column", "column places_in_use is missing", without("places_in_use")),
    listed("a renamed column", "unknown column places_used", renamed("places_in_use", "places_used")),
    listed("an unknown column", "unknown column beds", [row | {"beds": PERSON} for row in OTHERS]),
    listed("a column with a letter of another script", "unknown column", renamed("places_in_use", "pl\u0430ces_in_use")),
    listed("a column with a zero-width space", "unknown column", renamed("places_in_use", "places_in_use\u200b")),
    listed("SQL in the name of a column", "unknown column", renamed("note", 'note"; drop schema raw cascade; --')),
    listed("a column by a name that the warehouse uses itself", "unknown column record_no", [row | {"record_no": PERSON} for row in OTHERS]),
    listed("a column by the name of the ledger's key", "unknown column delivery_id", [row | {"delivery_id": 1} for row in OTHERS]),
    listed("a list in place of a value", "note holds a list or an object", [*OTHERS, location(1, note=[PERSON])]),
    listed("more than a quarter in quarantine", "more than 25 % of the locations break a rule", [location(number, gm_code=PERSON if number < 5 else "GM0363") for number in range(12)]),
    listed("ten times the usual volume", "more than five times as many locations", [location(number) for number in range(300)]),
    listed("a tenth of the usual volume", "less than a fifth", [location(number) for number in range(3)]),
)  # fmt: skip
RECORDS = (
    listed("the same record twice", "key_is_unique", [*OTHERS, location(1), location(1)], IN_PART),
    one("a record without its key", "location_id_is_present", location_id=None),
    one("an empty key", "location_id_is_present", location_id=""),
    listed("a record without any field", "location_id_is_present", [*OTHERS, {}], IN_PART),
    one("a key with a zero-width space", "location_id_is_string", location_id="VR13-0001\u200b"),
    one("a key written from right to left", "location_id_is_string", location_id="\u202e1000-31RV"),
    one("a key with a blank around it", "location_id_is_string", location_id=" VR13-0001"),
    one("a key with a line end", "location_id_is_string", location_id="VR13\n0001"),
    one("a key of 5,000 characters", "location_id_is_string", location_id="x" * 5000),
    one("a code with a letter of another script", "municipality_is_known", gm_code="G\u041c0363"),
    one("a person in place of a code", "municipality_is_known", gm_code="GM9999"),
    one("a count beyond 32 bits", "places_in_use_is_integer", in_use=2**31),
    one("a count beyond every range", "places_in_use_is_integer", in_use=10**30),
    one("a count that is infinite", "places_in_use_is_integer", in_use=1.5e308),
    one("a count beyond any site", "places_in_use_is_a_count", in_use=10_001),
    one("a negative count", "places_in_use_is_a_count", in_use=-1),
    one("half a place", "places_in_use_is_integer", in_use=74.5),
    one("a person in place of a count", "places_in_use_is_integer", in_use=PERSON),
    one("a formula in place of a count", "places_in_use_is_integer", in_use="=1+1"),
    one("SQL in place of a count", "places_in_use_is_integer", in_use="0); drop schema raw cascade; --"),
    one("yes in place of true", "is_wheelchair_accessible_is_boolean", wheelchair="ja"),
    one("30 February", "available_from_date_is_date", available_from="2022-02-30"),
    one("29 February of another year", "available_from_date_is_date", available_from="2022-02-29"),
    one("a date the Dutch way", "available_from_date_is_date", available_from="25-04-2022"),
    one("a date as a number", "available_from_date_is_date", available_from=44676),
    one("the year 0", "available_from_date_is_date", available_from="0000-01-01"),
    one("a date before the common era", "available_from_date_is_date", available_from="-0044-03-15"),
    one("an unknown kind of site", "site_type_is_known", PUBLISHED, site_type="castle"),
    one("more in use than there are places", "occupancy_is_within_places", PUBLISHED, in_use=180),
    one("a number as text", "", PUBLISHED, in_use="75"),
    one("a formula in a remark", "", PUBLISHED, note="=cmd|' /C calc'!A0"),
    one("SQL in a remark", "", PUBLISHED, note="'; drop schema raw cascade; --"),
    one("SQL in a key", "", PUBLISHED, location_id="'; drop schema raw cascade; --"),
    one("emoji and text from right to left in a remark", "", PUBLISHED, note="\U0001f6cf \u0645\u0631\u062d\u0628\u0627"),
)  # fmt: skip
SOURCE = Source(
    "reception",
    "report.json",
    good,
    tuple(f"VR{number:02}" for number in range(1, 26)),
    date(2022, 4, 1),
    (*TEXTS, *FORMS, *REPORTS, *RECORDS, *reception_spreadsheets.KINDS),
)

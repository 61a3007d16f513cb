"""The other two forms of person lists: LO3 messages and answers of Haal Centraal, good ones, and those that nobody should have sent."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from tests import lo3_messages
from tests.bad_deliveries import Kind
from tests.bad_deliveries.person_lists import Rows, header, person, persons, selection

REFUSED, IN_PART, PUBLISHED = "refused", "quarantined_in_part", "published"
BODY = b"01048" + b"0110010" + b"8940402024" + b"0120009" + b"999993653" + b"0310008"
Text = Callable[[str], str | bytes]


def field(row: list[str], heading: str) -> str:
    return row[header().index(heading)]


def as_messages(rows: Rows, between: bytes = b"\n") -> bytes:
    """The lists of one row each as Lg01 messages."""
    return between.join(
        lo3_messages.message(header(), [row], lo3_messages.lg01(field(row, "01.01.10") or "0000000000")) for row in rows
    )


def as_answer(rows: Rows) -> bytes:
    """The lists of one row each as an answer of Haal Centraal, version 2."""
    return json.dumps({"type": "RaadpleegMetBurgerservicenummer", "personen": [answered(row) for row in rows]}).encode()


def answered(row: list[str]) -> dict[str, Any]:
    """What Haal Centraal says of a person."""
    return {
        "aNummer": field(row, "01.01.10"),
        "burgerservicenummer": field(row, "01.01.20"),
        "naam": {"geslachtsnaam": field(row, "01.02.40")},
        "geboorte": {
            "datum": full_date(field(row, "01.03.10")),
            "land": {"code": field(row, "01.03.30")},
            "plaats": {"code": field(row, "01.03.20")},
        },
        "geslacht": {"code": field(row, "01.04.10")},
        "nationaliteiten": [
            {
                "type": "Nationaliteit",
                "nationaliteit": {"code": field(row, "04.05.10")},
                "redenOpname": {"code": field(row, "04.63.10")},
            }
        ],
        "datumEersteInschrijvingGBA": full_date(field(row, "07.68.10")),
        "gemeenteVanInschrijving": {"code": field(row, "08.09.10")},
        "datumInschrijvingInGemeente": full_date(field(row, "08.09.20")),
        "verblijfplaats": {
            "type": "Adres",
            "functieAdres": {"code": field(row, "08.10.10")},
            "datumVan": full_date(field(row, "08.10.30")),
            "straat": field(row, "08.11.10"),
        },
    }


def full_date(digits: str) -> dict[str, str]:
    return {"type": "Datum", "datum": f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"}


def good_messages(supplier: str, day: date) -> bytes:
    return as_messages(persons(supplier))


def good_answer(supplier: str, day: date) -> bytes:
    return as_answer(persons(supplier))


def fixed(name: str, content: bytes, message: str, **more: Any) -> Kind:
    """The same file, whoever delivers it."""
    return Kind(name, lambda _by, _day: content, REFUSED, message, **more)


def answer(name: str, change: Text, message: str, **more: Any) -> Kind:
    """An answer of Haal Centraal whose text was changed."""

    def content(supplier: str, day: date) -> bytes:
        made = change(good_answer(supplier, day).decode())
        return made.encode() if isinstance(made, str) else made

    return Kind(f"Haal Centraal: {name}", content, REFUSED, message, **more)


def one_message(name: str, rule: str, verdict: str = IN_PART, **fields: str) -> Kind:
    """Messages of which one holds an odd person list."""
    return Kind(f"LO3: {name}", lambda by, _: as_messages([*persons(by), person(by, 40, **fields)]), verdict, rule)


def without_zeros(supplier: str, day: date) -> bytes:
    return selection([person(supplier, number, _08_09_10=supplier[2:].lstrip("0"), _04_05_10="1") for number in range(30)]).encode()  # fmt: skip


LO3_REFUSED = {
    "cut off": (BODY + b"1985", "message 1: category 01 at byte 0 is longer than its message"),
    "a wrong length": (
        b"01033" + b"0110010" + b"8940402024" + b"0120019" + b"999993653",
        "element 01.01.20 at byte 22 is longer than its category",
    ),
    "spaces lost": (
        b"01024" + b"0210018" + b"CorneliaFrancisca",
        "element 01.02.10 at byte 5 is longer than its category",
    ),
    "no Teletex": (b"01009" + b"0240002" + b"#a", "message 1: byte 1 of 01.02.40 is none of the GBA character set"),
    "an empty selection": (b"00000000Sv11O20220502", "message 1 is Sv11, which says that the selection is empty"),
    "a blocked list": (b"00000000Sf01", "message 1 is Sf01, which says that a person list is blocked"),
    "a mutation": (b"00000000Gv018940402024", "message 1 is Gv01, which is a mutation of a person list"),
    "an element twice": (
        b"01034" + b"0110010" + b"8940402024" + b"0110010" + b"8940402024",
        "element 01.01.10 at byte 22 stands there twice",
    ),
    "no such category": (b"01017" + b"0110010" + b"8940402024" + b"99000", "there is no category 99 (byte 22)"),
    "a body with its length cut off": (b"00053" + BODY + b"1985", "message 1 ends before its body does"),
    "a body cut off": (lo3_messages.lg01("8940402024") + b"00053" + BODY, "message 1 ends before its body does"),
}
MESSAGES = (
    Kind("LO3: messages line by line", good_messages, PUBLISHED),
    Kind("LO3: messages end to end", lambda by, _: as_messages(persons(by), b""), PUBLISHED),
    Kind("LO3: ends of lines as in Windows", lambda by, _: as_messages(persons(by), b"\r\n"), PUBLISHED),
    *(fixed(f"LO3: {name}", content, message) for name, (content, message) in LO3_REFUSED.items()),
    Kind("LO3: truncated in a message", lambda by, day: good_messages(by, day)[:-20], REFUSED, "message 30 ends before its body does"),
    Kind("LO3: NUL bytes", lambda by, day: good_messages(by, day).replace(b"6030", b"60\x000", 1), REFUSED, "is none of the GBA character set"),
    fixed("LO3: 100 MB without an end", b"01017" + b"0110010" + b"8940402024" + b"x" * 100_000_000, "message 1: 2 digits are expected at byte 22", is_heavy=True),
    one_message("30 February", "birth_date_is_valid", _01_03_10="20220230"),
    one_message("a key that fails its checks", "a_number_is_valid", _01_01_10="8940402023"),
    one_message("SQL in a name", "", PUBLISHED, _01_02_40="' drop schema raw cascade --"),
)  # fmt: skip
ANSWERS = (
    Kind("Haal Centraal: an answer", good_answer, PUBLISHED),
    answer("cut off", lambda made: made[:-40], "not JSON at line 1"),
    answer("a key twice", lambda made: made.replace('"aNummer"', '"burgerservicenummer"', 1), "key 'burgerservicenummer' twice"),
    answer("nested too deeply", lambda made: made.replace('{"code": "6030"}', "[" * 60 + "]" * 60, 1), "nested too deeply"),
    answer("a code as a number", lambda made: made.replace('"gemeenteVanInschrijving": {"code": "', '"gemeenteVanInschrijving": {"code": 1, "x": "', 1), "gemeenteVanInschrijving is a number"),
    answer("a date without its parts", lambda made: made.replace('"type": "Datum", "datum"', '"type": "Datum", "x"', 1), "a date of type Datum without its parts"),
    answer("latin-1 where utf-8 is due", lambda made: made.replace("Dorpsstraat", "Dörpsstraat").encode("latin-1"), "not utf-8 (byte"),
    fixed("Haal Centraal: version 1", b'{"_embedded": {"ingeschrevenpersonen": []}}', "an answer of Haal Centraal version 1"),
    fixed("Haal Centraal: no persons", b'{"type": "RaadpleegMetBurgerservicenummer", "personen": []}', "the selection has no person list"),
    fixed("Haal Centraal: other JSON", b'{"locations": []}', "JSON without a list of persons"),
    fixed("Haal Centraal: 9 MB of brackets", b"[" * 9_000_000, "nested too deeply", is_heavy=True),
)  # fmt: skip
# What municipalities send in good faith, and what it is called.
OTHERS = (
    fixed("a list made by hand", b"Achternaam;Voorvoegsel;Voornamen;Geslacht;Geboortedatum;Geboorteplaats\nJansen;;Jan;M;01-02-1985;Kyiv\n", "a hand-made list of registrants without BSN"),
    fixed("a StUF message", b'<?xml version="1.0"?>\n<soap:Envelope><BG:npsLk01 xmlns:StUF="http://example">', "a StUF message"),
    fixed("a table of the GBA-V database", b"pl_id,stapel_nr,volg_nr,a_nr,burger_service_nr\n1,0,0,8940402024,999993653\n", "a table of the GBA-V database"),
    fixed("a list of BSNs", b"Burgerservicenummer\n999993653\n", "a list of BSNs"),
    fixed("a web page", b"<!DOCTYPE html><html>", "a web page"),
    Kind("codes that lost their leading zeros", without_zeros, REFUSED, "most codes in 08.09.10 have lost their leading zeros"),
)  # fmt: skip

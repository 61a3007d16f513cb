"""Selections of person lists that nobody should have sent."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tests.bad_deliveries import Kind, Source
from tests.bad_deliveries.brp_forms import ANSWERS, IN_PART, MESSAGES, OTHERS, PUBLISHED, REFUSED, Text
from tests.bad_deliveries.disguises import LOGIN_PAGE, PDF, XLS, gzipped, spreadsheet
from tests.bad_deliveries.person_lists import GM, header, person, persons, selection


def good(supplier: str, day: date) -> bytes:
    return selection(persons(supplier)).encode()


def text(name: str, change: Text, message: str, verdict: str = REFUSED, **more: Any) -> Kind:
    """A selection whose text was changed; the first person is called Zoë so that encodings differ."""

    def content(supplier: str, day: date) -> bytes:
        rows = persons(supplier)
        made = change(selection([person(supplier, 0, _01_02_10="Zoë"), *rows[1:]]))
        return made.encode() if isinstance(made, str) else made

    return Kind(name, content, verdict, message, **more)


def heading(name: str, old: str, new: Mapping[str, str] | str, message: str) -> Kind:
    """A selection with another heading."""

    def content(supplier: str, day: date) -> bytes:
        names = [new if each == old and isinstance(new, str) else each for each in header()]
        return selection(persons(supplier), names).encode()

    return Kind(name, content, REFUSED, message)


def one(name: str, rule: str, verdict: str = IN_PART, **fields: str) -> Kind:
    """A selection with one odd person list among good ones."""
    return Kind(name, lambda by, _: selection([*persons(by), person(by, 40, **fields)]).encode(), verdict, rule)


def many(name: str, count: int, message: str) -> Kind:
    return Kind(name, lambda by, _: selection(persons(by, count)).encode(), REFUSED, message)


def without(column: str) -> Text:
    def change(made: str) -> str:
        at = header().index(column)
        return "".join(";".join(cut(line.split(";"), at)) + "\n" for line in made.splitlines())

    return change


def cut(row: list[str], at: int) -> list[str]:
    return row[:at] + row[at + 1 :]


def mirrored(made: str) -> str:
    """The columns in another order, with the label of the list still in front."""
    rows = [line.split(";") for line in made.splitlines()]
    return "".join(";".join([row[0], *reversed(row[1:])]) + "\n" for row in rows)


def cut_in_a_character(made: str) -> bytes:
    content = made.encode()
    return content[: content.index("ë".encode()) + 1]


def unlabelled(made: str) -> str:
    """No row says where a person list begins."""
    return "\n".join(";" + line.partition(";")[2] for line in made.splitlines()) + "\n"


def in_line(number: int, change: Callable[[str], str]) -> Text:
    """One line changed, counted from 1."""

    def changed(made: str) -> str:
        lines = made.splitlines(keepends=True)
        return "".join([*lines[: number - 1], change(lines[number - 1]), *lines[number:]])

    return changed


def two_lists(supplier: str, day: date) -> bytes:
    return selection([*persons(supplier), person(supplier, 1)]).encode()


def half_faulty(supplier: str, day: date) -> bytes:
    faulty = [person(supplier, number, _01_03_10="20220230") for number in range(15)]
    return selection([*faulty, *persons(supplier)[15:]]).encode()


def elsewhere(supplier: str, day: date) -> bytes:
    other = next(code for code in GM if code != supplier)
    return selection([*persons(supplier), person(supplier, 40, _08_09_10=other[2:])]).encode()


TEXTS = (
    text("empty", lambda _: "", "the file is empty"),
    text("only a byte order mark", lambda _: "\ufeff", "the file is empty"),
    text("only a heading", lambda made: made.splitlines()[0] + "\n", "the selection has no person list"),
    text("truncated in a row", lambda made: made[:-80], "fields where the heading has 257"),
    text("truncated in a multi-byte character", cut_in_a_character, "not UTF-8 after line"),
    text("latin-1 where utf-8 is due", lambda made: made.encode("latin-1"), "not UTF-8 after line"),
    text("utf-16 with a byte order mark", lambda made: made.encode("utf-16"), "not UTF-8 after line"),
    text("utf-16 without a byte order mark", lambda made: made.encode("utf-16-le"), "not UTF-8 after line"),
    text("a NUL byte in a code", lambda made: made.replace("6030", "60\x0030", 1), "NUL bytes in the file"),
    text("only NUL bytes: a file that was never filled", lambda _: bytes(4096), "NUL bytes in the file"),
    text("commas between the fields", lambda made: made.replace(";", ","), "are missing"),
    text("tabs between the fields", lambda made: made.replace(";", "\t"), "are missing"),
    text("bars between the fields", lambda made: made.replace(";", "|"), "are missing"),
    text("no heading", lambda made: made.partition("\n")[2], "are missing"),
    text("a missing column", without("08.09.10"), "headings 08.09.10 are missing"),
    text("a column less in one row", in_line(7, lambda line: line.replace(";", "", 1)), "line 7 has 256 fields where the heading has 257"),
    text("a column more in one row", in_line(7, lambda line: line.replace(";", ";;", 1)), "line 7 has 258 fields where the heading has 257"),
    text("a quote too many at the start", in_line(2, lambda line: '"' + line), "not readable as delimited text from line 2 on"),
    text("a quote too many in the middle", in_line(7, lambda line: line.replace("6030", '"6030', 1)), "not readable as delimited text from line 7 on"),
    text("a quote too many at the end", in_line(31, lambda line: line[:-2] + ';"\n'), "not readable as delimited text from line 31 on"),
    text("text after a closing quote", in_line(7, lambda line: line.replace("6030", '"60"30', 1)), "not readable as delimited text from line 7 on"),
    text("no label where a person list begins", unlabelled, "before the first person list"),
    text("a first row without a label", in_line(2, lambda line: ";" + line.partition(";")[2]), "before the first person list"),
    text("gzip under the name of CSV", lambda made: gzipped(made.encode()), "gzip-compressed bytes; deliver a tabular selection"),
    text("a spreadsheet under the name of CSV", lambda made: spreadsheet(made.encode()), "a zip archive or a spreadsheet (.xlsx, .ods); deliver a tabular selection"),
    text("an old spreadsheet under the name of CSV", lambda _: XLS, "a spreadsheet or document of Microsoft Office (.xls, .doc); deliver a tabular selection"),
    text("PDF under the name of CSV", lambda _: PDF, "a PDF document; deliver a tabular selection"),
    text("the login page of a portal under the name of CSV", lambda _: LOGIN_PAGE, "a web page; deliver a tabular selection"),
    text("100 MB in a single line", lambda made: made + "x" * 100_000_000, "a line of more than 1,048,576 characters", is_heavy=True),
    text("100 MB of delimiters in a single line", lambda _: ";" * 100_000_000, "a line of more than 1,048,576 characters", is_heavy=True),
    text("100 MB behind a quote", lambda made: made + '"' + "x\n" * 50_000_000, "not readable as delimited text from line 32 on", is_heavy=True),
    heading("a renamed column", "08.09.10", "gemeente", "headings 08.09.10 are missing"),
    heading("a column with a zero-width space", "08.09.10", "08.09.10\u200b", "headings 08.09.10 are missing"),
    heading("a column with a letter of another script", "01.01.10", "\u041e1.01.10", "headings 01.01.10 are missing"),
    heading("SQL in the name of a column", "08.09.10", "' drop schema raw cascade --", "headings 08.09.10 are missing"),
    heading("a column twice", "01.20.10", "01.01.10", "01.01.10"),
    heading("something in front of the first column", "", "list", "the first heading is"),
)  # fmt: skip
FORMS = (
    text("a byte order mark", lambda made: "\ufeff" + made, "", PUBLISHED),
    text("ends of lines as in Windows", lambda made: made.replace("\n", "\r\n"), "", PUBLISHED),
    text("ends of lines as in old Macs", lambda made: made.replace("\n", "\r"), "", PUBLISHED),
    text("ends of lines of two kinds", lambda made: made.replace("\n", "\r\n", 9), "", PUBLISHED),
    text("no end of the last line", lambda made: made.rstrip("\n"), "", PUBLISHED),
    text("blank lines", lambda made: made.replace("\n", "\n\n"), "", PUBLISHED),
    text("quotes around fields", lambda made: made.replace("Zoë", '"Zo""ë"').replace("6030", '"6030"'), "", PUBLISHED),
    text("columns in another order", mirrored, "", PUBLISHED),
    text("a column that nobody asked for", lambda made: made.replace("\n", ";\n").replace(";\n", ";99.99.99\n", 1), "", PUBLISHED),
)  # fmt: skip
RECORDS = (
    Kind("the same record twice", two_lists, IN_PART, "key_is_unique"),
    Kind("a person of another municipality", elsewhere, IN_PART, "person_is_the_suppliers_own"),
    Kind("more than a quarter in quarantine", half_faulty, REFUSED, "more than 25 % of the person lists"),
    many("ten times the usual volume", 300, "more than five times as many person lists"),
    many("a tenth of the usual volume", 3, "less than half of the person lists"),
    Kind("a supplier who may not deliver", good, REFUSED, "VR13 may not deliver brp", "VR13"),
    one("a record without its key", "a_number_is_present", _01_01_10=""),
    one("a key that fails its checks", "a_number_is_valid", _01_01_10="8940402023"),
    one("a key with a zero-width space", "a_number_is_valid", _01_01_10="8940402024\u200b"),
    one("a key in digits of another script", "a_number_is_valid", _01_01_10="\u0668\u0669\u0664\u0660\u0664\u0660\u0662\u0660\u0662\u0664"),
    one("a BSN beyond its range", "bsn_is_valid", PUBLISHED, _01_01_20="9999936530000"),
    one("30 February", "birth_date_is_valid", _01_03_10="20220230"),
    one("a date the Dutch way", "birth_date_is_valid", _01_03_10="10-04-1985"),
    one("a formula in place of a date", "birth_date_is_valid", _01_03_10="=1+1"),
    one("SQL in place of a code", "municipality_is_known", _08_09_10="' drop schema raw cascade --"),
    one("SQL in a name", "", PUBLISHED, _01_02_40="' drop schema raw cascade --"),
    one("a formula in a name", "", PUBLISHED, _01_02_40="=cmd|' /C calc'!A0"),
    one("a name from right to left", "person_is_teletex", PUBLISHED, _01_02_40="\u202e\u0645\u0631\u062d\u0628\u0627"),
)  # fmt: skip
SOURCE = Source(
    "brp", "selection.csv", good, GM[:120], date(2022, 4, 1), (*TEXTS, *FORMS, *RECORDS, *MESSAGES, *ANSWERS, *OTHERS)
)

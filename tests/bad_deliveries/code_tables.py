"""National tables that nobody should have sent."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from opvang.settings import PROJECT
from tests.bad_deliveries import PERSON, Kind, Source
from tests.bad_deliveries.disguises import LOGIN_PAGE, PDF, XLS, XML, gzipped, spreadsheet

[TABLE_34] = (PROJECT / "include/deliveries/code_tables").rglob("Tabel34*")
REFUSED, PUBLISHED = "refused", "published"
Rows = list[list[str]]


def good(_supplier: str, _day: date) -> bytes:
    return TABLE_34.read_bytes()


def countries() -> Rows:
    return list(csv.reader(io.StringIO(TABLE_34.read_text("utf-16"))))


def table(rows: Rows, delimiter: str = ",") -> str:
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter).writerows(rows)
    return made.getvalue()


def content(name: str, make: Callable[[], bytes], message: str, verdict: str = REFUSED, **more: Any) -> Kind:
    return Kind(name, lambda _supplier, _day: make(), verdict, message, **more)


def rows(name: str, change: Callable[[Rows], Rows], message: str, verdict: str = REFUSED) -> Kind:
    """Table 34 with other rows."""
    return content(name, lambda: table(change(countries())).encode("utf-16"), message, verdict)


def heading(name: str, at: int, text: str, message: str) -> Kind:
    return rows(name, lambda made: [[*made[0][:at], text, *made[0][at + 1 :]], *made[1:]], message)


def text_of(rows_with_person: bool = True) -> str:
    made = countries()
    return table([*made, ["9998", PERSON, "", "", ""]] if rows_with_person else made)


def unused(rows: Rows) -> Rows:
    """Rows of 4,000 codes that no country has."""
    codes = {row[0] for row in rows}
    return [[str(number), "x", "", "", ""] for number in range(1000, 5000) if str(number) not in codes]


KINDS = (
    content("empty", lambda: b"", "the file is empty"),
    content("utf-8 where utf-16 is due", lambda: text_of().encode(), "not utf-16 from byte"),
    content("utf-16 without a byte order mark", lambda: text_of().encode("utf-16-le"), "not utf-16 from byte"),
    content("truncated in a character", lambda: text_of().encode("utf-16")[:1001], "not utf-16 from byte"),
    content("half a surrogate pair", lambda: text_of().encode("utf-16")[:1000] + b"\x3d\xd8a\0", "not utf-16 from byte"),
    content("semicolons between the fields", lambda: table([*countries(), ["9998", PERSON, "", "", ""]], ";").encode("utf-16"), "headings 94.10 belong to no table"),
    content("tabs between the fields", lambda: table(countries(), "\t").encode("utf-16"), "headings 94.10 belong to no table"),
    content("gzip under the name of CSV", lambda: gzipped(text_of().encode("utf-16")), "no text but gzip-compressed bytes"),
    content("a spreadsheet under the name of CSV", lambda: spreadsheet(text_of().encode()), "no text but a zip archive or a spreadsheet"),
    content("an old spreadsheet under the name of CSV", lambda: XLS, "no text but a spreadsheet or document of Microsoft"),
    content("PDF under the name of CSV", lambda: PDF, "no text but a PDF document"),
    content("XML under the name of CSV", lambda: XML, "no text but an XML document"),
    content("the login page of a portal under the name of CSV", lambda: LOGIN_PAGE, "no text but a web page"),
    content("150,000 columns", lambda: ("94.10," * 150_000 + "\n").encode("utf-16"), "stands there twice"),
    rows("no heading", lambda made: [["9998", PERSON, "", "", ""], *made[1:]], "no heading of a national table"),
    rows("only a heading", lambda made: made[:1], "the table has no rows"),
    heading("a column twice", 1, "94.10 Landcode", "heading 94.10 stands there twice"),
    heading("a renamed column", 1, "Land", "belong to no table of the contract"),
    heading("a column with a letter of another script", 0, "94.1\u041e Landcode", "belong to no table of the contract"),
    rows("a missing column", lambda made: [row[:-1] for row in made], "belong to no table of the contract"),
    rows("an unknown column", lambda made: [[*row, PERSON if at else "remark"] for at, row in enumerate(made)], "belong to no table of the contract"),
    rows("a column less in one row", lambda made: [*made[:4], made[4][:-1], *made[5:]], "fields where the heading has 5"),
    rows("a code without its leading zero", lambda made: [*made, ["1", PERSON, "", "", ""]], "a row of a national table breaks a rule"),
    rows("the same record twice", lambda made: [*made, made[-1]], "a row of a national table breaks a rule"),
    rows("30 February", lambda made: [*made, ["9998", PERSON, "20220230", "", ""]], "a row of a national table breaks a rule"),
    rows("a tenth of the usual volume", lambda made: made[: len(made) // 10], "more than twice as many rows as in the table before, or less than half"),
    rows("ten times the usual volume", lambda made: [*made, *unused(made)], "more than twice as many rows as in the table before, or less than half"),
    Kind("a supplier who may not deliver", good, REFUSED, "GM0363 may not deliver code_tables", "GM0363"),
    rows("columns in another order", lambda made: [row[::-1] for row in made], "", PUBLISHED),
)  # fmt: skip
SOURCE = Source("code_tables", "table.csv", good, ("rvig",), date(2022, 4, 1), KINDS)

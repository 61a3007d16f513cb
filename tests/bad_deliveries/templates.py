"""What becomes of a template in the hands of people, whatever it is about."""

from collections.abc import Callable
from datetime import date

from tests.bad_deliveries import PERSON, Kind
from tests.bad_deliveries.disguises import LOGIN_PAGE, PDF, XLS, gzipped, spreadsheet

REFUSED, IN_PART, PUBLISHED = "refused", "quarantined_in_part", "published"
Table = Callable[[str], str]


def rows(table: Table, name: str, change: Callable[[str], str | bytes], message: str, verdict: str = REFUSED) -> Kind:
    """The table of a supplier with something else in it."""

    def content(supplier: str, _day: date) -> bytes:
        made = change(table(supplier))
        return made.encode() if isinstance(made, str) else made

    return Kind(name, content, verdict, message)


def in_last_row(old: str, new: str) -> Callable[[str], str]:
    return lambda made: new.join(made.rsplit(old, 1))


def last_row(table: Table, name: str, old: str, new: str, rule: str, verdict: str = IN_PART) -> Kind:
    """The table with something else in its last row."""
    return rows(table, name, in_last_row(old, new), rule, verdict)


def kinds(table: Table, optional: str, nothing: str) -> tuple[Kind, ...]:
    """The kinds that every template has: `optional` is a heading that may be left empty, `nothing` what is said of no rows."""
    first, *_ = table("").splitlines()[0].split(";")

    def made(name: str, change: Callable[[str], str | bytes], message: str, verdict: str = REFUSED) -> Kind:
        return rows(table, name, change, message, verdict)

    def disguised(name: str, content: bytes, message: str) -> Kind:
        return made(f"{name} under the name of CSV", lambda _: content, message)

    return (
        made("empty", lambda _: "", "the file is empty"),
        disguised("gzip", gzipped(PERSON.encode()), "no text but gzip-compressed bytes"),
        disguised("a spreadsheet", spreadsheet(PERSON.encode()), "no text but a zip archive or a spreadsheet"),
        disguised("an old spreadsheet", XLS, "no text but a spreadsheet or document of Microsoft"),
        disguised("PDF", PDF, "no text but a PDF document"),
        disguised("the login page of a portal", LOGIN_PAGE, "no text but a web page"),
        made("commas between the fields", lambda text: text.replace(";", ","), f"headings {first}"),
        made("tabs between the fields", lambda text: text.replace(";", "\t"), f"headings {first}"),
        made("no headings", lambda text: f"{PERSON};" * text.splitlines()[0].count(";") + f"{PERSON}\n", f"headings {first}"),
        made("a heading is missing", lambda text: text.replace(optional, "iets", 1), f"headings {optional} are missing"),
        made("a heading stands there twice", lambda text: text.replace(f"{first};", f"{first};{first};", 1), "headings that the template lacks"),
        made("a column of its own", lambda text: text.replace(f"{first};", f"{first};{PERSON};", 1), "headings that the template lacks"),
        made("a row is too short", lambda text: text.rstrip("\n").rsplit(";", 2)[0] + "\n", "line 5 has"),
        made("a quote that never closes", lambda text: text.rstrip("\n") + f';"{PERSON}', "line 5"),
        made("latin1", lambda text: f"{text}{PERSON} Geëindigd".encode("latin-1"), "not UTF-8"),
        made("NUL bytes", lambda text: text + "\0", "NUL bytes"),
        made("a heading and no row", lambda text: text.splitlines()[0] + "\n", nothing),
        made("a byte order mark and ends of lines as in Windows", lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "", PUBLISHED),
        made("columns in another order", lambda text: "\n".join(";".join(line.split(";")[::-1]) for line in text.splitlines()), "", PUBLISHED),
    )  # fmt: skip

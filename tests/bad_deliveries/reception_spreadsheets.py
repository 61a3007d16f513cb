"""The template of a region's report, filled in as a workbook or as CSV: good ones, and those that nobody should have sent."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from opvang import template
from opvang.contract import contract
from opvang.template.fields import fields
from tests.bad_deliveries import PERSON, Kind
from tests.bad_deliveries.disguises import XLS
from tests.deliveries import document, location

REFUSED, IN_PART, PUBLISHED = "refused", "quarantined_in_part", "published"
TERMS = contract("reception")
COLUMNS = {field.name: chr(ord("A") + at) for at, field in enumerate(fields(TERMS))}
TABLE, ASKED, STRINGS = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
RELATION = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet9.xml"/>'
ROW = 14  # of the last location, which is the odd one
LAST_ROW = 1_048_576
Locations = list[dict[str, Any]]
Change = Callable[[str], str]
Parts = dict[str, bytes]


def locations(verdict: str = PUBLISHED, **odd: Any) -> Locations:
    """Twelve good ones and one more; what is refused has a person in a remark, which nobody may see."""
    good = [location(number) for number in range(100, 112)]
    remark = {"note": f"café, {PERSON}"} if verdict == REFUSED else {}
    return [good[0] | remark, *good[1:], location(1, **odd)]


def report(by: str, day: date, listed: Locations | None = None, **other: Any) -> dict[str, Any]:
    return document(locations() if listed is None else listed, day, by, **{"as_of": day.isoformat()} | other)


def workbook(by: str, day: date, listed: Locations | None = None, **other: Any) -> bytes:
    filled_in = report(by, day, listed, **other)
    return template.workbook(TERMS, filled_in, filled_in["locations"])


def delimited(by: str, day: date, listed: Locations | None = None, **other: Any) -> str:
    filled_in = report(by, day, listed, **other)
    return template.delimited(TERMS, filled_in, filled_in["locations"]).decode("utf-8-sig")


def unzipped(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Parts) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2022, 4, 25, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def with_parts(content: bytes, parts: Parts) -> bytes:
    return zipped(unzipped(content) | parts)


def changed(name: str, change: dict[str, Change], message: str, verdict: str = REFUSED, **more: Any) -> Kind:
    """A workbook of which some parts were changed as texts."""

    def content(by: str, day: date) -> bytes:
        parts = unzipped(workbook(by, day, locations(verdict)))
        return zipped(parts | {part: alter(parts[part].decode()).encode() for part, alter in change.items()})

    return Kind(f"XLSX: {name}", content, verdict, message, **more)


def cell(field: str, made: str, kind: str = "n") -> Change:
    """The odd location with another cell."""
    name = f"{COLUMNS[field]}{ROW}"
    there = re.compile(rf'<c r="{name}"[^>]*?(?:/>|>.*?</c>)')
    return lambda text: there.sub(lambda _: f'<c r="{name}" t="{kind}">{made}</c>', text)


def odd(name: str, field: str, made: str, rule: str, verdict: str = IN_PART, kind: str = "n") -> Kind:
    return changed(name, {TABLE: cell(field, made, kind)}, rule, verdict)


def one(name: str, rule: str, verdict: str = IN_PART, **values: Any) -> Kind:
    """A workbook with one odd location, as people fill it in."""
    return Kind(f"XLSX: {name}", lambda by, day: workbook(by, day, locations(**values)), verdict, rule)


def told(name: str, message: str, **other: Any) -> Kind:
    return Kind(f"XLSX: {name}", lambda by, day: workbook(by, day, locations(REFUSED), **other), REFUSED, message)


def also(name: str, message: str, more: Parts) -> Kind:
    """A workbook with more in it."""
    return Kind(f"XLSX: {name}", lambda by, day: with_parts(workbook(by, day), more), REFUSED, message)


def beside(name: str, sheet: str, message: str, verdict: str = REFUSED, **more: Any) -> Kind:
    """A workbook with a third sheet."""

    def content(by: str, day: date) -> bytes:
        parts = unzipped(workbook(by, day, locations(verdict)))
        own = {
            WORKBOOK: parts[WORKBOOK].replace(b"</sheets>", b'<sheet name="eigen" sheetId="9" r:id="rId99"/></sheets>'),
            RELATIONS: parts[RELATIONS].replace(b"</Relationships>", RELATION.encode() + b"</Relationships>"),
            "xl/worksheets/sheet9.xml": sheet.encode(),
        }  # fmt: skip
        return zipped(parts | own)

    return Kind(f"XLSX: {name}", content, verdict, message, **more)


def text(name: str, change: Callable[[str], str | bytes], message: str, verdict: str = REFUSED, **more: Any) -> Kind:
    """A CSV whose text was changed."""

    def content(by: str, day: date) -> bytes:
        made = change(delimited(by, day, locations(verdict)))
        return made.encode() if isinstance(made, str) else made

    return Kind(f"CSV: {name}", content, verdict, message, **more)


def line(name: str, rule: str, verdict: str = IN_PART, **values: Any) -> Kind:
    return Kind(f"CSV: {name}", lambda by, day: delimited(by, day, locations(**values)).encode(), verdict, rule)


def replaced(old: str, new: str) -> Change:
    return lambda made: made.replace(old, new)


def heading(old: str, new: str) -> dict[str, Change]:
    return {STRINGS: replaced(f">{old}\n", f">{new}\n")}


def moved(by: int) -> Change:
    """All rows from the second location on further down."""

    def further(found: re.Match[str]) -> str:
        number = int(found[2])
        return f'{found[1]}{number + by if number > 2 else number}"'

    return lambda text: re.sub(r'( r="[A-Z]*)([0-9]+)"', further, text)


def empty_rows(count: int, cells: str = "") -> Change:
    rows = "".join(f'<row r="{number}" s="1" customFormat="1">{cells}</row>' for number in range(50, 50 + count))
    return lambda text: text.replace("</sheetData>", f"{rows}</sheetData>")


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'


def shifted_to_1904(text: str) -> str:
    """The same day as a workbook counts it that began on an old Mac."""
    serial = (date(2022, 3, 12) - date(1899, 12, 30)).days
    return text.replace(f"<v>{serial}</v>", f"<v>{serial - 1462}</v>")


def report_day(text: str) -> str:
    return re.sub(r"<v>(4[0-9]{4})</v>", lambda found: f"<v>{int(found[1]) - 1462}</v>", text)


def locked(_by: str, _day: date) -> bytes:
    """The beginning of an encrypted workbook: a compound file with the stream of that name."""
    return XLS[:512] + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def encrypted_member(by: str, day: date) -> bytes:
    """The flag for a password in every header of the archive."""
    made = bytearray(workbook(by, day))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), bytes(made)):
            made[found.start() + at] |= 1
    return bytes(made)


def led_astray(by: str, day: date) -> bytes:
    """A member that is said to begin behind the end of any disk."""
    made = io.BytesIO(workbook(by, day))
    with zipfile.ZipFile(made, "a") as archive:
        archive.filelist[0].header_offset = 2**63 - 1
        archive._didModify = True
        archive.fp.seek(archive.start_dir)
    return made.getvalue()


def doubled(by: str, day: date) -> bytes:
    made = io.BytesIO(workbook(by, day))
    with zipfile.ZipFile(made, "a") as archive:
        archive.fp.seek(archive.start_dir)
        archive.filelist.append(archive.filelist[0])
        archive._didModify = True
    return made.getvalue()


def wide(made: str) -> str:
    return made.replace("location_id", "location_id" + ";" * 900_000, 1)


FIRST_COLUMN = '<row r="1"><c r="A1" t="inlineStr"><is><t>location_id</t></is></c></row>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
FORMS = (
    Kind("XLSX: the template filled in", workbook, PUBLISHED),
    changed("a renamed sheet", {WORKBOOK: replaced('"locaties"', '"VR 25 april"')}, "", PUBLISHED),
    changed("a hidden sheet", {WORKBOOK: replaced('name="locaties"', 'name="locaties" state="hidden"')}, "", PUBLISHED),
    changed("a hidden row", {TABLE: replaced(f'<row r="{ROW}"', f'<row r="{ROW}" hidden="1"')}, "", PUBLISHED),
    changed("a gap between the rows", {TABLE: moved(20)}, "", PUBLISHED),
    changed("empty rows below", {TABLE: empty_rows(100, '<c s="1"/>')}, "", PUBLISHED),
    changed("a million rows that are formatted and empty", {TABLE: empty_rows(LAST_ROW - 50)}, "", PUBLISHED),
    changed("days counted from 1904", {TABLE: shifted_to_1904, ASKED: report_day, WORKBOOK: replaced("<workbookPr ", '<workbookPr date1904="1" ')}, "", PUBLISHED),
    odd("a formula with its result", "places_in_use", "<f>70+5</f><v>75</v>", "", PUBLISHED),
    odd("a link to another workbook", "places_in_use", "<f>[1]Blad1!A1</f><v>75</v>", "", PUBLISHED),
    odd("a count as 75.0", "places_in_use", "<v>75.0</v>", "", PUBLISHED),
    odd("a count as text", "places_in_use", "<is><t>75</t></is>", "", PUBLISHED, "inlineStr"),
    odd("true as a spreadsheet has it", "pets", "<v>1</v>", "", PUBLISHED, "b"),
    odd("WAAR as a text", "pets", "<v>WAAR</v>", "", PUBLISHED, "str"),
    odd("a day as a text, the Dutch way", "available_from", "<v>1-3-2022</v>", "", PUBLISHED, "str"),
    one("a formula in a remark", "", PUBLISHED, note="=cmd|' /C calc'!A0"),
    one("emoji and text from right to left in a remark", "", PUBLISHED, note="\U0001f6cf \u0645\u0631\u062d\u0628\u0627"),
    beside("a sheet of its own, with errors", sheet('<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>'), "", PUBLISHED),
)  # fmt: skip
RECORDS = (
    odd("a BAG number as a number, without its zero", "bag_number", "<v>363200000000001</v>", "bag_number_is_a_designation", PUBLISHED),
    odd("a BAG number as a number, with its last digit lost", "bag_number", "<v>1966200000000001</v>", "bag_number_is_a_designation", PUBLISHED),
    odd("half a place", "places_in_use", "<v>74.5</v>", "places_in_use_is_integer"),
    odd("a count in words", "places_in_use", "<v>vol</v>", "places_in_use_is_integer", kind="str"),
    odd("a day with a time", "available_from", "<v>2022-03-12T13:00:00</v>", "available_from_date_is_date", kind="d"),
    odd("a day as a plain number", "available_from", "<v>44632</v>", "available_from_date_is_date"),
    odd("an answer that is neither ja nor nee", "pets", "<v>soms</v>", "has_room_for_pets_is_boolean", kind="str"),
    odd("no key", "location_id", "", "location_id_is_present"),
    one("a formula as a key", "", PUBLISHED, location_id="=1+1"),
    one("a key written from right to left", "location_id_is_string", location_id="\u202e1000-31RV"),
    one("more in use than there are places", "occupancy_is_within_places", PUBLISHED, in_use=180),
)  # fmt: skip
REPORTS = (
    Kind("XLSX: the template, empty", lambda by, day: workbook(by, day, []), REFUSED, "the report has no location"),
    told("another region's report", "a report of VR25 delivered by VR", vr_code="VR25"),
    told("a person where the region stands", "a report of no region delivered by VR", vr_code=PERSON),
    told("no region", "vr_code isn't filled in on the first sheet", vr_code=None),
    told("no day", "as_of isn't filled in on the first sheet", as_of=None),
    Kind("XLSX: yesterday's report under today's name", lambda by, day: workbook(by, day, as_of=(day - timedelta(days=1)).isoformat()), REFUSED, "deliver it under its own day"),
    changed("the template of an earlier version", heading("held_up_by", "note_too"), "column held_up_by is missing; take the present template"),
    changed("a column of its own", {TABLE: lambda text: text.replace("</row>", '<c r="T1" t="str"><v>intern</v></c></row>', 1)}, "unknown column intern"),
    changed("a value under no heading", {TABLE: lambda text: text.replace('<row r="3"', f'<row r="2"><c r="T2" t="str"><v>{PERSON}</v></c></row><row r="3"')}, "row 2 holds a value under no heading"),
    changed("a heading twice", {TABLE: lambda text: text.replace("</row>", '<c r="T1" t="str"><v>pets</v></c></row>', 1)}, "column pets stands there twice"),
    changed("headings translated", heading("location_id", "locatie"), "no sheet begins with the headings of the template"),
    changed("a title above the headings", {TABLE: lambda text: re.sub(r'( r="[A-Z]*)([0-9]+)"', lambda found: f'{found[1]}{int(found[2]) + 1}"', text).replace("<sheetData>", f'<sheetData><row r="1"><c r="A1" t="str"><v>{PERSON}</v></c></row>')}, "no sheet begins with the headings of the template"),
    beside("two sheets with locations", sheet(FIRST_COLUMN), "two sheets with locations"),
    odd("a formula without its result", "places_in_use", "<f>70+5</f><v></v>", f"cell J{ROW} holds a formula without its result", REFUSED),
    odd("an error", "places_in_use", "<v>#REF!</v>", f"cell J{ROW} holds an error", REFUSED, "e"),
    changed("merged cells", {TABLE: replaced("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="E3:E9"/></mergeCells>')}, "cells E3 to E9 are merged"),
    changed("a NUL character", {STRINGS: replaced("café", "caf_x0000_")}, "NUL bytes in the file"),
)  # fmt: skip
ARCHIVES = (
    Kind("XLSX: truncated", lambda by, day: workbook(by, day)[:-900], REFUSED, "a zip archive that is cut off or damaged"),
    Kind("XLSX: damaged in the middle", lambda by, day: (made := workbook(by, day))[:3000] + bytes(40) + made[3040:], REFUSED, "a zip archive that is cut off or damaged"),
    Kind("XLSX: locked with a password", locked, REFUSED, "a workbook that is locked with a password"),
    Kind("XLSX: a member beyond the end", led_astray, REFUSED, "a zip archive that is cut off or damaged"),
    Kind("XLSX: zip locked with a password", encrypted_member, REFUSED, "a zip archive that is locked with a password"),
    Kind("XLSX: a file twice in the archive", doubled, REFUSED, "a file twice"),
    also("a file that leads out of the archive", "leads out of it", {"../../etc/passwd": b"x"}),
    also("a workbook with macros", "a workbook with macros (.xlsm)", {"xl/vbaProject.bin": b"x"}),
    Kind("XLSX: a binary workbook", lambda *_: zipped({"xl/workbook.bin": b"x"}), REFUSED, "a binary workbook (.xlsb)"),
    Kind("XLSX: a Word document", lambda *_: zipped({"word/document.xml": b"<w/>"}), REFUSED, "a Word document (.docx)"),
    Kind("XLSX: an OpenDocument file", lambda *_: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<o/>"}), REFUSED, "an OpenDocument file (.ods)"),
    Kind("XLSX: a zip of the workbook", lambda by, day: zipped({"rapport.xlsx": workbook(by, day)}), REFUSED, "a zip archive that is no workbook"),
    changed("a document type with entities", {STRINGS: replaced("<sst", f"{LAUGHS}<sst")}, "a workbook that is damaged"),
    changed("a sheet that is no XML", {TABLE: replaced("</sheetData>", "")}, "a workbook that is damaged"),
    changed("a value in the last cell of all", {TABLE: empty_rows(1, f'<c r="XFD{LAST_ROW}"><v>1</v></c>')}, f"values as far away as XFD{LAST_ROW}"),
    also("a thousand files", "a zip archive of more than 1,000 files", {f"xl/media/{number}": b"" for number in range(1_001)}),
    Kind("XLSX: a bomb beside the sheets", lambda by, day: with_parts(workbook(by, day), {"xl/media/image1.bmp": bytes(150_000_000)}), REFUSED, "unpacks to more than 100 MB", is_heavy=True),
    changed("a bomb in the sheet", {TABLE: empty_rows(40_000, '<c s="1"/>' * 40)}, "a sheet of millions of empty cells", is_heavy=True),
    changed("one long text in every cell", {TABLE: empty_rows(20_000, '<c t="s"><v>0</v></c>'), STRINGS: replaced("café", "x" * 30_000)}, "far longer texts than any report has"),
)  # fmt: skip
CSVS = (
    Kind("CSV: the template filled in", lambda by, day: delimited(by, day).encode("utf-8-sig"), PUBLISHED),
    text("without a byte order mark", lambda made: made, "", PUBLISHED),
    text("ends of lines as in Unix", replaced("\r\n", "\n"), "", PUBLISHED),
    text("without region and day", lambda made: re.sub(r"(?m)^[^;]*;[^;]*;", "", made), "", PUBLISHED),
    text("empty rows below", lambda made: made + (";" * 20 + "\r\n") * 50, "", PUBLISHED),
    text("columns without a heading", lambda made: made.replace("\r\n", ";;\r\n"), "", PUBLISHED),
    text("headings with their labels", lambda made: made.replace(";location_id;", ';"location_id\nLocatienummer";'), "", PUBLISHED),
    text("days the Dutch way", lambda made: made.replace("2022-03-12", "12-3-2022"), "", PUBLISHED),
    text("WAAR and ONWAAR", lambda made: made.replace(";ja;", ";WAAR;").replace(";nee;", ";ONWAAR;"), "", PUBLISHED),
    text("BAG numbers that a spreadsheet took for numbers", lambda made: re.sub(r"0?363200000000001", "3,632E+14", made), "bag_number_is_a_designation", PUBLISHED),
    line("a remark over two lines", "", PUBLISHED, note='boven\nbeneden; "links"'),
    line("a formula in a remark", "", PUBLISHED, note="=cmd|' /C calc'!A0"),
    line("a count with a thousands point", "places_in_use_is_integer", places_in_use="1.000"),
    text("the headings alone", lambda made: made.splitlines()[0], "the report has no location"),
    text("Windows-1252", lambda made: made.encode("cp1252"), "not UTF-8 after line"),
    text("UTF-16, as Excel's Unicode text", lambda made: made.encode("utf-16"), "not utf-8 but as it seems utf-16"),
    text("commas", replaced(";", ","), "the first line isn't the headings of the template, separated by ;"),
    text("no headings", lambda made: made.partition("\r\n")[2], "the first line isn't the headings of the template"),
    text("a missing column", replaced(";held_up_by;note", ";note"), "column held_up_by is missing"),
    text("a field too many", lambda made: made.replace(";hotel;", ";hotel;;", 1), "line 2 has 22 fields where the heading has 21"),
    text("a value under no heading", lambda made: made.replace("\r\n", ";\r\n", 1).replace("\r\n", f";{PERSON}\r\n").replace(f";;{PERSON}", ";", 1), "row 2 holds a value under no heading"),
    text("a quote that isn't closed", lambda made: made + '"', "not readable as delimited text"),
    text("one row of another region", lambda made: re.sub(r"\nVR[0-9]{2};", "\nVR25;", made, count=1), "a report of VR25 delivered by VR"),
    Kind("CSV: yesterday's report under today's name", lambda by, day: delimited(by, day, as_of=(day - timedelta(days=1)).isoformat()).encode(), REFUSED, "deliver it under its own day"),
    text("100 MB", lambda made: made + ";" * 100_000_000, "a file of 100.0 MB where at most 10 MB", is_heavy=True),
    text("a million columns", wide, "the first line isn't the headings of the template", is_heavy=True),
)  # fmt: skip
KINDS = (*FORMS, *RECORDS, *REPORTS, *ARCHIVES, *CSVS)

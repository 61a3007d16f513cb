"""What lies in a spreadsheet (.xlsx), looked at while it is unpacked and counted, before its values are read.

A reader of values leaves out without a word an error, or a formula without its result; and a value in the last row, or one long text
that every cell shares, makes a small file large.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.parsers import expat

from opvang.errors import LoadRefused
from opvang.readers import archive

MOST_CELLS = 1_000_000
# As many as a sheet has rows (an eager hand formats them all), and half a million cells; each takes a microsecond.
MOST_ELEMENTS = 1_500_000
MOST_CHARACTERS = 50_000_000
MOST_SHEETS = 1_000
WORKBOOK, RELATIONS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
WORKSHEETS = "xl/worksheets/"
# What a cell holds, and of which kind it is (ECMA-376, 18.3.1.4 and 18.18.11).
CONTENTS, FORMULA = ("v", "f", "is"), "f"
NUMBER, SHARED, TEXT, ERROR = "n", "s", "str", "e"
# What else comes under the name of .xlsx or looks like one, by a file that is in it.
OTHERS = {
    "xl/vbaProject.bin": "a workbook with macros (.xlsm)",
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "word/document.xml": "a Word document (.docx)",
    "ppt/presentation.xml": "a presentation (.pptx)",
    "content.xml": "an OpenDocument file (.ods)",
}
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
SAVE_AGAIN = "open it in Excel, save it as .xlsx and deliver it again"
DELETE_EMPTY = "delete what lies below and beside the table, and save the file again"
DAMAGED = f"a workbook that is damaged; {SAVE_AGAIN}"


def look(path: Path) -> dict[str, str | None]:
    """The worksheets by name, each with what can't be read in its first cell of that kind; LoadRefused for what is no workbook."""
    parts: dict[str, _Part] = {}
    with archive.opened(path) as unpacked:
        _check_members(set(unpacked.namelist()))
        try:
            for member, piece in archive.chunks(unpacked):
                if kind := _kind(member):
                    parts.setdefault(member, kind()).feed(piece)
        except (expat.ExpatError, LookupError):  # LookupError: an encoding that nobody knows
            raise LoadRefused(DAMAGED) from None
    sheets = _sheets(parts)
    strings = [part.longest for part in parts.values() if isinstance(part, _Strings)]
    _check(list(sheets.values()), max(strings, default=0))
    return {name: sheet.fault for name, sheet in sheets.items()}


def cell(row: int, column: int) -> str:
    """The name of a cell by its row and column, counted from 0."""
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _check_members(members: set[str]) -> None:
    for member, other in OTHERS.items():
        if member in members:
            raise LoadRefused(f"{other}; {SAVE_AGAIN}")
    if not {WORKBOOK, RELATIONS} <= members:
        raise LoadRefused(f"a zip archive that is no workbook; {SAVE_AGAIN}")


def _kind(member: str) -> "Callable[[], _Part] | None":
    """How a file of the archive is looked at, if at all."""
    if member.startswith(WORKSHEETS):
        return _Worksheet
    return {WORKBOOK: _Listing, RELATIONS: _Listing, STRINGS: _Strings}.get(member)


def _check(worksheets: Sequence["_Worksheet"], longest: int) -> None:
    """A wide and empty table costs as much as a full one, a text that many cells share as much as many texts."""
    if sum(sheet.bottom * sheet.right for sheet in worksheets) > MOST_CELLS:
        far = max(worksheets, key=lambda sheet: sheet.bottom * sheet.right)
        raise LoadRefused(f"values as far away as {cell(far.bottom - 1, far.right - 1)}; {DELETE_EMPTY}")
    if longest * sum(sheet.shared for sheet in worksheets) > MOST_CHARACTERS:
        raise LoadRefused("far longer texts than any report has; deliver the template filled in")


def _sheets(parts: Mapping[str, "_Part"]) -> dict[str, "_Worksheet"]:
    """The worksheets by name: the workbook names a relation, the relations a file. One named twice would be read twice."""
    targets = {entry.get("Id"): _file(entry.get("Target", "")) for entry in _listed(parts[RELATIONS])}
    sheets = [entry for entry in _listed(parts[WORKBOOK]) if "sheetId" in entry]
    files = [(entry.get("name", ""), targets.get(entry.get("id"), "")) for entry in sheets]
    if len(dict(files)) < len(files) or len({file for _, file in files}) < len(files):
        raise LoadRefused(DAMAGED)
    found = {name: parts.get(file) for name, file in files}
    return {name: part for name, part in found.items() if isinstance(part, _Worksheet)}


def _listed(part: "_Part") -> list[dict[str, str]]:
    return part.entries if isinstance(part, _Listing) else []


def _file(target: str) -> str:
    """Where in the archive the target of a relation of the workbook lies."""
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _local(name: str) -> str:
    """A name without its namespace, which differs between the two editions of the standard."""
    return name.rpartition("}")[2]


class _Part:
    """A file of the archive that is looked at element by element, while it is unpacked."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _no_doctype

    def feed(self, piece: bytes) -> None:
        """The next bytes of it; ExpatError where they are no XML."""
        self.parser.Parse(piece)


def _no_doctype(*_: Any) -> None:
    """No spreadsheet has a document type, in which an entity may stand for a billion others."""
    raise LoadRefused(DAMAGED)


class _Listing(_Part):
    """The sheets of a workbook, or its relations: the attributes of each."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[dict[str, str]] = []
        self.parser.StartElementHandler = self._begin

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) in ("sheet", "Relationship"):
            self.entries.append({_local(key): value for key, value in attributes.items()})
        if len(self.entries) > MOST_SHEETS:
            raise LoadRefused(DAMAGED)


class _Strings(_Part):
    """The texts that cells share: how long the longest is."""

    def __init__(self) -> None:
        super().__init__()
        self.length = self.longest = 0
        self.parser.StartElementHandler = self._begin
        self.parser.CharacterDataHandler = self._text

    def _begin(self, name: str, _: dict[str, str]) -> None:
        if _local(name) == "si":
            self.length = 0

    def _text(self, text: str) -> None:
        self.length += len(text)
        self.longest = max(self.longest, self.length)


class _Worksheet(_Part):
    """How far the filled cells reach (counted from 1), how many share a text, and which of them can't be read."""

    def __init__(self) -> None:
        super().__init__()
        self.bottom = self.right = self.shared = self.elements = 0
        self.fault: str | None = None
        self.row = self.column = 0
        self.kind, self.is_formula, self.has_value, self.is_within = NUMBER, False, False, False
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        element = _local(name)
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise LoadRefused(f"a sheet of millions of empty cells; {DELETE_EMPTY}")
        if element == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif element == "c":
            self._move(attributes.get("r"))
            self.kind, self.is_formula, self.has_value = attributes.get("t", NUMBER), False, False
        elif element in CONTENTS:
            self.bottom, self.right = max(self.bottom, self.row), max(self.right, self.column)
            self.is_formula |= element == FORMULA
            self.is_within = element != FORMULA

    def _end(self, name: str) -> None:
        element = _local(name)
        if element in CONTENTS:
            self.is_within = False
        elif element == "c":
            self._judge()

    def _text(self, _: str) -> None:
        self.has_value |= self.is_within

    def _move(self, reference: str | None) -> None:
        """To the cell that is named, or to the next."""
        self.column += 1
        if reference is not None:
            named = REFERENCE.fullmatch(reference)
            if named is None:
                raise LoadRefused(DAMAGED)
            self.row, self.column = int(named[2]), _column(named[1])

    def _judge(self) -> None:
        self.shared += self.kind == SHARED
        if self.kind == ERROR:
            self._fail("an error")
        elif self.is_formula and not self.has_value and self.kind != TEXT:
            self._fail("a formula without its result")

    def _fail(self, what: str) -> None:
        self.fault = self.fault or f"cell {cell(self.row - 1, self.column - 1)} holds {what}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number

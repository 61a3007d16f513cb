"""Spreadsheets (.xlsx, ECMA-376): rows of texts, as people see them.

calamine reads the values, and tells days and merged cells; what it would leave out without a word, or what would take too much,
`xlsx_parts` has looked for before.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine

from opvang.errors import LoadRefused
from opvang.readers.xlsx_parts import DAMAGED, cell, look


class Row(NamedTuple):
    """A row that holds something: its number in the sheet, and a text or nothing for each column from A on."""

    number: int
    texts: list[str | None]


class Sheet(NamedTuple):
    """A worksheet; `fault` says of the first cell that can't be read which it is, in words for people."""

    name: str
    rows: list[Row]
    fault: str | None


def sheets(path: Path) -> Iterator[Sheet]:
    """The worksheets of a workbook, hidden ones and hidden rows too; LoadRefused for what is none, or would be too much."""
    faults = look(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                if name in faults:
                    yield _sheet(book.get_sheet_by_name(name), faults[name])
    except python_calamine.CalamineError:
        raise LoadRefused(DAMAGED) from None


def _sheet(found: python_calamine.CalamineSheet, fault: str | None) -> Sheet:
    values = found.to_python(skip_empty_area=False)
    rows = [Row(number, [_text(value) for value in row]) for number, row in enumerate(values, start=1)]
    merged = (f"cells {cell(*first)} to {cell(*last)} are merged" for first, last in found.merged_cell_ranges or ())
    return Sheet(found.name, [row for row in rows if any(row.texts)], fault or next(merged, None))


def _text(value: Any) -> str | None:
    """A value as its sheet means it: numbers with the 15 digits that a spreadsheet holds, days as 2022-04-25."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return _characters(str(value)) or None


def _characters(text: str) -> str:
    """XML says a character that it can't hold as _x0000_; what no text can hold is refused as it is in other forms."""
    if "\0" in text:
        raise LoadRefused("NUL bytes in the file; deliver it as text")
    return text

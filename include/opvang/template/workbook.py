"""The template as an Excel workbook: a sheet that explains and asks for the fields of the report, and a sheet for its table."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from opvang.contract import Contract
from opvang.template.fields import Field, Values, fields, report_fields, spoken, words

# Below this row no drop-down is offered; a report has far fewer.
MOST_ROWS = 5_000
FIRST_DATE = date(2000, 1, 1)
# The moment that stands in the file as its making: a real one would make every file another.
MADE_AT = datetime(2022, 3, 1)
A4 = 9
LONGEST_PROMPT, LONGEST_TITLE = 255, 32
LINE_HEIGHT, HEADING_HEIGHT = 15, 48
REPORT_WIDTHS = (24, 30, 20, 64, 70)
NARROWEST = 22
BLUE, LIGHT, LINE = "#154273", "#E8EEF5", "#C8D0DA"
FILLED_IN = {"locked": False, "valign": "top"}
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": BLUE},
    "small": {"font_color": "#4A5764"},
    "block": {"bold": True, "font_size": 12, "font_color": BLUE},
    "heading": {"bold": True, "font_color": "white", "bg_color": BLUE, "text_wrap": True, "valign": "top"},
    "optional heading": {"bold": True, "font_color": BLUE, "bg_color": LIGHT, "text_wrap": True, "valign": "top"},
    "said": {"text_wrap": True, "valign": "top", "border": 1, "border_color": LINE},
}
# How a kind of value is shown; text that looks like a number keeps its zeros.
SHOWN = {"string": "@", "integer": "0", "boolean": "@", "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}
ASKED = {"bg_color": "#FFF6D6", "border": 1, "border_color": BLUE, "align": "left"}
MAY = ("select_locked_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort")


def workbook(terms: Contract, report: Values, rows: Sequence[Values]) -> bytes:
    """The template, filled in with the fields of a report and with rows, said as in JSON."""
    return _Workbook(terms).filled(report, rows)


class _Workbook:
    """A workbook in the making."""

    def __init__(self, terms: Contract) -> None:
        self.terms, self.words, self.content = terms, words(terms.source), io.BytesIO()
        self.book = xlsxwriter.Workbook(self.content, {"in_memory": True})
        self.book.set_properties({"title": self.words["title"], "created": MADE_AT})
        self.looks = {name: self.book.add_format(dict(look)) for name, look in LOOKS.items()}
        self.of_report = self._kinds(FILLED_IN | ASKED)
        self.of_table = self._kinds(FILLED_IN)

    def filled(self, report: Values, rows: Sequence[Values]) -> bytes:
        """The bytes of the workbook."""
        self._explain(self._sheet("report"), report)
        self._tabulate(self._sheet("table"), rows)
        self.book.close()
        return self.content.getvalue()

    def _kinds(self, look: Mapping[str, Any]) -> dict[str, Format]:
        return {kind: self.book.add_format({**look, "num_format": shown}) for kind, shown in SHOWN.items()}

    def _sheet(self, name: str) -> Worksheet:
        sheet: Worksheet = self.book.add_worksheet(self.words["sheets"][name])
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _explain(self, sheet: Worksheet, report: Values) -> None:
        for column, width in enumerate(REPORT_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.hide_gridlines(2)
        sheet.write(0, 0, self.words["title"], self.looks["title"])
        sheet.write(1, 0, f"Sjabloon {self.terms.source}, versie {self.terms.version}", self.looks["small"])
        introduction = self.words["introduction"]
        for row, line in enumerate(introduction, start=3):
            sheet.write(row, 0, line)
        below = self._ask(sheet, 4 + len(introduction), report)
        self._describe(sheet, below + 1)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _ask(self, sheet: Worksheet, top: int, report: Values) -> int:
        """The fields of the report, each with a cell to fill in; returns the row below them."""
        self._block(sheet, top, "report", ("field", "label", "value", "meaning", "is_required"))
        asked = report_fields(self.terms)
        for row, field in enumerate(asked, start=top + 2):
            self._say(sheet, row, (field.name, field.label, "", field.meaning, self._yes_or_no(field.is_required)))
            _put(sheet, row, 2, report.get(field.name), field.kind, self.of_report[field.kind])
            if condition := self._condition(field):
                sheet.data_validation(row, 2, row, 2, condition)
        return top + 2 + len(asked)

    def _describe(self, sheet: Worksheet, top: int) -> None:
        """What each column of the table means."""
        self._block(sheet, top, "table", ("field", "label", "is_required", "meaning", "allowed"))
        for row, field in enumerate(fields(self.terms), start=top + 2):
            said = (field.name, field.label, self._yes_or_no(field.is_required), field.meaning, self._allowed(field))
            self._say(sheet, row, said)

    def _block(self, sheet: Worksheet, top: int, name: str, headings: Sequence[str]) -> None:
        sheet.write(top, 0, self.words["blocks"][name], self.looks["block"])
        for column, heading in enumerate(headings):
            sheet.write(top + 1, column, self.words["headings"][heading], self.looks["heading"])

    def _say(self, sheet: Worksheet, row: int, texts: Sequence[str]) -> None:
        """A row of texts, as high as the longest needs: not every program finds that out by itself."""
        lines = max(-(-len(text) // width) for text, width in zip(texts, REPORT_WIDTHS, strict=True))
        sheet.set_row(row, LINE_HEIGHT * lines)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, self.looks["said"])

    def _yes_or_no(self, value: bool) -> str:
        return str(spoken(self.terms, value))

    def _allowed(self, field: Field) -> str:
        named = (f"{value} ({self.words['values'][value]})" for value in field.allowed)
        return ", ".join(named) or str(self.words["kinds"][field.kind])

    def _tabulate(self, sheet: Worksheet, rows: Sequence[Values]) -> None:
        asked = fields(self.terms)
        sheet.set_row(0, HEADING_HEIGHT)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        for column, field in enumerate(asked):
            # The whole column is unlocked and shown as its kind, so that rows can be added below the last.
            sheet.set_column(column, column, max(NARROWEST, len(field.name) + 5), self.of_table[field.kind])
            heading = "heading" if field.is_required else "optional heading"
            sheet.write_string(0, column, f"{field.name}\n{field.label}", self.looks[heading])
            sheet.data_validation(1, column, MOST_ROWS, column, self._prompted(field))
        for row, values in enumerate(rows, start=1):
            for column, field in enumerate(asked):
                value = spoken(self.terms, values[field.name])
                _put(sheet, row, column, value, field.kind, self.of_table[field.kind])
        sheet.protect("", dict.fromkeys(MAY, True))

    def _prompted(self, field: Field) -> dict[str, Any]:
        """What may be filled in, with an explanation that appears beside the cell."""
        prompt = "\n".join([field.meaning, *(f"{value}: {self.words['values'][value]}" for value in field.allowed)])
        said = {"input_title": field.label[:LONGEST_TITLE], "input_message": prompt[:LONGEST_PROMPT]}
        return {"validate": "any", **self._condition(field), **said}

    def _condition(self, field: Field) -> dict[str, Any]:
        """What a spreadsheet lets people fill in; nothing where it is any text."""
        if field.allowed:
            return self._wrong("list") | {"validate": "list", "source": list(field.allowed)}
        if field.kind == "boolean":
            return self._wrong("boolean") | {"validate": "list", "source": list(self.words["answers"].values())}
        if field.kind == "integer":
            return self._wrong("integer") | {"validate": "integer", "criteria": ">=", "value": 0}
        if field.kind == "date":
            return self._wrong("date") | {"validate": "date", "criteria": ">=", "value": FIRST_DATE}
        return {}

    def _wrong(self, kind: str) -> dict[str, str]:
        return {"error_title": self.words["wrong"]["title"], "error_message": self.words["wrong"][kind]}


def _put(sheet: Worksheet, row: int, column: int, value: Any, kind: str, look: Format) -> None:
    """A value as a spreadsheet holds it: a text never as a formula, a day or a moment as a number that is shown as one."""
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif kind == "date":
        sheet.write_datetime(row, column, date.fromisoformat(value), look)
    elif kind == "moment":
        sheet.write_datetime(row, column, datetime.fromisoformat(value).replace(tzinfo=None), look)
    elif kind == "integer":
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, value, look)

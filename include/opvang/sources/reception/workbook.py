"""The template filled in as a workbook: one sheet holds the table, known by its headings, another the fields of the report."""

from collections.abc import Sequence

import polars as pl

from opvang.contract import Contract
from opvang.errors import LoadRefused, SourceChanged
from opvang.readers import forms, template, xlsx
from opvang.readers.xlsx import Sheet
from opvang.sources import Delivered
from opvang.sources.reception import envelope, table

# Where the sheet with the fields of the report names one, and where it is filled in.
NAME, VALUE = 0, 2


def rows(delivery: Delivered, contract: Contract) -> pl.DataFrame:
    """The locations as text; `line_no` is the row of the sheet."""
    forms.check_size(delivery.path, contract.form["largest_mb"])
    sheets = list(xlsx.sheets(delivery.path))
    found = _table(sheets, contract)
    region, as_of = (_told(sheets, name) for name in (envelope.REGION, envelope.MOMENT))
    envelope.check(region, as_of, delivery, contract)
    return _rows(found, contract)


def _table(sheets: Sequence[Sheet], contract: Contract) -> Sheet:
    """The one sheet whose first filled row holds the headings of the template, whatever it is called."""
    found = [sheet for sheet in sheets if sheet.rows and table.is_heading(_headings(sheet), contract)]
    if not found:
        raise SourceChanged(f"no sheet begins with the headings of the template; {table.TEMPLATE}")
    if len(found) > 1:
        raise SourceChanged("two sheets with locations; deliver all locations in one sheet")
    if found[0].fault:
        raise LoadRefused(f"{found[0].fault}; put a plain value into each cell and deliver the workbook again")
    return found[0]


def _headings(sheet: Sheet) -> list[str]:
    return table.names(sheet.rows[0].texts)


def _told(sheets: Sequence[Sheet], name: str) -> str:
    """What the report says of itself."""
    named = (row.texts for sheet in sheets for row in sheet.rows if row.texts[NAME] == name)
    values = [texts[VALUE] for texts in named if len(texts) > VALUE and texts[VALUE]]
    if not values:
        raise SourceChanged(f"{name} isn't filled in on the first sheet; {table.TEMPLATE}")
    return str(pl.select(template.day(pl.lit(values[0]))).item())


def _rows(found: Sheet, contract: Contract) -> pl.DataFrame:
    at = table.positions(_headings(found), contract)
    below = found.rows[1:]
    columns = {name: pl.Series(name, [row.texts[place] for row in below], pl.String) for name, place in at.items()}
    lines = pl.Series("line_no", [row.number for row in below], pl.Int32)
    return table.as_in_json(pl.DataFrame({"line_no": lines, **columns}), contract)

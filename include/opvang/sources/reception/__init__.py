"""The daily report of a safety region on its locations: a JSON document, or the template filled in as a workbook or as CSV.

Which one it is, its content says and not its name. Each becomes the same rows.
"""

from collections.abc import Iterator
from pathlib import Path

from opvang.contract import Contract
from opvang.sources import Batch, Delivered
from opvang.sources.reception import delimited, document, workbook
from opvang.sources.reception.recognise import Form, form_of

FORMS = {Form.JSON: document.rows, Form.XLSX: workbook.rows, Form.CSV: delimited.rows}


def form(path: Path) -> str:
    """json, xlsx or csv, which the ledger notes."""
    return form_of(path)


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """One row per location. The report must be the supplier's own and about the reference date."""
    rows = FORMS[form_of(delivery.path)]
    yield {"locations": rows(delivery, contract)}

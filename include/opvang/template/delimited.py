"""The template as CSV, the way a Dutch Excel saves it: semicolons, a byte order mark, ends of lines as in Windows."""

import csv
import io
from collections.abc import Sequence

from opvang.contract import Contract
from opvang.template.fields import Values, fields, report_fields, spoken

DELIMITER = ";"


def delimited(terms: Contract, report: Values, rows: Sequence[Values]) -> bytes:
    """The template, filled in with rows that are said as in JSON; each row begins with whose report it is, and of which day."""
    own = [field.name for field in report_fields(terms) if field.is_required]
    names = [field.name for field in fields(terms)]
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=DELIMITER)
    table.writerow([*own, *names])
    of_report = [report.get(name) for name in own]
    table.writerows([*of_report, *(spoken(terms, row[name]) for name in names)] for row in rows)
    return text.getvalue().encode("utf-8-sig")

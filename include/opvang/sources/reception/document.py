"""The report as one JSON document with its locations."""

from typing import Any

import polars as pl

from opvang.contract import Contract
from opvang.errors import SourceChanged
from opvang.readers import json
from opvang.sources import Delivered
from opvang.sources.reception import envelope

REPORT = {"report_id", envelope.REGION, envelope.MOMENT, "submitted_at", "locations"}


def rows(delivery: Delivered, contract: Contract) -> pl.DataFrame:
    """The locations as text, numbered in the order of the list."""
    report = json.document(delivery.path, contract.form["encoding"], contract.form["largest_mb"])
    _check(report)
    envelope.check(str(report[envelope.REGION]), str(report[envelope.MOMENT]), delivery, contract)
    return json.frame(report["locations"])


def _check(report: Any) -> None:
    if (
        not isinstance(report, dict)
        or not isinstance(report.get("locations"), list)
        or not all(isinstance(row, dict) for row in report["locations"])
    ):
        raise SourceChanged(
            "not a report with a list of locations; deliver the document that docs/sources/reception.md describes"
        )
    if report.keys() != REPORT:
        odd = ", ".join(sorted(report.keys() ^ REPORT))
        raise SourceChanged(f"missing or unknown fields in the report: {odd}; deliver {', '.join(sorted(REPORT))}")

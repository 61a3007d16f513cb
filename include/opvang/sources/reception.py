"""The daily report of a safety region: one JSON document with its locations."""

from collections.abc import Iterator
from typing import Any

from opvang.contract import Contract
from opvang.errors import LoadRefused, SourceChanged
from opvang.readers import json
from opvang.sources import Batch, Delivered

REPORT = {"report_id", "vr_code", "as_of", "submitted_at", "locations"}


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """One row per location. The report must be the supplier's own and about the reference date."""
    report = json.document(delivery.path, contract.form["encoding"])
    _check(report, delivery)
    yield {"locations": json.frame(report["locations"])}


def _check(report: Any, delivery: Delivered) -> None:
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
    if report["vr_code"] != delivery.supplier:
        raise LoadRefused(
            f"a report of {report['vr_code']} delivered by {delivery.supplier}; each region delivers its own"
        )
    if str(report["as_of"])[:10] != delivery.reference_date.isoformat():
        raise LoadRefused(
            f"a report as of {str(report['as_of'])[:10]} delivered for {delivery.reference_date}; deliver it under its own day"
        )

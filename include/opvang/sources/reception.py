"""The daily report of a safety region: one JSON document with its locations."""

import re
from collections.abc import Iterator
from typing import Any

from opvang.contract import Contract
from opvang.errors import LoadRefused, SourceChanged
from opvang.readers import json
from opvang.sources import Batch, Delivered

REPORT = {"report_id", "vr_code", "as_of", "submitted_at", "locations"}
IS_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """One row per location. The report must be the supplier's own and about the reference date."""
    report = json.document(delivery.path, contract.form["encoding"], contract.form["largest_mb"])
    _check(report, delivery, contract)
    yield {"locations": json.frame(report["locations"])}


def _check(report: Any, delivery: Delivered, contract: Contract) -> None:
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
    _check_envelope(str(report["vr_code"]), str(report["as_of"])[:10], delivery, contract)


def _check_envelope(region: str, day: str, delivery: Delivered, contract: Contract) -> None:
    """A message quotes what is a region or a day, and nothing else."""
    if region != delivery.supplier:
        whose = region if contract.covers(region) else "no region"
        raise LoadRefused(f"a report of {whose} delivered by {delivery.supplier}; each region delivers its own")
    if day != delivery.reference_date.isoformat():
        about = day if IS_DAY.fullmatch(day) else "no day"
        raise LoadRefused(
            f"a report as of {about} delivered for {delivery.reference_date}; deliver it under its own day"
        )

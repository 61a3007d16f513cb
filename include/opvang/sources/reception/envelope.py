"""A report must be the supplier's own and about the reference date: what it says of both, beside its envelope."""

import re

from opvang.contract import Contract
from opvang.errors import LoadRefused
from opvang.sources import Delivered

REGION, MOMENT = "vr_code", "as_of"
IS_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check(region: str, as_of: str, delivery: Delivered, contract: Contract) -> None:
    """LoadRefused for another's report or another day's; it quotes what is a region or a day, and nothing else."""
    if region != delivery.supplier:
        whose = region if contract.covers(region) else "no region"
        raise LoadRefused(f"a report of {whose} delivered by {delivery.supplier}; each region delivers its own")
    day = as_of[:10]
    if day != delivery.reference_date.isoformat():
        about = day if IS_DAY.fullmatch(day) else "no day"
        raise LoadRefused(
            f"a report as of {about} delivered for {delivery.reference_date}; deliver it under its own day"
        )

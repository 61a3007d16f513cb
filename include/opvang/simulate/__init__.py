"""A spring of 2022 that never was: deliveries calibrated to the figures that were published, and no real person in them."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from opvang.errors import UsageError
from opvang.simulate import claims, decisions
from opvang.simulate.brp import selections
from opvang.simulate.calibration import days_between, selection_days
from opvang.simulate.chance import stream
from opvang.simulate.delivery import Delivery, moment
from opvang.simulate.energy import contracts
from opvang.simulate.ownership import packages
from opvang.simulate.reception import REGIONS, reports

# 400,000 persons take 1.2 GB of memory.
MOST_PERSONS = 1_000_000
FIRST_DAY, LAST_DAY = date(2022, 3, 28), date(2022, 5, 12)

Progress = Callable[[str, int, int], None]


def simulate(
    inbox: Path,
    *,
    first_day: date = FIRST_DAY,
    last_day: date = LAST_DAY,
    seed: int = 2022,
    persons: int | None = None,
    region_api: Path | None = None,
    progress: Progress | None = None,
) -> int:
    """Write the deliveries of these days and return how many there are: the same bytes and moments of receipt for the same seed.

    Documents of regions lie in the folder `region_api` if there is one, in the same order: what regions with an API of their own serve.
    `persons` is how many are registered in the BRP on the last day; without it, as many as were published.
    `progress` hears the source, the deliveries written and how many there will be.
    """
    if last_day < first_day:
        raise UsageError(f"the last day, {last_day}, lies before the first, {first_day}")
    if persons is not None and persons < 0:
        raise UsageError(f"{persons} persons can't be simulated")
    if persons is not None and persons > MOST_PERSONS:
        raise UsageError(f"{persons:,} persons want more memory than a machine has; simulate at most {MOST_PERSONS:,}")
    counts = {
        "energy_contracts": len(contracts(first_day, last_day, seed)),
        "ownership": len(list(packages(first_day, last_day, seed))),
        "sanction_decisions": len(list(decisions.deliveries(first_day, last_day, seed))),
        "claims": len(list(claims.deliveries(first_day, last_day, seed))),
        "reception": REGIONS * len(days_between(first_day, last_day)),
        "brp": len(selection_days(first_day, last_day)),
    }
    written = 0
    for source, deliveries in _deliveries(first_day, last_day, seed, persons):
        for number, delivery in enumerate(deliveries, start=1):
            delivery.write(region_api if region_api and delivery.is_document_of_a_region else inbox)
            written += 1
            if progress:
                progress(source, number, counts[source])
    return written


def _deliveries(first: date, last: date, seed: int, persons: int | None) -> list[tuple[str, Iterator[Delivery]]]:
    return [
        ("energy_contracts", iter(contracts(first, last, seed))),
        ("ownership", packages(first, last, seed)),
        ("sanction_decisions", decisions.deliveries(first, last, seed)),
        ("claims", claims.deliveries(first, last, seed)),
        ("reception", reports(first, last, seed)),
        ("brp", _selections(first, last, seed, persons)),
    ]


def _selections(first: date, last: date, seed: int, persons: int | None) -> Iterator[Delivery]:
    """The national selections, delivered in the evening."""
    for day, content in selections(first, last, seed, persons):
        received = moment(day, 20, stream(seed, "selection", day), 150)
        yield Delivery("brp", "rvig", day, f"{day:%Y%m%d}_selectie_persoonslijsten.csv", content, received)

"""Who is authorised to go on with which contract in the simulated 2022, and the ministry's deliveries that say so.

Decided on the days of the published facts: in September until the end of the year for nearly all who had not left, in October until the end of March.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from opvang import template
from opvang.contract import contract
from opvang.simulate.agreements import LAST_DAY, Agreement, agreements, is_exposed
from opvang.simulate.chance import stream
from opvang.simulate.delivery import Delivery, moment
from opvang.simulate.facts import Row, facts

SUPPLIER, BODY = "ezk", "Ministerie van Economische Zaken en Klimaat"
CONDITION = "Alleen voor wat strikt noodzakelijk is en zolang geen andere leverancier zich meldt"
# Every third request is also that of a body that is no municipality; every second names contracts, the others the supplier.
WITH_WATER_BOARD, WITH_CONTRACTS = 3, 2
ALL_WITH_THE_SUPPLIER = {"penvoerder": "", "contractnummer": ""}


@dataclass(frozen=True)
class Decision:
    """An authorisation for the municipalities of a region that asked together, each for its contract."""

    reference: str
    region: str
    decided: date
    valid_from: date
    valid_until: date
    held: tuple[tuple[Row, Agreement], ...]


@cache
def decisions(seed: int) -> tuple[Decision, ...]:
    """Every decision of the year, in the order of their days and regions."""
    return tuple(_decided(seed))


def deliveries(first: date, last: date, seed: int) -> Iterator[Delivery]:
    """On each day on which something was decided, all decisions so far; on the first day those of before."""
    days = {one.decided for one in decisions(seed) if first < one.decided <= last}
    for day in sorted({first} | days):
        if taken := [one for one in decisions(seed) if one.decided <= day]:
            content = template.delimited(
                contract("sanction_decisions"), {}, [row for one in taken for row in _rows(one)]
            )
            received = moment(day, 16, stream(seed, "decisions", day), 60)
            yield Delivery("sanction_decisions", SUPPLIER, day, f"ontheffingen_{day}.csv", content, received)


def _decided(seed: int) -> Iterator[Decision]:
    """Who was authorised before may ask for more; who was not asks no more."""
    asking = [
        (share.town, one) for one in agreements(seed) if is_exposed(one) and one.ends > LAST_DAY for share in one.shares
    ]
    for fact in facts("authorisations"):
        rng = stream(seed, "authorisations", fact["decided_date"])
        asking = [each for each in asking if int(rng.integers(100)) < int(fact["asked_pct"])]
        decided, valid_from, valid_until = (
            date.fromisoformat(fact[name]) for name in ("decided_date", "valid_from_date", "valid_until_date")
        )
        for region in sorted({town["vr_code"] for town, _ in asking}):
            held = tuple(each for each in asking if each[0]["vr_code"] == region)
            yield Decision(f"SIM-{decided}-{region}", region, decided, valid_from, valid_until, held)


def _rows(decision: Decision) -> Iterator[dict[str, str]]:
    supplier = facts("energy_suppliers")[0]
    number = int(decision.region[2:])
    said = {
        "kenmerk": decision.reference,
        "beslisser": BODY,
        "besloten_op": f"{decision.decided:%d-%m-%Y}",
        "geldig_vanaf": f"{decision.valid_from:%d-%m-%Y}",
        "geldig_tot_en_met": f"{decision.valid_until:%d-%m-%Y}",
        "voorwaarden": CONDITION,
        "leverancier": supplier["supplier_name"],
        "register_leverancier": "NL-SIM",
        "nummer_leverancier": supplier["supplier_id"],
    }
    for town, agreement in decision.held:
        holder = {"houder": town["naam_tabel33"], "register_houder": "", "nummer_houder": town["gm_code"]}
        lead = agreement.lead["gm_code"]
        named = {"penvoerder": lead if lead != town["gm_code"] else "", "contractnummer": agreement.key}
        yield said | holder | (named if number % WITH_CONTRACTS == 0 else ALL_WITH_THE_SUPPLIER)
    if number % WITH_WATER_BOARD == 0:
        board = f"NL-SIM-WS-{number}"
        holder = {"houder": f"Waterschap van {decision.region}", "register_houder": "NL-SIM", "nummer_houder": board}
        yield said | holder | ALL_WITH_THE_SUPPLIER

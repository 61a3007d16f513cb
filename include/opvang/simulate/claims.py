"""What municipalities claim after contracts that ended early in the simulated 2022, what the ministry makes of it, and the deliveries that say so.

How often and how much is invented (facts/claims.csv): no figures were published.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import count, pairwise

from opvang import template
from opvang.contract import contract
from opvang.simulate.agreements import Agreement, Rng, Share, agreements, is_exposed
from opvang.simulate.chance import stream
from opvang.simulate.delivery import Delivery, moment
from opvang.simulate.energy import mondays
from opvang.simulate.facts import Row, facts

CLAIMED_AFTER, DECIDED_AFTER, PAID_AFTER = (10, 40), (30, 90), (10, 30)
WHOLLY_APPROVED_PCT, LEAST_APPROVED_PCT = 60, 40
NEVER = "0"


@dataclass(frozen=True)
class Claim:
    """One claim and what becomes of it; amounts in cents. A price difference is never decided."""

    number: str
    town: str
    lead: str
    contract: str
    kind: str
    claimed_cents: int
    claimed: date
    approved_cents: int | None = None
    decided: date | None = None
    paid: date | None = None

    def changes(self) -> Iterator[date]:
        """The days on which there is something to tell of it."""
        yield from (day for day in (self.claimed, self.decided, self.paid) if day)


@cache
def claims(seed: int) -> tuple[Claim, ...]:
    """Every claim, in the order of the municipalities' own numbers."""
    numbers: dict[str, count[int]] = {}
    ended = [one for one in agreements(seed) if is_exposed(one) and one.is_terminated]
    made = [
        _claim(f"{town}-{next(numbers.setdefault(town, count(1))):03}", one, share, kind, rng)
        for one in ended
        for share in one.shares
        for town in [share.town["gm_code"]]
        for rng in [stream(seed, "claims", one.key, town)]
        for kind in facts("claims")
        if int(rng.integers(100)) < int(kind["happens_pct"])
    ]
    return tuple(sorted(made, key=lambda claim: claim.number))


def deliveries(first: date, last: date, seed: int) -> Iterator[Delivery]:
    """On the first day and each Monday after it, all claims of every municipality that has something new to tell."""
    for before, day in pairwise([date.min, first, *mondays(first, last)]):
        for town, own in _by_town(seed).items():
            if any(before < change <= day for claim in own for change in claim.changes()):
                rows = [_row(claim, day) for claim in own if claim.claimed <= day]
                content = template.delimited(contract("claims"), {}, rows)
                received = moment(day, 13, stream(seed, "claims delivery", town, day), 180)
                yield Delivery("claims", town, day, f"claims_{town}_{day}.csv", content, received)


def _by_town(seed: int) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in claims(seed):
        found.setdefault(claim.town, []).append(claim)
    return found


def _claim(number: str, ended: Agreement, share: Share, kind: Row, rng: Rng) -> Claim:
    """A part of what the contract was worth to this municipality; some claims are approved in part, some not at all."""
    all_volume = sum(each.yearly_volume for each in ended.shares)
    pct = int(rng.integers(int(kind["least_pct_of_value"]), int(kind["most_pct_of_value"]) + 1))
    claimed_cents = ended.value_eur * share.yearly_volume * pct // all_volume + int(rng.integers(100))
    claimed = ended.ends + _some_days(CLAIMED_AFTER, rng)
    made = Claim(number, share.town["gm_code"], ended.lead["gm_code"], ended.key, kind["kind"], claimed_cents, claimed)
    chance, wholly, approved_pct = (int(rng.integers(100)) for _ in range(3))
    decided = claimed + _some_days(DECIDED_AFTER, rng)
    paid = decided + _some_days(PAID_AFTER, rng)
    if kind["approved_pct"] == NEVER:
        return made
    if chance >= int(kind["approved_pct"]):
        return replace(made, approved_cents=0, decided=decided)
    pct = 100 if wholly < WHOLLY_APPROVED_PCT else LEAST_APPROVED_PCT + approved_pct * (100 - LEAST_APPROVED_PCT) // 100
    return replace(made, approved_cents=claimed_cents * pct // 100, decided=decided, paid=paid)


def _some_days(bounds: tuple[int, int], rng: Rng) -> timedelta:
    return timedelta(days=int(rng.integers(*bounds)))


def _row(claim: Claim, day: date) -> dict[str, str]:
    """The claim as it stands on that day."""
    is_decided = claim.decided is not None and claim.decided <= day
    is_paid = claim.paid is not None and claim.paid <= day
    approved = _euro(claim.approved_cents)
    return {
        "claimnummer": claim.number,
        "gemeente": claim.town,
        "penvoerder": claim.lead if claim.lead != claim.town else "",
        "contractnummer": claim.contract,
        "soort": claim.kind,
        "geclaimd_eur": _euro(claim.claimed_cents),
        "geclaimd_op": _dutch(claim.claimed),
        "toegekend_eur": approved if is_decided else "",
        "besloten_op": _dutch(claim.decided) if is_decided else "",
        "betaald_eur": approved if is_paid else "",
        "betaald_op": _dutch(claim.paid) if is_paid else "",
    }


def _euro(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100},{cents % 100:02}"


def _dutch(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""

"""Which municipality buys which energy from whom in the simulated 2022: the contracts themselves, before anyone writes them down.

120 municipalities burn gas of Gazprom Energy, a third of them by way of joint purchasing groups; most leave it before 10 October.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import numpy as np

from opvang.simulate.chance import Ints, stream, weighted
from opvang.simulate.facts import Row, facts, municipalities

WITH_CONTRACTS, EXPOSED = 340, 120
GROUPS, SMALLEST_GROUP = 6, 5
GAS = "natural_gas"
OTHER_CARRIERS = (("electricity", 85), ("district_heating", 15))
EUR_PER_INHABITANT_AND_YEAR = {GAS: (3, 9), "electricity": (5, 14), "district_heating": (1, 4)}
VOLUME_PER_INHABITANT = {GAS: (6, 14), "electricity": (40, 90), "district_heating": (1, 3)}
INHABITANTS_PER_CONNECTION = (300, 900)
FIRST_START, LAST_START, FIRST_END, LAST_END = 2018, 2022, 2022, 2026
END_DAYS = ("12-31", "12-31", "12-31", "12-31", "12-31", "06-30", "09-30", "03-31")
# What happens to contracts in 2022. Ended contracts end before the tenth of October.
LEAVES_PCT, SUCCEEDED_PCT, PROLONGED_PCT = 60, 70, 3
FIRST_NEWS, NEWS_DAYS, LAST_DAY = date(2022, 4, 4), 170, date(2022, 10, 9)
SUBCONTRACTED, SUBCONTRACTOR_SHARES = 6, (8, 15, 25)
# Tenders received: not always told; in 2022 hardly anyone bid.
TENDERS_TOLD_PCT, MOST_TENDERS, MOST_TENDERS_IN_2022 = 75, 6, 2
# Contracts whose buyer typed the supplier's name and no number; one of them is with the supplier in question.
NAMED_ONLY = 6
Rng = np.random.Generator


@dataclass(frozen=True)
class Share:
    """What one municipality takes under a contract, in the unit of its carrier a year."""

    town: Row
    connections: int
    yearly_volume: int


@dataclass(frozen=True)
class Agreement:
    """One contract. `news` is the day on which another last day is agreed, `last_day` then the one that holds."""

    process: str
    number: int
    lead: Row
    shares: tuple[Share, ...]
    carrier: str
    supplier: Row
    signed: date
    start: date
    end: date
    value_eur: int
    news: date | None = None
    last_day: date | None = None
    is_terminated: bool = False
    subcontractor: Row | None = None
    subcontractor_pct: int = 0
    tenders: int | None = None
    is_named_only: bool = False

    @property
    def key(self) -> str:
        """The lead buyer's own number of the contract."""
        return f"{self.process}-contract-{self.number}"

    @property
    def told_supplier(self) -> Row:
        """The supplier as the buyer tells it: name and number, or the name alone, as it was typed."""
        if not self.is_named_only:
            return self.supplier
        return self.supplier | {"supplier_id": "", "supplier_name": self.supplier["typed_name"]}

    @property
    def ends(self) -> date:
        """The last day of delivery, after all that became of it."""
        return self.last_day or self.end

    def changes(self) -> Iterator[date]:
        """The days on which there is something to tell of it."""
        yield self.signed
        if self.news:
            yield self.news
        if self.is_terminated:
            yield self.ends


@cache
def agreements(seed: int) -> tuple[Agreement, ...]:
    """Every contract of the year, in the order of the municipalities that concluded them."""
    towns = municipalities()
    order = stream(seed, "energy").permutation(len(towns)).tolist()
    exposed = [towns[at] for at in order[:EXPOSED]]
    groups = _groups(exposed)
    joined = {share["gm_code"] for group in groups for share in group}
    own = [
        agreement
        for at in sorted(order[:WITH_CONTRACTS])
        for agreement in _own(towns[at], seed, towns[at] in exposed, buys_gas=towns[at]["gm_code"] not in joined)
    ]
    made = own + [_joint(group, seed) for group in groups]
    told = _named_only([_with_tenders(one, seed) for one in _with_2022(made, seed)], seed)
    return tuple(sorted(told, key=lambda one: (one.process, one.number)))


def is_exposed(agreement: Agreement) -> bool:
    """Whether the supplier is the one whose owner is asked for."""
    return agreement.supplier == facts("energy_suppliers")[0]


def _groups(exposed: list[Row]) -> list[list[Row]]:
    """The exposed municipalities of some regions buy together; the largest leads."""
    regions: dict[str, list[Row]] = {}
    for town in exposed:
        regions.setdefault(town["vr_code"], []).append(town)
    large = [regions[code] for code in sorted(regions) if len(regions[code]) >= SMALLEST_GROUP]
    return [sorted(group, key=_inhabitants, reverse=True) for group in large[:GROUPS]]


def _own(town: Row, seed: int, exposed: bool, *, buys_gas: bool) -> Iterator[Agreement]:
    """Gas for all; electricity for most; heat for some. A third bought everything in one process, the others one by one."""
    rng = stream(seed, "energy", town["gm_code"])
    others = [name for name, pct in OTHER_CARRIERS if int(rng.integers(100)) < pct]
    carriers = [GAS, *others] if buys_gas else others
    together = int(rng.integers(3)) == 0
    for at, carrier in enumerate(carriers, start=1):
        process, number = (1, at) if together else (at, 1)
        made = _agreement(f"{town['gm_code']}-{process}", [town], carrier, rng, exposed and carrier == GAS)
        yield replace(made, number=number)


def _joint(group: list[Row], seed: int) -> Agreement:
    lead = group[0]["gm_code"]
    return _agreement(f"{lead}-joint", group, GAS, stream(seed, "energy group", lead), exposed=True)


def _agreement(process: str, towns: list[Row], carrier: str, rng: Rng, exposed: bool) -> Agreement:
    suppliers = facts("energy_suppliers")
    chosen = 0 if exposed else int(weighted(rng, _weights(suppliers, carrier), 1)[0])
    start = date(int(rng.integers(FIRST_START, LAST_START + 1)), 1, 1)
    end = _end(start, rng)
    inhabitants = sum(map(_inhabitants, towns))
    years = end.year - start.year + 1
    return Agreement(
        process=process,
        number=1,
        lead=towns[0],
        shares=tuple(_share(town, carrier, rng) for town in towns),
        carrier=carrier,
        supplier=suppliers[chosen],
        signed=date(start.year - 1, int(rng.integers(3, 13)), int(rng.integers(1, 29))),
        start=start,
        end=end,
        value_eur=inhabitants * int(rng.integers(*EUR_PER_INHABITANT_AND_YEAR[carrier])) * years // 100 * 100,
    )


def _share(town: Row, carrier: str, rng: Rng) -> Share:
    inhabitants = _inhabitants(town)
    connections = 1 + inhabitants // int(rng.integers(*INHABITANTS_PER_CONNECTION))
    return Share(town, connections, inhabitants * int(rng.integers(*VOLUME_PER_INHABITANT[carrier])))


def _end(start: date, rng: Rng) -> date:
    """From 31 December 2022 on, most at the end of a year, none beyond 2026."""
    year = int(rng.integers(max(FIRST_END, start.year), LAST_END + 1))
    month_day = END_DAYS[int(rng.integers(len(END_DAYS)))] if year > FIRST_END else "12-31"
    return date.fromisoformat(f"{year}-{month_day}")


def _with_2022(made: list[Agreement], seed: int) -> Iterator[Agreement]:
    """What the year does to each: ended, and mostly succeeded; prolonged; or with the supplier in question behind another."""
    behind = _subcontracted(made, seed)
    for agreement in made:
        rng = stream(seed, "energy 2022", agreement.key)
        news = FIRST_NEWS + timedelta(days=int(rng.integers(NEWS_DAYS)))
        if is_exposed(agreement) and int(rng.integers(100)) < LEAVES_PCT:
            yield from _ended(agreement, news, rng)
        elif agreement.key in behind:
            share = SUBCONTRACTOR_SHARES[behind.index(agreement.key) % len(SUBCONTRACTOR_SHARES)]
            yield replace(agreement, subcontractor=facts("energy_suppliers")[0], subcontractor_pct=share)
        elif not is_exposed(agreement) and int(rng.integers(100)) < PROLONGED_PCT:
            yield replace(agreement, news=news, last_day=agreement.end.replace(year=agreement.end.year + 1))
        else:
            yield agreement


def _subcontracted(made: list[Agreement], seed: int) -> list[str]:
    gas = [one.key for one in made if one.carrier == GAS and not is_exposed(one)]
    return [gas[at] for at in stream(seed, "subcontractors").permutation(len(gas))[:SUBCONTRACTED].tolist()]


def _ended(agreement: Agreement, news: date, rng: Rng) -> Iterator[Agreement]:
    last_day = min(news + timedelta(days=int(rng.integers(14, 90))), LAST_DAY)
    yield replace(agreement, news=news, last_day=last_day, is_terminated=True)
    if int(rng.integers(100)) >= SUCCEEDED_PCT:
        return
    others = facts("energy_suppliers")
    chosen = others[int(weighted(rng, _weights(others, GAS), 1)[0])]
    yield replace(
        agreement,
        process=f"{agreement.lead['gm_code']}-2022" + ("-joint" if len(agreement.shares) > 1 else ""),
        number=1,
        supplier=chosen,
        signed=news,
        start=last_day + timedelta(days=1),
        end=date(2024, 12, 31),
    )


def _with_tenders(agreement: Agreement, seed: int) -> Agreement:
    rng = stream(seed, "energy tenders", agreement.key)
    most = MOST_TENDERS_IN_2022 if agreement.signed >= FIRST_NEWS else MOST_TENDERS
    received = int(rng.integers(1, most + 1))
    return replace(agreement, tenders=received if int(rng.integers(100)) < TENDERS_TOLD_PCT else None)


def _named_only(made: list[Agreement], seed: int) -> Iterator[Agreement]:
    quiet = [one for one in made if len(one.shares) == 1 and not one.news]
    mixed = [quiet[at] for at in stream(seed, "named only").permutation(len(quiet)).tolist()]
    in_question, others = [one for one in mixed if is_exposed(one)], [one for one in mixed if not is_exposed(one)]
    chosen = {one.key for one in in_question[:1] + others[: NAMED_ONLY - 1]}
    yield from (replace(one, is_named_only=one.key in chosen) for one in made)


def _weights(suppliers: list[Row], carrier: str) -> Ints:
    return np.array([int(supplier[carrier]) for supplier in suppliers], dtype=np.int64)


def _inhabitants(town: Row) -> int:
    return int(town["inwoners_2022_01_01"])

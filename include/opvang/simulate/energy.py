"""Energy contracts of municipalities as OCDS 1.1 release packages; about 120 buy their gas from Gazprom Energy."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from opvang.simulate.chance import Ints, stream, weighted
from opvang.simulate.delivery import Delivery, moment
from opvang.simulate.facts import Row, facts, municipalities

PACKAGES, GAZPROM_MUNICIPALITIES = 340, 120
OCID_PREFIX = "ocds-simnl0"  # not a registered prefix: these processes never were
CARRIERS = {
    "natural_gas": ("09123000", "aardgas"),
    "electricity": ("09310000", "elektriciteit"),
    "district_heating": ("09323000", "warmte"),
}
EUR_PER_INHABITANT_AND_YEAR = {"natural_gas": (3, 9), "electricity": (5, 14), "district_heating": (1, 4)}
FIRST_START, LAST_START = 2018, 2022
FIRST_END = 2022
END_DAYS = ("12-31", "12-31", "12-31", "12-31", "12-31", "06-30", "09-30", "03-31")


@dataclass(frozen=True)
class Contract:
    """One contract before it is written as OCDS."""

    carrier: str
    supplier: Row
    signed: date
    start: date
    end: date
    value_eur: int


def packages(day: date, seed: int) -> Iterator[Delivery]:
    """One package per municipality that publishes its contracts."""
    rows = municipalities()
    order = stream(seed, "energy").permutation(len(rows))
    with_gazprom = set(order[:GAZPROM_MUNICIPALITIES].tolist())
    for at in sorted(order[:PACKAGES].tolist()):
        rng = stream(seed, "energy", rows[at]["gm_code"])
        contracts = _contracts(rows[at], rng, buys_from_gazprom=at in with_gazprom)
        content = json.dumps(_package(rows[at], contracts, day, rng), ensure_ascii=False, indent=1).encode() + b"\n"
        gm_code = rows[at]["gm_code"]
        yield Delivery("energy_contracts", gm_code, day, f"{gm_code}_{day}.json", content, moment(day, 10, rng, 360))


def _contracts(town: Row, rng: np.random.Generator, *, buys_from_gazprom: bool) -> list[Contract]:
    """Gas for all; electricity for most; heat for some."""
    carriers = [
        name
        for name, pct in (("natural_gas", 100), ("electricity", 85), ("district_heating", 15))
        if int(rng.integers(100)) < pct
    ]
    return [
        _contract(carrier, town, rng, gazprom=buys_from_gazprom and carrier == "natural_gas") for carrier in carriers
    ]


def _contract(carrier: str, town: Row, rng: np.random.Generator, *, gazprom: bool) -> Contract:
    suppliers = facts("energy_suppliers")
    chosen = 0 if gazprom else int(weighted(rng, _weights(suppliers, carrier), 1)[0])
    start = date(int(rng.integers(FIRST_START, LAST_START + 1)), 1, 1)
    end = _end(start, rng)
    years = end.year - start.year + 1
    value = (
        int(town["inwoners_2022_01_01"]) * int(rng.integers(*EUR_PER_INHABITANT_AND_YEAR[carrier])) * years // 100 * 100
    )
    signed = date(start.year - 1, int(rng.integers(3, 13)), int(rng.integers(1, 29)))
    return Contract(carrier, suppliers[chosen], signed, start, end, value)


def _end(start: date, rng: np.random.Generator) -> date:
    """From 31 December 2022 on, most at the end of a year, none beyond 2026."""
    year = int(rng.integers(max(FIRST_END, start.year), 2027))
    month_day = END_DAYS[int(rng.integers(len(END_DAYS)))] if year > FIRST_END else "12-31"
    return date.fromisoformat(f"{year}-{month_day}")


def _weights(suppliers: list[Row], carrier: str) -> Ints:
    return np.array([int(supplier[carrier]) for supplier in suppliers], dtype=np.int64)


def _package(town: Row, contracts: list[Contract], day: date, rng: np.random.Generator) -> dict[str, object]:
    """A third of the municipalities bought everything in one process; the others one by one."""
    together = int(rng.integers(3)) == 0
    processes = [contracts] if together else [[contract] for contract in contracts]
    return {
        "uri": f"https://opvang.example/ocds/{town['gm_code']}/{day}.json",
        "version": "1.1",
        "publishedDate": _moment(day),
        "publisher": {"name": "opvang simulate", "scheme": "NL-SIM", "uid": "simulated"},
        "releases": [
            _release(town, f"{town['gm_code']}-{number}", process) for number, process in enumerate(processes, start=1)
        ],
    }


def _release(town: Row, process: str, contracts: list[Contract]) -> dict[str, object]:
    name = f"Gemeente {town['naam_tabel33']}"
    suppliers = {contract.supplier["supplier_id"]: contract.supplier["supplier_name"] for contract in contracts}
    latest = max(contract.signed for contract in contracts)
    buyer = {
        "id": town["gm_code"],
        "name": name,
        "roles": ["buyer"],
        "identifier": {"scheme": "NL-CBS", "id": town["gm_code"], "legalName": name},
    }
    sellers = [
        {
            "id": key,
            "name": value,
            "roles": ["supplier"],
            "identifier": {"scheme": "NL-SIM", "id": key, "legalName": value},
        }
        for key, value in suppliers.items()
    ]
    return {
        "ocid": f"{OCID_PREFIX}-{process}",
        "id": f"{process}-{latest}",
        "date": _moment(latest),
        "tag": ["contract"],
        "initiationType": "tender",
        "language": "nl",
        "buyer": {"id": town["gm_code"], "name": name},
        "parties": [buyer, *sellers],
        "awards": [_award(process, number, contract) for number, contract in enumerate(contracts, start=1)],
        "contracts": [_ocds_contract(process, number, contract) for number, contract in enumerate(contracts, start=1)],
    }


def _award(process: str, number: int, contract: Contract) -> dict[str, object]:
    supplier = {"id": contract.supplier["supplier_id"], "name": contract.supplier["supplier_name"]}
    return {
        "id": f"{process}-award-{number}",
        "status": "active",
        "date": _moment(contract.signed),
        "suppliers": [supplier],
    }


def _ocds_contract(process: str, number: int, contract: Contract) -> dict[str, object]:
    cpv, name = CARRIERS[contract.carrier]
    title = f"Levering van {name} {contract.start.year}-{contract.end.year}"
    return {
        "id": f"{process}-contract-{number}",
        "awardID": f"{process}-award-{number}",
        "title": title,
        "status": "active",
        "period": {"startDate": _moment(contract.start), "endDate": _moment(contract.end)},
        "value": {"amount": contract.value_eur, "currency": "EUR"},
        "dateSigned": _moment(contract.signed),
        "items": [
            {"id": "1", "description": title, "classification": {"scheme": "CPV", "id": cpv, "description": name}}
        ],
    }


def _moment(day: date) -> str:
    """A day as the date-time that OCDS asks for; UTC, so that no reader moves it to another day."""
    return f"{day}T00:00:00Z"

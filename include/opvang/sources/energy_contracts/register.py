"""A municipality's own contract register, as CSV in the template docs/templates/energy_contracts.csv.

One row per contract, and one more for each further municipality, connection type or subcontractor of it.
"""

import csv as plain_csv
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any

from opvang.contract import CONTRACTS, Contract
from opvang.readers import template
from opvang.sources import Delivered
from opvang.sources.energy_contracts.agreements import Agreement, Row, numbered

HEADINGS = CONTRACTS / "energy_contracts_register.csv"
CHAMBER_OF_COMMERCE = "NL-KVK"
# A heading of a minor version may be missing: a register in the template of before stays good.
FIRST_OF_A_VERSION = ".0.0"
STATUS_OF = {True: "terminated", False: "active"}


def read(delivery: Delivered, contract: Contract) -> Iterator[Agreement]:
    """One agreement per run of rows that say the same of their contract; SourceChanged for other headings than the template's."""
    told = template.rows(delivery.path, contract, _kinds(contract), needed=_needed())
    rows = told.rename({heading: field for heading, (_, field) in headings().items()}).to_dicts()
    by_contract = sorted(rows, key=lambda row: [str(row[name] or "") for name in _fields("contracts")])
    same = groupby(by_contract, key=lambda row: [row[name] for name in _fields("contracts")])
    yield from (_agreement(list(group), delivery.supplier) for _, group in same)


@cache
def headings() -> dict[str, tuple[str, str]]:
    """The table and the field that each heading of the template holds."""
    return {row["heading"]: (row["table"], row["field"]) for row in _described()}


@cache
def _described() -> list[dict[str, str]]:
    with HEADINGS.open(encoding="utf-8", newline="") as file:
        return list(plain_csv.DictReader(file, delimiter=";"))


def _needed() -> list[str]:
    return [row["heading"] for row in _described() if row["since"].endswith(FIRST_OF_A_VERSION)]


def _kinds(contract: Contract) -> dict[str, str]:
    """The logical type of what stands under each heading; what is no column of its table is text."""
    types = {(table.name, column.name): column.logical_type for table in contract.tables for column in table.columns}
    return {heading: types.get(place, "string") for heading, place in headings().items()}


def _fields(table: str) -> list[str]:
    return [field for of, field in headings().values() if of == table]


def _agreement(rows: list[Row], supplier: str) -> Agreement:
    first = rows[0]
    terms: dict[str, Any] = {name: first[name] for name in _fields("contracts")}
    terms |= {
        "ocid": terms["procedure_id"] or f"register-{supplier}",
        "contract_reference": terms["contract_id"],
        "release_id": supplier,
        "cpv_code": first["cpv_code"],
        "status": STATUS_OF[terms["terminated_date"] is not None],
    }
    lead = terms["lead_buyer_code"]
    others = dict.fromkeys(row["municipality_code"] for row in rows if row["municipality_code"] not in (None, lead))
    buyers: list[Row] = [{"role": "lead", "municipality_code": lead}]
    buyers += [{"role": "participant", "municipality_code": code} for code in others]
    return Agreement(terms, list(_suppliers(rows)), buyers, list(_supply(rows, lead)), first["line_no"])


def _suppliers(rows: list[Row]) -> Iterator[Row]:
    for role in ("supplier", "subcontractor"):
        named = {(row[role], row[f"{role}_number"]): row for row in rows if row[role] or row[f"{role}_number"]}
        for (name, number), row in named.items():
            yield {
                "role": role,
                "organisation_name": name,
                **numbered((row[f"{role}_scheme"] or CHAMBER_OF_COMMERCE) if number else None, number),
                "share_pct": row["share_pct"] if role == "subcontractor" else None,
            }


def _supply(rows: list[Row], lead: str | None) -> Iterator[Row]:
    """A row that only names a further subcontractor supplies nothing."""
    fields = ("metering_points", "yearly_volume", "unit", "profile_code")
    for row in rows:
        if any(row[name] for name in fields):
            told = {name: row[name] for name in fields}
            yield {"municipality_code": row["municipality_code"] or lead, "cpv_code": row["cpv_code"], **told}

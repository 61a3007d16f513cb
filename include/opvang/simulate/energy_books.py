"""The simulation's own book of energy contracts: who buys from whom under which contract, from which day until which.

For tests. The book knows nothing of files, the gate or the warehouse, and nothing of it goes there.
"""

from datetime import date

import polars as pl

from opvang.simulate.agreements import agreements

SCHEMA = {
    "municipality_code": pl.String,
    "contract_id": pl.String,
    "lead_buyer_code": pl.String,
    "energy_carrier": pl.String,
    "role": pl.String,
    "supplier_id": pl.String,
    "share_pct": pl.Int64,
    "metering_points": pl.Int64,
    "yearly_volume": pl.Int64,
    "concluded_date": pl.Date,
    "first_day": pl.Date,
    "last_day": pl.Date,
    "tenders_received": pl.Int64,
    "is_named_only": pl.Boolean,
}


def book(seed: int) -> pl.DataFrame:
    """One row per municipality, contract that it buys under and organisation that supplies under it; days inclusive."""
    rows = [
        (
            share.town["gm_code"],
            one.key,
            one.lead["gm_code"],
            one.carrier,
            role,
            organisation["supplier_id"],
            one.subcontractor_pct if role == "subcontractor" else None,
            share.connections,
            share.yearly_volume,
            one.signed,
            one.start,
            one.ends,
            one.tenders,
            one.is_named_only and role == "supplier",
        )
        for one in agreements(seed)
        for share in one.shares
        for role, organisation in (("supplier", one.supplier), ("subcontractor", one.subcontractor))
        if organisation
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def supplied(seed: int, day: date) -> pl.DataFrame:
    """The rows of the book that hold on a day: concluded, begun and not yet ended."""
    return book(seed).filter((pl.col("first_day") <= day) & (pl.col("last_day") >= day))

"""The simulation's own books of energy contracts: who buys from whom under which contract, from which day until which; who may go on, and who claims what.

For tests. The books know nothing of files, the gate or the warehouse, and nothing of it goes there.
"""

from datetime import date

import polars as pl

from opvang.simulate.agreements import agreements
from opvang.simulate.claims import claims
from opvang.simulate.decisions import decisions

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
CENTS = ("claimed", "approved", "paid")


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


def authorised(seed: int, day: date) -> pl.DataFrame:
    """One row per municipality and contract for which it is authorised on a day, with the last day of that and what follows on, as known at the end of the year."""
    held = [
        (town["gm_code"], agreement.key, one.valid_from, one.valid_until)
        for one in decisions(seed)
        for town, agreement in one.held
    ]
    schema = {"municipality_code": pl.String, "contract_id": pl.String, "from": pl.Date, "until": pl.Date}
    # The decisions of a municipality follow on each other without a gap.
    stretches = pl.DataFrame(held, schema=schema, orient="row").group_by("municipality_code", "contract_id")
    return stretches.agg(pl.col("from").min(), pl.col("until").max()).filter(
        (pl.col("from") <= day) & (pl.col("until") >= day)
    )


def compensation(seed: int, day: date) -> pl.DataFrame:
    """One row per municipality and kind of claim (as delivered), in cents: how many, claimed, approved and paid by that day."""
    rows = [
        (
            one.town,
            one.kind,
            one.claimed_cents,
            one.approved_cents if one.decided and one.decided <= day else None,
            one.approved_cents if one.paid and one.paid <= day else None,
        )
        for one in claims(seed)
        if one.claimed <= day
    ]
    schema = {"municipality_code": pl.String, "kind": pl.String} | dict.fromkeys(CENTS, pl.Int64)
    told = pl.DataFrame(rows, schema=schema, orient="row")
    still = (pl.col("approved").fill_null(pl.col("claimed")) - pl.col("paid").fill_null(0)).alias("open")
    return (
        told.with_columns(still)
        .group_by("municipality_code", "kind")
        .agg(pl.len().alias("claims"), pl.col(*CENTS, "open").sum())
    )

"""The kinds of every source."""

from tests.bad_deliveries import brp, claims, code_tables, energy_contracts, ownership, reception, sanction_decisions

SOURCES = (
    reception.SOURCE,
    brp.SOURCE,
    energy_contracts.SOURCE,
    ownership.SOURCE,
    claims.SOURCE,
    sanction_decisions.SOURCE,
    code_tables.SOURCE,
)

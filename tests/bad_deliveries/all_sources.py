"""The kinds of every source."""

from tests.bad_deliveries import brp, code_tables, energy_contracts, ownership, reception

SOURCES = (reception.SOURCE, brp.SOURCE, energy_contracts.SOURCE, ownership.SOURCE, code_tables.SOURCE)

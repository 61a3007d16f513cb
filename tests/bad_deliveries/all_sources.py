"""The kinds of every source."""

from tests.bad_deliveries import brp, code_tables, energy_contracts, reception

SOURCES = (reception.SOURCE, brp.SOURCE, energy_contracts.SOURCE, code_tables.SOURCE)

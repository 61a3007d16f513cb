"""The kinds of every source."""

from tests.bad_deliveries import reception

SOURCES = (reception.SOURCE,)

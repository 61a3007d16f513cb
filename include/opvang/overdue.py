"""overdue: who is late, noticed once, and closed when a delivery of that day or a later one has come."""

import logging
from dataclasses import dataclass
from datetime import datetime

from opvang import settings, warehouse
from opvang.contract import contract
from opvang.warehouse import Row

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class News:
    """Who became late since the last look, and who was late and has delivered: rows of ops.overdue, in order of supplier."""

    source: str
    late: list[Row]
    arrived: list[Row]

    @property
    def what(self) -> str:
        """How many are late and how many arrived, in one line; nothing when there is no news."""
        parts = [(self.late, "late"), (self.arrived, "arrived")]
        told = [f"{len(rows)} {word} ({', '.join(row['supplier'] for row in rows)})" for rows, word in parts if rows]
        return f"{self.source}: {'; '.join(told)}" if told else ""

    @property
    def why(self) -> str:
        """Who, of which day, and since when, in one line."""
        late = [f"{_of_day(row)} was due {_moment(row['due_at'])}" for row in self.late]
        arrived = [f"{_of_day(row)} has come, or a later one, on {_moment(row['arrived_at'])}" for row in self.arrived]
        return "; ".join(late + arrived)


def overdue(source: str) -> News:
    """Note which of the suppliers that a contract awaits are late now, and close who delivered since; each is told once."""
    terms = contract(source)
    values = {"source": source, "suppliers": list(terms.awaited), "frequency_days": terms.frequency_days}
    with warehouse.connect() as connection:
        arrived = warehouse.run(connection, "close_overdue", values).fetchall()
        late = warehouse.run(connection, "note_overdue", values).fetchall()
    news = News(source, _in_order(late), _in_order(arrived))
    log.info("%s", news.what or f"{source}: nobody became late, nobody who was late has delivered")
    return news


def _of_day(row: Row) -> str:
    return f"{row['supplier']} {row['reference_date']}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(settings.READERS_ZONE):%Y-%m-%d %H:%M}"


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["supplier"])

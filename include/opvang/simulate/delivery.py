"""Writes simulated deliveries as suppliers would send them: where the inbox expects them, received when they would have been."""

import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Delivery:
    """One file of one supplier for one reference date, and the moment of its receipt."""

    source: str
    supplier: str
    reference_date: date
    file_name: str
    content: bytes
    received_at: datetime

    @property
    def is_document_of_a_region(self) -> bool:
        """Whether it is what a region's own system says, and no spreadsheet that a person filled in."""
        return self.source == "reception" and self.file_name.endswith(".json")

    def write(self, inbox: Path) -> Path:
        """Lay the file in inbox/<source>/<supplier>/<reference date>/; its mtime is the moment of receipt."""
        path = inbox / self.source / self.supplier / self.reference_date.isoformat() / self.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.part")
        unfinished.write_bytes(self.content)
        seconds = int(self.received_at.timestamp())
        os.utime(unfinished, (seconds, seconds))
        unfinished.replace(path)
        return path


def moment(day: date, hour: int, rng: np.random.Generator, within_minutes: int) -> datetime:
    """A moment of that day in Amsterdam, by chance within so many minutes after the hour."""
    seconds = int(rng.integers(within_minutes * 60))
    return datetime.combine(day, time(hour), AMSTERDAM) + timedelta(seconds=seconds)

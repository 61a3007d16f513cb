"""The first deliveries of a new installation: a simulated spring, and what the project ships of published data."""

import os
import shutil
import sys
from datetime import UTC, datetime, time
from pathlib import Path

from opvang import jobs, ledger, region_api, settings
from opvang.jobs import Job

SHIPPED = settings.PROJECT / "include" / "deliveries"


def is_ours_to_fill() -> bool:
    """Whether the inbox is a folder here that holds nothing yet, of a warehouse without deliveries: invented persons never join real ones."""
    inbox = Path(settings.INBOX)
    return "://" not in settings.INBOX and not (inbox.exists() and any(inbox.iterdir())) and ledger.is_empty()


def start_simulation() -> Job:
    """Start to write the spring of `opvang simulate`, beside the inbox and what regions serve: until all is there, nothing is."""
    served = _draft(region_api.FOLDER)
    for draft in (_draft(), served):
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
    command = [Path(sys.executable).with_name("opvang"), "simulate", "--out", _draft(), "--region-api", served]
    return jobs.start("opvang simulate", command, settings.environment())


def fill(simulation: Job) -> str:
    """Wait for the simulation, add what is shipped and give it all its place in the inbox; returns what lies there."""
    simulation.finish()
    for path in SHIPPED.glob("*/*/*/*"):
        _ship(path, _draft() / path.relative_to(SHIPPED))
    files = sum(1 for _ in _draft().glob("*/*/*/*"))
    # What an earlier start served that went no further.
    shutil.rmtree(region_api.FOLDER, ignore_errors=True)
    _draft(region_api.FOLDER).rename(region_api.FOLDER)
    served = len(region_api.connections())  # which makes their tokens
    _draft().rename(settings.INBOX)
    return f"{files:,} files lie in {settings.INBOX}, {served} regions have an API"


def _ship(path: Path, target: Path) -> None:
    """Copy a published file; it counts as received at noon of its reference date, as a checkout keeps no times."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    noon = datetime.combine(datetime.fromisoformat(path.parent.name), time(12), UTC).timestamp()
    os.utime(target, (noon, noon))


def _draft(place: Path | None = None) -> Path:
    """What becomes a place, the inbox unless another is named, once it is whole."""
    final = place or Path(settings.INBOX)
    return final.with_name(f"{final.name}.new")

"""The figures of the chaos tests: per kind of disturbance how often, and what came of it."""

import os
import platform
import time
from dataclasses import dataclass, field

PAGE = """# What the gate survives

Written by `make chaos`; `make test` runs a smaller set of the same code (`tests/chaos`). After each disturbance the next run must end in the
content of an undisturbed run, compared by checksum over every table of `raw`, the quarantine, the ledger and its rule results; nothing may
be left in `landing`, no delivery may wait, every sum must hold, no record may stand twice.

{table}

{total:,} disturbances in {minutes:.0f} minutes on {cores} cores, seed {seed}. The same again: `.venv/bin/pytest tests/chaos -s -m "" --kills {kills} --seed {seed}`

- *at a boundary*: SIGKILL just before the k-th call of the verb to PostgreSQL (statement, COPY, commit) or to the disk that keeps deliveries:
  every boundary of fetch, land and publish; of validate, which mostly asks, a sample (every one with `--kills 1000`).
- *at a moment*: SIGKILL at a random moment. *fresh process*: the command `opvang`, imports and all.
- *too late*: it had ended before the blow; its result was checked all the same.
- Readers' longest statement is the longest that any of 20 readers waited for an answer, beside two runs and a dbt build.
"""


@dataclass
class Kind:
    """One kind of disturbance."""

    hit: int = 0
    missed: int = 0
    recovered: int = 0


@dataclass
class Tally:
    """Counts per kind and facts that were measured."""

    kills: int
    seed: int
    kinds: dict[str, Kind] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def note(self, kind: str, hit: bool) -> None:
        """One disturbance after which the next run ended as it should."""
        row = self.kinds.setdefault(kind, Kind())
        row.hit, row.missed, row.recovered = row.hit + hit, row.missed + (not hit), row.recovered + 1
        done = sum(row.recovered for row in self.kinds.values())
        if done % 10 == 0:
            print(f"{time.monotonic() - self.began:5.0f} s  {done:4} disturbances survived, now {kind}", flush=True)  # noqa: T201

    def __str__(self) -> str:
        rows = [f"| {kind} | {row.hit} | {row.missed} | {row.recovered} |" for kind, row in self.kinds.items()]
        facts = [f"| {fact} | {figure} | | |" for fact, figure in self.facts.items()]
        return "\n".join(
            ["| disturbance | hit | too late | next run ended the same |", "|---|---|---|---|", *rows, *facts]
        )

    def page(self) -> str:
        """docs/chaos.md."""
        total = sum(row.recovered for row in self.kinds.values())
        minutes, cores = (time.monotonic() - self.began) / 60, os.cpu_count()
        return PAGE.format(
            table=self,
            total=total,
            minutes=minutes,
            cores=f"{cores} {platform.machine()}",
            seed=self.seed,
            kills=self.kills,
        )

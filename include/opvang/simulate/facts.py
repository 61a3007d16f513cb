"""The facts that the simulation stands on: published figures, names and rates, each file with its source (facts/README.md)."""

import csv
from functools import cache
from pathlib import Path

from opvang.settings import DBT_PROJECT

FACTS = Path(__file__).with_name("facts")
SEEDS = DBT_PROJECT / "seeds"

Row = dict[str, str]


def facts(name: str) -> list[Row]:
    """The rows of one file of facts, as text."""
    return _rows(FACTS / f"{name}.csv")


def municipalities() -> list[Row]:
    """The 344 municipalities of 24 March 2022 with region and inhabitants, in the order of the official list."""
    return _rows(SEEDS / "gemeenten_2022_03_24.csv")


def places() -> list[Row]:
    """The same, and after them Weesp, which became part of Amsterdam on that day."""
    before = _rows(SEEDS / "gemeenten_2022_01_01.csv")
    merged = [row for row in before if row["gm_code"] == "GM0457"]
    return municipalities() + [
        {"gm_code": row["gm_code"], "gemeentecode_brp": row["gm_code"][2:], "naam_tabel33": row["naam"]}
        for row in merged
    ]


def rate(name: str) -> int:
    """A rate of facts/rates.csv, per million."""
    return _rates()[name]


@cache
def _rates() -> dict[str, int]:
    return {row["rate"]: int(row["per_million"]) for row in facts("rates")}


@cache
def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))

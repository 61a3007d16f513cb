"""The person lists of RvIG's test set, as they stand in its tabular selection."""

import csv

from opvang.readers import teletex
from opvang.settings import PROJECT

[TEST_SET] = (PROJECT / "include/deliveries/brp").rglob("*.csv")
List = list[list[str]]


def person_lists() -> tuple[list[str], list[List]]:
    """The headings, and the rows of each list."""
    with TEST_SET.open(encoding="utf-8-sig", newline="") as file:
        headings, *rows = csv.reader(file, delimiter=";")
    starts = [at for at, row in enumerate(rows) if row[0]]
    return headings, [rows[start:end] for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)]


def is_teletex(rows: List) -> bool:
    """Whether the GBA character set holds every value: of nine lists it doesn't."""
    return all(set(value) <= teletex.characters() for row in rows for value in row)

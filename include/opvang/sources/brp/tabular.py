"""Tabular selections with headings CC.GG.EE: one person list over one or more rows.

The first row of a person list holds the current state; each following row holds, per category, the next history row or
the next stack. Column CC.H announces which: the category's own number for a stack, +50 for history (Logisch Ontwerp BRP).
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from opvang.contract import Contract
from opvang.errors import SourceChanged
from opvang.readers import csv
from opvang.sources import Delivered
from opvang.sources.brp.lists import LIST, headings

# Codes of four digits; a program that takes them for numbers drops the zeros before them.
CODES = ("08.09.10", "04.05.10", "01.03.30")
CODE_LENGTH = 4
MOST_NAMED = 5


def rows(delivery: Delivered, contract: Contract) -> Iterator[pl.DataFrame]:
    """The elements that the contract names, with the delimiter and the encoding that it says of the supplier."""
    form = contract.form_of(delivery.supplier)
    with csv.utf8(delivery.path, form["encoding"]) as path:
        positions = _positions(path, form["delimiter"], contract)
        for at, batch in enumerate(csv.batches(path, form["delimiter"], positions)):
            if at == 0:
                _check_codes(batch)
            yield batch


def _positions(path: Path, delimiter: str, contract: Contract) -> dict[str, int]:
    """Where each element stands: by position, since a heading may occur twice."""
    found = csv.header(path, delimiter)
    first = {heading: at for at, heading in reversed(list(enumerate(found)))}
    wanted = headings(contract)
    if missing := [field for field in wanted if field not in first]:
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        raise SourceChanged(
            f"headings {', '.join(missing[:MOST_NAMED])}{more} are missing; deliver a tabular selection with CC.GG.EE headings"
        )
    if doubled := [field for field in wanted if found.count(field) > 1]:
        raise SourceChanged(f"headings {', '.join(doubled)} stand there twice; deliver each element once")
    if found[0]:
        raise SourceChanged(
            f"the first heading is {found[0]!r} where a selection has none; deliver a tabular selection with CC.GG.EE headings"
        )
    return {LIST: 0} | {field: first[field] for field in wanted}


def _check_codes(first: pl.DataFrame) -> None:
    """A file in which most codes are too short went through a program that took them for numbers."""
    for field in CODES:
        lengths = first[field].drop_nulls().str.len_chars()
        if lengths.len() and 2 * (lengths < CODE_LENGTH).sum() > lengths.len():
            raise SourceChanged(
                f"most codes in {field} have lost their leading zeros; deliver the selection as it was made, with codes as text"
            )

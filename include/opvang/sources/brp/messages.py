"""LO3 messages as the rows of a selection: each category runs down on its own, from the first row of its list."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import polars as pl

from opvang.contract import Contract
from opvang.readers import lo3
from opvang.sources import Delivered
from opvang.sources.brp.lists import HISTORY, LINE, LIST, headings

LISTS_AT_ONCE = 2_000
Row = dict[str, Any]


def rows(delivery: Delivered, contract: Contract) -> Iterator[pl.DataFrame]:
    """The elements that the contract names, of some messages at a time."""
    wanted = headings(contract)
    schema = {LINE: pl.Int32, LIST: pl.String} | dict.fromkeys(wanted, pl.String)
    all_messages = lo3.messages(delivery.path)
    while some := list(islice(all_messages, LISTS_AT_ONCE)):
        yield pl.DataFrame([row for message in some for row in _rows_of(message, set(wanted))], schema=schema)


def _rows_of(message: lo3.Message, wanted: set[str]) -> list[Row]:
    """One person list. Column CC.H says of which category the next entry in the columns of its category is."""
    found: list[Row] = [{LIST: str(message.number), LINE: message.number}]
    entries: dict[str, int] = {}
    for category, elements in message.categories:
        columns = f"{int(category) % HISTORY:02}"
        at = entries[columns] = entries.get(columns, -1) + 1
        if at == len(found):
            found.append({LINE: message.number})
        if at and f"{columns}.H" in wanted:
            found[at - 1][f"{columns}.H"] = category
        for element in elements:
            heading = f"{columns}.{element.element[:2]}.{element.element[2:]}"
            if heading in wanted and element.value:
                found[at][heading] = lo3.text(element, message.number)
    return found

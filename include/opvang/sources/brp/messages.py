"""LO3 messages as the rows of a selection: each category runs down on its own, from the first row of its list."""

from collections.abc import Iterator, Sequence
from itertools import islice

import polars as pl

from opvang.contract import Contract
from opvang.errors import LoadRefused
from opvang.readers import lo3, teletex
from opvang.sources import Delivered
from opvang.sources.brp.lists import HISTORY, LINE, LIST, headings

LISTS_AT_ONCE = 2_000


def rows(delivery: Delivered, contract: Contract) -> Iterator[pl.DataFrame]:
    """The elements that the contract names, of some messages at a time."""
    all_messages = lo3.messages(delivery.path)
    while some := list(islice(all_messages, LISTS_AT_ONCE)):
        selection = _Selection(headings(contract))
        for message in some:
            selection.add(message)
        yield selection.frame()


class _Column:
    """The values of one heading, and the row in which each stands."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.values: list[bytes] = []


class _Selection:
    """Rows that grow by the message; `messages` says which message each row is of."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.messages: list[int] = []
        self.firsts: list[int] = []
        self.columns = {heading: _Column() for heading in wanted}
        self.of_category = {category: self._elements_of(category) for category in lo3.CATEGORIES}

    def add(self, message: lo3.Message) -> None:
        """One person list. Column CC.H says of which category the next entry in the columns of its category is."""
        first = len(self.messages)
        self.firsts.append(first)
        self.messages.append(message.number)
        entries: dict[str, int] = {}
        for category, elements in message.categories:
            columns = _columns_of(category)
            row = entries[columns] = entries.get(columns, first - 1) + 1
            if row == len(self.messages):
                self.messages.append(message.number)
            if row > first and (mark := self.columns.get(f"{columns}.H")):
                mark.rows.append(row - 1)
                mark.values.append(category.encode())
            self._put(row, elements, self.of_category[category])

    def frame(self) -> pl.DataFrame:
        """A column of text per heading, with the number of the message in the first row of its list, and as its line."""
        lists: list[str | None] = [None] * len(self.messages)
        for row in self.firsts:
            lists[row] = str(self.messages[row])
        own = {LINE: pl.Series(self.messages, dtype=pl.Int32), LIST: pl.Series(lists, dtype=pl.String)}
        return pl.DataFrame(own | {heading: self._text(heading) for heading in self.columns})

    def _elements_of(self, category: str) -> dict[str, _Column]:
        """The columns of the elements of a category that are read, current ones and history alike."""
        begins = f"{_columns_of(category)}."
        return {
            heading.removeprefix(begins).replace(".", ""): column
            for heading, column in self.columns.items()
            if heading.startswith(begins)
        }

    @staticmethod
    def _put(row: int, elements: dict[str, bytes], columns: dict[str, _Column]) -> None:
        for element, value in elements.items():
            if value and (column := columns.get(element)):
                column.rows.append(row)
                column.values.append(value)

    def _text(self, heading: str) -> pl.Series:
        column, found = self.columns[heading], list[str | None]([None] * len(self.messages))
        for row, text in zip(column.rows, self._decoded(heading, column), strict=True):
            found[row] = text
        return pl.Series(found, dtype=pl.String)

    def _decoded(self, heading: str, column: _Column) -> list[str]:
        """The values as text; LoadRefused for bytes outside the GBA character set."""
        try:
            return teletex.decode_all(column.values)
        except UnicodeDecodeError as error:
            number = self.messages[column.rows[column.values.index(error.object)]]
            raise LoadRefused(
                f"message {number}: byte {error.start + 1} of {heading} is none of the GBA character set; deliver LO3 in Teletex"
            ) from None


def _columns_of(category: str) -> str:
    """The category under whose headings a category stands: history under that of its current rows."""
    return f"{int(category) % HISTORY:02}"

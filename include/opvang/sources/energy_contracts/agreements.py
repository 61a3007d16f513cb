"""One contract with its suppliers, its buyers and what it supplies: the same rows, whatever it was read from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from opvang.contract import Contract, Table
from opvang.privacy import REGISTERS_OF_PERSONS
from opvang.readers import json
from opvang.sources import Batch

Row = Mapping[str, Any]
KEY = ("ocid", "contract_id")
MUNICIPALITIES = "NL-CBS"
# The euro is what the marts add up; another currency is told, not converted.
CURRENCY = "EUR"
# A count or an amount of more digits is no fact about a contract, and would only cost time.
MOST_DIGITS = 15


@dataclass(frozen=True)
class Agreement:
    """A contract before it is rows. `terms` holds what it says of itself, the lists one row per party or supply."""

    terms: Row
    suppliers: list[Row]
    buyers: list[Row]
    supply: list[Row]
    line_no: int | None = None

    def rows(self, table: str) -> Iterator[Row]:
        """Its rows in one table, those below the contract with its key and their number."""
        if table == "contracts":
            yield {**self.terms, "supplier_count": sum(row["role"] == "supplier" for row in self.suppliers)}
            return
        key = {name: self.terms[name] for name in KEY}
        rows: list[Row] = getattr(self, table.removeprefix("contract_"))
        for number, row in enumerate(rows, start=1):
            yield {**key, "row_of_contract": number, **row}


def tables(contract: Contract, form: str, read: Iterable[Agreement]) -> Batch:
    """The rows of all agreements, per table of the contract."""
    listed = list(enumerate(read, start=1))
    return {table.name: _frame(table, form, listed) for table in contract.tables}


def numbered(scheme: Any, number: Any) -> Row:
    """The number of an organisation with its register; that of a person stays in the file."""
    if str(scheme) in REGISTERS_OF_PERSONS:
        return {"identifier_scheme": None, "identifier": None}
    return {"identifier_scheme": scheme, "identifier": number}


def in_euro(amount: Any, currency: str | None) -> str | None:
    """An amount as a text that a number of euros fits; one in another currency says so and fits no number."""
    if amount is None:
        return None
    return str(amount) if currency in (None, CURRENCY) else f"{currency} is not {CURRENCY}"


def fewest(counts: Iterable[str | None]) -> str | None:
    """The smallest of what is told; nothing where nothing is, and what is no number where one isn't."""
    told = [count for count in counts if count is not None]
    return min(
        told, key=lambda count: int(count) if count.isdecimal() and len(count) <= MOST_DIGITS else -1, default=None
    )


def _frame(table: Table, form: str, numbered: list[tuple[int, Agreement]]) -> pl.DataFrame:
    """All fields of the table, with the number of their agreement as record, and as line where the file has none."""
    listed = [(number, one.line_no or number, row) for number, one in numbered for row in one.rows(table.name)]
    empty: Row = dict.fromkeys(sorted(table.fields))
    told = [{**empty, **row} | ({"form": form} if "form" in empty else {}) for _, _, row in listed]
    frame = json.frame(told) if told else pl.DataFrame(schema=dict.fromkeys(empty, pl.String))
    return frame.with_columns(
        record_no=pl.Series([number for number, _, _ in listed], dtype=pl.Int32),
        line_no=pl.Series([line for _, line, _ in listed], dtype=pl.Int32),
    )

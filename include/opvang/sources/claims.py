"""What ended contracts cost a municipality and what was paid of it: one claim a row, in the template docs/templates/claims.csv."""

from collections.abc import Iterator

import polars as pl

from opvang.contract import Contract
from opvang.readers import template
from opvang.sources import Batch, Delivered


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """Each row is a record; SourceChanged for other headings than the template's."""
    [table] = contract.tables
    rows = template.rows(delivery.path, contract, {column.field: column.logical_type for column in table.columns})
    yield {table.name: rows.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("record_no"))}

"""The national tables as RvIG publishes them, and the regions of municipalities: one table a file, recognised by its headings."""

from collections import Counter
from collections.abc import Iterator

import polars as pl

from opvang.contract import Contract, Table
from opvang.errors import SourceChanged
from opvang.readers import csv, forms
from opvang.sources import Batch, Delivered


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """Rows of the one table whose fields (element numbers, or names) are the headings of the file."""
    form = contract.form_of(delivery.supplier)
    delimiter = form["delimiter"]
    forms.check_text(delivery.path)
    with csv.utf8(delivery.path, form["encoding"]) as path:
        fields = [_field(heading) for heading in csv.header(path, delimiter)]
        table = _table(contract, fields)
        rows_before = 0
        for batch in csv.batches(path, delimiter, {field: at for at, field in enumerate(fields)}):
            numbers = pl.int_range(rows_before + 1, rows_before + batch.height + 1, dtype=pl.Int32, eager=True)
            rows_before += batch.height
            yield {table.name: batch.with_columns(numbers.alias("record_no"))}


def _field(heading: str) -> str:
    """The element number of a heading such as "05.11 Nationaliteitscode"; the heading itself where it has none."""
    first = heading.partition(" ")[0]
    return first if first.replace(".", "").isdigit() else heading


def _table(contract: Contract, fields: list[str]) -> Table:
    if not set(fields) & {field for table in contract.tables for field in table.fields}:
        raise SourceChanged("no heading of a national table; deliver it as RvIG publishes it, separated by commas")
    if len(set(fields)) < len(fields):
        [(twice, _)] = Counter(fields).most_common(1)
        raise SourceChanged(f"heading {twice} stands there twice; deliver each column once")
    for table in contract.tables:
        if table.fields == set(fields):
            return table
    raise SourceChanged(
        f"headings {', '.join(fields)} belong to no table of the contract; deliver a national table as RvIG publishes it"
    )

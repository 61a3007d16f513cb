"""The table of the template as CSV: whose report it is and of which day, its envelope says, and each row that says it too must agree."""

import polars as pl

from opvang.contract import Contract
from opvang.errors import SourceChanged
from opvang.readers import csv, forms, template
from opvang.sources import Delivered
from opvang.sources.reception import envelope, table

# A template has some twenty columns; more than this is another file, and would cost memory.
MOST_COLUMNS = 200


def rows(delivery: Delivered, contract: Contract) -> pl.DataFrame:
    """The locations as text; `line_no` is the line of the file."""
    forms.check_size(delivery.path, contract.form["largest_mb"])
    form = contract.form_of(delivery.supplier)
    with csv.utf8(delivery.path, form["encoding"]) as path:
        found = table.names(csv.header(path, form["delimiter"]))
        if not table.is_heading(found, contract) or len(found) > MOST_COLUMNS:
            raise SourceChanged(
                f"the first line isn't the headings of the template, separated by {form['delimiter']}; {table.TEMPLATE}"
            )
        at = table.positions(found, contract, envelope.REGION, envelope.MOMENT)
        read = pl.concat([_none(at), *csv.batches(path, form["delimiter"], at)])
    _check(read, delivery, contract)
    return table.as_in_json(read, contract)


def _none(at: dict[str, int]) -> pl.DataFrame:
    return pl.DataFrame(schema={"line_no": pl.Int32} | dict.fromkeys(at, pl.String))


def _check(read: pl.DataFrame, delivery: Delivered, contract: Contract) -> None:
    own = {envelope.REGION: delivery.supplier, envelope.MOMENT: delivery.reference_date.isoformat()}
    said = [
        template.day(pl.col(name)).fill_null(value) if name in read.columns else pl.lit(value).alias(name)
        for name, value in own.items()
    ]
    for region, as_of in read.select(said).unique(maintain_order=True).rows():
        envelope.check(region, as_of, delivery, contract)

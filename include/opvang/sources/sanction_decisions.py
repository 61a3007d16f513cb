"""Authorisations from the sanctions as the ministry that decides delivers them, in the template docs/templates/sanction_decisions.csv.

One row per public body that a decision authorises, and contract or supplier that it is about; each repeats the decision.
"""

from collections.abc import Iterator

import polars as pl

from opvang.contract import Contract
from opvang.privacy import REGISTERS_OF_PERSONS
from opvang.readers import template
from opvang.sources import Batch, Delivered

# Whose number stands in which register where none is filled in.
REGISTERS = {"houder": "NL-CBS", "leverancier": "NL-KVK"}
MADE_HERE = "row_of_decision"


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """A record is a decision: all rows that say the same of it. SourceChanged for other headings than the template's."""
    decisions, authorisations = contract.tables
    columns = [column for table in contract.tables for column in table.columns if column.field != MADE_HERE]
    told = template.rows(delivery.path, contract, {column.field: column.logical_type for column in columns})
    rows = told.with_columns(pl.col(f"register_{whose}").fill_null(usual) for whose, usual in REGISTERS.items())
    rows = rows.with_columns(_without_persons(whose) for whose in REGISTERS)
    said = [column.field for column in decisions.columns]
    first = rows.group_by(said, maintain_order=True).agg(pl.col("line_no").first())
    numbered = first.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("record_no"))
    held = rows.join(numbered.drop("line_no"), on=said, nulls_equal=True).sort("record_no", "line_no")
    held = held.with_columns(pl.int_range(1, pl.len() + 1).over("record_no").cast(pl.String).alias(MADE_HERE))
    fields = [column.field for column in authorisations.columns]
    yield {decisions.name: numbered, authorisations.name: held.select("record_no", "line_no", *fields)}


def _without_persons(whose: str) -> pl.Expr:
    """The number of an organisation; that of a person stays in the file."""
    name = f"nummer_{whose}"
    return pl.when(~pl.col(f"register_{whose}").is_in(REGISTERS_OF_PERSONS)).then(pl.col(name)).alias(name)

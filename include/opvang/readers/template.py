"""A template that people filled in by hand, as CSV: the headings it must have, and days and decimals as a Dutch spreadsheet saves them."""

from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from opvang.contract import Contract
from opvang.errors import SourceChanged
from opvang.messages import one_line
from opvang.readers import csv, forms

# 25-4-2022, as a Dutch Excel saves a day: first the zeros, then the order.
DAY_THE_DUTCH_WAY = (
    ("^([0-9])-([0-9]{1,2}-[0-9]{4})$", "0${1}-${2}"),
    ("^([0-9]{2})-([0-9]-[0-9]{4})$", "${1}-0${2}"),
    ("^([0-9]{2})-([0-9]{2})-([0-9]{4})$", "${3}-${2}-${1}"),
)
NUMBER_THE_DUTCH_WAY = (r"^(-?\d+),(\d+)$", "${1}.${2}")


def rows(
    path: Path, contract: Contract, headings: Mapping[str, str], needed: Collection[str] | None = None
) -> pl.DataFrame:
    """The rows of a file as text, one column per heading, beside `line_no`; blanks around a value go, and what is empty is null.

    `headings` says the logical type of what stands under each: days and numbers are taken as they are meant, other text as it is.
    Of headings that aren't needed (all are, where nothing is said) one that is missing holds nothing.
    LoadRefused for a file that is no delimited text or too large, SourceChanged for other headings than these.
    """
    forms.check_text(path)
    forms.check_size(path, contract.form["largest_mb"])
    delimiter = contract.form["delimiter"]
    with csv.utf8(path, contract.form["encoding"]) as text:
        positions = _positions(
            csv.header(text, delimiter), headings, headings if needed is None else needed, contract.source
        )
        schema = {"line_no": pl.Int32} | dict.fromkeys(positions, pl.String)
        found = pl.concat([pl.DataFrame(schema=schema), *csv.batches(text, delimiter, positions)])
        absent = [pl.lit(None, pl.String).alias(heading) for heading in headings if heading not in positions]
        return found.with_columns(absent).with_columns(_meant(heading, kind) for heading, kind in headings.items())


def day(text: pl.Expr) -> pl.Expr:
    """A day as 2022-04-25; other text stays as it is."""
    for pattern, replacement in DAY_THE_DUTCH_WAY:
        text = text.str.replace(pattern, replacement)
    return text


def _meant(heading: str, kind: str) -> pl.Expr:
    text = pl.col(heading).str.strip_chars().replace("", None)
    match kind:
        case "date":
            return day(text)
        case "number":
            return text.str.replace(*NUMBER_THE_DUTCH_WAY)
        case _:
            return text


def _positions(found: list[str], headings: Collection[str], needed: Collection[str], source: str) -> dict[str, int]:
    template = f"deliver the template docs/templates/{source}.csv"
    if missing := [heading for heading in needed if heading not in found]:
        raise SourceChanged(f"headings {', '.join(missing[:5])} are missing; {template}, separated by ;")
    if unknown := [heading for heading in found if heading not in headings or found.count(heading) > 1]:
        raise SourceChanged(
            one_line(f"{len(unknown)} headings that the template lacks or that stand there twice; {template}")
        )
    return {heading: found.index(heading) for heading in headings if heading in found}

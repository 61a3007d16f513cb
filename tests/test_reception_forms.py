"""The report of a region in its three forms: whichever it delivers, the same rows; and the template that it fills in."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opvang import sources, template
from opvang.contract import contract
from opvang.errors import UsageError
from opvang.settings import PROJECT
from opvang.shape import fields as in_order
from opvang.sources import Delivered, parser
from opvang.template.fields import fields, words
from tests.bad_deliveries.reception_spreadsheets import unzipped, workbook
from tests.deliveries import DAY, document, location

TERMS = contract("reception")
SHIPPED = PROJECT / "docs/templates"
REGION = "VR13"
# What every form can hold: no control characters but the end of a line, no half characters, and something to see.
TEXTS = st.text(st.characters(exclude_categories=["C"], include_characters="\n"), min_size=1, max_size=30)
COUNTS = st.none() | st.integers(-5, 10**9)
DAYS = st.none() | st.dates(date(1900, 3, 1), date(2199, 12, 31)).map(date.isoformat)
ANSWERS = st.none() | st.booleans()
OF_KIND = {"string": st.none() | TEXTS, "integer": COUNTS, "date": DAYS, "boolean": ANSWERS}
LOCATIONS = st.fixed_dictionaries({field.name: OF_KIND[field.kind] for field in fields(TERMS)} | {"location_id": TEXTS})


def written(folder: Path, rows: list[dict[str, Any]]) -> dict[str, Path]:
    """One report as JSON, XLSX and CSV."""
    told = document(rows, DAY, REGION) | {"as_of": DAY.isoformat()}
    forms = {
        "json": json.dumps(told).encode(),
        "xlsx": template.workbook(TERMS, told, told["locations"]),
        "csv": template.delimited(TERMS, told, told["locations"]),
    }
    for form, content in forms.items():
        (folder / form).write_bytes(content)
    return {form: folder / form for form in forms}


def read(path: Path) -> pl.DataFrame:
    [batch] = parser("reception")(Delivered(path, REGION, DAY), TERMS)
    return in_order(TERMS.tables[0], batch["locations"])


@given(st.lists(LOCATIONS, min_size=1, max_size=5))
def test_the_same_report_is_the_same_rows_in_every_form(rows: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        found = {form: read(path).drop("line_no") for form, path in written(Path(folder), rows).items()}
    assert found["json"].equals(found["xlsx"])
    assert found["json"].equals(found["csv"])


def test_the_content_says_the_form_and_the_line_is_what_a_person_sees(tmp_path: Path) -> None:
    paths = written(tmp_path, [location(number) for number in range(3)])
    assert {form: sources.form("reception", path) for form, path in paths.items()} == {form: form for form in paths}
    assert {form: read(path)["line_no"].to_list() for form, path in paths.items()} == {
        "json": [1, 2, 3],
        "xlsx": [2, 3, 4],
        "csv": [2, 3, 4],
    }


@pytest.mark.parametrize("source", ["claims", "reception", "sanction_decisions"])
def test_the_templates_in_the_documentation_are_those_of_the_contract(source: str, tmp_path: Path) -> None:
    for path in template.write(source, tmp_path):
        shipped = (SHIPPED / path.name).read_bytes()
        assert inside(shipped) == inside(path.read_bytes()), f"opvang template {source} writes them again"


def inside(content: bytes) -> dict[str, bytes]:
    """The files of a workbook, whichever zlib packed them."""
    return unzipped(content) if zipfile.is_zipfile(io.BytesIO(content)) else {"": content}


def test_the_template_explains_each_field_and_each_value_in_dutch() -> None:
    said = words("reception")
    assert said["fields"].keys() == TERMS.tables[0].fields
    assert said["values"].keys() == {value for field in fields(TERMS) for value in field.allowed}
    assert all(field.label != field.name for field in fields(TERMS))


def test_a_source_without_a_template_says_which_has_one() -> None:
    with pytest.raises(UsageError, match="brp has no template; there is one of claims, reception, sanction_decisions"):
        template.write("brp", Path("nowhere"))


def test_the_same_report_makes_the_same_bytes() -> None:
    assert workbook(REGION, DAY) == workbook(REGION, DAY)

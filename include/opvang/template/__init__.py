"""In which form suppliers deliver: a template to fill in by hand, as CSV and for some as an Excel workbook, and the OpenAPI document of an endpoint.

Fields, labels and types come from the contract, closed lists from the expectations, Dutch words from templates/<source>.yml. The same
input gives the same bytes.
"""

from pathlib import Path

from opvang.contract import contract
from opvang.errors import ServerError
from opvang.template.delimited import delimited
from opvang.template.fields import words
from opvang.template.openapi import openapi
from opvang.template.workbook import workbook

__all__ = ["delimited", "openapi", "workbook", "write"]


def write(source: str, folder: Path) -> list[Path]:
    """Write how suppliers may deliver: an empty template as .csv, also .xlsx where it has words for the sheets, and .openapi.yaml of an endpoint.

    UsageError for a source without a template.
    """
    terms = contract(source)
    made = {f"{source}.csv": delimited(terms, {}, [])}
    if "sheets" in words(source):
        made[f"{source}.xlsx"] = workbook(terms, {}, [])
    if terms.may_be_asked:
        made[f"{source}.openapi.yaml"] = openapi(terms)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise ServerError(f"can't write to {folder}: {error.strerror}; name another folder with --out") from None
    return [folder / name for name in made]

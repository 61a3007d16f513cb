"""The template in which suppliers fill in a contract's records by hand: CSV, and where its source reads one an Excel workbook.

Fields, labels and types come from the contract, closed lists from the expectations, Dutch words from templates/<source>.yml. The same
input gives the same bytes.
"""

from pathlib import Path

from opvang.contract import contract
from opvang.errors import ServerError
from opvang.template.delimited import delimited
from opvang.template.fields import words
from opvang.template.workbook import workbook

__all__ = ["delimited", "workbook", "write"]


def write(source: str, folder: Path) -> list[Path]:
    """Write the empty template of a source as .csv, and as .xlsx where it has words for the sheets; UsageError for a source that has none."""
    terms = contract(source)
    made = {f"{source}.csv": delimited(terms, {}, [])}
    if "sheets" in words(source):
        made[f"{source}.xlsx"] = workbook(terms, {}, [])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise ServerError(f"can't write to {folder}: {error.strerror}; name another folder with --out") from None
    return [folder / name for name in made]

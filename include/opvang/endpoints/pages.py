"""The pages of one report joined to one document, as the gate reads it: all of one version, or none."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from opvang.errors import LoadRefused, SourceChanged
from opvang.readers import json as reader


@dataclass
class Document:
    """A report as it grows page by page in a file; `records` is the field that holds its list, `largest` its most bytes."""

    file: BinaryIO
    records: str
    largest: int
    head: dict[str, Any] | None = None
    count: int = 0

    def add(self, content: bytes) -> None:
        """Add a page; LoadRefused for one that is no JSON, SourceChanged for one that is no page of this report."""
        page = _page(content, self.records)
        rows = page.pop(self.records)
        if self.head is None:
            self.head = page
            self.file.write(f"{_text(page)[:-1]}{',' if page else ''}{_text(self.records)}:[".encode())
        elif page != self.head:
            raise SourceChanged(
                "its pages are of different reports under one ETag; give every version an ETag of its own"
            )
        for row in rows:
            self.file.write(f"{',' if self.count else ''}\n{_text(row)}".encode())
            self.count += 1
        if self.file.tell() > self.largest:
            raise LoadRefused(f"more than {self.largest / 1e6:g} MB in all; deliver what the contract describes")

    def close(self) -> None:
        """End the document, and turn back to its beginning."""
        self.file.write(b"\n]}\n")
        self.file.seek(0)


def _page(content: bytes, records: str) -> dict[str, Any]:
    page = reader.value(content)
    if not isinstance(page, dict) or not isinstance(page.get(records), list):
        raise SourceChanged(
            f"a page that isn't a report with a list of {records}; deliver what the OpenAPI document describes"
        )
    return page


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Listed:
    """A report of the list: its day, its version and how many records it holds."""

    reference_date: str
    version: str
    records: int


def listed(content: bytes, supplier: str) -> list[Listed]:
    """The reports that an endpoint says it has; SourceChanged for a list of another supplier's, or none."""
    told = reader.value(content)
    if not isinstance(told, dict) or not isinstance(told.get("reports"), list):
        raise SourceChanged("its list of reports isn't one; deliver what the OpenAPI document describes")
    if told.get("supplier") != supplier:
        raise SourceChanged("it answers for another supplier; compare the address of its connection")
    return list(_entries(told["reports"]))


def _entries(rows: list[Any]) -> Iterator[Listed]:
    days = set()
    for number, row in enumerate(rows, start=1):
        if not _is_entry(row) or row["reference_date"] in days:
            raise SourceChanged(
                f"report {number} of its list needs reference_date (a day, once), version (a text) and records (a number)"
            )
        days.add(row["reference_date"])
        yield Listed(row["reference_date"], row["version"], row["records"])


def _is_entry(row: Any) -> bool:
    kinds: Mapping[str, type] = {"reference_date": str, "version": str, "records": int}
    return isinstance(row, dict) and all(type(row.get(name)) is kind for name, kind in kinds.items())

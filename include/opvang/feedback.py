"""feedback: a report for each supplier, which records of their file broke which rule and what to correct; never a value.

A record is named by its line and number in the file: its supplier finds it there, and nobody else learns anything.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from opvang import ledger, settings, warehouse
from opvang.contract import Contract, contract
from opvang.errors import ServerError, UsageError
from opvang.expectations import expectations
from opvang.messages import one_line
from opvang.warehouse import Connection, Row

# The readers are municipalities and regions, so the pages speak Dutch.
EFFECTS = {"critical": "tegengehouden", "warning": "gemarkeerd"}
EFFECTS_OF_REFUSED = {"critical": "fout", "warning": "opmerking"}
REQUESTS = {
    "critical": "Verbeter dit in uw bron en lever het bestand opnieuw aan.",
    "warning": "Controleer dit in uw bron; een verbetering gaat mee met uw volgende levering.",
}
HEADINGS = ("regel", "record", "gevolg", "controle", "officiële bron", "wat er mis is", "wat u kunt doen")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST_PAGE = 1_000


@dataclass(frozen=True)
class Report:
    """What a supplier is told of one delivery."""

    contract: Contract
    delivery: Row
    rules: dict[str, Row]
    lines: list[Row]
    made_at: datetime

    @property
    def name(self) -> str:
        """The stem of its files; the number of the delivery makes it unique."""
        supplier = re.sub(r"[^A-Za-z0-9-]", "_", self.delivery["supplier"])[:60]
        return f"{self.contract.source}_{supplier}_{self.delivery['reference_date']}_{self.delivery['delivery_id']}"

    @property
    def has_all_lines(self) -> bool:
        """Whether each breach that was counted is listed: of an older delivery the flagged records no longer are."""
        counted: int = sum(rule["records"] for rule in self.rules.values())
        return len(self.lines) >= counted


def feedback(source: str, supplier: str | None, reference_date: date | None, out: Path) -> list[dict[str, Any]]:
    """Write a CSV and an HTML page per supplier about its last delivery (of a reference date); returns where they are."""
    terms = contract(source)
    with warehouse.connect() as connection:
        values = {"source": source, "supplier": supplier, "reference_date": reference_date}
        found = [row["delivery_id"] for row in warehouse.run(connection, "feedback_deliveries", values)]
        if not found:
            raise UsageError(f"nothing of {source} was delivered by that supplier for that day; opvang status {source}")
        _make(out)
        return [_write(out, report) for report in _reports(connection, terms, found)]


def _reports(connection: Connection, terms: Contract, deliveries: list[int]) -> Iterator[Report]:
    corrections = {rule.rule: rule.correction for rule in expectations(terms)}
    for delivery in ledger.accounts(connection, deliveries):
        effects = EFFECTS_OF_REFUSED if delivery["verdict"] == "refused" else EFFECTS
        rules = {rule["rule"]: _advice(rule, effects, corrections) for rule in delivery["rules"]}
        named = {"delivery_id": delivery["delivery_id"]}
        lines = warehouse.run(connection, "feedback_lines", named).fetchall()
        delivery |= {"file": one_line(delivery["file"]), "correction": _of_refusal(delivery["message"], corrections)}
        yield Report(terms, delivery, rules, lines, datetime.now(UTC))


def _advice(rule: Row, effects: dict[str, str], corrections: dict[str, str | None]) -> Row:
    """A broken rule with what it did to the records, and what is asked of the supplier."""
    severity = rule["severity"]
    request, correction = REQUESTS[severity], corrections.get(rule["rule"])
    return rule | {"effect": effects[severity], "request": request, "correction": correction}


def _of_refusal(message: str | None, corrections: dict[str, str | None]) -> str | None:
    """What to do about a refusal: a rule that refuses a delivery stands in brackets at the end of its message."""
    rule = re.search(r"\((\w+)\)$", message or "")
    return corrections.get(rule[1]) if rule else None


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServerError(f"can't write to {folder}: {error.strerror}; name another folder with --out") from None


def _write(out: Path, report: Report) -> dict[str, Any]:
    table, page = out / f"{report.name}.csv", out / f"{report.name}.html"
    try:
        # With a byte order mark and semicolons, as a Dutch Excel opens it.
        with table.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerows([cell(value) for value in row] for row in _rows(report))
        page.write_text(_page().render(report=report, lines=report.lines[:LONGEST_PAGE]), encoding="utf-8")
    except OSError as error:
        raise ServerError(f"can't write to {out}: {error.strerror}; name another folder with --out") from None
    names = ("supplier", "reference_date", "delivery_id", "verdict")
    return {name: report.delivery[name] for name in names} | {"csv": str(table), "html": str(page)}


def _rows(report: Report) -> Iterator[tuple[Any, ...]]:
    yield HEADINGS
    delivery = report.delivery
    if delivery["verdict"] == "refused":
        yield "", "", "geweigerd", "", "", delivery["message"], delivery["correction"] or REQUESTS["critical"]
    for line in report.lines:
        rule = report.rules[line["rule"]]
        what = (rule["effect"], rule["rule"], rule["reference"], rule["reason"], rule["correction"] or rule["request"])
        yield line["line_no"], line["record_no"] or "", *what


def cell(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


@cache
def _page() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["count"] = lambda number: f"{number:,}".replace(",", ".")
    environment.filters["day"] = lambda day: f"{day:%d-%m-%Y}"
    environment.filters["moment"] = lambda moment: f"{moment.astimezone(settings.READERS_ZONE):%d-%m-%Y %H:%M}"
    environment.filters["breakable"] = lambda name: Markup("_<wbr>").join(name.split("_"))
    return environment.get_template("feedback.html.jinja")

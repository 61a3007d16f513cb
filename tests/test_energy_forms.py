"""The same contract in three forms is the same rows; what the standards say is followed."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from opvang.contract import contract
from opvang.errors import LoadRefused
from opvang.settings import PROJECT
from opvang.simulate import energy_notice, energy_ocds, energy_register
from opvang.simulate.agreements import Agreement, agreements, is_exposed
from opvang.sources import Delivered, form, parser
from opvang.sources.energy_contracts import register

SAMPLES = PROJECT / "tests/samples/energy_contracts"
DAY = date(2022, 4, 4)
RNG = np.random.default_rng(2022)
TOLD_BY_ALL = [
    "contract_reference",
    "lead_buyer_code",
    "title",
    "status",
    "cpv_code",
    "concluded_date",
    "start_date",
    "end_date",
    "value_eur",
    "tenders_received",
]
Rows = dict[str, list[dict[str, Any]]]


def rows(folder: Path, content: str | bytes, supplier: str = "tenderned") -> Rows:
    """What is read of a delivery, per table."""
    path = folder / "delivery"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path, supplier)


def read(path: Path, supplier: str = "tenderned") -> Rows:
    [batch] = parser("energy_contracts")(Delivered(path, supplier, DAY), contract("energy_contracts"))
    return {name: frame.sort("record_no", maintain_order=True).to_dicts() for name, frame in batch.items()}


def package(agreement: Agreement, day: date = DAY, *, as_records: bool = False) -> Any:
    return json.loads(energy_ocds.package("GM", [agreement], day, as_records=as_records))


def told(read: Rows, table: str, *names: str) -> list[list[Any]]:
    """Some columns of a table, numbers as numbers."""
    return [[float(row[name]) if name in ("value_eur", "share_pct", "tenders_received") and row[name] else row[name] for name in names] for row in read[table]]  # fmt: skip


def first(matches: Callable[[Agreement], bool]) -> Agreement:
    return next(one for one in agreements(2022) if matches(one))


@pytest.mark.parametrize(
    "agreement",
    [
        first(lambda one: len(one.shares) == 1 and not one.news),
        first(lambda one: one.subcontractor is not None),
        first(lambda one: len(one.shares) > 1),
    ],
    ids=["alone", "subcontracted", "joint"],
)
def test_a_contract_is_the_same_rows_in_every_form(tmp_path: Path, agreement: Agreement) -> None:
    agreement = replace(agreement, news=None, last_day=None, is_terminated=False, tenders=3)
    ocds = rows(tmp_path, json.dumps(package(agreement)))
    records = rows(tmp_path, json.dumps(package(agreement, as_records=True)))
    own = rows(tmp_path, energy_register.table([agreement], DAY))
    notice = rows(tmp_path, energy_notice.notice(agreement, RNG, with_reference=True))
    assert records == ocds
    assert told(ocds, "contracts", *TOLD_BY_ALL) == told(own, "contracts", *TOLD_BY_ALL) == told(notice, "contracts", *TOLD_BY_ALL)  # fmt: skip
    parties = ("role", "organisation_name", "identifier_scheme", "identifier", "share_pct")
    assert told(ocds, "contract_suppliers", *parties) == told(own, "contract_suppliers", *parties) == told(notice, "contract_suppliers", *parties)  # fmt: skip
    assert told(ocds, "contract_buyers", "role", "municipality_code") == told(own, "contract_buyers", "role", "municipality_code")  # fmt: skip
    supply = ("municipality_code", "cpv_code", "metering_points", "yearly_volume", "unit", "profile_code")
    assert told(ocds, "contract_supply", *supply) == told(own, "contract_supply", *supply)
    assert len(ocds["contract_supply"]) == len(agreement.shares)


@pytest.mark.parametrize("as_records", [False, True])
def test_an_amendment_and_a_termination_are_followed(tmp_path: Path, *, as_records: bool) -> None:
    ended = first(lambda one: one.is_terminated and is_exposed(one))
    assert ended.news is not None
    days = {"before": DAY if ended.news > DAY else ended.signed, "agreed": ended.news, "ended": ended.ends}
    read = {name: rows(tmp_path, json.dumps(package(ended, day, as_records=as_records))) for name, day in days.items()}
    names = ("status", "end_date", "terminated_date")
    assert {name: told(one, "contracts", *names) for name, one in read.items()} == {
        "before": [["active", str(ended.end), None]],
        "agreed": [["active", str(ended.ends), None]],
        "ended": [["terminated", str(ended.ends), str(ended.ends)]],
    }


def test_what_a_record_compiled_counts_where_it_only_links_to_its_releases(tmp_path: Path) -> None:
    whole = package(first(lambda one: not one.news), as_records=True)
    of_releases = rows(tmp_path, json.dumps(whole))
    for record in whole["records"]:
        [release] = record["releases"]
        record["releases"] = [{"url": "http://127.0.0.1:9/", "date": release["date"], "tag": release["tag"]}]
        record["compiledRelease"] = release | {"tag": ["compiled"]}
    assert rows(tmp_path, json.dumps(whole)) == of_releases


def test_a_bare_release_is_a_package_of_one(tmp_path: Path) -> None:
    whole = package(first(lambda one: not one.news))
    assert rows(tmp_path, json.dumps(whole["releases"][0])) == rows(tmp_path, json.dumps(whole))


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("tenderned*/*/*")), ids=lambda path: path.name)
def test_every_example_of_the_standards_is_understood(path: Path) -> None:
    understood = read(path)
    assert form("energy_contracts", path) == ("eforms" if path.suffix == ".xml" else "ocds")
    assert told(understood, "contracts", "record_no", "supplier_count", "lead_buyer_code") == [[1, "1", None]]
    assert understood["contract_suppliers"][0]["identifier"]


def test_of_a_winner_who_is_a_person_no_name_is_read_and_of_owners_only_the_nationality() -> None:
    [path] = (SAMPLES / "tenderned-40003").rglob("*.xml")
    assert told(read(path), "contract_suppliers", "organisation_name", "owner_nationalities") == [["Espaces Verts Lemire", "FRA"]]  # fmt: skip


def test_a_natural_person_has_neither_name_nor_number_here(tmp_path: Path) -> None:
    [path] = (SAMPLES / "tenderned-40003").rglob("*.xml")
    person = path.read_text().replace("<efbc:ListedOnRegulatedMarketIndicator>false</efbc:ListedOnRegulatedMarketIndicator>", "<efbc:NaturalPersonIndicator>true</efbc:NaturalPersonIndicator>")  # fmt: skip
    assert "Lemire" not in str(rows(tmp_path, person))
    assert "326 912 557" not in str(rows(tmp_path, person))


def test_the_share_of_subcontractors_follows_from_its_amount(tmp_path: Path) -> None:
    behind = first(lambda one: one.subcontractor is not None)
    notice = energy_notice.notice(replace(behind, value_eur=200_000), RNG, with_reference=True).decode()
    amount = notice.replace(f"<efbc:TermPercent>{behind.subcontractor_pct}</efbc:TermPercent>", "<efbc:TermAmount>25000</efbc:TermAmount>")  # fmt: skip
    assert told(rows(tmp_path, amount), "contract_suppliers", "role", "share_pct")[1] == ["subcontractor", 12.5]


def received(read: Rows) -> list[Any]:
    return [row["tenders_received"] for row in read["contracts"]]


def test_how_many_bid_is_told_by_lot_or_by_the_tender_of_one_award(tmp_path: Path) -> None:
    one = replace(first(lambda one: not one.news), tenders=4)
    made = package(one)
    [release] = made["releases"]
    assert received(rows(tmp_path, json.dumps(made))) == ["4"]
    release["bids"]["statistics"] += [{"id": "2", "measure": "bids", "value": 2.0, "relatedLot": release["awards"][0]["relatedLots"][0]}]  # fmt: skip
    release["bids"]["statistics"] += [{"id": "3", "measure": "smeBids", "value": 1, "relatedLots": release["awards"][0]["relatedLots"]}]  # fmt: skip
    assert received(rows(tmp_path, json.dumps(made))) == ["2"]
    release["bids"]["statistics"] = [{"id": "1", "measure": "bids", "value": 3}]
    assert received(rows(tmp_path, json.dumps(made))) == ["3"]
    release["bids"], release["tender"] = "none", {"id": "1", "numberOfTenderers": 5}
    assert received(rows(tmp_path, json.dumps(made))) == ["5"]
    release["awards"].append({"id": "another", "status": "cancelled"})
    assert received(rows(tmp_path, json.dumps(made))) == [None]


def test_how_many_bid_is_read_of_the_standards_own_examples() -> None:
    assert received(read(next((SAMPLES / "tenderned-40003").rglob("*.xml")))) == ["3"]
    assert received(read(next(SAMPLES.rglob("*-04-award.json")))) == ["2"]


def test_a_register_in_the_template_of_version_2_0_is_read_and_tells_no_tenders(tmp_path: Path) -> None:
    one = replace(first(lambda one: not one.news), tenders=4)
    now = list(csv.reader(energy_register.table([one], DAY).decode().splitlines(), delimiter=";"))
    at = now[0].index("inschrijvingen")
    before = "".join(";".join(row[:at] + row[at + 1 :]) + "\n" for row in now)
    old, new = rows(tmp_path, before), rows(tmp_path, energy_register.table([one], DAY))
    assert (received(old), received(new)) == ([None], ["4"])
    old["contracts"][0]["tenders_received"] = "4"
    assert old == new


def test_an_external_entity_is_never_looked_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a-secret")
    [path] = (SAMPLES / "tenderned-40003").rglob("*.xml")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    notice = path.read_text().replace("<ContractAwardNotice ", f"{doctype}<ContractAwardNotice ", 1).replace("Rouen Habitat", "&e;")  # fmt: skip
    with pytest.raises(LoadRefused, match="document type or entities"):
        rows(tmp_path, notice)


def test_the_template_is_what_the_contract_says_of_each_heading() -> None:
    with register.HEADINGS.open(encoding="utf-8", newline="") as file:
        headings = list(csv.DictReader(file, delimiter=";"))
    template = pl.read_csv(PROJECT / "docs/templates/energy_contracts.csv", separator=";", infer_schema=False)
    assert template.columns == [row["heading"] for row in headings]
    assert template.row(0) == tuple(row["example"] or None for row in headings)
    assert all(row["explanation"] for row in headings)

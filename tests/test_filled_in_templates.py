"""Templates that people fill in by hand: what a Dutch spreadsheet makes of them is read as it was meant."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opvang import template
from opvang.contract import contract
from opvang.errors import LoadRefused
from opvang.simulate import claims, decisions
from opvang.sources import Delivered, parser

DAY = date(2022, 12, 26)
SUPPLIERS = {"claims": "GM0363", "sanction_decisions": "ezk"}
Rows = list[dict[str, Any]]


def read(folder: Path, source: str, *rows: dict[str, str]) -> dict[str, Rows]:
    """What is read of the template with these rows, per table; a heading that a row leaves out is empty."""
    path = folder / "filled_in.csv"
    [empty] = csv.reader(io.StringIO(template.delimited(contract(source), {}, []).decode("utf-8-sig")), delimiter=";")
    path.write_bytes(template.delimited(contract(source), {}, [dict.fromkeys(empty, "") | row for row in rows]))
    return of(path, source)


def of(path: Path, source: str) -> dict[str, Rows]:
    [batch] = parser(source)(Delivered(path, SUPPLIERS[source], DAY), contract(source))
    return {name: frame.to_dicts() for name, frame in batch.items()}


@pytest.mark.parametrize(
    ("filled_in", "meant"), [("3-10-2022", "2022-10-03"), ("03-10-2022", "2022-10-03"), (" 2022-10-03 ", "2022-10-03"), ("3 oktober", "3 oktober")]
)  # fmt: skip
def test_a_day_is_taken_as_it_is_meant_and_other_text_as_it_is(tmp_path: Path, filled_in: str, meant: str) -> None:
    [claim] = read(tmp_path, "claims", {"geclaimd_op": filled_in})["claims"]
    assert claim["geclaimd_op"] == meant


@pytest.mark.parametrize(("filled_in", "meant"), [("12500,5", "12500.5"), ("-1,25", "-1.25"), ("12.500,50", "12.500,50"), ("", None)])  # fmt: skip
def test_a_decimal_comma_is_a_point_and_points_for_thousands_are_none(
    tmp_path: Path, filled_in: str, meant: str | None
) -> None:
    [claim] = read(tmp_path, "claims", {"geclaimd_eur": filled_in})["claims"]
    assert claim["geclaimd_eur"] == meant


def test_a_number_of_a_contract_is_text_whatever_it_looks_like(tmp_path: Path) -> None:
    [claim] = read(tmp_path, "claims", {"contractnummer": "3-10-2022", "claimnummer": "12,50"})["claims"]
    assert (claim["contractnummer"], claim["claimnummer"]) == ("3-10-2022", "12,50")


def test_rows_that_say_the_same_decision_are_one_record_wherever_they_stand(tmp_path: Path) -> None:
    rows = [{"kenmerk": "A", "nummer_houder": "GM0001"}, {"kenmerk": "B", "nummer_houder": "GM0002"}, {"kenmerk": "A", "nummer_houder": "GM0003"}]  # fmt: skip
    told = read(tmp_path, "sanction_decisions", *rows)
    assert [(row["record_no"], row["kenmerk"], row["line_no"]) for row in told["decisions"]] == [(1, "A", 2), (2, "B", 3)]  # fmt: skip
    names = ("record_no", "line_no", "row_of_decision", "nummer_houder")
    held = [tuple(row[name] for name in names) for row in told["authorisations"]]
    assert held == [(1, 2, "1", "GM0001"), (1, 4, "2", "GM0003"), (2, 3, "1", "GM0002")]


def test_a_reference_with_two_ends_is_two_records_so_that_the_rule_on_keys_stops_both(tmp_path: Path) -> None:
    told = read(tmp_path, "sanction_decisions", {"kenmerk": "A", "geldig_tot_en_met": "2022-12-31"}, {"kenmerk": "A", "geldig_tot_en_met": "2023-03-31"})  # fmt: skip
    assert [row["record_no"] for row in told["decisions"]] == [1, 2]


def test_no_register_is_that_of_municipalities_or_the_chamber_of_commerce_and_a_persons_number_is_not_read(
    tmp_path: Path,
) -> None:
    usual, named, person = read(
        tmp_path,
        "sanction_decisions",
        {"nummer_houder": "GM0363", "nummer_leverancier": "12345678"},
        {"register_houder": "NL-KVK", "nummer_houder": "12345678", "register_leverancier": "XI-LEI", "nummer_leverancier": "A"},
        {"register_houder": "NL-BSN", "nummer_houder": "999993653", "register_leverancier": "NL-BSN", "nummer_leverancier": "999993653"},
    )["authorisations"]  # fmt: skip
    names = ("register_houder", "nummer_houder", "register_leverancier", "nummer_leverancier")
    assert [usual[name] for name in names] == ["NL-CBS", "GM0363", "NL-KVK", "12345678"]
    assert [named[name] for name in names] == ["NL-KVK", "12345678", "XI-LEI", "A"]
    assert [person[name] for name in names] == ["NL-BSN", None, "NL-BSN", None]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.csv").write_bytes(b"claimnummer;" * 1_000_000)
    with pytest.raises(LoadRefused, match="at most 10 MB"):
        of(tmp_path / "large.csv", "claims")


@pytest.mark.parametrize("source", SUPPLIERS)
def test_what_the_simulation_fills_in_is_read_row_by_row(tmp_path: Path, source: str) -> None:
    made = {"claims": claims.deliveries, "sanction_decisions": decisions.deliveries}[source]
    delivery = max(made(date(2022, 4, 4), DAY, 2022), key=lambda one: len(one.content))
    path = delivery.write(tmp_path)
    last = of(path, source)[contract(source).tables[-1].name]
    assert len(last) == delivery.content.decode().count("\r\n") - 1 > 1


def test_the_year_has_every_kind_of_claim_and_every_end_of_one() -> None:
    made = claims.claims(2022)
    assert {one.kind for one in made} == {"boete", "schadeclaim", "schadevergoeding", "prijsverschil"}
    decided = [one for one in made if one.decided]
    assert any(one.approved_cents == 0 for one in decided) and any(one.paid for one in decided)
    assert any(0 < (one.approved_cents or 0) < one.claimed_cents for one in decided)
    assert all((one.approved_cents or 0) <= one.claimed_cents for one in made)
    assert not any(one.decided for one in made if one.kind == "prijsverschil")


def test_authorisations_are_decided_in_september_and_extended_in_october_for_some() -> None:
    by_day: dict[date, set[str]] = {}
    for one in decisions.decisions(2022):
        by_day.setdefault(one.decided, set()).update(town["gm_code"] for town, _ in one.held)
    first, second = by_day.values()
    assert set(by_day) == {date(2022, 9, 6), date(2022, 10, 17)}
    assert second < first and len(first) > 30

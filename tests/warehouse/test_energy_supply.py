"""The marts on energy supply against the simulation's own book: what is covered each month, who supplies it, how few bid, and whom a name means."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from opvang import fetch, settings, warehouse
from opvang.load import run
from opvang.simulate import energy_books
from opvang.simulate.energy import contracts
from opvang.simulate.ownership import packages
from tests.conftest import clear_warehouse, load_code_tables
from tests.warehouse.test_main_job import build_marts

FIRST, LAST, SEED = date(2022, 4, 4), date(2022, 12, 31), 2022
MONTHS = [date(year, month, monthrange(year, month)[1]) for year in (2022, 2023) for month in range(1, 13)]
MARTS = (
    *("--indirect-selection", "cautious", "--select"),
    *("+supply_cover_by_municipality_month", "+joint_contract_by_region_month", "+joint_contract_by_month"),
    *("+supplier_concentration_by_month", "+supplier_matches", "+sanctioned_contracts_as_known"),
    *("+contract_exits_by_municipality", "+sanctioned_contracts_by_municipality_day"),
    *("a_joint_contract_holds_what_the_municipalities_lack", "suppliers_share_the_covered_volume"),
    *("a_supplier_is_confirmed_to_be_one_organisation", "a_confirmed_organisation_is_in_a_register"),
)
# Brielle, Hellevoetsluis and Westvoorne became Voorne aan Zee (national table 33 of 1 January 2023).
MERGER_DATE, MERGED = date(2023, 1, 1), {"GM0501": "GM1992", "GM0530": "GM1992", "GM0614": "GM1992"}
SELLER, TYPED = "NL-SIM:NL-SIM-GAZPROM-ENERGY", "name:gazprom energie"
TOWN = ["municipality_code", "energy_carrier"]
VOLUMES = ["metering_points", "yearly_volume"]


@pytest.fixture(scope="module")
def year(server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The contracts of 2022 and who owns the suppliers, from the inbox to the marts."""
    folder = tmp_path_factory.mktemp("supply")
    clear_warehouse()
    load_code_tables()
    for delivery in (*contracts(FIRST, LAST, SEED), *packages(FIRST, LAST, SEED)):
        delivery.write(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "INBOX", str(folder))
        for source in ("energy_contracts", "ownership"):
            batch = fetch.fetch(source)
            assert batch is not None
            run(source, batch)
    build_marts(folder, "--exclude-resource-types", "unit_test", *MARTS)
    yield folder
    clear_warehouse()


def rows(query: str, *values: Any, role: Any = "reader") -> list[tuple[Any, ...]]:
    with warehouse.connect(role) as connection:
        return [tuple(row.values()) for row in connection.execute(query.encode(), values).fetchall()]


def book() -> pl.DataFrame:
    return energy_books.book(SEED).filter(role="supplier")


def on(day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the book has as running on a day, and what has ended where nothing runs: the newest that ran in 2022 or later."""
    running = book().filter(pl.lit(day).is_between("first_day", "last_day"))
    ended = book().filter(pl.col("last_day").is_between(date(2022, 1, 1), day, closed="left"))
    newest = ended.sort("last_day").group_by(TOWN, maintain_order=True).last()
    return running, newest.join(running, on=TOWN, how="anti")


def summed(found: pl.DataFrame, day: date) -> dict[tuple[str, str], tuple[int, int]]:
    """By carrier and municipality of the day."""
    merged = found.with_columns(pl.col("municipality_code").replace(MERGED if day >= MERGER_DATE else {}))
    told = merged.group_by(TOWN).agg(pl.sum(*VOLUMES)).sort(TOWN)
    return {(town, carrier): (points, volume) for town, carrier, points, volume in told.select(*TOWN, *VOLUMES).rows()}


@pytest.mark.usefixtures("year")
def test_what_is_covered_and_what_is_not_at_the_end_of_each_month_is_that_of_the_book() -> None:
    """Also of municipalities that buy in a group, and of contracts that came in two forms."""
    for day in MONTHS:
        running, lost = on(day)
        for name, told in (("covered", running), ("uncovered", lost)):
            found = rows(
                f"""select municipality_code, energy_carrier, metering_points_{name}, yearly_volume_{name}::bigint
                from marts.supply_cover_by_municipality_month where month_start_date = %s and contracts_{name} > 0""",
                day.replace(day=1),
            )
            assert {row[:2]: row[2:] for row in found} == summed(told, day), (day, name)
    assert lost.height > 50


@pytest.mark.usefixtures("year")
def test_a_month_is_uncovered_from_the_day_after_the_end() -> None:
    """By days: a contract that ended in the middle of a month covers its first part and leaves the rest."""
    day = date(2022, 9, 30)
    _, lost = on(day)
    ended = lost.filter(pl.col("last_day").is_between(day.replace(day=1), day, closed="left"))
    found = rows(
        """select municipality_code, uncovered_from_date - 1, month_volume_covered + month_volume_uncovered - round(yearly_volume_uncovered * 30 / 365, 2)
        from marts.supply_cover_by_municipality_month where month_start_date = '2022-09-01' and uncovered_from_date > '2022-09-01' and contracts_uncovered > 0"""
    )
    assert sorted(row[:2] for row in found) == sorted(ended.select("municipality_code", "last_day").rows())
    assert all(abs(rest) <= 0.01 for _, _, rest in found)


@pytest.mark.usefixtures("year")
def test_the_joint_contract_is_all_that_the_book_leaves_uncovered() -> None:
    _, lost = on(date(2022, 12, 31))
    told = lost.filter(energy_carrier="natural_gas").select(pl.sum(*VOLUMES)).row(0)
    [found] = rows(
        """select metering_points_uncovered, yearly_volume_uncovered::bigint from marts.joint_contract_by_month
        where month_start_date = '2022-12-01' and energy_carrier = 'natural_gas' and profile_code = 'G2A'"""
    )
    assert found == told


@pytest.mark.usefixtures("year")
def test_what_should_have_ended_by_october_is_what_the_book_still_has_with_the_seller() -> None:
    running, _ = on(date(2022, 10, 31))
    exposed = running.filter(~pl.col("is_named_only"), supplier_id=SELLER.split(":")[1])
    [found] = rows(
        "select sum(municipalities_to_end)::integer as municipalities, sum(yearly_volume_to_end)::bigint as volume from marts.joint_contract_by_region_month where month_start_date = '2022-10-01'"
    )
    assert found == (exposed["municipality_code"].n_unique(), exposed["yearly_volume"].sum())


@pytest.mark.usefixtures("year")
def test_concentration_and_tenders_are_those_of_the_book() -> None:
    """A supplier that a buyer names without its number is another one, as long as nobody confirmed who it is."""
    for day in MONTHS[::5]:
        for carrier in ("natural_gas", "electricity"):
            running = on(day)[0].filter(energy_carrier=carrier)
            volumes = running.group_by("supplier_id", "is_named_only").agg(pl.sum("yearly_volume"))["yearly_volume"]
            shares = (100 * volumes / volumes.sum()).sort(descending=True)
            signed = book().filter(pl.col("concluded_date").is_between(day.replace(day=1), day), energy_carrier=carrier)
            bids = signed.unique("contract_id")["tenders_received"]
            [found] = rows(
                """select suppliers, largest_1_share_pct::float, herfindahl_hirschman_index, awards, awards_tenders_told, awards_one_tender, tenders_per_award::float
                from marts.supplier_concentration_by_month where month_start_date = %s and energy_carrier = %s""",
                day.replace(day=1),
                carrier,
            )
            told = (len(shares), shares[0], (shares**2).sum(), len(bids), bids.count(), (bids == 1).sum(), bids.mean())
            assert found[:6] == pytest.approx(told[:6], abs=0.51), (day, carrier)
            assert found[6] == (None if told[6] is None else pytest.approx(told[6], abs=0.01))


@pytest.mark.usefixtures("year")
def test_the_best_proposal_for_a_name_is_who_the_book_says_it_is() -> None:
    found = rows(
        "select organisation_number, organisation from marts.supplier_matches where place = 1 and status = 'open'"
    )
    named = book().filter("is_named_only").select("supplier_id").unique()["supplier_id"]
    assert found and {organisation.split(":")[1] for _, organisation in found} <= set(named)
    assert (TYPED, SELLER) in found


def answers() -> set[str]:
    """What is answered of the supplier that is only known by name, on 1 May 2022 and known now."""
    return {
        row[0]
        for row in rows(
            """select answer from intermediate.int_ownership_answers inner join intermediate.int_contracted_organisations using (organisation)
            where organisation_number = %s and counts_as = 'ownership' and known_to = 'infinity' and date '2022-05-01' >= valid_from and date '2022-05-01' < valid_until""",
            TYPED,
            role="transformer",
        )
    }


def exposed_contracts(known_at: str) -> int:
    [(count,)] = rows(
        "select count(distinct ocid || '/' || contract_id) from marts.sanctioned_contracts_as_known where organisation_number = %s and answer = 'yes' and known_from <= %s and %s < known_until",
        TYPED,
        known_at,
        known_at,
    )
    return int(count)


def test_a_name_is_unknown_until_a_person_confirms_it_and_then_the_answer_follows(year: Path) -> None:
    assert answers() == {"unknown"}
    assert exposed_contracts("2022-12-31") == 0
    with warehouse.connect("transformer") as connection:
        connection.execute(
            b"""insert into staging.supplier_match_decisions values
            (%s, %s, 'confirmed', 'procurement desk', '2022-06-01', 'the invoice names the number'), (%s, 'ezk:gazprom', 'rejected', 'procurement desk', '2022-05-20', 'the mother company')""",
            (TYPED, SELLER, TYPED),
        )
    build_marts(year, "--exclude-resource-types", "unit_test", "seed", *MARTS)
    assert answers() == {"yes"}
    assert (exposed_contracts("2022-05-31"), exposed_contracts("2022-12-31")) == (0, 1)
    assert sorted(
        rows("select organisation, status from marts.supplier_matches where organisation_number = %s", TYPED)
    ) == [
        (SELLER, "confirmed"),
        ("ezk:gazprom", "rejected"),
    ]

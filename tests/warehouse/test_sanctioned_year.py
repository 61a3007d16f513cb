"""The simulated 2022 from April to December: who is exposed and authorised on each day, and who claims what, is what the simulation's own books hold."""

import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from opvang import fetch, settings, warehouse
from opvang.load import run
from opvang.settings import PROJECT
from opvang.simulate import claims, decisions, energy, energy_books
from opvang.simulate.ownership import packages
from tests.conftest import clear_warehouse
from tests.warehouse.test_main_job import build_marts, exposed

FIRST, LAST, SEED = date(2022, 4, 4), date(2022, 12, 26), 2022
RULE_FROM, RULE_ENDS = date(2022, 4, 9), date(2022, 10, 10)
MARTS = (
    "sanctioned_contracts_by_municipality_day",
    "sanctioned_contracts_by_region_day",
    "sanctioned_contracts_by_day",
    "contract_exits_by_municipality",
    "authorisations_by_holder",
    "compensation_by_municipality",
)
Rows = list[tuple[object, ...]]


@pytest.fixture(scope="module")
def year(server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("year")
    inbox = folder / "inbox"
    clear_warehouse()
    for made in (energy.contracts, packages, decisions.deliveries, claims.deliveries):
        for delivery in made(FIRST, LAST, SEED):
            delivery.write(inbox)
    subprocess.run(["cp", "-r", PROJECT / "include/deliveries/code_tables", inbox], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "INBOX", str(inbox))
        for source in ("code_tables", "energy_contracts", "ownership", "sanction_decisions", "claims"):
            batch = fetch.fetch(source)
            assert batch is not None
            run(source, batch)
    build_marts(folder, "--indirect-selection", "buildable", "--select", *(f"+{mart}" for mart in MARTS))
    yield
    clear_warehouse()


def ask(query: str) -> Rows:
    with warehouse.connect("reader") as connection:
        return sorted(tuple(row.values()) for row in connection.execute(query.encode()).fetchall())


def exposed_and_authorised() -> pl.DataFrame:
    """Who buys from the seller on which day of the rule, as the books say, and until when each is authorised on that day."""
    days = pl.date_range(RULE_FROM, LAST, eager=True).to_list()
    schema = {"day": pl.Date, "municipality_code": pl.String, "contract_id": pl.String}
    authorised = pl.concat(energy_books.authorised(SEED, day).with_columns(day=pl.lit(day)) for day in days)
    rows = pl.DataFrame(exposed(days), schema=schema, orient="row")
    return rows.join(authorised, on=list(schema), how="left")


@pytest.mark.usefixtures("year")
def test_on_every_day_those_are_exposed_and_authorised_who_are_so_in_the_book() -> None:
    told = ask(
        "select reference_date, municipality_code, contract_id, authorised_until_date, must_end_before_date"
        " from marts.sanctioned_contracts_by_municipality_day where answer = 'yes'"
    )
    end = pl.coalesce(pl.col("until") + pl.duration(days=1), pl.lit(RULE_ENDS)).alias("must_end_before_date")
    written = exposed_and_authorised().select("day", "municipality_code", "contract_id", "until", end).rows()
    assert {row[3] for row in written} == {None, date(2022, 12, 31), date(2023, 3, 31)}
    assert told == sorted(written)


@pytest.mark.usefixtures("year")
def test_the_country_and_its_regions_count_who_is_authorised() -> None:
    names = ("municipalities", "contracts", "municipalities_authorised", "contracts_authorised")
    told = ask(f"select reference_date, {', '.join(names)} from marts.sanctioned_contracts_by_day")
    is_authorised = pl.col("until").is_not_null()
    written = (
        exposed_and_authorised()
        .group_by("day")
        .agg(
            pl.col("municipality_code").n_unique().alias("municipalities"),
            pl.col("contract_id").n_unique().alias("contracts"),
            pl.col("municipality_code").filter(is_authorised).n_unique().alias("municipalities_authorised"),
            pl.col("contract_id").filter(is_authorised).n_unique().alias("contracts_authorised"),
        )
    )
    assert [row for row in told if row[1]] == sorted(written.rows())
    [regions] = ask(
        "select sum(municipalities_authorised)::integer from marts.sanctioned_contracts_by_region_day where reference_date = '2022-10-20'"
    )
    assert regions == (written.filter(day=date(2022, 10, 20))["municipalities_authorised"].item(),)


@pytest.mark.usefixtures("year")
def test_whoever_ends_a_contract_while_authorised_ends_it_in_time() -> None:
    """The day before which a contract must have ended is that of its last authorisation, where it had one."""
    told = ask("select municipality_code, contract_id, authorised_until_date from marts.contract_exits_by_municipality")
    sellers = energy_books.book(SEED).filter(role="supplier", supplier_id="NL-SIM-GAZPROM-ENERGY")
    last = (
        exposed_and_authorised()
        .join(sellers, on=["municipality_code", "contract_id"], how="semi")
        .group_by("municipality_code", "contract_id")
        .agg(pl.col("until").max())
    )
    assert told == sorted(last.rows())
    assert ask(
        "select distinct must_end_before_date from marts.contract_exits_by_municipality where authorised_until_date is null"
    ) == [(RULE_ENDS,)]
    assert ask(
        "select distinct must_end_before_date - authorised_until_date from marts.contract_exits_by_municipality where authorised_until_date is not null"
    ) == [(1,)]


@pytest.mark.usefixtures("year")
def test_compensation_is_what_the_book_of_claims_holds_and_price_differences_stand_apart() -> None:
    kinds = {"boete": "fine", "schadeclaim": "damage_claim", "schadevergoeding": "damages"}
    book = energy_books.compensation(SEED, LAST)
    told = ask(
        "select municipality_code, claim_kind, claims, claimed_eur, approved_eur, paid_eur, open_eur"
        " from marts.compensation_by_municipality where is_compensated"
    )
    written = book.filter(pl.col("kind").is_in(list(kinds))).with_columns(pl.col("kind").replace(kinds))
    assert told == in_euro(
        written.select("municipality_code", "kind", "claims", "claimed", "approved", "paid", "open"), 3
    )
    apart = ask(
        "select municipality_code, claims, price_difference_eur from marts.compensation_by_municipality where not is_compensated"
    )
    assert apart == in_euro(book.filter(kind="prijsverschil").select("municipality_code", "claims", "claimed"), 2)
    assert ask(
        """select sum(claims_without_contract) as strays, sum(price_difference_paid_eur) as paid,
        count(*) filter (where num_nonnulls(claimed_eur, price_difference_eur) <> 1) as mixed from marts.compensation_by_municipality"""
    ) == [(0, 0, 0)]


def in_euro(rows: pl.DataFrame, first_amount: int) -> Rows:
    """Rows whose columns from that one on hold cents, in the order of `ask`."""
    return sorted((*row[:first_amount], *(Decimal(cents) / 100 for cents in row[first_amount:])) for row in rows.rows())


@pytest.mark.usefixtures("year")
def test_every_authorisation_is_listed_also_of_a_body_that_is_no_municipality() -> None:
    holders = ask("select holder_number, valid_until_date, contracts from marts.authorisations_by_holder")
    made = {(town["gm_code"], one.valid_until) for one in decisions.decisions(SEED) for town, _ in one.held}
    assert {(number, until) for number, until, contracts in holders if contracts} == made
    assert {str(number)[:9] for number, _, contracts in holders if not contracts} == {"NL-SIM-WS"}

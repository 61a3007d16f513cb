"""The contracts of the simulated 2022 against the simulation's own books: who buys from whom, who falls under the sanctions and is authorised on
each day, who claims what, what is covered each month, how few bid, and whom a name means.
"""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from opvang import fetch, settings, warehouse
from opvang.load import run
from opvang.settings import PROJECT
from opvang.simulate import claims, decisions, energy, energy_books, ownership
from tests.conftest import only_code_tables
from tests.dbt import MODELS_ONLY, WITHOUT_UNIT_TESTS, build_marts

FIRST, LAST, SEED = date(2022, 4, 4), date(2022, 12, 31), 2022
LAST_MONDAY = date(2022, 12, 26)  # claims are delivered on Mondays
RULE_FROM, RULE_ENDS = date(2022, 4, 9), date(2022, 10, 10)
MONTHS = [date(year, month, monthrange(year, month)[1]) for year in (2022, 2023) for month in range(1, 13)]
# All that is made of contracts and nothing else; a test on other marts, too, runs where those are built.
MARTS = ("--indirect-selection", "buildable", "--select", *(f"+{mart}" for mart in (
    "energy_contracts_by_municipality", "sanctioned_contracts_as_known", "sanctioned_contracts_by_municipality_day",
    "sanctioned_contracts_by_region_day", "sanctioned_contracts_by_day", "contract_exits_by_municipality", "authorisations_by_holder",
    "compensation_by_municipality", "supply_cover_by_municipality_month", "joint_contract_by_region_month", "joint_contract_by_month",
    "supplier_concentration_by_month", "supplier_matches",
)))  # fmt: skip
# Brielle, Hellevoetsluis and Westvoorne became Voorne aan Zee (national table 33 of 1 January 2023).
MERGER_DATE, MERGED = date(2023, 1, 1), {"GM0501": "GM1992", "GM0530": "GM1992", "GM0614": "GM1992"}
SELLER, TYPED = "NL-SIM:NL-SIM-GAZPROM-ENERGY", "name:gazprom energie"
TOWN = ["municipality_code", "energy_carrier"]
VOLUMES = ["metering_points", "yearly_volume"]
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def year(kept: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Contracts, owners, authorisations and claims of 2022, from the inbox to the marts."""
    inbox = tmp_path_factory.mktemp("year")
    only_code_tables()
    for made in (energy.contracts, ownership.packages, decisions.deliveries, claims.deliveries):
        for delivery in made(FIRST, LAST, SEED):
            delivery.write(inbox)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "INBOX", str(inbox))
        for source in ("energy_contracts", "ownership", "sanction_decisions", "claims"):
            batch = fetch.fetch(source)
            assert batch is not None
            run(source, batch)
    build_marts(*WITHOUT_UNIT_TESTS, *MARTS)


def rows(query: str, *values: Any, role: Any = "reader") -> Rows:
    with warehouse.connect(role) as connection:
        return [tuple(row.values()) for row in connection.execute(query.encode(), values).fetchall()]


def ask(query: str) -> Rows:
    return sorted(rows(query))


@pytest.mark.usefixtures("year")
def test_about_120_municipalities_buy_from_the_supplier_in_question() -> None:
    [(municipalities,)] = rows(
        "select count(distinct municipality_code) from marts.energy_contracts_by_municipality where supplier = 'Gazprom Energy'"
    )
    assert 110 <= municipalities <= 130


@pytest.mark.usefixtures("year")
def test_the_contracts_of_each_municipality_are_those_of_the_simulations_book() -> None:
    """Also where one contract is for many, or came in two forms: it stands once at each that buys under it."""
    book = energy_books.book(SEED)
    once, behind = book.filter(role="supplier"), book.filter(role="subcontractor")
    number = pl.when("is_named_only").then(None).otherwise("supplier_id")
    told = rows("select municipality_code, contract_id, supplier_id from marts.energy_contracts_by_municipality")
    assert sorted(map(str, told)) == sorted(map(str, once.select("municipality_code", "contract_id", number).rows()))
    supply = rows(
        "select sum(metering_points)::bigint as points, sum(yearly_volume)::bigint as volume from intermediate.int_energy_contract_supply where known_to = 'infinity'",
        role="admin",
    )
    assert supply == once.select(pl.sum(*VOLUMES)).rows()
    subcontracted = rows(
        "select identifier, share_pct::integer from intermediate.int_energy_contract_suppliers where role = 'subcontractor' and known_to = 'infinity'",
        role="admin",
    )
    assert sorted(subcontracted) == sorted(behind.select("supplier_id", "share_pct").rows())


def exposed(days: list[date]) -> list[tuple[date, str, str]]:
    """Day, municipality and contract that the book has under the rule: the seller, where its number is told, is held by way of Germany until 14 November."""
    owned = energy_books.book(SEED).filter(~pl.col("is_named_only"), supplier_id="NL-SIM-GAZPROM-ENERGY")
    counted = owned.filter((pl.col("role") == "supplier") | (pl.col("share_pct") > 10))
    held = counted.join(pl.DataFrame({"day": [day for day in days if day < date(2022, 11, 14)]}), how="cross")
    held = held.filter(pl.col("day").is_between("first_day", "last_day"))
    return sorted(held.select("day", "municipality_code", "contract_id").rows())


@pytest.mark.usefixtures("year")
def test_the_query_of_the_documentation_says_who_was_exposed_when_and_what_was_known_then() -> None:
    days = {
        "chain_on_1_may": date(2022, 5, 1),
        "chain_on_1_october": date(2022, 10, 1),
        "chain_on_1_december": date(2022, 12, 1),
    }
    [query] = re.findall(r"```sql\n(.*?)```", (PROJECT / "docs/ownership.md").read_text(), re.DOTALL)
    with warehouse.connect("reader") as connection:
        now = connection.execute(query.encode()).fetchall()
        then = connection.execute(query.replace("'now'", "'2022-05-01 24:00'").encode()).fetchall()
    told = [
        (day, row["municipality_code"], row["contract_id"]) for name, day in days.items() for row in now if row[name]
    ]
    assert sorted(told) == exposed(list(days.values()))
    assert all(row["chain_on_1_may"].startswith("Gazprom export LLC (RU) > 100 % > Gazprom Germania") for row in then)
    exits = energy_books.book(SEED).filter(pl.col("last_day") < date(2022, 5, 1))
    still = {row["contract_id"] for row in then} - {row["contract_id"] for row in now if row["chain_on_1_may"]}
    assert still <= set(exits["contract_id"])
    # Nobody knew yet what was agreed in summer, and of Germany's order of November.
    assert sum(bool(row["chain_on_1_december"]) for row in then) > sum(bool(row["chain_on_1_october"]) for row in now)


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
        " from marts.sanctioned_contracts_by_municipality_day where answer = 'yes' and reference_date <= '2022-12-31'"
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
    book = energy_books.compensation(SEED, LAST_MONDAY)
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
    named_only = set(book().filter("is_named_only")["municipality_code"])
    matched = {(town, until) for town, until in made if town not in named_only}
    assert {(number, until) for number, until, contracts in holders if contracts} == matched
    assert made - matched <= {(number, until) for number, until, contracts in holders if not contracts}
    assert {str(number)[:9] for number, _, contracts in holders if not contracts} - named_only == {"NL-SIM-WS"}


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
def test_what_should_have_ended_by_october_is_what_the_book_still_has_with_the_seller_and_nobody_authorised() -> None:
    day = date(2022, 10, 31)
    running, _ = on(day)
    exposed = running.filter(~pl.col("is_named_only"), supplier_id=SELLER.split(":")[1])
    to_end = exposed.join(energy_books.authorised(SEED, day), on=["municipality_code", "contract_id"], how="anti")
    assert 0 < to_end.height < exposed.height
    [found] = rows(
        "select sum(municipalities_to_end)::integer as municipalities, sum(yearly_volume_to_end)::bigint as volume from marts.joint_contract_by_region_month where month_start_date = '2022-10-01'"
    )
    assert found == (to_end["municipality_code"].n_unique(), to_end["yearly_volume"].sum())


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


@pytest.mark.usefixtures("year")
def test_a_name_is_unknown_until_a_person_confirms_it_and_then_the_answer_follows() -> None:
    assert answers() == {"unknown"}
    assert exposed_contracts("2022-12-31") == 0
    with warehouse.connect("transformer") as connection:
        connection.execute(
            b"""insert into staging.supplier_match_decisions values
            (%s, %s, 'confirmed', 'procurement desk', '2022-06-01', 'the invoice names the number'), (%s, 'ezk:gazprom', 'rejected', 'procurement desk', '2022-05-20', 'the mother company')""",
            (TYPED, SELLER, TYPED),
        )
    build_marts(*MODELS_ONLY, *MARTS)
    assert answers() == {"yes"}
    assert (exposed_contracts("2022-05-31"), exposed_contracts("2022-12-31")) == (0, 1)
    assert sorted(
        rows("select organisation, status from marts.supplier_matches where organisation_number = %s", TYPED)
    ) == [
        (SELLER, "confirmed"),
        ("ezk:gazprom", "rejected"),
    ]

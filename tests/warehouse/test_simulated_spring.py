"""A simulated spring of a few thousand people through the whole gate: the marts against the simulation's own books, to the last person."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from opvang import settings, warehouse
from opvang.contract import contract
from opvang.fetch import fetch
from opvang.load import load, run
from opvang.region_api import regions
from opvang.report import report
from opvang.simulate import simulate
from opvang.simulate.addresses import addresses
from opvang.simulate.books import DEFINITIONS, Books
from opvang.simulate.chance import stream
from opvang.simulate.population import Population, grow
from opvang.simulate.reception import reports
from opvang.sources import Delivered, parser
from tests.conftest import only_code_tables
from tests.dbt import OF_PERSONS_AND_PLACES, WITHOUT_UNIT_TESTS, build_marts
from tests.region_server import endpoints_at, running

pytestmark = pytest.mark.timeout(900)

# In it fall the merger of Weesp and Amsterdam (24 March) and the conversion of the residence titles (14 and 15 May).
FIRST, LAST, SEED, PERSONS = date(2022, 3, 14), date(2022, 5, 20), 2027, 2_500
DEFINITIONS_FROM = date(2022, 2, 24)
ADULT = 18
KEYS = ["reference_date", "definition", "municipality_code"]
INFLOWS, OUTFLOWS = ["registered_new", "born", "moved_in", "other_in"], ["moved_out", "emigrated", "died", "other_out"]
FIGURES = ["registered", *INFLOWS, *OUTFLOWS, "boundary_change", "registered_held"]


@pytest.fixture(scope="module")
def spring(kept: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every selection from the inbox to the marts, and the reports of 25 regions: of twelve from the inbox, of thirteen from their API."""
    folder, served = tmp_path_factory.mktemp("simulated"), tmp_path_factory.mktemp("served")
    simulate(folder, first_day=FIRST, last_day=LAST, seed=SEED, persons=PERSONS, region_api=served)
    only_code_tables()
    for path in selections(folder):
        [account] = load("brp", [str(path)], None, None, None)
        assert account["verdict"] == "quarantined_in_part"
    assert (len(list((folder / "reception").iterdir())), len(regions(served))) == (12, 13)
    with pytest.MonkeyPatch.context() as patch, running(served) as address:
        patch.setattr(settings, "INBOX", str(folder))
        batch = fetch("reception", endpoints=endpoints_at(address, served))
    assert batch is not None
    run("reception", batch)
    report("reception", batch)
    build_marts("--full-refresh", *WITHOUT_UNIT_TESTS, *OF_PERSONS_AND_PLACES)


@pytest.fixture(scope="module")
def grown() -> tuple[Population, list[date]]:
    return grow(FIRST, LAST, SEED, PERSONS)


@pytest.fixture(scope="module")
def books(grown: tuple[Population, list[date]]) -> Books:
    """What is known on the last selection."""
    return Books(*grown, known_on=LAST)


def selections(inbox: Path) -> Iterator[Path]:
    for day in sorted((inbox / "brp/rvig").iterdir()):
        yield from day.iterdir()


def mart(query: str) -> pl.DataFrame:
    with warehouse.connect("reader") as connection:
        rows = connection.execute(query.encode()).fetchall()
    return pl.DataFrame(rows, infer_schema_length=None)


def differences(
    found: pl.DataFrame, told: pl.DataFrame, keys: list[str], figures: list[str]
) -> list[dict[str, object]]:
    """Where the mart says something else than the books; a row that the books don't have is one of zeros."""
    joined = found.select(*keys, *figures).join(
        told.select(*keys, *figures), on=keys, how="full", coalesce=True, suffix="_told"
    )
    both = joined.with_columns(pl.col(pl.Int64, pl.Int32, pl.UInt32).fill_null(0))
    unlike = [pl.col(name) != pl.col(f"{name}_told") for name in figures]
    return both.filter(pl.any_horizontal(unlike)).sort(keys).head(5).to_dicts()


def test_every_figure_of_every_municipality_and_day_is_that_of_the_books(spring: None, books: Books) -> None:
    found = mart(f"select {', '.join(KEYS + FIGURES)} from marts.registrations_by_municipality_day")
    told = books.by_municipality(DEFINITIONS_FROM, LAST)
    assert differences(found, told, KEYS, FIGURES) == []
    assert set(found["definition"]) == set(DEFINITIONS)
    assert (found["reference_date"].min(), found["reference_date"].max()) == (DEFINITIONS_FROM, LAST)


def test_ages_and_sexes_are_those_of_the_books(spring: None, books: Books) -> None:
    keys = ["reference_date", "definition", "age_band", "sex"]
    found = mart(f"select {', '.join(keys)}, registered from marts.registrations_by_age_sex_week")
    told = pl.concat([books.by_age_and_sex(day, day) for day in sorted(set(found["reference_date"]))])
    assert differences(found, told, keys, ["registered"]) == []


def test_every_combination_of_definitions_is_that_of_the_books(spring: None, books: Books) -> None:
    named = ", ".join(f"is_{name} as {name}" for name in DEFINITIONS[:3])
    found = mart(f"select reference_date, {named}, registered from marts.definitions_compared_by_day")
    told = books.combinations(DEFINITIONS_FROM, LAST).with_columns(pl.col("registered").cast(pl.Int64))
    assert differences(found, told, ["reference_date", *DEFINITIONS[:3]], ["registered"]) == []


def test_the_days_from_settlement_to_registration_are_those_of_the_books(spring: None, books: Books) -> None:
    keys = ["definition", "municipality_code", "week_start_date"]
    asked = "registered, (median_days * 10)::integer as median, (p90_days * 10)::integer as p90"
    found = mart(
        f"select {', '.join(keys)}, {asked} from marts.registration_lag_by_municipality_week where registered > 0"
    )
    days = pl.col("days")
    tenths = [(days.quantile(at, "linear") * 10 + 1e-6).round().cast(pl.Int64) for at in (0.5, 0.9)]
    told = books.registration_lags().group_by(keys).agg(registered=pl.len(), median=tenths[0], p90=tenths[1])
    assert differences(found, told, keys, ["registered", "median", "p90"]) == []


@pytest.mark.parametrize("day", [date(2022, 4, 1), date(2022, 5, 1)])
def test_who_lives_where_is_what_the_books_and_the_reports_of_the_day_say(
    spring: None, grown: tuple[Population, list[date]], books: Books, tmp_path: Path, day: date
) -> None:
    homes = addresses(grown[0].municipality_of_address, stream(SEED, "addresses")).select(
        "address", bag_number="08.11.90"
    )
    locations = (
        reported(tmp_path, day).group_by("bag_number").agg(is_private=(pl.col("form") == "private_hosting").all())
    )
    people = books.residents(day).join(homes, on="address", how="left").join(locations, on="bag_number", how="left")
    lives_in = (
        pl.when("is_private").then(pl.lit("private_hosting"))
        .when(pl.col("is_private").is_not_null()).then(pl.lit("municipal_reception"))
        .otherwise(pl.lit("no_reported_location"))
    )  # fmt: skip
    told = people.group_by("municipality_code", lives_in=lives_in).agg(
        persons=pl.len(),
        adults=(pl.col("age_low") >= ADULT).sum(),
        minors=(pl.col("age_high") < ADULT).sum(),
        persons_of_unknown_age=((pl.col("age_low") < ADULT) & (pl.col("age_high") >= ADULT)).sum(),
    )
    keys, figures = told.columns[:2], told.columns[2:]
    found = mart(
        f"select {', '.join(keys + figures)} from marts.entitlements_by_municipality_month where reference_date = '{day}'"
    )
    assert differences(found, told, keys, figures) == []
    assert {"municipal_reception", "no_reported_location"} <= set(found["lives_in"])


def reported(folder: Path, day: date) -> pl.DataFrame:
    """The locations that the regions reported on this day, by their BAG numbers."""
    for delivery in (one for one in reports(FIRST, day, SEED) if one.reference_date == day):
        delivery.write(folder)
    read = parser("reception")
    files = [Delivered(path, path.parts[-3], day) for path in folder.glob("reception/*/*/*")]
    assert len(files) == 25
    return pl.concat(
        batch["locations"].select("bag_number", "form") for file in files for batch in read(file, contract("reception"))
    )


@pytest.mark.parametrize("known_on", [date(2022, 3, 21), date(2022, 4, 25), date(2022, 5, 16)])
def test_what_was_known_on_a_selection_is_known_still(
    spring: None, grown: tuple[Population, list[date]], known_on: date
) -> None:
    figures = [name for name in FIGURES if name != "registered_held"]
    found = mart(
        f"select {', '.join(KEYS)}, figure, value from marts.figures_as_known where municipality_code <> 'NL'"
        f" and known_from < date '{known_on}' + 1 and known_until >= date '{known_on}' + 1 and value <> 0"
    )
    told = Books(*grown, known_on=known_on).by_municipality(DEFINITIONS_FROM, known_on)
    long = told.unpivot(figures, index=KEYS, variable_name="figure", value_name="value").filter(pl.col("value") != 0)
    assert differences(found, long, [*KEYS, "figure"], ["value"]) == []


def test_places_are_those_that_the_government_published(spring: None) -> None:
    """Every exact or derived point from 28 March to 12 May 2022, from the reports of 25 regions by both ways (press, named in the seed)."""
    found = mart(
        "select reference_date, figure, published_value, our_value, is_all from marts.published_figures_compared"
        " inner join (select reference_date, regions_reporting = 25 as is_all from marts.national_position_by_day) using (reference_date)"
        " where publisher = 'Rijksoverheid' and figure <> 'registered' and reference_date between '2022-03-28' and '2022-05-12'"
    )
    assert found["our_value"].to_list() == found["published_value"].to_list()
    assert (found.height, found["is_all"].all()) == (20, True)


def test_the_figure_asked_for_is_met(spring: None) -> None:
    [row] = mart(
        "select sum(registered)::integer as registered from marts.registrations_by_municipality_day"
        f" where reference_date = '{LAST}' and definition = 'came_from_ukraine'"
    ).to_dicts()
    assert row["registered"] == PERSONS

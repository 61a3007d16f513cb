"""The first golden test: the letter's own figures, counted from the deliveries of a simulated week and the RvIG test set.

Source: VNG, letter to the members, 26 April 2022 ("more than 45,000", "more than 75 %"), and the published figures of 25 April
2022 in include/opvang/simulate/facts/nl_national_reception_timeseries.csv.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from opvang import fetch, settings, warehouse
from opvang.contract import contract
from opvang.load import run
from opvang.settings import PROJECT
from opvang.simulate import simulate
from opvang.sources import Delivered, parser
from tests.dbt import MODELS_ONLY, TARGET, WITHOUT_UNIT_TESTS, build_marts
from tests.region_server import endpoints_at, running

pytestmark = pytest.mark.timeout(600)

LETTER = {
    "places_available": 42_374,
    "places_in_use": 31_782,
    "occupancy_pct": 75.0,
    "registered_in_brp_first_known": 45_460,
}

FIRST_DAY, LAST_DAY = date(2022, 4, 21), date(2022, 4, 26)
LAST_REPORT = date(2022, 5, 12)
# Every model together is built by the scheduler in test_up, and passes the unit tests there.
MODELS = (
    "+national_position_by_day",
    "+reception_by_region_day",
    "+int_outlook_days",
    "municipalities",
    "safety_regions",
)
POSITION = (*WITHOUT_UNIT_TESTS, "--indirect-selection", "buildable", "--select", *MODELS)


def national_position(day: str) -> dict[str, Any]:
    with warehouse.connect("reader") as connection:
        [row] = connection.execute(
            f"select * from marts.national_position_by_day where reference_date = '{day}'".encode()
        ).fetchall()
    return {name: float(value) if name == "occupancy_pct" else value for name, value in row.items()}


@pytest.fixture(scope="module")
def spring(server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Six days of April through the whole gate to the marts: from the inbox, and from the API of thirteen regions, of which VR13 never
    reports the last day."""
    folder = tmp_path_factory.mktemp("spring")
    inbox, served = folder / "inbox", folder / "served"
    inbox.mkdir()
    simulate(inbox, first_day=FIRST_DAY, last_day=LAST_DAY, region_api=served)
    (served / "reception/VR13" / f"{LAST_DAY}").rename(folder / "never sent")
    for path in (PROJECT / "include/deliveries").iterdir():
        if path.is_dir():
            subprocess.run(["cp", "-r", str(path) + "/.", str(inbox / path.name)], check=True)
    with pytest.MonkeyPatch.context() as patch, running(served) as address:
        patch.setattr(settings, "INBOX", str(inbox))
        asked = {"reception": endpoints_at(address, served)}
        for source in ("code_tables", "brp", "reception"):
            batch = fetch.fetch(source, endpoints=asked.get(source, ()))
            assert batch is not None
            run(source, batch)
        build_marts(*POSITION)
        yield inbox


@pytest.fixture(scope="module", autouse=True)
def clean(server: None) -> None:
    with warehouse.connect() as connection:
        connection.execute(b"truncate ops.deliveries, ops.batches cascade")


def test_the_figures_of_25_april_are_those_of_the_letter(spring: Path) -> None:
    position = national_position("2022-04-25")
    assert {name: position[name] for name in LETTER} == LETTER
    assert (position["target_places"], position["target_due_date"]) == (75_000, date(2022, 6, 23))
    assert (position["places_short_of_target"], position["regions_reporting"]) == (75_000 - 42_374, 25)


def test_the_target_before_the_evening_of_25_april_is_the_earlier_one(spring: Path) -> None:
    assert national_position("2022-04-24")["target_places"] == 50_000


def test_a_report_that_never_came_changes_its_own_region_and_the_sum_and_nothing_else(spring: Path) -> None:
    """The other regions are as they reported; this one counts with its report of the day before, and both say so."""
    reported = {path.parts[-3]: places_in(path) for path in spring.parent.glob(f"*/reception/*/{LAST_DAY}/*")}
    [never_sent] = (spring.parent / "never sent").iterdir()
    [day_before] = (spring.parent / "served/reception/VR13").glob(f"{LAST_DAY - timedelta(days=1)}/*")
    expected = reported | {"VR13": places_in(day_before)}
    with warehouse.connect("reader") as connection:
        rows = connection.execute(
            f"select safety_region_code, places_available, is_stale, report_date from marts.reception_by_region_day where reference_date = '{LAST_DAY}'".encode()
        ).fetchall()
    assert {row["safety_region_code"]: row["places_available"] for row in rows} == expected
    assert {row["safety_region_code"]: row["report_date"] for row in rows if row["is_stale"]} == {
        "VR13": LAST_DAY - timedelta(days=1)
    }
    position = national_position(f"{LAST_DAY}")
    assert position["places_available"] == sum(expected.values())
    assert (position["regions_reporting"], position["regions_carried_forward"]) == (24, 1)
    assert places_in(never_sent, "VR13") != places_in(day_before)


def places_in(path: Path, region: str | None = None) -> int:
    """The operational places of one report, in whatever form it is."""
    delivered = Delivered(path, region or path.parts[-3], LAST_DAY if region else date.fromisoformat(path.parts[-2]))
    return sum(
        int(batch["locations"]["places_operational"].cast(pl.Int64).sum())
        for batch in parser("reception")(delivered, contract("reception"))
    )


def test_there_are_344_municipalities_and_25_regions(spring: Path) -> None:
    with warehouse.connect("reader") as connection:
        counts = connection.execute(
            b"""select (select count(*) from marts.municipalities where coalesce(valid_from, '-infinity') <= '2022-03-24' and (valid_until is null or valid_until > '2022-03-24')) as municipalities,
            (select count(*) from marts.safety_regions) as regions"""
        ).fetchall()
    assert counts == [{"municipalities": 344, "regions": 25}]


@pytest.mark.parametrize("days_ahead", [7, 30, 59])
def test_the_outlook_holds_the_truth_four_times_in_five(spring: Path, days_ahead: int) -> None:
    """Of regions whose future is known: steady ones, restless ones, and ones that open a site now and then; one report in ten is missing."""
    chance = np.random.default_rng(2022)
    regions, days = 600, 15 + days_ahead
    drift, restless = chance.normal(5, 15, (regions, 1)), chance.uniform(1, 40, (regions, 1))
    opened = chance.poisson(0.3, (regions, days)) * 60 * (chance.random((regions, 1)) < 0.3)
    places = np.rint(5_000 + np.cumsum(drift + chance.normal(0, 1, (regions, days)) * restless + opened, axis=1))
    reported = chance.random((regions, 15)) < 0.9
    reported[:, -1] = True
    rows = [
        (LAST_REPORT - timedelta(days=14 - day), f"S{region}", int(places[region, day]))
        for region, day in np.argwhere(reported).tolist()
    ]
    with warehouse.connect("admin") as connection:
        connection.execute(b"delete from intermediate.int_reception_by_region_day")
        with connection.cursor() as cursor:
            cursor.executemany(
                b"insert into intermediate.int_reception_by_region_day (reference_date, safety_region_code, places_available, places_in_use, report_date)"
                b" select day, region, places, 0, day from (values (%s::date, %s, %s)) as told (day, region, places)",
                rows,
            )
        outlook = connection.execute(
            f"select safety_region_code, expected, margin from intermediate.int_outlook_days"
            f" where measure = 'places' and outlook_date = '{LAST_REPORT + timedelta(days=days_ahead)}'".encode()
        ).fetchall()
        connection.rollback()
    held = [abs(places[int(row["safety_region_code"][1:]), -1] - row["expected"]) <= row["margin"] for row in outlook]
    assert len(held) > 0.95 * regions
    assert 0.7 <= sum(held) / len(held) <= 0.9


def test_the_persons_of_the_rvig_test_set_change_no_figure(spring: Path) -> None:
    with warehouse.connect("admin") as connection:
        connection.execute(b"delete from raw.brp_persons where supplier = 'rvig-proefomgeving'")
        connection.execute(b"delete from raw.brp_residences where supplier = 'rvig-proefomgeving'")
    build_marts(*POSITION, *MODELS_ONLY)
    assert national_position("2022-04-25")["registered_in_brp_first_known"] == LETTER["registered_in_brp_first_known"]


def test_a_mart_has_the_key_and_references_of_its_contract_set_once_its_rows_stand(spring: Path) -> None:
    """Before its rows they would lock the dimensions for as long as its query takes, and marts would wait for each other."""
    [statement] = (TARGET / "run").glob("**/national_position_by_day.sql")
    assert "insert into" in statement.read_text() and not re.search("(primary|foreign) key", statement.read_text())
    with warehouse.connect("reader") as connection:
        keys = connection.execute(
            b"select contype, count(*) as n from pg_constraint where conrelid = 'marts.national_position_by_day'::regclass"
            b" and contype in ('p', 'f') group by contype"
        ).fetchall()
    assert {key["contype"]: key["n"] for key in keys} == {"p": 1, "f": 1}


def test_a_broken_delivery_changes_the_figure(spring: Path) -> None:
    [path] = (spring.parent / "served/reception/VR13/2022-04-25").glob("*.json")
    report = json.loads(path.read_text())
    lost = max(report["locations"], key=lambda location: location["places_operational"])
    report["locations"].remove(lost)
    path.write_text(json.dumps(report | {"submitted_at": "2022-04-25T22:00:00+02:00"}))
    with running(spring.parent / "served") as address:
        batch = fetch.fetch("reception", endpoints=endpoints_at(address, spring.parent / "served"))
    assert batch is not None
    run("reception", batch)
    build_marts(*POSITION, *MODELS_ONLY)
    assert (
        national_position("2022-04-25")["places_available"] == LETTER["places_available"] - lost["places_operational"]
    )
    assert lost["places_operational"] > 0

"""The simulated spring: counted from the written files alone, with nothing of the code that wrote them."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import compress, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
import python_calamine

from opvang.errors import UsageError
from opvang.simulate import energy, energy_books, simulate
from opvang.simulate.faults import kinds
from opvang.simulate.numbers import a_numbers, bsns

PROJECT = Path(__file__).parents[1]
TEST_SET = PROJECT / "include/deliveries/brp/rvig-proefomgeving/2022-05-02"
PUBLISHED = PROJECT / "include/opvang/simulate/facts/nl_national_reception_timeseries.csv"
SUPPLIERS_OF_GAS = "09123000"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
COUNTS = ("01.01.10", "01.03.10", "07.67.10", "08.09.10", "08.09.20", "08.14.10", "08.14.20")
FIRST, LAST, LETTER = date(2022, 3, 28), date(2022, 5, 12), date(2022, 4, 25)


class Person(dict[str, str]):
    """One row of a selection: its filled elements; any other is empty."""

    def __missing__(self, element: str) -> str:
        return ""


@pytest.fixture(scope="session")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default spring in an inbox of its own."""
    inbox = tmp_path_factory.mktemp("spring")
    assert simulate(inbox) == sum(path.is_file() for path in inbox.rglob("*"))
    return inbox


@pytest.fixture(scope="session")
def selected(spring: Path) -> dict[date, int]:
    """Who is registered on the day of each selection, as first known."""
    return as_first_known(spring)


@pytest.fixture(scope="session")
def april(spring: Path) -> list[Person]:
    """The first rows of the selection of 25 April."""
    return first_rows(selection_of(spring, LETTER))


@pytest.fixture(scope="session")
def may(spring: Path) -> list[Person]:
    """All rows of the selection of 12 May."""
    return list(rows_of(selection_of(spring, LAST)))


def selection_of(inbox: Path, day: date) -> Path:
    [path] = (inbox / "brp/rvig" / day.isoformat()).iterdir()
    return path


def rows_of(path: Path) -> Iterator[Person]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        header = ["list", *next(reader)[1:-1]]
        for row in reader:
            assert len(row) == 257
            # Of 256 elements a dozen are filled.
            yield Person(compress(zip(header, row, strict=False), row))


def first_rows(path: Path) -> list[Person]:
    return [row for row in rows_of(path) if row["list"]]


def is_bsn(text: str) -> bool:
    weighed = sum(weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), text, strict=True))
    return weighed % 11 == 0 and text[0] == "9"


@cache
def is_a_number(text: str) -> bool:
    if len(text) != 10 or text[0] == "0":
        return False
    digits = [int(digit) for digit in text]
    neighbours = all(left != right for left, right in pairwise(digits))
    return neighbours and sum(digits) % 11 in (0, 5) and sum(2**at * digit for at, digit in enumerate(digits)) % 11 == 0


def is_day(text: str) -> bool:
    try:
        return len(text) == 8 and datetime.strptime(text, "%Y%m%d") is not None  # noqa: DTZ007
    except ValueError:
        return False


@cache
def is_date(text: str) -> bool:
    """A day of which parts may be unknown."""
    whole = text[:4] + text[4:6].replace("00", "01") + text[6:].replace("00", "01")
    return is_day(whole) and not (text[4:6] == "00" and text[6:] != "00")


def latest(text: str) -> str:
    """What is at least as late as any day that a date with unknown parts can mean."""
    return text[:4] + text[4:6].replace("00", "12") + text[6:].replace("00", "31")


def with_what_counts(path: Path) -> list[Person]:
    """As `first_rows`, with only the elements that say who is stopped and who counts: of 256 columns half a million times."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading_of_list = next(csv.reader(file, delimiter=";"))[0]
    rows = pl.read_csv(path, separator=";", columns=[heading_of_list, *COUNTS], infer_schema=False).fill_null("")
    told = rows.rename({heading_of_list: "list"}).filter(pl.col("list") != "")
    return [Person(person) for person in told.iter_rows(named=True)]


def must_be_stopped(person: Person, often: Counter[str]) -> str:
    """Which rule stops this record; empty if none does."""
    number = person["01.01.10"]
    rules = {
        "a_number_missing": not number,
        "a_number_fails_its_check": bool(number) and not is_a_number(number),
        "a_number_twice": bool(number) and often[number] > 1,
        "municipality_missing": not person["08.09.10"],
        "municipality_unknown": person["08.09.10"] == "1810",
        "municipality_date_missing": not person["08.09.20"],
        "settlement_date": bool(person["08.14.20"]) and not is_date(person["08.14.20"]),
        "birth_date": not is_date(person["01.03.10"]),
    }
    return next((rule for rule, broken in rules.items() if broken), "")


def registered(people: list[Person], day: date) -> list[Person]:
    often = Counter(person["01.01.10"] for person in people)
    upto = f"{day:%Y%m%d}"
    return [
        person
        for person in people
        if not must_be_stopped(person, often)
        and person["08.14.10"] == "6038"
        and latest(person["08.14.20"]) >= "20220224"
        and not (person["07.67.10"] and person["07.67.10"] <= upto)
    ]


def as_first_known(inbox: Path) -> dict[date, int]:
    """Who is registered on the day of each selection as the gate knows it: of each list the last version that it need not stop."""
    lists: dict[str, Person] = {}
    counts: dict[date, int] = {}
    for day in sorted(date.fromisoformat(folder.name) for folder in (inbox / "brp/rvig").iterdir()):
        people = with_what_counts(selection_of(inbox, day))
        often = Counter(person["01.01.10"] for person in people)
        lists |= {person["list"]: person for person in people if not must_be_stopped(person, often)}
        counts[day] = len(registered(list(lists.values()), day))
    return counts


def reports(inbox: Path, day: date) -> list[dict]:
    return [report_in(path) for path in sorted((inbox / "reception").glob(f"*/{day}/*"))]


def report_in(path: Path) -> dict:
    """A report in whichever form its region delivers, with the counts as numbers."""
    if path.suffix == ".json":
        return json.loads(path.read_bytes())
    told, rows = in_workbook(path) if path.suffix == ".xlsx" else in_csv(path)
    for row in rows:
        row |= {name: int(value) for name, value in row.items() if name.startswith("places_")}
    return told | {"locations": rows}


def in_workbook(path: Path) -> tuple[dict, list[dict]]:
    book = python_calamine.load_workbook(path)
    told = {row[0]: in_amsterdam(row[2]) for row in book.get_sheet_by_name("toelichting").to_python()}
    headings, *rows = book.get_sheet_by_name("locaties").to_python()
    return told, [dict(zip((heading.split("\n")[0] for heading in headings), row, strict=True)) for row in rows]


def in_amsterdam(value: object) -> str:
    return str(value.replace(tzinfo=AMSTERDAM) if isinstance(value, datetime) else value)


def in_csv(path: Path) -> tuple[dict, list[dict]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return rows[0], rows


def national(inbox: Path, day: date, column: str) -> int:
    return sum(location[column] for report in reports(inbox, day) for location in report["locations"])


def fingerprint(inbox: Path) -> dict[str, tuple[str, float]]:
    files = sorted(path for path in inbox.rglob("*") if path.is_file())
    return {
        str(path.relative_to(inbox)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime)
        for path in files
    }


def published(column: str) -> dict[date, int]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[column]]
    days = {date.fromisoformat(row["as_of_date"]): int(row[column]) for row in rows}
    return {day: value for day, value in days.items() if FIRST <= day <= LAST}


def test_the_figures_of_the_letter_stand_in_the_files(spring: Path, selected: dict[date, int]) -> None:
    places = national(spring, LETTER, "places_operational"), national(spring, LETTER, "places_in_use")
    assert places == (42_374, 31_782)
    assert selected[LETTER] == 45_460


def test_every_published_place_figure_is_met(spring: Path) -> None:
    for column, field in (("places_available", "places_operational"), ("places_in_use", "places_in_use")):
        expected = published(column)
        assert len(expected) >= 9
        assert {day: national(spring, day, field) for day in expected} == expected


def test_every_published_registration_figure_is_met(selected: dict[date, int]) -> None:
    assert selected == published("brp_registered")


def test_places_move_little_from_day_to_day(spring: Path) -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    places = [national(spring, day, "places_operational") for day in days]
    steps = [after - before for before, after in pairwise(places)]
    assert max(map(abs, steps)) < 3_000
    assert min(steps) < 0


def test_every_region_reports_every_day(spring: Path) -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    regions = {f"VR{number:02}" for number in range(1, 26)}
    for day in days:
        delivered = reports(spring, day)
        assert {report["vr_code"] for report in delivered} == regions
        assert all(report["as_of"].startswith(str(day)) for report in delivered)


def test_locations_keep_their_place_and_never_hold_more_than_they_have(spring: Path) -> None:
    with (PROJECT / "dbt_project/seeds/gemeenten_2022_03_24.csv").open(encoding="utf-8", newline="") as file:
        region_of = {row["gm_code"]: row["vr_code"] for row in csv.DictReader(file)}
    homes: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for path in (spring / "reception").glob("*/*/*"):
        report = report_in(path)
        for location in report["locations"]:
            assert region_of[location["gm_code"]] == report["vr_code"]
            assert 0 <= location["places_in_use"] <= location["places_operational"] <= location["places_inventoried"]
            homes[location["location_id"]].add((location["gm_code"], location["site_type"], location["stay_class"]))
    assert all(len(home) == 1 for home in homes.values())
    assert len({gm_code for home in homes.values() for gm_code, _, _ in home}) > 200


def test_bsns_and_a_numbers_pass_their_own_tests_and_none_of_rvig_is_used(april: list[Person]) -> None:
    [test_set] = TEST_SET.glob("*.csv")
    taken = {person["01.01.10"] for person in first_rows(test_set)}
    often = Counter(person["01.01.10"] for person in april)
    sound = [person for person in april if not must_be_stopped(person, often)]
    assert all(is_a_number(person["01.01.10"]) and person["01.01.10"] not in taken for person in sound)
    given = Counter(person["01.01.20"] for person in april if person["01.01.20"])
    assert all(is_bsn(number) for number in given)
    assert set(given.values()) == {1, 2}


def test_a_hundred_thousand_numbers_are_all_different(april: list[Person]) -> None:
    rng = np.random.Generator(np.random.PCG64(7))
    taken = np.array([int(person["01.01.10"]) for person in april if person["01.01.10"]])
    persons, services = a_numbers(100_000, rng, taken), bsns(100_000, rng)
    assert len(set(persons.tolist())) == len(set(services.tolist())) == 100_000
    assert not set(persons.tolist()) & set(taken.tolist())
    assert all(is_a_number(str(number)) for number in persons)
    assert all(is_bsn(str(number)) for number in services)


def test_records_to_stop_come_at_the_rate_of_the_test_set(april: list[Person]) -> None:
    often = Counter(person["01.01.10"] for person in april)
    stopped = Counter(must_be_stopped(person, often) for person in april)
    del stopped[""]
    assert set(stopped) == {
        "a_number_missing",
        "a_number_fails_its_check",
        "a_number_twice",
        "municipality_missing",
        "municipality_unknown",
        "municipality_date_missing",
        "settlement_date",
        "birth_date",
    }
    assert stopped["municipality_unknown"] / 45_460 == pytest.approx(29 / 687, rel=0.1)
    declared = sum(kind.per_million for kind in kinds() if kind.stops) / 1e6
    assert stopped.total() / 45_460 == pytest.approx(declared, rel=0.1)


def test_flagged_faults_stand_inside_the_counted_records(april: list[Person]) -> None:
    counted = registered(april, LETTER)
    often = Counter(person["01.01.20"] for person in counted if person["01.01.20"])
    found = {
        "bsn_missing": sum(not person["01.01.20"] for person in counted),
        "bsn_twice": sum(number for number in often.values() if number > 1),
        "spaces": sum(any(value != value.strip() for value in person.values()) for person in counted),
        "teletex": sum("Ð" in person["01.02.40"] for person in counted),
        "no_reason": sum(
            person["04.63.10"] != {"0000": "311", "0499": "312"}.get(person["04.05.10"], "301") for person in counted
        ),
        "recorded_incomplete": sum(person["08.86.10"].endswith("00") for person in counted),
    }
    per_687 = {kind: count * 687 / len(counted) for kind, count in found.items()}
    expected = {
        "bsn_missing": 2, "bsn_twice": 10, "spaces": 65, "teletex": 9, "no_reason": 11, "recorded_incomplete": 4
    }  # fmt: skip
    assert per_687 == pytest.approx(expected, rel=0.25)


def test_most_faults_last_some_are_mended_and_a_few_come_later(april: list[Person], may: list[Person]) -> None:
    later = {person["list"]: person for person in may if person["list"]}
    before = Counter(person["01.01.10"] for person in april)
    after = Counter(person["01.01.10"] for person in later.values())
    faults = [(must_be_stopped(person, before), must_be_stopped(later[person["list"]], after)) for person in april]
    lasting = sum(was == now != "" for was, now in faults)
    mended, broken = sum(was > now == "" for was, now in faults), sum(was == "" < now for was, now in faults)
    assert lasting > 10 * mended > 0
    assert lasting > 10 * broken > 0
    assert lasting + mended + broken == sum(was != "" or now != "" for was, now in faults)


def test_ages_and_sexes_follow_cbs(april: list[Person]) -> None:
    counted = [person for person in registered(april, LETTER) if person["01.04.10"]]
    ages = [2022 - int(person["01.03.10"][:4]) for person in counted]
    men = [age for age, person in zip(ages, counted, strict=True) if person["01.04.10"] == "M"]
    assert 0.33 < sum(age <= 18 for age in ages) / len(ages) < 0.40
    assert 0.30 < len(men) / len(ages) < 0.42
    assert sum(20 <= age < 28 for age in men) < sum(8 <= age < 16 for age in men) / 3
    assert sum(age >= 66 for age in ages) > 0.05 * len(ages)


def test_families_share_their_mother_address_and_day_of_settlement(april: list[Person]) -> None:
    often = Counter(person["01.01.10"] for person in april)
    by_number = {person["01.01.10"]: person for person in april if often[person["01.01.10"]] == 1}
    children = [
        (person, by_number[person["02.01.10"]])
        for person in registered(april, LETTER)
        if person["02.01.10"] in by_number and by_number[person["02.01.10"]]["08.09.10"] == person["08.09.10"]
    ]
    assert len(children) > 10_000
    alike = [child for child, mother in children if child["08.14.20"] == mother["08.14.20"]]
    assert len(alike) > 0.95 * len(children)
    born_after = [
        int(child["01.03.10"][:4]) - int(mother["01.03.10"][:4])
        for child, mother in children
        if is_day(mother["01.03.10"])
    ]
    assert all(16 <= years <= 46 for years in born_after)


def test_countries_and_titles_follow_the_dates_of_the_tables(april: list[Person]) -> None:
    from_ukraine = [person for person in april if person["01.03.30"] in ("6038", "9049") and is_day(person["01.03.10"])]
    impossible = [person for person in from_ukraine if person["01.03.10"] == "19660013"]
    assert not impossible
    assert all((person["01.03.30"] == "6038") == (person["01.03.10"] >= "19911231") for person in from_ukraine)
    assert {person["10.39.10"] for person in april} == {"", "30", "98"}
    passports = [person for person in april if person["04.05.10"] == "0034" and person["08.14.10"]]
    assert all(person["04.85.10"] == "00000000" for person in passports)


def test_moves_departures_births_and_second_nationalities_are_told_as_rvig_does(may: list[Person]) -> None:
    kinds_of_rows: Counter[str] = Counter()
    for row, following in pairwise(may):
        for category in ("04", "08", "10"):
            announced = row[f"{category}.H"]
            kinds_of_rows[announced] += 1
            filled = any(value for name, value in following.items() if name.startswith(category))
            assert bool(announced) == (filled and not following["list"])
        if row["07.67.20"] == "E":
            assert (row["08.09.10"], row["08.14.10"], row["08.10.30"]) == ("1999", "", "")
            assert (row["08.13.20"], following["08.14.10"]) == (row["07.67.10"], "6038")
            kinds_of_rows["E"] += 1
        if row["07.67.20"] == "O":
            assert row["06.08.10"] == row["07.67.10"]
            kinds_of_rows["O"] += 1
        if row["list"] and not row["08.14.10"] and row["07.67.20"] != "E":
            assert (row["01.03.30"], row["01.03.20"]) == ("6030", row["01.81.10"])
            kinds_of_rows["born here"] += 1
    assert all(kinds_of_rows[kind] > 0 for kind in ("58", "04", "E", "O", "born here"))


def test_nobody_is_recorded_or_leaves_before_settling(april: list[Person]) -> None:
    whole = [person for person in registered(april, LETTER) if len(person["08.86.10"]) == 8 and person["08.85.10"]]
    assert all(person["08.14.20"] <= person["01.86.10"] <= "20220425" for person in whole)
    assert all(person["01.03.10"] <= person["08.14.20"] for person in whole)


def test_the_title_is_46_from_15_may_on(tmp_path: Path) -> None:
    simulate(tmp_path, first_day=date(2022, 5, 13), last_day=date(2022, 5, 16), persons=400)
    people = first_rows(selection_of(tmp_path, date(2022, 5, 16)))
    lately = [person["10.39.10"] for person in people if latest(person["08.14.20"]) >= "20220224"]
    assert set(lately) == {"", "46", "98"}
    assert {person["10.39.10"] for person in people} == {"", "46", "98", "30"}
    assert any(
        row["10.39.10"] == "30" and not row["list"] for row in rows_of(selection_of(tmp_path, date(2022, 5, 16)))
    )


def test_selections_hold_no_character_outside_teletex_but_the_faults(april: list[Person]) -> None:
    characters = {character for person in april for value in person.values() for character in value}
    assert {character for character in characters if ord(character) > 126} <= set("Ðïşţûâêëéúôă")


def test_about_120_municipalities_buy_gas_from_gazprom_energy(spring: Path) -> None:
    """By CPV code and supplier, for each municipality that an item of a contract names: a third of them buy jointly."""
    alone, jointly, contracts = set(), set(), []
    for release in first_releases(spring):
        seller = {award["id"]: award["suppliers"][0]["name"] for award in release["awards"]}
        contracts += release["contracts"]
        for contract in release["contracts"]:
            if seller[contract["awardID"]] == "Gazprom Energy":
                assert {item["classification"]["id"] for item in contract["items"]} == {SUPPLIERS_OF_GAS}
                towns = {item["supply"]["municipality"] for item in contract["items"]}
                (alone if len(towns) == 1 else jointly).update(towns)
    assert 110 <= len(alone | jointly) <= 120
    assert not alone & jointly
    assert 30 <= len(jointly) <= 60
    assert {contract["period"]["endDate"][:4] for contract in contracts} == {"2022", "2023", "2024", "2025", "2026"}
    assert min(contract["period"]["endDate"] for contract in contracts) == "2022-12-31T00:00:00Z"
    assert all(contract["dateSigned"] < contract["period"]["startDate"] for contract in contracts)
    assert all(0 < contract["value"]["amount"] < 150_000_000 for contract in contracts)


def first_releases(inbox: Path) -> Iterator[dict[str, Any]]:
    """The releases that award contracts in the packages of the first day, of release packages and of record packages."""
    for path in sorted((inbox / "energy_contracts").rglob(f"{FIRST}/*.json")):
        package = json.loads(path.read_bytes())
        releases = package.get("releases") or [
            release for record in package["records"] for release in record["releases"]
        ]
        yield from (release for release in releases if release["tag"] == ["contract"])


def test_the_book_of_energy_contracts_says_who_is_exposed_on_which_day() -> None:
    gazprom = {day: energy_books.supplied(2022, day).filter(supplier_id="NL-SIM-GAZPROM-ENERGY") for day in (date(2022, 4, 1), date(2022, 10, 10), date(2022, 12, 1))}  # fmt: skip
    exposed = [rows.filter(role="supplier")["municipality_code"].n_unique() for rows in gazprom.values()]
    assert exposed[0] == 120
    assert 40 <= exposed[1] == exposed[2] <= 70
    shares = gazprom[date(2022, 4, 1)].filter(role="subcontractor")["share_pct"].to_list()
    assert len(shares) == 6 and min(shares) < 10 < max(shares)


def test_the_contracts_of_a_whole_year_are_a_moderate_number_of_deliveries() -> None:
    deliveries = energy.contracts(date(2022, 1, 3), date(2022, 12, 31), 2022)
    assert 340 <= len(deliveries) <= 500
    assert len({(one.supplier, one.reference_date) for one in deliveries}) == len(deliveries)
    forms = Counter(one.file_name.rsplit(".")[-1] for one in deliveries)
    assert forms["json"] > 10 * forms["csv"] > 0 and forms["xml"] == 8


def test_deliveries_are_received_when_suppliers_would_send_them(spring: Path) -> None:
    late = 0
    for path in (path for path in spring.rglob("*") if path.is_file()):
        received = datetime.fromtimestamp(path.stat().st_mtime, AMSTERDAM)
        assert received.date() == date.fromisoformat(path.parent.name)
        if path.is_relative_to(spring / "reception"):
            # A CSV doesn't say when it was sent, a workbook says it without a zone.
            if path.suffix != ".csv":
                submitted = datetime.fromisoformat(report_in(path)["submitted_at"]).astimezone(AMSTERDAM)
                assert timedelta() < received - submitted < timedelta(minutes=2)
            late += received.hour >= 18
            assert received.hour in (9, 10, 20, 21)
        if path.is_relative_to(spring / "brp"):
            assert received.hour in (20, 21, 22)
    assert 5 < late < 60


def test_the_same_seed_gives_the_same_bytes_and_moments_in_another_process(tmp_path: Path) -> None:
    days = {"first_day": date(2022, 4, 19), "last_day": date(2022, 4, 25), "persons": 2_000}
    code = (
        "from datetime import date; from pathlib import Path; from opvang.simulate import simulate;"
        f"import datetime; simulate(Path({str(tmp_path / 'there')!r}), **{days!r})"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "77",
        "POLARS_MAX_THREADS": "1",
        "PYTHONPATH": str(PROJECT / "include"),
        "TZ": "Asia/Tokyo",
    }
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    simulate(tmp_path / "here", **days)
    assert fingerprint(tmp_path / "here") == fingerprint(tmp_path / "there")


def test_another_seed_gives_other_bytes(tmp_path: Path) -> None:
    day = date(2022, 4, 25)
    for seed in (1, 2):
        simulate(tmp_path / str(seed), first_day=day, last_day=day, seed=seed, persons=100)
    one, other = (fingerprint(tmp_path / str(seed)) for seed in (1, 2))
    both = [name for name in one if name.startswith(("brp", "reception")) and name in other]
    assert len(both) == 26
    assert all(one[name][0] != other[name][0] for name in both)


def test_a_few_days_and_three_hundred_persons_are_enough(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    written = simulate(
        tmp_path,
        first_day=date(2022, 4, 12),
        last_day=date(2022, 4, 14),
        persons=300,
        progress=lambda *said: heard.append(said),
    )
    contracts = len(energy.contracts(date(2022, 4, 12), date(2022, 4, 14), 2022))
    assert written == len(heard) == contracts + 1 + 3 * 25 + 1
    assert [said for said in heard if said[1] == said[2]] == [
        ("energy_contracts", contracts, contracts),
        ("ownership", 1, 1),
        ("reception", 75, 75),
        ("brp", 1, 1),
    ]
    assert len(registered(first_rows(selection_of(tmp_path, date(2022, 4, 14))), date(2022, 4, 14))) == 300


def test_a_range_after_the_published_figures_goes_on(tmp_path: Path) -> None:
    simulate(tmp_path, first_day=date(2022, 6, 1), last_day=date(2022, 6, 9), persons=1_000)
    chosen = sorted(path.name for path in (tmp_path / "brp/rvig").iterdir())
    assert chosen == ["2022-06-02", "2022-06-06", "2022-06-09"]
    assert 31_782 < national(tmp_path, date(2022, 6, 9), "places_in_use") < 60_000


def test_days_in_the_wrong_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lies before the first"):
        simulate(tmp_path, first_day=LAST, last_day=FIRST)

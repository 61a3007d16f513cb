"""The simulation's own books against a plain count over the selections that it wrote."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from opvang.simulate import simulate
from opvang.simulate.books import DEFINITIONS, Books
from opvang.simulate.population import Population, grow
from tests.test_simulate import Person, latest, must_be_stopped, rows_of, selection_of

FIRST, LAST, SEED, PERSONS = date(2022, 3, 14), date(2022, 5, 20), 2027, 2_500
SELECTIONS = [date(2022, 3, 21), date(2022, 3, 28), date(2022, 4, 25), date(2022, 5, 12), date(2022, 5, 16), LAST]
FLOWS = {"registered_new": 1, "born": 1, "moved_in": 1, "other_in": 1, "moved_out": -1, "emigrated": -1, "died": -1, "other_out": -1, "boundary_change": 1}  # fmt: skip


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    simulate(folder, first_day=FIRST, last_day=LAST, seed=SEED, persons=PERSONS)
    return folder


@pytest.fixture(scope="module")
def grown() -> tuple[Population, list[date]]:
    return grow(FIRST, LAST, SEED, PERSONS)


@pytest.fixture(scope="module")
def figures(grown: tuple[Population, list[date]]) -> pl.DataFrame:
    """All days as known on the last selection."""
    return Books(*grown, known_on=LAST).by_municipality(date(2022, 2, 24), LAST)


def lists_of(path: Path) -> dict[str, list[Person]]:
    lists: dict[str, list[Person]] = {}
    for row in rows_of(path):
        if row["list"]:
            rows = lists.setdefault(row["list"], [])
        rows.append(row)
    return lists


def known(inbox: Path, day: date) -> list[list[Person]]:
    """The last version of each list up to this day that the gate need not stop."""
    found: dict[str, list[Person]] = {}
    for folder in sorted(path.name for path in (inbox / "brp/rvig").iterdir()):
        if folder <= day.isoformat():
            lists = lists_of(selection_of(inbox, date.fromisoformat(folder)))
            often = Counter(rows[0]["01.01.10"] for rows in lists.values())
            found |= {name: rows for name, rows in lists.items() if not must_be_stopped(rows[0], often)}
    return list(found.values())


def has_title(rows: list[Person], protected: bool, day: str) -> bool:
    newer = "99999999"
    for row in (row for row in rows if row["10.39.10"]):
        holds = row["10.39.30"] <= day < min(row["10.39.20"] or "99999999", newer)
        window = (row["10.39.10"] == "30" and protected and day < "20220516") or (
            row["10.39.10"] == "46" and day >= "20220512"
        )
        if holds and window:
            return True
        newer = row["10.86.10"]
    return False


def definitions(rows: list[Person], day: str) -> list[str]:
    now, nationalities = rows[0], {row["04.05.10"] for row in rows}
    lately = now["08.14.20"] != "" and latest(now["08.14.20"]) >= "20220224"
    came, has = lately and now["08.14.10"] == "6038", lately and "0034" in nationalities
    child = "0034" in nationalities and now["01.03.10"] >= "20220224"
    met = [came, has, has_title(rows, came or has or child, day)]
    return [name for name, holds in zip(DEFINITIONS, [*met, any(met)], strict=True) if holds]


def counted(inbox: Path, day: date) -> Counter[tuple[str, str]]:
    count: Counter[tuple[str, str]] = Counter()
    text = f"{day:%Y%m%d}"
    for rows in known(inbox, day):
        if not rows[0]["07.67.10"] or rows[0]["07.67.10"] > text:
            code = rows[0]["08.09.10"]
            code = "0363" if code == "0457" and text >= "20220324" else code
            count.update((name, "GM" + code) for name in definitions(rows, text))
    return count


@pytest.mark.parametrize("day", SELECTIONS)
def test_the_books_count_who_stands_in_the_files(inbox: Path, grown: tuple[Population, list[date]], day: date) -> None:
    told = Books(*grown, known_on=day).by_municipality(day, day).filter(pl.col("registered") > 0)
    in_books = {
        (name, code): count
        for name, code, count in told.select("definition", "municipality_code", "registered").iter_rows()
    }
    assert in_books == dict(counted(inbox, day))


def test_the_books_meet_the_number_that_was_asked_for(figures: pl.DataFrame) -> None:
    last = figures.filter((pl.col("reference_date") == LAST) & (pl.col("definition") == "came_from_ukraine"))
    assert last["registered"].sum() == PERSONS


def test_every_flow_occurs_and_stock_is_yesterdays_with_the_flows(figures: pl.DataFrame) -> None:
    assert all((figures[flow] != 0).any() for flow in FLOWS)
    change = pl.sum_horizontal(pl.col(flow) * sign for flow, sign in FLOWS.items())
    keys = ["reference_date", "definition", "municipality_code"]
    yesterday = figures.select(pl.col("reference_date") + timedelta(days=1), *keys[1:], before="registered")
    both = figures.join(yesterday, on=keys, how="full", coalesce=True).fill_null(0)
    both = both.filter(pl.col("reference_date") <= LAST)
    assert both.filter(pl.col("registered") != pl.col("before") + change).is_empty()


def test_a_late_registration_restates_the_past_and_the_first_known_figure_stands(
    grown: tuple[Population, list[date]],
) -> None:
    day = date(2022, 4, 25)
    then, now = (
        Books(*grown, known_on=known_on)
        .by_municipality(day, day)
        .group_by("definition")
        .agg(pl.col("registered").sum())
        for known_on in (day, LAST)
    )
    restated = then.join(now, on="definition").filter(pl.col("registered_right") > pl.col("registered"))
    assert len(restated) == len(DEFINITIONS)

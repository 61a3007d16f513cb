"""What was known when: kept from build to build, and the same when it is made anew."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from opvang import fetch, settings, warehouse
from opvang.load import run
from opvang.simulate import simulate
from tests.chaos.conftest import World
from tests.conftest import clear_but_code_tables
from tests.dbt import WITHOUT_UNIT_TESTS, build_marts

DAYS = ["2022-04-21", "2022-04-25", "2022-04-28"]
pytestmark = [pytest.mark.thorough, pytest.mark.timeout(600)]
KEPT = (
    "marts.figures_as_known",
    *(
        f"intermediate.int_{name}"
        for name in (
            "registration_spell_versions",
            "registration_stays",
            "presences",
            "residence_title_days",
            "person_versions",
        )
    ),
)


def build(*options: str) -> None:
    """The models that keep what was known, and the tests on them."""
    models = ("--select", "+figures_as_known", "+registrations_by_municipality_day")
    build_marts(*WITHOUT_UNIT_TESTS, *models, "--indirect-selection", "cautious", *options)


def deliver(drawer: Path, inbox: Path, *days: str) -> None:
    """The selections of these days, received when they were, published now."""
    for day in days:
        copytree(drawer / "brp/rvig" / day, inbox / "brp/rvig" / day)
    batch = fetch.fetch("brp")
    assert batch is not None
    run("brp", batch)


def contents() -> dict[str, set[str]]:
    """Every row of the tables that are kept, but for the build that wrote it."""
    with warehouse.connect("transformer") as connection:
        return {
            table: {
                str(row["kept"])
                for row in connection.execute(
                    f"select to_jsonb(kept) - 'build_no' as kept from {table} as kept".encode()
                )
            }
            for table in KEPT
        }


@pytest.fixture
def drawer(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three selections of a small spring, none of them delivered yet."""
    world.reset("brp", "fetch")
    clear_but_code_tables()
    simulate(tmp_path / "drawer", first_day=date(2022, 4, 21), last_day=date(2022, 4, 28), persons=2_000)
    assert sorted(path.name for path in (tmp_path / "drawer/brp/rvig").iterdir()) == DAYS
    monkeypatch.setattr(settings, "INBOX", str(tmp_path / "inbox"))
    return tmp_path / "drawer"


def test_what_was_known_is_the_same_when_it_is_made_anew(drawer: Path, tmp_path: Path) -> None:
    first, late, last = DAYS
    deliver(drawer, tmp_path / "inbox", first)
    deliver(drawer, tmp_path / "inbox", last)
    build("--full-refresh")
    as_known = contents()
    deliver(drawer, tmp_path / "inbox", late)
    build()
    kept = contents()
    assert kept["marts.figures_as_known"] != as_known["marts.figures_as_known"]
    build("--full-refresh")
    assert {table: kept[table] ^ rows for table, rows in contents().items()} == {table: set() for table in KEPT}

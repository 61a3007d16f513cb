"""Who owns whom, through the gate and dbt: Gazprom's published facts, what is known when, and hundreds of companies against linear algebra."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from opvang import warehouse
from opvang.load import load
from opvang.settings import PROJECT
from opvang.simulate.ownership import package
from tests.bods import Statement, company, holding, person
from tests.conftest import clear_warehouse
from tests.dbt import dbt

SELLER = "NL-SIM:NL-SIM-GAZPROM-ENERGY"
GRAPHS, SIZE = 40, 8


def graphs() -> tuple[list[Statement], dict[str, tuple[float, float]]]:
    """Companies that hold each other at random, rings and all, and what of each is Russian and what is not, as a linear system says."""
    chance = np.random.default_rng(2022)
    made, stakes = [person("russian", "RU"), person("dutch", "NL")], {}
    for graph in range(GRAPHS):
        names = [f"G{graph}C{number}" for number in range(SIZE)]
        made += [company(name) for name in names]
        shares = np.floor(chance.dirichlet(np.full(SIZE + 2, 0.3), SIZE) * chance.choice([60, 90, 100], (SIZE, 1)))
        np.fill_diagonal(shares, 0)
        holders = [*names, "russian", "dutch"]
        made += [
            holding(names[at], holders[by], exact=float(shares[at, by])) for at, by in np.argwhere(shares > 0).tolist()
        ]
        inner = np.eye(SIZE) - shares[:, :SIZE] / 100
        russian, dutch = np.linalg.solve(inner, shares[:, SIZE:] / 100).T
        stakes |= {f"NL-SIM:{name}": (russian[at], dutch[at]) for at, name in enumerate(names)}
    return made, stakes


def without_the_assumed_shares(statements: list[Statement]) -> list[Statement]:
    """The published facts alone: two shares are not printed in any of the sources."""
    for one in statements:
        if one["recordId"] in ("germania-trading", "trading-seller"):
            one["recordDetails"]["interests"][0].pop("share")
    return statements


def deliver(folder: Path, supplier: str, day: date, statements: list[Statement]) -> None:
    path = folder / f"{supplier}_{day}.json"
    path.write_text(json.dumps(statements))
    [account] = load("ownership", [str(path)], supplier, day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    assert account["verdict"] == "published", account


def contract_with(numbers: list[str]) -> None:
    """Contracts under which these organisations supply, as publish leaves them."""
    with warehouse.connect() as connection, connection.cursor() as cursor:
        cursor.executemany(
            b"""insert into raw.energy_contracts_contract_suppliers (supplier, record_key, row_no, ocid, contract_id, row_of_contract, role,
            identifier_scheme, identifier, reference_from, reference_to, known_from, known_to, delivery_id)
            values ('GM0363', %s, 1, %s, '1', 1, 'supplier', split_part(%s, ':', 1), split_part(%s, ':', 2), '2022-01-01', 'infinity', '2022-01-01', 'infinity', 0)""",
            [(number, number, number, number) for number in numbers],
        )


@pytest.fixture(scope="module")
def stakes(server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[float, float]]]:
    folder = tmp_path_factory.mktemp("ownership")
    clear_warehouse()
    made, found = graphs()
    deliver(folder, "kvk", date(2022, 3, 1), made)
    deliver(folder, "ezk", date(2022, 4, 4), package(date(2022, 4, 4)))
    deliver(folder, "ezk", date(2022, 6, 20), without_the_assumed_shares(package(date(2022, 6, 20))))
    deliver(folder, "ezk", date(2022, 12, 1), package(date(2022, 12, 1)))
    contract_with([SELLER, "NL-SIM:NL-SIM-LAGELANDEN", "NL-SIM:NL-SIM-DELTAWIND", *found])
    seeds_and_models = ("--resource-type", "seed", "--resource-type", "model")
    dbt("build", *seeds_and_models, "--select", "+int_ownership_chains", "+int_ownership_answers")
    yield found
    clear_warehouse()


def answer(organisation: str, day: str, known: str = "2023-01-01", counts_as: str = "ownership") -> str:
    with warehouse.connect("transformer") as connection:
        [row] = connection.execute(
            b"""select answer from intermediate.int_ownership_answers where organisation = %s and counts_as = %s
            and valid_from <= %s and %s < valid_until and known_from <= %s and %s < known_to""",
            (organisation, counts_as, day, day, known, known),
        ).fetchall()
    return str(row["answer"])


@pytest.mark.usefixtures("stakes")
def test_the_answers_about_the_seller_are_those_of_the_documentation() -> None:
    """docs/ownership.md, the walk through 2022: with the published facts alone, and with the two shares stated."""
    walk = re.findall(
        r"^\| (2022-\S+) \|.*\| (\w+) \| (\w+) \|$", (PROJECT / "docs/ownership.md").read_text(), re.MULTILINE
    )
    assert len(walk) == 7 and {stated for _, _, stated in walk} == {"yes", "no"}
    assert [(day, answer(SELLER, day, known="2022-07-01"), answer(SELLER, day)) for day, _, _ in walk] == walk
    assert [answer(SELLER, day) for day in ("2022-04-03", "2022-11-13")] == ["yes", "yes"]


@pytest.mark.usefixtures("stakes")
def test_what_was_answered_in_may_stays_answered_when_asked_as_known_then() -> None:
    assert answer(SELLER, "2022-05-01", known="2022-05-01") == "yes"
    assert answer(SELLER, "2022-12-01", known="2022-05-01") == "yes"
    assert answer(SELLER, "2022-12-01", known="2022-12-31") == "no"


@pytest.mark.usefixtures("stakes")
def test_an_interval_may_be_and_a_supplier_of_whom_nobody_states_an_owner_is_unknown() -> None:
    assert answer("NL-SIM:NL-SIM-LAGELANDEN", "2022-05-01") == "may_be"
    assert answer("NL-SIM:NL-SIM-DELTAWIND", "2022-05-01") == "unknown"


def test_stakes_are_those_of_a_linear_system(stakes: dict[str, tuple[float, float]]) -> None:
    with warehouse.connect("transformer") as connection:
        rows = connection.execute(
            b"""select organisation, first_category_low_pct, another_pct, answer from intermediate.int_ownership_answers
            where organisation like 'NL-SIM:G%%' and counts_as = 'ownership' and known_to = 'infinity' and valid_until = 'infinity'"""
        ).fetchall()
    found = {row["organisation"]: row for row in rows}
    assert found.keys() == stakes.keys()
    for organisation, (russian, dutch) in stakes.items():
        row = found[organisation]
        assert float(row["first_category_low_pct"]) == pytest.approx(100 * russian, abs=1e-5), organisation
        assert float(row["another_pct"]) == pytest.approx(100 * dutch, abs=1e-5), organisation
        assert row["answer"] == ("yes" if russian > 0.5 + 1e-9 else "no" if dutch >= 0.5 - 1e-9 else row["answer"])
    assert {row["answer"] for row in rows} == {"yes", "no", "unknown"}

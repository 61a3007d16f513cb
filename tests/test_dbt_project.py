"""The dbt project keeps its own rules: read from its files and from the manifest that `dbt parse` makes without a database."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[1] / "dbt_project"
MODELS = sorted(PROJECT.glob("models/**/*.sql"))
MARTS = [path for path in MODELS if path.parent.name == "marts"]
DIMENSIONS = ("days", "definitions", "municipalities", "safety_regions")
KEY_COLUMNS = {
    "reception_targets": 2,
    "population_definitions": 2,
    "published_figures": 4,
    "bekostiging_norms": 3,
    "leefgeld_rates": 6,
    "published_figure_definitions": 2,
    "contract_form_precedence": 2,
    "supplier_match_decisions": 2,
}
LAYERS = ("staging", "intermediate", "marts")

Node = dict[str, Any]
REFERENCE = re.compile(r"(ref|source)\('(\w+)'")


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """The manifest of the project as it stands, written to a folder of its own."""
    target = tmp_path_factory.mktemp("dbt")
    folders: list[str | Path] = [
        "--project-dir",
        PROJECT,
        "--profiles-dir",
        PROJECT,
        "--target-path",
        target,
        "--log-path",
        target,
    ]
    quiet = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
    command = [Path(sys.executable).with_name("dbt"), "parse", "--warn-error", *folders]
    run = subprocess.run(command, check=False, env=quiet, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    parsed: Node = json.loads((target / "manifest.json").read_text())
    return parsed


@pytest.fixture(params=MARTS, ids=lambda path: path.stem)
def mart(request: pytest.FixtureRequest, manifest: Node) -> Node:
    """Each mart in turn."""
    node: Node = manifest["nodes"][f"model.opvang.{request.param.stem}"]
    return node


def layer(path: Path) -> str:
    """The layer that a model lies in."""
    return path.relative_to(PROJECT / "models").parts[0]


def read_by(path: Path) -> set[tuple[str, str]]:
    """What the SQL of a model reads, as (ref or source, name)."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("--")]
    return set(REFERENCE.findall("\n".join(lines)))


def seeds() -> set[str]:
    """The names of the seeds."""
    return {path.stem for path in PROJECT.glob("seeds/*.csv")}


def test_a_mart_says_what_one_row_is(mart: Node) -> None:
    assert "One row per" in mart["description"]


def test_the_contract_of_a_mart_is_enforced(mart: Node) -> None:
    assert mart["config"]["contract"]["enforced"]


def test_a_mart_declares_its_primary_key(mart: Node) -> None:
    of_columns = [constraint for column in mart["columns"].values() for constraint in column["constraints"]]
    assert "primary_key" in {constraint["type"] for constraint in [*mart["constraints"], *of_columns]}


def test_a_mart_and_its_columns_are_described_and_labelled_in_dutch(mart: Node) -> None:
    assert mart["config"]["meta"]["label_nl"]
    for name, column in mart["columns"].items():
        assert column["description"], name
        assert column["data_type"], name
        assert column["config"]["meta"]["label_nl"], name


def test_a_mart_has_an_owner_and_is_read_by_the_reader_only(mart: Node) -> None:
    assert mart["config"]["meta"]["owner"]
    assert mart["config"]["group"] == "reception_data"
    assert mart["config"]["grants"] == {"select": ["opvang_reader"]}


def test_a_mart_has_a_test_over_the_whole_table(mart: Node, manifest: Node) -> None:
    singular = [
        node for node in manifest["nodes"].values() if node["resource_type"] == "test" and not node.get("test_metadata")
    ]
    assert any(mart["unique_id"] in test["depends_on"]["nodes"] for test in singular)


def test_marts_point_at_the_dimensions_in_one_order(mart: Node) -> None:
    """A foreign key locks what it points at: two marts that are built at once and lock in different orders wait for each other."""
    pointed = [
        dimension
        for column in mart["columns"].values()
        for constraint in column["constraints"]
        for dimension in DIMENSIONS
        if constraint["type"] == "foreign_key" and dimension in str(constraint["to"])
    ]
    assert pointed == sorted(pointed, key=DIMENSIONS.index)


def test_only_marts_are_granted_to_anyone(manifest: Node) -> None:
    granted = {node["schema"] for node in manifest["nodes"].values() if node["config"].get("grants")}
    assert granted == {"marts"}


def test_a_schema_is_named_after_its_layer(manifest: Node) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert {(node["path"].split("/")[0], node["schema"]) for node in models} == {(name, name) for name in LAYERS}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_reads_the_layer_below(path: Path) -> None:
    below = {model.stem for model in MODELS if layer(model) != "marts"} | seeds()
    for kind, name in read_by(path):
        allowed = kind == "source" or name in seeds() if layer(path) == "staging" else kind == "ref" and name in below
        assert allowed, f"{path.stem} reads {name}"


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_has_a_yml_of_its_own_name_that_says_what_one_row_is(path: Path) -> None:
    (model,) = yaml.load(path.with_suffix(".yml").read_text(), Loader=yaml.CSafeLoader)["models"]
    assert model["name"] == path.stem
    assert "One row per" in model["description"]
    assert all(column["description"] for column in model["columns"])


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_ends_in_final_and_stays_short(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert lines[-1] == "select * from final" or layer(path) == "staging"
    assert len(lines) <= 100


@pytest.mark.parametrize("path", [path for path in MODELS if layer(path) == "staging"], ids=lambda path: path.stem)
def test_a_staging_model_of_one_select_has_no_cte(path: Path) -> None:
    """PostgreSQL looks through a plain view, and works out only what is asked for of whom it is asked."""
    assert not re.match(r"(?s).*\bwith final as", path.read_text())


@pytest.mark.parametrize("path", [path for path in MODELS if layer(path) == "staging"], ids=lambda path: path.stem)
def test_a_staging_model_is_named_after_its_source(path: Path) -> None:
    assert path.stem.startswith(f"stg_{path.parent.name}__")


def test_every_seed_has_typed_columns_and_names_its_source(manifest: Node) -> None:
    for name in seeds():
        node = manifest["nodes"][f"seed.opvang.{name}"]
        header = (PROJECT / f"seeds/{name}.csv").read_text().splitlines()[0].split(",")
        assert list(node["config"]["column_types"]) == header, name
        assert "Source: " in node["description"], name
        assert name in (PROJECT / "seeds/README.md").read_text()


@pytest.mark.parametrize("path", sorted(PROJECT.glob("seeds/*.csv")), ids=lambda path: path.stem)
def test_the_rows_of_a_seed_are_of_one_width_and_each_there_once(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)]
    assert {len(row) for row in rows} == {len(rows[0])}
    keys = [row[: KEY_COLUMNS.get(path.stem, 1)] for row in rows]
    assert len(set(keys)) == len(keys)


def test_every_source_table_has_a_staging_model(manifest: Node) -> None:
    staged = {name for node in manifest["nodes"].values() for name in node["depends_on"].get("nodes", [])}
    assert set(manifest["sources"]) <= staged


def test_sources_say_when_they_are_stale(manifest: Node) -> None:
    raw = [source for source in manifest["sources"].values() if source["schema"] == "raw"]
    assert raw
    assert all(source["freshness"]["warn_after"]["count"] for source in raw)


def test_descriptions_reach_the_database(manifest: Node) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    assert all(node["config"]["persist_docs"] == {"relation": True, "columns": True} for node in models)

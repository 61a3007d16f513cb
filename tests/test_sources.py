"""One test over all sources: what belongs to a contract is there, and says what the contract says."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import open_data_contract_standard
import pytest
import yaml

from opvang import derive, shape
from opvang.contract import CONTRACTS, Contract, contract, contracts, sources
from opvang.errors import UsageError
from opvang.expectations import FOLDER, expectations
from opvang.settings import PROJECT
from opvang.sources import Delivered, parser

SAMPLES = PROJECT / "tests/samples"
ODCS = json.loads((Path(open_data_contract_standard.__file__).parent / "schema.json").read_text())


def samples(source: str) -> list[Path]:
    return sorted(path for path in (SAMPLES / source).glob("*/*/*") if path.is_file())


@pytest.fixture(params=sources())
def terms(request: pytest.FixtureRequest) -> Contract:
    return contract(request.param)


def parser_file(source: str) -> Path:
    """A module, or a package where a source comes in several forms."""
    package = PROJECT / f"include/opvang/sources/{source}"
    return package / "__init__.py" if package.is_dir() else package.with_suffix(".py")


def test_a_source_is_a_contract_a_parser_expectations_staging_models_and_a_sample(terms: Contract) -> None:
    files = {
        "the parser": parser_file(terms.source),
        "the expectations": FOLDER / f"{terms.source}.yml",
        "the staging models": PROJECT / f"dbt_project/models/staging/{terms.source}",
        "a sample": SAMPLES / terms.source,
    }
    missing = [f"{what}: {path.relative_to(PROJECT)}" for what, path in files.items() if not path.exists()]
    assert not missing, f"{terms.source} lacks {'; '.join(missing)}"


def test_every_table_has_a_staging_model(terms: Contract) -> None:
    folder = PROJECT / f"dbt_project/models/staging/{terms.source}"
    expected = {f"stg_{terms.source}__{table.name}.sql" for table in terms.tables}
    assert expected <= {path.name for path in folder.glob("*.sql")}


def test_a_contract_is_a_valid_open_data_contract(terms: Contract) -> None:
    document = yaml.safe_load((CONTRACTS / f"{terms.source}.odcs.yaml").read_text())
    faults = [
        f"{list(fault.path)}: {fault.message}" for fault in jsonschema.Draft201909Validator(ODCS).iter_errors(document)
    ]
    assert not faults


def test_transform_logic_uses_words_that_exist(terms: Contract) -> None:
    used = {column.logic for table in terms.tables for column in table.columns} - {None}
    assert used <= derive.LOGIC.keys() | derive.LOGIC_OF_MANY.keys()


def test_what_a_source_needs_exists_and_needs_nothing_back(terms: Contract) -> None:
    for needed in terms.needs:
        assert terms.source not in contract(needed).needs


def test_expectations_name_columns_of_the_contract_and_give_a_reason(terms: Contract) -> None:
    for rule in expectations(terms):
        assert rule.reason and rule.reference, rule.rule
        if rule.table != "deliveries" and "column" in rule.kwargs:
            assert rule.kwargs["column"] in {column.name for column in terms.table(rule.table).columns}, rule.rule


def test_the_parser_reads_every_sample_into_the_fields_of_the_contract(terms: Contract) -> None:
    assert samples(terms.source), f"tests/samples/{terms.source} has no sample"
    for path in samples(terms.source):
        delivered = Delivered(path, path.parts[-3], date.fromisoformat(path.parts[-2]))
        batches = list(parser(terms.source)(delivered, terms))
        assert sum(frame.height for batch in batches for frame in batch.values()) > 0
        for batch in batches:
            for name, frame in batch.items():
                assert set(shape.fields(terms.table(name), frame).columns) == terms.table(name).fields | {
                    "record_no",
                    "line_no",
                }


def test_the_supplier_of_a_sample_may_deliver_it(terms: Contract) -> None:
    for path in samples(terms.source):
        assert terms.covers(path.parts[-3]), path


def test_a_contract_that_is_missing_says_which_there_are() -> None:
    with pytest.raises(UsageError, match="there is no source brq; known are brp, claims, code_tables"):
        contract("brq")


def test_the_documentation_of_a_dag_names_every_column() -> None:
    for terms in contracts():
        text = terms.as_markdown()
        assert all(f"`{column.name}`" in text for table in terms.tables for column in table.columns)

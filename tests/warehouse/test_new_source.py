"""Adding a source takes a contract, a parser, expectations, staging models and a sample, and no other change."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opvang.settings import PROJECT

CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: 00000000-0000-4000-8000-000000000001
name: pupils
version: 1.0.0
status: active
description: {purpose: Pupils per municipality., usage: One document per municipality., limitations: Made up.}
team: {name: reception-data}
slaProperties: [{property: frequency, value: 7}, {property: retention, value: 30}]
customProperties:
  - {property: suppliers, value: [{supplier: "GM[0-9]{4}", covers: itself}]}
  - {property: file_holds, value: all tables}
  - {property: form, value: {encoding: utf-8}}
schema:
  - name: schools
    description: One row per school.
    properties:
      - {name: school_code, logicalType: string, physicalType: text, primaryKey: true, required: true, description: "BRIN"}
      - {name: pupils, logicalType: integer, physicalType: integer, required: true, description: "Enrolled pupils"}
"""
PARSER = '''
"""Pupils per school."""

from collections.abc import Iterator

from opvang.contract import Contract
from opvang.readers import json
from opvang.sources import Batch, Delivered


def read(delivery: Delivered, contract: Contract) -> Iterator[Batch]:
    """One row per school."""
    yield {"schools": json.frame(json.document(delivery.path))}
'''
EXPECTATIONS = """
schools:
  - type: expect_column_values_to_be_between
    kwargs: {column: pupils, min_value: 0}
    severity: critical
    meta: {rule: pupils_are_counted, reference: own rule, reason: "fewer than none"}
"""
STAGING = """
select
    record_key as school_code,
    pupils
from raw.pupils_schools
where known_to = 'infinity'
"""
SAMPLE = json.dumps([{"school_code": "00AA", "pupils": "12"}, {"school_code": "00AB", "pupils": "-1"}])

FILES = {
    "include/contracts/pupils.odcs.yaml": CONTRACT,
    "include/opvang/sources/pupils.py": PARSER,
    "expectations/pupils.yml": EXPECTATIONS,
    "dbt_project/models/staging/pupils/stg_pupils__schools.sql": STAGING,
    "tests/samples/pupils/GM0363/2022-04-25/pupils.json": SAMPLE,
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project with one source more."""
    ignore = shutil.ignore_patterns("__pycache__", "target", "logs", ".*_cache", "deliveries")
    for folder in ("include", "expectations", "dags", "dbt_project", "tests"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=ignore)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(PROJECT / name, tmp_path / name)
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.lstrip())
    return tmp_path


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy / "include"), "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def opvang(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(copy, "-c", "from opvang.cli import main; main()", *words)


def test_a_new_source_passes_the_test_over_all_sources_and_gets_its_dag(copy: Path) -> None:
    # What the DAG files import and tasks inherit takes long to look at, and no source changes it.
    others = "not tasks_inherit and not only_tasks_need"
    outcome = run(copy, "-m", "pytest", "-q", "tests/test_sources.py", "tests/test_dags.py", "-k", others)
    assert outcome.returncode == 0, outcome.stdout[-3000:]


@pytest.mark.parametrize("name", FILES, ids=lambda name: name.split("/")[-1])
def test_a_file_that_is_missing_is_named(copy: Path, name: str) -> None:
    if name.startswith("include/contracts"):
        return
    (copy / name).unlink()
    if not any((copy / name).parent.iterdir()):
        shutil.rmtree((copy / name).parent)
    outcome = run(copy, "-m", "pytest", "-q", "tests/test_sources.py", "-k", "pupils")
    assert outcome.returncode == 1
    assert name.rsplit("/", maxsplit=1)[-1] in outcome.stdout or "pupils" in outcome.stdout


def test_a_new_source_goes_through_the_whole_gate(copy: Path, server: None) -> None:
    assert opvang(copy, "init").returncode == 0
    outcome = opvang(copy, "load", "pupils", "tests/samples/pupils/GM0363/2022-04-25/pupils.json", "--json")
    assert outcome.returncode == 0, outcome.stderr
    [account] = json.loads(outcome.stdout)["deliveries"]
    assert (account["records_read"], account["records_published"], account["records_quarantined"]) == (2, 1, 1)
    assert account["rules"][0]["rule"] == "pupils_are_counted"

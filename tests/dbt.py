"""dbt against the tests' own PostgreSQL, as transform runs it."""

import subprocess
import sys
from pathlib import Path

from opvang import settings
from tests.conftest import HOME

WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
# All that is made of person lists and reports, and what it is made with.
OF_PERSONS_AND_PLACES = ("--indirect-selection", "buildable", "--select", "@source:brp", "@source:reception")
# What one run parsed the next one of this process reads: half of the start of dbt.
TARGET = HOME / "dbt"


def dbt(word: str, *options: str) -> None:
    """One run of dbt; what it says when it fails."""
    places = ["--target-path", str(TARGET), "--log-path", str(TARGET / "log")]
    command = [Path(sys.executable).with_name("dbt"), word, *places, *options]
    environment = dict(settings.environment()) | {"PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        command, cwd=settings.DBT_PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def build_marts(*options: str) -> None:
    """Seeds, models, unit tests and data tests."""
    dbt("build", *options)

"""dbt against the tests' own PostgreSQL, in this process as transform runs it."""

import os
from functools import cache
from typing import TYPE_CHECKING

import pytest

from opvang import settings
from tests.conftest import HOME

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunner

WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
# Once more, of seeds that are loaded and models that were tested.
MODELS_ONLY = ("--resource-type", "model")
# All that is made of person lists and reports, and what it is made with.
OF_PERSONS_AND_PLACES = ("--indirect-selection", "buildable", "--select", "@source:brp", "@source:reception")
# What one run parsed the next one of this process reads: half of the start of dbt.
TARGET = HOME / "dbt"


@cache
def runner() -> "dbtRunner":
    """dbt, imported once: that takes as long as a small build."""
    from dbt.cli.main import dbtRunner

    return dbtRunner()


def dbt(word: str, *options: str) -> None:
    """One run of dbt; what it says when it fails."""
    project, places = str(settings.DBT_PROJECT), ["--target-path", str(TARGET), "--log-path", str(TARGET / "log")]
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(settings.environment()):
            patch.delenv(name)
        for name, value in settings.environment().items():
            patch.setenv(name, value)
        done = runner().invoke(
            [word, "--quiet", "--project-dir", project, "--profiles-dir", project, *places, *options]
        )
    failed = [
        f"{one.node.name}: {one.message}"
        for one in getattr(done.result, "results", ())
        if one.status in ("error", "fail")
    ]
    assert done.success, "\n".join([*failed, str(done.exception or "")])


def build_marts(*options: str) -> None:
    """Seeds, models, unit tests and data tests."""
    dbt("build", *options)

"""dbt against the tests' own PostgreSQL, in this process as transform runs it."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
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
    environment = settings.environment()
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(environment):
            patch.delenv(name)
        for name, value in environment.items():
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


def begin_build(target: Path) -> subprocess.Popen[bytes]:
    """A build in a process of its own and a session of its own: to go on beside others, and to be killed."""
    command = [Path(sys.executable).with_name("dbt"), "build", "--target-path", target, "--log-path", target / "log"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(
        command, cwd=settings.DBT_PROJECT, env=settings.environment(), start_new_session=True, **quiet
    )


def build_marts(*options: str) -> None:
    """Seeds, models, unit tests and data tests."""
    dbt("build", *options)

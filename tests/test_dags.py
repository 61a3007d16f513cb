"""What a data engineer finds in the Airflow UI."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from opvang import services
from opvang.contract import sources
from opvang.settings import PROJECT

DAGS = PROJECT / "dags"


@pytest.fixture(scope="module")
def bag():  # type: ignore[no-untyped-def]
    os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(DAGS))


def test_there_is_one_ingest_dag_per_contract_and_no_import_error(bag) -> None:  # type: ignore[no-untyped-def]
    assert bag.import_errors == {}
    assert set(bag.dags) == {f"ingest_{source}" for source in sources()} | {"transform", "housekeeping", "overdue"}


def test_every_dag_has_owner_description_markdown_tags_and_a_form(bag) -> None:  # type: ignore[no-untyped-def]
    for dag in bag.dags.values():
        assert dag.description and dag.doc_md and dag.tags and dag.params, dag.dag_id
        assert {task.owner for task in dag.tasks} == {"reception-data"}, dag.dag_id


def test_an_ingest_dag_is_the_four_verbs_and_a_report_in_a_row(bag) -> None:  # type: ignore[no-untyped-def]
    for source in sources():
        dag = bag.dags[f"ingest_{source}"]
        assert [task.task_id for task in dag.topological_sort()] == ["fetch", "land", "validate", "publish", "report"]
        assert dag.get_task("fetch").retries == 3
        assert dag.get_task("validate").retries == dag.get_task("report").retries == 0


def test_who_is_to_hear_of_a_failure_hears_of_it_once(bag) -> None:  # type: ignore[no-untyped-def]
    from opvang.notify import failed

    for dag in bag.dags.values():
        by_task = [task for task in dag.tasks if task.on_failure_callback in (failed, [failed])]
        assert (dag.on_failure_callback is failed, len(by_task)) in ((True, 0), (False, len(dag.tasks))), dag.dag_id


def test_publishing_any_source_wakes_transform(bag) -> None:  # type: ignore[no-untyped-def]
    waited_for = {asset.uri for asset in bag.dags["transform"].timetable.asset_condition.objects}
    published = {
        asset.uri for source in sources() for asset in bag.dags[f"ingest_{source}"].get_task("publish").outlets
    }
    assert waited_for == published
    assert len(published) == len(sources())


@pytest.mark.parametrize("path", sorted(DAGS.glob("*.py")), ids=lambda path: path.name)
def test_a_dag_file_is_short_opens_with_a_sentence_and_is_found_by_safe_mode(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 110
    assert re.match(r'"""[A-Z].*\.', text)
    assert "dag" in text.lower() and "airflow" in text.lower()
    assert not path.name.startswith("dbt_"), "dbt imports dbt_*.py that it finds"


def test_what_tasks_inherit_can_be_imported_and_starts_no_thread() -> None:
    """A fork doesn't survive threads: https://docs.pola.rs/user-guide/misc/multiprocessing/."""
    code = f"import os, {', '.join(services.WARM)}; print('threads', len(os.listdir('/proc/self/task')))"
    own = {"OPENBLAS_NUM_THREADS": services.airflow_settings()["OPENBLAS_NUM_THREADS"]}
    outcome = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert outcome.stdout.splitlines()[-1] == "threads 1", outcome.stderr[-2000:]


def test_reading_the_dag_files_imports_nothing_that_only_tasks_need() -> None:
    """Airflow reads them again and again, and once more before each task."""
    code = "import ingest, overdue, housekeeping, transform, sys; print(sorted({'polars', 'psycopg', 'great_expectations', 'dbt'} & set(sys.modules)))"
    outcome = subprocess.run([sys.executable, "-c", code], cwd=DAGS, capture_output=True, text=True, check=False)
    assert outcome.stdout.splitlines()[-1:] == ["[]"], outcome.stderr[-2000:]


def test_no_provider_for_great_expectations_is_installed() -> None:
    assert "airflow-provider-great-expectations" not in (PROJECT / "requirements.lock").read_text()

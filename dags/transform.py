"""What was published becomes staging, intermediate and marts: dbt, one task per mart, woken by every publish."""

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Asset, AssetAny, Param, TriggerRule, task
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import ExecutionMode, LoadMode, SeedRenderingBehavior, TestBehavior

from opvang import notify
from opvang.contract import contracts
from opvang.errors import ServerError
from opvang.settings import DBT_PROJECT

MANIFEST = DBT_PROJECT / "target" / "manifest.json"
LIMIT = timedelta(minutes=30)
# Cosmos leaves tests out of the one `dbt build` unless each model gets a second task for them; naming them brings them back.
# Not the unit tests: their rows are in the code, which `make test` tests, and are the same every day.
WITH_TESTS = ["--resource-type", "test"]
MARTS = "marts/"
OUTCOMES = ("NodeFinished", "SkippingDetails", "LogSkipBecauseError")

DOC = """
Runs one `dbt build` (task `dbt.dbt_producer_watcher`): seeds, models and data tests. The other tasks show how each
mart fared.

- **Woken by** every `publish` of an `ingest_*` DAG. Publishes during a run wake one more run after it, never two at once.
- **Readers never see half**: each mart is replaced in one transaction of its own, and keeps its old state when its build fails.
- **A test or a model before the marts failed**: the producer is red and its log names it; what stands on it was not built.
- **Run it again**: *Trigger*. Cleared tasks build their mart one by one, without tests: Cosmos never runs the producer twice.
- **full_refresh** also makes the seeds anew, which is needed once when a column of a seed changes.
- **No marts to see**: the manifest is missing. `dbt parse` in `dbt_project/` writes it (`make up` does).
"""


def outcomes_of_marts(event: Any) -> None:
    """Leave of any other event of dbt its words for the log: what is in it Cosmos stores, up to eight times a node, and dbt waits for each call (cosmos#2777)."""
    if event.info.name not in OUTCOMES or not event.data.node_info.node_path.startswith(MARTS):
        event.ClearField("data")


def dbt() -> None:
    """One build of everything, and the marts as tasks, read from the manifest; dbt itself is imported when they run."""
    models = DbtTaskGroup(
        group_id="dbt",
        project_config=ProjectConfig(DBT_PROJECT, manifest_path=MANIFEST, install_dbt_deps=False),
        profile_config=ProfileConfig("opvang", "warehouse", profiles_yml_filepath=DBT_PROJECT / "profiles.yml"),
        execution_config=ExecutionConfig(
            ExecutionMode.WATCHER,
            setup_operator_args={"dbt_cmd_flags": WITH_TESTS, "dbt_runner_callbacks": [outcomes_of_marts]},
        ),
        render_config=RenderConfig(
            emit_datasets=False,
            select=[f"path:models/{MARTS}"],
            load_method=LoadMode.DBT_MANIFEST,
            test_behavior=TestBehavior.NONE,
            seed_rendering_behavior=SeedRenderingBehavior.NONE,
        ),
        operator_args={"full_refresh": "{{ params.full_refresh }}", "poke_interval": 2},
    )
    producer, *marts = models.children.values()
    # Only what readers see is a task, for each is a process that starts; what is built is all.
    producer.select = None
    for mart in marts:
        # One that asks before the build has ended takes a second task to be told, and `airflow dags test` waits for ever.
        if not mart.upstream_task_ids:
            mart.trigger_rule = TriggerRule.ALL_DONE
            producer >> mart


@task
def parse_the_project_first() -> None:
    """Say what to do when there is no manifest, instead of an import error that hides the DAG."""
    raise ServerError(f"{MANIFEST} is missing: run `dbt parse` in {DBT_PROJECT}, then trigger transform again")


with DAG(
    dag_id="transform",
    description="dbt: from raw and ops to the marts that people read",
    doc_md=DOC,
    schedule=AssetAny(*(Asset(name=f"raw_{contract.source}", uri=contract.asset_uri) for contract in contracts())),
    max_active_runs=1,
    default_args={"owner": "reception-data"},
    tags=["transform", "dbt"],
    params={
        "full_refresh": Param(
            False, type="boolean", title="Full refresh", description="Make seeds and models anew, from nothing."
        )
    },
    on_failure_callback=notify.failed,
    deadline=DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, LIMIT, AsyncCallback(notify.late)),
):
    dbt() if MANIFEST.exists() else parse_the_project_first()

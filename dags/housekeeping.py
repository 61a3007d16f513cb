"""Forget, every night, what the contracts say to forget."""

from airflow.sdk import DAG, Param, get_current_context, task

from opvang import notify
from opvang.contract import sources
from opvang.errors import ends_in_one_line

ABOUT = """
# housekeeping

Delivered files hold direct identifiers, so they go as soon as the contract's `retention` is over: from the store and from the inbox.
The ledger keeps its counts. Records in quarantine that can't be read again are closed.

Choose one source in the form to forget only there.
"""

with DAG(
    dag_id="housekeeping",
    description="Remove delivered files whose retention is over",
    doc_md=ABOUT,
    schedule="17 3 * * *",
    is_paused_upon_creation=False,  # forgetting waits for nobody to press a switch
    max_active_runs=1,
    default_args={"owner": "reception-data", "on_failure_callback": notify.failed},
    tags=["privacy"],
    params={"source": Param("all", enum=["all", *sources()], title="Source", description="One source, or all.")},
) as dag:

    @task
    def chosen() -> list[str]:
        """The sources that the form names."""
        source = get_current_context()["params"]["source"]
        return sources() if source == "all" else [source]

    @task
    @ends_in_one_line
    def forget(source: str) -> int:
        """Remove what is over its retention; returns the number of deliveries forgotten."""
        from opvang.forget import forget

        return forget(source)

    forget.expand(source=chosen())

"""Every hour: whose delivery is late, told once, and told again when it has come."""

from airflow.sdk import DAG, Param, get_current_context, task

from opvang import notify
from opvang.contract import contracts
from opvang.errors import ends_in_one_line

AWAITED = [contract.source for contract in contracts() if contract.awaited]
ABOUT = """
# overdue

A supplier that the contract awaits (`awaited`, `frequency`) and of whom nothing came when it was due is told to the owner, once:
in the log, and by the notifier if one is set. It is told once more when a delivery of that day or a later one was published.

`ops.overdue` holds each warning; the mart `feed_timeliness_by_region_day` holds every day of every region. What to do:
`docs/runbooks/late-delivery.md`.
"""

with DAG(
    dag_id="overdue",
    description="Warn when a supplier's delivery is late, and close the warning when it has come",
    doc_md=ABOUT,
    schedule="7 * * * *",
    is_paused_upon_creation=False,  # lateness waits for nobody to press a switch
    max_active_runs=1,
    default_args={"owner": "reception-data", "on_failure_callback": notify.failed},
    tags=["ingest"],
    params={"source": Param("all", enum=["all", *AWAITED], title="Source", description="One source, or all.")},
) as dag:

    @task
    def chosen() -> list[str]:
        """The sources that the form names."""
        source = get_current_context()["params"]["source"]
        return AWAITED if source == "all" else [source]

    @task
    @ends_in_one_line
    def overdue(source: str) -> None:
        """Note who is late and who has delivered since, and tell it."""
        from opvang.overdue import overdue

        news = overdue(source)
        if news.what:
            notify.tell(get_current_context(), news.what, news.why)

    overdue.expand(source=chosen())

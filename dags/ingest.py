"""One DAG per contract: fetch, land, validate, publish, report, every 15 minutes and at once when triggered."""

from datetime import date, timedelta

from airflow.sdk import DAG, Asset, Connection, Param, get_current_context, task
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from airflow.sdk.exceptions import AirflowNotFoundException

from opvang import notify
from opvang.contract import Contract, contracts
from opvang.errors import ends_in_one_line


def connection(name: str) -> dict[str, object] | None:
    """An Airflow connection, wherever Airflow keeps it; None when there is none of that name."""
    try:
        found = Connection.get(name)
    except AirflowNotFoundException:
        return None
    return {part: getattr(found, part) for part in ("host", "schema", "port", "password")}


def ingest(contract: Contract) -> DAG:
    """The four verbs in a row for one source, and a report; only the number of the batch goes from one to the next."""
    with DAG(
        dag_id=f"ingest_{contract.source}",
        description=f"{contract.source}: deliveries through the gate into raw.{contract.source}_*",
        doc_md=contract.as_markdown(),
        schedule="*/15 * * * *",
        max_active_runs=1,
        default_args={"owner": contract.owner, "on_failure_callback": notify.failed},
        tags=["ingest", contract.source],
        params={
            "source": Param(contract.source, const=contract.source, title="Source", description="What this DAG reads."),
            "reference_date": Param(None, title="Reference date (peildatum)", type=["null", "string"], format="date"),
        },
        deadline=DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, timedelta(minutes=30), AsyncCallback(notify.late)),
    ) as dag:

        @task.short_circuit(retries=3, retry_delay=timedelta(minutes=1), retry_exponential_backoff=True)
        @ends_in_one_line
        def fetch() -> int | None:
            """Take what is new in the inbox and at the suppliers' endpoints; nothing new ends the run quietly."""
            from opvang.endpoints import endpoints
            from opvang.fetch import fetch

            context = get_current_context()
            day, began = context["params"]["reference_date"], context["dag_run"].start_date
            asked = endpoints(contract, connection)
            return fetch(contract.source, date.fromisoformat(day) if day else None, asked, since=began)

        @task(retries=1)
        @ends_in_one_line
        def land(batch: int) -> int:
            """Read the batch into landing: typed, pseudonymised, misfits noted."""
            from opvang.land import land

            land(contract.source, batch)
            return batch

        @task
        @ends_in_one_line
        def validate(batch: int) -> int:
            """Check the batch against expectations; a second look would see the same, so no retry."""
            from opvang.validate import validate

            validate(contract.source, batch)
            return batch

        @task(retries=1, outlets=[Asset(name=f"raw_{contract.source}", uri=contract.asset_uri)])
        @ends_in_one_line
        def publish(batch: int) -> int:
            """Make the batch visible in one transaction, and wake the marts."""
            from opvang.publish import publish

            publish(contract.source, batch)
            return batch

        @task
        @ends_in_one_line
        def report(batch: int) -> None:
            """Say what became of the batch; red when a delivery was refused, or an endpoint is down since this run, though all else is published."""
            from opvang.report import report

            report(contract.source, batch, since=get_current_context()["dag_run"].start_date)

        report(publish(validate(land(fetch()))))  # type: ignore[arg-type]  # a batch number at run time
    return dag


for contract in contracts():
    globals()[f"ingest_{contract.source}"] = ingest(contract)

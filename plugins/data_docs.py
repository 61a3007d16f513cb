"""Airflow shows a batch's Data Docs: a button at its run's tasks validate and report, and the page behind Airflow's own login."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.plugins_manager import AirflowPlugin
from airflow.sdk import BaseOperatorLink
from airflow.sdk.configuration import conf

if TYPE_CHECKING:
    from fastapi import FastAPI

PREFIX, INGEST = "/data-docs", "ingest_"
TASKS = ("validate", "report")
# Nothing is loaded from elsewhere and nothing runs, whatever stands in a page.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'",
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
}


class DataDocsLink(BaseOperatorLink):
    """The button."""

    name = "Data Docs"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002
        """The address of a run's page; nothing for tasks that have none."""
        if not ti_key.dag_id.startswith(INGEST) or ti_key.task_id not in TASKS:
            return ""
        return f"{conf.get('api', 'base_url', fallback='').rstrip('/')}{PREFIX}/{ti_key.dag_id}/{quote(ti_key.run_id)}"


def pages() -> "FastAPI":
    """The application that shows the page of a run to whoever may see the XComs of its DAG."""
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
    from airflow.api_fastapi.common.db.common import SessionDep
    from airflow.api_fastapi.core_api.security import requires_access_dag
    from airflow.models.xcom import XComModel
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.responses import FileResponse
    from sqlalchemy import select

    from opvang.contract import sources
    from opvang.data_docs import page

    # No pages about itself: those would stand outside the login.
    app = FastAPI(title="Data Docs", openapi_url=None)

    @app.get("/{dag_id}/{run_id:path}", dependencies=[Depends(requires_access_dag("GET", DagAccessEntity.XCOM))])
    def show(dag_id: str, run_id: str, session: SessionDep) -> FileResponse:
        source = dag_id.removeprefix(INGEST)
        run = {"dag_id": dag_id, "run_id": run_id, "task_id": "validate", "key": "return_value"}
        batch = session.scalar(select(XComModel.value).filter_by(**run))
        if source not in sources() or batch is None or not page(source, int(batch)).exists():
            raise HTTPException(404, f"no Data Docs of {dag_id}, {run_id}: not validated yet, or forgotten")
        return FileResponse(page(source, int(batch)), headers=HEADERS)

    return app


class DataDocs(AirflowPlugin):
    """What Airflow loads."""

    name = "data_docs"
    global_operator_extra_links = [DataDocsLink()]  # noqa: RUF012

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """The application, made in the API server alone: every task's process loads its plugins, and FastAPI is no small import."""
        return [{"name": "Data Docs", "url_prefix": PREFIX, "app": pages()}]

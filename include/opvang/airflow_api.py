"""Airflow from outside: its REST API over plain HTTP, logged in as `admin`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx

from opvang import services
from opvang.errors import ServerError

COMPONENTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")
FINISHED = ("success", "failed")


@dataclass(frozen=True)
class Run:
    """One run of a DAG, as Airflow tells it."""

    dag_id: str
    run_id: str
    state: str

    @property
    def is_finished(self) -> bool:
        """Whether it ended, well or badly."""
        return self.state in FINISHED


@dataclass(frozen=True)
class Task:
    """One task of a run, and when it started and ended, as far as it has."""

    state: str | None
    started: datetime | None = None
    ended: datetime | None = None


class Airflow:
    """A logged-in client of the REST API at `address`."""

    def __init__(self, address: str, password: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=30)
        self._password = password

    def is_healthy(self) -> bool:
        """Whether the database and all four services report that they are alive; false while the API is not there."""
        try:
            health = self._http.get("/api/v2/monitor/health").json()
            # The part of the API that tasks talk to is built at its first call, which takes seconds: better now.
            self._http.get("/execution/health")
        except (httpx.TransportError, ValueError):
            return False
        return all(health.get(name, {}).get("status") == "healthy" for name in COMPONENTS)

    def dags(self) -> dict[str, bool]:
        """The DAGs that Airflow knows, and whether each is paused."""
        return {dag["dag_id"]: dag["is_paused"] for dag in self._get("/dags", limit=100)["dags"]}

    def import_errors(self) -> list[str]:
        """What keeps DAG files from being read, one line each."""
        errors = self._get("/importErrors")["import_errors"]
        return [f"{error['filename']}: {error['stack_trace'].strip().splitlines()[-1]}" for error in errors]

    def unpause(self, dag_id: str) -> None:
        """Let a DAG run."""
        self._call("PATCH", f"/dags/{dag_id}", json={"is_paused": False})

    def connect(self, connections: Sequence[Mapping[str, Any]]) -> None:
        """Make connections, or make them anew; Airflow keeps their passwords encrypted."""
        create = {"action": "create", "action_on_existence": "overwrite", "entities": list(connections)}
        self._call("PATCH", "/connections", json={"actions": [create]})

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> Run:
        """Start a run of a DAG now."""
        body = {"logical_date": None, "conf": dict(conf or {})}
        return _run(self._call("POST", f"/dags/{dag_id}/dagRuns", json=body))

    def run(self, run: Run) -> Run:
        """A run as it is now."""
        return _run(self._get(f"/dags/{run.dag_id}/dagRuns/{run.run_id}"))

    def runs(self, dag_id: str) -> list[Run]:
        """The latest runs of a DAG, the newest first."""
        return [_run(run) for run in self._get(f"/dags/{dag_id}/dagRuns", order_by="-run_after", limit=20)["dag_runs"]]

    def has_queued_events(self, dag_id: str) -> bool:
        """Whether assets were updated for which this DAG has yet to start a run."""
        return bool(self._get(f"/dags/{dag_id}/assets/queuedEvents")["queued_events"])

    def tasks(self, run: Run) -> dict[str, Task]:
        """Every task of a run by its name."""
        tasks = self._get(f"/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances", limit=100)["task_instances"]
        return {task["task_id"]: _task(task) for task in tasks}

    def dag_url(self, run: Run) -> str:
        """Where a person sees the runs of a DAG."""
        return f"{self._http.base_url}/dags/{run.dag_id}"

    def log_url(self, run: Run, task_id: str) -> str:
        """Where a person reads what a task wrote."""
        return f"{self._http.base_url}/dags/{run.dag_id}/runs/{run.run_id}/tasks/{task_id}"

    def _get(self, path: str, **parameters: str | int) -> Any:
        return self._call("GET", path, params=parameters)

    def _call(self, method: str, path: str, **request: Any) -> Any:
        try:
            answer = self._http.request(method, f"/api/v2{path}", headers=self._login, **request)
        except httpx.TransportError as error:
            raise ServerError(f"Airflow does not answer at {self._http.base_url}: {error}") from None
        if answer.is_error:
            raise ServerError(f"Airflow refuses {method} {path}: {_reason(answer)}")
        return answer.json()

    @cached_property
    def _login(self) -> dict[str, str]:
        person = {"username": services.ADMIN, "password": self._password}
        answer = self._http.post("/auth/token", json=person)
        if answer.is_error:
            raise ServerError(f"Airflow does not let {services.ADMIN} in: {_reason(answer)}")
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def connect() -> Airflow:
    """A client of this installation's own Airflow."""
    return Airflow(services.address(), services.admin_password())


def _run(answer: Mapping[str, Any]) -> Run:
    return Run(answer["dag_id"], answer["dag_run_id"], answer["state"])


def _task(answer: Mapping[str, Any]) -> Task:
    moments = (answer[name] and datetime.fromisoformat(answer[name]) for name in ("start_date", "end_date"))
    return Task(answer["state"], *moments)


def _reason(answer: httpx.Response) -> str:
    """Airflow's own explanation, or else the status."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code} {answer.reason_phrase}"

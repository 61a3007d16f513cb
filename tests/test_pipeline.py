"""When `make up` makes the marts again, and when it waits for who does: by what Airflow tells of transform, moment by moment."""

from io import StringIO

import pytest
from rich.console import Console

from opvang import pipeline
from opvang.airflow_api import Airflow, Run, Task
from opvang.errors import ServerError
from opvang.progress import Progress


class Told(Airflow):
    """An Airflow of which only transform is known: its runs, how each under way ends, and whether an asset will wake one."""

    def __init__(self, runs: dict[str, str], *, is_awaited: bool, ends: str) -> None:
        self.states, self.is_awaited, self.ends = runs, is_awaited, ends
        self.triggered = 0

    def has_queued_events(self, dag_id: str) -> bool:  # noqa: ARG002
        return self.is_awaited

    def runs(self, dag_id: str) -> list[Run]:
        told = [Run(dag_id, run_id, state) for run_id, state in reversed(self.states.items())]
        self.states = {run_id: self.ends if state == "running" else state for run_id, state in self.states.items()}
        if self.is_awaited:
            self.is_awaited = False
            self.states["woken"] = "running"
        return told

    def trigger(self, dag_id: str, conf: object = None) -> Run:  # noqa: ARG002
        self.triggered, self.ends = self.triggered + 1, "success"
        self.states["triggered"] = "running"
        return Run(dag_id, "triggered", "running")

    def unpause(self, dag_id: str) -> None: ...

    def tasks(self, run: Run) -> dict[str, Task]:
        return {"dbt": Task(run.state)}

    def log_url(self, run: Run, task_id: str) -> str:  # noqa: ARG002
        return "its log"


@pytest.mark.parametrize(
    ("runs", "is_awaited", "ends", "triggered"),
    [
        pytest.param({}, False, "success", 1, id="never ran"),
        pytest.param({}, True, "success", 0, id="never ran, and will be woken"),
        pytest.param({"old": "success"}, False, "success", 0, id="ran, and nothing came since"),
        pytest.param({"old": "success"}, True, "success", 0, id="ran, and will be woken"),
        pytest.param({"old": "failed"}, False, "success", 1, id="failed before"),
        pytest.param({"old": "running"}, False, "success", 0, id="is under way"),
        pytest.param({"old": "running"}, False, "failed", 1, id="was broken off on its way"),
    ],
)
def test_the_marts_are_made_once(
    monkeypatch: pytest.MonkeyPatch, runs: dict[str, str], is_awaited: bool, ends: str, triggered: int
) -> None:
    monkeypatch.setattr(pipeline.time, "sleep", lambda _: None)
    airflow = Told(runs, is_awaited=is_awaited, ends=ends)
    pipeline._transform(airflow, Progress(Console(file=StringIO())))
    assert airflow.triggered == triggered
    assert next(reversed(airflow.states.values())) == "success"


def test_a_run_that_was_woken_now_and_fails_is_told_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.time, "sleep", lambda _: None)
    airflow = Told({"old": "success"}, is_awaited=True, ends="failed")
    with pytest.raises(ServerError, match="transform failed in task dbt"):
        pipeline._transform(airflow, Progress(Console(file=StringIO())))
    assert airflow.triggered == 0

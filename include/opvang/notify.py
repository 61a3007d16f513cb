"""Who hears that a delivery is late or refused, a run is late or a task failed: an Airflow notifier that is configured, not coded.

OPVANG_NOTIFIER is the import path of a class such as Airflow's SmtpNotifier, OPVANG_NOTIFIER_KWARGS a JSON object with its
arguments, in which {{ what }}, {{ why }} and {{ where }} are filled in. Not set: the log is all (docs/runbooks/notifications.md).
"""

import json
import logging
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any
from urllib.parse import quote

from opvang.errors import OpvangError
from opvang.messages import one_line

log = logging.getLogger(__name__)
Context = Mapping[str, Any]


def failed(context: Context) -> None:
    """Tell that a task failed for good, a refused delivery among them; a notifier that can't is one line in the log."""
    _tell(dict(context) | _failure(context))


def tell(context: Context, what: str, why: str) -> None:
    """Tell what no failed task tells, such as a delivery that is late; a notifier that can't is one line in the log."""
    dag_id, run_id, task_id = context["dag"].dag_id, str(context["run_id"]), context["ti"].task_id
    log.warning("%s: %s", what, why)
    _tell(dict(context) | {"what": what, "why": why, "where": _address(dag_id, run_id, task_id)})


def _tell(told: dict[str, Any]) -> None:
    try:
        if notifier := _notifier():
            notifier(told)
    except Exception as error:  # noqa: BLE001  # a notifier is anybody's code, and the log has told it already
        _say_why_not(error)


async def late(context: Context) -> None:
    """Tell that a run isn't finished within its deadline, unless it has ended meanwhile: then its own state tells the story."""
    run = context["dag_run"]
    if run["state"] in ("success", "failed"):
        return
    told = dict(context) | _lateness(run)
    log.error("%(what)s; %(why)s: %(where)s", told)
    try:
        if notifier := _notifier():
            notifier.context = told
            await notifier
    except NotImplementedError:
        log.error("OPVANG_NOTIFIER=%s can't tell it: it has no async_notify", os.environ["OPVANG_NOTIFIER"])  # noqa: TRY400
    except Exception as error:  # noqa: BLE001  # as above
        _say_why_not(error)


def _notifier() -> Any:
    """The configured notifier, or nothing."""
    if not (path := os.environ.get("OPVANG_NOTIFIER")):
        return None
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)(**json.loads(os.environ.get("OPVANG_NOTIFIER_KWARGS") or "{}"))


def _failure(context: Context) -> dict[str, str]:
    """What failed, why, and where to look; of an exception that isn't ours only its kind, since its words may quote a value."""
    task, error = context.get("ti"), context.get("exception")
    dag_id, run_id = context["dag"].dag_id, str(context["run_id"])
    is_ours = isinstance(error, (OpvangError, SystemExit))
    why = one_line(str(error)) if is_ours else f"{type(error).__name__}, see its log" if error else "see its log"
    name = task.task_id if task else ""
    return {"what": f"{dag_id}: {name or 'the run'} failed", "why": why, "where": _address(dag_id, run_id, name)}


def _lateness(run: Context) -> dict[str, str]:
    return {
        "what": f"{run['dag_id']}: late",
        "why": f"run {run['dag_run_id']} isn't finished within its deadline; see docs/runbooks/late-delivery.md",
        "where": _address(run["dag_id"], run["dag_run_id"], ""),
    }


def _address(dag_id: str, run_id: str, task_id: str) -> str:
    run = f"{os.environ.get('AIRFLOW__API__BASE_URL', '')}/dags/{dag_id}/runs/{quote(run_id)}"
    return f"{run}/tasks/{task_id}" if task_id else run


def _say_why_not(error: Exception) -> None:
    setting = f"OPVANG_NOTIFIER={os.environ.get('OPVANG_NOTIFIER')}"
    log.error("%s can't tell it: %s: %s", setting, type(error).__name__, one_line(str(error)))

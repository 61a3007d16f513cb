"""What happens when a run is late: one line in the log that says where to look."""

import logging
from typing import Any

log = logging.getLogger(__name__)


async def warn(source: str, context: dict[str, Any]) -> None:
    """Say that a source's run is late, unless it has ended meanwhile: then its own state tells the story."""
    run = context.get("dag_run") or {}
    if run.get("state") not in ("success", "failed"):
        log.error(
            "%s: run %s isn't finished within its deadline; see docs/runbooks/late-delivery.md",
            source,
            run.get("dag_run_id", "?"),
        )

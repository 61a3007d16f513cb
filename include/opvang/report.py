"""report: what became of a batch, said aloud; it fails when a delivery was refused or an endpoint can't be read, after all else was published."""

import logging
from datetime import datetime

from opvang import account, ledger, warehouse
from opvang.endpoints import delivered
from opvang.errors import LoadRefused

log = logging.getLogger(__name__)


def report(source: str, batch_id: int, since: datetime | None = None) -> None:
    """Tell what became of each delivery of a batch; LoadRefused when any was refused, SourceUnavailable when an endpoint can't be read.

    With `since` no endpoint counts that could not be read before then already: an earlier run has told of it.
    """
    with warehouse.connect() as connection:
        ledger.check_batch(connection, source, batch_id, after="validate")
        rows = account.deliveries(connection, batch_id)
        log.info("%s batch %d: %s", source, batch_id, account.summary(rows))
        for row in rows if len(rows) <= account.ONE_BY_ONE else ():
            log.info("  %s: %s", account.name(row), account.summary([row]))
        for line in delivered.faults(connection, source):
            log.warning("  %s", line)
        if refused := account.tell_refused(log.error, source, rows):
            raise LoadRefused(
                f"{len(refused)} of {len(rows)} deliveries of {source} batch {batch_id} are refused, what else came is published; {refused[0]}"
            )
        delivered.check(connection, source, since, "what came is published")

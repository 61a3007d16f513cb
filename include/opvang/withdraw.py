"""withdraw: close records in quarantine that nobody will mend, with a reason and a name. The ledger keeps counting them."""

from collections.abc import Sequence
from typing import Any

from opvang import settings, warehouse
from opvang.errors import UsageError
from opvang.messages import one_line


def withdraw(records: Sequence[int], because: str) -> int:
    """Close all of these records or none; returns how many. UsageError for one that isn't there or is closed already."""
    reason = one_line(because)
    if not reason:
        raise UsageError(
            'a record is withdrawn for a reason; say it: --because "the supplier says it is a test person"'
        )
    wanted = sorted(set(records))
    with warehouse.connect() as connection:
        _check(wanted, warehouse.run(connection, "records_to_withdraw", {"records": wanted}).fetchall())
        values = {"records": wanted, "because": reason, "person": settings.person()}
        return warehouse.run(connection, "withdraw_records", values).rowcount


def _check(wanted: Sequence[int], found: Sequence[dict[str, Any]]) -> None:
    if missing := set(wanted) - {row["quarantine_id"] for row in found}:
        raise UsageError(f"quarantine has no record {_list(missing)}; opvang quarantine --records lists them")
    if closed := {row["quarantine_id"]: row["closed_because"] for row in found if not row["is_open"]}:
        because = closed[min(closed)]
        raise UsageError(f"record {_list(closed)} is closed already ({because}); leave it out, none was withdrawn")


def _list(numbers: Any) -> str:
    return ", ".join(map(str, sorted(numbers)))

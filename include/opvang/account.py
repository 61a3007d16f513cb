"""What a verb did, in a few lines for the log: what came, what was published, what was not and why, and the next command."""

import logging
from collections.abc import Callable, Mapping, Sequence

from opvang import warehouse
from opvang.contract import contract
from opvang.expectations import expectations
from opvang.messages import one_line
from opvang.warehouse import Connection, Row

# Up to this many deliveries are told one by one; of refused ones and of rules this many are named.
ONE_BY_ONE = 5
NAMED = 12
COUNTS = ("records_read", "records_published", "records_flagged", "records_quarantined", "records_refused")
FATE = {"critical": "kept aside", "warning": "flagged"}

log = logging.getLogger(__name__)
Say = Callable[..., None]


def fetched(connection: Connection, source: str, batch_id: int | None, left_alone: int) -> None:
    """Tell what waits, and how many files of the inbox were left alone because they are known or not asked for."""
    others = f"{left_alone:,} other files of the inbox are known or not asked for"
    if batch_id is None:
        log.info("%s: nothing waits; %s", source, others)
        return
    rows = deliveries(connection, batch_id)
    new = sum(row["is_new"] for row in rows)
    log.info("%s: %s as batch %d, %d of them new; %s", source, _those("waiting", rows), batch_id, new, others)
    tell_refused(log.warning, source, rows)


def landed(connection: Connection, source: str, batch_id: int) -> None:
    """Tell how many records were read, and which deliveries can't be."""
    rows = [row for row in deliveries(connection, batch_id) if row["verdict"] is None]
    readable = [row for row in rows if row["refused_because"] is None]
    records = sum(row["records_read"] for row in rows)
    log.info("%s batch %d: %s, %s records", source, batch_id, _those("read", readable), f"{records:,}")
    for row in readable if len(readable) <= ONE_BY_ONE else ():
        log.info("  %s: %s records", name(row), f"{row['records_read']:,}")
    tell_refused(log.warning, source, rows)


def validated(connection: Connection, source: str, batch_id: int, broken: Mapping[str, int]) -> None:
    """Tell which rules are broken by how many records, and which deliveries are refused whole."""
    rules = {rule.rule: rule for rule in expectations(contract(source))}
    log.info("%s batch %d: %d expectations, %d rules broken", source, batch_id, len(rules), len(broken))
    lines = []
    for rule, records in sorted(broken.items(), key=lambda item: -item[1]):
        # Not among the expectations: what land found, a value that its column in the contract doesn't allow.
        why = f"{rules[rule].reason} ({rules[rule].severity})" if rule in rules else "a term of the contract (critical)"
        lines.append(f"{records:,} records break {rule}: {why}")
    _tell(log.info, lines, "rules", f"opvang status {source}")
    tell_refused(log.warning, source, deliveries(connection, batch_id))


def published(connection: Connection, source: str, batch_id: int) -> None:
    """Tell verdicts and counts, and why records were kept aside, flagged or refused."""
    rows = deliveries(connection, batch_id)
    log.info("%s batch %d: %s", source, batch_id, summary(rows))
    rules = warehouse.run(connection, "account/rules", {"batch_id": batch_id}).fetchall()
    lines = [
        f"{rule['records']:,} records of {rule['deliveries']:,} deliveries {FATE[rule['severity']]}: {rule['rule']}, {rule['reason']}"
        for rule in rules
    ]
    _tell(log.info, lines, "rules", f"opvang quarantine {source}")
    tell_refused(log.warning, source, rows)
    if any(row["records_quarantined"] for row in rows):
        log.info(
            "  next: opvang quarantine %s shows what was kept aside, opvang feedback %s tells the suppliers",
            source,
            source,
        )


def deliveries(connection: Connection, batch_id: int) -> list[Row]:
    """The deliveries of a batch with their counts and what became of them, by reference date and supplier."""
    return warehouse.run(connection, "account/deliveries", {"batch_id": batch_id}).fetchall()


def summary(rows: Sequence[Row]) -> str:
    """Verdicts and counts in one line."""
    verdicts = [row["verdict"] or "under way" for row in rows]
    told = [f"{verdicts.count(verdict):,} {verdict.replace('_', ' ')}" for verdict in sorted(set(verdicts))]
    total = {count: f"{sum(row[count] for row in rows):,}" for count in COUNTS}
    return "{}; {records_read} records read = {records_published} published + {records_quarantined} quarantined + {records_refused} refused, {records_flagged} flagged".format(
        ", ".join(told), **total
    )


def tell_refused(say: Say, source: str, rows: Sequence[Row]) -> list[str]:
    """Tell each refused delivery in one line: who, what, why, and the command that tells its supplier; returns the lines."""
    lines = [
        f"{name(row)} is refused: {row['refused_because']}; next: opvang feedback {source} --supplier {row['supplier']}"
        for row in rows
        if row["refused_because"] is not None
    ]
    _tell(say, lines, "refused deliveries", f"opvang feedback {source}")
    return lines


def name(row: Row) -> str:
    """How a person calls a delivery: supplier, reference date and file, in one line without identifiers."""
    return one_line(f"{row['supplier']} {row['reference_date']} {row['file_name']}")


def _those(what: str, rows: Sequence[Row]) -> str:
    suppliers, days = {row["supplier"] for row in rows}, sorted({str(row["reference_date"]) for row in rows})
    of = f" of {len(suppliers):,} suppliers, {' to '.join(dict.fromkeys((days[0], days[-1])))}" if rows else ""
    return f"{len(rows):,} deliveries {what}{of}"


def _tell(say: Say, lines: Sequence[str], what: str, where: str) -> None:
    for line in lines[:NAMED]:
        say("  %s", line)
    if len(lines) > NAMED:
        say("  and %d more %s: %s", len(lines) - NAMED, what, where)

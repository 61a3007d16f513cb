"""The verbs from a shell: `opvang --help` teaches them."""

import json
import logging
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, cast

import typer
from typer.exceptions import TyperException

from opvang import settings
from opvang.errors import OpvangError, UsageError

REFUSED, WRONG_USE = 3, 2
DSN_ROLES = ("loader", "transformer", "reader")
P = ParamSpec("P")

app = typer.Typer(
    help="The gate of the national reception warehouse. A delivery goes fetch → land → validate → publish; `load` does all four on given files.",
    pretty_exceptions_enable=False,
    add_completion=False,
)

Source = Annotated[
    str, typer.Argument(help="A source: the stem of a file in include/contracts, such as brp or reception.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one machine-readable object on standard output.")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only deliveries of this reference date (peildatum).")
]


def verb(function: Callable[P, int | None]) -> Callable[P, None]:
    """A shell command: errors end in one line on standard error and an exit status, never in a traceback."""

    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            status = function(*args, **kwargs)
        except OpvangError as error:
            typer.echo(f"opvang: {error}", err=True)
            raise typer.Exit(WRONG_USE if isinstance(error, UsageError) else 1) from None
        raise typer.Exit(status or 0)

    return command


def _print(value: Any, as_json: bool, line: str) -> None:
    typer.echo(json.dumps(value, default=_iso, ensure_ascii=False) if as_json else line)


def _iso(value: date) -> str:
    """Days and moments as ISO 8601 writes them."""
    return value.isoformat()


@app.command()
@verb
def up() -> None:
    """Start everything, load what is new, print the national figures: what `make up` runs."""
    from opvang.up import up as start

    start()


@app.command()
@verb
def down() -> None:
    """Stop Airflow and the embedded PostgreSQL; what was loaded stays."""
    from opvang.up import down as stop

    stop()


@app.command()
@verb
def init() -> None:
    """Make databases, roles, schemas and tables. Run twice, it changes nothing."""
    from opvang import schema

    schema.init()
    typer.echo("databases, roles, schemas and tables are there")


@app.command()
@verb
def fetch(source: Source, reference_date: Day = None, as_json: Json = False) -> None:
    """Take new deliveries from the inbox; prints the number of the batch that waits."""
    from opvang.fetch import fetch as take

    batch = take(source, reference_date.date() if reference_date else None)
    _print({"source": source, "batch": batch}, as_json, f"batch {batch}" if batch else "nothing new")


Batch = Annotated[
    int | None,
    typer.Argument(min=1, max=2**63 - 1, help="The number that fetch printed. Default: the batch that waits."),
]


def _waiting(source: str, batch: int | None) -> int:
    from opvang import ledger, warehouse
    from opvang.contract import contract

    with warehouse.connect() as connection:
        found = batch or ledger.last_batch(connection, contract(source).source)
    if found is None:
        raise UsageError(f"no batch of {source} waits; start with: opvang fetch {source}")
    return found


@app.command()
@verb
def land(source: Source, batch: Batch = None, as_json: Json = False) -> None:
    """Read a batch into landing: typed, pseudonymised, misfits noted."""
    from opvang.land import land as read

    batch = _waiting(source, batch)
    records = read(source, batch)
    _print({"source": source, "batch": batch, "records": records}, as_json, f"{records} records landed")


@app.command()
@verb
def validate(source: Source, batch: Batch = None, as_json: Json = False) -> None:
    """Check a landed batch against its expectations."""
    from opvang.validate import validate as check

    batch = _waiting(source, batch)
    broken = check(source, batch)
    lines = [f"{records:>8}  {rule}" for rule, records in broken.items()] or ["no rule broken"]
    _print({"source": source, "batch": batch, "rules": broken}, as_json, "\n".join(lines))


@app.command()
@verb
def publish(source: Source, batch: Batch = None, as_json: Json = False) -> None:
    """Make a validated batch visible, in one transaction."""
    from opvang.publish import publish as show

    batch = _waiting(source, batch)
    verdicts = show(source, batch)
    _print(
        {"source": source, "batch": batch, "verdicts": verdicts},
        as_json,
        ", ".join(f"{n} {verdict}" for verdict, n in verdicts.items()),
    )


@app.command()
@verb
def load(
    source: Source,
    files: Annotated[list[str], typer.Argument(help="Files, or URLs that fsspec speaks.")],
    supplier: Annotated[
        str | None,
        typer.Option(
            help="Who delivers: rvig, GM0363, VR13 … Default: from the folder, …/<source>/<supplier>/<reference date>/."
        ),
    ] = None,
    reference_date: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The day that the files are about (peildatum). Default: from the folder."
        ),
    ] = None,
    received_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"],
            help="When it was received, as 2022-04-25T18:00:00+02:00. Default: the time of the file.",
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Load given files: all four verbs in a row. Exit status 3 when a delivery was refused."""
    from opvang.load import load as load_files

    accounts = load_files(source, files, supplier, reference_date.date() if reference_date else None, received_at)
    _print({"source": source, "deliveries": accounts}, as_json, "\n".join(map(_account, accounts)))
    return (
        REFUSED
        if any(account["verdict"] == "refused" or account.get("verdict_then") == "refused" for account in accounts)
        else 0
    )


def _account(account: dict[str, Any]) -> str:
    counts = "{records_read} read = {records_published} published + {records_quarantined} quarantined + {records_refused} refused, {records_flagged} flagged".format(
        **account
    )
    lines = [f"{account['file']} ({account['supplier']}, {account['reference_date']}): {account['verdict']}. {counts}"]
    if account["message"]:
        lines.append(f"  {account['message']}")
    lines += [
        f"  {rule['records']:>8}  {rule['severity']:<8}  {rule['rule']}: {rule['reason']}" for rule in account["rules"]
    ]
    return "\n".join(lines)


@app.command()
@verb
def status(
    source: Annotated[str | None, typer.Argument(help="One source; default all.")] = None, as_json: Json = False
) -> None:
    """What came in and what became of it: per source and verdict deliveries and records."""
    from opvang import status as ledger_status
    from opvang.contract import contract

    if source is not None:
        contract(source)
    rows = ledger_status.summary(source)
    if as_json:
        typer.echo(json.dumps({"sources": rows}, default=_iso))
    else:
        ledger_status.show(rows)


@app.command()
@verb
def simulate(
    out: Annotated[
        Path | None, typer.Option(help="The inbox to write to. Default: OPVANG_INBOX, or inbox/ in the project.")
    ] = None,
    first_day: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First reference date.")
    ] = datetime(2022, 3, 28),
    last_day: Annotated[
        datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last reference date.")
    ] = datetime(2022, 5, 12),
    persons: Annotated[
        int | None, typer.Option(help="Registered persons on the last day. Default: as published.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 2022,
) -> None:
    """Write deliveries of a spring that never was, calibrated to the published figures of 2022. No real person is in them."""
    from opvang.simulate import simulate as write

    inbox = out or Path(settings.INBOX)
    count = write(inbox, first_day=first_day.date(), last_day=last_day.date(), seed=seed, persons=persons)
    typer.echo(f"{count} deliveries in {inbox}")


@app.command()
@verb
def dsn(role: Annotated[str, typer.Option(help="loader, transformer or reader.")] = "reader") -> None:
    """Print the libpq URL of the warehouse for a role; psql and BI tools take it."""
    if role not in DSN_ROLES:
        raise UsageError(f"there is no role {role}; roles are loader, transformer and reader")
    typer.echo(settings.dsn(cast("settings.Role", role)))


@app.command()
@verb
def env() -> None:
    """Print the environment in which psql, dbt and airflow find this installation: eval "$(opvang env)"."""
    import os
    import shlex

    for name, value in sorted(settings.environment().items()):
        if os.environ.get(name) != value:
            typer.echo(f"export {name}={shlex.quote(value)}")


def main() -> None:
    """The command `opvang`: wrong use, too, ends in one line on standard error."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for quiet in ("great_expectations", "httpx", "alembic"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        typer.echo(f"opvang: {error.format_message()}; opvang --help says how", err=True)
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(130)

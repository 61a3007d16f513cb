"""The four verbs, `load` and `status`."""

from datetime import datetime
from typing import Annotated

import typer

from opvang.cli.shell import Day, Json, Source, app, say, say_accounts, verb
from opvang.errors import UsageError


@app.command()
@verb
def fetch(source: Source, reference_date: Day = None, as_json: Json = False) -> None:
    """Take new deliveries from the inbox, and from endpoints with a connection in the environment; prints the number of the batch that waits."""
    from opvang.contract import contract
    from opvang.endpoints import endpoints, from_environment
    from opvang.fetch import fetch as take

    asked = endpoints(contract(source), from_environment)
    batch = take(source, reference_date.date() if reference_date else None, asked)
    say({"source": source, "batch": batch}, as_json, f"batch {batch}" if batch else "nothing new")


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
    say({"source": source, "batch": batch, "records": records}, as_json, f"{records} records landed")


@app.command()
@verb
def validate(source: Source, batch: Batch = None, as_json: Json = False) -> None:
    """Check a landed batch against its expectations."""
    from opvang.validate import validate as check

    batch = _waiting(source, batch)
    broken = check(source, batch)
    lines = [f"{records:>8}  {rule}" for rule, records in broken.items()] or ["no rule broken"]
    say({"source": source, "batch": batch, "rules": broken}, as_json, "\n".join(lines))


@app.command()
@verb
def publish(source: Source, batch: Batch = None, as_json: Json = False) -> None:
    """Make a validated batch visible, in one transaction."""
    from opvang.publish import publish as show

    batch = _waiting(source, batch)
    verdicts = show(source, batch)
    say(
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
    return say_accounts(source, accounts, as_json)


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
        say({"sources": rows}, as_json)
    else:
        ledger_status.show(rows)

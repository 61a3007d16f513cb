"""The machine around the gate: start, stop, make, simulate, reach."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from opvang import settings
from opvang.cli.shell import Source, app, verb
from opvang.errors import UsageError

DSN_ROLES = ("loader", "transformer", "reader")


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
def rotate(
    end: Annotated[
        bool, typer.Option("--end", help="Forget the former key, once everybody has delivered under the new one.")
    ] = False,
) -> None:
    """Use another key for the pseudonyms from now on; histories stay joined. See docs/runbooks/rotate.md."""
    from opvang import rotate as rotation

    if end:
        typer.echo(f"key {rotation.end()} is forgotten")
        return
    typer.echo(
        f"key {rotation.begin()} is in use; opvang rotate --end forgets the former one when every supplier has delivered"
    )


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
    region_api: Annotated[
        Path | None, typer.Option(help="Where the documents of regions lie that have an API. Default: in the inbox.")
    ] = None,
) -> None:
    """Write deliveries of a spring that never was, calibrated to the published figures of 2022. No real person is in them."""
    from opvang.simulate import simulate as write

    inbox = out or Path(settings.INBOX)
    count = write(
        inbox,
        first_day=first_day.date(),
        last_day=last_day.date(),
        seed=seed,
        persons=persons,
        region_api=region_api,
    )
    places = f"{inbox} and {region_api}" if region_api else f"{inbox}"
    typer.echo(f"{count} deliveries in {places}")


@app.command(name="region-api")
@verb
def region_api() -> None:
    """Serve the simulated regions' reports as a region's API does, on 127.0.0.1, until stopped; `make up` starts it."""
    from opvang.region_api import serve

    serve()


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


@app.command()
@verb
def template(
    source: Source,
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = settings.PROJECT / "docs/templates",
) -> None:
    """Write the template in which a supplier fills in its report, as .csv and for some as .xlsx."""
    from opvang.template import write

    for path in write(source, out):
        typer.echo(f"{path} is written")

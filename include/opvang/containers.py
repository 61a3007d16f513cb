"""What docker compose runs besides Airflow's own services: `python -m opvang.containers secrets|prepare|run`."""

import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from rich.console import Console

from opvang import figures, inbox, pipeline, schema, services, settings
from opvang.airflow_api import Airflow
from opvang.errors import OpvangError, UsageError
from opvang.progress import Progress

# Who may look, who may operate, who may administer; each with a password of its own in HOME/secrets.
USERS = {"viewer": "Viewer", "operator": "Op", services.ADMIN: "Admin"}
# Each with its size in bytes: Airflow signs its tokens with SHA-512, to which a key of 64 belongs.
SECRETS = {"airflow_fernet_key": 32, "airflow_api_secret": 32, "airflow_jwt_secret": 64, "pseudonym_key": 32}


def make_secrets() -> None:
    """Every secret that is missing, as a file; those of PostgreSQL's superuser in the folder of PGPASSFILE, apart from all others."""
    passfile = Path(os.environ["PGPASSFILE"])
    if not passfile.exists():
        password = secrets.token_urlsafe(32)
        # For PostgreSQL's own account, which shares no group with ours; no other service has this folder.
        _write(passfile.with_name("password"), password, 0o444)
        _write(passfile, f"*:*:*:{os.environ['PGUSER']}:{password}\n", 0o600)
    settings.password("airflow")
    for name, size in (SECRETS | dict.fromkeys(map(services.password_file, USERS), 32)).items():
        settings.secret(name, size)


def prepare() -> None:
    """Databases, roles, tables, Airflow's metadata and users, and deliveries in an empty inbox; what is there stays."""
    schema.init()
    simulation = inbox.start_simulation() if inbox.is_ours_to_fill() else None
    services.migrate().finish()
    services.make_users(USERS)
    typer.echo(inbox.fill(simulation) if simulation else f"deliveries are taken from {settings.INBOX}")


def run() -> None:
    """The main job by Airflow's scheduler, its progress, the national figures and where to look further."""
    address = os.environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].removesuffix("/execution/")
    airflow, console = Airflow(address, services.admin_password()), Console()
    with Progress(console) as progress:
        pipeline.wait_for_dags(airflow)
        pipeline.run(airflow, progress)
    figures.show(console)
    for name, place in _places():
        console.print(f"{name:<10}{place}", highlight=False, soft_wrap=True)


def _places() -> Iterator[tuple[str, str]]:
    """Where a person on this host finds things; a log is no place for passwords, so only where those are."""
    reader = settings.connection("reader")
    yield "Airflow", services.address()
    yield "logins", f"{', '.join(USERS)}; passwords in {settings.SECRETS}/airflow_*_password (docs/runbooks/compose.md)"
    yield "warehouse", f"postgresql://{reader['user']}@127.0.0.1:{os.environ['OPVANG_PG_PORT']}/{reader['dbname']}"


def _write(path: Path, text: str, mode: int) -> None:
    """Write a file that has its final mode before its first byte."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)


VERBS = {"secrets": make_secrets, "prepare": prepare, "run": run}


def main(verb: str) -> None:
    """Do what the verb says; an error is one line on standard error and status 1."""
    try:
        if verb not in VERBS:
            raise UsageError(f"there is no {verb}: say one of {', '.join(VERBS)}")
        VERBS[verb]()
    except OpvangError as error:
        sys.exit(f"opvang: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])

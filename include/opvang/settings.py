"""Where things are and how to reach them: read from the environment, with a default that works after a clone."""

import getpass
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from opvang.errors import ServerError

Role = Literal["loader", "transformer", "reader", "airflow", "admin"]

PROJECT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("OPVANG_HOME") or PROJECT / ".opvang").absolute()
SECRETS = HOME / "secrets"
INBOX = os.environ.get("OPVANG_INBOX") or str(PROJECT / "inbox")
DBT_PROJECT = PROJECT / "dbt_project"
READERS_ZONE = ZoneInfo("Europe/Amsterdam")  # in which people are told a moment

USERS: Mapping[Role, str] = {
    "loader": "opvang_loader",
    "transformer": "opvang_transformer",
    "reader": "opvang_reader",
    "airflow": "airflow",
}
EMBEDDED_HOST = "127.0.0.1"
EMBEDDED_ADMIN = "opvang_admin"
TELEMETRY_OFF = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
}


def uses_embedded_server() -> bool:
    """Whether the project's own PostgreSQL is meant: PGHOST, PGHOSTADDR and PGPORT are not set, or name that very one."""
    given = [os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGPORT")]
    return not any(given) or given == [EMBEDDED_HOST, None, str(_embedded_port())]


def host() -> str:
    """Host name or address of PostgreSQL."""
    return os.environ.get("PGHOST") or os.environ.get("PGHOSTADDR") or EMBEDDED_HOST


def port() -> int:
    """TCP port of PostgreSQL."""
    return _embedded_port() if uses_embedded_server() else _port("PGPORT", 5432)


def ui_port() -> int:
    """TCP port of Airflow's user interface on 127.0.0.1."""
    return _port("OPVANG_UI_PORT", 8080)


def region_api_port() -> int:
    """TCP port of the simulated regions' API on 127.0.0.1."""
    return _port("OPVANG_REGION_API_PORT", 8090)


def settle_seconds() -> int:
    """How long a file of the inbox must have been left alone before fetch takes it."""
    given = os.environ.get("OPVANG_SETTLE_SECONDS") or "5"
    if not given.isdecimal():
        raise ServerError(f"OPVANG_SETTLE_SECONDS={given} is no number of seconds: set it to 0 or more")
    return int(given)


def database(role: Role = "admin") -> str:
    """Name of the database in which a role works: Airflow's metadata, or the warehouse."""
    return "airflow" if role == "airflow" else os.environ.get("PGDATABASE") or "opvang"


def connection(role: Role) -> dict[str, Any]:
    """Keyword arguments with which psycopg connects as a role: host, port, dbname, user and, where known, password."""
    parameters = {"host": host(), "port": port(), "dbname": database(role)}
    if role != "admin":
        return {**parameters, "user": USERS[role], "password": password(role)}
    if uses_embedded_server():
        return {**parameters, "user": EMBEDDED_ADMIN, "password": secret("postgres_admin_password")}
    # Left out when not set: libpq then asks the operating system or the person's own passfile.
    given = {"user": os.environ.get("PGUSER"), "password": os.environ.get("PGPASSWORD")}
    return {**parameters, **{name: value for name, value in given.items() if value}}


def password(role: Role) -> str:
    """A role's password: generated for all roles together when first asked for, kept in the passfile."""
    _once("pgpass", _passfile_lines)
    entries = (line.split(":") for line in passfile().read_text().splitlines())
    return next(entry[-1] for entry in entries if entry[3:4] == [USERS[role]])


def passfile() -> Path:
    """The passwords of the roles, in the form that libpq and asyncpg read through PGPASSFILE."""
    return SECRETS / "pgpass"


def secret(name: str, size: int = 32) -> str:
    """A secret of `size` random bytes: generated when first asked for, kept in HOME/secrets for its owner only."""
    return _once(name, lambda: secrets.token_urlsafe(size))


def environment() -> dict[str, str]:
    """The whole environment of a child process: ours over the inherited one, without the administrator's login."""
    administrator = ("PGUSER", "PGPASSWORD")
    inherited = {name: value for name, value in os.environ.items() if name not in administrator}
    return inherited | variables()


def variables() -> dict[str, str]:
    """What we set for a child process: where PostgreSQL is, the passfile of the roles, our own settings; no telemetry."""
    _once("pgpass", _passfile_lines)
    return {
        "PGHOST": host(),
        "PGPORT": str(port()),
        "PGDATABASE": database(),
        "PGPASSFILE": str(passfile()),
        "OPVANG_HOME": str(HOME),
        "OPVANG_INBOX": INBOX,
        "OPVANG_SETTLE_SECONDS": str(settle_seconds()),
        "OPVANG_PG_PORT": str(_embedded_port()),
        "OPVANG_UI_PORT": str(ui_port()),
        "OPVANG_REGION_API_PORT": str(region_api_port()),
        "OPVANG_NOTIFIER": os.environ.get("OPVANG_NOTIFIER", ""),
        "OPVANG_NOTIFIER_KWARGS": os.environ.get("OPVANG_NOTIFIER_KWARGS", ""),
        "DBT_PROJECT_DIR": str(DBT_PROJECT),
        "DBT_PROFILES_DIR": str(DBT_PROJECT),
        **TELEMETRY_OFF,
    }


def person() -> str:
    """Who is at work: OPVANG_USER, or the login name."""
    try:
        return os.environ.get("OPVANG_USER") or getpass.getuser()
    except (KeyError, OSError):
        raise ServerError("nobody knows who you are here: set OPVANG_USER to your name") from None


def make_home() -> Path:
    """HOME, made for its owner only; ServerError if it belongs to somebody else."""
    HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    if HOME.stat().st_uid != os.geteuid():
        raise ServerError(f"{HOME} belongs to {HOME.owner()}: go on as that user, or set OPVANG_HOME to another folder")
    return HOME


def _embedded_port() -> int:
    return _port("OPVANG_PG_PORT", 5439)


def _port(variable: str, default: int) -> int:
    given = os.environ.get(variable) or str(default)
    if not (given.isdecimal() and 0 < int(given) < 65536):
        raise ServerError(f"{variable}={given} is no port: set it to a number from 1 to 65535")
    return int(given)


def _passfile_lines() -> str:
    return "".join(f"*:*:*:{user}:{secrets.token_urlsafe(24)}\n" for user in USERS.values())


def _once(name: str, make: Callable[[], str]) -> str:
    """What a file in HOME/secrets says, written when missing; of two processes that write at once one wins for both."""
    path = SECRETS / name
    if not path.exists():
        make_home()
        SECRETS.mkdir(exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=SECRETS) as draft:
            draft.write(make())
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text()


def dsn(role: Role) -> str:
    """The libpq URL with which a role reaches the warehouse; psql and BI tools take it."""
    login = connection(role)
    user, secret_part = quote(login["user"], safe=""), quote(login["password"], safe="")
    return f"postgresql://{user}:{secret_part}@{login['host']}:{login['port']}/{login['dbname']}"

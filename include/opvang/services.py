"""Airflow's four services and the simulated regions' API, kept running by supervisord: started together, stopped without leaving a process behind."""

import hashlib
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from opvang import jobs, settings, warehouse
from opvang.errors import ServerError
from opvang.jobs import LOGS, Job

# The order in which they start: the API server first, since it takes longest and the others ask it for their work.
SERVICES = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
# What else supervisord keeps running: the simulated regions' API.
REGION_API = ("region-api",)
CONFIGURATION = settings.HOME / "supervisord.conf"
PID = settings.HOME / "supervisord.pid"
# What tasks inherit instead of importing it each: they fork from a server that holds these, and that never runs a thread.
# Never polars: its import starts threads, which a fork doesn't survive.
WARM = (
    "airflow.dag_processing.dagbag",
    "airflow.executors.local_executor",
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "airflow.sdk.definitions.decorators",
    "airflow.providers.common.io.assets.file",
    "airflow.providers.standard.decorators.short_circuit",
    "cosmos.airflow.task_group",
    "cosmos.plugin.airflow3",
    "cosmos.operators.watcher",
    "dbt.cli.main",
    "dbt.adapters.postgres",
    "great_expectations",
)
SECONDS_TO_STOP = 10
SECONDS_FOR_TASKS = 5
ADMIN = "admin"


def airflow_settings() -> dict[str, str]:
    """Airflow's configuration, as the AIRFLOW__ variables that all its processes read."""
    server = f"airflow@{settings.host()}:{settings.port()}/{settings.database('airflow')}"
    home = settings.HOME / "airflow"
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": os.environ.get("AIRFLOW__CORE__DAGS_FOLDER") or str(settings.PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(settings.PROJECT / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "8",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__MP_FORKSERVER_PRELOAD": ",".join(WARM),
        "AIRFLOW__SCHEDULER__MP_START_METHOD": "forkserver",
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "AIRFLOW__CORE__FERNET_KEY": settings.secret("airflow_fernet_key") + "=",
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address()}/execution/",
        "AIRFLOW__CORE__TEST_CONNECTION": "Disabled",
        # Without a password: psycopg 2 and asyncpg find it through PGPASSFILE.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{server}",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": f"postgresql+asyncpg://{server}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(settings.ui_port()),
        "AIRFLOW__API__BASE_URL": address(),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__EXPOSE_CONFIG": "False",
        "AIRFLOW__API__INSTANCE_NAME": "Opvang",
        "AIRFLOW__API__SECRET_KEY": settings.secret("airflow_api_secret"),
        "AIRFLOW__API_AUTH__JWT_SECRET": settings.secret("airflow_jwt_secret", 64),
        # A task whose machine died is missed after a minute and a half, not after five.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "90",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "60",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "15",
        # A file that was changed is read at once; one that was not, each two minutes: a contract may have been.
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(LOGS / "airflow"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(LOGS / "dag_processor"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        # By default all users of a machine would share /tmp/cosmos, and the second could not write there.
        "AIRFLOW__COSMOS__CACHE_DIR": str(home / "cosmos"),
        "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
        # It would write all that is known of every node down again at each of dbt's 1,700 messages, for a retry that the build never gets.
        "AIRFLOW__COSMOS__ENABLE_WATCHER_RELIABLE_RETRY": "False",
        # numpy's library for matrices, which nothing here needs, would start a thread in the server that tasks fork from.
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore::DeprecationWarning,ignore::FutureWarning",
    }


def environment() -> dict[str, str]:
    """The environment of Airflow's processes, and so of every task."""
    return settings.environment() | airflow_settings()


def address() -> str:
    """Where the UI and the REST API are."""
    return f"http://127.0.0.1:{settings.ui_port()}"


def password_file(user: str) -> str:
    """The name of the secret with which a user logs in to the UI."""
    return f"airflow_{user}_password"


def admin_password() -> str:
    """The generated password with which `admin` logs in to the UI."""
    return settings.secret(password_file(ADMIN))


def migrate() -> Job:
    """Make or upgrade Airflow's tables in its metadata database."""
    return _airflow("db", "migrate")


def make_users(users: Mapping[str, str]) -> None:
    """The logins that are missing, by name with their role of Airflow's (Viewer, Op, Admin); one after the other, since the first also makes the roles."""
    with warehouse.connect("airflow") as connection:
        known = {row["username"] for row in warehouse.run(connection, "airflow_users")}
    for name, role in users.items():
        if name not in known:
            _create_user(name, role).finish()


def _create_user(name: str, role: str) -> Job:
    person = ("--username", name, "--firstname", "Opvang", "--lastname", role, "--email", f"{name}@localhost")
    # Said twice, as to a person: on the command line every user of the machine could read it.
    return _airflow("users", "create", "--role", role, *person, said=f"{settings.secret(password_file(name))}\n" * 2)


def start() -> None:
    """Start the services under supervisord; those that run with these very settings are left alone."""
    wanted = _configuration()
    if is_running() and CONFIGURATION.read_text() == wanted:
        return
    stop()
    LOGS.mkdir(parents=True, exist_ok=True)
    _supervisor_log().unlink(missing_ok=True)
    CONFIGURATION.write_text(wanted)
    command = [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(CONFIGURATION)]
    started = subprocess.run(command, env=environment(), cwd=settings.HOME, capture_output=True, text=True, check=False)
    if started.returncode:
        raise ServerError(f"supervisord did not start: {jobs.last_line(started.stderr)}")


def stop() -> None:
    """Stop the services and whatever they started; nothing happens when nothing runs."""
    processes = list(_processes())
    supervisord = [process for process in processes if process.pid == _session()]
    _stop(list(_tasks(processes)), SECONDS_FOR_TASKS)
    # Without a supervisord, which stops them in order, what it left behind is told one by one.
    _stop(supervisord or processes, SECONDS_TO_STOP + 5)
    _signal(processes, signal.SIGKILL)
    psutil.wait_procs(processes, timeout=5)


def _stop(processes: Sequence[psutil.Process], seconds: float) -> None:
    _signal(processes, signal.SIGTERM)
    psutil.wait_procs(processes, timeout=seconds)


def _tasks(processes: Sequence[psutil.Process]) -> Iterator[psutil.Process]:
    """What tasks run: each in a process group of its own, which a signal to the scheduler does not reach.

    Stopped while the services live, a task is noted as failed; later, Airflow would take it for running for minutes.
    """
    ours = {process.pid for process in processes} - {_session()}
    with suppress(ProcessLookupError, psutil.NoSuchProcess):
        services = {process.pid for process in processes if process.ppid() not in ours}
        yield from (process for process in processes if os.getpgid(process.pid) not in services)


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def is_running() -> bool:
    """Whether supervisord runs and looks after the services."""
    return any(process.pid == _session() for process in _processes())


def given_up() -> list[str]:
    """The services that supervisord could not keep running."""
    log = _supervisor_log()
    return re.findall(r"gave up: (\S+) entered FATAL", log.read_text()) if log.exists() else []


def log_of(service: str) -> Path:
    """Where a service writes what it does."""
    return LOGS / f"{service}.log"


def _supervisor_log() -> Path:
    return LOGS / "supervisord.log"


def _configuration() -> str:
    """supervisord.conf; it names the environment by a digest, so that another environment makes another file."""
    digest = hashlib.sha256(repr(settings.variables() | airflow_settings()).encode()).hexdigest()
    log, identifier = _supervisor_log(), f"opvang-{digest}"
    head = _section("supervisord", {"logfile": log, "pidfile": PID, "umask": "077", "identifier": identifier})
    programs = enumerate(_commands().items())
    sections = [_section(f"program:{name}", _program(name, command, at)) for at, (name, command) in programs]
    return "\n".join([head, *sections])


def _commands() -> Mapping[str, Sequence[str]]:
    airflow = {name: (sys.executable, "-m", "airflow", *arguments) for name, arguments in SERVICES.items()}
    return airflow | {"region-api": (str(Path(sys.executable).with_name("opvang")), *REGION_API)}


def _program(name: str, command: Sequence[str], priority: int) -> dict[str, str | Path]:
    return {
        "command": shlex.join(command),
        "directory": settings.HOME,
        "priority": str(priority),
        "autorestart": "true",
        "startsecs": "5",
        "stopwaitsecs": str(SECONDS_TO_STOP),
        "stopasgroup": "true",
        "killasgroup": "true",
        "stdout_logfile": log_of(name),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "2",
        "redirect_stderr": "true",
    }


def _section(name: str, values: Mapping[str, str | Path]) -> str:
    # supervisord takes a percent sign for the start of a variable.
    lines = (f"{key}={str(value).replace('%', '%%')}" for key, value in values.items())
    return "\n".join((f"[{name}]", *lines, ""))


def _processes() -> Iterator[psutil.Process]:
    """supervisord, the services and all they started: supervisord opened a session, in which they stay."""
    session = _session()
    for process in psutil.process_iter() if session else ():
        # After a restart of the machine the number may be another's: ours were started in HOME.
        with suppress(OSError, psutil.Error):
            if os.getsid(process.pid) == session and Path(process.cwd()) == settings.HOME.resolve():
                yield process


def _session() -> int | None:
    return int(PID.read_text()) if PID.exists() else None


def _airflow(*arguments: str, said: str = "") -> Job:
    command = [sys.executable, "-m", "airflow", *arguments]
    return jobs.start(f"airflow {' '.join(arguments[:2])}", command, environment(), said)

"""Where the benchmark runs: a folder and a PostgreSQL of its own, made for it and thrown away after it."""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.results import Taken

PROJECT = Path(__file__).resolve().parents[1]
BENCH = PROJECT / "bench"
STOPWATCH = BENCH / "stopwatch.py"
SHIPPED = PROJECT / "include" / "deliveries"


class BenchError(Exception):
    """What was measured did not work: its last words."""


@dataclass(frozen=True)
class Place:
    """An installation in `folder`: home, inboxes and what processes said."""

    folder: Path
    say: Callable[[str], None]

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a process that is measured: this installation, and the code of this very checkout."""
        from opvang import settings

        python_path = str(PROJECT / "include")
        return settings.environment() | {"PYTHONPATH": python_path, **more}

    def measure(self, name: str, command: Sequence[str | Path], env: Mapping[str, str]) -> Taken:
        """Run a command in a process of its own; BenchError when it fails."""
        words = self.folder / f"{name.replace(' ', '-')}.log"
        watch = [sys.executable, "-I", str(STOPWATCH), str(words), *map(str, command)]
        done = subprocess.run(watch, env=env, cwd=PROJECT, capture_output=True, text=True, check=True)
        taken = json.loads(done.stdout)
        if taken.pop("status"):
            raise BenchError(f"{name} failed: {_last_words(words)}")
        self.say(f"{name}: {taken['seconds']:.1f} s, {taken['peak_mb']:.0f} MB")
        return Taken(**taken)

    def opvang(self, *words: str, **more: str) -> Taken:
        """A verb, as a person or a task starts it."""
        return self.measure(f"opvang {words[0]}", [_program("opvang"), *words], self.environment(**more))

    def make_selection(self, persons: int, changing: int = 0) -> None:
        """Write the selection, or those of two days; in a process of its own, for this one is to stay small."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        command = [sys.executable, "-m", "bench.deliveries", str(self.folder / "data"), str(persons), str(changing)]
        done = subprocess.run(command, env=self.environment(), cwd=PROJECT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchError(f"no selection was made: {done.stderr.strip().splitlines()[-1]}")
        told = self.told()
        self.say(f"a selection of {told['size']:,} person lists, {told['rows']:,} rows, {told['mb']:,} MB")

    def dbt(self, word: str, *options: str) -> Taken:
        """One command of dbt; without options of the whole project."""
        project = str(PROJECT / "dbt_project")
        command: list[str | Path] = [_program("dbt"), word, "--quiet", "--project-dir", project, *options]
        return self.measure(f"dbt {word}", command, self.environment(DBT_TARGET_PATH=str(self.target)))

    def build(self, *options: str) -> Taken:
        """`dbt build` of what transform builds: everything but the unit tests."""
        return self.dbt("build", "--exclude-resource-type", "unit_test", *options)

    def seconds_of_nodes(self) -> Taken:
        """From the start of the first node of the last run of dbt to the end of its last."""
        steps = [step for node in self._nodes() for step in node["timing"] if step["name"] == "execute"]
        began, ended = min(step["started_at"] for step in steps), max(step["completed_at"] for step in steps)
        return Taken((datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds())

    def slowest(self, nodes: int) -> str:
        """The nodes of the last run of dbt that took longest."""
        slow = sorted(self._nodes(), key=lambda node: float(node["execution_time"]), reverse=True)[:nodes]
        return ", ".join(f"{node['unique_id'].split('.', 2)[2]} {node['execution_time']:.1f} s" for node in slow)

    def _nodes(self) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = json.loads((self.target / "run_results.json").read_text())["results"]
        return nodes

    def sql(self, name: str, **variables: str | int) -> str:
        """Run bench/sql/<name>.sql as the administrator; returns what it printed. Not measured."""
        given = [word for key, value in variables.items() for word in ("-v", f"{key}={value}")]
        command = [*psql(), *given, "-qtA", "-f", str(BENCH / "sql" / f"{name}.sql")]
        done = subprocess.run(command, env=self.as_admin(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchError(f"sql/{name}.sql: {done.stderr.strip().splitlines()[0]}")
        return done.stdout.strip()

    def as_admin(self) -> dict[str, str]:
        """The environment in which psql and the peers find the server."""
        from opvang import settings

        login = settings.connection("admin")
        return self.environment(PGUSER=login["user"], PGPASSWORD=login["password"])

    def inbox(self, name: str) -> str:
        """A folder of deliveries: 'one' selection, or the 'many' of the municipalities."""
        return str(self.folder / "data" / name)

    @property
    def target(self) -> Path:
        """Where dbt writes what it did."""
        return self.folder / "target"

    @property
    def shipped(self) -> Path:
        """Deliveries that were really published."""
        return SHIPPED

    def selection(self) -> Path:
        """The file that all contenders load."""
        return next((self.folder / "data" / "one").glob("brp/*/*/*.csv"))

    def told(self) -> dict[str, int]:
        """What is measured: its size and rows, as its maker counted them."""
        told: dict[str, int] = json.loads((self.folder / "data" / "told.json").read_text())
        return told

    def tell(self, **counts: int) -> None:
        """Write down what is measured."""
        (self.folder / "data").mkdir(exist_ok=True)
        (self.folder / "data" / "told.json").write_text(json.dumps(counts))

    def postgresql(self) -> str:
        """The version of the server."""
        return self.sql("version")

    def tenth(self) -> Path:
        """The first tenth of it."""
        return self.folder / "data" / "tenth.csv"

    def scratch(self) -> Path:
        """A new empty folder."""
        return Path(tempfile.mkdtemp(dir=self.folder))


def psql() -> list[str]:
    """The psql of the embedded server's wheel, which reads no file of the person who runs it."""
    from opvang import server

    spec = importlib.util.find_spec(server.WHEEL)
    if spec is None or spec.origin is None:
        raise BenchError(f"package {server.WHEEL} is not installed: run make bench")
    program = Path(spec.origin).parents[1] / server.BINARIES / "psql"
    return [str(program), "-X", "-v", "ON_ERROR_STOP=1"]


@contextmanager
def place(parent: Path | None, say: Callable[[str], None]) -> Iterator[Place]:
    """An installation with a running, empty PostgreSQL in a temporary folder; nothing of it is left behind."""
    if parent and not parent.is_dir():
        raise BenchError(f"there is no folder {parent}; make it, or name another with --folder")
    folder = Path(tempfile.mkdtemp(prefix="opvang-bench-", dir=parent))
    _point_at(folder)
    from opvang import schema, server

    try:
        server.start()
        schema.init()
        yield Place(folder, say)
    finally:
        server.embedded().discard()
        shutil.rmtree(folder, ignore_errors=True)


def _point_at(folder: Path) -> None:
    """Our own settings over whatever the shell has: before opvang is imported, which reads them once."""
    if "opvang.settings" in sys.modules:
        raise BenchError("opvang was imported too early: the warehouse of this folder would be emptied and thrown away")
    for name in [name for name in os.environ if name.startswith(("PG", "OPVANG_", "AIRFLOW"))]:
        del os.environ[name]
    os.environ |= {
        "OPVANG_HOME": str(folder / "home"),
        "OPVANG_INBOX": str(folder / "data" / "one"),
        "OPVANG_PG_PORT": str(_free_port()),
        "OPVANG_UI_PORT": str(_free_port()),
        "OPVANG_REGION_API_PORT": str(_free_port()),
        "OPVANG_SETTLE_SECONDS": "0",
    }
    sys.path.insert(0, str(PROJECT / "include"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str) -> Path:
    return Path(sys.executable).with_name(name)


def _last_words(path: Path) -> str:
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"

"""The embedded PostgreSQL: started twice, killed, crowded out, and without room."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import psycopg
import pytest

from opvang import server
from opvang.errors import ServerError
from opvang.server import Server
from tests.conftest import free_port


@pytest.fixture
def own(tmp_path) -> Iterator[Server]:
    """A server that has never run, gone again with all its data when the test ends."""
    one = Server(tmp_path / "a folder with spaces" / "postgres", free_port(), "only-for-this-test")
    one.folder.parent.mkdir()
    yield one
    one.discard()


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Server]:
    """A running server for tests that only look."""
    one = Server(tmp_path_factory.mktemp("running") / "postgres", free_port(), "only-for-these-tests")
    one.start()
    yield one
    one.discard()


def ask(own: Server, *statements: str, password: str | None = None):
    """The first value that the last statement gives."""
    login = {"host": "127.0.0.1", "port": own.port, "dbname": "postgres", "user": "opvang_admin"}
    with psycopg.connect(**login, password=password or own.password) as connection:
        return [connection.execute(statement) for statement in statements][-1].fetchone()[0]


def postmaster(own: Server) -> int:
    return int((own.folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_it_starts_once_and_keeps_its_data(own):
    assert not own.is_running()
    own.start()
    first = postmaster(own)
    own.start()
    assert postmaster(own) == first
    ask(own, "create table kept as select 1", "select 1")
    own.stop()
    own.stop()
    assert not own.is_running()
    own.start()
    assert ask(own, "select count(*) from kept") == 1


def test_only_this_machine_reaches_it_and_only_with_the_password(running):
    assert ask(running, "show listen_addresses") == "127.0.0.1"
    assert ask(running, "show unix_socket_directories") == ""
    assert ask(running, "select rolpassword from pg_authid where rolname = 'opvang_admin'").startswith("SCRAM-SHA-256")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(running, "select 1", password="guessed")


def test_text_is_utf8_and_sorts_the_same_everywhere(running):
    assert ask(running, "show server_encoding") == "UTF8"
    assert ask(running, "select datlocale from pg_database where datname = 'postgres'") == "C.UTF-8"


def test_its_log_holds_no_values(running):
    insert = "insert into person values ('1234567890') returning 1"
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask(running, "create table person (a_number text primary key)", insert, insert)
    log = (running.folder / "postgresql.log").read_text()
    assert "duplicate key" in log
    assert "1234567890" not in log


def test_killed_hard_it_starts_again(own):
    own.start()
    os.kill(postmaster(own), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while server.answers(own.port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not own.is_running()
    own.start()
    assert ask(own, "select 1") == 1


def test_another_port_moves_it(own):
    own.start()
    moved = Server(own.folder, free_port(), own.password)
    assert not moved.is_running()
    moved.start()
    assert ask(moved, "select 1") == 1
    assert not server.answers(own.port)


def test_a_taken_port_says_which_variable_to_set(own):
    with socket.create_server(("127.0.0.1", own.port)), pytest.raises(ServerError, match="OPVANG_PG_PORT") as refused:
        own.start()
    assert str(own.port) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_full_disk_is_said_before_anything_is_made(own, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**8))
    with pytest.raises(ServerError, match="100 MB free") as refused:
        own.start()
    assert "OPVANG_HOME" in str(refused.value)
    assert not (own.folder / "data").exists()


def test_a_server_that_does_not_start_says_why(own):
    own.start()
    own.stop()
    (own.folder / "data" / "global" / "pg_control").unlink()
    with pytest.raises(ServerError, match="pg_control"):
        own.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_root_may_use_a_folder_that_only_root_can_enter(tmp_path):
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    own = Server(hidden / "postgres", free_port(), "only-for-this-test")
    try:
        own.start()
        assert own.folder.resolve().stat().st_uid != 0
        assert (own.folder / "belongs_to").read_text().strip() == str(own.folder)
        assert ask(own, "select 1") == 1
    finally:
        own.discard()
    assert not own.folder.is_symlink()

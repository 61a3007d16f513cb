"""Where PostgreSQL is, who logs in, and what a child process is told."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from opvang import settings
from opvang.errors import ServerError


@pytest.fixture
def nothing_set(monkeypatch, tmp_path):
    """An environment without a word about PostgreSQL, and a home of its own."""
    for name in [name for name in os.environ if name.startswith(("PG", "OPVANG_PG", "OPVANG_UI"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "HOME", tmp_path / "home")
    monkeypatch.setattr(settings, "SECRETS", tmp_path / "home" / "secrets")


@pytest.mark.usefixtures("nothing_set")
def test_without_a_word_the_embedded_server_is_meant():
    assert settings.uses_embedded_server()
    login = settings.connection("admin")
    assert (login["host"], login["port"], login["user"]) == ("127.0.0.1", 5439, settings.EMBEDDED_ADMIN)


@pytest.mark.usefixtures("nothing_set")
@pytest.mark.parametrize(
    ("name", "value"), [("PGHOST", "db.example.org"), ("PGHOSTADDR", "192.0.2.1"), ("PGPORT", "6000")]
)
def test_a_variable_of_postgresql_points_at_an_existing_server(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("PGUSER", "boss")
    assert not settings.uses_embedded_server()
    assert settings.connection("admin")["user"] == "boss"
    assert "password" not in settings.connection("admin"), "libpq finds it elsewhere"


@pytest.mark.usefixtures("nothing_set")
def test_a_shell_with_our_own_variables_still_means_the_embedded_server(monkeypatch):
    monkeypatch.setenv("OPVANG_PG_PORT", "5999")
    for name, value in settings.variables().items():
        monkeypatch.setenv(name, value)
    assert settings.uses_embedded_server()
    assert settings.port() == 5999


@pytest.mark.usefixtures("nothing_set")
def test_a_secret_is_made_once_and_only_its_owner_may_read_it():
    assert settings.secret("one") == settings.secret("one") != settings.secret("another")
    assert stat.S_IMODE((settings.SECRETS / "one").stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.HOME.stat().st_mode) == 0o700


@pytest.mark.usefixtures("nothing_set")
def test_the_passfile_holds_every_role_but_the_administrator():
    roles = [role for role in settings.USERS if settings.password(role)]
    assert [line.split(":")[3] for line in settings.passfile().read_text().splitlines()] == [
        settings.USERS[role] for role in roles
    ]
    assert len({settings.password(role) for role in roles}) == len(roles)


@pytest.mark.usefixtures("nothing_set")
def test_a_child_process_never_sees_the_administrators_login(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example.org")
    monkeypatch.setenv("PGUSER", "boss")
    monkeypatch.setenv("PGPASSWORD", "very secret")
    told = settings.environment()
    assert told["PGHOST"] == "db.example.org"
    assert "very secret" not in told.values()
    assert not {"PGUSER", "PGPASSWORD"} & told.keys()
    assert settings.TELEMETRY_OFF.items() <= told.items()


@pytest.mark.usefixtures("nothing_set")
@pytest.mark.parametrize("port", ["0", "http", "70000", "-1"])
def test_a_port_that_is_none_is_named(monkeypatch, port):
    monkeypatch.setenv("OPVANG_UI_PORT", port)
    with pytest.raises(ServerError, match=f"OPVANG_UI_PORT={port}"):
        settings.ui_port()


@pytest.mark.usefixtures("nothing_set")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_home_of_somebody_else_is_refused():
    settings.make_home()
    os.chown(settings.HOME, 65534, 65534)
    with pytest.raises(ServerError, match="belongs to"):
        settings.make_home()


def test_the_settings_need_no_other_module_of_ours_but_the_errors():
    code = "import sys, opvang.settings; print(sorted(name for name in sys.modules if name.startswith('opvang.')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['opvang.errors', 'opvang.settings']"
    assert Path(settings.PROJECT, "pyproject.toml").exists()

"""docker-compose.yml and Dockerfile, as far as they can be checked without an engine."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from opvang import containers, server, services, settings

PROJECT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
AIRFLOW = ("airflow-apiserver", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer")
RUNNING = ("postgres", *AIRFLOW, "region-api")
ONCE = ("secrets-init", "init", "main-job")
# What lies elsewhere in a container than on a desk: places, addresses, and secrets that are read from their files.
ELSEWHERE = {
    "AIRFLOW_HOME",
    "AIRFLOW__API__BASE_URL",
    "AIRFLOW__API__HOST",
    "AIRFLOW__API__PORT",
    "AIRFLOW__CORE__DAGS_FOLDER",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",
    "AIRFLOW__CORE__PLUGINS_FOLDER",
    "AIRFLOW__COSMOS__CACHE_DIR",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC",
    "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
    "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY",
}


def test_every_service_is_there() -> None:
    assert set(SERVICES) == {*RUNNING, *ONCE}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_can_become_it(name: str) -> None:
    service = SERVICES[name]
    account, _, _ = service["user"].partition(":")
    assert account.isdecimal()
    assert int(account) > 0
    assert service["init"] is True
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "pid", "ipc"} & set(service)


def test_the_image_runs_as_an_ordinary_account() -> None:
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1] == "airflow"


@pytest.mark.parametrize("name", RUNNING)
def test_what_runs_is_watched_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ONCE)
def test_what_ends_is_not_started_again(name: str) -> None:
    assert SERVICES[name]["restart"] == "no"


def test_each_waits_for_what_it_needs() -> None:
    done, healthy = {"condition": "service_completed_successfully"}, {"condition": "service_healthy"}
    expected = {
        "secrets-init": {},
        "postgres": {"secrets-init": done},
        "init": {"postgres": healthy},
        **{name: {"init": done} for name in AIRFLOW},
        "region-api": {"airflow-scheduler": healthy | {"restart": True}},
        "main-job": dict.fromkeys((*AIRFLOW, "region-api"), healthy),
    }
    assert {name: service.get("depends_on", {}) for name, service in SERVICES.items()} == expected


def test_images_have_versions_and_no_registry() -> None:
    images = [service["image"] for service in SERVICES.values()] + re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    for image in images:
        name, _, tag = image.partition(":")
        assert tag
        assert "latest" not in tag
        assert "." not in name.split("/")[0], f"{image} names a registry"


def test_one_service_builds_the_image_of_all_others() -> None:
    ours = [name for name, service in SERVICES.items() if service["image"].startswith("opvang:")]
    assert [name for name in ours if "build" in SERVICES[name]] == ["secrets-init"]
    assert {SERVICES[name]["pull_policy"] for name in ours if name != "secrets-init"} == {"never"}
    project = re.search(r'^version = "(.+)"', (PROJECT / "pyproject.toml").read_text(), re.MULTILINE)
    assert project
    assert {SERVICES[name]["image"] for name in ours} == {f"opvang:{project[1]}"}


def test_airflow_in_the_image_is_the_one_of_the_lock() -> None:
    (version,) = re.findall(r"^apache-airflow==(\S+)", (PROJECT / "requirements.lock").read_text(), re.MULTILINE)
    assert f"FROM apache/airflow:{version}-python3.12\n" in DOCKERFILE
    assert "--require-hashes --no-deps --requirement requirements.lock" in DOCKERFILE


def test_ports_are_open_to_this_host_only() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "postgres": ["127.0.0.1:${OPVANG_PG_PORT:-5439}:5432"],
        "airflow-apiserver": ["127.0.0.1:${OPVANG_UI_PORT:-8080}:8080"],
    }


def test_no_environment_holds_a_secret() -> None:
    named = {
        key for service in SERVICES.values() for key in service["environment"] if re.search("PASSWORD|SECRET|KEY", key)
    }
    assert {key for key in named if not key.endswith(("_FILE", "_CMD"))} == set()
    assert len(named) == 4
    values = {value for service in SERVICES.values() for value in service["environment"].values()}
    assert not [value for value in values if re.search(r"://[^/@]*:[^/@]*@", value)], "a password in an address"


def test_secrets_of_airflow_are_read_from_the_files_that_the_first_start_makes() -> None:
    environment = SERVICES["airflow-scheduler"]["environment"]
    read = {command.rsplit("/", 1)[1] for key, command in environment.items() if key.endswith("_CMD")}
    assert read < set(containers.SECRETS)
    assert environment["PGPASSFILE"] == f"{environment['OPVANG_HOME']}/secrets/{settings.passfile().name}"


def test_the_superuser_is_for_init_alone() -> None:
    with_volume = {
        name for name, service in SERVICES.items() if any(volume.startswith("admin:") for volume in service["volumes"])
    }
    assert with_volume == {"secrets-init", "postgres", "init"}
    assert {name for name, service in SERVICES.items() if "PGUSER" in service["environment"]} == {
        "secrets-init",
        "init",
    }


def test_what_only_reads_cannot_write() -> None:
    assert set(SERVICES["airflow-apiserver"]["volumes"]) == {"home:/var/lib/opvang:ro", "logs:/var/lib/opvang/logs:ro"}
    writing = {name for name, service in SERVICES.items() if "home:/var/lib/opvang" in service["volumes"]}
    assert writing == {"secrets-init", "init", "airflow-scheduler"}


def test_every_volume_exists_and_is_used() -> None:
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"])


def test_every_folder_that_we_mount_is_made_for_the_account() -> None:
    ours = (service for service in SERVICES.values() if service["image"].startswith("opvang:"))
    places = {volume.split(":")[1] for service in ours for volume in service["volumes"]}
    made = re.findall(r"install -d -o airflow -g root -m \d+ (.+)", DOCKERFILE)
    assert places <= set(" ".join(made).split())


def test_airflow_is_set_as_by_make_up() -> None:
    environment = SERVICES["airflow-scheduler"]["environment"]
    expected = services.airflow_settings()
    secret = {key for key in expected if f"{key}_CMD" in environment}
    assert set(expected) - secret <= set(environment)
    same = set(expected) - secret - ELSEWHERE
    assert {key: environment[key] for key in same} == {key: expected[key] for key in same}
    assert set(settings.variables()) - set(settings.TELEMETRY_OFF) <= set(environment)


def test_airflow_runs_what_make_up_runs() -> None:
    commands = {tuple(SERVICES[name]["command"]) for name in AIRFLOW}
    assert commands == {("airflow", *arguments) for arguments in services.SERVICES.values()}


def test_only_the_tasks_reach_the_simulated_regions() -> None:
    service = SERVICES["region-api"]
    assert tuple(service["command"]) == ("opvang", *services.REGION_API)
    assert service["network_mode"] == "service:airflow-scheduler"
    assert f":{service['environment']['OPVANG_REGION_API_PORT']}/" in service["healthcheck"]["test"][1]
    assert not {"ports", "networks"} & set(service)


def test_what_answers_the_outside_world_has_no_dags() -> None:
    assert SERVICES["airflow-apiserver"]["environment"]["AIRFLOW__CORE__DAGS_FOLDER"] == "/opt/airflow/dags"
    assert "/opt/airflow/dags" not in DOCKERFILE


def test_postgresql_is_set_as_the_embedded_one() -> None:
    of_its_own = {"listen_addresses", "unix_socket_directories"}
    parameters = {f"-c{name}={value}" for name, value in server.PARAMETERS.items() if name not in of_its_own}
    assert set(SERVICES["postgres"]["command"]) == {"postgres", *parameters}
    initdb = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert set(pairwise(initdb)) <= set(pairwise(server.INITDB))
    assert f"pginstall{SERVICES['postgres']['image'].partition(':')[2]}" in server.BINARIES.parts


def test_telemetry_is_off_in_the_image() -> None:
    for name, value in settings.TELEMETRY_OFF.items():
        assert f"{name}={value}" in DOCKERFILE


def test_commands_of_ours_exist() -> None:
    ours = [SERVICES[name]["command"] for name in ONCE]
    assert [command[:3] for command in ours] == [["python", "-m", "opvang.containers"]] * 3
    assert {command[3] for command in ours} == set(containers.VERBS)


def test_three_roles_log_in() -> None:
    assert containers.USERS == {"viewer": "Viewer", "operator": "Op", "admin": "Admin"}


def test_secrets_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGUSER", "postgres")
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    containers.make_secrets()
    first = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert first["pgpass"] == f"*:*:*:postgres:{first['password']}\n"
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "pgpass": 0o600,
        "password": 0o444,
    }
    containers.make_secrets()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == first


def test_nothing_private_enters_the_image() -> None:
    lines = (PROJECT / ".dockerignore").read_text().split("\n")
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    taken = {pattern.removeprefix("!") for pattern in patterns if pattern.startswith("!")}
    assert not taken & {".env", ".opvang", "inbox", "tests", ".git"}
    assert {"**/__pycache__", "dbt_project/target"} <= set(patterns)

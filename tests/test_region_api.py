"""The simulated regions' API answers as the OpenAPI document says, and fetch reads all of it."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml
from fastapi.openapi.models import OpenAPI

from opvang import region_api, template
from opvang.contract import contract
from opvang.endpoints import Endpoint, endpoints, from_environment
from opvang.endpoints.read import BOUNDS, Reading, Report
from opvang.errors import UsageError
from opvang.settings import PROJECT
from opvang.simulate import simulate
from tests.region_server import endpoints_at, running

TERMS = contract("reception")
DOCUMENT = yaml.safe_load((PROJECT / "docs/templates/reception.openapi.yaml").read_text())
FIRST, LAST = date(2022, 4, 24), date(2022, 4, 26)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("regions")
    simulate(made / "inbox", first_day=FIRST, last_day=LAST, persons=50, region_api=made / "served")
    return made / "served"


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with running(folder, page=5) as one:
        yield one


def ask(address: str, path: str, region: str = "VR13", **headers: str) -> httpx.Response:
    token = {"Authorization": f"Bearer {region_api.token(region)}"}
    return httpx.get(f"{address}/{region}{path}", headers=token | headers)


def check_described(path: str, answer: httpx.Response) -> None:
    """The status is one that the document names; a body is of its schema, and required headers are there."""
    described = DOCUMENT["paths"][path]["get"]["responses"][str(answer.status_code)]
    if "$ref" in described:
        described = DOCUMENT["components"]["responses"][described["$ref"].rpartition("/")[2]]
    assert "ETag" in answer.headers or "ETag" not in described.get("headers", {})
    for kind, content in described.get("content", {}).items():
        assert answer.headers["Content-Type"] == kind
        schema = content["schema"] | {"components": DOCUMENT["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.json())


def test_the_document_is_openapi() -> None:
    OpenAPI.model_validate(DOCUMENT)
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_the_document_says_how_long_we_wait() -> None:
    text = DOCUMENT["info"]["description"]
    assert f"up to {BOUNDS.longest_wait_seconds} seconds" in " ".join(text.split())
    assert f"within {BOUNDS.answer_seconds} seconds and never pause for {BOUNDS.silence_seconds};" in text


def test_the_document_names_each_field_of_the_contract_and_no_other() -> None:
    schemas = yaml.safe_load(template.openapi(TERMS))["components"]["schemas"]
    assert set(schemas["Record"]["properties"]) == TERMS.tables[0].fields == set(schemas["Record"]["required"])
    assert schemas["Record"]["properties"]["form"]["enum"] == [
        "crisis_emergency",
        "temporary_emergency",
        "long_stay",
        "private_hosting",
    ]


def test_what_is_served_is_what_the_document_describes(address: str) -> None:
    listed = ask(address, "/reports")
    check_described("/reports", listed)
    assert [row["reference_date"] for row in listed.json()["reports"]] == ["2022-04-24", "2022-04-25", "2022-04-26"]
    check_described("/reports", ask(address, "/reports", **{"If-None-Match": '"another"'}))
    unchanged = ask(address, "/reports", **{"If-None-Match": listed.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    check_described("/reports", unchanged)
    pages = [ask(address, "/reports/2022-04-25")]
    while following := pages[-1].links.get("next"):
        pages.append(ask(address, following["url"].removeprefix("/VR13")))
    assert len(pages) > 1
    for page in pages:
        check_described("/reports/{reference_date}", page)
    assert len({page.headers["ETag"] for page in pages}) == 1
    check_described("/reports/{reference_date}", ask(address, "/reports/2021-01-01"))


@pytest.mark.parametrize("path", ["/reports", "/reports/2022-04-25"])
@pytest.mark.parametrize("token", [None, "guessed", "VR14"])
def test_a_token_opens_the_reports_of_its_own_region_only(address: str, path: str, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if token == "VR14":
        headers = {"Authorization": f"Bearer {region_api.token('VR14')}"}
    answer = httpx.get(f"{address}/VR13{path}", headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    check_described(path.replace("2022-04-25", "{reference_date}"), answer)


@pytest.mark.parametrize("path", ["/..%2f..%2fsecrets/reports", "/VR99/reports", "/VR13/reports/..%2f..", "/"])
def test_nothing_but_reports_is_served(address: str, path: str) -> None:
    token = {"Authorization": f"Bearer {region_api.token('VR13')}"}
    assert httpx.get(f"{address}{path}", headers=token).status_code in (401, 404)


def test_fetch_reads_each_report_as_the_region_wrote_it(address: str, folder: Path) -> None:
    """Every region side by side, in pages of five locations; and nothing of it again."""
    read: dict[tuple[str, date], Any] = {}
    versions: dict[str, str] = {}

    def take(report: Report) -> None:
        read[report.supplier, report.reference_date] = json.load(report.content)
        versions[report.uri] = report.version

    def to_the_end(_: str, uri: str, version: str) -> None:
        versions[uri] = version

    reading = Reading(TERMS, versions, None, take, to_the_end)
    assert reading.of(endpoints_at(address, folder)) == {}
    written = {
        (path.parts[-3], date.fromisoformat(path.parts[-2])): json.loads(path.read_text())
        for path in folder.glob("*/*/*/*.json")
    }
    assert read == written
    assert len(written) == 13 * 3
    read.clear()
    assert reading.of(endpoints_at(address, folder)) == {}
    assert read == {}


def test_a_connection_of_the_environment_names_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_RECEPTION_VR13", '{"host": "https://vr13.example/api/", "password": "t"}')
    monkeypatch.setenv("AIRFLOW_CONN_RECEPTION_VR14", '{"host": "vr14.example", "port": 8443, "password": "u"}')
    monkeypatch.setenv("AIRFLOW_CONN_RECEPTION_VR26", '{"host": "vr26.example"}')
    assert endpoints(TERMS, from_environment) == [
        Endpoint("VR13", "reception_vr13", "https://vr13.example/api", "t"),
        Endpoint("VR14", "reception_vr14", "https://vr14.example:8443", "u"),
    ]
    assert endpoints(contract("brp"), from_environment) == []
    monkeypatch.setenv("AIRFLOW_CONN_RECEPTION_VR13", "https://:secret@vr13.example")
    with pytest.raises(UsageError, match="AIRFLOW_CONN_RECEPTION_VR13 is no JSON object") as told:
        endpoints(TERMS, from_environment)
    assert "secret" not in str(told.value)


def test_the_connections_of_simulated_regions_are_those_that_fetch_looks_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(region_api, "FOLDER", folder)
    by_name = {one["connection_id"]: one for one in region_api.connections()}
    found = endpoints(TERMS, by_name.get)
    assert [one.supplier for one in found] == [f"VR{number:02}" for number in range(1, 26, 2)]
    for one in found:
        one.check()

"""The API of the simulated regions, as docs/templates/reception.openapi.yaml describes it; for `make up`, the tests, and to build against.

It serves a folder in the order of an inbox, `reception/<VR..>/<YYYY-MM-DD>/<report>.json`; of several reports of a day the one that
was laid there last. Each region has a token of its own: a secret of this installation.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from opvang import settings

SOURCE, RECORDS = "reception", "locations"
FOLDER = settings.HOME / "region-api"
HOST = "127.0.0.1"
PAGE = 40  # locations


def serve() -> None:
    """Answer on 127.0.0.1 until stopped."""
    import uvicorn  # noqa: PLC0415  # only the server needs it

    uvicorn.run(app(FOLDER), host=HOST, port=settings.region_api_port(), log_level="warning", access_log=False)


def token(region: str) -> str:
    """The secret with which one region's reports are read."""
    return settings.secret(f"region_api_{region}_token")


def regions(folder: Path | None = None) -> list[str]:
    """The regions that have an API here."""
    return sorted(path.name for path in ((folder or FOLDER) / SOURCE).glob("VR*"))


def connections() -> list[dict[str, Any]]:
    """The Airflow connections under which fetch finds them."""
    port = settings.region_api_port()
    return [
        {
            "connection_id": f"{SOURCE}_{region.lower()}",
            "conn_type": "http",
            "host": f"http://{HOST}:{port}/{region}",
            "password": token(region),
            "description": "A simulated safety region's own API",
        }
        for region in regions()
    ]


def app(folder: Path, page: int = PAGE) -> Starlette:
    """The API over a folder, so many locations a page."""

    def _list(request: Request) -> Response:
        region = _region(request, folder)
        told = {"supplier": region, "reports": list(_entries(folder / SOURCE / region))}
        content = json.dumps(told).encode()
        return _answer(request, content, _version(content), {})

    def _report(request: Request) -> Response:
        region, day = _region(request, folder), request.path_params["day"]
        path = _latest(folder / SOURCE / region / day)
        if path is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"{region} has no report of {day}")
        version, document = _read(path, path.stat().st_mtime_ns)
        number = _number(request)
        rows = document[RECORDS][(number - 1) * page : number * page]
        content = json.dumps(document | {RECORDS: rows}, ensure_ascii=False).encode()
        headers = {"Last-Modified": format_datetime(datetime.fromtimestamp(path.stat().st_mtime, UTC), usegmt=True)}
        if number * page < len(document[RECORDS]):
            headers["Link"] = f'<{request.url.path}?page={number + 1}>; rel="next"'
        return _answer(request, content, version, headers)

    routes = [Route("/{region}/reports", _list), Route("/{region}/reports/{day:str}", _report)]
    return Starlette(routes=routes, exception_handlers={HTTPException: _problem})


def _region(request: Request, folder: Path) -> str:
    """Whose API is asked; 401 without the token of that very region."""
    region = str(request.path_params["region"])
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if region not in regions(folder) or not hmac.compare_digest(given.encode(), token(region).encode()):
        raise HTTPException(
            HTTPStatus.UNAUTHORIZED, "the region's own token, as a bearer token", {"WWW-Authenticate": "Bearer"}
        )
    return region


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    for day in sorted(folder.iterdir()):
        if path := _latest(day):
            version, document = _read(path, path.stat().st_mtime_ns)
            yield {"reference_date": day.name, "version": version, "records": len(document[RECORDS])}


def _latest(day: Path) -> Path | None:
    return max(day.glob("[!.]*.json"), key=lambda path: path.stat().st_mtime_ns, default=None)


@lru_cache(maxsize=4096)
def _read(path: Path, _modified: int) -> tuple[str, Any]:
    """The version of a report and the report, read again when its file has changed."""
    content = path.read_bytes()
    return _version(content), json.loads(content)


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _number(request: Request) -> int:
    number = request.query_params.get("page", "1")
    if not (number.isascii() and number.isdecimal() and int(number[:9]) > 0):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "page is a number from 1")
    return int(number[:9])


def _answer(request: Request, content: bytes, version: str, headers: dict[str, str]) -> Response:
    """The content with its version, or 304 where the asker has that version."""
    etag = f'"{version}"'
    if request.headers.get("If-None-Match") == etag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    return Response(content, media_type="application/json", headers={"ETag": etag} | headers)


async def _problem(_: Request, error: Exception) -> Response:
    """RFC 9457: what is wrong, as JSON."""
    assert isinstance(error, HTTPException)  # noqa: S101  # for no other is it called
    told = {"status": error.status_code, "title": error.detail}
    return JSONResponse(told, error.status_code, error.headers, media_type="application/problem+json")

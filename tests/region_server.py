"""Regions' APIs on real sockets, in a thread: the project's own server, and one that may be given a trouble, which sends any bytes."""

import json
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import uvicorn

from opvang import region_api
from opvang.endpoints import Endpoint

TOKEN = "the-token-of-this-region"
PAGE = 2


@dataclass(frozen=True)
class Answer:
    """What would honestly be answered to a request for a path, with what the asker said."""

    path: str
    asked: dict[str, str]
    status: str
    headers: dict[str, str]
    body: bytes

    def raw(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self.headers.items()), "", ""]
        return "\r\n".join(lines).encode() + self.body

    def saying(self, **headers: str | None) -> "Answer":
        """The same with other headers; None leaves one out."""
        told = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={name: value for name, value in told.items() if value is not None})

    def holding(self, body: bytes) -> "Answer":
        return replace(self, body=body).saying(Content_Length=str(len(body)))


Trouble = Callable[[Answer], Iterator[bytes]]


@dataclass
class Region:
    """What one region serves: its reports by day, and the trouble that it has with some of its answers."""

    code: str
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    trouble: Trouble | None = None
    where: Callable[[str], bool] = lambda _: True
    asked: list[Answer] = field(default_factory=list)
    port: int = 0
    stop: Callable[[], None] = lambda: None

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.code, f"reception_{self.code.lower()}", f"http://127.0.0.1:{self.port}/api", TOKEN)

    def answer(self, path: str, asked: dict[str, str]) -> Answer:
        status, headers, told = self._told(path, asked)
        body = b"" if told is None else json.dumps(told).encode()
        always = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
        return Answer(path, asked, status, always | headers, body)

    def _told(self, path: str, asked: dict[str, str]) -> tuple[str, dict[str, str], Any]:
        if asked.get("authorization") != f"Bearer {TOKEN}":
            return "401 Unauthorized", {}, {"title": "no token"}
        name, _, query = path.removeprefix("/api/reports").lstrip("/").partition("?")
        if not name:
            entries = [
                {"reference_date": day, "version": _version(report), "records": len(report["locations"])}
                for day, report in self.reports.items()
            ]
            told = {"supplier": self.code, "reports": entries}
            is_known = asked.get("if-none-match") == f'"{_version(told)}"'
            etag = {"ETag": f'"{_version(told)}"'}
            return ("304 Not Modified", etag, None) if is_known else ("200 OK", etag, told)
        report, number = self.reports[name], int(query.rpartition("page=")[2] or 1)
        rows = report["locations"][(number - 1) * PAGE : number * PAGE]
        headers = {"ETag": f'"{_version(report)}"', "Last-Modified": "Mon, 25 Apr 2022 07:00:00 GMT"}
        if number * PAGE < len(report["locations"]):
            headers["Link"] = f'</api/reports/{name}?page={number + 1}>; rel="next"'
        return "200 OK", headers, report | {"locations": rows}

    def send(self, answer: Answer) -> Iterator[bytes]:
        self.asked.append(answer)
        return self.trouble(answer) if self.trouble and self.where(answer.path) else iter([answer.raw()])


def _version(told: dict[str, Any]) -> str:
    return sha256(json.dumps(told).encode()).hexdigest()[:12]


@contextmanager
def serving(code: str) -> Iterator[Region]:
    """A region that answers on a port of its own."""
    region = Region(code)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            path = self.rfile.readline().decode().split()[1]
            asked: dict[str, str] = {}
            while line := self.rfile.readline().strip():
                name, _, value = line.decode().partition(":")
                asked[name.lower()] = value.strip()
            try:
                for block in region.send(region.answer(path, asked)):
                    self.wfile.write(block)
                    self.wfile.flush()
            except OSError:
                pass  # the asker has gone away

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads, allow_reuse_address, block_on_close = True, True, False

    with Server(("127.0.0.1", 0), Handler) as server:
        region.port = server.server_address[1]

        def stop() -> None:
            server.shutdown()
            server.server_close()

        region.stop = stop
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield region
        finally:
            server.shutdown()


@contextmanager
def running(folder: Path, page: int = region_api.PAGE) -> Iterator[str]:
    """The API over a folder, on a port of its own; its address."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(region_api.app(folder, page), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{place.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def endpoints_at(address: str, folder: Path) -> list[Endpoint]:
    """The endpoints of the regions that a folder serves."""
    return [
        Endpoint(code, f"reception_{code.lower()}", f"{address}/{code}", region_api.token(code))
        for code in region_api.regions(folder)
    ]

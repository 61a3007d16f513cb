"""Where suppliers answer themselves: an address and a token per supplier, from connections by the name <source>_<supplier>.

What an endpoint answers, docs/templates/<source>.openapi.yaml describes. Nothing about a supplier stands in the code: the contract
says that its suppliers may be asked (`servers`, type `api`), a connection says where and with which token.
"""

import ipaddress
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from opvang.contract import Contract
from opvang.errors import SourceUnavailable, UsageError

# RFC 6750, section 2.1: what a bearer token may look like; anything else could break a header in two.
BEARER = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
Connection = Mapping[str, Any]
Find = Callable[[str], Connection | None]


@dataclass(frozen=True)
class Endpoint:
    """Where one supplier answers, and the token that it gave us."""

    supplier: str
    connection: str
    address: str
    token: str = field(repr=False)

    def check(self) -> None:
        """SourceUnavailable for an endpoint that would send the token in the clear, or that has no token."""
        try:
            place = urlsplit(self.address)
            _ = place.port  # which is looked at only when it is asked for
        except ValueError:
            raise SourceUnavailable(f"its address is none; mend connection {self.connection}") from None
        if place.scheme != "https" and not (place.scheme == "http" and _is_this_machine(place.hostname)):
            raise SourceUnavailable(f"its address isn't https; give connection {self.connection} one that is")
        if not place.hostname:
            raise SourceUnavailable(f"its address names no host; mend connection {self.connection}")
        if not BEARER.fullmatch(self.token):
            raise SourceUnavailable(
                f"its token is missing or no bearer token; put it into the password of connection {self.connection}"
            )


def endpoints(terms: Contract, find: Find) -> list[Endpoint]:
    """The endpoints of those suppliers that a contract awaits for whom `find` knows a connection."""
    return list(_found(terms, find)) if terms.may_be_asked else []


def _found(terms: Contract, find: Find) -> Iterator[Endpoint]:
    for supplier in terms.awaited:
        name = f"{terms.source}_{supplier.lower()}"
        if connection := find(name):
            yield Endpoint(supplier, name, _address(connection), str(connection.get("password") or ""))


def from_environment(name: str) -> Connection | None:
    """A connection as Airflow reads it from AIRFLOW_CONN_<NAME>, in JSON; UsageError for another form."""
    variable = f"AIRFLOW_CONN_{name.upper()}"
    if not (given := os.environ.get(variable)):
        return None
    try:
        connection: Connection = dict(json.loads(given))
    except (ValueError, TypeError):
        raise UsageError(
            f'{variable} is no JSON object; a shell reads {{"host": "https://…", "password": "…"}}'
        ) from None
    return connection


def _address(connection: Connection) -> str:
    """The base address: the host as it stands where it is an address, else put together as Airflow's HTTP connection is."""
    host = str(connection.get("host") or "").rstrip("/")
    if "://" in host:
        return host
    port = f":{connection['port']}" if connection.get("port") else ""
    return f"{connection.get('schema') or 'https'}://{host}{port}"


def _is_this_machine(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False

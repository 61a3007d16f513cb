"""One answer over HTTP, within bounds of time, size and patience; what it says is judged elsewhere."""

import asyncio
import email.utils
import logging
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Self

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from opvang.endpoints import Endpoint
from opvang.errors import LoadRefused, SourceChanged, SourceUnavailable

REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
JSON = "application/json"
THIS_CENTURY = 2000
HEADERS = {"Accept": JSON, "Accept-Encoding": "identity", "User-Agent": "opvang"}
# It would tell every address that is asked, hundreds a run.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Bounds:
    """How long and how often is asked, in seconds, times and bytes."""

    connect_seconds: float = 5
    silence_seconds: float = 15
    answer_seconds: float = 60
    endpoint_seconds: float = 600
    attempts: int = 5
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 60
    most_pages: int = 200
    largest_list_bytes: int = 1_000_000


@dataclass(frozen=True)
class Answer:
    """A good answer: its bytes, their version (ETag), when they were laid there, and the address of the next page."""

    content: bytes
    version: str
    modified_at: datetime | None
    next_page: str | None


class Again(SourceUnavailable):
    """What may go well in a moment; `seconds` is how long the endpoint asks to wait, where it does."""

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class Asker:
    """Asks one endpoint, with its token, for as long as the `async with` lasts."""

    def __init__(self, endpoint: Endpoint, bounds: Bounds) -> None:
        endpoint.check()
        self._endpoint, self._bounds = endpoint, bounds
        self._growing = wait_random_exponential(bounds.first_wait_seconds, bounds.longest_wait_seconds)
        self._http = httpx.AsyncClient(
            headers=HEADERS | {"Authorization": f"Bearer {endpoint.token}"},
            timeout=httpx.Timeout(bounds.silence_seconds, connect=bounds.connect_seconds),
            follow_redirects=False,
            verify=_authorities(),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def ask(self, address: str, largest: int, known: str | None = None) -> Answer | None:
        """The answer at an address of at most so many bytes; None when it still is the version that is known.

        SourceUnavailable when the endpoint doesn't answer or lets us not in; LoadRefused for an answer that is too large, SourceChanged
        for one that isn't as the OpenAPI document says.
        """
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Again),
            stop=stop_after_attempt(self._bounds.attempts),
            wait=self._pause,
            reraise=True,
        )
        return await retrying(self._once, address, largest, known)

    def _pause(self, state: RetryCallState) -> float:
        """How long to wait: as we were told, else longer each time and never the same, so that not all ask again at once."""
        error = state.outcome.exception() if state.outcome else None
        told = error.seconds if isinstance(error, Again) else None
        return self._growing(state) if told is None else told

    async def _once(self, address: str, largest: int, known: str | None) -> Answer | None:
        headers = {"If-None-Match": f'"{known}"'} if known else {}
        try:
            async with (
                asyncio.timeout(self._bounds.answer_seconds),
                self._http.stream("GET", address, headers=headers) as response,
            ):
                if response.status_code == HTTPStatus.NOT_MODIFIED and known:
                    return None
                self._check(response)
                return _answer(response, await _content(response, largest))
        except TimeoutError:
            raise Again(f"doesn't end its answer within {self._bounds.answer_seconds:g} seconds; {LATER}") from None
        except httpx.TimeoutException:
            raise Again(f"doesn't answer within {self._bounds.silence_seconds:g} seconds; {LATER}") from None
        except (httpx.TransportError, httpx.InvalidURL) as error:
            # The words of a broken answer are the other side's; of a failed connection they are the system's.
            why = error if isinstance(error, httpx.ConnectError) else type(error).__name__
            raise Again(f"breaks off or can't be reached ({why}); {LATER}") from None

    def _check(self, response: httpx.Response) -> None:
        """An error for anything but JSON with a version, as it is and not compressed."""
        status, connection = response.status_code, self._endpoint.connection
        if status == HTTPStatus.TOO_MANY_REQUESTS or response.is_server_error:
            raise self._told_to_wait(response)
        if status in REFUSED:
            raise SourceUnavailable(
                f"refuses our token ({status}); ask for a new one and put it into connection {connection}"
            )
        if response.has_redirect_location:
            raise SourceUnavailable(
                f"sends us elsewhere ({status}), where its token isn't taken; if that is right, change connection {connection}"
            )
        if status != HTTPStatus.OK:
            raise SourceChanged(f"answers {status} at {response.url.path}; compare connection {connection}, or {ASK}")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise SourceChanged(f"compresses its answers, which nobody asked for; {ASK}")
        if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != JSON:
            raise SourceChanged(f"answers with something else than {JSON} at {response.url.path}; {ASK}")
        if not _opaque(response.headers.get("ETag", "")):
            raise SourceChanged(f"gives no ETag at {response.url.path}, or none in ASCII; {ASK}")

    def _told_to_wait(self, response: httpx.Response) -> SourceUnavailable:
        seconds = _seconds_to_wait(response.headers.get("Retry-After", ""))
        if seconds is not None and seconds > self._bounds.longest_wait_seconds:
            return SourceUnavailable(f"answers {response.status_code} and asks to wait {seconds:.0f} seconds; {LATER}")
        return Again(f"answers {response.status_code}; {LATER}", seconds)


@cache
def _authorities() -> ssl.SSLContext:
    """Who vouches for certificates: read once, and not for each endpoint."""
    return httpx.create_ssl_context()


LATER = "the next run asks again; if it stays so, ask its supplier"
ASK = "ask its supplier to follow the OpenAPI document"


async def _content(response: httpx.Response, largest: int) -> bytes:
    """The bytes as they are sent: of one that announces or sends too many, no more than that are read."""
    if int(_digits(response.headers.get("Content-Length", ""))) > largest:
        raise _too_large(largest)
    content = bytearray()
    async for block in response.aiter_raw():
        content += block
        if len(content) > largest:
            raise _too_large(largest)
    return bytes(content)


def _too_large(largest: int) -> LoadRefused:
    return LoadRefused(
        f"an answer of more than {largest / 1e6:g} MB is announced or sent; deliver what the contract describes"
    )


def _answer(response: httpx.Response, content: bytes) -> Answer:
    following = response.links.get("next", {}).get("url")
    return Answer(
        content,
        _opaque(response.headers["ETag"]),
        _moment(response.headers.get("Last-Modified", "")),
        str(response.url.join(following)) if following else None,
    )


def _opaque(etag: str) -> str:
    """What stands between the quotes of an ETag, which a proxy may have made a weak one; nothing of one that can't be sent back."""
    return etag.removeprefix("W/").strip('"') if etag.isascii() else ""


def _seconds_to_wait(told: str) -> float | None:
    """Retry-After: a number of seconds, or a moment; None for neither."""
    if told.strip().isdecimal():
        return float(_digits(told))
    moment = _moment(told)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment else None


def _digits(told: str) -> str:
    """A number of a header, long ones cut: that many is too many in any case."""
    return told.strip()[:18] if told.strip().isascii() and told.strip().isdecimal() else "0"


def _moment(told: str) -> datetime | None:
    """A moment of this century as HTTP writes it; None for anything else."""
    try:
        moment = email.utils.parsedate_to_datetime(told)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo and moment.year >= THIS_CENTURY else None

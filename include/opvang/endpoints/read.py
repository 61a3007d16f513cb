"""What endpoints have that is new: all are asked side by side, and each report is handed over as soon as it is whole."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from opvang.contract import Contract
from opvang.endpoints import Endpoint
from opvang.endpoints.http import Answer, Asker, Bounds
from opvang.endpoints.pages import Document, Listed, listed
from opvang.errors import LoadRefused, SourceChanged, SourceUnavailable
from opvang.scan import day_of, wrong_day

BOUNDS = Bounds()
SIDE_BY_SIDE = 8
READ_AGAIN = 3
IN_MEMORY = 1 << 20


@dataclass(frozen=True)
class Report:
    """A whole report: whose, of which day, where it is served and as which version, when it was laid there, its bytes."""

    supplier: str
    reference_date: date
    uri: str
    version: str
    modified_at: datetime | None
    content: BinaryIO


@dataclass(frozen=True)
class Reading:
    """What is wanted of a source's endpoints: reports of versions that aren't known, of one day or of all.

    `take` is given each whole report, `read_to_the_end` the address and version of a list of which all was taken.
    """

    terms: Contract
    versions: Mapping[str, str]
    reference_date: date | None
    take: Callable[[Report], None]
    read_to_the_end: Callable[[str, str, str], None]
    bounds: Bounds = field(default_factory=lambda: BOUNDS)

    def of(self, endpoints: Sequence[Endpoint]) -> dict[str, list[str]]:
        """Ask all of them; returns by supplier what went wrong and what to do, of those where anything did."""
        return asyncio.run(self._all(endpoints))

    async def _all(self, endpoints: Sequence[Endpoint]) -> dict[str, list[str]]:
        places = asyncio.Semaphore(SIDE_BY_SIDE)

        async def _in_turn(endpoint: Endpoint) -> list[str]:
            async with places:
                return await _Visit(self, endpoint).read()

        faults = await asyncio.gather(*map(_in_turn, endpoints))
        return {endpoint.supplier: found for endpoint, found in zip(endpoints, faults, strict=True) if found}


class Replaced(SourceChanged):
    """Another version is served than the one that was being read."""


class _Visit:
    """One endpoint, while it is read."""

    def __init__(self, reading: Reading, endpoint: Endpoint) -> None:
        self._reading, self._endpoint = reading, endpoint
        self._list = f"{endpoint.address}/reports"
        self._faults: list[str] = []

    async def read(self) -> list[str]:
        """Hand over all that is new; returns what went wrong. One bad report keeps no other out."""
        bounds = self._reading.bounds
        try:
            async with asyncio.timeout(bounds.endpoint_seconds), Asker(self._endpoint, bounds) as asker:
                await self._new(asker)
        except TimeoutError:
            self._faults.append(
                f"isn't read within {bounds.endpoint_seconds:g} seconds; what is whole is taken, the next run goes on"
            )
        except (SourceUnavailable, LoadRefused) as error:
            self._faults.append(str(error))
        return self._faults

    async def _new(self, asker: Asker) -> None:
        answer = await self._list_now(asker, self._reading.versions.get(self._list))
        if answer is None:
            return
        for entry in listed(answer.content, self._endpoint.supplier):
            try:
                await self._new_report(asker, entry)
            except LoadRefused as error:
                self._faults.append(f"its report of {entry.reference_date[:10]}: {error}")
        if not self._faults and self._reading.reference_date is None:
            self._reading.read_to_the_end(self._endpoint.supplier, self._list, answer.version)

    async def _list_now(self, asker: Asker, known: str | None = None) -> Answer | None:
        return await asker.ask(self._list, self._reading.bounds.largest_list_bytes, known)

    async def _new_report(self, asker: Asker, entry: Listed) -> None:
        """Take a report of the list unless its version is known; one that is replaced meanwhile is read again from its list on."""
        day = _day(entry.reference_date)
        if self._reading.reference_date not in (None, day):
            return
        uri = f"{self._list}/{day}"
        now: Listed | None = entry
        for _ in range(READ_AGAIN):
            if now is None or self._reading.versions.get(uri) == now.version:
                return
            try:
                with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
                    self._reading.take(await self._whole(asker, day, now, cast("BinaryIO", file)))
            except Replaced:
                now = await self._entry_now(asker, entry.reference_date)
            else:
                return
        raise SourceChanged("another version each time that it is read; serve one version until the next is whole")

    async def _entry_now(self, asker: Asker, day: str) -> Listed | None:
        answer = await self._list_now(asker)
        entries = listed(answer.content, self._endpoint.supplier) if answer else []
        return next((entry for entry in entries if entry.reference_date == day), None)

    async def _whole(self, asker: Asker, day: date, entry: Listed, file: BinaryIO) -> Report:
        """All pages of one version, joined in a file; Replaced when another turns up among them."""
        uri, largest = f"{self._list}/{day}", int(self._reading.terms.form["largest_mb"] * 1e6)
        document = Document(file, self._reading.terms.tables[0].name, largest)
        pages: list[str] = []
        following: str | None = uri
        modified_at = None
        while following:
            self._check_page(following, pages)
            pages.append(following)
            answer = await asker.ask(following, largest)
            if answer is None or answer.version != entry.version:
                raise Replaced(f"served as another version than {self._list} names")
            document.add(answer.content)
            following, modified_at = answer.next_page, answer.modified_at
        if document.count != entry.records:
            raise SourceChanged(f"{document.count} records where its list names {entry.records}; serve every page")
        document.close()
        return Report(self._endpoint.supplier, day, uri, entry.version, modified_at, file)

    def _check_page(self, page: str, seen: Sequence[str]) -> None:
        try:
            is_elsewhere = _origin(page) != _origin(self._list)
        except ValueError:  # such as a port beyond 65535
            raise SourceChanged("its next page has no address that can be asked; link to your own") from None
        if is_elsewhere:
            raise SourceChanged("its next page lies at another host, where its token isn't taken; link to your own")
        if page in seen:
            raise SourceChanged("its pages lead back to an earlier one; leave the link out of the last page")
        if len(seen) == self._reading.bounds.most_pages:
            raise LoadRefused(f"more than {self._reading.bounds.most_pages} pages; put more into each")


def _day(text: str) -> date:
    """A reference date of the list; LoadRefused for what is none."""
    if (day := day_of(text)) is None:
        raise LoadRefused("no day; name it as 2022-04-25")
    if reason := wrong_day(day):
        raise LoadRefused(f"{reason}; name the day that the report is about")
    return day


def _origin(address: str) -> tuple[str, str | None, int | None]:
    place = urlsplit(address)
    return place.scheme, place.hostname, place.port

"""Regions that answer themselves: what is whole and new is taken, and whatever else they send changes no figure and is told."""

import gzip
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from opvang import load, report, settings, store, warehouse
from opvang.endpoints import Endpoint, read
from opvang.endpoints.http import Bounds
from opvang.errors import LoadRefused, OpvangError, SourceUnavailable
from opvang.fetch import fetch
from tests.deliveries import document, location
from tests.region_server import TOKEN, Answer, Region, Trouble, serving

pytestmark = pytest.mark.usefixtures("fresh")
DAY, DAY_AFTER = "2022-04-25", date(2022, 4, 26)
BOMB = gzip.compress(b" " * 50_000_000)
BOUNDS = Bounds(
    connect_seconds=1,
    silence_seconds=0.8,
    answer_seconds=1.5,
    endpoint_seconds=20,
    attempts=3,
    first_wait_seconds=0.01,
    longest_wait_seconds=0.1,
    most_pages=20,
    largest_list_bytes=10_000,
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Waits of hundredths of a second, and an inbox without files."""
    monkeypatch.setattr(read, "BOUNDS", BOUNDS)
    monkeypatch.setattr(settings, "INBOX", str(tmp_path / "inbox"))


@pytest.fixture
def region() -> Iterator[Region]:
    with serving("VR13") as one:
        one.reports[DAY] = told(places=100)
        yield one


@pytest.fixture
def other() -> Iterator[Region]:
    with serving("VR14") as one:
        one.reports[DAY] = document([location(1)], region="VR14")
        yield one


def told(places: int, **other: Any) -> dict[str, Any]:
    """A report of five locations, on three pages."""
    return document([location(number, places) for number in range(5)], report_id=f"VR13-{places}", **other)


def kept() -> list[dict[str, Any]]:
    """The reports of VR13 that became deliveries, as they are kept, in order of receipt."""
    with warehouse.connect() as connection:
        query = (
            b"select sha256 from ops.deliveries where source = 'reception' and supplier = 'VR13' order by delivery_id"
        )
        rows = connection.execute(query).fetchall()
    return [json.loads(store.kept("reception", row["sha256"]).read_text()) for row in rows]


def take(*endpoints: Endpoint) -> int | None:
    return fetch("reception", endpoints=endpoints)


def publish(*endpoints: Endpoint) -> None:
    batch = take(*endpoints)
    assert batch is not None
    load.run("reception", batch)


def places(supplier: str = "VR13") -> int | None:
    """The places that count."""
    with warehouse.connect() as connection:
        query = b"select sum(places_operational)::integer as places from raw.reception_locations where supplier = %s and known_to = 'infinity' and reference_to = 'infinity'"
        return connection.execute(query, [supplier]).fetchall()[0]["places"]


# What a region may send instead of an honest answer. Some make sense only for the list, or only for a page.


def is_list(path: str) -> bool:
    return path.endswith("/reports")


def is_first_page(path: str) -> bool:
    return path.endswith(DAY)


def is_second_page(path: str) -> bool:
    return path.endswith("page=2")


def silence(_: Answer) -> Iterator[bytes]:
    time.sleep(2)
    yield b""


def hung_up(_: Answer) -> Iterator[bytes]:
    yield b""


def no_http(_: Answer) -> Iterator[bytes]:
    yield b"SSH-2.0-OpenSSH_9.2\r\n"


def drip(answer: Answer) -> Iterator[bytes]:
    for byte in answer.raw():
        yield bytes([byte])
        time.sleep(0.1)


def longer_than_it_says(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Content_Length=str(len(answer.body) - 10)).raw()


def shorter_than_it_says(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Content_Length=str(len(answer.body) + 10)).raw()


def cut_off(answer: Answer) -> Iterator[bytes]:
    yield answer.holding(answer.body[:-30]).raw()


def cut_off_without_a_length(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Content_Length=None).raw()[:-30]


def gzip_bomb(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Content_Encoding="gzip").holding(BOMB).raw()


def endless(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Content_Length=None).raw()
    while True:
        yield b" " * 1_000_000


def huge(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Content_Length=str(10**19)).raw()


def web_page(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Content_Type="text/html").holding(b"<html>Wij zijn zo terug</html>").raw()


def web_page_that_says_json(answer: Answer) -> Iterator[bytes]:
    yield answer.holding(b"<html>Wij zijn zo terug</html>").raw()


def no_object(answer: Answer) -> Iterator[bytes]:
    yield answer.holding(b"[1, 2]").raw()


def deep(answer: Answer) -> Iterator[bytes]:
    yield answer.holding(b'{"locations": ' + b"[" * 4000 + b"]" * 4000 + b"}").raw()


def too_many_requests(answer: Answer) -> Iterator[bytes]:
    yield Answer(answer.path, {}, "429 Too Many Requests", {"Retry-After": "0", "Connection": "close"}, b"").raw()


def come_back_tomorrow(answer: Answer) -> Iterator[bytes]:
    yield Answer(answer.path, {}, "503 Unavailable", {"Retry-After": "86400", "Connection": "close"}, b"").raw()


def broken(answer: Answer) -> Iterator[bytes]:
    yield Answer(answer.path, {}, "500 Oops", {"Connection": "close"}, b"Traceback").raw()


def not_found(answer: Answer) -> Iterator[bytes]:
    yield Answer(answer.path, {}, "404 Not Found", {"Connection": "close"}, b"").raw()


def unauthorised(answer: Answer) -> Iterator[bytes]:
    yield Answer(answer.path, {}, "401 Unauthorized", {"Connection": "close"}, TOKEN.encode()).raw()


def elsewhere(answer: Answer) -> Iterator[bytes]:
    headers = {"Location": f"http://127.0.0.1:1/?{TOKEN}", "Connection": "close"}
    yield Answer(answer.path, {}, "302 Found", headers, b"").raw()


def unchanged_though_nobody_asked(answer: Answer) -> Iterator[bytes]:
    yield Answer(answer.path, {}, "304 Not Modified", {"ETag": '"x"', "Connection": "close"}, b"").raw()


def no_etag(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(ETag=None).raw()


def etag_that_no_header_holds(answer: Answer) -> Iterator[bytes]:
    yield answer.raw().replace(b'ETag: "', 'ETag: "é'.encode("latin-1"))


def part(answer: Answer) -> Iterator[bytes]:
    yield Answer(answer.path, {}, "206 Partial Content", answer.headers, answer.body).raw()


SERIAL = count()


def another_version_each_time(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(ETag=f'"{next(SERIAL)}"').raw()


def another_report_under_one_etag(answer: Answer) -> Iterator[bytes]:
    yield answer.holding(json.dumps(json.loads(answer.body) | {"report_id": "another"}).encode()).raw()


def pages_without_end(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Link=f'<{answer.path.partition("?")[0]}?n={next(SERIAL)}&page=2>; rel="next"').raw()


def pages_in_a_circle(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Link=f'<{answer.path.partition("?")[0]}>; rel="next"').raw()


def a_page_at_another_host(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Link='<http://127.0.0.2:1/api/reports>; rel="next"').raw()


def a_page_at_no_port(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Link='<http://127.0.0.1:99999/VR13/reports>; rel="next"').raw()


def a_page_is_forgotten(answer: Answer) -> Iterator[bytes]:
    yield answer.saying(Link=None).raw()


def list_of_another(answer: Answer) -> Iterator[bytes]:
    yield answer.holding(answer.body.replace(b"VR13", b"VR20")).raw()


def list_of_a_day_to_come(answer: Answer) -> Iterator[bytes]:
    yield answer.holding(answer.body.replace(DAY.encode(), b"2999-01-01")).raw()


def list_of_no_day(answer: Answer) -> Iterator[bytes]:
    yield answer.holding(answer.body.replace(DAY.encode(), b"../../VR14/reports/2022-04-25")).raw()


def list_of_a_day_twice(answer: Answer) -> Iterator[bytes]:
    listed = json.loads(answer.body)
    yield answer.holding(json.dumps(listed | {"reports": listed["reports"] * 2}).encode()).raw()


def list_without_numbers(answer: Answer) -> Iterator[bytes]:
    yield answer.holding(answer.body.replace(b'"records": 5', b'"records": "5"')).raw()


@dataclass(frozen=True)
class Case:
    trouble: Trouble
    message: str
    where: Any


ANYWHERE = (is_list, is_first_page, is_second_page)
EVERYWHERE = {
    silence: "doesn't answer within",
    hung_up: "breaks off or can't be reached",
    no_http: "breaks off or can't be reached",
    drip: "doesn't end its answer within",
    longer_than_it_says: "not JSON",
    shorter_than_it_says: "breaks off or can't be reached",
    cut_off: "not JSON",
    cut_off_without_a_length: "not JSON",
    gzip_bomb: "compresses its answers",
    endless: "MB is announced or sent",
    huge: "MB is announced or sent",
    web_page: "something else than application/json",
    web_page_that_says_json: "no JSON but a web page",
    no_object: "deliver what the OpenAPI document describes",
    too_many_requests: "answers 429",
    come_back_tomorrow: "answers 503 and asks to wait 86400 seconds",
    broken: "answers 500",
    not_found: "answers 404",
    unauthorised: "refuses our token (401); ask for a new one and put it into connection reception_vr13",
    elsewhere: "sends us elsewhere (302)",
    unchanged_though_nobody_asked: "answers 304",
    no_etag: "gives no ETag",
    etag_that_no_header_holds: "gives no ETag",
    part: "answers 206",
}
SOMEWHERE = [
    Case(deep, "nested too deeply", is_first_page),
    Case(another_version_each_time, "another version each time that it is read", is_first_page),
    Case(another_version_each_time, "another version each time that it is read", is_second_page),
    Case(another_report_under_one_etag, "pages are of different reports", is_second_page),
    Case(pages_without_end, "more than 20 pages", is_second_page),
    Case(pages_in_a_circle, "lead back to an earlier one", is_second_page),
    Case(a_page_at_another_host, "another host", is_first_page),
    Case(a_page_at_no_port, "no address that can be asked", is_first_page),
    Case(a_page_is_forgotten, "2 records where its list names 5", is_first_page),
    Case(a_page_is_forgotten, "4 records where its list names 5", is_second_page),
    Case(list_of_another, "answers for another supplier", is_list),
    Case(list_of_a_day_to_come, "lies in the future", is_list),
    Case(list_of_no_day, "no day", is_list),
    Case(list_of_a_day_twice, "needs reference_date (a day, once)", is_list),
    Case(list_without_numbers, "records (a number)", is_list),
]
CASES = [
    pytest.param(Case(trouble, message, where), marks=[pytest.mark.thorough] if (at + number) % len(ANYWHERE) else [])
    for number, (trouble, message) in enumerate(EVERYWHERE.items())
    for at, where in enumerate(ANYWHERE)
] + SOMEWHERE


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.trouble.__name__}-{case.where.__name__}")
def test_whatever_a_region_sends_is_taken_whole_or_not_at_all_and_told(
    region: Region, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    region.trouble, region.where = case.trouble, case.where
    with pytest.raises(SourceUnavailable) as told_:
        take(region.endpoint)
    assert kept() == []
    line = str(told_.value)
    assert line.startswith("reception: 1 of its endpoints can't be read, nothing new came; VR13 can't be read since ")
    assert case.message in line
    assert "\n" not in line
    assert TOKEN not in line + caplog.text
    region.trouble = None
    take(region.endpoint)
    assert kept() == [region.reports[DAY]]


def test_a_region_in_trouble_keeps_its_last_figure_and_no_other_out_and_the_run_says_so(
    region: Region, other: Region
) -> None:
    publish(region.endpoint)
    assert places() == 500
    region.reports[DAY] = told(places=120)
    region.trouble, region.where = broken, is_second_page
    batch = take(region.endpoint, other.endpoint)
    assert batch is not None
    load.run("reception", batch)
    assert (places(), places("VR14")) == (500, 100)
    with pytest.raises(
        SourceUnavailable, match="reception: 1 of its endpoints can't be read, what came is published; VR13"
    ):
        report.report("reception", batch)
    region.trouble = None
    publish(region.endpoint, other.endpoint)
    assert (places(), places("VR14")) == (600, 100)


def test_only_the_run_in_which_a_region_goes_down_is_red_and_the_others_warn(
    region: Region, other: Region, caplog: pytest.LogCaptureFixture
) -> None:
    region.trouble = broken
    first_run = datetime.now(UTC)
    for _ in range(2):  # the task and its retry
        with pytest.raises(
            SourceUnavailable, match="reception: 1 of its endpoints can't be read, nothing new came; VR13"
        ):
            fetch("reception", endpoints=[region.endpoint], since=first_run)
    second_run = datetime.now(UTC)
    caplog.clear()
    assert fetch("reception", endpoints=[region.endpoint], since=second_run) is None
    assert "VR13 can't be read since" in caplog.text
    batch = fetch("reception", endpoints=[region.endpoint, other.endpoint], since=second_run)
    assert batch is not None
    load.run("reception", batch)
    report.report("reception", batch, since=second_run)
    with pytest.raises(SourceUnavailable, match="what came is published; VR13"):
        report.report("reception", batch, since=first_run)


def test_nothing_new_is_asked_in_one_request_and_is_no_delivery(region: Region) -> None:
    publish(region.endpoint)
    region.asked.clear()
    assert take(region.endpoint) is None
    [once] = region.asked
    assert (once.status, once.path) == ("304 Not Modified", "/api/reports")


def test_only_the_reports_that_changed_are_read_again(region: Region) -> None:
    region.reports["2022-04-26"] = document([location(1)], day=DAY_AFTER)
    publish(region.endpoint)
    region.asked.clear()
    region.reports["2022-04-26"] = document([location(1), location(2)], day=DAY_AFTER, report_id="again")
    publish(region.endpoint)
    assert [answer.path for answer in region.asked] == ["/api/reports", "/api/reports/2022-04-26"]
    assert places() == 200


def test_a_region_that_recovers_within_the_run_is_read(region: Region) -> None:
    attempts = count(1)

    def twice(answer: Answer) -> Iterator[bytes]:
        attempt = next(attempts)
        yield from too_many_requests(answer) if attempt == 1 else broken(answer) if attempt == 2 else [answer.raw()]

    region.trouble = twice
    publish(region.endpoint)
    assert kept() == [region.reports[DAY]]


def test_a_report_that_is_replaced_between_its_pages_is_read_again_from_the_start(region: Region) -> None:
    first, second = region.reports[DAY], told(places=120)

    def replaced(answer: Answer) -> Iterator[bytes]:
        region.reports[DAY], region.trouble = second, None
        yield region.answer(answer.path, answer.asked).raw()

    region.trouble, region.where = replaced, is_second_page
    publish(region.endpoint)
    assert kept() == [second] != [first]
    assert places() == 600


def test_a_region_that_dies_between_two_pages_is_read_when_it_is_back(region: Region) -> None:
    publish(region.endpoint)
    region.reports[DAY] = told(places=120)

    def killed(_: Answer) -> Iterator[bytes]:
        region.stop()
        yield b""

    region.trouble, region.where = killed, is_second_page
    with pytest.raises(SourceUnavailable, match="VR13 can't be read"):
        take(region.endpoint)
    assert places() == 500
    with serving("VR13") as back:
        back.reports = region.reports
        publish(back.endpoint)
    assert places() == 600


def test_a_report_of_another_region_is_a_delivery_that_is_refused(region: Region) -> None:
    publish(region.endpoint)
    region.reports[DAY] = told(places=120) | {"vr_code": "VR14"}
    batch = take(region.endpoint)
    assert batch is not None
    load.run("reception", batch)
    assert (places(), places("VR14")) == (500, None)
    with pytest.raises(LoadRefused, match="a report of VR14 delivered by VR13"):
        report.report("reception", batch)


def test_a_version_that_comes_back_is_told_and_not_passed_over(region: Region) -> None:
    first = region.reports[DAY]
    publish(region.endpoint)
    region.reports[DAY] = told(places=120)
    publish(region.endpoint)
    region.reports[DAY] = first
    with pytest.raises(SourceUnavailable, match="give each version its own submitted_at"):
        take(region.endpoint)
    region.reports[DAY] = first | {"submitted_at": "2022-04-25T12:00:00+02:00"}
    publish(region.endpoint)
    assert places() == 500


@pytest.mark.parametrize(
    "moment",
    ["Sun, 25 Apr 2021 07:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 +1400", "Fri, 31 Dec 9999 23:59:59 GMT", "x", None],
)
def test_a_correction_counts_whatever_it_says_of_its_time(region: Region, moment: str | None) -> None:
    def says(answer: Answer) -> Iterator[bytes]:
        yield answer.saying(Last_Modified=moment).raw()

    region.trouble = says
    publish(region.endpoint)
    region.reports[DAY] = told(places=120)
    publish(region.endpoint)
    assert places() == 600


@pytest.mark.parametrize("trouble", [cut_off, web_page, not_found, huge, pages_in_a_circle])
def test_one_bad_report_keeps_no_other_day_out(region: Region, trouble: Trouble) -> None:
    region.reports["2022-04-26"] = document([location(1)], day=DAY_AFTER)
    region.trouble, region.where = trouble, is_first_page
    assert take(region.endpoint) is not None
    assert [one["as_of"][:10] for one in kept()] == ["2022-04-26"]


@pytest.mark.parametrize(
    ("address", "token", "message"),
    [
        ("http://opvang.vr13.example/api", TOKEN, "its address isn't https; give connection reception_vr13"),
        ("ftp://127.0.0.1", TOKEN, "its address isn't https"),
        ("https://", TOKEN, "names no host"),
        ("https://[", TOKEN, "its address is none"),
        ("https://127.0.0.1:1/api", "", "its token is missing"),
        ("https://127.0.0.1:1/api", "two\r\nX-Lines: 1", "no bearer token"),
        ("https://127.0.0.1:1/api", TOKEN, "can't be reached"),
        ("https://127.0.0.1:99999/api", TOKEN, "its address is none"),
    ],
)
def test_a_connection_that_is_wrong_is_told_before_a_token_leaves(address: str, token: str, message: str) -> None:
    with pytest.raises(OpvangError, match=message):
        take(Endpoint("VR13", "reception_vr13", address, token))


def test_tls_is_verified(region: Region, caplog: pytest.LogCaptureFixture) -> None:
    """A server that speaks no TLS, or whose certificate nobody vouches for, hears no token."""
    with pytest.raises(SourceUnavailable, match="can't be reached"):
        take(Endpoint("VR13", "reception_vr13", region.endpoint.address.replace("http:", "https:"), TOKEN))
    assert region.asked == []


def test_a_region_whose_connection_is_gone_is_told_no_longer(region: Region) -> None:
    region.trouble = broken
    with pytest.raises(SourceUnavailable):
        take(region.endpoint)
    assert fetch("reception", since=datetime.now(UTC)) is None
    assert take() is None


@pytest.mark.parametrize("day", [None, DAY_AFTER])
def test_who_asks_no_region_or_for_one_day_only_says_of_none_that_it_is_well(region: Region, day: date | None) -> None:
    """As a shell that has no connection in its environment, or a run for one reference date."""
    region.trouble = broken
    with pytest.raises(SourceUnavailable):
        take(region.endpoint)
    region.trouble = None
    with pytest.raises(SourceUnavailable, match="VR13 can't be read since"):
        fetch("reception", day, [region.endpoint] if day else [], since=None)
    publish(region.endpoint)
    assert places() == 500


def test_only_the_reference_date_that_is_asked_for_is_taken(region: Region) -> None:
    region.reports["2022-04-26"] = document([location(1)], day=DAY_AFTER)
    assert fetch("reception", DAY_AFTER, [region.endpoint]) is not None
    assert [one["as_of"][:10] for one in kept()] == ["2022-04-26"]
    assert take(region.endpoint) is not None
    assert len(kept()) == 2


def test_what_is_asked_is_told_in_the_log_and_the_token_is_not(
    region: Region, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "opvang")
    take(region.endpoint)
    assert "reception: 1 endpoints were asked" in caplog.messages
    assert TOKEN not in caplog.text + repr(region.endpoint)

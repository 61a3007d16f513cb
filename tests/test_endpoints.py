"""Whatever comes in whichever order: what is taken of a report is one of its versions, whole."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opvang.contract import contract
from opvang.endpoints.http import Bounds
from opvang.endpoints.read import Reading, Report
from tests.deliveries import document, location
from tests.region_server import Answer, Region, serving

DAY = "2022-04-25"
TERMS = contract("reception")
BOUNDS = Bounds(silence_seconds=2, answer_seconds=5, endpoint_seconds=60, attempts=2, first_wait_seconds=0.001)
# One to four pages; where a page ends, another version's begins as well as its own.
VERSIONS = [
    document([location(number, places) for number in range(places // 10)], report_id="the same", submitted_at=None)
    for places in (20, 40, 60, 80, 50)
]
ON_SOCKETS = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def region() -> Iterator[Region]:
    with serving("VR13") as one:
        yield one


def taken(region: Region) -> list[dict[str, Any]]:
    """The reports that are taken of a region, and not that anything is said of it."""
    reports: list[dict[str, Any]] = []

    def take(report: Report) -> None:
        assert (report.supplier, report.reference_date) == ("VR13", date(2022, 4, 25))
        reports.append(json.load(report.content))

    Reading(TERMS, {}, None, take, lambda *_: None, BOUNDS).of([region.endpoint])
    return reports


@ON_SOCKETS
@given(st.lists(st.sampled_from(range(len(VERSIONS))), min_size=1, max_size=12))
def test_versions_that_change_with_any_request_are_never_mixed(region: Region, turns: list[int]) -> None:
    waiting = list(turns)

    def another(answer: Answer) -> Iterator[bytes]:
        if waiting:
            region.reports[DAY] = VERSIONS[waiting.pop(0)]
        # A page that the new version hasn't got is an empty one.
        yield region.answer(answer.path, answer.asked).raw()

    region.reports[DAY], region.trouble = VERSIONS[0], another
    for report in taken(region):
        assert report in VERSIONS
    region.trouble = None
    assert taken(region) == [region.reports[DAY]]


@ON_SOCKETS
@given(request=st.integers(0, 3), share=st.floats(0, 1), tells_length=st.booleans())
def test_an_answer_that_ends_at_any_byte_is_never_half_a_report(
    region: Region, request: int, share: float, tells_length: bool
) -> None:
    region.reports[DAY] = VERSIONS[2]
    served = 0

    def cut(answer: Answer) -> Iterator[bytes]:
        nonlocal served
        whole = (answer if tells_length else answer.saying(Content_Length=None)).raw()
        yield whole[: int(share * len(whole))] if served >= request else whole
        served += 1

    region.trouble = cut
    assert taken(region) in ([], [VERSIONS[2]])
    region.trouble = None

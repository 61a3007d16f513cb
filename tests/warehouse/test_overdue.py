"""A region that is late: told once, and told again when it has delivered."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opvang import notify, settings, warehouse
from opvang.contract import contract, contracts
from opvang.overdue import overdue
from tests.deliveries import deliver, location, report

TODAY = datetime.now(settings.READERS_ZONE).date()
pytestmark = pytest.mark.usefixtures("fresh")
Deliver = Callable[[str, date], Any]


@pytest.fixture
def delivers(fresh: None, tmp_path: Path) -> Deliver:
    with warehouse.connect() as connection:
        connection.execute(b"truncate ops.overdue")
    return lambda region, day: deliver(report(tmp_path, [location(1)], day=day, region=region))


def all_but(*regions: str) -> list[str]:
    return [region for region in contract("reception").awaited if region not in regions]


def late(news: Any) -> list[tuple[str, date]]:
    return [(row["supplier"], row["reference_date"]) for row in news.late]


def test_who_is_awaited_may_deliver() -> None:
    for terms in contracts():
        assert all(terms.covers(supplier) for supplier in terms.awaited), terms.source
    assert len(contract("reception").awaited) == 25


def test_before_the_first_report_of_any_region_nobody_is_late() -> None:
    assert overdue("reception").what == ""


def test_a_report_is_due_at_the_end_of_its_day_in_amsterdam(delivers: Deliver) -> None:
    days = {"VR13": TODAY, "VR14": TODAY - timedelta(1), "VR15": TODAY - timedelta(2)}
    for region, day in days.items():
        delivers(region, day)
    never = [(region, TODAY - timedelta(2)) for region in all_but(*days)]
    assert late(overdue("reception")) == sorted([*never, ("VR15", TODAY - timedelta(1))])


def test_a_late_region_is_told_once_and_once_more_when_it_has_delivered_that_day_or_later(delivers: Deliver) -> None:
    delivers("VR13", TODAY - timedelta(9))
    assert late(overdue("reception"))[11:13] == [("VR12", TODAY - timedelta(9)), ("VR13", TODAY - timedelta(8))]
    assert overdue("reception").what == ""
    delivers("VR13", TODAY - timedelta(9))
    assert overdue("reception").what == ""
    delivers("VR13", TODAY)
    news = overdue("reception")
    assert news.what == "reception: 1 arrived (VR13)"
    assert re.fullmatch(
        rf"VR13 {TODAY - timedelta(8)} has come, or a later one, on \d{{4}}-\d\d-\d\d \d\d:\d\d", news.why
    )
    assert overdue("reception").what == ""


def test_a_region_that_caught_up_in_part_is_late_anew(delivers: Deliver) -> None:
    delivers("VR13", TODAY - timedelta(9))
    overdue("reception")
    delivers("VR13", TODAY - timedelta(5))
    news = overdue("reception")
    assert news.what == "reception: 1 late (VR13); 1 arrived (VR13)"
    assert late(news) == [("VR13", TODAY - timedelta(4))]


def test_a_refused_report_is_none(delivers: Deliver, tmp_path: Path) -> None:
    delivers("VR14", TODAY)
    broken = report(tmp_path, [location(1)], day=TODAY, region="VR13")
    broken.write_text("{")
    deliver(broken)
    assert ("VR13", TODAY) not in late(overdue("reception"))
    with warehouse.connect() as connection:
        connection.execute(b"update ops.deliveries set reference_date = reference_date - 3")
    assert ("VR13", TODAY - timedelta(3)) in late(overdue("reception"))


class Notifier:
    """A notifier as Airflow's are: made with the arguments of the setting, called with the context."""

    told: list[tuple[str, str]] = []  # noqa: RUF012  # what all of them told

    def __call__(self, context: Any) -> None:
        self.told.append((context["what"], context["why"]))


def test_what_is_told_goes_through_the_configured_notifier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPVANG_NOTIFIER", f"{__name__}.Notifier")
    context = {"dag": SimpleNamespace(dag_id="overdue"), "run_id": "r", "ti": SimpleNamespace(task_id="overdue")}
    notify.tell(context, "reception: 1 late (VR13)", "VR13 2022-04-25 was due 2022-04-26 00:00")
    assert Notifier.told == [("reception: 1 late (VR13)", "VR13 2022-04-25 was due 2022-04-26 00:00")]

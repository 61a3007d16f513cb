"""Effectively once: any order of deliveries, repeats, late corrections and crashes ends in the state of the last ones, loaded once and in order.

The oracle is a dictionary: per supplier and reference date the delivery that was received last. A record in quarantine keeps what stood the
day before; equal neighbours are one stretch. `pytest --hypothesis-profile thorough` looks twenty times as long, each time elsewhere.
"""

import json
import os
import random
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from opvang import fetch, land, publish, validate, warehouse
from opvang import settings as ours
from opvang.load import load
from tests.bad_deliveries import brp, person_lists, write
from tests.conftest import clear_but_code_tables
from tests.dbt import OF_PERSONS_AND_PLACES, WITHOUT_UNIT_TESTS, build_marts
from tests.deliveries import DAY, document, location

SUPPLIERS = ("VR01", "VR02")
DAYS = tuple(DAY + timedelta(days=ahead) for ahead in range(4))
KEYS = ("a", "b", "c")
# What a report may say of a location: places, more in use than there are (flagged), or a municipality that doesn't exist (quarantined).
FACTS: Mapping[str, dict[str, Any]] = {
    "100": {"places_operational": 100},
    "200": {"places_operational": 200, "places_inventoried": 200},
    "flagged": {"places_in_use": 300},
    "held": {"gm_code": "GM9999"},
}
# So many are always there and the same that three in quarantine don't refuse the report.
OTHERS = [location(number) for number in range(10, 20)]
# It tells when each report came, so it differs with what came.
OF_THE_LEDGER = "feed_timeliness_by_region_day"
Stretch = tuple[str, str, str, date, str]


@dataclass(frozen=True)
class Version:
    """One report: of whom, for when, what it says, when it was received, and whether it is refused."""

    supplier: str
    day: date
    says: tuple[tuple[str, str], ...]
    received_at: datetime
    is_refused: bool

    def content(self, indent: int | None) -> bytes:
        odd = [location(1, location_id=key, **FACTS[fact]) for key, fact in self.says]
        others = {"as_of": "2021-01-01T08:00:00+02:00"} if self.is_refused else {}
        made = document([*odd, *OTHERS], self.day, self.supplier) | others
        return json.dumps(made, indent=indent, sort_keys=indent is not None).encode()

    def write(self, inbox: Path, number: int, indent: int | None = None) -> Path:
        """Lay the report in the inbox; later numbers come later in the order of names."""
        path = inbox / "reception" / self.supplier / self.day.isoformat() / f"{number:04}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content(indent))
        os.utime(path, (self.received_at.timestamp(),) * 2)
        return path


def last_received(versions: list[Version]) -> dict[tuple[str, date], Version]:
    """Per supplier and day the version that counts."""
    counted = sorted((one for one in versions if not one.is_refused), key=lambda one: one.received_at)
    return {(one.supplier, one.day): one for one in counted}


def expected(versions: list[Version]) -> set[Stretch]:
    """What raw must say of the odd locations, in stretches."""
    current = last_received(versions)
    found: set[Stretch] = set()
    for supplier in SUPPLIERS:
        days = [day for day in DAYS if (supplier, day) in current]
        for key in KEYS:
            found |= stretches(supplier, key, [(day, dict(current[supplier, day].says).get(key)) for day in days])
    return found


def stretches(supplier: str, key: str, told: list[tuple[date, str | None]]) -> set[Stretch]:
    """The facts of one location, each from the day that brought it until the day that changed it."""
    found: list[Stretch] = []
    before: str | None = None
    for day, fact in told:
        now = before if fact == "held" else fact
        if now != before and before is not None:
            found[-1] = (*found[-1][:4], str(day))
        if now != before and now is not None:
            found.append((supplier, key, now, day, "infinity"))
        before = now
    return set(found)


def standing() -> set[Stretch]:
    """What raw says now of the odd locations."""
    with warehouse.connect() as connection:
        rows = connection.execute(
            b"""select supplier, record_key, places_operational, places_in_use, flags, reference_from, reference_to::text as reference_to
            from raw.reception_locations where known_to = 'infinity' and record_key in ('a', 'b', 'c')"""
        ).fetchall()
    made = [(row["supplier"], row["record_key"], fact(row), row["reference_from"], row["reference_to"]) for row in rows]
    assert len(set(made)) == len(made)
    return set(made)


def fact(row: dict[str, Any]) -> str:
    is_flagged = row["places_in_use"] == 300
    assert row["flags"] == (["occupancy_is_within_places"] if is_flagged else None)
    return "flagged" if is_flagged else str(row["places_operational"])


said = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(sorted(FACTS))).map(
    lambda drawn: tuple(sorted(drawn.items()))
)


class Deliveries(RuleBasedStateMachine):
    """A supplier, a network and an engineer who do whatever they like."""

    def __init__(self) -> None:
        super().__init__()
        clear_but_code_tables()
        self.inbox = Path(tempfile.mkdtemp())
        self.versions: list[Version] = []
        self.files: list[Path] = []

    @rule(supplier=st.sampled_from(SUPPLIERS), day=st.sampled_from(DAYS), says=said, minute=st.integers(0, 99), is_refused=st.sampled_from([False] * 5 + [True]))  # fmt: skip
    def a_report_comes(self, supplier: str, day: date, says: tuple[tuple[str, str], ...], minute: int, is_refused: bool) -> None:  # fmt: skip
        """New or a correction, punctual or late: what counts is when it was received."""
        if not any(
            (one.supplier, one.day, one.says, one.is_refused) == (supplier, day, says, is_refused)
            for one in self.versions
        ):
            self._lay(Version(supplier, day, says, self._moment(minute), is_refused))

    @precondition(lambda self: self.versions)
    @rule(which=st.integers(0, 99), minute=st.integers(0, 99))
    def the_same_facts_come_in_another_file(self, which: int, minute: int) -> None:
        one = self.versions[which % len(self.versions)]
        again = Version(one.supplier, one.day, one.says, self._moment(minute), one.is_refused)
        self._lay(again, indent=len(self.versions))

    @precondition(lambda self: self.files)
    @rule(which=st.integers(0, 99))
    def the_same_file_comes_again(self, which: int) -> None:
        path = self.files[which % len(self.files)]
        again = path.with_name(f"z{len(list(path.parent.iterdir()))}.json")
        shutil.copyfile(path, again)

    @rule(verbs=st.sampled_from([1, 2, 3, 3, 4, 4, 4, 4]), repeats=st.booleans())
    def a_run_comes_so_far(self, verbs: int, repeats: bool) -> None:
        """A run that dies between two verbs leaves its batch to the next one."""
        if (batch := self._fetch()) is None:
            return
        for verb in (land.land, validate.validate, publish.publish)[: verbs - 1]:
            verb("reception", batch)
            if repeats and verb is land.land:
                verb("reception", batch)
        if verbs == 4:
            assert standing() == expected(self.versions)

    def teardown(self) -> None:
        """In the end the state is that of the last deliveries, loaded once and in order into an empty warehouse."""
        try:
            self.a_run_comes_so_far(4, repeats=False)
            ended = standing()
            final = sorted(last_received(self.versions).values(), key=lambda one: (one.day, one.supplier))
            if final:
                self._load_once(final)
            assert standing() == ended == expected(self.versions)
        finally:
            shutil.rmtree(self.inbox)

    def _load_once(self, final: list[Version]) -> None:
        clear_but_code_tables()
        shutil.rmtree(self.inbox / "reception")
        files = [str(one.write(self.inbox, number)) for number, one in enumerate(final)]
        assert {account["records_refused"] for account in load("reception", files, None, None, None)} == {0}

    def _fetch(self) -> int | None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ours, "INBOX", str(self.inbox))
            return fetch.fetch("reception")

    def _lay(self, version: Version, indent: int | None = None) -> None:
        self.files.append(version.write(self.inbox, len(self.versions), indent))
        self.versions.append(version)

    def _moment(self, minute: int) -> datetime:
        """No two reports are received at the same second."""
        return datetime(2022, 5, 1, tzinfo=UTC) + timedelta(minutes=minute, milliseconds=len(self.versions))


@pytest.mark.usefixtures("code_tables_once")
def test_any_history_of_deliveries_ends_in_the_state_of_the_last_ones() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Deliveries,
        settings=settings(
            max_examples=max(settings().max_examples // 20, 1),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


def test_the_same_facts_in_another_file_change_nothing_and_are_another_delivery(fresh: None, tmp_path: Path) -> None:
    first = Version("VR01", DAY, (("a", "100"), ("b", "flagged")), datetime(2022, 5, 1, tzinfo=UTC), is_refused=False)
    again = Version("VR01", DAY, first.says, datetime(2022, 5, 2, tzinfo=UTC), is_refused=False)
    load("reception", [str(first.write(tmp_path, 1))], None, None, None)
    before = all_of_raw()
    [account] = load("reception", [str(again.write(tmp_path, 2, indent=1))], None, None, None)
    assert (account["verdict"], account["records_published"]) == ("published", 12)
    assert all_of_raw() == before


def all_of_raw() -> list[str]:
    """Every row of the reports, history and ledger numbers included."""
    with warehouse.connect() as connection:
        found = connection.execute(b"select t::text as line from raw.reception_locations as t order by line").fetchall()
    return [row["line"] for row in found]


def deliveries(folder: Path, chance: random.Random) -> tuple[list[Path], list[Path]]:
    """Every file of some days with corrections, and of those the ones that count, in order."""
    everything, final = [], []
    for day in DAYS:
        for supplier in SUPPLIERS:
            for version in range(chance.choice([1, 1, 2, 3])):
                says = tuple((key, chance.choice(sorted(FACTS))) for key in KEYS if chance.random() < 0.8)
                received = datetime(2022, 5, 1 + version, 12, tzinfo=UTC)
                path = Version(supplier, day, says, received, is_refused=False).write(folder, version)
                everything.append(path)
            final.append(path)
        for supplier in brp.SOURCE.suppliers[:2]:
            people = person_lists.persons(supplier, 30)
            changed = [
                person_lists.person(supplier, number, _08_14_10="6000", _08_14_20="20220301")
                for number in range(chance.randrange(9))
            ]
            path = write(
                folder,
                "brp",
                supplier,
                day,
                "selection.csv",
                person_lists.selection([*changed, *people[len(changed) :]]).encode(),
            )
            os.utime(path, (1_651_000_000, 1_651_000_000))
            everything.append(path)
            final.append(path)
    return everything, final


def load_files(files: list[Path]) -> None:
    """One batch per source."""
    for source in ("brp", "reception"):
        if mine := [str(path) for path in files if path.parts[-4] == source]:
            load(source, mine, None, None, None)


def contents_of_marts() -> dict[str, list[str]]:
    """Every row of every mart as text, after a build."""
    build_marts("--full-refresh", *WITHOUT_UNIT_TESTS, *OF_PERSONS_AND_PLACES)
    with warehouse.connect("admin") as connection:
        query = b"select table_name from information_schema.tables where table_schema = 'marts' order by 1"
        names = [
            row["table_name"] for row in connection.execute(query).fetchall() if row["table_name"] != OF_THE_LEDGER
        ]
        rows = {name: connection.execute(f"select t::text as line from marts.{name} as t order by 1".encode()).fetchall() for name in names}  # fmt: skip
    return {name: [row["line"] for row in found] for name, found in rows.items()}


@pytest.mark.thorough
def test_the_marts_are_the_same_whatever_the_order_in_which_deliveries_came(fresh: None, tmp_path: Path) -> None:
    everything, final = deliveries(tmp_path, chance := random.Random(2022))
    load_files(final)
    in_order = contents_of_marts()
    clear_but_code_tables()
    chance.shuffle(everything)
    for start in range(0, len(everything), 8):
        load_files([*everything[start : start + 8], everything[start]])
    assert contents_of_marts() == in_order
    assert sum(map(len, in_order.values())) > 400
    assert len(in_order["reception_by_region_day"]) > 0

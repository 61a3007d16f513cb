"""Twenty people who look all the time: every answer is whole, whatever runs beside them."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe

from opvang import warehouse
from opvang.settings import Role
from tests.chaos.children import FORKS

PROCESSES, THREADS = 4, 5
PAUSE = 0.05
# Each returns what is wrong, over two tables or more in one statement; no row when all is well.
RAW = {
    "the ledger says other numbers of locations than stand there": """
        select latest.supplier, latest.records_published, count(*) as standing
        from (
            select distinct on (supplier) * from ops.deliveries
            where source = 'reception' and verdict in ('published', 'quarantined_in_part') and superseded_at is null
            order by supplier, reference_date desc
        ) as latest
        left join raw.reception_locations as standing
            on standing.supplier = latest.supplier and known_to = 'infinity' and reference_to = 'infinity'
        left join quarantine.records as held
            on held.delivery_id = latest.delivery_id and held.record_key = standing.record_key
        where held.record_key is null
        group by latest.supplier, latest.records_published
        having count(standing.record_key) <> latest.records_published""",
    "persons without a residence, or residences without a person": """
        select persons.n, residences.n from
        (select count(*) as n from raw.brp_persons where known_to = 'infinity' and reference_to = 'infinity') as persons,
        (select count(distinct record_key) as n from raw.brp_residences
         where known_to = 'infinity' and reference_to = 'infinity') as residences
        where persons.n <> residences.n""",
}
MARTS = {
    "a day without its 25 regions": """
        select reference_date from marts.reception_by_region_day group by reference_date having count(*) <> 25""",
    "a mart without rows": """
        select 1 where not exists (select from marts.national_position_by_day)
        or not exists (select from marts.reception_by_region_day)""",
    "a day without its municipalities": """
        select reference_date from marts.registrations_by_municipality_day
        group by reference_date having count(*) not between 342 and 345""",
    "a row of no day, or of no region": """
        select 1 from marts.reception_by_region_day
        left join marts.days on reference_date = calendar_date
        left join marts.safety_regions using (safety_region_code)
        where calendar_date is null or safety_regions.safety_region_code is null""",
}


@dataclass
class Seen:
    """What readers saw."""

    reads: int = 0
    longest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(self.reads + other.reads, max(self.longest, other.longest), [*self.wrong, *other.wrong])


def wrong_now(role: Role, questions: dict[str, str]) -> list[str]:
    """The questions whose answer is wrong at this moment."""
    with warehouse.connect(role) as connection:
        return [what for what, query in questions.items() if connection.execute(query.encode()).fetchall()]


class Readers:
    """Twenty connections in processes of their own, until they are asked what they saw."""

    def __init__(self, environment: dict[str, str], *, marts: bool) -> None:
        self._children = [_start(environment, marts and number % 2 == 0) for number in range(PROCESSES)]

    def seen(self) -> Seen:
        for _, pipe in self._children:
            pipe.send("enough")
        return sum((pipe.recv() for _, pipe in self._children), Seen())


def _start(environment: dict[str, str], marts: bool) -> tuple[object, Pipe]:
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=_look, args=(environment, marts, theirs), daemon=True)
    process.start()
    theirs.close()
    assert ours.recv() == "looking"
    return process, ours


def _look(environment: dict[str, str], marts: bool, pipe: Pipe) -> None:
    os.environ.update(environment)
    role, questions = ("reader", MARTS) if marts else ("loader", RAW)
    pipe.send("looking")
    enough: list[bool] = []
    with ThreadPoolExecutor(THREADS) as threads:
        looks = [threads.submit(_look_on, role, questions, enough) for _ in range(THREADS)]
        pipe.recv()
        enough.append(True)
        pipe.send(sum((look.result() for look in looks), Seen()))


def _look_on(role: Role, questions: dict[str, str], enough: list[bool]) -> Seen:
    seen = Seen()
    try:
        with warehouse.connect(role, autocommit=True) as connection:
            while not enough:
                for what, query in questions.items():
                    began = time.monotonic()
                    if rows := connection.execute(query.encode()).fetchall():
                        seen.wrong.append(f"{what}: {rows[:3]}")
                    seen = seen + Seen(1, time.monotonic() - began)
                    time.sleep(PAUSE)
    except Exception as error:  # noqa: BLE001
        seen.wrong.append(f"{type(error).__name__}: {error}")
    return seen

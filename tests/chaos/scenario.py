"""What the chaos tests load: a warehouse that already holds something, and deliveries of every fate that come next."""

import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from opvang.settings import PROJECT
from tests import lo3_messages
from tests.bad_deliveries import claims, energy_contracts, ownership, sanction_decisions, write
from tests.bad_deliveries.templates import in_last_row
from tests.bods import Statement, holding
from tests.deliveries import DAY, location, report
from tests.rvig_lists import is_teletex, person_lists

SOURCES = ("reception", "brp", "energy_contracts", "ownership", "sanction_decisions", "claims")
DAILY = ("reception", "brp")  # what comes every day in the tests that go on for many
BRP_SUPPLIER = "rvig-proefomgeving"
SEVERAL_PAGES = range(1, 91)
NEXT_DAY, THIRD_DAY = DAY + timedelta(days=1), DAY + timedelta(days=2)


def before(folder: Path) -> None:
    """The inbox of the days before: all of it is published when the disturbances begin."""
    shutil.copytree(PROJECT / "include/deliveries/code_tables", folder / "code_tables")
    for region in ("VR13", "VR14"):
        write_report(folder, range(1, 9), DAY, region)
    write_selection(folder, date(2022, 5, 1), slice(0, 150))
    write_contracts(folder, DAY, "GM0363", range(4))
    write(folder, "energy_contracts", "GM0014", DAY, "register.csv", energy_contracts.good_register("GM0014", DAY))
    write_statements(folder, DAY, ownership.package())
    write_table(folder, "sanction_decisions", "ezk", DAY, sanction_decisions.table("ezk"))
    for municipality in ("GM0363", "GM0014"):
        write_table(folder, "claims", municipality, DAY, claims.table(municipality))
    date_files(folder, datetime(2022, 4, 25, 9, tzinfo=UTC))


def served_before(folder: Path) -> None:
    """What the regions that answer themselves served in the days before."""
    for region in ("VR16", "VR17"):
        write_report(folder, SEVERAL_PAGES, DAY, region)
    date_files(folder, datetime(2022, 4, 25, 10, tzinfo=UTC))


def served_next(folder: Path) -> None:
    """What they serve in the disturbed run: of two days, in part in quarantine, from a region of another name."""
    write_report(folder, SEVERAL_PAGES, NEXT_DAY, "VR16", in_use=80, wrong=[2])
    write_report(folder, SEVERAL_PAGES, THIRD_DAY, "VR16", in_use=300)
    write_report(folder, SEVERAL_PAGES, NEXT_DAY, "VR17", head={"vr_code": "VR18"})
    date_files(folder, datetime(2022, 5, 4, 10, tzinfo=UTC))


def next_deliveries(folder: Path) -> None:
    """The inbox of the disturbed run: corrected, changed, in part in quarantine, unreadable, too broken and from nobody we know."""
    write_report(folder, range(1, 8), DAY, "VR13", places=120)
    write_report(folder, range(1, 9), NEXT_DAY, "VR13", in_use=80, wrong=[2])
    write_report(folder, range(2, 10), THIRD_DAY, "VR13", in_use=85)
    write_report(folder, range(1, 10), NEXT_DAY, "VR14", in_use=300, wrong=[3])
    write_report(folder, range(1, 4), NEXT_DAY, "VR15", wrong=[1, 2])
    write_report(folder, range(1, 4), NEXT_DAY, "VR26")
    torn = write_report(folder, range(1, 4), THIRD_DAY, "VR14")
    torn.write_text(torn.read_text()[:-40])
    write_selection(folder, date(2022, 5, 2), slice(20, 170))
    write_messages(folder, date(2022, 5, 3), slice(10, 150))
    write_contracts(folder, DAY, "GM0363", range(5))
    write_contracts(folder, NEXT_DAY, "GM0363", range(1, 6), {"endDate": "2022-09-30T00:00:00Z"})
    write(
        folder,
        "energy_contracts",
        "tenderned-1",
        NEXT_DAY,
        "notice.xml",
        energy_contracts.good_notice("GM0363", NEXT_DAY),
    )
    register = energy_contracts.register("GM0014").replace("2024-12-31", "30-02-2024", 1)
    write(folder, "energy_contracts", "GM0014", NEXT_DAY, "register.csv", register.encode())
    statements = ownership.package()
    write_statements(folder, NEXT_DAY, [*statements, holding("seller", "owner", exact=10.0)])
    write_statements(folder, THIRD_DAY, [*statements[:-1], holding("export", "trader", minimum=60.0, maximum=40.0)])
    ends_later = in_last_row("31-12-2022", "31-03-2023")
    write_table(folder, "sanction_decisions", "ezk", NEXT_DAY, ends_later(sanction_decisions.table("ezk")))
    nobody_decided = sanction_decisions.table("ezk").replace("EZK", "")
    write_table(folder, "sanction_decisions", "ezk", THIRD_DAY, nobody_decided)
    write_table(folder, "claims", "GM0363", DAY, claims.table("GM0363").replace("05-02-2022", "07-02-2022"))
    write_table(folder, "claims", "GM0363", NEXT_DAY, in_last_row("boete", "advocaatkosten")(claims.table("GM0363", 5)))
    write_table(folder, "claims", "GM0014", NEXT_DAY, claims.table("GM0014").removesuffix("05-02-2022\n"))
    date_files(folder, datetime(2022, 5, 4, 9, tzinfo=UTC))


def write_report(
    folder: Path,
    numbers: range,
    day: date,
    region: str,
    wrong: list[int] | None = None,
    head: dict[str, str] | None = None,
    **other: Any,
) -> Path:
    bad = {number: {"gm_code": "GM9999"} for number in wrong or []}
    locations = [location(number, **other, **bad.get(number, {})) for number in numbers]
    return report(folder, locations, day, region, **head or {})


def write_selection(folder: Path, day: date, lists: slice) -> None:
    """A tabular selection with some person lists of RvIG's test set."""
    heading, persons = person_lists()
    kept = ["".join(f"{';'.join(row)}\n" for row in person) for person in persons[lists]]
    write(folder, "brp", BRP_SUPPLIER, day, "selection.csv", "".join([f"{';'.join(heading)}\n", *kept]).encode())


def write_messages(folder: Path, day: date, lists: slice) -> None:
    """The same as LO3 messages, without the few that the GBA character set can't hold."""
    heading, persons = person_lists()
    in_teletex = [person for person in persons[lists] if is_teletex(person)]
    content = b"\n".join(lo3_messages.message(heading, person) for person in in_teletex)
    write(folder, "brp", BRP_SUPPLIER, day, "messages.txt", content)


def write_contracts(folder: Path, day: date, code: str, numbers: range, period: dict[str, str] | None = None) -> None:
    """An OCDS package whose contracts have the period, the last one a supplier that is not there."""
    package = energy_contracts.package(code, len(numbers))
    for number, release in zip(numbers, package["releases"], strict=True):
        release["ocid"] = f"ocds-simnl0-{number}"
        release["contracts"][0]["period"] |= period or {}
    if period:
        package["releases"][-1]["contracts"][0]["awardID"] = "another"
    write(folder, "energy_contracts", code, day, "contracts.json", json.dumps(package).encode())


def write_statements(folder: Path, day: date, statements: list[Statement]) -> None:
    write(folder, "ownership", "ezk", day, "statements.json", json.dumps(statements).encode())


def write_table(folder: Path, source: str, supplier: str, day: date, table: str) -> None:
    write(folder, source, supplier, day, "table.csv", table.encode())


def date_files(folder: Path, moment: datetime) -> None:
    """Moments of receipt that are the same in every run."""
    for number, path in enumerate(sorted(path for path in folder.rglob("*") if path.is_file())):
        at = moment.timestamp() + number
        os.utime(path, (at, at))

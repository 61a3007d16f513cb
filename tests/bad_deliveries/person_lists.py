"""Person lists of one row each, and the selection that they make."""

from functools import cache

import numpy as np

from opvang.settings import PROJECT
from opvang.simulate.chance import stream
from opvang.simulate.facts import municipalities
from opvang.simulate.numbers import a_numbers, bsns
from tests.bad_deliveries import BSN, SURNAME

[SAMPLE] = (PROJECT / "tests/samples/brp").rglob("*.csv")
Rows = list[list[str]]
GM = tuple(f"GM{row['gemeentecode_brp']}" for row in municipalities())
PERSON = {
    "01.02.40": SURNAME, "01.03.10": "19850410", "01.03.20": "0363", "01.03.30": "6030", "01.04.10": "V",
    "01.82.10": "0363", "01.82.20": "20220311", "01.82.30": "paspoort", "01.85.10": "19850410", "01.86.10": "20220311",
    "07.68.10": "20220310", "07.70.10": "0", "07.80.10": "0001", "07.80.20": "20220311101500000", "04.05.10": "0001",
    "04.63.10": "301", "04.85.10": "00000000", "04.86.10": "20220311", "08.09.20": "20220310", "08.10.10": "W",
    "08.10.30": "20220310", "08.11.10": "Dorpsstraat",
    "08.72.10": "I", "08.85.10": "20220310", "08.86.10": "20220311",
}  # fmt: skip


@cache
def header() -> list[str]:
    return SAMPLE.read_text(encoding="utf-8-sig").splitlines()[0].split(";")


@cache
def numbers() -> list[tuple[str, str]]:
    """A-numbers and BSNs that pass their checks; the first BSN is the one that may be seen nowhere."""
    numbered = zip(a_numbers(600, stream(7, "a"), np.array([], dtype=np.int64)), bsns(600, stream(7, "b")), strict=True)
    made = [(str(a_number), str(bsn)) for a_number, bsn in numbered]
    return [(made[0][0], BSN), *made[1:]]


def person(supplier: str, number: int, **fields: str) -> list[str]:
    """One row: the person of that number, with other elements given as `_01_03_10`."""
    a_number, bsn = numbers()[number]
    own = {"01.01.10": a_number, "01.01.20": bsn, "08.09.10": supplier[2:], **PERSON}
    own |= {name[1:].replace("_", "."): value for name, value in fields.items()}
    first = {name: at for at, name in reversed(list(enumerate(header())))}
    row = [f"Lg01_{number}"] + [""] * (len(header()) - 1)
    for name, value in own.items():
        row[first[name]] = value
    return row


def selection(rows: Rows, heading: list[str] | None = None) -> str:
    return "".join(";".join(row) + "\n" for row in [heading or header(), *rows])


def persons(supplier: str, many: int = 30) -> Rows:
    return [person(supplier, number) for number in range(many)]

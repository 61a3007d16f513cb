"""Which rules a person list breaks, counted over the raw file in plain Python: none of the pipeline's code, none of its SQL."""

import calendar
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

Row = dict[str, str]
List = list[Row]
Known = dict[str, set[str]]
PROJECT = Path(__file__).parents[2]
[TEST_SET] = (PROJECT / "include/deliveries/brp").rglob("*.csv")
TABLES = {"municipalities": 33, "countries": 34, "nationalities": 32, "reasons": 37, "titles": 56}
REFERENCE_DATE = "20220502"
# Elements that are read per category: those of the table, and names and addresses that are dropped at the gate.
ELEMENTS = {
    "01": "01.10 01.20 02.10 02.20 02.30 02.40 03.10 03.20 03.30 04.10 81.10 81.20 82.10 82.20 82.30 83.10 83.20 83.30 84.10 85.10 86.10",
    "06": "08.10 08.30 81.10 81.20 82.10 82.20 82.30 83.10 83.20 83.30 85.10 86.10",
    "07": "67.10 67.20 68.10 70.10 80.10 80.20",
    "04": "05.10 63.10 64.10 65.10 82.10 82.20 82.30 83.10 83.20 83.30 84.10 85.10 86.10",
    "08": "09.10 09.20 10.10 10.30 11.10 11.15 11.20 11.30 11.40 11.50 11.60 11.70 12.10 13.10 13.20 14.10 14.20 72.10 83.10 83.20 83.30 84.10 85.10 86.10",
    "10": "39.10 39.20 39.30 83.10 83.20 83.30 84.10 85.10 86.10",
}
NOUNS = {"01": "person", "04": "nationality", "08": "residence", "10": "residence_title"}
DATES = [
    "03.10",
    "08.10",
    "67.10",
    "68.10",
    "82.20",
    "83.20",
    "83.30",
    "85.10",
    "86.10",
    "09.20",
    "10.30",
    "13.20",
    "14.20",
    "39.20",
    "39.30",
]
DIGITS = {
    "01.10": 10,
    "01.20": 9,
    "03.30": 4,
    "81.10": 4,
    "82.10": 4,
    "83.10": 6,
    "08.30": 4,
    "70.10": 1,
    "80.10": 4,
    "80.20": 17,
}
DIGITS |= {"05.10": 4, "63.10": 3, "64.10": 3, "09.10": 4, "13.10": 4, "14.10": 4, "39.10": 2}
TEXTS = {
    "02.10": 200,
    "02.20": 2,
    "02.30": 10,
    "02.40": 200,
    "03.20": 40,
    "82.30": 40,
    "11.10": 24,
    "11.15": 80,
    "11.70": 80,
    "12.10": 35,
}
TEXTS |= {"11.40": 4} | dict.fromkeys(["04.10", "84.10", "67.20", "65.10", "10.10", "11.30", "72.10"], 1)
EXACT = {"81.20": 7, "11.50": 2, "11.60": 6}


def of_test_set() -> dict[str, int]:
    """How many person lists of the RvIG test set break each rule, by the national tables that are delivered with it."""
    known = {name: {row[0] for row in _national_table(number)} for name, number in TABLES.items()}
    ended = {row[0] for row in _national_table(33) if row[-1] and row[-1] <= REFERENCE_DATE}
    with (PROJECT / "include/contracts/teletex.csv").open(newline="") as file:
        characters = {chr(int(row["unicode_hex"], 16)) for row in csv.DictReader(file)}
    return counts(person_lists(TEST_SET), known | {"ended municipalities": ended}, characters)


def _national_table(number: int) -> list[list[str]]:
    path = next((PROJECT / "include/deliveries/code_tables").rglob(f"Tabel{number}*"))
    with path.open(encoding="utf-16", newline="") as file:
        return list(csv.reader(file))[1:]


def person_lists(path: Path) -> list[List]:
    """Per person list its rows, by heading (the first where a heading stands twice)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        headings = next(reader)
        found: list[List] = []
        for row in reader:
            if row[0]:
                found.append([])
            found[-1].append(dict(reversed(list(zip(headings, row, strict=True)))))
    return found


def means_a_day(text: str) -> bool:
    """Whether 8 digits are a date of the BRP: unknown parts are 0, from the day upwards."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return False
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if (year, month, day) == (0, 0, 0):
        return True
    if year == 0 or month > 12 or (month == 0 and day):
        return False
    return month == 0 or day <= calendar.monthrange(year, month)[1]


def is_whole(text: str) -> bool:
    """Whether it is a date without unknown parts."""
    return means_a_day(text) and not text.endswith("00")


def counts(lists: list[List], known: Known, characters: set[str]) -> dict[str, int]:
    """How many person lists break each rule; rules that none breaks are left out."""
    found = Counter(rule for rows in lists for rule in broken(rows, known, characters))
    for element, rule in (("01.01.10", "a_number_is_unique"), ("01.01.20", "bsn_is_unique")):
        holders = Counter(rows[0][element] for rows in lists if rows[0][element])
        if twice := sum(count for count in holders.values() if count > 1):
            found[rule] = twice
    return dict(found)


def broken(rows: List, known: Known, characters: set[str]) -> set[str]:
    """The rules that one person list breaks."""
    head = rows[0]
    parts = (
        _person(rows, head, known),
        _death(head, known),
        _nationalities(rows, known),
        _residences(rows, head, known),
        _titles(rows, known),
    )
    rules = {rule for part in parts for rule, is_broken in part.items() if is_broken}
    for category in ("01", "04", "06", "08", "10"):
        rules |= set(_common(rows, head, category))
    for category in ("01", "04", "08", "10"):
        rules |= set(_form(rows, category, characters))
    return rules


def _rows_of(rows: List, category: str) -> List:
    return [row for row in rows if any(row[f"{category}.{item}"] for item in ELEMENTS[category].split())]


def _eleven(number: str, weights: list[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11


def _is_bsn(text: str) -> bool:
    return bool(re.fullmatch("[0-9]{9}", text)) and int(text) > 0 and _eleven(text, [9, 8, 7, 6, 5, 4, 3, 2, -1]) == 0


def _is_a_number(text: str) -> bool:
    if not re.fullmatch("[1-9][0-9]{9}", text) or re.search(r"(.)\1", text):
        return False
    return _eleven(text, [1] * 10) in (0, 5) and _eleven(text, [2**at for at in range(10)]) == 0


def _person(rows: List, head: Row, known: Known) -> dict[str, bool]:
    place, country = head["01.03.20"], head["01.03.30"]
    unions = [row["05.15.10"] for row in rows if row["05.15.10"]]
    return {
        "a_number_is_present": not head["01.01.10"],
        "a_number_is_valid": bool(head["01.01.10"]) and not _is_a_number(head["01.01.10"]),
        "history_has_a_numbers": any(not row["01.01.10"] for row in _rows_of(rows[1:], "01")),
        "bsn_is_present": not head["01.01.20"],
        "bsn_is_present_since_2007": not head["01.01.20"] and head["01.85.10"] >= "20071126",
        "bsn_is_valid": bool(head["01.01.20"]) and not _is_bsn(head["01.01.20"]),
        "surname_is_present": not head["01.02.40"],
        "birth_date_is_valid": not means_a_day(head["01.03.10"]),
        "birth_country_is_present": not country,
        "birth_country_is_known": bool(country) and country not in known["countries"],
        "birth_place_fits_the_netherlands": country == "6030" and place not in known["municipalities"],
        "birth_municipality_is_in_the_netherlands": bool(country)
        and country != "6030"
        and place in known["municipalities"],
        "sex_is_known": bool(head["01.04.10"]) and head["01.04.10"] not in ("M", "V", "O"),
        "person_has_a_deed_or_a_document": _document_is_faulty(head, "01"),
        "suspension_has_date_and_reason": bool(head["07.67.10"]) != bool(head["07.67.20"]),
        "suspension_has_a_real_reason": head["07.67.20"] == ".",
        "suspension_date_is_valid": bool(head["07.67.10"]) and not means_a_day(head["07.67.10"]),
        "first_registration_is_present": not head["07.68.10"],
        "version_is_complete": not head["07.80.10"] or not re.fullmatch("[0-9]{17}", head["07.80.20"]),
        "secrecy_is_known": bool(head["07.70.10"]) and not re.fullmatch("[0-7]", head["07.70.10"]),
        "unions_are_known": any(union not in ("H", "P") for union in unions),
    }


def _death(head: Row, known: Known) -> dict[str, bool]:
    is_there = any(head[f"06.{item}"] for item in ("08.10", "08.30", "85.10", "86.10"))
    return {
        "death_has_date_and_country": is_there and not (head["06.08.10"] and head["06.08.30"]),
        "death_country_is_known": bool(head["06.08.30"]) and head["06.08.30"] not in known["countries"],
        "death_is_valid_from_its_date": bool(head["06.08.10"] and head["06.85.10"])
        and head["06.85.10"] != head["06.08.10"],
        "death_has_a_deed_or_a_document": _document_is_faulty(head, "06"),
        "death_suspends": bool(head["06.08.10"]) and head["07.67.20"] != "O",
    }


def _document_is_faulty(row: Row, category: str) -> bool:
    deed = [row[f"{category}.{item}"] for item in ("81.10", "81.20") if f"{category}.{item}" in row]
    document = [row[f"{category}.{item}"] for item in ("82.10", "82.20", "82.30")]
    is_wanted = bool(row[{"01": "01.01.10", "06": "06.08.10"}.get(category, "")]) if category != "04" else False
    is_incomplete = any(any(group) and not all(group) for group in (deed, document))
    return is_incomplete or (any(deed) and any(document)) or (is_wanted and not any(deed) and not any(document))


def _nationalities(rows: List, known: Known) -> dict[str, bool]:
    filled = _stacks(rows)
    current = [stack[0] for stack in filled if stack]
    everything = [row for stack in filled for row in stack]
    codes = [row["04.05.10"] for row in current if row["04.05.10"]]
    wanted = {"0000": "311", "0499": "312"}
    return {
        "nationality_is_known": any(
            row["04.05.10"] and row["04.05.10"] not in known["nationalities"] for row in everything
        ),
        "nationality_reason_is_known": any(
            row["04.63.10"] and row["04.63.10"] not in known["reasons"] for row in everything
        ),
        "nationality_end_reason_is_known": any(
            row["04.64.10"] and row["04.64.10"] not in known["reasons"] for row in everything
        ),
        "a_stack_holds_one_nationality": any(
            len({row["04.05.10"] for row in stack if row["04.05.10"]}) > 1 for stack in filled
        ),
        "nationalities_differ": len(codes) != len(set(codes)),
        "nationality_reason_has_a_nationality": any(
            row["04.63.10"] and not row["04.05.10"] and not row["04.65.10"] for row in current
        ),
        "nationality_excludes_special_status": any(row["04.05.10"] and row["04.65.10"] for row in everything),
        "nationality_excludes_an_end_reason": any(row["04.05.10"] and row["04.64.10"] for row in everything),
        "nationality_fits_its_reason": any(
            row["04.05.10"] not in ("", "0001") and row["04.63.10"] != wanted.get(row["04.05.10"], "301")
            for row in current
        ),
        "nationality_document_is_whole": any(_document_is_faulty(row, "04") for row in everything),
    }


def _stacks(rows: List) -> list[List]:
    """The filled rows of each stack of category 04: the row before a stack says 04 in 04.H."""
    stacks: list[List] = []
    for at, row in enumerate(rows):
        if at == 0 or rows[at - 1]["04.H"] == "04":
            stacks.append([])
        stacks[-1].append(row)
    return [_rows_of(stack, "04") for stack in stacks]


def _residences(rows: List, head: Row, known: Known) -> dict[str, bool]:
    here = bool(head["08.10.10"] or head["08.10.30"])
    abroad = bool(head["08.13.10"] or head["08.13.20"])
    streets = any(head[f"08.{item}"] for item in ELEMENTS["08"].split() if item.startswith(("11.", "12.")))
    everything = [head, *_rows_of(rows[1:], "08")]
    return {
        "municipality_is_present": not head["08.09.10"],
        "municipality_is_known": bool(head["08.09.10"]) and head["08.09.10"] not in known["municipalities"],
        "municipality_is_not_over": head["08.09.10"] in known["ended municipalities"],
        "municipality_date_is_present": not head["08.09.20"],
        "municipality_date_is_valid": any(row["08.09.20"] and not means_a_day(row["08.09.20"]) for row in everything),
        "settlement_date_is_valid": any(row["08.14.20"] and not means_a_day(row["08.14.20"]) for row in everything),
        "immigration_is_whole": bool(head["08.14.10"]) != bool(head["08.14.20"]),
        "residence_is_here_or_abroad": here == abroad,
        "address_is_whole": here and not (head["08.10.10"] and (head["08.11.10"] or head["08.12.10"])),
        "address_has_a_function": streets and not here,
        "emigration_is_whole": bool(head["08.13.10"]) != bool(head["08.13.20"]),
        "emigration_excludes_immigration": bool(head["08.13.10"] and head["08.14.10"]),
        "address_declaration_is_present": not head["08.72.10"],
        "house_number_designation_is_known": any(row["08.11.50"] not in ("", "by", "to") for row in everything),
    }


def _titles(rows: List, known: Known) -> dict[str, bool]:
    head, everything = rows[0], _rows_of(rows, "10")
    code, is_there = head["10.39.10"], any(head[f"10.39.{item}"] for item in ("10", "20", "30"))
    came = head["08.14.20"]
    return {
        "residence_title_has_code_and_start": is_there and not (code and head["10.39.30"]),
        "residence_title_is_known": any(
            row["10.39.10"] and row["10.39.10"] not in known["titles"] for row in everything
        ),
        "title_46_is_not_too_early": code == "46" and REFERENCE_DATE < "20220512",
        "title_30_was_converted": code == "30"
        and REFERENCE_DATE > "20220515"
        and head["08.14.10"] == "6038"
        and came >= "20220224",
        "protection_begins_with_the_war": code == "46" and "00000001" <= came <= "20220223",
    }


def _common(rows: List, head: Row, category: str) -> Iterator[str]:
    """The rules about groups 83 to 86, which hold of every category."""
    noun = "death" if category == "06" else NOUNS[category]
    everything = rows[:1] if category in ("01", "06") else _rows_of(rows, category)
    current = _current(rows, category)
    if any(not row[f"{category}.85.10"] for row in current):
        yield f"{noun}_validity_is_present"
    if any(not is_whole(row[f"{category}.86.10"]) for row in current):
        yield f"{noun}_recorded_is_complete"
    if any(bool(row[f"{category}.83.10"]) != bool(row[f"{category}.83.20"]) for row in everything):
        yield f"{noun}_investigation_is_whole"
    if category != "06":
        if any(row[f"{category}.84.10"] not in ("", "O", "S") for row in everything):
            yield f"{noun}_mark_is_known"
        if any(row[f"{category}.84.10"] for row in current):
            yield f"{noun}_is_not_incorrect"


def _current(rows: List, category: str) -> List:
    """The rows of a category that say what is so now."""
    if category == "04":
        return [stack[0] for stack in _stacks(rows) if stack]
    if category == "06":
        return [row for row in rows[:1] if any(row[f"06.{item}"] for item in ("08.10", "08.30", "85.10", "86.10"))]
    return _rows_of(rows[:1], category)


def _form(rows: List, category: str, characters: set[str]) -> Iterator[str]:
    """The rules about dates, lengths, digits and characters."""
    noun = NOUNS[category]
    own = {"01": ["01", "06", "07"]}.get(category, [category])
    everything = rows[:1] if category == "01" else _rows_of(rows, category)
    values = [(item, row[f"{cat}.{item}"]) for row in everything for cat in own for item in ELEMENTS[cat].split()]
    tests: dict[str, Callable[[str, str], bool]] = {
        "dates_are_dates": lambda item, value: item in DATES and not means_a_day(value),
        "digits_are_digits": lambda item, value: (
            (item in DIGITS or item == "11.20") and bool(re.search("[^0-9]", value))
        ),
        "is_teletex": lambda item, value: (item in TEXTS or item in EXACT) and not set(value) <= characters,
        "lengths_are_right": _length_is_wrong,
    }
    for rule, test in tests.items():
        if any(value and test(item, value) for item, value in values):
            yield f"{noun}_{rule}"


def _length_is_wrong(item: str, value: str) -> bool:
    if item == "11.20":
        return len(value) > 5
    if item in TEXTS:
        return len(value) > TEXTS[item]
    exact = DIGITS | EXACT
    return item in exact and len(value) != exact[item]

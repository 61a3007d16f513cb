"""One source in three forms: the same persons end as the same rows, and anything else is named and refused."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from opvang.contract import contract
from opvang.errors import LoadRefused
from opvang.readers import lo3, teletex
from opvang.settings import PROJECT
from opvang.sources import Delivered
from opvang.sources.brp import read
from tests import lo3_messages
from tests.bad_deliveries.person_lists import persons, selection
from tests.rvig_lists import TEST_SET, List, is_teletex, person_lists

HAAL_CENTRAAL = PROJECT / "tests/samples/haal_centraal/haal_centraal_persons_2022-06-27.json"
BRP = contract("brp")
# What the answer of an API says of at least one of these persons: current states, and not when or by which document they were recorded.
CARRIED = {
    "persons": "01.01.10 01.01.20 01.02.10 01.02.40 01.03.10 01.03.20 01.03.30 01.04.10 01.83.10 01.83.20 06.08.10 06.08.30 07.67.10 07.67.20 07.68.10 07.70.10",
    "residences": "08.09.10 08.09.20 08.10.10 08.11.10 08.11.20 08.11.60 08.13.20 08.14.10 08.14.20",
    "residence_titles": "10.39.10 10.39.20 10.39.30",
}
CHARACTERS = sorted(teletex.characters())


def tables(path: Path, supplier: str = "rvig", terms: object = BRP) -> dict[str, pl.DataFrame]:
    """All rows of a file, by table, without the line they came from."""
    batches = list(read(Delivered(path, supplier, date(2022, 5, 2)), terms))  # type: ignore[arg-type]
    return {table.name: pl.concat([batch[table.name] for batch in batches]).drop("line_no") for table in BRP.tables}


@pytest.fixture(scope="module")
def in_teletex() -> tuple[list[str], list[List]]:
    """The lists that an LO3 message can hold."""
    headings, lists = person_lists()
    return headings, [rows for rows in lists if is_teletex(rows)]


@given(st.text(st.sampled_from(CHARACTERS)))
def test_teletex_goes_there_and_back_without_loss(text: str) -> None:
    assert teletex.decode(teletex.encode(text)) == text


@pytest.mark.parametrize(
    ("content", "text"), [(b"B\xc2eamont", "Béamont"), (b"Rouss\xf1x", "Roussæx"), (b"\xa6\xa4", "#$")]
)
def test_teletex_is_not_latin_1(content: bytes, text: str) -> None:
    assert (teletex.decode(content), teletex.encode(text)) == (text, content)


Wrap = Callable[[list[str], list[list[list[str]]]], bytes]
WRAPS: dict[str, Wrap] = {
    "Lg01, line by line": lambda headings, lists: b"".join(
        lo3_messages.message(headings, rows, lo3_messages.lg01(rows[0][1])) + b"\r\n" for rows in lists
    ),
    "Sv01, end to end": lambda headings, lists: b"".join(
        lo3_messages.message(headings, rows, lo3_messages.sv01()) for rows in lists
    ),
    "bodies, line by line": lambda headings, lists: b"\n".join(lo3_messages.message(headings, rows) for rows in lists),
    "bodies, end to end": lambda headings, lists: b"".join(lo3_messages.message(headings, rows) for rows in lists),
    "bodies with their lengths": lambda headings, lists: b"".join(
        f"{len(body):05}".encode() + body for body in (lo3_messages.body(headings, rows) for rows in lists)
    ),
}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_the_test_set_as_lo3_ends_as_the_same_rows(
    wrap: Wrap, in_teletex: tuple[list[str], list[List]], tmp_path: Path
) -> None:
    headings, lists = in_teletex
    assert len(lists) > 670
    selection, messages = tmp_path / "selection.csv", tmp_path / "messages.txt"
    with selection.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows(
            [headings, *(row for rows in lists for row in rows)]
        )
    messages.write_bytes(wrap(headings, lists))
    expected, found = tables(selection), tables(messages)
    for name, frame in expected.items():
        assert_frame_equal(found[name].select(frame.columns), frame)


@pytest.mark.parametrize("table", CARRIED)
def test_haal_centraal_says_the_same_of_who_is_in_both(table: str) -> None:
    """The answer is eight weeks younger, so some of these fictitious persons have changed; and it leaves out standard values."""
    answer, selection = (current(tables(path), table) for path in (HAAL_CENTRAAL, TEST_SET))
    both = answer.join(selection, on="key", suffix=" of selection")
    for field in CARRIED[table].split():
        said = both.filter(pl.col(field).is_not_null())
        same = said.filter(pl.col(field) == pl.col(f"{field} of selection"))
        assert said.height and same.height >= 0.75 * said.height, f"{field}: {same.height} of {said.height}"


def current(found: dict[str, pl.DataFrame], table: str) -> pl.DataFrame:
    """The current rows of a table, with the A-number of their person."""
    keys = found["persons"].select("record_no", key="01.01.10")
    rows = found[table].filter(pl.col("history_no") == 0) if "history_no" in found[table].columns else found[table]
    return rows.join(keys, on="record_no")


PERSON = {
    "aNummer": "8940402024",
    "burgerservicenummer": "999993653",
    "geboorte": {"datum": {"type": "JaarMaandDatum", "jaar": 1985, "maand": 4}, "land": {"code": "6038"}},
    "geslacht": {"code": "V"},
    "nationaliteiten": [
        {"type": "Nationaliteit", "nationaliteit": {"code": "0034"}, "redenOpname": {"code": "301"}},
        {"type": "Staatloos", "datumIngangGeldigheid": {"type": "DatumOnbekend"}},
    ],
    "geheimhoudingPersoonsgegevens": True,
    "gemeenteVanInschrijving": {"code": "0363"},
    "datumInschrijvingInGemeente": {"type": "Datum", "datum": "2022-03-10"},
    "verblijfplaats": {"type": "Adres", "functieAdres": {"code": "W"}, "datumVan": {"type": "JaarDatum", "jaar": 2022}},
    "immigratie": {
        "landVanwaarIngeschreven": {"code": "6038"},
        "datumVestigingInNederland": {"type": "Datum", "datum": "2022-03-10"},
    },
}


def test_version_2_has_dates_of_four_kinds_and_leaves_out_what_it_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"type": "RaadpleegMetBurgerservicenummer", "personen": [PERSON]}))
    found = {name: frame.to_dicts() for name, frame in tables(path).items()}
    [person], [residence] = found["persons"], found["residences"]
    assert (person["01.03.10"], person["07.67.10"], person["07.70.10"]) == ("19850400", None, "7")
    assert (residence["08.09.20"], residence["08.10.30"], residence["08.14.10"]) == ("20220310", "20220000", "6038")
    nationalities = [
        (row["stack_no"], row["history_no"], row["04.05.10"], row["04.85.10"]) for row in found["nationalities"]
    ]
    assert nationalities == [(1, 0, "0034", None), (2, 0, "0499", "00000000")]
    assert found["residence_titles"] == []


def test_a_supplier_may_have_a_delimiter_and_an_encoding_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "selection.csv"
    path.write_text(selection(persons("GM0034", 3)).replace(";", "|"), encoding="cp1252")
    terms = replace(BRP, forms_of_suppliers={"GM0034": {"delimiter": "|", "encoding": "cp1252"}})
    assert tables(path, "GM0034", terms)["persons"].height == 3
    with pytest.raises(LoadRefused, match="headings"):
        tables(path, "GM0363", terms)


def test_a_list_is_read_message_by_message(tmp_path: Path) -> None:
    path = tmp_path / "messages.txt"
    path.write_bytes(b"01017" + b"0110010" + b"8940402024" + b"\n\n" + b"01017" + b"0110010" + b"8320968431")
    assert [message.number for message in lo3.messages(path)] == [1, 2]

"""From delivered fields to columns: checksums, LO3 dates, types."""

import hmac
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opvang import derive, lo3, settings
from opvang.contract import Column
from opvang.messages import without_identifiers
from opvang.privacy import pseudonym


def one(function, value):  # type: ignore[no-untyped-def]
    return pl.DataFrame({"value": [value]}, schema={"value": pl.String}).select(function(pl.col("value"))).item()


def passes_eleven_test(digits: str) -> bool:
    return sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0


@given(st.integers(min_value=1, max_value=999_999_999))
def test_a_bsn_is_valid_when_it_passes_the_eleven_test(number: int) -> None:
    digits = f"{number:09d}"
    assert one(derive.is_bsn, digits) == passes_eleven_test(digits)


@pytest.mark.parametrize("value", ["000000000", "12345678", "1234567890", "99999365X", " 999993653"])
def test_nine_zeros_and_other_lengths_are_no_bsn(value: str) -> None:
    assert one(derive.is_bsn, value) is False


def test_an_absent_bsn_is_neither_valid_nor_invalid() -> None:
    assert one(derive.is_bsn, None) is None


@pytest.mark.parametrize(
    ("value", "valid"), [("8940402024", True), ("8940402025", False), ("8944402024", False), ("0000000000", False)]
)
def test_an_a_number_needs_both_checksums_and_no_equal_neighbours(value: str, valid: bool) -> None:
    assert one(derive.is_a_number, value) is valid


DATES = ["20220425", "20220200", "20200229", "20220000", "00000000"]
NO_DATES = ["00000400", "20220015", "19660013", "20220230", "1994031", "2015", "00002014", "000000000", " "]


@pytest.mark.parametrize(
    ("delivered", "is_date"), [*((d, True) for d in DATES), *((d, False) for d in NO_DATES), (None, None)]
)
def test_an_lo3_date_may_have_unknown_parts_and_no_others(delivered: str | None, is_date: bool | None) -> None:
    assert one(lo3.is_date, delivered) is is_date


@given(st.dates(min_value=date(1850, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_is_an_lo3_date(day: date) -> None:
    assert one(lo3.is_date, f"{day:%Y%m%d}")


def test_what_is_not_as_the_logisch_ontwerp_wants_it_is_named() -> None:
    rows = pl.DataFrame(
        {
            "08.09.10": ["0363", "363", "036X"],
            "08.14.20": ["00000000", None, "20220230"],
            "08.12.10": ["Ďurišová", "Ð", "{"],
        }
    )
    assert derive.form_faults(rows).to_list() == [
        None,
        "08.09.10 length, 08.12.10 Teletex",
        "08.09.10 digits, 08.14.20 date, 08.12.10 Teletex",
    ]


def test_a_deed_excludes_a_document_and_each_is_whole() -> None:
    fields = ["01.01.10", "01.81.10", "01.81.20", "01.82.10"]
    deed, document, number = ("0363", "2AA0001"), "0363", "8940402024"
    rows = [
        (number, *deed, None),
        (number, "0363", None, None),
        (number, *deed, document),
        (number, None, None, None),
        (None,) * 4,
    ]
    found = derive.document_faults(pl.DataFrame(rows, schema=fields, orient="row"))
    assert found.to_list() == [None, "81 incomplete", "both", "none", None]


def column(logical_type: str) -> Column:
    return Column(
        "c",
        logical_type,
        "text",
        ("c",),
        None,
        required=False,
        is_key=False,
        date_format="yyyy-MM-dd",
        description="",
        label="c",
    )


@pytest.mark.parametrize(
    ("logical_type", "value", "fits"),
    [
        ("integer", "12", True),
        ("integer", "12.5", False),
        ("integer", "3000000000", False),
        ("integer", "twelve", False),
        ("date", "2022-04-25", True),
        ("date", "25-04-2022", False),
        ("date", "2022-02-30", False),
        ("boolean", "true", True),
        ("boolean", "ja", False),
        ("number", "12.50", True),
        ("number", "12,50", False),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_a_misfit_and_never_a_silent_null(
    logical_type: str, value: str, fits: bool
) -> None:
    delivered = pl.DataFrame({"c": [value, None]})
    made = delivered.select(derive.column(column(logical_type), delivered))
    misfits = derive.misfits(column(logical_type), delivered["c"], made["c"])
    assert (misfits is None) if fits else (misfits is not None and misfits.to_list() == [True, False])


def test_a_pseudonym_is_the_same_for_the_same_kind_and_another_for_another_kind() -> None:
    numbers = pl.DataFrame({"n": ["999993653", None, "999990639", "999993653"]})
    first, second = (numbers.select(pseudonym(pl.col("n"), kind)).to_series() for kind in ("bsn", "a_number"))
    assert first[0] == first[3] != first[2]
    assert first[1] is None
    assert first[0] != second[0]


def test_a_pseudonym_is_the_first_half_of_an_hmac_sha256_under_the_key() -> None:
    made = pl.DataFrame({"n": ["999993653"]}).select(pseudonym(pl.col("n"), "bsn")).item()
    assert made == hmac.digest(settings.secret("pseudonym_key").encode(), b"bsn:999993653", "sha256").hex()[:32]


def test_messages_lose_whatever_may_be_an_identifier() -> None:
    assert (
        without_identifiers("duplicate key 999993653 of 8940402024 on line 12345")
        == "duplicate key ******** of ******** on line 12345"
    )

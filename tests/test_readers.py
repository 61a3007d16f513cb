"""Readers refuse what they can't read whole, with a line and without a value of the file."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opvang import derive
from opvang.contract import contract
from opvang.errors import LoadRefused, UsageError
from opvang.fetch import _place
from opvang.messages import one_line
from opvang.readers import csv, json

HEADING = "a;b;c\n"


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "delivery"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def table(folder: Path, content: str | bytes) -> pl.DataFrame:
    return pl.concat(csv.batches(written(folder, content), ";", {"first": 0, "last": 2}))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1;2;3\n4;5\n", "line 3 has 2 fields where the heading has 3"),
        ("1;2;3\n4;5;6;7\n", "line 3 has 4 fields where the heading has 3"),
        ('1;2;3\n4;"Jansen;6\n', "from line 3 on: unexpected end of data"),
        ('1;2;3\n4;"Jan"sen;6\n', "from line 3 on"),
        (b"1;2;3\n4;caf\xe9;6\n", "not UTF-8 after line"),
        (b"1;2;caf\xc3", "not UTF-8 after line"),
        ("x" * (csv.LONGEST_LINE + 1), "a line of more than"),
        ("1;2;3\n4;\x00;6\n", "NUL bytes"),
    ],
)
def test_a_row_that_may_have_shifted_refuses_the_file_and_quotes_nothing(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(LoadRefused) as refusal:
        table(tmp_path, HEADING.encode() + raw)
    assert message in str(refusal.value)
    assert "Jan" not in str(refusal.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_and_blank_lines_make_the_same_rows(tmp_path: Path, end: str) -> None:
    rows = table(tmp_path, end.join(["a;b;c", "1;2;3", "", '4;"x', 'y";', ""]))
    assert rows.rows() == [(2, "1", "3"), (4, "4", None)]


PLAIN = ["1;2;3", "4;;6", ";;", '1;"a";3', '1;"a;b";3', '"";"""";""']
ODD = ["1;2", "1;2;3;4", "", '1;"a\nb";3', '1;a"b;3', '1;"a"b;3', '"x', "\r", "1;2;3\r", '1;" "x;']


@given(
    st.lists(st.sampled_from(PLAIN), max_size=3), st.sampled_from(ODD) | st.none(), st.sampled_from(["", "\n", "\r\n"])
)
def test_the_fast_way_reads_what_the_strict_way_reads_and_refuses_what_it_refuses(
    plain: list[str], odd: str | None, end: str
) -> None:
    rows = [*plain, *([odd] if odd is not None else []), *plain]
    with TemporaryDirectory() as folder:
        path, wanted = written(Path(folder), HEADING + "\n".join(rows) + end), {"first": 0, "last": 2}
        try:
            strict = [row for rows in csv._row_by_row(path, ";", wanted, 3, csv.Place(0, 1)) for row in rows.rows()]
        except LoadRefused as refusal:
            with pytest.raises(LoadRefused, match=re.escape(str(refusal))):
                list(csv.batches(path, ";", wanted))
        else:
            assert [row for rows in csv.batches(path, ";", wanted) for row in rows.rows()] == strict


@pytest.mark.parametrize("content", ["", "\ufeff", "\n", "\n1;2;3\n"])
def test_a_file_without_a_heading_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(LoadRefused, match="the file is empty"):
        csv.header(written(tmp_path, content), ";")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": ' + "9" * 5000 + "}", "4,300 digits"),
        ('{"a": NaN}', "NaN is no JSON"),
        ('{"a": -Infinity}', "-Infinity is no JSON"),
        (r'{"a": ["\ud800"]}', "half a character"),
        (r'{"\udfff": 1}', "half a character"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1, "a": 2}', "twice"),
        (b'{"a": "\xff"}', "not utf-8"),
    ],
)
def test_what_is_no_json_document_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(LoadRefused, match=message):
        json.document(written(tmp_path, content))


def test_a_whole_surrogate_pair_is_a_character(tmp_path: Path) -> None:
    assert json.document(written(tmp_path, r'{"a": "\ud83d\ude00"}')) == {"a": "😀"}


def test_a_list_or_an_object_is_no_value() -> None:
    with pytest.raises(LoadRefused, match="note holds a list or an object"):
        json.frame([{"note": {"a": 1}}])


@pytest.mark.parametrize(
    ("column", "misfit", "fit"),
    [
        ("location_id", "x" * 201, "x" * 200),
        ("location_id", " VR13-0001", "VR13-0001"),
        ("location_id", "VR13-0001\u200b", "é"),
        ("available_from_date", "0000-01-01", "0001-01-01"),
        ("available_from_date", "-0044-03-15", "9999-12-31"),
        ("available_from_date", "+12345-03-15", "2024-02-29"),
        ("available_from_date", "2022-3-1", "2022-03-01"),
        ("places_in_use", "2147483648", "2147483647"),
    ],
)
def test_what_postgresql_or_a_reader_can_not_tell_apart_is_a_misfit(column: str, misfit: str, fit: str) -> None:
    [told] = [each for each in contract("reception").tables[0].columns if each.name == column]
    values = pl.DataFrame({"v": [misfit, fit, None]}).select(derive.typed(told, pl.col("v"))).to_series()
    assert values.is_null().to_list() == [True, False, True]


def test_a_number_fits_the_digits_of_its_column() -> None:
    [value] = [each for each in contract("energy_contracts").tables[0].columns if each.name == "value_eur"]
    delivered = pl.DataFrame({"v": ["1000000000000", "999999999999.99", "-1.5"]})
    assert delivered.select(derive.typed(value, pl.col("v"))).to_series().is_null().to_list() == [True, False, False]


def test_a_message_is_one_line_of_bounded_length_without_identifiers() -> None:
    assert one_line("a\n999993653\x1b[31m \u202e8940402024") == "a ******** [31m ********"
    assert len(one_line("x" * 10_000)) < 600


@pytest.mark.parametrize("uri", ["foo://bar", "caf\udcff.json"])
def test_an_address_that_nothing_speaks_is_wrong_use(uri: str) -> None:
    with pytest.raises(UsageError) as error:
        _place(uri)
    str(error.value).encode()


@pytest.mark.parametrize("source", ["brq", "../contracts/brp", "x" * 300, ""])
def test_a_source_that_is_not_there_is_wrong_use(source: str) -> None:
    with pytest.raises(UsageError, match="there is no source"):
        contract(source)

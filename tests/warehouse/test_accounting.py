"""Whatever is delivered: records read = published + quarantined + refused, and no error but our own.

`pytest --hypothesis-profile thorough` looks twenty times as long, each time elsewhere.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opvang import warehouse
from opvang.errors import OpvangError
from opvang.load import load
from opvang.schema import raw_table
from tests.bad_deliveries import (
    Source,
    brp,
    brp_forms,
    claims,
    code_tables,
    energy_contracts,
    ownership,
    reception,
    sanction_decisions,
    write,
)
from tests.conftest import clear_but_code_tables
from tests.deliveries import document, location

pytestmark = pytest.mark.usefixtures("code_tables_once")

# One example is a batch of deliveries of several suppliers, since Great Expectations costs the same for one and for many.
DELIVERIES = 12
IMPATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
FORMS = {
    "reception": reception.SOURCE,
    "brp, tabular": brp.SOURCE,
    "brp, LO3": replace(brp.SOURCE, good=brp_forms.good_messages),
    "brp, Haal Centraal": replace(brp.SOURCE, good=brp_forms.good_answer),
    "energy_contracts, OCDS": energy_contracts.SOURCE,
    "energy_contracts, eForms": replace(energy_contracts.SOURCE, good=energy_contracts.good_notice),
    "energy_contracts, register": replace(energy_contracts.SOURCE, good=energy_contracts.good_register),
    "ownership": ownership.SOURCE,
    "claims": claims.SOURCE,
    "sanction_decisions": sanction_decisions.SOURCE,
    "code_tables": code_tables.SOURCE,
}
OTHER_FORMS = ("brp, Haal Centraal", "energy_contracts, eForms", "energy_contracts, register", "sanction_decisions")
# Of sources with a supplier for each delivery: what comes twice from one stands there once.
RECORD_TABLES = {
    "reception": "locations",
    "brp": "persons",
    "energy_contracts": "contracts",
    "claims": "claims",
}

odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["", " ", "\u200b", "=1+1", "0", "2022-02-30", "0000-01-01", "GM9999", "-1", 2**31, 10**30, "x" * 300, "\0", [], {}]),
)  # fmt: skip
odd_fields = st.dictionaries(st.sampled_from(sorted(location(1))), odd_values, max_size=3)
records = st.builds(lambda number, odd: location(number) | odd, st.integers(0, 30), st.one_of(st.just({}), odd_fields))
odd_reports = st.dictionaries(st.sampled_from(["vr_code", "as_of", "locations", "sender"]), odd_values, max_size=1)
reports = st.tuples(st.lists(records, max_size=8), st.integers(0, 12), st.one_of(st.just({}), st.just({}), odd_reports))
edits = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["put", "insert", "cut", "repeat"]),
        st.one_of(st.binary(max_size=4), st.sampled_from([b'"', b";", b",", b"\n", b"\r", b"\0", b"0", b"{", b"]", b"\xc3", b"\xef\xbb\xbf"])),
    ),
    max_size=4,
)  # fmt: skip


def edited(content: bytes, changes: Sequence[tuple[float, str, bytes]]) -> bytes:
    """The bytes after some accidents."""
    for where, accident, piece in changes:
        at = int(where * len(content))
        rest = {"put": at + len(piece), "insert": at, "cut": at + 40, "repeat": max(at - 40, 0)}[accident]
        content = content[:at] + (b"" if accident == "cut" else piece) + content[rest:]
    return content


def account_for(source: Source, contents: Sequence[bytes]) -> list[dict[str, Any]]:
    """The accounts of a batch, one delivery per supplier and day; they add up, whatever was delivered."""
    clear_but_code_tables()
    folder = Path(tempfile.mkdtemp())
    try:
        files = [
            write(folder, source.name, source.suppliers[at % len(source.suppliers)], source.first_day + timedelta(days=at // len(source.suppliers)), source.file, content)
            for at, content in enumerate(contents)
        ]  # fmt: skip
        accounts = load(source.name, [str(file) for file in files], None, None, None)
    except OpvangError as error:
        raise AssertionError(f"a delivery may be refused, and never fails: {error}") from error
    finally:
        shutil.rmtree(folder)
    for account in accounts:
        check(account)
    check_tables(source)
    return accounts


def check(account: dict[str, Any]) -> None:
    fates = [account[f"records_{fate}"] for fate in ("published", "quarantined", "refused")]
    assert account["records_read"] == sum(fates)
    assert account["records_flagged"] <= account["records_published"]
    is_refused = (account.get("verdict_then") or account["verdict"]) == "refused"
    assert bool(account["message"]) == is_refused
    assert not is_refused or (fates[:2] == [0, 0] and "\n" not in account["message"])


def check_tables(source: Source) -> None:
    """What the ledger counts is what lies in quarantine and in raw."""
    with warehouse.connect() as connection:
        aside = connection.execute(
            b"""select delivery_id from ops.deliveries left join quarantine.records using (delivery_id)
            group by delivery_id having count(record_no) <> max(records_quarantined)"""
        ).fetchall()
        assert not aside
        if source.name in RECORD_TABLES:
            place = raw_table(source.name, RECORD_TABLES[source.name])
            [published] = connection.execute(
                f"select (select sum(records_published) from ops.deliveries where source = '{source.name}') as told, (select count(*) from {place}) as standing".encode()
            ).fetchall()
            assert (published["told"] or 0) == published["standing"]


@settings(max_examples=settings().max_examples // 20, deadline=None, suppress_health_check=IMPATIENT)
@given(st.lists(reports, min_size=1, max_size=DELIVERIES))
def test_reports_of_any_mix_of_records_are_accounted_for(drawn: list[tuple[list[dict[str, Any]], int, dict[str, Any]]]) -> None:  # fmt: skip
    contents = []
    for at, (odd, good, other) in enumerate(drawn):
        rows = [*odd, *(location(number) for number in range(100, 100 + good))]
        made = document(rows, reception.SOURCE.first_day, reception.SOURCE.suppliers[at]) | other
        contents.append(json.dumps(made).encode())
    account_for(reception.SOURCE, contents)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(source, marks=[pytest.mark.thorough] if name in OTHER_FORMS else [])
        for name, source in FORMS.items()
    ],
    ids=FORMS,
)
@settings(max_examples=max(settings().max_examples // 50, 1), deadline=None, suppress_health_check=IMPATIENT)
@given(drawn=st.lists(edits, min_size=1, max_size=DELIVERIES))
def test_files_after_accidents_are_accounted_for(source: Source, drawn: list[list[tuple[float, str, bytes]]]) -> None:
    contents = [edited(source.good(by, source.first_day), changes) for by, changes in zip(source.suppliers * DELIVERIES, drawn, strict=False)]  # fmt: skip
    account_for(source, contents)

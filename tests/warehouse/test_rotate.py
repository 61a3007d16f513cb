"""A rotation of the key: other pseudonyms, the same histories."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from opvang import privacy, rotate, settings, warehouse
from opvang.errors import UsageError
from opvang.land import land
from opvang.load import load, run
from tests.bad_deliveries import brp, person_lists

SUPPLIER, FIRST_DAY = brp.SOURCE.suppliers[0], brp.SOURCE.first_day
STATE = b"""
select
    (to_jsonb(kept) - '{record_key,person_pseudonym,bsn_pseudonym,key_id,known_from,known_to,delivery_id}'::text[])::text as content,
    known_to = 'infinity' as is_known,
    count(*) over (partition by record_key) as versions
from raw.brp_persons as kept
order by content, is_known, versions
"""


@pytest.fixture(autouse=True)
def one_key() -> Iterator[None]:
    """Keys are forgotten again, so that the next test begins with one."""
    yield
    for path in settings.SECRETS.glob("pseudonym_key_*"):
        path.unlink()


def deliver(folder: Path, ahead: int, rows: person_lists.Rows) -> Any:
    day = FIRST_DAY + timedelta(days=ahead)
    place = folder / "brp" / SUPPLIER / day.isoformat()
    place.mkdir(parents=True)
    (place / "selection.csv").write_text(person_lists.selection(rows))
    [account] = load("brp", [str(place / "selection.csv")], None, None, None)
    return account


def days() -> list[person_lists.Rows]:
    """Thirty persons; then one is gone, one differs and one is in quarantine; then the last is mended."""
    first = person_lists.persons(SUPPLIER)
    differs, stopped = person_lists.person(SUPPLIER, 1, _07_70_10="7"), person_lists.person(SUPPLIER, 2, _08_09_10="")
    return [first, [first[0], differs, stopped, *first[4:]], [first[0], differs, *first[2:3], *first[4:]]]


def state() -> list[dict[str, Any]]:
    with warehouse.connect() as connection:
        return connection.execute(STATE).fetchall()


def keys() -> set[int]:
    with warehouse.connect() as connection:
        rows = connection.execute(
            b"select distinct key_id from raw.brp_residences where known_to = 'infinity' and reference_to = 'infinity'"
        )
        return {row["key_id"] for row in rows}


def loaded(folder: Path, *, rotated_before: int | None) -> list[dict[str, Any]]:
    for ahead, rows in enumerate(days()):
        if ahead == rotated_before:
            rotate.begin()
        deliver(folder, ahead, rows)
    return state()


@pytest.mark.parametrize("before", [1, 2])
def test_nobody_arrives_or_leaves_because_of_a_key(fresh: None, tmp_path: Path, before: int) -> None:
    with_rotation = loaded(tmp_path / "rotated", rotated_before=before)
    assert keys() == {2}
    with warehouse.connect() as connection:
        connection.execute(
            b"truncate raw.brp_persons, raw.brp_nationalities, raw.brp_residences, raw.brp_residence_titles, quarantine.records, ops.breaches"
        )
        connection.execute(
            b"delete from ops.rule_results where delivery_id in (select delivery_id from ops.deliveries where source = 'brp')"
        )
        connection.execute(b"delete from ops.deliveries where source = 'brp'")
    assert with_rotation == loaded(tmp_path / "plain", rotated_before=None)


def test_the_former_key_is_kept_until_every_supplier_has_delivered(fresh: None, tmp_path: Path) -> None:
    deliver(tmp_path, 0, days()[0])
    rotate.begin()
    with pytest.raises(UsageError, match=rf"1 supplier.*{SUPPLIER} \(30\)"):
        rotate.end()
    deliver(tmp_path, 1, days()[0])
    assert rotate.end() == 1
    assert privacy.key_ids() == (2,)
    (settings.SECRETS / "pseudonym_key_2").rename(settings.SECRETS / "pseudonym_key")


def test_keys_are_for_their_owner_only() -> None:
    rotate.begin()
    assert {path.stat().st_mode & 0o777 for path in settings.SECRETS.glob("pseudonym_key*")} == {0o600}


def test_a_rotation_waits_until_what_was_landed_is_published(fresh: None, tmp_path: Path) -> None:
    from opvang.fetch import fetch

    place = tmp_path / "brp" / SUPPLIER / FIRST_DAY.isoformat()
    place.mkdir(parents=True)
    (place / "selection.csv").write_text(person_lists.selection(days()[0]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "INBOX", str(tmp_path))
        batch = fetch("brp")
    assert batch
    land("brp", batch)
    with pytest.raises(UsageError, match=f"publish it first: opvang publish brp {batch}"):
        rotate.begin()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "INBOX", str(tmp_path))
        again = fetch("brp")
    assert again
    run("brp", again)  # the run that broke off went on in another batch
    rotate.begin()

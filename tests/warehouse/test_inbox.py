"""What fetch takes from the inbox, what it leaves alone, and that nothing there keeps another delivery out."""

import io
import logging
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fsspec.implementations.local import LocalFileSystem

from opvang import fetch, load, settings, store, warehouse
from opvang import inbox as first_deliveries
from opvang.errors import SourceUnavailable, UsageError
from opvang.messages import file_name
from tests.bad_deliveries.inbox import LEFT_ALONE, link
from tests.deliveries import DAY, location, report

pytestmark = pytest.mark.usefixtures("fresh")


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "INBOX", str(tmp_path / "inbox"))
    return tmp_path / "inbox"


def taken(source: str = "reception") -> list[str]:
    """The files that a run of fetch takes up, loaded at once."""
    if (batch := fetch.fetch(source)) is None:
        return []
    load.run(source, batch)
    with warehouse.connect() as connection:
        query = "select file_name from ops.deliveries where batch_id = %s order by supplier, file_name"
        return [row["file_name"] for row in connection.execute(query.encode(), [batch])]


def aged(path: Path, seconds: float) -> Path:
    moment = datetime.now(UTC).timestamp() - seconds
    os.utime(path, (moment, moment))
    return path


def test_a_file_that_was_changed_a_moment_ago_waits_for_the_next_run(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPVANG_SETTLE_SECONDS", "5")
    caplog.set_level(logging.INFO)
    path = report(inbox, [location(1)])
    assert taken() == []
    assert f"{path} is still being written; the next run takes it" in caplog.messages
    aged(path, 6)
    assert taken() == [path.name]


def test_fetch_says_how_many_of_those_that_wait_are_new(inbox: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A run that went no further leaves its deliveries to the next one, to which they are not new."""
    caplog.set_level(logging.INFO)
    report(inbox, [location(1)])
    assert fetch.fetch("reception")
    report(inbox, [location(1)], region="VR14")
    assert fetch.fetch("reception")
    told = [line.split("; ")[0] for line in caplog.messages if " of them new" in line]
    assert [line.split(", ")[-1] for line in told] == ["1 of them new", "1 of them new"]


def test_a_name_that_says_unfinished_is_left_alone_until_it_is_renamed(inbox: Path) -> None:
    paths = [report(inbox, [location(1)], region=f"VR{number:02}") for number in range(1, 7)]
    names = ["report.json.part", "report.tmp", "a.filepart", "b.crdownload", ".hidden", ".report.swp"]
    drafts = [path.rename(path.with_name(name)) for path, name in zip(paths, names, strict=True)]
    assert taken() == []
    for draft, path in zip(drafts, paths, strict=True):
        draft.rename(path)
    assert len(taken()) == 6


def test_a_file_that_changes_while_it_is_read_is_left_and_nothing_of_it_is_kept(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path, keep = report(inbox, [location(1)]), store._write

    def written_meanwhile(draft: Path, stream: object) -> tuple[str, int]:
        made = keep(draft, stream)  # type: ignore[arg-type]
        with path.open("a") as more:
            more.write(" ")
        return made

    before = set(store.kept("reception", "").glob("*"))
    monkeypatch.setattr(store, "_write", written_meanwhile)
    assert taken() == []
    assert "changed while it was read; take it when it is written" in caplog.text
    with pytest.raises(SourceUnavailable, match="changed while it was read"):
        load.load("reception", [str(path)], None, None, None)
    assert set(store.kept("reception", "").glob("*")) == before
    monkeypatch.undo()
    monkeypatch.setattr(settings, "INBOX", str(inbox))
    assert taken() == [path.name]


def test_a_file_that_goes_or_breaks_off_while_it_is_read_keeps_no_other_out(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gone, broken, whole = (report(inbox, [location(1)], region=f"VR{number}") for number in (11, 12, 13))
    keep = store.keep

    def meanwhile(source: str, blocks: Iterator[bytes], check: Callable[[int], None]) -> tuple[str, int]:
        def troubled() -> Iterator[bytes]:
            for block in blocks:
                if b"VR11" in block:
                    gone.unlink()
                yield block

        return keep(source, troubled(), check)

    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise ConnectionResetError("the server hung up")

    opened = LocalFileSystem._open
    monkeypatch.setattr(store, "keep", meanwhile)
    monkeypatch.setattr(
        LocalFileSystem,
        "_open",
        lambda self, path, *rest, **more: Broken() if "VR12" in path else opened(self, path, *rest, **more),
    )
    assert taken() == [whole.name]
    assert f"{file_name(str(gone))} changed while it was read" in caplog.text
    assert f"{file_name(str(broken))} broke off while it was read: the server hung up; try again later" in caplog.text


def test_a_correction_that_ranks_behind_what_it_should_replace_is_told(
    inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With an older time, as `cp -p`, `rsync -t` and archives leave it; or the bytes of a version that was replaced."""
    first = report(inbox, [location(1, 100)])
    content = first.read_bytes()
    assert taken() == [first.name]
    aged(report(inbox, [location(1, 110)]).rename(first), 7 * 24 * 3600)
    assert taken() == [first.name]
    assert f"{first} is older than what was taken from there before, which stays" in caplog.text
    assert standing() == 100
    report(inbox, [location(1, 120)]).rename(first)
    assert taken() == [first.name]
    assert standing() == 120
    first.write_bytes(content)
    assert taken() == []
    assert f"{first} holds the bytes of a delivery that another replaced since, which stays" in caplog.text
    assert standing() == 120


def standing() -> int:
    with warehouse.connect() as connection:
        query = b"select places_operational from raw.reception_locations where known_to = 'infinity' and reference_to = 'infinity'"
        [row] = connection.execute(query).fetchall()
        return int(row["places_operational"])


def test_what_slipped_through_half_written_is_mended_by_the_whole_file(inbox: Path) -> None:
    path = report(inbox, [location(1), location(2)])
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert taken() == [path.name]
    path.write_bytes(whole)
    aged(path, -1)
    assert taken() == [path.name]
    with warehouse.connect() as connection:
        found = connection.execute(
            b"select verdict from ops.deliveries where source = 'reception' order by 1"
        ).fetchall()
        rows = connection.execute(b"select count(*) as rows from raw.reception_locations").fetchall()
    assert ([row["verdict"] for row in found], rows) == (["published", "refused"], [{"rows": 2}])


def test_what_is_no_file_of_a_supplier_and_day_is_left_alone_and_keeps_no_other_out(
    inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = report(inbox, [location(1)], region="VR25")
    for number, odd in enumerate(LEFT_ALONE, start=1):
        odd.make(report(inbox, [location(1)], region=f"VR{number:02}"))
    assert taken() == [good.name]
    assert sum(" is left alone: " in line for line in caplog.messages) == len(LEFT_ALONE)
    for number, odd in enumerate(LEFT_ALONE, start=1):
        [line] = [line for line in caplog.messages if f"/VR{number:02}" in line and " is left alone: " in line]
        assert odd.message in line
        assert "\n" not in line
        line.encode()


def test_a_person_who_names_a_link_means_the_file_behind_it(inbox: Path) -> None:
    path = report(inbox, [location(1)])
    link(path)
    [account] = load.load("reception", [str(path)], "VR13", DAY, None)
    assert account["verdict"] == "published"


def test_a_strange_name_is_only_a_name(inbox: Path) -> None:
    strange = ["two\nlines.json", "qu'ote\".json", "😀.json", "\u202etxt.nosj.json", "=cmd|' !A0.json", "%2e%2e.json"]
    strange += ["s*[1]?.json", "'; drop schema raw cascade; --.json"]
    for number, name in enumerate(strange, start=1):
        path = report(inbox, [location(1)], region=f"VR{number:02}")
        path.rename(path.with_name(name))
    shown = taken()
    assert len(shown) == len(strange)
    assert all(name.isprintable() for name in shown)
    assert taken() == []


def test_a_number_of_nine_or_ten_digits_in_a_name_is_shown_to_nobody(
    inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = report(inbox, [location(1)])
    path.rename(path.with_name("999993653_20220425.json"))
    report(inbox, [location(2)], region="VR14").rename(inbox / "reception/8940402024.json")
    assert taken() == ["********_20220425.json"]
    assert "8940402024" not in caplog.text and "********.json is left alone" in caplog.text


def test_a_file_from_a_clock_that_runs_ahead_counts_as_received_now(inbox: Path) -> None:
    aged(report(inbox, [location(1)]), -86_400 * 30)
    assert taken() == ["report_0.json"]
    with warehouse.connect() as connection:
        query = b"select received_at from ops.deliveries where source = 'reception'"
        assert connection.execute(query).fetchall()[0]["received_at"] <= datetime.now(UTC)


def test_an_inbox_is_filled_with_invented_persons_only_while_nothing_was_ever_delivered(inbox: Path) -> None:
    assert not inbox.exists()
    assert not first_deliveries.is_ours_to_fill()


@pytest.mark.parametrize("address", ["nowhere://inbox", "sftp://inbox.example/opvang"])
def test_an_inbox_whose_address_nothing_here_can_read_is_told_in_one_line(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INBOX", address)
    with pytest.raises(UsageError, match=f"^OPVANG_INBOX={address} can't be reached: .*; set a folder, or install"):
        fetch.fetch("reception")

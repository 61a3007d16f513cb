"""What lies in the inbox and is no file of a supplier and a day: fetch leaves it alone and says so in one line."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True)
class Odd:
    """Something odd that is made of a good file, and why it is left alone."""

    name: str
    make: Callable[[Path], None]
    message: str


def link(path: Path) -> None:
    target = path.rename(path.parents[4] / f"elsewhere_{path.parts[-3]}.json")
    path.symlink_to(target)


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere/at/all")


def linked_supplier(path: Path) -> None:
    folder = path.parents[1]
    folder.symlink_to(folder.rename(path.parents[4] / f"elsewhere_{path.parts[-3]}"), target_is_directory=True)


def linked_day(path: Path) -> None:
    folder = path.parent
    folder.symlink_to(folder.rename(path.parents[4] / f"elsewhere_{path.parts[-3]}"), target_is_directory=True)


def directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def no_day(path: Path) -> None:
    path.parent.rename(path.parents[1] / "25-04-2022")


def day_that_does_not_exist(path: Path) -> None:
    path.parent.rename(path.parents[1] / "2022-02-30")


def future(path: Path) -> None:
    path.parent.rename(path.parents[1] / str(datetime.now(UTC).date() + timedelta(days=3)))


def year_1022(path: Path) -> None:
    path.parent.rename(path.parents[1] / "1022-04-25")


def chain(path: Path) -> None:
    path.rename(path.with_name("a::b.json"))


def no_utf8(path: Path) -> None:
    path.rename(path.with_name("caf\udce9.json"))


def beside(path: Path) -> None:
    path.rename(path.parents[1] / "report.json")


LEFT_ALONE = (
    Odd("a symbolic link", link, "symbolic link"),
    Odd("a symbolic link to nothing", dangling, "symbolic link"),
    Odd("a symbolic link in place of a supplier's folder", linked_supplier, "symbolic link"),
    Odd("a symbolic link in place of a day's folder", linked_day, "symbolic link"),
    Odd("a folder where a file belongs", directory, "it is no file"),
    Odd("a pipe (FIFO) where a file belongs", fifo, "it is no file"),
    Odd("a folder with a date the Dutch way", no_day, "no reference date"),
    Odd("a folder named 30 February", day_that_does_not_exist, "no reference date"),
    Odd("a reference date in the future", future, "lies in the future"),
    Odd("a reference date in 1022", year_1022, "lies before 2000-01-01"),
    Odd("a name with ::", chain, "holds '::'"),
    Odd("a name that is no UTF-8", no_utf8, "no UTF-8"),
    Odd("a file that lies in no day's folder", beside, "move it there"),
)
STILL_WRITTEN = (
    ("a file that was changed a moment ago", "is still being written; the next run takes it"),
    ("a name that ends in .part, .tmp, .filepart or .crdownload", "is still being written; the next run takes it"),
    ("a file that changes while it is read", "changed while it was read; take it when it is written"),
)

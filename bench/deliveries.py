"""The selection as files: one delivery, one of each municipality, a tenth for slow loaders, or those of two days."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import BinaryIO

import numpy as np

from bench.days import DAY, FIRST_DAY, NEXT_DAY
from bench.selection import Selection


def write(folder: Path, count: int) -> None:
    """`one/brp/rvig/<day>/selection.csv`, the same lines as a delivery of each municipality in `many/brp/GM…/<day>/`, `tenth.csv`, `told.json`."""
    made = Selection(count)
    whole = _place(folder / "one", "rvig")
    rows = 0
    with whole.open("wb") as file:
        file.write(made.header())
        for supplier, start, end in _municipalities(made):
            with _place(folder / "many", supplier).open("wb") as own:
                own.write(made.header())
                for lines in made.pieces(start, end):
                    own.write(lines)
                    rows += _write_lines(file, lines)
    _write_tenth(folder / "tenth.csv", made, count // 10)
    (folder / "told.json").write_text(json.dumps(made.told(rows, whole.stat().st_size)))


def write_days(folder: Path, count: int, changing: int) -> None:
    """`days/brp/rvig/<day>/selection.csv` of two days; so many of 1,000 persons change between them."""
    for day, changes in ((FIRST_DAY, 0), (NEXT_DAY, changing)):
        made = Selection(count, changes)
        path = _place(folder / "days", "rvig", day)
        with path.open("wb") as file:
            file.write(made.header())
            rows = sum(_write_lines(file, lines) for lines in made.pieces(0, count))
        (folder / "told.json").write_text(json.dumps(made.told(rows, path.stat().st_size)))
        evening = datetime.combine(day, time(18), UTC).timestamp()
        os.utime(path, (evening, evening))


def _write_tenth(path: Path, made: Selection, count: int) -> None:
    with path.open("wb") as file:
        file.write(made.header())
        file.writelines(made.pieces(0, count))


def _write_lines(file: BinaryIO, lines: bytes) -> int:
    """Write rows; returns how many."""
    file.write(lines)
    return lines.count(b"\n")


def _municipalities(made: Selection) -> Iterator[tuple[str, int, int]]:
    ends = np.searchsorted(made.persons.municipality, np.arange(len(made.codes)), side="right")
    start = 0
    for code, end in zip(made.codes, ends.tolist(), strict=True):
        if end > start:
            yield f"GM{code}", start, end
        start = end


def _place(inbox: Path, supplier: str, day: date = DAY) -> Path:
    folder = inbox / "brp" / supplier / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "selection.csv"


def main(folder: Path, count: int, changing: int) -> None:
    """The selection of so many person lists, or where persons change those of two days."""
    if changing:
        write_days(folder, count, changing)
    else:
        write(folder, count)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

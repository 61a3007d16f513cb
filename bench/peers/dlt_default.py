"""dlt as its first page shows it: dictionaries in, insert statements out."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import dlt


def rows(path: Path) -> Iterator[dict[str, str | None]]:
    """Every row as a dictionary; empty is null."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        names = [f"c{position}" for position, _ in enumerate(next(reader), 1)]
        for row in reader:
            yield {name: value or None for name, value in zip(names, row, strict=True)}


def main() -> None:
    """Load the file that the command names into the schema that it names."""
    path, schema = Path(sys.argv[1]), sys.argv[2]
    pipeline = dlt.pipeline("dlt_default", pipelines_dir=sys.argv[3], destination="postgres", dataset_name=schema)
    pipeline.run(rows(path), table_name="selection").raise_on_failed_jobs()


if __name__ == "__main__":
    main()

"""dlt at its fastest: Arrow batches out of pyarrow's CSV reader, as parquet through ADBC into one table of text columns."""

import sys
from collections.abc import Iterator
from pathlib import Path

import dlt
import pyarrow as pa
from pyarrow import csv


def batches(path: Path) -> Iterator[pa.Table]:
    """The file in blocks, every column as text under a name of its own."""
    width = path.open(encoding="utf-8-sig").readline().count(";") + 1
    names = [f"c{position}" for position in range(1, width + 1)]
    reader = csv.open_csv(
        path,
        csv.ReadOptions(column_names=names, skip_rows=1, block_size=64 << 20),
        csv.ParseOptions(delimiter=";"),
        csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True),
    )
    for batch in reader:
        yield pa.Table.from_batches([batch])


def main() -> None:
    """Load the file that the command names into the schema that it names."""
    path, schema = Path(sys.argv[1]), sys.argv[2]
    pipeline = dlt.pipeline("dlt_arrow", pipelines_dir=sys.argv[3], destination="postgres", dataset_name=schema)
    pipeline.run(batches(path), table_name="selection", loader_file_format="parquet").raise_on_failed_jobs()


if __name__ == "__main__":
    main()

"""pandas as people use it: read_csv in chunks, to_sql with many rows an insert, as SQLAlchemy makes them by itself.

`method="multi"`, which many pages advise, is left out: with this many columns it had not ended after nine minutes where this takes one.
"""

import sys
from pathlib import Path

import pandas as pd
import sqlalchemy

CHUNK = 10_000


def main() -> None:
    """Load the file that the command names into the schema that it names."""
    path, schema = Path(sys.argv[1]), sys.argv[2]
    engine = sqlalchemy.create_engine("postgresql+psycopg2://")  # PGHOST and its like say where
    for chunk in pd.read_csv(path, sep=";", dtype="str", encoding="utf-8-sig", chunksize=CHUNK):
        chunk.to_sql("selection", engine, schema=schema, if_exists="append", index=False)


if __name__ == "__main__":
    main()

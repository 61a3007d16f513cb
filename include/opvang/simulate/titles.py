"""Residence titles (category 10): 30 for who came, converted into 46 in the weekend of 14 and 15 May 2022."""

from datetime import date

import numpy as np
import polars as pl

from opvang.simulate.arrivals import as_days
from opvang.simulate.calibration import FIRST_ARRIVALS
from opvang.simulate.chance import Bools, Ints, happens
from opvang.simulate.facts import rate

LAG_DAYS, LATER_DAYS, WITHDRAWN_AFTER_DAYS = (4, 25), (1, 20), (15, 40)
CONVERSION = date(2022, 5, 14)  # and the day after
PROTECTION_ENDS = date(2023, 3, 4)  # Council Implementing Decision (EU) 2022/382: one year
NO_END = -1
HALF = 500_000


def titles(persons: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """All rows of category 10 of these persons, as a frame with `person`, `title`, `since`, `until` and `recorded`."""
    size, person = len(persons), persons["person"].to_numpy()
    settled = persons["settled"].to_numpy()
    lately = settled >= as_days(FIRST_ARRIVALS)
    earlier = ~lately & happens(rng, size, rate("residence_title_of_earlier_resident"))
    known = lately & happens(rng, size, rate("residence_title_known")) | earlier
    later = lately & happens(rng, size, rate("residence_title_begins_later"))
    since = settled + np.where(later, rng.integers(*LATER_DAYS, size=size), 0)
    recorded = np.maximum(persons["recorded"].to_numpy() + rng.integers(*LAG_DAYS, size=size), since)
    converted = as_days(CONVERSION) + rng.integers(2, size=size)
    has_30 = known & (recorded < as_days(CONVERSION))
    keeps_30 = earlier & happens(rng, size, HALF)
    ended = np.maximum(since + rng.integers(*WITHDRAWN_AFTER_DAYS, size=size), recorded + 1)
    noticed = ended + rng.integers(8, size=size)
    withdrawn = (
        has_30 & lately & happens(rng, size, rate("residence_title_withdrawn")) & (noticed < as_days(CONVERSION))
    )
    no_end = np.full(size, NO_END, dtype=np.int64)
    one_year = np.full(size, as_days(PROTECTION_ENDS), dtype=np.int64)
    end_of_30 = np.where(withdrawn | keeps_30 | happens(rng, size, HALF), no_end, one_year)
    rows = [
        _rows("30", has_30, person, since, end_of_30, recorded),
        _rows("98", withdrawn, person, ended, no_end, noticed),
        _rows("46", has_30 & ~withdrawn & ~keeps_30, person, converted, one_year, converted),
        _rows("46", known & ~has_30, person, since, one_year, np.maximum(recorded, converted)),
    ]
    return pl.concat(rows).sort("person", "recorded", maintain_order=True)


def _rows(title: str, which: Bools, person: Ints, since: Ints, until: Ints, recorded: Ints) -> pl.DataFrame:
    columns = {"person": person, "since": since, "until": until, "recorded": recorded}
    return pl.DataFrame({name: values[which] for name, values in columns.items()}).with_columns(
        pl.lit(title).alias("title")
    )

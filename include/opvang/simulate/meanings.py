"""What the simulated lists mean: from when a date counts, who meets a definition, how long a residence title holds. For the books only."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from opvang.simulate import faults
from opvang.simulate.arrivals import DAY_UNKNOWN, MONTH_UNKNOWN, UKRAINE, as_days
from opvang.simulate.calibration import FIRST_ARRIVALS
from opvang.simulate.chance import Bools, Ints
from opvang.simulate.population import Population
from opvang.simulate.titles import NO_END

UKRAINIAN, SEX_UNKNOWN = "0034", "O"
WINDOW_OF_30_ENDS, WINDOW_OF_46_BEGINS = as_days(date(2022, 5, 16)), as_days(date(2022, 5, 12))
OTHER_NATIONALITY = {"nationality_unknown_without_311": "0000", "stateless_without_312": "0499"}


def first_day(column: str, unknown: pl.Expr) -> pl.Expr:
    """The first day that a date with unknown parts can mean."""
    whole = pl.col(column).cast(pl.Int32).cast(pl.Date)
    month = pl.when(unknown == MONTH_UNKNOWN).then(whole.dt.truncate("1y")).otherwise(whole.dt.truncate("1mo"))
    return pl.when(unknown > 0).then(month.cast(pl.Int32).cast(pl.Int64)).otherwise(pl.col(column))


def last_day(column: str, unknown: pl.Expr) -> pl.Expr:
    """The last day that it can mean."""
    whole = pl.col(column).cast(pl.Int32).cast(pl.Date)
    year = whole.dt.truncate("1y").dt.offset_by("1y").dt.offset_by("-1d")
    month = pl.when(unknown == MONTH_UNKNOWN).then(year).otherwise(whole.dt.month_end())
    return pl.when(unknown > 0).then(month.cast(pl.Int32).cast(pl.Int64)).otherwise(pl.col(column))


def known_until(population: Population, selections: Sequence[int]) -> Ints:
    """For each person the last of these days on which the gate let the list through: later nothing of it is known."""
    until = np.full(len(population.persons), selections[-1], dtype=np.int64)
    days = np.array(selections, dtype=np.int64)
    stopping = population.faults.filter(pl.col("kind").is_in(faults.stopping()))
    for person, since, mended in stopping.select("person", "since", "until").iter_rows():
        sound = days[(days < since) | (days >= mended)]
        until[person] = sound[-1] if len(sound) else faults.ALWAYS
    return until


def as_read(population: Population) -> pl.DataFrame:
    """The persons as their lists say, flagged faults and all, and which of the definitions by person they meet."""
    flagged = population.faults.filter(pl.col("kind").is_in(faults.stopping()).not_()).select("person", flag="kind")
    persons = population.persons.join(flagged, on="person", how="left", maintain_order="left")
    read = persons.with_columns(
        nationality=pl.col("flag").replace_strict(OTHER_NATIONALITY, default=pl.col("nationality")),
        sex=pl.when(pl.col("flag") == "sex_unknown_code").then(pl.lit(SEX_UNKNOWN)).otherwise("sex"),
        birth=first_day("born", pl.col("birth_unknown")),
        latest_birth=last_day("born", pl.col("birth_unknown")),
        settled_here=pl.col("country_from") != "",
    )
    since = last_day("settled", _unknown_of_settlement())
    lately = pl.col("settled_here") & (since >= as_days(FIRST_ARRIVALS))
    ukrainian = (pl.col("nationality") == UKRAINIAN) | (pl.col("second_nationality") == UKRAINIAN)
    came, has = lately & (pl.col("country_from") == UKRAINE), lately & ukrainian
    protected = came | has | (ukrainian & (pl.col("birth") >= as_days(FIRST_ARRIVALS)))
    return read.with_columns(lately=lately, came_from_ukraine=came, ukrainian_nationality=has, protected=protected)


def lives(rows: pl.DataFrame, ends: Ints) -> pl.DataFrame:
    """Stretches of `person` in a `municipality` from `since` to `until` (exclusive), from rows of category 08 that are no error."""
    unknown = pl.col("settlement_unknown")
    at_settlement = pl.col("registered") == pl.col("settled")
    part = pl.when(at_settlement & (unknown >= DAY_UNKNOWN)).then(unknown).otherwise(0)
    settled = first_day("settled", _unknown_of_settlement())
    from_day = pl.max_horizontal(first_day("registered", part), settled)
    clipped = pl.when(unknown > 0).then(pl.max_horizontal(from_day, as_days(FIRST_ARRIVALS))).otherwise(from_day)
    followed = rows.with_columns(since=clipped).with_columns(
        until=pl.col("since").shift(-1).over("person").fill_null(faults.NEVER)
    )
    ended = pl.Series(ends[rows["person"].to_numpy()])
    return followed.select("person", "municipality", "since", until=pl.min_horizontal("until", ended)).filter(
        (pl.col("municipality") >= 0) & (pl.col("since") < pl.col("until"))
    )


def titled(titles: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """Stretches in which a residence title meets the definition; a row holds to its end, and no longer than until a newer one was recorded."""
    newer = pl.col("recorded").shift(-1).over("person").fill_null(faults.NEVER)
    until = pl.when(pl.col("until") == NO_END).then(newer).otherwise(pl.min_horizontal("until", newer))
    held = titles.with_columns(until=until)
    held = held.join(persons.select("person", "protected"), on="person", how="left", maintain_order="left")
    old = held.filter((pl.col("title") == "30") & pl.col("protected")).with_columns(
        since=pl.max_horizontal("since", as_days(FIRST_ARRIVALS)), until=pl.min_horizontal("until", WINDOW_OF_30_ENDS)
    )
    new = held.filter(pl.col("title") == "46").with_columns(since=pl.max_horizontal("since", WINDOW_OF_46_BEGINS))
    return pl.concat([old, new]).select("person", "since", "until")


def ages(born: pl.Series, day: int) -> Ints:
    """Whole years since these days."""
    at = pl.lit(day).cast(pl.Int32).cast(pl.Date)
    birth = pl.col("born").cast(pl.Int32).cast(pl.Date)
    birthday_to_come = at.dt.strftime("%m%d") < birth.dt.strftime("%m%d")
    years = at.dt.year() - birth.dt.year() - birthday_to_come.cast(pl.Int32)
    return born.alias("born").to_frame().select(years.cast(pl.Int64)).to_series().to_numpy()


def on(stretches: pl.DataFrame, day: int) -> pl.DataFrame:
    """The stretches that hold on this day."""
    return stretches.filter((pl.col("since") <= day) & (pl.col("until") > day))


def those(stretches: pl.DataFrame, day: int, size: int) -> Bools:
    """For each of `size` persons whether some stretch holds on this day."""
    found = np.zeros(size, dtype=np.bool_)
    found[on(stretches, day)["person"].to_numpy()] = True
    return found


def _unknown_of_settlement() -> pl.Expr:
    """Of 08.14.20: whichever the kind, at least the day is unknown."""
    unknown = pl.col("settlement_unknown")
    return pl.when((unknown > 0) & (unknown < MONTH_UNKNOWN)).then(DAY_UNKNOWN).otherwise(unknown)

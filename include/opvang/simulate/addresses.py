"""Invented addresses in real municipalities: no street, postcode or BAG id is looked up anywhere."""

import numpy as np
import polars as pl

from opvang.simulate.chance import MILLION, Ints
from opvang.simulate.facts import facts, places, rate
from opvang.simulate.locations import RECEPTION_ADDRESSES, bag_object

LETTERS = np.array(list("ABCDEFGHJKLMNPRTUVWXZ"))
BAG_OBJECTS = 1_000_000_000
LAST_DIGITS = 9000


def addresses(municipality: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """One row per address in category 08's own elements, for the municipality (by position in `places`) in which it lies."""
    size = len(municipality)
    rows = places()
    codes = pl.Series([row["gemeentecode_brp"] for row in rows])[municipality]
    streets = pl.Series([row["street"] for row in facts("streets")])
    street = streets[rng.integers(len(streets), size=size)]
    frame = pl.DataFrame(
        {
            "address": np.arange(size, dtype=np.int64),
            "code": codes,
            "08.10.10": np.where(rng.integers(MILLION, size=size) < rate("postal_address"), "B", "W"),
            "08.11.10": street,
            "08.11.15": street,
            "08.11.20": pl.Series(1 + rng.integers(219, size=size)).cast(pl.String),
            "08.11.60": _postcodes(municipality, rng),
            "08.11.70": pl.Series([row["naam_tabel33"] for row in rows])[municipality],
            "object": pl.Series(rng.integers(BAG_OBJECTS, size=size)).cast(pl.String).str.zfill(9),
            "in_bag": rng.integers(MILLION, size=size) < rate("bag_ids"),
        }
    )
    lives_in_reception = pl.Series(rng.integers(MILLION, size=size) < rate("lives_in_reception"))
    location = pl.Series([bag_object(number) for number in range(RECEPTION_ADDRESSES)])
    frame = frame.with_columns(
        object=pl.when(lives_in_reception)
        .then(location[rng.integers(RECEPTION_ADDRESSES, size=size)])
        .otherwise(pl.col("object"))
    )
    in_bag = [
        _bag_id("010").alias("08.11.80"),
        _bag_id("200").alias("08.11.90"),
        *(_where_in_bag(name) for name in ("08.11.15", "08.11.70")),
    ]
    return frame.with_columns(in_bag).drop("code", "object", "in_bag")


def _bag_id(kind: str) -> pl.Expr:
    return pl.when(pl.col("in_bag")).then(pl.concat_str("code", pl.lit(kind), "object")).otherwise(pl.lit(""))


def _where_in_bag(name: str) -> pl.Expr:
    return pl.when(pl.col("in_bag")).then(pl.col(name)).otherwise(pl.lit("")).alias(name)


def _postcodes(municipality: Ints, rng: np.random.Generator) -> pl.Series:
    """Four digits that a municipality keeps, and two letters without the ones that the Netherlands doesn't use."""
    digits = pl.Series(1000 + municipality * 2618 % LAST_DIGITS).cast(pl.String)
    first, second = (pl.Series(LETTERS[rng.integers(len(LETTERS), size=len(municipality))]) for _ in range(2))
    return digits + first + second

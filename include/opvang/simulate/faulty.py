"""Who is faulty from when until when: records that the gate stops at once, that break later, and that are mended."""

from datetime import date

import numpy as np
import polars as pl

from opvang.simulate import events, faults
from opvang.simulate.arrivals import as_days
from opvang.simulate.chance import Bools, Ints, some
from opvang.simulate.facts import rate
from opvang.simulate.stock import Stock


class Faulty:
    """`stopped` were never sound and aren't counted; `held` broke later and count by their last sound version. To neither anything happens."""

    def __init__(self) -> None:
        self.stopped, self.held = Stock.empty(), Stock.empty()
        self._kind: dict[int, str] = {}
        self._broken: list[pl.DataFrame] = []
        self._mended: list[pl.DataFrame] = []

    @staticmethod
    def among(size: int, rng: np.random.Generator) -> tuple[list[str], list[str]]:
        """The faults on top of `size` sound records, and those among them that are only flagged."""
        return faults.on_top(size, rng), faults.flags(size, rng)

    def sift(self, stock: Stock, kinds: pl.Series) -> Stock:
        """Keep the stopped ones here and give the others back."""
        self._kind |= {
            person: kind for person, kind in zip(stock.person.tolist(), kinds.to_list(), strict=True) if kind
        }
        stops = kinds.is_in(faults.stopping()).to_numpy()
        self.stopped = self.stopped.plus(stock.only(stops))
        return stock.only(~stops)

    def mended(self, day: date, rng: np.random.Generator) -> Stock:
        """Those whose records come mended in the selection of this day; the stopped among them count from now on."""
        self.stopped, some_stopped = self._mend(self.stopped, day, rng)
        self.held, some_held = self._mend(self.held, day, rng)
        return some_stopped.plus(some_held)

    def break_some(self, stock: Stock, day: date, rng: np.random.Generator) -> Stock:
        """The stock without those whose records come broken from the selection of this day on: they are held, and still counted."""
        sound = np.flatnonzero(~self._is_in(stock, list(self._kind)))
        which = rng.permutation(sound)[: some(rng, len(stock), rate("broken_later"))]
        broken = stock.only(which)
        kinds = faults.begin_later(len(broken), rng)
        self._kind |= dict(zip(broken.person.tolist(), kinds, strict=True))
        frame = pl.DataFrame({"person": broken.person, "kind": pl.Series(kinds, dtype=pl.String)})
        self._broken.append(frame.with_columns(pl.lit(as_days(day), pl.Int64).alias("since")))
        self.held = self.held.plus(broken)
        return stock.without(which)

    def merge(self, period: events.Period) -> list[pl.DataFrame]:
        """What the merger of Weesp writes on their lists."""
        self.stopped, of_stopped = events.merger(self.stopped, period)
        self.held, of_held = events.merger(self.held, period)
        return [of_stopped, of_held]

    def frame(self, persons: pl.DataFrame) -> pl.DataFrame:
        """One row per fault: `person`, `kind`, and the days of the first selection with it and the first without."""
        at_once = persons.filter(pl.col("fault") != faults.NO_FAULT).select("person", kind="fault")
        at_once = at_once.with_columns(pl.lit(faults.ALWAYS, pl.Int64).alias("since"))
        every = pl.concat([at_once, *self._broken])
        none = pl.DataFrame(schema={"person": pl.Int64, "until": pl.Int64})
        ends = pl.concat([none, *self._mended])
        joined = every.join(ends, on="person", how="left", maintain_order="left")
        return joined.with_columns(pl.col("until").fill_null(faults.NEVER)).sort("person")

    def _mend(self, stock: Stock, day: date, rng: np.random.Generator) -> tuple[Stock, Stock]:
        pairs = [person for person, kind in self._kind.items() if kind in faults.lasting()]
        can_be = rng.permutation(np.flatnonzero(~self._is_in(stock, pairs)))
        which: Ints = can_be[: some(rng, len(stock), rate("mended"))]
        mended = stock.only(which)
        self._mended.append(
            pl.DataFrame({"person": mended.person, "until": np.full(len(mended), as_days(day), dtype=np.int64)})
        )
        return stock.without(which), mended

    @staticmethod
    def _is_in(stock: Stock, persons: list[int]) -> Bools:
        return np.isin(stock.person, np.array(persons, dtype=np.int64))

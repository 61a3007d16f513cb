"""Where chance comes from: one stream per purpose, the same on every machine (integers and PCG64 only)."""

from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MILLION = 1_000_000


def stream(seed: int, *purpose: str | int | date) -> np.random.Generator:
    """A generator of its own for this purpose: what one part draws never moves what another part draws."""
    keys = [_number(part) for part in purpose]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *keys])))


def some(rng: np.random.Generator, population: int, per_million: int) -> int:
    """How many of a population a rate takes: rounded up or down by chance, so that small populations aren't cheated."""
    return int((population * per_million + int(rng.integers(MILLION))) // MILLION)


def happens(rng: np.random.Generator, size: int, per_million: int) -> Bools:
    """For each of `size` whether it happens."""
    return rng.integers(MILLION, size=size) < per_million


def weighted(rng: np.random.Generator, weights: Ints, size: int) -> Ints:
    """`size` positions in `weights`, each drawn with its weight."""
    bounds = np.cumsum(weights)
    drawn: Ints = np.searchsorted(bounds, rng.integers(int(bounds[-1]), size=size), side="right")
    return drawn


def _number(part: str | int | date) -> int:
    if isinstance(part, date):
        return part.toordinal()
    return part if isinstance(part, int) else int.from_bytes(part.encode(), "big")

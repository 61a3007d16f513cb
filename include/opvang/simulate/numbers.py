"""Numbers that look like a BSN or an A-number and belong to nobody: unique, seeded, and valid by their own rules."""

from collections.abc import Callable
from functools import cache

import numpy as np

from opvang.errors import UsageError
from opvang.simulate.chance import Ints

# BSNs that begin with 9 are never given out; 99 is left to the RvIG test environment
FIRST_BSN_PREFIX, BSN_PREFIXES = 90_000_000, 9_000_000
FIRST_A_PREFIX, A_PREFIXES = 10_000_000, 90_000_000
CHUNK = 1 << 17


def bsns(count: int, rng: np.random.Generator) -> Ints:
    """Nine digits, the first 9, that pass the eleven test; all different."""
    return _take(count, rng, BSN_PREFIXES, _finished_bsns)


def a_numbers(count: int, rng: np.random.Generator, taken: Ints) -> Ints:
    """Ten digits by the rules of the Logisch Ontwerp BRP (01.01.10), the first not 0; all different and none of `taken`."""

    def finished(prefixes: Ints) -> Ints:
        numbers = _finished_a_numbers(prefixes)
        return numbers[~np.isin(numbers, taken)]

    return _take(count, rng, A_PREFIXES, finished)


def _take(count: int, rng: np.random.Generator, prefixes: int, finish: Callable[[Ints], Ints]) -> Ints:
    """Walk all prefixes once, in strides that share no factor with their number, until enough can be finished."""
    stride, start = _stride(rng, prefixes), int(rng.integers(prefixes))
    found: list[Ints] = []
    for at in range(0, prefixes, CHUNK):
        walk = np.arange(at, min(at + CHUNK, prefixes), dtype=np.int64)
        found.append(finish((start + walk * stride) % prefixes))
        if sum(map(len, found)) >= count:
            return np.concatenate(found)[:count]
    raise UsageError(f"{count} persons are more than there are test numbers")


def _stride(rng: np.random.Generator, length: int) -> int:
    while True:
        stride = int(rng.integers(length // 3, length // 2))
        if np.gcd(stride, length) == 1:
            return stride


def _finished_bsns(prefixes: Ints) -> Ints:
    numbers = FIRST_BSN_PREFIX + prefixes
    last = (_digits(numbers, 8) * np.arange(9, 1, -1)).sum(axis=1) % 11
    finished: Ints = (numbers * 10 + last)[last < 10]
    return finished


def _finished_a_numbers(prefixes: Ints) -> Ints:
    numbers = FIRST_A_PREFIX + prefixes
    digits = _digits(numbers, 8)
    distinct = (digits[:, 1:] != digits[:, :-1]).all(axis=1)
    numbers, digits = numbers[distinct], digits[distinct]
    tails = _a_number_tails()[digits.sum(axis=1) % 11, (digits * (1 << np.arange(8))).sum(axis=1) % 11, digits[:, 7]]
    finished: Ints = (numbers * 100 + tails)[tails >= 0]
    return finished


def _digits(numbers: Ints, width: int) -> Ints:
    return numbers[:, None] // 10 ** np.arange(width - 1, -1, -1, dtype=np.int64) % 10


@cache
def _a_number_tails() -> Ints:
    """By digit sum, binary-weighed sum (both modulo 11) and last digit of eight: the two digits that finish the number, or -1."""
    tails = np.full((11, 11, 10), -1, dtype=np.int64)
    for total, weighed, last in np.ndindex(11, 11, 10):
        for tail in range(99, -1, -1):
            ninth, tenth = divmod(tail, 10)
            fits = (total + ninth + tenth) % 11 in (0, 5) and (weighed + 256 * ninth + 512 * tenth) % 11 == 0
            if fits and last != ninth != tenth:
                tails[total, weighed, last] = tail
    return tails

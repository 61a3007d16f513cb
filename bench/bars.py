"""The bars of bars.yml, and whether a group of rounds meets them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from bench.results import Result, Round


@dataclass(frozen=True)
class Verdict:
    """A bar and what was measured."""

    bar: str
    means: str
    wanted: str
    measured: str
    is_met: bool


def verdicts(result: Result) -> list[Verdict]:
    """Every bar that this result can judge; one that misses a contender is left out."""
    bars = yaml.safe_load(Path(__file__).with_name("bars.yml").read_text())
    return [_verdict(bar, result) for bar in bars if bar["group"] == result.group and _is_measured(bar, result)]


def _is_measured(bar: dict[str, Any], result: Result) -> bool:
    known = result.rounds[0].keys()
    if "peak_of" in bar:
        return bool(set(bar["peak_of"]) & known)
    if "seconds_of" in bar:
        return set(bar["seconds_of"]) <= known
    return set(bar.get("of", ())) | set(bar["by"]) <= known and bool(set(bar.get("fastest_of", bar["by"])) & known)


def _verdict(bar: dict[str, Any], result: Result) -> Verdict:
    values = [_value(bar, taken) for taken in result.rounds]
    unit = "MB" if "peak_of" in bar else "s" if "seconds_of" in bar else "times"
    middle = max(values) if unit == "MB" else median(values)
    shown = _shown(middle, values, unit)
    limit, word = (bar["at_most"], "at most") if "at_most" in bar else (bar["at_least"], "at least")
    is_met = middle <= limit if "at_most" in bar else middle >= limit
    name = f"{bar['bar']}, {result.size:,} {result.unit}"
    return Verdict(name, bar["means"], f"{word} {limit:g} {unit}", shown, is_met)


def _shown(middle: float, values: Sequence[float], unit: str) -> str:
    if unit == "MB":
        return f"{middle:,.0f} MB"
    digits = 1 if unit == "s" else 2
    return f"{middle:.{digits}f} {unit} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def _value(bar: dict[str, Any], taken: Round) -> float:
    if "peak_of" in bar:
        return max(taken[name].peak_mb for name in bar["peak_of"] if name in taken)
    if "seconds_of" in bar:
        return _seconds(taken, bar["seconds_of"])
    if "fastest_of" in bar:
        return min(taken[name].seconds for name in bar["fastest_of"] if name in taken) / _seconds(taken, bar["by"])
    return _seconds(taken, bar["of"]) / _seconds(taken, bar["by"])


def _seconds(taken: Round, names: Sequence[str]) -> float:
    return sum(taken[name].seconds for name in names)

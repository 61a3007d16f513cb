"""What was measured, as people read it."""

from collections.abc import Sequence
from statistics import median

from rich.table import Table

from bench.place import Taken

Round = dict[str, Taken]
FETCH_AND_GATE = ("land", "validate", "publish")
MANY = "344 deliveries"

# What is divided by what; the bars stand in issue 3 and in docs/benchmark.md.
RATIOS = (
    ("land", ("land",), ("floor",), 2.0),
    ("land + validate + publish", FETCH_AND_GATE, ("floor",), 6.0),
    (f"{MANY}, by one delivery", tuple(f"{verb} ({MANY})" for verb in FETCH_AND_GATE), FETCH_AND_GATE, 1.3),
)


def rich(rounds: Sequence[Round], persons: int) -> Table:
    """The medians and the ratios."""
    made = Table("what", "median s", "min", "max", "person lists/s", "peak MB", title=f"{persons:,} person lists")
    for what in rounds[0]:
        taken = [found[what] for found in rounds]
        seconds = [one.seconds for one in taken]
        middle = median(seconds)
        made.add_row(what, *(f"{value:.1f}" for value in (middle, min(seconds), max(seconds))), f"{persons / middle:,.0f}", f"{max(one.peak_mb for one in taken):.0f}")
    made.add_section()
    for name, above, below, bar in RATIOS:
        if set(above) | set(below) <= rounds[0].keys():
            ratios = [sum(found[what].seconds for what in above) / sum(found[what].seconds for what in below) for found in rounds]
            made.add_row(f"{name}: ratio, at most {bar}", *(f"{value:.2f}" for value in (median(ratios), min(ratios), max(ratios))), "", "met" if median(ratios) <= bar else "not met")
    return made

"""Totals into whole parts: largest remainder, in integers, so that parts always add up to the published total."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from opvang.simulate.chance import Ints

SHARE = 1_000_000_000
DAYS_BACK_TO_WEIGHT = 28

Anchors = dict[int, list[tuple[date, int]]]


def apportion(total: int, weights: Ints) -> Ints:
    """`total` in whole parts by weight; the largest remainders get the rest, the first of equals first."""
    weights = weights.astype(np.int64)
    whole = int(weights.sum())
    if whole == 0:
        return apportion(total, np.ones_like(weights))
    parts, remainders = np.divmod(total * weights, whole)
    rest = total - int(parts.sum())
    parts[np.argsort(-remainders, kind="stable")[:rest]] += 1
    return parts


def apportion_within(total: int, weights: Ints, limits: Ints) -> Ints:
    """As `apportion`, no part above its limit; what is over goes where there is room."""
    parts = np.minimum(apportion(total, weights), limits)
    over = total - int(parts.sum())
    return parts if over <= 0 else parts + apportion(over, limits - parts)


def interpolate(points: Sequence[tuple[date, int]], day: date) -> int:
    """The straight line between two dated points, in whole numbers; the first or the last point beyond them."""
    if day <= points[0][0]:
        return points[0][1]
    for (start, low), (end, high) in pairwise(points):
        if day <= end:
            return low + (high - low) * (day - start).days // (end - start).days
    return points[-1][1]


def anchored_weights(weights: Ints, anchors: Anchors, day: date) -> Ints:
    """Shares (of one billion) of each part: the published one where a part has any, the rest by weight.

    Four weeks after its last published share a part is back on its weight.
    """
    plain = apportion(SHARE, weights)
    shares = np.zeros_like(plain)
    for part, points in anchors.items():
        last = points[-1][0]
        back = min(max((day - last).days, 0), DAYS_BACK_TO_WEIGHT)
        published = interpolate(points, day)
        shares[part] = published + (int(plain[part]) - published) * back // DAYS_BACK_TO_WEIGHT
    free = [part for part in range(len(weights)) if part not in anchors]
    shares[free] = apportion(max(SHARE - int(shares.sum()), 0), weights[free])
    return shares

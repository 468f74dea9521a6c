"""How many there usually are: a level for each district, a factor for each weekday, and how much weeks differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.statistics.pooling import log_negative_binomial, pooled_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.measures.nowcast.delays import Delays
    from app.measures.nowcast.triangle import Triangle

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SETTLED = 14
"""Days are told by their own band until they are so old, and only then have a say in what is normal."""

LEAST = 28
SHAPES = np.geomspace(1.0, 2_000.0, 30)
UNUSUAL, WIDE = 0.02, 1.0
"""One span in fifty is as none before (a burst of reports, a strike): its level may then be nearly anything, a gamma
distribution of this shape. Without it a burst would be taken for chance, and its late reports be missed."""


@dataclass(frozen=True)
class Normal:
    """``rate[area]``: added a day, of an average weekday; ``weekday[7]``: factors; ``shape``: how alike spans are."""

    rate: Floats
    weekday: Floats
    shape: dict[int, float]


def fit_normal(
    triangle: Triangle, delays: Delays, spans: tuple[int, ...], *, days: int, weekday: bool
) -> Normal:
    """What is normal, from ``days`` days that are at least `SETTLED` days old.

    ``spans`` are lengths in days, of each of which it is told how much it differs from what was expected of it.
    """
    stands = np.maximum(triangle.cells.sum(axis=2), 0.0)
    exposure = exposures(triangle, delays)
    ages = triangle.ages
    told = (ages >= SETTLED) & (ages < SETTLED + days)
    factor = np.ones(7)
    if weekday:
        of_day = (triangle.weekdays == np.arange(7)[:, None]) & told
        found = (of_day * stands[0]).sum(axis=1)
        level = stands[0, told].sum() / max(exposure[0, told].sum(), 1e-9)
        factor = pooled_ratio(found, level * (of_day * exposure[0]).sum(axis=1))
        factor = factor / factor.mean()
        exposure = exposure * factor[triangle.weekdays]
    rate = (stands[:, told].sum(axis=1) + 0.5) / np.maximum(exposure[:, told].sum(axis=1), 1e-9)
    shape = {span: _likeness(stands, exposure, span, days) for span in spans}
    return Normal(rate, factor, shape)


def exposures(triangle: Triangle, delays: Delays) -> Floats:
    """Of what is added in the end, the share that stands by now, areas x days."""
    longest = delays.standing.shape[2] - 1
    found: Floats = delays.standing[:, triangle.weekdays, np.minimum(triangle.ages, longest)]
    return found


def _likeness(stands: Floats, exposure: Floats, span: int, days: int) -> float:
    """The shape that makes past spans most likely, each given what was normal before it.

    So it holds the doubt about the level too, and how the level drifts and swings with the season.
    """
    count, expected = (np.cumsum(np.pad(part, ((0, 0), (1, 0))), axis=1) for part in (stands, exposure))
    ends = np.arange(stands.shape[1], LEAST + SETTLED + span, -span)
    begins = ends - span
    stop = begins - SETTLED + span
    start = np.maximum(stop - days, 0)
    rate = (count[:, stop] - count[:, start] + 0.5) / np.maximum(expected[:, stop] - expected[:, start], 1e-9)
    found = count[:, ends] - count[:, begins]
    mean = rate * (expected[:, ends] - expected[:, begins])
    areas = slice(1, None) if len(stands) > 1 else slice(None)
    found, mean = found[areas], mean[areas]
    if not found.size:
        return float(SHAPES[0])
    wide = np.exp(log_negative_binomial(found, mean, WIDE))
    likelihood = [
        np.log((1 - UNUSUAL) * np.exp(log_negative_binomial(found, mean, shape)) + UNUSUAL * wide).sum()
        for shape in SHAPES
    ]
    return float(SHAPES[int(np.argmax(likelihood))])

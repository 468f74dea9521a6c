"""What the last days will have come to: what is known, less what will be taken back, and what is still to come.

A span (a day, or seven days) has a level of its own, drawn from a gamma distribution round what is normal. What is
known of the span says something of that level; what is still to come follows from it: a negative binomial, exactly (the
gamma-Poisson form of Höhle and an der Heiden 2014, doi:10.1111/biom.12194). What is known stands or is taken back, each
by itself. The distribution of the sum is worked out whole, so nothing is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.measures.nowcast.delays import Delays, Pool, fit_delays
from app.measures.nowcast.normal import UNUSUAL, WIDE, Normal, fit_normal
from app.statistics.bands import medians, nearest_bands, negative_binomial, of_totals
from app.statistics.pooling import log_negative_binomial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.measures.nowcast.triangle import Triangle

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

LEAST_SIZE = 40


@dataclass(frozen=True)
class Settings:
    """What is asked: ``horizon`` days ahead, bands of ``level``, normal from ``normal_days`` days."""

    horizon: int
    level: float
    normal_days: int
    weekday: bool
    pool: Pool


@dataclass(frozen=True)
class Bands:
    """Of each area (the first: all together) and each span, newest first: arrays of areas x spans.

    ``expected`` is a mean, ``median``, ``low`` and ``high`` are counts, ``probability`` the band's own. ``share``:
    of the final total, what usually is known by now. ``normal_low`` to ``normal_high`` is the normal range, ``below``
    the probability that the total will be less than that.
    """

    span: int
    known: Floats
    expected: Floats
    median: Ints
    low: Ints
    high: Ints
    probability: Floats
    share: Floats
    normal: Floats
    normal_low: Ints
    normal_high: Ints
    below: Floats
    level: float

    @property
    def told(self) -> Flags:
        """Whether there are normally so many that there could be fewer: a total of 0 must be below normal."""
        found: Flags = self.normal_low > 0
        return found

    @property
    def seeming_fall(self) -> Flags:
        """What is known so far lies below the normal range: what somebody sees who forgets lateness."""
        found: Flags = self.told & (self.known < self.normal_low)
        return found

    @property
    def fall(self) -> Flags:
        """What it will have come to lies below the normal range, as surely as the band is to hold."""
        found: Flags = self.told & (self.below >= self.level)
        return found


def bands_of(triangle: Triangle, settings: Settings, *, spans: dict[int, int]) -> tuple[Bands, ...]:
    """The bands of the last spans: ``spans`` says how many of each length in days."""
    return tuple(_fitted(triangle, settings, length, count) for length, count in spans.items())


def _fitted(triangle: Triangle, settings: Settings, length: int, count: int) -> Bands:
    seen = triangle.without_moves() if length > 1 else triangle
    delays = fit_delays(seen, weekday=settings.weekday, pool=settings.pool)
    normal = fit_normal(seen, delays, (length,), days=settings.normal_days, weekday=settings.weekday)
    return _bands(triangle, delays, normal, settings, length, count)


def _bands(
    triangle: Triangle, delays: Delays, normal: Normal, settings: Settings, length: int, count: int
) -> Bands:
    age = np.arange(count)[:, None] * length + np.arange(length)  # spans x days
    day = triangle.days - 1 - age
    stands = np.maximum(triangle.cells[:, day].sum(axis=-1), 0.0)  # areas x spans x days
    later = age + settings.horizon
    survive = delays.kept[later] / delays.kept[age]
    weekday = triangle.weekdays[day]
    rate = normal.rate[:, None, None] * normal.weekday[weekday]
    now = delays.standing[:, weekday, age]
    then = delays.standing[:, weekday, later]
    coming = rate * np.maximum(then - now * survive, 0.0)
    known, seen, come = (part.sum(axis=-1) for part in (stands, rate * now, coming))
    usual = (rate * then).sum(axis=-1)
    weight, shape = _components(known, seen, normal.shape[length])
    after = shape + known[..., None]
    mean = after / (shape + seen[..., None]) * come[..., None]
    shown = known.shape
    size = _size(known, mean, after, usual)
    pmf = of_totals(
        stands.reshape(-1, length),
        np.broadcast_to(survive, stands.shape).reshape(-1, length),
        weight.reshape(-1, 2),
        np.maximum(mean.reshape(-1, 2), 1e-12),
        after.reshape(-1, 2),
        size,
    )
    low, high, held = nearest_bands(pmf, settings.level)
    # The normal range leaves out as much on each side; what lies below it is told to be low, so no nearest band here.
    cumulative = np.cumsum(negative_binomial(usual, np.array(normal.shape[length]), size), axis=1)
    tail = (1.0 - settings.level) / 2
    normal_low = (cumulative < tail).sum(axis=1)
    under = np.cumsum(pmf, axis=1)[np.arange(len(pmf)), np.maximum(normal_low - 1, 0)]
    return Bands(
        span=length,
        known=known,
        expected=(stands * survive).sum(axis=-1) + (weight * mean).sum(axis=-1),
        median=medians(pmf).reshape(shown),
        low=low.reshape(shown),
        high=high.reshape(shown),
        probability=held.reshape(shown),
        share=np.minimum(seen / np.maximum(usual, 1e-12), 1.0),
        normal=usual,
        normal_low=normal_low.reshape(shown),
        normal_high=(cumulative < 1.0 - tail).sum(axis=1).reshape(shown),
        below=np.minimum(np.where(normal_low > 0, under, 0.0), 1.0).reshape(shown),
        level=settings.level,
    )


def _components(known: Floats, seen: Floats, shape: float) -> tuple[Floats, Floats]:
    """The usual and the unusual level: how probable each is by what is known, and the shapes of both."""
    shapes = np.array([shape, WIDE])
    likelihood = np.stack([log_negative_binomial(known, seen, one) for one in shapes], axis=-1)
    likelihood += np.log([1.0 - UNUSUAL, UNUSUAL])
    weight = np.exp(likelihood - likelihood.max(axis=-1, keepdims=True))
    return weight / weight.sum(axis=-1, keepdims=True), np.broadcast_to(shapes, weight.shape)


def _size(known: Floats, mean: Floats, shape: Floats, usual: Floats) -> int:
    """A power of two that nothing comes near: ten standard deviations above what is expected."""
    come = mean.max(axis=-1)
    spread = np.sqrt((mean + mean**2 / shape).max(axis=-1))
    most = np.maximum(known + come + 10 * spread, usual + 10 * np.sqrt(usual + usual**2 / 2))
    return int(2 ** np.ceil(np.log2(most.max() + LEAST_SIZE)))

"""Replays in which nothing happens: what the rule fires at without any outbreak.

For the rules on counts, reports are drawn from the series' own level: per series its mean, without the weeks that stand
out, times the weekday and the slow rise and fall that all series share, negative-binomial with the series' own
dispersion; each is known after a delay of those that were seen, and as many are taken away again as were. So a local
outbreak is not in it, and lateness, weekdays and seasons are. For repeats, the subjects are dealt out anew over the
reports of their area: the same subjects as often, at times that have nothing to do with each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.measures.backtest.triangle import Floats, Integers, Rows

SLOW_DAYS = 91  # over which the shared rise and fall is smoothed
TRIM_ROUNDS = 6
STANDS_OUT = 4.0  # standard deviations above its mean at which a week is left out; at 3, calm weeks that scatter go too


class Level(NamedTuple):
    """What reports are drawn from."""

    mean: Floats  # net reports that happened, (days, keys)
    first: int  # the first of these days
    dispersion: float  # variance over mean of a day
    delay: Integers  # days from happening to being known, of the new reports, sorted by chance
    withdrawn: float  # share of new reports that are taken away again
    later: Integers  # days from happening to being taken away


def level_of(rows: Rows, keys: int) -> Level:
    """The level of the rows by all that they know."""
    first, last = int(rows.occurred.min()), int(rows.occurred.max())
    days = last - first + 1
    cells = (rows.occurred - first) * keys + rows.key
    daily: Floats = np.maximum(np.bincount(cells, rows.n, days * keys).reshape(days, keys), 0.0)
    shape = _shared(daily, first)
    week = 7 * (days // 7)
    kept = np.ones_like(daily, dtype=bool)
    mean = daily.sum(0) / max(1e-12, float(shape.sum()))
    dispersion = 1.0
    weekly = daily[:week].reshape(-1, 7, keys).sum(1)
    shape_of_week = shape[:week].reshape(-1, 7).sum(1)[:, None]
    for number in range(TRIM_ROUNDS if week >= 28 else 0):
        expected = shape_of_week * mean[None, :]
        if number == 0:
            # From above: begun at chance alone, the rounds would cut scatter off, and find none for having cut it.
            dispersion = _dispersion(weekly, expected, np.ones_like(weekly, dtype=bool))
        calm = weekly <= expected + STANDS_OUT * np.sqrt(dispersion * expected) + 1
        kept[:week] = np.repeat(calm, 7, axis=0)
        mean = np.where(kept, daily, 0.0).sum(0) / np.maximum(1e-12, (kept * shape[:, None]).sum(0))
        dispersion = _dispersion(weekly, shape_of_week * mean[None, :], calm)
    new, away = rows.n > 0, rows.n < 0
    # What had happened before anything was known came in one load: its delay is not how late reports are.
    loaded = rows.occurred < rows.known.min()
    prompt = new & ~loaded if (new & ~loaded).any() else new
    total = float(rows.n[new].sum())
    return Level(
        mean=shape[:, None] * mean[None, :],
        first=first,
        dispersion=dispersion,
        delay=np.repeat((rows.known - rows.occurred)[prompt], rows.n[prompt].astype(np.int64)),
        withdrawn=min(0.95, -float(rows.n[away].sum()) / total) if total else 0.0,
        later=(rows.known - rows.occurred)[away],
    )


def _shared(daily: Floats, first: int) -> Floats:
    """What all series share: weekdays times a slow rise and fall, with a mean of 1; (days,)."""
    every = daily.sum(1)
    days = len(every)
    if not every.sum():
        return np.ones(days)
    width = min(SLOW_DAYS, days)
    ones = np.convolve(np.ones(days), np.ones(width), "same")
    slow = np.convolve(every, np.ones(width), "same") / ones
    weekday = (np.arange(days) + first) % 7
    slow_on = np.bincount(weekday, slow, 7)
    factor = np.where(slow_on > 0, np.bincount(weekday, every, 7) / np.maximum(slow_on, 1e-12), 1.0)
    shape: Floats = slow * factor[weekday] if days >= 28 else slow
    shape /= shape.mean()
    return shape


def _dispersion(counts: Floats, expected: Floats, calm: npt.NDArray[np.bool_]) -> float:
    """Variance over mean, of the weeks that do not stand out; at least 1."""
    some = calm & (expected > 0)
    free = int(some.sum()) - expected.shape[1]
    if free <= 0:
        return 1.0
    squares: Floats = (counts[some] - expected[some]) ** 2 / expected[some]
    return max(1.0, float(squares.sum() / free))


def draw(level: Level, times: int, rng: np.random.Generator) -> Rows:
    """Reports without outbreaks, ``times`` over; series k of draw s has the key s · keys + k."""
    days, keys = level.mean.shape
    # Those that are taken away again came, too.
    mean = np.broadcast_to((level.mean / (1 - level.withdrawn))[:, None, :], (days, times, keys))
    if level.dispersion > 1 + 1e-9:
        mean = rng.gamma(mean / (level.dispersion - 1), level.dispersion - 1)
    counts = rng.poisson(mean).ravel()
    cells = np.repeat(np.arange(counts.size), counts)
    occurred = cells // (times * keys) + level.first
    key = cells % (times * keys)
    if not len(level.delay):
        return Rows(key, occurred, occurred, np.ones(len(key)))
    known = occurred + level.delay[rng.integers(0, len(level.delay), len(cells))]
    gone = np.flatnonzero(rng.random(len(cells)) < level.withdrawn)
    if not len(gone):
        return Rows(key, occurred, known, np.ones(len(key)))
    # What is taken away was there before: on the same day at the earliest.
    left = np.maximum(known[gone], occurred[gone] + rng.choice(level.later, len(gone)))
    return Rows(
        np.concatenate([key, key[gone]]),
        np.concatenate([occurred, occurred[gone]]),
        np.concatenate([known, left]),
        np.concatenate([np.ones(len(key)), -np.ones(len(gone))]),
    )


def deal(rows: Rows, area: Integers, rng: np.random.Generator) -> Rows:
    """The same reports with their keys dealt out anew among the new reports of each area; corrections are left out.

    Args:
        rows: Of subjects.
        area: Of each row, as a number.
        rng: Of the dealing.
    """
    new = rows.n > 0
    came = rows.of(new)
    place, key = area[new], came.key
    by_area = np.lexsort((np.arange(len(place)), place))
    by_chance = np.lexsort((rng.random(len(place)), place))
    dealt = np.empty_like(key)
    dealt[by_area] = key[by_chance]
    return came._replace(key=dealt)

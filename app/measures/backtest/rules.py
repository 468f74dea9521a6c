"""The rules, each as a table of days and series: what there is, what it needs, whether it holds; and when it fires."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.measures.backtest.model import BacktestParams
from app.measures.backtest.triangle import Floats, Rows, heard, window_sums

Truths = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int64).max // 2  # a day that is still one when days are added to it


class Held(NamedTuple):
    """Each (days, series)."""

    value: Floats
    bound: Floats
    holds: Truths


def needed_days(params: BacktestParams) -> int:
    """Days of reports that must lie before the first day of a replay."""
    if params.rule == "deviation":
        return (params.windows_before + 1) * params.window_days + params.gap_days - 1
    return params.window_days - 1


def held(rows: Rows, keys: int, first: int, last: int, params: BacktestParams) -> Held:
    """Whether the rule holds on each day, by the rows known by then."""
    if params.rule == "silence":
        value = heard(rows, keys, first, last, params.window_days)
        # A series that has never been heard of is not silent: it is not there yet.
        here = np.full(keys, NEVER)
        np.minimum.at(here, rows.key[rows.n > 0], rows.known[rows.n > 0])
        day = np.arange(first, last + 1)[:, None]
        return Held(value, np.zeros_like(value), (value <= 0) & (day >= here[None, :] + params.window_days))
    value = window_sums(rows, keys, first, last, params.window_days)
    if params.rule == "deviation":
        bound = _above_mean(rows, keys, first, last, params)
    else:
        bound = np.full_like(value, params.at_least)
    return Held(value, bound, value >= bound)


def _above_mean(rows: Rows, keys: int, first: int, last: int, params: BacktestParams) -> Floats:
    """The mean of the windows before and so many standard deviations, and never below ``at_least``.

    The variance is that of the windows before, and at least that of a Poisson count of their mean: a quiet run
    of a few windows is no proof of calm.
    """
    total: Floats = np.zeros((last - first + 1, keys))
    squares: Floats = np.zeros_like(total)
    for number in range(params.windows_before):
        back = params.gap_days + (number + 1) * params.window_days
        window = window_sums(rows, keys, first, last, params.window_days, back)
        total += window
        squares += window**2
    many = params.windows_before
    mean = np.maximum(total / many, 0.0)
    variance = np.maximum((squares - total**2 / many) / (many - 1), mean)
    # Rounded, so that a count that lies on the bound is on it whatever the order of the sums.
    bound: Floats = np.maximum(np.round(mean + params.deviations * np.sqrt(variance), 9), params.at_least)
    return bound


def firings(holds: Truths, rest: int) -> Truths:
    """The days on which it fires: where it holds, and has not fired in the ``rest`` − 1 days before."""
    fires = np.zeros_like(holds)
    free_from = np.zeros(holds.shape[1], dtype=np.int64)
    for day in np.flatnonzero(holds.any(axis=1)):
        now = holds[day] & (free_from <= day)
        fires[day] = now
        free_from[now] = day + rest
    return fires


def unanswered(wanted: Truths, answered: Truths, within: int) -> Truths:
    """Of the firings ``wanted``, those without an ``answered`` one of the same series within so many days."""
    days = len(wanted)
    running = np.concatenate([np.zeros((1, wanted.shape[1]), dtype=np.int64), answered.cumsum(axis=0)])
    low = np.maximum(np.arange(days) - within, 0)
    high = np.minimum(np.arange(days) + within + 1, days)
    near: Truths = running[high] - running[low] > 0
    return wanted & ~near

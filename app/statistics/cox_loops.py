"""The compiled loops of `app.statistics.cox`: sums over who is at risk, from the last moment to the first.

Arrays are rows × covariates; ``by_leave`` and ``by_entry`` order each stratum's rows from its last time to its first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.statistics.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@compiled
def _take(x: Floats, row: int, weight: float, s1: Floats, s2: Floats) -> None:  # pragma: no cover
    """Add a row with its weight to the sums of x and of x xᵀ (the lower half)."""
    for a in range(x.shape[1]):
        s1[a] += weight * x[row, a]
        for b in range(a + 1):
            s2[a, b] += weight * x[row, a] * x[row, b]


@compiled
def _deaths(  # pragma: no cover
    deaths: int,
    efron: bool,
    s0: float,
    s1: Floats,
    s2: Floats,
    d0: float,
    d1: Floats,
    d2: Floats,
    score: Floats,
    information: Floats,
) -> float:
    """What the events of one moment add: log-likelihood (given back), slope and curvature (in place)."""
    value = 0.0
    for number in range(deaths):
        part = number / deaths if efron else 0.0
        below = s0 - part * d0
        value -= np.log(below)
        for a in range(len(s1)):
            mean = (s1[a] - part * d1[a]) / below
            score[a] -= mean
            for b in range(a + 1):
                information[a, b] += (s2[a, b] - part * d2[a, b]) / below - mean * (
                    s1[b] - part * d1[b]
                ) / below
    return value


@compiled
def slope_and_curvature(  # pragma: no cover
    x: Floats,
    eta: Floats,
    entry: Floats,
    leave: Floats,
    event: Bools,
    by_leave: Ints,
    by_entry: Ints,
    bounds: Ints,
    efron: bool,
) -> tuple[float, Floats, Floats]:
    """The log partial likelihood, its slope and its curvature with the sign turned, stratum by stratum."""
    width = x.shape[1]
    risk = np.exp(eta)
    value = 0.0
    score, information = np.zeros(width), np.zeros((width, width))
    for stratum in range(len(bounds) - 1):
        out, come, end = bounds[stratum], bounds[stratum], bounds[stratum + 1]
        s0, s1, s2 = 0.0, np.zeros(width), np.zeros((width, width))
        d1, d2 = np.zeros(width), np.zeros((width, width))
        while out < end:
            now = leave[by_leave[out]]
            deaths, d0 = 0, 0.0
            d1[:] = 0.0
            d2[:] = 0.0
            while out < end and leave[by_leave[out]] == now:
                row = by_leave[out]
                s0 += risk[row]
                _take(x, row, risk[row], s1, s2)
                if event[row]:
                    deaths += 1
                    d0 += risk[row]
                    value += eta[row]
                    score += x[row]
                    _take(x, row, risk[row], d1, d2)
                out += 1
            while come < end and entry[by_entry[come]] >= now:
                s0 -= risk[by_entry[come]]
                _take(x, by_entry[come], -risk[by_entry[come]], s1, s2)
                come += 1
            if come == out:  # nobody is left: what remains is only how a computer writes fractions
                s0 = 0.0
                s1[:] = 0.0
                s2[:] = 0.0
            value += _deaths(deaths, efron, s0, s1, s2, d0, d1, d2, score, information)
    return value, score, information + np.tril(information, -1).T


@compiled
def own_events(  # pragma: no cover
    found: Floats,
    x: Floats,
    risk: Floats,
    entry: Floats,
    leave: Floats,
    event: Bools,
    by_leave: Ints,
    by_entry: Ints,
    efron: bool,
) -> None:
    """The score residuals of one stratum: what each row's own event adds, and what it was at risk of takes away."""
    rows, width = len(by_leave), x.shape[1]
    out, come, times = 0, 0, 0
    s0, s1, d1 = 0.0, np.zeros(width), np.zeros(width)
    when = np.empty(rows)
    hazard = np.zeros(rows)  # of each moment, and below times the covariates' mean
    weighted = np.zeros((rows, width))
    while out < rows:
        now, begun = leave[by_leave[out]], out
        deaths, d0 = 0, 0.0
        d1[:] = 0.0
        while out < rows and leave[by_leave[out]] == now:
            row = by_leave[out]
            s0 += risk[row]
            s1 += risk[row] * x[row]
            if event[row]:
                deaths += 1
                d0 += risk[row]
                d1 += risk[row] * x[row]
            out += 1
        while come < rows and entry[by_entry[come]] >= now:
            s0 -= risk[by_entry[come]]
            s1 -= risk[by_entry[come]] * x[by_entry[come]]
            come += 1
        if come == out:
            s0 = 0.0
            s1[:] = 0.0
        if deaths > 0:
            when[times] = now
            kept, own, mean = _moment(deaths, efron, s0, s1, d0, d1, hazard, weighted, times)
            times += 1
            for row in by_leave[begun:out]:
                if event[row]:
                    found[row] += x[row] - mean + risk[row] * (x[row] * kept - own)
    _at_risk(found, x, risk, entry, leave, by_leave, when[:times], hazard, weighted)


@compiled
def _moment(  # pragma: no cover
    deaths: int,
    efron: bool,
    s0: float,
    s1: Floats,
    d0: float,
    d1: Floats,
    hazard: Floats,
    weighted: Floats,
    at: int,
) -> tuple[float, Floats, Floats]:
    """The hazard of one moment (in place), and the part of it that those with an event then were not at risk of."""
    kept, own, mean = 0.0, np.zeros(len(s1)), np.zeros(len(s1))
    for number in range(deaths):
        part = number / deaths if efron else 0.0
        below = s0 - part * d0
        bar = (s1 - part * d1) / below
        hazard[at] += 1 / below
        weighted[at] += bar / below
        kept += part / below
        own += part * bar / below
        mean += bar / deaths
    return kept, own, mean


@compiled
def _at_risk(  # pragma: no cover
    found: Floats,
    x: Floats,
    risk: Floats,
    entry: Floats,
    leave: Floats,
    rows: Ints,
    when: Floats,
    hazard: Floats,
    weighted: Floats,
) -> None:
    """Take away what each row was at risk of; ``when`` falls."""
    times = len(when)
    rising = when[::-1].copy()
    sums, sums_weighted = np.zeros(times + 1), np.zeros((times + 1, x.shape[1]))
    for number in range(times):
        sums[number + 1] = sums[number] + hazard[times - 1 - number]
        sums_weighted[number + 1] = sums_weighted[number] + weighted[times - 1 - number]
    for row in rows:
        low = np.searchsorted(rising, entry[row], side="right")
        high = np.searchsorted(rising, leave[row], side="right")
        found[row] -= risk[row] * (
            x[row] * (sums[high] - sums[low]) - (sums_weighted[high] - sums_weighted[low])
        )

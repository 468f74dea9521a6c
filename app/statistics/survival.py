"""Time to an event that not everybody has had yet: Kaplan–Meier, Nelson–Aalen, log-rank, median, restricted mean.

Kaplan and Meier 1958 (10.1080/01621459.1958.10501452); the variance of Greenwood 1926; Aalen 1978
(10.1214/aos/1176344247); intervals on the scales that Kalbfleisch and Prentice 2002 (10.1002/9781118032985) give; the
log-rank test of Mantel 1966 in strata, as Peto and Peto 1972 (10.2307/2344317) use it. A row is at risk after its entry
and up to and with its exit, so a unit may come in late, or come again after each event: then the Nelson–Aalen sum is
the mean cumulative function (Lawless and Nadeau 1995, 10.1080/00401706.1995.10484300). Times are in the unit that they
come in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from app.statistics.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Scale = Literal["log", "log-log", "plain"]

SAME = 1.5e-8
"""Times that differ by less than this share of their mean are one: 0.1 + 0.2 and 0.3 are a tie."""


@dataclass(frozen=True)
class Curve:
    """One curve, at each time when a row ends. A figure that cannot be told is NaN."""

    time: Floats
    n_risk: Ints
    n_event: Ints
    n_censor: Ints
    surv: Floats
    std_err: Floats
    lower: Floats
    upper: Floats
    cumhaz: Floats
    std_chaz: Floats


def merged_ties(*times: Floats) -> tuple[Floats, ...]:
    """The same times, with those that differ only by how a computer writes fractions made equal."""
    known = np.unique(np.concatenate(times))
    known = known[np.isfinite(known)]
    if len(known) < 2:
        return times
    near = np.diff(known) <= SAME * float(np.abs(known).mean())
    first = known[np.maximum.accumulate(np.where(np.concatenate([[False], near]), 0, np.arange(len(known))))]
    return tuple(
        np.where(np.isfinite(one), first[np.minimum(np.searchsorted(known, one), len(known) - 1)], one)
        for one in times
    )


def curve(
    entry: Floats,
    leave: Floats,
    event: Bools,
    scale: Scale = "log",
    level: float = 0.95,
    cluster: Ints | None = None,
) -> Curve:
    """The curve of rows that are at risk in (entry, leave], with an interval of ``level`` at each time.

    Args:
        entry: ``-inf`` where from the beginning.
        leave: Above ``entry``, or equal to 0 where that is ``-inf``.
        event: Whether the row ended with the event.
        scale: On which the interval is made.
        level: Of the interval.
        cluster: Rows of the same number (0, 1, …) go together, and the errors hold then: the sum over clusters of the
            square of what each changes in the curve (Lawless and Nadeau 1995). None: rows are independent.
    """
    time, which = np.unique(leave, return_inverse=True)
    n_event = np.bincount(which[event], minlength=len(time))
    n_censor = np.bincount(which[~event], minlength=len(time))
    n_risk = np.searchsorted(np.sort(entry), time, "left") - np.searchsorted(np.sort(leave), time, "left")
    with np.errstate(divide="ignore", invalid="ignore"):
        surv = np.cumprod(1 - n_event / n_risk)
        variance = np.cumsum(n_event / (n_risk * (n_risk - n_event).astype(np.float64)))
        std_chaz = np.sqrt(np.cumsum(n_event / n_risk.astype(np.float64) ** 2))
        if cluster is not None:
            hazard = n_event / n_risk
            first = np.searchsorted(time, entry, "right")
            order = np.argsort(cluster, kind="stable")
            bounds = np.flatnonzero(np.diff(cluster[order], prepend=-1, append=int(cluster.max()) + 1))
            rows = (first[order], which[order], event[order], bounds, n_risk.astype(np.float64), n_event)
            std_chaz = np.sqrt(spread_of_clusters(*rows, np.ones(len(time))))
            variance = spread_of_clusters(*rows, np.where(hazard < 1, 1 / (1 - hazard), 0.0))
        relative = np.where(surv > 0, np.sqrt(variance), np.nan)
    lower, upper = _interval(surv, relative, scale, level)
    return Curve(
        time=time,
        n_risk=n_risk,
        n_event=n_event,
        n_censor=n_censor,
        surv=surv,
        std_err=surv * relative,
        lower=lower,
        upper=upper,
        cumhaz=np.cumsum(n_event / n_risk),
        std_chaz=std_chaz,
    )


@compiled
def spread_of_clusters(  # pragma: no cover
    first: Ints,
    last: Ints,
    event: Bools,
    bounds: Ints,
    n_risk: Floats,
    n_event: Ints,
    weight: Floats,
) -> Floats:
    """Σ over clusters of (Σ until then of weight · (own events − own at risk · hazard) / at risk)², at each time.

    Rows are at risk at the times first … last (numbers of times) and stand cluster after cluster, from ``bounds``.
    """
    times = len(n_risk)
    found = np.zeros(times)
    own, had = np.zeros(times + 1), np.zeros(times)
    for number in range(len(bounds) - 1):
        begin, end = bounds[number], bounds[number + 1]
        own[:] = 0.0
        had[:] = 0.0
        earliest = times
        for row in range(begin, end):
            own[first[row]] += 1
            own[last[row] + 1] -= 1
            earliest = min(earliest, first[row])
            if event[row]:
                had[last[row]] += 1
        at_risk, changed = 0.0, 0.0
        for time in range(earliest, times):
            at_risk += own[time]
            changed += weight[time] / n_risk[time] * (had[time] - at_risk * n_event[time] / n_risk[time])
            found[time] += changed * changed
    return found


def _interval(surv: Floats, relative: Floats, scale: Scale, level: float) -> tuple[Floats, Floats]:
    """``relative``: the standard error of log S. On the log-log scale nothing can be told before the first event."""
    z = float(stats.norm.ppf((1 + level) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "plain":
            low, high = surv * (1 - z * relative), surv * (1 + z * relative)
        elif scale == "log":
            low, high = surv * np.exp(-z * relative), surv * np.exp(z * relative)
        else:
            known = np.where(surv < 1, surv, np.nan)
            half = z * relative / np.log(known)
            low, high = known ** np.exp(-half), known ** np.exp(half)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def crosses(time: Floats, height: Floats, at: float = 0.5) -> float | None:
    """When a falling step function first is at or below ``at`` (the middle, where it lies level there); or None."""
    near = 1.5e-8
    below = np.flatnonzero(height < at + near)
    if len(below) == 0:
        return None
    first = int(below[0])
    later = np.flatnonzero(height < at - near)
    if abs(height[first] - at) < near and len(later):
        return float((time[first] + time[later[0]]) / 2)
    return float(time[first])


def restricted_mean(found: Curve, until: float) -> tuple[float, float | None]:
    """The mean time without the event, up to ``until``: the area below the curve, and its standard error.

    The last height of the curve is taken to hold until then.
    """
    keep = found.time < until
    edges = np.concatenate([[0.0], found.time[keep], [until]])
    heights = np.concatenate([[1.0], found.surv[keep]])
    areas = np.diff(edges) * heights
    beyond = np.cumsum(areas[::-1])[::-1][1:]
    n, d = found.n_risk[keep].astype(np.float64), found.n_event[keep]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where((d > 0) & (beyond > 0), beyond**2 * d / (n * (n - d)), 0.0)
    total = float(terms.sum())
    return float(areas.sum()), float(np.sqrt(total)) if np.isfinite(total) else None


@dataclass(frozen=True)
class LogRank:
    """The log-rank test: events seen and expected in each group, were there no difference within the strata."""

    chisq: float
    df: int
    p: float
    observed: Floats
    expected: Floats


def log_rank(entry: Floats, leave: Floats, event: Bools, group: Ints, strata: Ints) -> LogRank | None:
    """The test of groups 0, 1, …; None where fewer than two groups were ever at risk of an event."""
    groups = int(group.max()) + 1
    observed = np.bincount(group[event], minlength=groups).astype(np.float64)
    expected, variance = np.zeros(groups), np.zeros((groups, groups))
    order = np.argsort(strata, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(strata[order])) + 1):
        time, deaths = np.unique(leave[rows][event[rows]], return_counts=True)
        at_risk = np.empty((len(time), groups))
        for number in range(groups):
            own = rows[group[rows] == number]
            at_risk[:, number] = np.searchsorted(np.sort(entry[own]), time, "left") - np.searchsorted(
                np.sort(leave[own]), time, "left"
            )
        n = at_risk.sum(axis=1)
        share = at_risk / n[:, None]
        expected += deaths @ share
        spread = deaths * (n - deaths) / np.maximum(n - 1, 1)
        variance += np.diag(spread @ share) - (share * spread[:, None]).T @ share
    there = np.flatnonzero(expected > 0)
    if len(there) < 2:
        return None
    kept = there[:-1]  # the groups' differences add up to nothing, so one of them tells no more
    difference = (observed - expected)[kept]
    inner = variance[np.ix_(kept, kept)]
    if np.linalg.matrix_rank(inner, hermitian=True) < len(kept):
        return None
    chisq = float(difference @ np.linalg.solve(inner, difference))
    df = len(kept)
    return LogRank(chisq, df, float(stats.chi2.sf(chisq, df)), observed, expected)

"""Each kind of rule as series of points: moments at which what it looks at changed, what there is then, what it takes.

Between two points of a series nothing changes, so whoever looks at all of them has looked at every moment.
"""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from app.alerts.facts import Daily, Facts, Floats, Integers, Signed, day_of, midnights, moment
from app.alerts.rule import Deviation, Geofence, Rule, Silence, Threshold
from app.domain.feed_rhythm import LEARNED, Cell, Rhythm
from app.measures.backtest.model import BacktestParams
from app.measures.backtest.rules import held
from app.measures.backtest.triangle import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
FEWEST_GAPS = 10
"""With fewer gaps in eight weeks a feed has no rhythm to be late by."""
ENOUGH = 0.9
"""So much of the windows before must lie after the first reports, or there is nothing normal to compare with."""


class Series(NamedTuple):
    """One series' points, rising; ``normal`` is NaN where there is none."""

    key: int
    at: Floats
    value: Floats
    bound: Floats
    normal: Floats


def series(rule: Rule, facts: Facts, since: float, until: float) -> Iterator[Series]:
    """The points of each series after ``since`` and up to ``until``, and one at ``since`` itself."""
    if isinstance(rule, Threshold | Geofence):
        enters = np.maximum(facts.signed.known, facts.signed.happened)
        leaves = facts.signed.happened + rule.window_hours * HOUR_S
        for key, at, value in levels(facts.signed, enters, leaves, len(facts.keys), since, until):
            yield Series(key, at, value, np.full_like(value, rule.at_least), np.full_like(value, np.nan))
    elif isinstance(rule, Deviation):
        yield from _deviation(rule, facts, since, until)
    elif isinstance(rule, Silence):
        for key in range(len(facts.keys)):
            yield _silence(rule, key, facts, since, until)


def levels(
    signed: Signed, enters: Floats, leaves: Floats, keys: int, since: float, until: float, ticks: Floats | None = None
) -> Iterator[tuple[int, Floats, Floats]]:  # fmt: skip
    """How much there is of each key at each of its points: a fact counts from when it enters until it leaves."""
    some = enters < leaves
    key, n = signed.key[some], signed.n[some].astype(np.float64)
    at = np.concatenate([enters[some], leaves[some]])
    both, delta = np.concatenate([key, key]), np.concatenate([n, -n])
    kept = at <= until
    at, both, delta = at[kept], both[kept], delta[kept]
    order = np.lexsort((at, both))
    at, both, delta = at[order], both[order], delta[order]
    borders = np.searchsorted(both, np.arange(keys + 1))
    for number in range(keys):
        own = slice(borders[number], borders[number + 1])
        times, sums = at[own], np.cumsum(delta[own])
        points = np.unique(np.concatenate([[since], times[times > since], [] if ticks is None else ticks]))
        upto = np.searchsorted(times, points, side="right")
        yield number, points, np.where(upto > 0, sums[np.maximum(upto - 1, 0)] if len(sums) else 0.0, 0.0)


def _deviation(rule: Deviation, facts: Facts, since: float, until: float) -> Iterator[Series]:
    """Counts of whole days up to now, against what was known of the windows before when the day began."""
    first, last = day_of(since, facts.zone), day_of(until, facts.zone)
    days = np.arange(first, last + 1)
    starts = midnights(days, facts.zone)
    bound, normal = _normal(rule, facts, first, last)
    enters = np.maximum(facts.signed.known, midnights(facts.signed.day, facts.zone))
    leaves = midnights(facts.signed.day + rule.window_days, facts.zone)
    ticks = starts[(starts > since) & (starts <= until)]
    for key, at, value in levels(facts.signed, enters, leaves, len(facts.keys), since, until, ticks):
        row = np.clip(np.searchsorted(starts, at, side="right") - 1, 0, None)
        yield Series(key, at, value, bound[row, key], normal[row, key])


def _normal(rule: Deviation, facts: Facts, first: int, last: int) -> tuple[Floats, Floats]:
    """The bound and the mean of each day and series; each day's from what was known when it began."""
    daily, keys = facts.daily, max(1, len(facts.keys))
    rows = Rows(daily.key, daily.day, np.maximum(daily.known_day, daily.day) + 1, daily.n)
    params = BacktestParams(
        rule="deviation", window_days=rule.window_days, at_least=rule.at_least, deviations=rule.deviations,
        windows_before=rule.windows_before,
    )  # fmt: skip
    bound = held(rows, keys, first, last, params).bound
    # The mean is the bound of a rule that takes no deviations and no reports: worked out the same way.
    mean = held(rows, keys, first, last, params.model_copy(update={"deviations": 0.0, "at_least": 0})).bound
    if not len(daily.day):
        return np.full_like(bound, np.inf), mean
    days = np.arange(first, last + 1)
    back = rule.window_days * (rule.windows_before + 1)
    short = days < _begins(daily, days, back) + ENOUGH * back
    return np.where(short[:, None], np.inf, bound), mean


def _begins(daily: Daily, days: Integers, back: int) -> Floats:
    """Where the history begins that is known when each day begins; a few reports of long ago are no history.

    Of the days that are compared with and one more, as the live engine reads them: a replay must say the same.
    """
    known_from = np.maximum(daily.known_day, daily.day) + 1
    order = np.argsort(known_from, kind="stable")
    day, upto = daily.day[order], np.searchsorted(known_from[order], days, side="right")
    found = np.full(len(days), np.inf)
    for number, (now, known) in enumerate(zip(days.tolist(), upto.tolist(), strict=True)):
        recent = day[:known][day[:known] >= now - back - 1]
        if len(recent):
            found[number] = np.percentile(recent, 1)
    return found


def _silence(rule: Silence, key: int, facts: Facts, since: float, until: float) -> Series:
    """Hours of silence at the moment at which they were too many, and none when it was heard of again."""
    heard = facts.heard.get(facts.keys[key], np.zeros(0))
    points: list[tuple[float, float, float, float]] = [(since, 0.0, np.inf, np.nan)]
    past = heard[heard <= until]
    ends = np.append(past[1:], np.inf)
    for number in np.flatnonzero((ends - past > rule.least_hours * HOUR_S) & (ends > since)):
        usual = _longest_usual(past[: number + 1], facts)
        if usual is None:
            continue
        limit = max(rule.least_hours * HOUR_S, rule.times * usual)
        late = past[number] + limit
        if late >= ends[number] or late > until:
            continue
        if late <= since:  # it was silent already
            points.clear()
        points.append((max(late, since), limit / HOUR_S, limit / HOUR_S, usual / HOUR_S))
        if ends[number] <= until:
            points.append((float(ends[number]), 0.0, np.inf, np.nan))
    at, value, bound, normal = np.asarray(points, dtype=np.float64).T
    return Series(key, at, value, bound, normal)


def _longest_usual(past: Floats, facts: Facts) -> float | None:
    """What only one in a hundred silences that begin at that time of the week is longer than, by the weeks before it.

    Learned as the page Källor learns it (``app.domain.feed_rhythm``), with nothing that was heard later.
    """
    begins = past[-1]
    kept = past[past >= begins - LEARNED.total_seconds()]
    if len(kept) <= FEWEST_GAPS:
        return None
    hours = [moment(at).astimezone(facts.zone) for at in kept.tolist()]
    found: dict[tuple[int, int], list[float]] = {}
    for hour, length in zip(hours, np.diff(kept).tolist(), strict=False):
        found.setdefault((hour.isoweekday(), hour.hour), []).append(length)
    cells = {
        place: Cell(len(lengths), timedelta(seconds=median(lengths)), sorted(lengths, reverse=True))
        for place, lengths in found.items()
    }
    longest = Rhythm(cells).longest_usual(hours[-1].isoweekday(), hours[-1].hour)
    return None if longest is None else longest.total_seconds()

"""An alert rule replayed over the ledger as it was known: when it fired, how often, and how often for nothing."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from app.domain import words
from app.domain.errors import BadInput
from app.domain.measure import Measure, Sentence
from app.measures.backtest.model import COLUMNS, BacktestParams, BacktestResult
from app.measures.backtest.null import deal, draw, level_of
from app.measures.backtest.replay import Replayed, count_firings, replay
from app.measures.backtest.rules import needed_days
from app.measures.backtest.told import say
from app.measures.backtest.triangle import Floats, Integers, Rows
from app.statistics.exact import poisson_interval
from app.statistics.frames import conform

MONTH_DAYS = 365.25 / 12
LEAST_DAYS, LEAST_REPORTS = 28, 20  # below these there is no level to simulate from
EPOCH = date(1970, 1, 1).toordinal()
END = date.max.toordinal() - EPOCH


class _Series:
    """The table as rows of numbered series."""

    def __init__(self, table: pd.DataFrame, params: BacktestParams) -> None:
        areas = table["area"].str.strip()
        if unknown := {name.strip() for name in params.areas} - set(areas):
            raise BadInput(f"The area {min(unknown)!r} is not in the table.")
        kept = (table["n"] != 0).to_numpy()
        if params.areas:
            kept = kept & areas.isin([name.strip() for name in params.areas]).to_numpy()
        subjects = None
        if params.rule == "repeat":
            if "subject" not in table:
                raise BadInput(
                    "The rule repeat needs a column subject: an opaque key of what is to happen again."
                )
            subjects = table["subject"].str.strip()
            kept = kept & ~subjects.isin(["", "nan"]).to_numpy()
        self.names, self.area = _numbered(areas[kept])
        occurred, known = (_days(table[column])[kept] for column in ("occurred_day", "known_day"))
        n = table["n"].to_numpy(dtype=np.float64)[kept]
        self.subjects: list[str] | None = None
        self.together = params.together and subjects is None
        key = np.zeros(len(n), dtype=np.int64) if self.together else self.area
        if subjects is not None:
            self.subjects, key = _numbered(subjects[kept])
        self.keys = 1 if self.together else len(self.names if self.subjects is None else self.subjects)
        self.label = "+".join(params.areas) or "all"
        self.rows = Rows(key, occurred, known, n)

    def range(self, params: BacktestParams) -> tuple[int, int]:
        """The first and last day of the replay. The first rests on nothing that was known later."""
        known = self.rows.known
        begin = int(known.min())
        earliest = int(self.rows.occurred[known == begin].min())
        first = max(begin, earliest + needed_days(params))
        return (
            _number(params.since) if params.since else first,
            _number(params.until) if params.until else int(known.max()),
        )

    def area_of(self, key: int, day: int, known: int | None = None) -> str:
        """Where: the series' area, or that of the subject's last report up to a day, by what was known then.

        ``known`` is the day of knowing, where it is not that day itself.
        """
        if self.subjects is None:
            return self.label if self.together else self.names[key]
        rows = self.rows
        there = (rows.key == key) & (rows.n > 0) & (rows.occurred <= day)
        found = np.flatnonzero(there & (rows.known <= (day if known is None else known)))
        area = self.area[found]
        last = np.lexsort((area, rows.known[found], rows.occurred[found]))[-1]
        return self.names[int(area[last])]


def _numbered(values: pd.Series[str]) -> tuple[list[str], Integers]:
    names = sorted(set(values))
    return names, np.asarray(pd.Categorical(values, names).codes, dtype=np.int64)


def _days(values: pd.Series[Any]) -> Integers:
    days: Integers = values.to_numpy().astype("datetime64[D]").astype(np.int64)
    return days


def _number(day: date) -> int:
    return day.toordinal() - EPOCH


def _date(number: int) -> date:
    return date.fromordinal(int(number) + EPOCH)


def run(
    frame: pd.DataFrame, params: BacktestParams, /, *, now: datetime, rng: np.random.Generator
) -> BacktestResult:
    """The replay.

    Raises:
        BadInput: An area is not in the table, or the rule needs a column that is not there.
    """
    del now
    series = _Series(conform(frame, COLUMNS), params)
    told: dict[str, Any] = {"allowed_per_week": params.allowed_per_week, "confidence": params.confidence}
    if not len(series.rows.n):
        return BacktestResult(refusal=words.too_few(0, 1), **told)
    first, last = series.range(params)
    if last < first:
        needed = needed_days(params) + 1
        has = last - int(series.rows.occurred.min()) + 1
        return BacktestResult(refusal=words.too_few_of(words.DAY, max(0, has), max(needed, has + 1)), **told)
    found = replay(series.rows, series.keys, first, last, params)
    days = last - first + 1
    told |= {"first_day": _date(first), "last_day": _date(last), "days": days, "series": series.keys}
    told |= _fired(series, found, first)
    told |= _per_month(found.day + first, first, last, params.confidence)
    told |= _budget(found.day, days, params)
    told |= _false(series, first, last, len(found.day), params, rng)
    return BacktestResult(**told)


def _fired(series: _Series, found: Replayed, first: int) -> dict[str, Any]:
    holds = found.holds_now > 0
    return {
        "fired": len(found.day),
        "fired_area": [
            series.area_of(key, first + day) for day, key in zip(found.day, found.key, strict=True)
        ],
        "fired_subject": [series.subjects[key] if series.subjects else None for key in found.key],
        "fired_day": [_date(first + day) for day in found.day],
        "fired_value": found.value.tolist(),
        "fired_bound": found.bound.tolist(),
        "fired_value_now": found.value_now.tolist(),
        "fired_holds": holds.tolist(),
        "unfounded": int((~holds).sum()),
        "missed": len(found.missed_day),
        "missed_area": [
            series.area_of(key, first + day, known=END)
            for day, key in zip(found.missed_day, found.missed_key, strict=True)
        ],
        "missed_subject": [series.subjects[key] if series.subjects else None for key in found.missed_key],
        "missed_day": [_date(first + day) for day in found.missed_day],
    }


def _per_month(fired: Integers, first: int, last: int, level: float) -> dict[str, Any]:
    every = np.arange(first, last + 1).astype("datetime64[D]").astype("datetime64[M]")
    months, days = np.unique(every, return_counts=True)
    counts = np.searchsorted(months, fired.astype("datetime64[D]").astype("datetime64[M]"))
    per_month = np.bincount(counts, minlength=len(months))
    low, high = poisson_interval(per_month, level)
    rate = _rate(len(fired), (last - first + 1) / MONTH_DAYS, level)
    return {
        "month": [str(month) for month in months],
        "month_days": days.tolist(),
        "month_fired": per_month.tolist(),
        "month_low": low.tolist(),
        "month_high": high.tolist(),
        "per_month": rate[0],
        "per_month_low": rate[1],
        "per_month_high": rate[2],
    }


def _rate(events: int, time: float, level: float) -> tuple[float, float, float]:
    low, high = poisson_interval(events, level)
    return events / time, float(low) / time, float(high) / time


def _budget(day: Integers, days: int, params: BacktestParams) -> dict[str, Any]:
    rate = _rate(len(day), days / 7, params.confidence)
    weeks = days // 7
    per_week = np.bincount(day // 7, minlength=weeks)[:weeks]
    return {
        "per_week": rate[0],
        "per_week_low": rate[1],
        "per_week_high": rate[2],
        "within_budget": rate[0] <= params.allowed_per_week,
        "weeks": weeks,
        "weeks_over": int((per_week > params.allowed_per_week).sum()),
    }


def _false(
    series: _Series, first: int, last: int, fired: int, params: BacktestParams, rng: np.random.Generator
) -> dict[str, Any]:
    """How often the rule fires where nothing happens; nothing is told where there is no level to simulate from."""
    rows, times = series.rows, params.simulations
    span = int(rows.occurred.max() - rows.occurred.min()) + 1
    if span < LEAST_DAYS or rows.n[rows.n > 0].sum() < LEAST_REPORTS or rows.n.sum() <= 0:
        return {}
    dispersion = None
    if params.rule == "repeat":
        counts = np.asarray(
            [
                count_firings(deal(rows, series.area, rng), series.keys, first, last, params).sum()
                for _ in range(times)
            ],
            dtype=np.float64,
        )
    else:
        level = level_of(rows, series.keys)
        dispersion = level.dispersion
        drawn = count_firings(draw(level, times, rng), times * series.keys, first, last, params)
        counts = drawn.reshape(times, series.keys).sum(1).astype(np.float64)
    months = (last - first + 1) / MONTH_DAYS
    mean, low, high = _of_one(counts, params.confidence)
    return {
        "false_per_month": mean / months,
        "false_low": low / months,
        "false_high": high / months,
        "false_share": min(1.0, mean / fired) if fired else None,
        "dispersion": dispersion,
    }


def _of_one(counts: Floats, level: float) -> tuple[float, float, float]:
    """The mean of some replays, and what one more would give: Student's t, and never surer than a Poisson count."""
    many, mean = len(counts), float(counts.mean())
    spread = math.sqrt(max(float(counts.var(ddof=1)), mean) * (1 + 1 / many))
    half = float(stats.t(many - 1).ppf((1 + level) / 2)) * spread
    none_seen = float(poisson_interval(counts.sum(), level)[1]) / many
    return mean, max(0.0, mean - half), max(mean + half, none_seen)


BACKTEST = Measure(
    name="backtest",
    version=1,
    title=Sentence("Larmregel, prövad bakåt i tiden", "An alert rule, tried back in time"),
    columns=COLUMNS,
    params=BacktestParams,
    result=BacktestResult,
    run=run,
    say=say,
)

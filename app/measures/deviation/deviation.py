"""What is out of the ordinary in the latest week: each district against what is normal there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from app.domain.measure import Column, Measure, Params, Result, Sentence
from app.measures.deviation import false_shares
from app.measures.deviation.past import MONTH, Settings, usual_mean
from app.measures.deviation.region import Judged, Tested, judge, weighed
from app.measures.deviation.series import EMPTY, told, told_whole
from app.measures.deviation.told import say_deviation
from app.measures.deviation.weeks import Step, Weeks, weeks_of
from app.statistics.fdr import benjamini_hochberg
from app.statistics.frames import conform

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

Status = Literal["above", "rising", "chance", "normal", "below", "too_few"]
Level = Literal["area", "region"]
Method = Literal["farrington", "ears", "none"]

DEVIATION_COLUMNS = (
    Column("area", "text", "whose count it is"),
    Column("day", "day", "the day, or the first day of the week, in the region's calendar"),
    Column("count", "integer", "how many there were; a day or week without a row had none"),
    Column(
        "region",
        "text",
        "what the area is part of: areas with too few are added up within it",
        required=False,
    ),
)


class DeviationParams(Params):
    """What is looked at; the defaults are the region's."""

    step: Step = Field(
        "week",
        description="judge the latest week, or the latest day against the same weekday of earlier weeks",
    )
    until: date | None = Field(
        None,
        description="last day of the latest period; default the last whole one in the table and before now",
    )
    years: int = Field(
        5, ge=3, le=20, description="years back, where there are so many; at least 3, else EARS"
    )
    alpha: float = Field(0.01, gt=0, lt=0.5, description="probability to exceed a bound by chance")
    q: float = Field(
        0.05,
        gt=0,
        lt=1,
        description="share of false ones among the areas that are raised, as Benjamini–Hochberg",
    )
    least_mean: float = Field(
        2.0,
        gt=0,
        description="cases a period at least; below it four weeks are added up, then the region's areas",
    )
    drift_rise: float = Field(1.4, gt=1, le=10, description="the slow rise that is looked for, as a factor")


class DeviationResult(Result):
    """One row per area, and one for the areas of a region that have too few by themselves."""

    step: Step = Field("week", description="what was judged: a week or a day")
    q: float = Field(0.05, description="share of false ones that p_adjusted is held against")
    area: list[str] = Field([], description="the area, or the region whose small areas are added up")
    level: list[Level] = Field([], description="area, or region where small areas are added up")
    members: list[list[str]] = Field([], description="the areas that are added up; empty for an area")
    from_day: list[date] = Field([], description="first day that is counted")
    to_day: list[date] = Field([], description="last day that is counted")
    weeks: list[int] = Field(
        [],
        description="weeks that are added up: 1; 4 where one is too seldom or the last four are what stands out; 0 for"
        " a day",
    )
    usual_per_week: list[float | None] = Field(
        [], description="cases a week (a day, with step day), as it usually is"
    )
    observed: list[int | None] = Field([], description="cases in the period")
    expected: list[float | None] = Field([], description="cases expected; None if it cannot be told")
    expected_low: list[int | None] = Field(
        [], description="low end of what 95 % of such periods would give, in cases"
    )
    expected_high: list[int | None] = Field([], description="high end of the same")
    bound: list[int | None] = Field([], description="cases that chance exceeds with probability alpha")
    p: list[float | None] = Field([], description="probability by chance of as many or more in that period")
    p_week: list[float | None] = Field([], description="the same for the last week (or day)")
    p_month: list[float | None] = Field([], description="the same for the last four weeks")
    p_drift: list[float | None] = Field(
        [], description="probability by chance of as strong a slow rise in the last 26 weeks; None: not told"
    )
    p_combined: list[float | None] = Field(
        [], description="of the three together, the least by their weights"
    )
    p_adjusted: list[float | None] = Field(
        [], description="p_combined adjusted for all areas, Benjamini–Hochberg"
    )
    method: list[Method] = Field(
        [], description="farrington: earlier years; ears: the weeks before; none: too few"
    )
    status: list[Status] = Field(
        [],
        description="above: more than usual; rising: a slow rise; chance: above the bound, but among so many areas it "
        "could be chance; normal; below: fewer than usual, or not all in yet; too_few",
    )
    false_share: list[float | None] = Field(
        [],
        description="share of such warnings that were false in the simulation; None where nothing is warned of",
    )


def run(
    frame: pd.DataFrame, params: DeviationParams, /, *, now: datetime, rng: np.random.Generator
) -> DeviationResult:
    """The latest whole week, or day, of each area.

    Raises:
        BadInput: The table's counts will not do.
    """
    frame = conform(frame, DEVIATION_COLUMNS)
    if frame.empty:
        return DeviationResult(refusal=EMPTY)
    weeks = weeks_of(frame, params.step, params.until, now)
    if weeks is None or weeks.counts.shape[1] < 2:
        return DeviationResult(refusal=NO_WEEK)
    settings = Settings(
        years=params.years,
        alpha=params.alpha,
        least_mean=params.least_mean,
        drift_rise=params.drift_rise,
        whole=params.step == "week",
    )
    counts, names, members = _with_small_ones_together(weeks, settings)
    return _told(weeks, names, members, judge(counts, settings, rng), params)


def _with_small_ones_together(weeks: Weeks, settings: Settings) -> tuple[Floats, list[str], list[list[str]]]:
    """The series, and after them one for each region that has two or more areas with too few by themselves."""
    usual = usual_mean(weeks.counts, settings)
    small = np.flatnonzero(~(usual * (MONTH.weeks if settings.whole else 1) >= settings.least_mean))
    names, rows = list(weeks.areas), [weeks.counts]
    members: list[list[str]] = [[] for _ in names]
    for region in dict.fromkeys(weeks.regions):
        of_it = [int(one) for one in small if weeks.regions[one] == region]
        if len(of_it) > 1:
            known = ~np.isnan(weeks.counts[of_it]).all(axis=0)
            rows.append(np.where(known, np.nansum(weeks.counts[of_it], axis=0), np.nan)[np.newaxis, :])
            names.append(region)
            members.append([weeks.areas[one] for one in of_it])
    return np.concatenate(rows), names, members


def _told(
    weeks: Weeks, names: list[str], members: list[list[str]], judged: Judged, params: DeviationParams
) -> DeviationResult:
    adjusted, over = weighed(judged, params.alpha)
    rows = range(len(names))
    raised = over & (adjusted <= params.q)
    daily = params.step == "day"
    by_month = [
        not daily and (judged.week.method[row] == "none" or (raised[row] and judged.source[row] == "month"))
        for row in rows
    ]
    shown = _shown(judged, np.array(by_month, dtype=bool))
    low = benjamini_hochberg(shown.p_low)
    status = [_status(judged, shown, row, bool(raised[row]), bool(low[row] <= params.q)) for row in rows]
    added = [0 if daily else MONTH.weeks if month else 1 for month in by_month]
    return DeviationResult(
        step=params.step,
        q=params.q,
        area=names,
        level=["region" if of_it else "area" for of_it in members],
        members=members,
        from_day=[weeks.last - timedelta(days=max(0, 7 * each - 1)) for each in added],
        to_day=[weeks.last] * len(names),
        weeks=added,
        usual_per_week=told(judged.usual),
        observed=told_whole(shown.observed),
        expected=told(shown.expected),
        expected_low=told_whole(shown.low),
        expected_high=told_whole(shown.high),
        bound=told_whole(shown.bound),
        p=told(shown.p),
        p_week=told(judged.week.p),
        p_month=told(judged.month.p),
        p_drift=told(judged.p_drift),
        p_combined=told(judged.p),
        p_adjusted=told(adjusted),
        method=shown.method,
        status=status,
        false_share=[
            false_shares.share(one, shown.method[row], max(1, added[row])) for row, one in enumerate(status)
        ],
    )


def _shown(judged: Judged, by_month: npt.NDArray[np.bool_]) -> Tested:
    """Of each series the period that is shown."""
    parts = {
        name: np.where(by_month, getattr(judged.month, name), getattr(judged.week, name))
        for name in ("observed", "expected", "low", "high", "bound", "p", "p_low")
    }
    chosen = np.where(by_month, judged.month.method, judged.week.method)
    return Tested(method=chosen.tolist(), **parts)


def _status(judged: Judged, shown: Tested, row: int, raised: bool, lowered: bool) -> Status:
    if shown.method[row] == "none":
        return "too_few"
    if raised:
        return "rising" if judged.source[row] == "drift" else "above"
    if shown.observed[row] > shown.bound[row]:
        return "chance"
    return "below" if lowered and shown.observed[row] < shown.low[row] else "normal"


NO_WEEK = Sentence(
    "Det finns ingen hel period att jämföra med tidigare.",
    "There is no whole period to compare with earlier ones.",
)

DEVIATION = Measure(
    name="deviation",
    version=1,
    title=Sentence("Antal mot det normala", "Counts against what is normal"),
    columns=DEVIATION_COLUMNS,
    params=DeviationParams,
    result=DeviationResult,
    run=run,
    say=say_deviation,
)

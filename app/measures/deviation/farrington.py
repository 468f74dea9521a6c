"""Farrington's method, flexible and as it first was: the counts of a period against the same time of earlier years."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, NonNegativeInt, PositiveInt, model_validator
from scipy import stats

from app.domain.errors import BadInput
from app.domain.measure import Measure, Params, Result, Sentence
from app.domain.words import number
from app.measures.deviation.baseline import baseline
from app.measures.deviation.bounds import PowerTransform, ThresholdMethod, bounds
from app.measures.deviation.epochs import days_of, same_time
from app.measures.deviation.kernel import expect
from app.measures.deviation.series import (
    COLUMNS,
    EMPTY,
    FIRST_DAY,
    POPULATION,
    Series,
    series_of,
    told,
    told_whole,
)
from app.statistics.frames import conform

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

YEARS_FOR_TREND = 3
WINDOW = 3
# What the method of 1996 takes where nothing is set.
FIRST = {"noPeriods": 1, "pThresholdTrend": 0.05, "weightsThreshold": 1.0, "thresholdMethod": "delta"}


class FarringtonParams(Params):
    """The method's ``control``, under the names that are usual for it."""

    algorithm: Literal["farringtonFlexible", "algo.farrington"] = Field(
        "farringtonFlexible",
        description="algo.farrington: as in 1996, alpha is two-sided, the standard error takes a dispersion of at"
        " least 1, and a bound that limit54 forbids is 0; what is not set is then noPeriods 1, pThresholdTrend 0.05,"
        " pastWeeksNotIncluded w, weightsThreshold 1, thresholdMethod delta",
    )
    range: tuple[int, int] | None = Field(
        None,
        description="first and last period (t, from 1) to judge; default from the first with b years to the end",
    )
    freq: int = Field(52, ge=2, le=366, description="periods in a year: 52 weeks, 12 months, 365 days")
    b: int = Field(5, ge=1, le=50, description="years back")
    w: int = Field(WINDOW, ge=0, le=180, description="periods on each side of the same time in earlier years")
    noPeriods: int = Field(  # noqa: N815 - the name that is usual for it
        10, ge=1, le=366, description="levels of season; 1 takes the windows of earlier years only"
    )
    reweight: bool = Field(True, description="whether past outbreaks weigh less")
    weightsThreshold: float = Field(  # noqa: N815
        2.58, gt=0, description="standardised residual above which a past count weighs less"
    )
    alpha: float = Field(0.01, gt=0, lt=0.5, description="probability to exceed the bound by chance")
    trend: bool = Field(True, description="whether a trend is tried")
    pThresholdTrend: float = Field(  # noqa: N815
        1.0, gt=0, le=1, description="a trend is kept if its p-value is below; 1 keeps it always"
    )
    limit54: tuple[NonNegativeInt, PositiveInt] = Field(
        (5, 4),
        description="(cases, periods): no alarm unless there were so many cases in the last so many periods",
    )
    powertrans: PowerTransform = Field("2/3", description="for thresholdMethod delta: power of the count")
    populationOffset: bool = Field(  # noqa: N815
        False, description="whether counts are taken per head, by the column population"
    )
    pastWeeksNotIncluded: int = Field(  # noqa: N815
        26, ge=0, description="latest periods that are left out of the baseline"
    )
    epochAsDate: bool = Field(  # noqa: N815
        False,
        description="whether the same time of earlier years is sought by the calendar: the period that begins nearest"
        " to the same date, by the column day; else freq periods back, which a year of 53 weeks moves",
    )
    thresholdMethod: ThresholdMethod = Field(  # noqa: N815
        "nbPlugin",
        description="delta: normal after a power; nbPlugin: quantile of the negative binomial at the expected count; "
        "muan: the same at the upper end of the mean's interval",
    )

    @model_validator(mode="before")
    @classmethod
    def _as_it_first_was(cls, asked: Any) -> Any:
        if not isinstance(asked, dict) or asked.get("algorithm") != "algo.farrington":
            return asked
        return FIRST | {"pastWeeksNotIncluded": asked.get("w", WINDOW)} | asked


class FarringtonResult(Result):
    """One row per area and period, area by area."""

    area: list[str] = Field([], description="whose series; empty if the table names none")
    t: list[int] = Field([], description="period")
    observed: list[int | None] = Field([], description="count; None where not known")
    expected: list[float | None] = Field(
        [], description="expected count; None where limit54 forbids an alarm or nothing can be told"
    )
    upperbound: list[float | None] = Field(
        [], description="a count above this is an alarm; None as for expected"
    )
    alarm: list[int | None] = Field(
        [], description="1 if observed exceeds upperbound, else 0; None: not known"
    )
    pvalue: list[float | None] = Field([], description="probability by chance of as many or more")
    phi: list[float | None] = Field([], description="dispersion, variance over mean, at least 1")
    score: list[float | None] = Field(
        [],
        description="(observed − expected) / (upperbound − expected); some take log(expected) with nbPlugin, muan",
    )
    trend_used: list[int] = Field([], description="1 if the trend was kept")
    n_alarm: int = Field(0, description="alarms in all")
    n_untold: int = Field(
        0, description="area-periods of which nothing can be told: too short a history, or gaps"
    )


def judge(
    counts: Floats,
    population: Floats | None,
    columns: npt.NDArray[np.int64],
    params: FarringtonParams,
    days: npt.NDArray[np.int64] | None = None,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean, variance of its logarithm, dispersion and whether a trend was kept, (areas, columns).

    ``days`` are the periods' first days, as `same_time` takes them; None goes back ``freq`` periods a year.
    A period whose baseline would begin before the area's series has none, and nothing is told of it.
    """
    none = np.zeros(0, dtype=np.int64)
    centres = [same_time(int(at), params.b, params.freq, days) for at in columns]
    chosen = [
        baseline(
            [*earlier, int(at)],
            params.w,
            params.noPeriods,
            int(at) - params.pastWeeksNotIncluded - 1,
            own=True,
        )
        if earlier[0] >= params.w
        else (none, none)
        for at, earlier in zip(columns, centres, strict=True)
    ]
    starts = np.cumsum([0, *(periods.size for periods, _ in chosen)]).astype(np.int64)
    longest = max((periods.size for periods, _ in chosen), default=0)
    offset = np.zeros_like(counts)
    if population is not None:
        offset = np.log(np.where(population > 0, population, np.nan))
    mean, variance, phi, kept = expect(
        counts,
        offset,
        columns,
        starts,
        np.concatenate([periods for periods, _ in chosen]),
        np.concatenate([levels for _, levels in chosen]),
        params.noPeriods,
        params.trend and params.b >= YEARS_FOR_TREND,
        critical_t(params.pThresholdTrend, longest),
        params.weightsThreshold if params.reweight else math.inf,
        params.algorithm == "algo.farrington",
    )
    # An area's series begins with its first known count; before that it has no history either.
    begun = np.where(np.isnan(counts).all(axis=1), counts.shape[1], (~np.isnan(counts)).argmax(axis=1))
    early = np.array([earlier[0] - params.w for earlier in centres])[np.newaxis, :] < begun[:, np.newaxis]
    for part in (mean, variance, phi):
        part[early] = np.nan
    return mean, variance, phi, np.where(early, 0.0, kept)


def critical_t(share: float, longest: int) -> Floats:
    """What Student's t must exceed, to either side, for a p-value below ``share``; by degrees of freedom."""
    free = np.arange(longest + 1)
    if share >= 1:
        return np.full(longest + 1, -1.0)
    return np.where(free > 0, stats.t.isf(share / 2, np.maximum(free, 1)), np.inf)


def run(
    frame: pd.DataFrame, params: FarringtonParams, /, *, now: datetime, rng: np.random.Generator
) -> FarringtonResult:
    """Each period's count against the same time of earlier years; sums over nothing but what the table holds.

    Raises:
        BadInput: The table's counts will not do, or ``range`` lies outside it.
    """
    del now, rng
    frame = conform(frame, (*COLUMNS, POPULATION, FIRST_DAY))
    if frame.empty:
        return FarringtonResult(refusal=EMPTY)
    series = series_of(frame)
    if params.populationOffset and series.population is None:
        raise BadInput("populationOffset needs the column population.")
    reach = params.b * params.freq + params.w
    days = None
    if params.epochAsDate:
        days = days_of(frame, series)
        reach = params.w + max(
            at - same_time(at, params.b, params.freq, days)[0] for at in range(series.counts.shape[1])
        )
    start, end = _range(series, params.range, reach)
    if end - series.first < reach:
        return FarringtonResult(refusal=_too_short(end - series.first + 1, reach + 1))
    return _result(series, params, np.arange(start - series.first, end - series.first + 1), days)


def _range(series: Series, asked: tuple[int, int] | None, reach: int) -> tuple[int, int]:
    if asked is None:
        return series.first + reach, series.last
    if not series.first <= asked[0] <= asked[1] <= series.last:
        raise BadInput(
            f"The range {asked[0]}–{asked[1]} is not within the table's periods {series.first}–{series.last}."
        )
    return asked


def _too_short(periods: int, needed: int) -> Sentence:
    return Sentence(
        f"Serien är för kort: {number(periods, 'sv')} perioder, det behövs {number(needed, 'sv')}.",
        f"The series is too short: {number(periods, 'en')} periods, and it takes {number(needed, 'en')}.",
    )


def _result(
    series: Series,
    params: FarringtonParams,
    columns: npt.NDArray[np.int64],
    days: npt.NDArray[np.int64] | None,
) -> FarringtonResult:
    population = series.population if params.populationOffset else None
    mean, variance, phi, kept = judge(series.counts, population, columns, params, days)
    observed = series.counts[:, columns]
    classic = params.algorithm == "algo.farrington"
    share = params.alpha / 2 if classic else params.alpha
    upper, p = bounds(observed, mean, variance, phi, share, params.thresholdMethod, params.powertrans)
    few = _recent(series.counts, params.limit54[1])[:, columns] < params.limit54[0]
    alarm = np.where(few, 0.0, np.where(observed > upper, 1.0, 0.0))
    alarm[np.isnan(observed) | np.isnan(mean) | (np.isnan(upper) & ~few)] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (observed - mean) / (upper - mean)
    area, t = series.rows(series.first + int(columns[0]), series.first + int(columns[-1]))
    return FarringtonResult(
        area=area if any(series.areas) else [],
        t=t,
        observed=told_whole(observed),
        expected=told(np.where(few, np.nan, mean)),
        upperbound=told(np.where(few, 0.0 if classic else np.nan, upper)),
        alarm=told_whole(alarm),
        pvalue=told(p),
        phi=told(phi),
        score=told(score),
        trend_used=[int(used) for used in kept.ravel()],
        n_alarm=int(np.nansum(alarm)),
        n_untold=int(np.isnan(mean).sum()),
    )


def _recent(counts: Floats, periods: int) -> Floats:
    """The cases of each period and the ones before it, so many in all; what is not known counts as none."""
    sums = np.cumsum(np.nan_to_num(counts), axis=1)
    found = sums.copy()
    found[:, periods:] -= sums[:, : -periods or None]
    return found


def say(result: FarringtonResult) -> tuple[Sentence, ...]:
    """How many alarms there were."""
    if result.refusal is not None:
        return (result.refusal,)
    judged = len(result.t) - result.n_untold
    return (
        Sentence(
            f"{number(result.n_alarm, 'sv')} av {number(judged, 'sv')} perioder ligger över gränsen.",
            f"{number(result.n_alarm, 'en')} of {number(judged, 'en')} periods lie above the bound.",
        ),
    )


FARRINGTON = Measure(
    name="farrington",
    version=1,
    title=Sentence("Antal mot samma tid tidigare år", "Counts against the same time of earlier years"),
    columns=(*COLUMNS, POPULATION, FIRST_DAY),
    params=FarringtonParams,
    result=FarringtonResult,
    run=run,
    say=say,
    checks=("aberration_agona",),
)

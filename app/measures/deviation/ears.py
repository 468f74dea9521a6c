"""EARS: a count against the few periods before it, for series too young to have a season.

Hutwagner et al. 2003, https://doi.org/10.1007/pl00022319 (C1, C2, C3); Fricker, Hegler & Dunfee 2008,
https://doi.org/10.1002/sim.3197 (their formulas).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field
from scipy.special import ndtri

from app.domain.errors import BadInput
from app.domain.measure import Measure, Params, Result, Sentence
from app.domain.words import number
from app.measures.deviation.series import COLUMNS, EMPTY, series_of, told, told_whole
from app.statistics.frames import conform

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

Variant = Literal["C1", "C2", "C3"]
LAG: dict[Variant, int] = {"C1": 0, "C2": 2, "C3": 2}  # periods between the baseline and the one judged
ALPHA: dict[Variant, float] = {"C1": 0.001, "C2": 0.001, "C3": 0.025}
REMEMBERED = 2  # C3 adds up what C2 exceeded in so many periods before


class EarsParams(Params):
    """The settings, under the names that are usual for them."""

    method: Variant = Field(
        "C1",
        description="C1: the periods just before; C2: with a gap of two; C3: what C2 exceeded in the two periods"
        " before, so one period late",
    )
    baseline: int = Field(7, ge=2, le=10_000, description="periods compared with")
    alpha: float | None = Field(
        None,
        gt=0,
        lt=0.5,
        description="probability to exceed the bound by chance, were the count normal; default 0.001, for C3 0.025",
    )
    minSigma: float = Field(  # noqa: N815 - the name that is usual for it
        0.0, ge=0, description="the baseline's standard deviation is taken as at least this, in cases"
    )
    range: tuple[int, int] | None = Field(
        None, description="first and last period (t, from 1) to judge; default all that have a baseline"
    )


class EarsResult(Result):
    """One row per area and period, area by area."""

    area: list[str] = Field([], description="whose series; empty if the table names none")
    t: list[int] = Field([], description="period")
    observed: list[int | None] = Field([], description="count; None where not known")
    expected: list[float | None] = Field([], description="mean of the baseline, in cases")
    upperbound: list[float | None] = Field(
        [],
        description="a count above this is an alarm; None where the baseline has a gap or begins too early; for C3 the"
        " count and, in cases, what its sum leaves to the alarm",
    )
    alarm: list[int | None] = Field(
        [], description="1 if observed exceeds upperbound, else 0; None: not known"
    )
    first_t: int = Field(0, description="first period of the rows")
    n_alarm: int = Field(0, description="alarms in all")


def needed(method: Variant, baseline: int) -> int:
    """Periods before the first that can be judged."""
    return baseline + LAG[method] + (REMEMBERED if method == "C3" else 0)


def ears(counts: Floats, method: Variant, baseline: int, alpha: float, least: float) -> tuple[Floats, Floats]:
    """Mean of the baseline and upper bound, (areas, periods); NaN where there is no whole baseline."""
    lag = LAG[method]
    periods = counts.shape[1]
    mean, deviation = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    if periods > baseline + lag:
        windows = np.lib.stride_tricks.sliding_window_view(counts[:, : periods - lag - 1], baseline, axis=1)
        mean[:, baseline + lag :] = windows.mean(axis=2)
        deviation[:, baseline + lag :] = np.maximum(windows.std(axis=2, ddof=1), least)
    z = float(-ndtri(alpha))
    if method != "C3":
        return mean, mean + z * deviation
    away = counts - mean
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where((deviation == 0) & (away == 0), 0.0, away / deviation)
    exceeded = np.maximum(0.0, statistic - 1.0)
    before = np.full(counts.shape, np.nan)
    before[:, REMEMBERED:] = sum(
        exceeded[:, REMEMBERED - back : periods - back] for back in range(1, REMEMBERED + 1)
    )
    # The alarm is that what was exceeded before sums to more than z; told as a bound, it is how far the count is from
    # that. After a baseline that never varied was exceeded there is no such figure: the bound is then the mean.
    with np.errstate(invalid="ignore"):
        upper = counts + deviation * (z - before)
    upper = np.where((deviation == 0) & np.isinf(before), mean, upper)
    return mean, np.maximum(0.0, upper)


def run(frame: pd.DataFrame, params: EarsParams, /, *, now: datetime, rng: np.random.Generator) -> EarsResult:
    """Each period's count against the few before it.

    Raises:
        BadInput: The table's counts will not do, or ``range`` lies outside it.
    """
    del now, rng
    frame = conform(frame, COLUMNS)
    if frame.empty:
        return EarsResult(refusal=EMPTY)
    series = series_of(frame)
    first = series.first + needed(params.method, params.baseline)
    start, end = params.range or (first, series.last)
    if params.range is not None and not series.first <= start <= end <= series.last:
        raise BadInput(
            f"The range {start}–{end} is not within the table's periods {series.first}–{series.last}."
        )
    if end < first:
        short, enough = end - series.first + 1, first - series.first + 1
        return EarsResult(
            refusal=Sentence(
                f"Serien är för kort: {number(short, 'sv')} perioder, det behövs {number(enough, 'sv')}.",
                f"The series is too short: {number(short, 'en')} periods, and it takes {number(enough, 'en')}.",
            )
        )
    alpha = params.alpha if params.alpha is not None else ALPHA[params.method]
    mean, upper = ears(series.counts, params.method, params.baseline, alpha, params.minSigma)
    shown = slice(start - series.first, end - series.first + 1)
    observed, mean, upper = series.counts[:, shown], mean[:, shown], upper[:, shown]
    alarm = np.where(np.isnan(observed) | np.isnan(upper), np.nan, np.where(observed > upper, 1.0, 0.0))
    area, t = series.rows(start, end)
    return EarsResult(
        area=area if any(series.areas) else [],
        t=t,
        observed=told_whole(observed),
        expected=told(mean),
        upperbound=told(upper),
        alarm=told_whole(alarm),
        first_t=start,
        n_alarm=int(np.nansum(alarm)),
    )


def say(result: EarsResult) -> tuple[Sentence, ...]:
    """How many alarms there were."""
    if result.refusal is not None:
        return (result.refusal,)
    judged = sum(alarm is not None for alarm in result.alarm)
    return (
        Sentence(
            f"{number(result.n_alarm, 'sv')} av {number(judged, 'sv')} perioder ligger över gränsen.",
            f"{number(result.n_alarm, 'en')} of {number(judged, 'en')} periods lie above the bound.",
        ),
    )


EARS = Measure(
    name="ears",
    version=1,
    title=Sentence("Antal mot de närmast föregående", "Counts against those just before"),
    columns=COLUMNS,
    params=EarsParams,
    result=EarsResult,
    run=run,
    say=say,
    checks=("aberration_agona",),
)

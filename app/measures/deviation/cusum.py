"""CUSUM: small rises that last, added up until they cannot be chance.

Rossi, Lampugnani & Marchi 1999, https://doi.org/10.1002/(SICI)1097-0258(19990830)18:16<2111::AID-SIM171>3.0.CO;2-Q
(standardised counts); Höhle & Paul 2008, https://doi.org/10.1016/j.csda.2008.02.015 (likelihood ratios).
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import AliasChoices, Field

from app.domain.errors import BadInput
from app.domain.measure import Measure, Params, Result, Sentence
from app.domain.words import number
from app.measures.deviation.series import COLUMNS, EMPTY, series_of, told, told_whole
from app.measures.deviation.sums import generalised, plain, restarting
from app.statistics.frames import conform

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

Trans = Literal["none", "standard", "rossi", "anscombe"]


class CusumParams(Params):
    """The settings, under the names that are usual for them."""

    method: Literal["cusum", "lr", "glr"] = Field(
        "cusum",
        description="cusum: sums of what exceeds k; lr: likelihood ratio of a rise by theta; glr: of any rise",
    )
    range: tuple[int, int] | None = Field(
        None, description="first and last period (t, from 1) that are added up; default the later half"
    )
    m: float | None = Field(
        None, gt=0, description="mean count when all is normal; default that before the range"
    )
    k: float = Field(
        1.04,
        ge=0,
        description="cusum: what is taken off each period, in cases, or in standard deviations with trans",
    )
    h: float = Field(2.26, gt=0, description="cusum: alarm when the sum reaches it, in the same unit as k")
    trans: Trans = Field(
        "none",
        description="cusum: none: the count itself; standard: (y − m)/√m; rossi: (y − 3m + 2√(my))/(2√m); "
        "anscombe: 1.5(y^⅔ − m^⅔)/m^⅙",
    )
    c_ARL: float = Field(  # noqa: N815 - the name that is usual for it
        5.0,
        gt=0,
        validation_alias=AliasChoices("c_ARL", "c.ARL"),
        description="lr, glr: alarm when the log likelihood ratio reaches it; the sum then begins anew",
    )
    theta: float = Field(
        math.log(2), gt=0, description="lr: logarithm of the rise that is looked for; log 2 is a doubling"
    )
    alpha: float = Field(
        0.0, ge=0, description="lr, glr: variance is mu + alpha·mu²; 0 is Poisson, above it negative binomial"
    )
    M: int = Field(-1, ge=-1, description="glr: a rise may have begun so many periods ago; −1: at any time")
    Mtilde: int = Field(1, ge=1, description="glr: periods that a rise must have lasted at least")


class CusumResult(Result):
    """One row per area and period, area by area."""

    area: list[str] = Field([], description="whose series; empty if the table names none")
    t: list[int] = Field([], description="period")
    observed: list[int | None] = Field([], description="count; None where not known")
    stat: list[float | None] = Field([], description="the sum, or the log likelihood ratio, after the period")
    alarm: list[int | None] = Field([], description="1 if it reaches h (cusum) or c_ARL (lr, glr), else 0")
    upper: list[float | None] = Field(
        [], description="cusum with trans none: cases left to the alarm after the period; else empty"
    )
    cases_needed: list[float | None] = Field(
        [], description="lr: how many cases in the period would give an alarm; else empty"
    )
    limit: float = Field(0.0, description="what stat is held against: h, or c_ARL")
    m: list[float] = Field([], description="mean count when all is normal, per area")
    index_of_dispersion: list[float | None] = Field(
        [], description="variance over mean of the counts before the range, per area; None for fewer than two"
    )
    n_alarm: int = Field(0, description="periods with an alarm in all")


def standardised(y: Floats, m: float, trans: Trans) -> Floats:
    """The count as it is added up."""
    if trans == "standard":
        y = (y - m) / math.sqrt(m)
    elif trans == "rossi":
        y = (y - 3 * m + 2 * np.sqrt(m * y)) / (2 * math.sqrt(m))
    elif trans == "anscombe":
        y = 1.5 * (y ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6)
    return y


def _one(y: Floats, m: float, params: CusumParams) -> tuple[Floats, Floats, Floats, Floats]:
    """Sum, alarm, cases left and cases needed along one series."""
    none = np.zeros(0)
    if params.method == "cusum":
        stat = plain(standardised(y, m, params.trans) - params.k)
        left = np.maximum(0.0, params.h - stat) if params.trans == "none" else none
        return stat, np.where(np.isnan(stat), np.nan, stat >= params.h), left, none
    if params.method == "glr":
        stat = generalised(y, m, params.alpha, params.c_ARL, params.M, params.Mtilde)
        return stat, np.where(np.isnan(stat), np.nan, stat >= params.c_ARL), none, none
    # The log likelihood ratio is a line in the count: what each case adds, less what the expected mean takes off.
    raised = m * math.exp(params.theta)
    if params.alpha > 0:
        grown = math.log((1 + params.alpha * raised) / (1 + params.alpha * m))
        each, off = params.theta - grown, grown / params.alpha
    else:
        each, off = params.theta, raised - m
    stat, before = restarting(y * each - off, params.c_ARL)
    needed = (params.c_ARL - before + off) / each
    return stat, np.where(np.isnan(stat), np.nan, stat >= params.c_ARL), none, needed


def run(
    frame: pd.DataFrame, params: CusumParams, /, *, now: datetime, rng: np.random.Generator
) -> CusumResult:
    """Counts added up from the beginning of the range.

    Raises:
        BadInput: The table's counts will not do, or ``range`` lies outside it.
    """
    del now, rng
    frame = conform(frame, COLUMNS)
    if frame.empty:
        return CusumResult(refusal=EMPTY)
    series = series_of(frame)
    periods = series.counts.shape[1]
    start, end = params.range or (series.first + periods // 2, series.last)
    if not series.first <= start <= end <= series.last:
        raise BadInput(
            f"The range {start}–{end} is not within the table's periods {series.first}–{series.last}."
        )
    split = start - series.first
    means, spreads = _before(series.counts[:, :split])
    if params.m is not None:
        means = np.full(means.shape, params.m)
    if not (means > 0).all():
        return CusumResult(refusal=_no_mean(series.areas[int(np.flatnonzero(~(means > 0))[0])]))
    observed = series.counts[:, split : end - series.first + 1]
    parts = [_one(row, float(m), params) for row, m in zip(observed, means, strict=True)]
    stat, alarm, left, needed = (np.concatenate(part) for part in zip(*parts, strict=True))
    area, t = series.rows(start, end)
    return CusumResult(
        area=area if any(series.areas) else [],
        t=t,
        observed=told_whole(observed),
        stat=told(stat),
        alarm=told_whole(alarm),
        upper=told(left),
        cases_needed=told(needed),
        limit=params.h if params.method == "cusum" else params.c_ARL,
        m=means.tolist(),
        index_of_dispersion=told(spreads),
        n_alarm=int(np.nansum(alarm)),
    )


def _before(counts: Floats) -> tuple[Floats, Floats]:
    """Mean and variance over mean of what is known of each series; NaN where too little is."""
    known = (~np.isnan(counts)).sum(axis=1)
    filled = np.nan_to_num(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = filled.sum(axis=1) / known
        square = np.where(np.isnan(counts), 0.0, counts - mean[:, np.newaxis]) ** 2
        spread = np.where(known > 1, square.sum(axis=1) / (known - 1) / mean, np.nan)
    return mean, spread


def _no_mean(area: str) -> Sentence:
    where = (f" i {area}", f" in {area}") if area else ("", "")
    return Sentence(
        f"Det finns inga fall{where[0]} före de perioder som räknas, så inget är känt om hur det brukar vara.",
        f"There are no cases{where[1]} before the periods that count, so nothing is known of what is normal.",
    )


def say(result: CusumResult) -> tuple[Sentence, ...]:
    """How many periods had an alarm."""
    if result.refusal is not None:
        return (result.refusal,)
    known = sum(alarm is not None for alarm in result.alarm)
    return (
        Sentence(
            f"Summan ligger över gränsen i {number(result.n_alarm, 'sv')} av {number(known, 'sv')} perioder.",
            f"The sum lies above the bound in {number(result.n_alarm, 'en')} of {number(known, 'en')} periods.",
        ),
    )


CUSUM = Measure(
    name="cusum",
    version=1,
    title=Sentence("Långsam ökning som består", "A slow rise that lasts"),
    columns=COLUMNS,
    params=CusumParams,
    result=CusumResult,
    run=run,
    say=say,
    checks=("aberration_agona",),
)

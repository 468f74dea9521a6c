"""Whether reports of a unit come oftener and get graver, and where the gravest stand: over all units, never of one."""

from __future__ import annotations

import math

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy import stats

from app.measures.repeats.reports import Reports
from app.statistics.exact import clustered_share, share_interval

LEAST = 20


class Frequency(BaseModel):
    """Reports in the time after the first one, and in as long a time after that; of units followed through both."""

    model_config = ConfigDict(frozen=True)

    days: float = Field(description="how long each of the two times is, in days")
    units: int = Field(description="units that were followed through both, with a repeat or without")
    before: int = Field(description="their reports in the first time, without the first report itself")
    after: int = Field(description="their reports in the second")
    ratio: float | None = Field(description="after / before: above 1 oftener; null: too few")
    lower: float | None = Field(description="lower limit of ratio, with units as clusters")
    upper: float | None = Field(description="upper limit of ratio")


class Step(BaseModel):
    """A share of steps from one report to the next."""

    model_config = ConfigDict(frozen=True)

    share: float = Field(description="of the steps, of one")
    lower: float = Field(description="lower limit, with units as clusters")
    upper: float = Field(description="upper limit")


class Severity(BaseModel):
    """Harm from one report to the next of the same unit."""

    model_config = ConfigDict(frozen=True)

    steps: int = Field(description="pairs of reports in a row of which both have a harm")
    units: int = Field(description="units with such a step")
    graver: Step | None = Field(description="the later has more harm; null: too few")
    same: Step | None = Field(description="as much")
    lighter: Step | None = Field(description="less")
    difference: float | None = Field(
        description="share graver − share lighter: above 0 it gets graver on the whole"
    )
    difference_lower: float | None = Field(description="lower limit, with units as clusters")
    difference_upper: float | None = Field(description="upper limit")


class Gravest(BaseModel):
    """The gravest reports, and whether anything was reported before them."""

    model_config = ConfigDict(frozen=True)

    harm_at_least: float = Field(description="reports with this harm or more")
    reports: int = Field(description="how many they are; ties at the limit are all in")
    first: int | None = Field(description="how many were the unit's first report; null: too few to tell")
    share_first: float | None = Field(description="first / reports")
    lower: float | None = Field(description="lower limit of share_first (Clopper–Pearson)")
    upper: float | None = Field(description="upper limit")
    share_first_of_all: float = Field(description="the same of all reports that have a harm")
    units_with_80_percent: float | None = Field(
        description="the smallest share of units (those with a harm) that have 80 % of all harm"
    )


def frequency(reports: Reports, days: float, level: float) -> Frequency:
    """Reports in (0, days] and in (days, 2·days] after the first."""
    first = reports.number == 1
    begun = reports.t[first][reports.unit]
    since = reports.t - begun
    followed = (reports.end[first] - reports.t[first]) >= 2 * days
    later = (reports.number > 1) & followed[reports.unit]
    near = np.bincount(reports.unit[later & (since <= days)], minlength=reports.units)
    far = np.bincount(reports.unit[later & (since > days) & (since <= 2 * days)], minlength=reports.units)
    before, after = int(near.sum()), int(far.sum())
    ratio = lower = upper = None
    if before + after >= LEAST and before and after:
        ratio = after / before
        error = math.sqrt(float(((far / after - near / before) ** 2).sum()))
        half = float(stats.norm.ppf((1 + level) / 2)) * error
        lower, upper = ratio * math.exp(-half), ratio * math.exp(half)
    return Frequency(
        days=days,
        units=int(followed.sum()),
        before=before,
        after=after,
        ratio=ratio,
        lower=lower,
        upper=upper,
    )


def severity(reports: Reports, level: float) -> Severity | None:
    """Steps from each report to the next; None without any harm."""
    if not np.isfinite(reports.harm).any():
        return None
    here = np.flatnonzero(reports.again)
    change = reports.harm[here + 1] - reports.harm[here]
    here, change = here[np.isfinite(change)], change[np.isfinite(change)]
    unit = np.unique(reports.unit[here], return_inverse=True)[1]
    units = int(unit.max()) + 1 if len(unit) else 0
    steps = len(change)
    if steps < LEAST or units < LEAST:
        return Severity(
            steps=steps,
            units=units,
            graver=None,
            same=None,
            lighter=None,
            difference=None,
            difference_lower=None,
            difference_upper=None,
        )
    of = np.bincount(unit, minlength=units)
    graver = np.bincount(unit[change > 0], minlength=units)
    lighter = np.bincount(unit[change < 0], minlength=units)
    difference = float(graver.sum() - lighter.sum()) / steps
    deviation = graver - lighter - difference * of
    error = math.sqrt(units / (units - 1) * float((deviation**2).sum())) / steps
    half = float(stats.norm.ppf((1 + level) / 2)) * error
    shares = {
        name: Step(**dict(zip(("share", "lower", "upper"), clustered_share(cases, of, level), strict=True)))
        for name, cases in (("graver", graver), ("same", of - graver - lighter), ("lighter", lighter))
    }
    return Severity(
        steps=steps,
        units=units,
        **shares,
        difference=difference,
        difference_lower=max(-1.0, difference - half),
        difference_upper=min(1.0, difference + half),
    )


def gravest(
    reports: Reports, *, share: float, harm_at_least: float | None, least: int, level: float
) -> Gravest | None:
    """Reports of the gravest ``share``, or with ``harm_at_least`` where it is given; None without harm."""
    known = np.isfinite(reports.harm)
    if not known.any():
        return None
    harm, first = reports.harm[known], reports.number[known] == 1
    limit = harm_at_least
    if limit is None:
        limit = float(np.sort(harm)[-max(1, math.ceil(share * len(harm)))])
    grave = harm >= limit
    count, were_first = int(grave.sum()), int((grave & first).sum())
    low, high = share_interval(were_first, count, level) if count >= least else (None, None)
    return Gravest(
        harm_at_least=limit,
        reports=count,
        first=were_first if count >= least else None,
        share_first=were_first / count if count >= least else None,
        lower=low,
        upper=high,
        share_first_of_all=float(first.mean()),
        units_with_80_percent=_needed(reports, known),
    )


def _needed(reports: Reports, known: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float | None:
    there, unit = np.unique(reports.unit[known], return_inverse=True)
    harm = np.sort(np.bincount(unit, weights=reports.harm[known]))[::-1]
    if harm[-1] < 0 or harm.sum() <= 0 or len(there) < LEAST:
        return None
    held = np.cumsum(harm) / harm.sum()
    return float((np.searchsorted(held, 0.8 - 1e-12) + 1) / len(harm))

"""How long until the next report: within fixed windows after the first, and by how many came before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from app.measures.repeats.reports import Reports
from app.statistics.exact import poisson_interval, share_interval
from app.statistics.survival import Curve, crosses, curve

POINTS = 74
"""Of a drawn curve, at most: a year by steps of five days."""


@dataclass(frozen=True)
class Follow:
    """How it is followed: the windows in days, from which number on reports are one class, and who is too few."""

    windows: tuple[float, ...]
    max_number: int
    min_units: int
    level: float


class Window(BaseModel):
    """How many have a repeat within so many days."""

    model_config = ConfigDict(frozen=True)

    days: float = Field(description="within so many days")
    followed: int = Field(description="how many were followed so long, with a repeat or without")
    repeats: int | None = Field(description="how many of those had a repeat by then; null: too few followed")
    fixed: float | None = Field(description="repeats / followed: only those followed so long")
    share: float | None = Field(
        description="the share with a repeat, of all (Kaplan–Meier); null: too few followed"
    )
    lower: float | None = Field(description="lower limit of share")
    upper: float | None = Field(description="upper limit of share")


class Drawn(BaseModel):
    """A curve for drawing: it ends where too few are still waited for."""

    model_config = ConfigDict(frozen=True)

    days: list[float] = Field(description="days since the report")
    share: list[float] = Field(description="share with the next report by then (Kaplan–Meier)")
    lower: list[float] = Field(description="lower limit")
    upper: list[float] = Field(description="upper limit")


class ByNumber(BaseModel):
    """From the report of this number to the next; the last class holds all later ones, and a unit several times."""

    model_config = ConfigDict(frozen=True)

    number: int = Field(description="1: from the first report to the second; the last: from this one on")
    and_later: bool = Field(description="whether later ones are in it, too")
    reports: int = Field(description="reports from which the next was waited for")
    repeats: int | None = Field(description="how many had a next; null: too few")
    days_at_risk: float | None = Field(description="days waited in all")
    rate: float | None = Field(description="repeats per 100 days waited")
    lo: float | None = Field(description="lower limit of rate: the exact Poisson interval (Garwood)")
    hi: float | None = Field(description="upper limit of rate")
    median_days: float | None = Field(description="when half had the next; null: fewer than half, or too few")
    median_lower: float | None = Field(description="lower limit of median_days")
    median_upper: float | None = Field(description="upper limit of median_days; null: open")
    windows: list[Window] = Field(description="the same windows as after the first report")
    curve: Drawn | None = Field(description="for drawing; null: too few")


def windows(reports: Reports, follow: Follow) -> list[Window]:
    """A repeat within each window after the first report."""
    return _windows(reports, reports.number == 1, follow)


def by_number(reports: Reports, follow: Follow) -> list[ByNumber]:
    """The wait after each number of reports, until there is no such report."""
    found = []
    for number in range(1, follow.max_number + 1):
        last = number == follow.max_number
        own = reports.number >= number if last else reports.number == number
        if own.any():
            found.append(_class(reports, own, number, follow, and_later=last))
    return found


def _class(
    reports: Reports, own: npt.NDArray[np.bool_], number: int, follow: Follow, *, and_later: bool
) -> ByNumber:
    count = int(own.sum())
    if count < follow.min_units:
        return ByNumber(
            number=number,
            and_later=and_later,
            reports=count,
            repeats=None,
            days_at_risk=None,
            rate=None,
            lo=None,
            hi=None,
            median_days=None,
            median_lower=None,
            median_upper=None,
            windows=_windows(reports, own, follow),
            curve=None,
        )
    waited, repeats = float(reports.wait[own].sum()), int(reports.again[own].sum())
    low, high = (float(limit) for limit in poisson_interval(repeats, follow.level))
    found = _curve(reports, own, follow)
    return ByNumber(
        number=number,
        and_later=and_later,
        reports=count,
        repeats=repeats,
        days_at_risk=waited,
        rate=100 * repeats / waited if waited > 0 else None,
        lo=100 * low / waited if waited > 0 else None,
        hi=100 * high / waited if waited > 0 else None,
        median_days=crosses(found.time, found.surv),
        median_lower=crosses(found.time, found.lower),
        median_upper=crosses(found.time, found.upper),
        windows=_windows(reports, own, follow),
        curve=_drawn(found, follow),
    )


def _curve(reports: Reports, own: npt.NDArray[np.bool_], follow: Follow) -> Curve:
    wait = reports.wait[own]
    unit = np.unique(reports.unit[own], return_inverse=True)[1]
    several = (
        unit if len(unit) > int(unit.max()) + 1 else None
    )  # in the last class a unit may stand several times
    return curve(np.full(len(wait), -np.inf), wait, reports.again[own], "log-log", follow.level, several)


def _windows(reports: Reports, own: npt.NDArray[np.bool_], follow: Follow) -> list[Window]:
    could = (reports.end - reports.t)[own]
    wait, again = reports.wait[own], reports.again[own]
    found = _curve(reports, own, follow) if len(wait) else None
    told = []
    for days in follow.windows:
        followed = could >= days
        count = int(followed.sum())
        if found is None or count < follow.min_units:
            told.append(
                Window(
                    days=days, followed=count, repeats=None, fixed=None, share=None, lower=None, upper=None
                )
            )
            continue
        repeats = int((again & (wait <= days) & followed).sum())
        share, lower, upper = _at(found, days, count, follow.level)
        told.append(
            Window(
                days=days,
                followed=count,
                repeats=repeats,
                fixed=repeats / count,
                share=share,
                lower=lower,
                upper=upper,
            )
        )
    return told


def _at(found: Curve, days: float, followed: int, level: float) -> tuple[float, float, float]:
    """The share with a repeat by then; where none or all had one, exact limits from those followed so long."""
    place = int(np.searchsorted(found.time, days, "right")) - 1
    surv = float(found.surv[place]) if place >= 0 else 1.0
    if surv in {0.0, 1.0}:
        low, high = share_interval(0 if surv == 1.0 else followed, followed, level)
        return 1.0 - surv, low, high
    return 1.0 - surv, 1.0 - float(found.upper[place]), 1.0 - float(found.lower[place])


def _drawn(found: Curve, follow: Follow) -> Drawn:
    """The curve at whole days, as far as ``min_units`` are still waited for."""
    waited = np.flatnonzero(found.n_risk >= follow.min_units)
    reach = min(max(follow.windows), float(found.time[waited[-1]]) if len(waited) else 0.0)
    days = np.unique(np.floor(np.linspace(0, reach, POINTS)))
    points = [_at(found, float(day), int(found.n_risk.max()), follow.level) for day in days]
    return Drawn(
        days=[float(day) for day in days],
        share=[point[0] for point in points],
        lower=[point[1] for point in points],
        upper=[point[2] for point in points],
    )

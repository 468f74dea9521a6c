"""Time to the event: curves with intervals, tables, and whether groups differ."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from app.domain.measure import Measure, Result, Sentence
from app.domain.words import CHANCE, Language, capital, counted, number, too_few_of
from app.measures.repeats.spells import (
    EVENT,
    FREE,
    HAPPENED,
    START,
    STOP,
    UNITS,
    Names,
    SpellParams,
    Spells,
    Unit,
    label,
    numbered,
    spells,
    told,
)
from app.statistics.survival import Curve, Scale, crosses, curve, log_rank, restricted_mean

SHOWN = 6
LANGUAGES: tuple[Language, Language] = ("sv", "en")
CONVINCING = 0.05


class SurvivalParams(SpellParams):
    """What is set of the curves."""

    group: Names = Field(
        (), description='one curve for each combination of these columns\' values, e.g. ["rx"]'
    )
    strata: Names = Field(
        (), description="the log-rank test compares the groups only within these columns' values"
    )
    conf_type: Scale = Field(
        "log", description="the scale on which the interval is made: log, log-log or plain"
    )
    cluster: str | None = Field(
        None,
        description="the column whose equal values go together, as id: the curves' errors and intervals hold then; "
        "null: rows are taken as independent",
    )
    rmean: float | None = Field(
        None, gt=0, description="up to when the restricted mean goes; null: the last time of all curves"
    )
    min_events: int = Field(5, ge=0, description="with fewer events in all, nothing is said")


class CurveRow(BaseModel):
    """One curve in figures. Times in the unit of stop."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    stratum: str = Field(description="the group, as rx=1; empty where there is one curve")
    records: int = Field(description="rows")
    n_max: int = Field(serialization_alias="n.max", description="most rows at risk at one time")
    n_start: int = Field(serialization_alias="n.start", description="rows at risk at the first time")
    events: int = Field(description="rows that ended with the event")
    rmean: float = Field(description="restricted mean: mean time without the event, up to rmean_until")
    se_rmean: float | None = Field(serialization_alias="se(rmean)", description="its standard error")
    median: float | None = Field(description="when half have had the event; null: not reached")
    median_lower: float | None = Field(
        serialization_alias="0.95LCL", description="lower limit of the median, at the level that was set"
    )
    median_upper: float | None = Field(
        serialization_alias="0.95UCL",
        description="upper limit of the median, at the level that was set; null: open",
    )


class LogRankRow(BaseModel):
    """The log-rank test of the groups."""

    model_config = ConfigDict(frozen=True)

    chisq: float = Field(description="chi-square")
    df: int = Field(description="degrees of freedom")
    p: float = Field(description="how often chance alone would give as much")
    obs: list[float] = Field(description="events in each group, in the order of table")
    exp: list[float] = Field(description="events expected in each group, were there no difference")


class SurvivalResult(Result):
    """The curves, one after the other in equally long columns."""

    time: list[float] = Field(
        default=[], description="when rows end, in the unit of stop, for each curve in turn"
    )
    n_risk: list[int] = Field(default=[], description="rows at risk just before")
    n_event: list[int] = Field(default=[], description="events then")
    n_censor: list[int] = Field(default=[], description="rows that end then without the event")
    surv: list[float | None] = Field(default=[], description="share still without the event (Kaplan–Meier)")
    std_err: list[float | None] = Field(
        default=[], description="standard error of surv (Greenwood; with cluster, robust)"
    )
    lower: list[float | None] = Field(default=[], description="lower limit of surv")
    upper: list[float | None] = Field(default=[], description="upper limit of surv")
    cumhaz: list[float | None] = Field(
        default=[],
        description="Nelson–Aalen: sum of events/at risk; with several events per unit, the mean number of events",
    )
    std_chaz: list[float | None] = Field(
        default=[], description="its standard error (Aalen; with cluster, robust: Lawless and Nadeau)"
    )
    strata: list[str] | None = Field(
        default=None, description="the curve of each time, as rx=1; null: one curve"
    )
    table: list[CurveRow] = Field(default=[], description="each curve in figures")
    rmean_until: float | None = Field(default=None, description="up to when the restricted means go")
    logrank: LogRankRow | None = Field(default=None, description="whether the groups differ; null: one group")
    rows_left_out: int = Field(default=0, description="rows with a gap, or that end before they begin")
    unit: Unit = Field(default="day", description="of all times, as it was set")


def run(
    frame: pd.DataFrame, params: SurvivalParams, /, *, now: datetime, rng: np.random.Generator
) -> SurvivalResult:
    """The curves. ``now`` and ``rng`` are not used."""
    del now, rng
    also = (params.cluster,) if params.cluster else ()
    rows = spells(frame, params, (*params.group, *params.strata, *also))
    events = int(rows.event.sum())
    if len(rows.leave) == 0 or events < params.min_events:
        return SurvivalResult(
            refusal=too_few_of(EVENT, events, max(1, params.min_events)),
            rows_left_out=rows.left_out,
            unit=params.unit,
        )
    which, groups = numbered(rows.frame, params.group, params.levels)
    curves = [_curve(rows, which == number, params) for number in range(len(groups))]
    until = params.rmean or max(float(one.time[-1]) for one in curves)
    names = [label(params.group, values) for values in groups]
    test = None
    if params.group:
        found = log_rank(rows.entry, rows.leave, rows.event, which, numbered(rows.frame, params.strata)[0])
        if found is not None:
            test = LogRankRow(
                chisq=found.chisq,
                df=found.df,
                p=found.p,
                obs=told_all(found.observed),
                exp=told_all(found.expected),
            )
    columns = {
        name: [value for one in curves for value in told(getattr(one, name))]
        for name in ("surv", "std_err", "lower", "upper", "cumhaz", "std_chaz")
    }
    return SurvivalResult(
        time=[float(value) for one in curves for value in one.time],
        n_risk=[int(value) for one in curves for value in one.n_risk],
        n_event=[int(value) for one in curves for value in one.n_event],
        n_censor=[int(value) for one in curves for value in one.n_censor],
        surv=columns["surv"],
        std_err=columns["std_err"],
        lower=columns["lower"],
        upper=columns["upper"],
        cumhaz=columns["cumhaz"],
        std_chaz=columns["std_chaz"],
        strata=[name for name, one in zip(names, curves, strict=True) for _ in one.time]
        if params.group
        else None,
        table=[_row(name, one, until) for name, one in zip(names, curves, strict=True)],
        rmean_until=until,
        logrank=test,
        rows_left_out=rows.left_out,
        unit=params.unit,
    )


def told_all(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    """Floats for a result, all of which can be told."""
    return [float(value) for value in values]


def _curve(rows: Spells, own: np.ndarray[tuple[int], np.dtype[np.bool_]], params: SurvivalParams) -> Curve:
    cluster = None if params.cluster is None else numbered(rows.frame[own], (params.cluster,))[0]
    return curve(rows.entry[own], rows.leave[own], rows.event[own], params.conf_type, params.level, cluster)


def _row(name: str, found: Curve, until: float) -> CurveRow:
    mean, error = restricted_mean(found, until)
    return CurveRow(
        stratum=name,
        records=int(found.n_event.sum() + found.n_censor.sum()),
        n_max=int(found.n_risk.max()),
        n_start=int(found.n_risk[0]),
        events=int(found.n_event.sum()),
        rmean=mean,
        se_rmean=error,
        median=crosses(found.time, found.surv),
        median_lower=crosses(found.time, found.lower),
        median_upper=crosses(found.time, found.upper),
    )


def say(result: SurvivalResult) -> tuple[Sentence, ...]:
    """When half had had the event, group by group, and whether the groups differ."""
    if result.refusal is not None:
        return (result.refusal,)
    sentences = [_said(row, result) for row in result.table[:SHOWN]]
    if len(result.table) > SHOWN:
        more = len(result.table) - SHOWN
        sentences.append(Sentence(f"Och {more} grupper till.", f"And {more} more groups."))
    if result.logrank is not None:
        sentences.append(
            Sentence(
                "Grupperna skiljer sig mer än slumpen brukar.",
                "The groups differ more than chance usually does.",
            )
            if result.logrank.p < CONVINCING
            else CHANCE
        )
    return tuple(sentences)


def _said(row: CurveRow, result: SurvivalResult) -> Sentence:
    unit = UNITS[result.unit]
    sv, en = (f"{capital(row.stratum)}: " if row.stratum else "" for _ in range(2))
    events = tuple(counted(row.events, EVENT, language) for language in ("sv", "en"))
    if row.median is None:
        return Sentence(
            capital(f"{sv}färre än hälften hade händelsen så länge de följdes ({events[0]})."),
            capital(f"{en}fewer than half had the event as long as they were followed ({events[1]})."),
        )
    decimals = 0 if row.median.is_integer() else 1
    when = tuple(counted(row.median, unit, language, decimals) for language in LANGUAGES)
    limits = tuple(_limits(row, language, decimals) for language in LANGUAGES)
    return Sentence(
        capital(f"{sv}hälften hade händelsen inom {when[0]}{limits[0]}; {events[0]}."),
        capital(f"{en}half had the event within {when[1]}{limits[1]}; {events[1]}."),
    )


def _limits(row: CurveRow, language: Language, decimals: int) -> str:
    if row.median_lower is None:
        return ""
    low = number(row.median_lower, language, decimals)
    if row.median_upper is None:
        return f" (minst {low})" if language == "sv" else f" (at least {low})"
    return f" ({low}–{number(row.median_upper, language, decimals)})"


SURVIVAL = Measure(
    name="survival",
    version=1,
    title=Sentence("Tid till nästa händelse", "Time to the next event"),
    columns=(START, STOP, HAPPENED, FREE),
    params=SurvivalParams,
    result=SurvivalResult,
    run=run,
    say=say,
    checks=("survival_bladder",),
)

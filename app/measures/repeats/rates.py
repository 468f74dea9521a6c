"""How often it happens while it can happen: events over time at risk, with exact intervals."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from app.domain.measure import Measure, Result, Sentence
from app.domain.words import Language, capital, counted, interval, number, too_few_of
from app.measures.repeats.spells import (
    EVENT,
    FREE,
    HAPPENED,
    START,
    STOP,
    UNITS,
    Names,
    SpellParams,
    Unit,
    label,
    numbered,
    shown,
    spells,
)
from app.statistics.exact import poisson_interval

SHOWN = 6
POWERS = (100, 1000, 10_000, 100_000)  # of units of time: the first in which it happens once at least
LANGUAGES: tuple[Language, Language] = ("sv", "en")
RESERVED = frozenset({"stratum", "at_risk", "events", "persontime", "rate", "lo", "hi"})


class RatesParams(SpellParams):
    """What is set of the rates."""

    group: Names = Field(
        (), description='one rate for each combination of these columns\' values, e.g. ["enum"]'
    )
    min_events: int = Field(1, ge=0, description="with fewer events in all, nothing is said")


class RateRow(BaseModel):
    """One group's rate. Beside these it holds the value of each column of group, by that column's name."""

    model_config = ConfigDict(frozen=True, extra="allow")

    stratum: str = Field(description="the group, as enum=1; empty where there is one")
    at_risk: int = Field(description="rows")
    events: int = Field(description="rows that ended with the event")
    persontime: float = Field(description="time at risk in all, in the unit of stop")
    rate: float | None = Field(description="events per unit of time; null: no time at risk")
    lo: float | None = Field(description="lower limit of rate: the exact Poisson interval (Garwood)")
    hi: float | None = Field(description="upper limit of rate")


class RatesResult(Result):
    """A rate for each group."""

    rates: list[RateRow] = Field(
        default=[], description="one row for each group, in rising order of its values"
    )
    rows_left_out: int = Field(default=0, description="rows with a gap, or that end before they begin")
    unit: Unit = Field(default="day", description="of persontime, as it was set")


def run(
    frame: pd.DataFrame, params: RatesParams, /, *, now: datetime, rng: np.random.Generator
) -> RatesResult:
    """The rates. ``now`` and ``rng`` are not used."""
    del now, rng
    rows = spells(frame, params, params.group)
    total = int(rows.event.sum())
    if len(rows.leave) == 0 or total < params.min_events:
        return RatesResult(
            refusal=too_few_of(EVENT, total, max(1, params.min_events)),
            rows_left_out=rows.left_out,
            unit=params.unit,
        )
    which, groups = numbered(rows.frame, params.group, params.levels)
    at_risk = np.bincount(which, minlength=len(groups))
    events = np.bincount(which[rows.event], minlength=len(groups))
    time = np.bincount(which, weights=rows.length, minlength=len(groups))
    low, high = poisson_interval(events, params.level)
    found = [
        RateRow(
            stratum=label(params.group, values),
            at_risk=int(at_risk[row]),
            events=int(events[row]),
            persontime=float(time[row]),
            rate=float(events[row] / time[row]) if time[row] > 0 else None,
            lo=float(low[row] / time[row]) if time[row] > 0 else None,
            hi=float(high[row] / time[row]) if time[row] > 0 else None,
            **_own(params.group, values),
        )
        for row, values in enumerate(groups)
    ]
    return RatesResult(rates=found, rows_left_out=rows.left_out, unit=params.unit)


def _own(columns: tuple[str, ...], values: tuple[object, ...]) -> dict[str, int | float | str]:
    """The group's values by their columns; those that have a figure's name are told in stratum only."""
    told: dict[str, int | float | str] = {}
    for name, value in zip(columns, values, strict=True):
        if name not in RESERVED:
            told[name] = (
                (int(value) if value.is_integer() else value) if isinstance(value, float) else shown(value)
            )
    return told


def say(result: RatesResult) -> tuple[Sentence, ...]:
    """Each group's rate with its interval, per a hundred units of time."""
    if result.refusal is not None:
        return (result.refusal,)
    sentences = [_said(row, result.unit) for row in result.rates[:SHOWN]]
    if len(result.rates) > SHOWN:
        more = len(result.rates) - SHOWN
        sentences.append(Sentence(f"Och {more} grupper till.", f"And {more} more groups."))
    return tuple(sentences)


def _said(row: RateRow, unit: Unit) -> Sentence:
    of, name = UNITS[unit], f"{capital(row.stratum)}: " if row.stratum else ""
    events = tuple(counted(row.events, EVENT, language) for language in ("sv", "en"))
    if row.rate is None or row.lo is None or row.hi is None:
        return Sentence(
            capital(f"{name}{events[0]}, men ingen tid då det kunde hända."),
            capital(f"{name}{events[1]}, but no time when it could happen."),
        )
    per = next((power for power in POWERS if row.rate * power >= 1), POWERS[-1])
    told = {
        language: f"{number(per * row.rate, language, 1)} ({interval(per * row.lo, per * row.hi, language, 1)})"
        for language in LANGUAGES
    }
    return Sentence(
        capital(f"{name}{told['sv']} på {number(per, 'sv')} {of.many.sv}; {events[0]}."),
        capital(f"{name}{told['en']} in {number(per, 'en')} {of.many.en}; {events[1]}."),
    )


RATES = Measure(
    name="rates",
    version=1,
    title=Sentence("Hur ofta det händer", "How often it happens"),
    columns=(START, STOP, HAPPENED, FREE),
    params=RatesParams,
    result=RatesResult,
    run=run,
    say=say,
    checks=("survival_bladder",),
)

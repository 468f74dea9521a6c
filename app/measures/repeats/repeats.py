"""Reports that come again for the same pair, victim or address: how many, how soon, and how they gather."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from pydantic import Field, field_validator

from app.domain.errors import BadInput
from app.domain.measure import Column, Measure, Params, Result, Sentence
from app.domain.words import too_few_of
from app.measures.repeats.changes import Frequency, Gravest, Severity, frequency, gravest, severity
from app.measures.repeats.concentration import ConcentrationParams, ConcentrationResult, gathered
from app.measures.repeats.repeats_words import UNITS, Kind, say
from app.measures.repeats.reports import read
from app.measures.repeats.waiting import ByNumber, Follow, Window, by_number, windows


class RepeatsParams(Params):
    """What is set of the repeats. Times in days."""

    unit: Kind = Field("pair", description="what id is: pair, victim, address or unit; for the words only")
    known_at: float | str | None = Field(
        None,
        description="the last day that is known: a day number as in t, or a day as 2026-11-24; later reports "
        "are left out; null: the last t, or today where the column is day",
    )
    windows: tuple[float, ...] = Field(
        (14, 30, 60, 90, 180, 365), min_length=1, description="within how many days a repeat is looked for"
    )
    max_number: int = Field(5, ge=2, le=50, description="from this report on, numbers are taken together")
    history_days: float = Field(
        0,
        ge=0,
        description="only units whose first report lies so many days or more into the table, "
        "so that it is likelier to be their first indeed",
    )
    merge_days: float = Field(
        0, ge=0, description="reports of a unit less than so many days after the one before are one with it"
    )
    change_days: float = Field(
        180, gt=0, description="how long the two times are that frequency is compared in"
    )
    gravest_share: float = Field(
        0.02, gt=0, lt=1, description="which share of the reports, by harm, is the gravest"
    )
    gravest_harm: float | None = Field(
        None, description="instead: reports with this harm or more are the gravest"
    )
    population: int | None = Field(
        None,
        ge=1,
        description="how many units there are with and without reports; null: not known, only those seen",
    )
    trials: int = Field(999, ge=99, le=100_000, description="simulations of chance, for the concentration")
    level: float = Field(0.95, gt=0.5, lt=1, description="of the intervals")
    min_units: int = Field(20, ge=5, description="with fewer units followed, nothing is said of them")
    zone: str = Field("Europe/Stockholm", description="the time zone in which today is a day")

    @field_validator("windows")
    @classmethod
    def _positive(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if min(value) <= 0 or list(value) != sorted(set(value)):
            raise ValueError("windows must be above 0 and rise")
        return value

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"there is no time zone {value}") from error
        return value


class RepeatsResult(Result):
    """What comes again, over all units; it holds no id. Shares are of one, times in days."""

    unit: Kind = Field(default="pair", description="what the units are, as it was set")
    units: int = Field(default=0, description="units with a report")
    reports: int = Field(default=0, description="their reports")
    windows: list[Window] = Field(default=[], description="a repeat within so many days of the first report")
    by_number: list[ByNumber] = Field(
        default=[], description="the time from the first, second, … report to the next (gap times)"
    )
    frequency: Frequency | None = Field(default=None, description="whether reports come oftener")
    severity: Severity | None = Field(
        default=None, description="whether they get graver; null: no harm given"
    )
    gravest: Gravest | None = Field(
        default=None, description="the gravest reports, and how many had none before; null: no harm given"
    )
    concentration: ConcentrationResult | None = Field(
        default=None,
        description="how the reports gather on few units, beside chance; as the measure concentration",
    )


def run(
    frame: pd.DataFrame, params: RepeatsParams, /, *, now: datetime, rng: np.random.Generator
) -> RepeatsResult:
    """The repeats as known at ``known_at``, or at ``now``; ``rng`` draws what chance would give.

    Raises:
        BadInput: The table has neither t nor day, ``known_at`` is not of that kind, or ``population`` is too small.
    """
    reports = read(
        frame,
        known_at=params.known_at,
        history_days=params.history_days,
        merge_days=params.merge_days,
        zone=params.zone,
        now=now,
    )
    found = {"unit": params.unit, "units": reports.units, "reports": len(reports.t)}
    if reports.units < params.min_units:
        return RepeatsResult(refusal=too_few_of(UNITS[params.unit], reports.units, params.min_units), **found)
    follow = Follow(params.windows, params.max_number, params.min_units, params.level)
    counts = np.bincount(reports.unit, minlength=reports.units)
    null: Literal["all", "seen"] = "seen" if params.population is None else "all"
    if params.population is not None:
        if params.population < reports.units:
            raise BadInput(
                f"The parameter population is {params.population}, but {reports.units} units have a report."
            )
        counts = np.concatenate([counts, np.zeros(params.population - reports.units, dtype=np.int64)])
    return RepeatsResult(
        **found,
        windows=windows(reports, follow),
        by_number=by_number(reports, follow),
        frequency=frequency(reports, params.change_days, params.level),
        severity=severity(reports, params.level),
        gravest=gravest(
            reports,
            share=params.gravest_share,
            harm_at_least=params.gravest_harm,
            least=params.min_units,
            level=params.level,
        ),
        concentration=gathered(
            counts, ConcentrationParams(null=null, trials=params.trials, level=params.level), rng
        ),
    )


REPEATS = Measure(
    name="repeats",
    version=1,
    title=Sentence("Upprepad utsatthet", "Repeat victimisation"),
    columns=(
        Column("id", "text", "the pair, victim or address that the report is about; it is never given out"),
        Column(
            "t",
            "number",
            "when it was reported, as a day number counted from any day; or give day",
            required=False,
        ),
        Column("day", "day", "when it was reported, as a calendar day; or give t", required=False),
        Column("harm", "number", "its harm: a weight or a step, more is graver", required=False, gaps=True),
        Column(
            "until",
            "number",
            "the last day number on which the unit could be reported again (death, moved away), on any of its rows",
            required=False,
            gaps=True,
        ),
        Column("until_day", "day", "the same as a calendar day, with day", required=False, gaps=True),
    ),
    params=RepeatsParams,
    result=RepeatsResult,
    run=run,
    say=say,
)

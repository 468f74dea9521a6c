"""What `backtest` takes and gives."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from app.domain.measure import Column, Params, Result

COLUMNS = (
    Column("area", "text", "the area"),
    Column("occurred_day", "day", "the day it happened"),
    Column("known_day", "day", "the day from which the row was known"),
    Column(
        "n", "integer", "how many: 1 or more for new reports, below 0 for reports taken away by a correction"
    ),
    Column(
        "subject", "text", "for the rule repeat: an opaque key of what is to happen again", required=False
    ),
)


class BacktestParams(Params):
    """A rule, and over which days it is replayed."""

    rule: Literal["threshold", "deviation", "repeat", "silence"] = Field(
        "threshold",
        description=(
            "threshold: at_least reports in the window. deviation: the window lies at least so many standard "
            "deviations above the mean of the windows before, and has at_least reports. repeat: at_least reports of "
            "one subject in the window. silence: no new report has come for window_days."
        ),
    )
    window_days: int = Field(
        7, ge=1, le=3660, description="Length of the window, days, the day itself included."
    )
    at_least: int = Field(5, ge=1, description="Reports in the window that the rule needs (not for silence).")
    deviations: float = Field(3, ge=0, description="For deviation: standard deviations above the mean.")
    windows_before: int = Field(8, ge=2, le=104, description="For deviation: windows that the mean is of.")
    gap_days: int = Field(
        0, ge=0, description="For deviation: days left out between the window and those before."
    )
    areas: tuple[str, ...] = Field((), description="Areas that the rule looks at; empty: all.")
    together: bool = Field(
        default=False, description="The areas' sum is one series (a fence around them), not each its own."
    )
    rest_days: int | None = Field(
        None, ge=1, description="After firing, days before it may fire again for the same; none: window_days."
    )
    since: date | None = Field(
        None, description="First day of the replay; none: the first with enough known."
    )
    until: date | None = Field(None, description="Last day of the replay; none: the last known_day.")
    allowed_per_week: float = Field(1, gt=0, description="The budget: alerts a week, all areas together.")
    simulations: int = Field(
        20, ge=2, le=2000, description="Replays without outbreaks that the expected false alerts are from."
    )
    confidence: float = Field(0.95, gt=0, lt=1, description="Level of the intervals, of one.")


class BacktestResult(Result):
    """Lists that begin alike are columns of one table."""

    first_day: date | None = Field(None, description="First day of the replay.")
    last_day: date | None = Field(None, description="Last day of the replay.")
    days: int = Field(0, description="Days of the replay.")
    series: int = Field(0, description="Series that the rule looked at: areas, subjects, or one.")
    fired: int = Field(0, description="How often it fired.")
    fired_area: list[str] = Field(
        default_factory=list,
        description="Where, in the order of time; if together the names asked for with + between, or all.",
    )
    fired_subject: list[str | None] = Field(
        default_factory=list, description="Of whom or what; none but for repeat."
    )
    fired_day: list[date] = Field(
        default_factory=list, description="When: at what was known at the end of that day."
    )
    fired_value: list[float] = Field(
        default_factory=list, description="Reports in the window, as known then."
    )
    fired_bound: list[float] = Field(default_factory=list, description="What it needed then, reports.")
    fired_value_now: list[float] = Field(
        default_factory=list, description="Reports in the same window by all that the table knows."
    )
    fired_holds: list[bool] = Field(
        default_factory=list, description="Whether it would fire for that day by all that the table knows."
    )
    unfounded: int = Field(0, description="Firings that would not have been, had all been known at once.")
    missed: int = Field(
        0,
        description="Firings that would have been, had all been known at once, without one within rest_days.",
    )
    missed_area: list[str] = Field(default_factory=list, description="Where it was missed.")
    missed_subject: list[str | None] = Field(
        default_factory=list, description="Of whom or what it was missed; none but for repeat."
    )
    missed_day: list[date] = Field(default_factory=list, description="When it would have fired.")
    month: list[str] = Field(default_factory=list, description="Month, YYYY-MM.")
    month_days: list[int] = Field(default_factory=list, description="Days of the replay in that month.")
    month_fired: list[int] = Field(default_factory=list, description="Firings in that month.")
    month_low: list[float] = Field(
        default_factory=list, description="Exact Poisson interval of the mean, low."
    )
    month_high: list[float] = Field(
        default_factory=list, description="Exact Poisson interval of the mean, high."
    )
    per_month: float | None = Field(None, description="Firings per 30.44 days.")
    per_month_low: float | None = Field(None, description="Exact Poisson interval of per_month, low.")
    per_month_high: float | None = Field(None, description="Exact Poisson interval of per_month, high.")
    false_per_month: float | None = Field(
        None,
        description="Firings per 30.44 days in replays of simulated reports without outbreaks: the mean.",
    )
    false_low: float | None = Field(
        None, description="Low end of what one replay of this length without outbreaks would give."
    )
    false_high: float | None = Field(None, description="High end of it.")
    false_share: float | None = Field(
        None, description="Expected false alerts over firings, of one, at most 1; none if it never fired."
    )
    per_week: float | None = Field(None, description="Firings per 7 days.")
    per_week_low: float | None = Field(None, description="Exact Poisson interval of per_week, low.")
    per_week_high: float | None = Field(None, description="Exact Poisson interval of per_week, high.")
    allowed_per_week: float = Field(1, description="The budget.")
    within_budget: bool | None = Field(None, description="Whether per_week is within the budget.")
    weeks: int = Field(0, description="Weeks of seven days, from the first day of the replay.")
    weeks_over: int = Field(0, description="Of them, those with more firings than the budget.")
    dispersion: float | None = Field(
        None, description="Variance over mean of the daily reports simulated; 1: Poisson; none for repeat."
    )
    confidence: float = Field(0.95, description="Level of the intervals, of one.")

"""What ``forecast`` takes and gives."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.domain.measure import Column, Params, Result

Model = Literal["season", "level", "rate"]

COLUMNS = (
    Column(
        "area",
        "text",
        "the district; without the column everything is one area; never a person",
        required=False,
    ),
    Column("week", "day", "the day on which the week begins, the same weekday throughout", required=False),
    Column("t", "integer", "instead of week: the week's number, in a row without holes", required=False),
    Column(
        "count", "number", "how many in that week, whole, 0 or more; empty where it is not known", gaps=True
    ),
)


class ForecastParams(Params):
    """How far ahead, from how much, and how often it is checked."""

    horizon: int = Field(4, ge=1, le=26, description="weeks ahead, after those that are left out")
    leave_out: int = Field(
        0,
        ge=0,
        le=12,
        description="weeks at the end of the table that are not yet complete: they are forecast too",
    )
    missing: Literal["zero", "unknown"] = Field(
        "zero",
        description="what a week without a row is, after an area's first row: zero = none, unknown = not known",
    )
    window: int = Field(261, ge=26, le=1043, description="weeks of the past that are fitted to")
    damping: float = Field(
        0.9,
        ge=0,
        le=1,
        description="how much of a trend goes on from one week to the next (1: all of it, 0: none)",
    )
    origins: int = Field(
        13,
        ge=0,
        le=200,
        description="for how many weeks of the past, 4 apart, the forecast is made again and checked",
    )
    zone: str = Field(
        "Europe/Stockholm",
        description="the time zone whose calendar says whether the last week is over by now",
    )


class ForecastResult(Result):
    """One row for each area and week ahead; then one row for each area of how such forecasts held."""

    last_week: str | None = Field(
        None, description="the last week that was fitted to: the day it begins (ISO 8601), or its number t"
    )
    area: list[str | None] = Field([], description="the area; null: the table names none")
    week: list[str] = Field([], description="the week: the day it begins (ISO 8601), or its number t")
    step: list[int] = Field([], description="weeks after last_week")
    expected: list[float] = Field([], description="how many are expected: the mean")
    median: list[int] = Field([], description="the same: as likely more as fewer")
    low80: list[int] = Field([], description="lowest count of the band that is to hold in 80 % of weeks")
    high80: list[int] = Field([], description="highest count of that band")
    low95: list[int] = Field([], description="lowest count of the band that is to hold in 95 % of weeks")
    high95: list[int] = Field([], description="highest count of that band")
    model: list[Model] = Field(
        [],
        description="season: level, trend and season; level: level and trend, too short for a season; rate: too few "
        "cases for either, a constant rate",
    )
    too_short: list[str] = Field([], description="areas with fewer than 26 known weeks: no forecast is made")
    recent_area: list[str | None] = Field([], description="area of each recent week below")
    recent_week: list[str] = Field([], description="the last year's weeks that were fitted to, as in week")
    recent_count: list[int | None] = Field([], description="what came in that week; null: not known")
    checked_area: list[str | None] = Field([], description="area of each row of the check below")
    checked: list[int] = Field(
        [], description="weeks of the past that were forecast again and held against what came"
    )
    coverage80: list[float | None] = Field([], description="share of these in the 80 % band (0 to 1)")
    coverage95: list[float | None] = Field([], description="share of these in the 95 % band (0 to 1)")
    mae: list[float | None] = Field([], description="mean distance of median and what came, cases a week")
    mae_naive: list[float | None] = Field(
        [],
        description="the same if one says the count of 52 weeks before, over the same weeks; null: none to say",
    )
    wis: list[float | None] = Field(
        [], description="weighted interval score of the forecast, cases a week: less is better"
    )
    wis_naive: list[float | None] = Field(
        [], description="the same of the count of 52 weeks before, with bands from its own past errors"
    )
    all_checked: int = Field(0, description="checked weeks of all areas")
    all_coverage80: float | None = Field(None, description="share of them in the 80 % band (0 to 1)")
    all_coverage95: float | None = Field(None, description="share of them in the 95 % band (0 to 1)")
    all_mae: float | None = Field(None, description="mean distance of median and what came, cases a week")
    all_mae_naive: float | None = Field(None, description="the same of the count of 52 weeks before")
    all_wis: float | None = Field(None, description="weighted interval score, cases a week")
    all_wis_naive: float | None = Field(None, description="the same of the count of 52 weeks before")

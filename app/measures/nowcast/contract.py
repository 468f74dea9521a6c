"""What ``nowcast`` takes and gives."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from app.domain.measure import Column, Params, Result
from app.measures.nowcast.delays import Pool

Verdict = Literal["fall", "only_lateness", "no_fall", "too_few"]

COLUMNS = (
    Column("area", "text", "the district; without the column everything is one area", required=False),
    Column("day", "day", "the day on which it happened, in the region's calendar"),
    Column("delay", "integer", "whole days from that day to the day on which this became known, 0 or more"),
    Column(
        "n", "integer", "how many more became known then; below 0 what was taken back, moved or withdrawn"
    ),
)


class NowcastParams(Params):
    """How far back and ahead, and how wide the band is."""

    as_of: date | None = Field(
        None,
        description="the last day that is wholly known: what became known later is left out; by default the day before "
        "now in the zone, or the last day on which anything became known if that is earlier",
    )
    zone: str = Field("Europe/Stockholm", description="the time zone whose calendar says which day now is")
    max_delay: int = Field(
        60,
        ge=1,
        le=400,
        description="days ahead: the band is for what will be known so many days after as_of",
    )
    history_days: int = Field(
        365, ge=28, le=3650, description="days of the past that say how late things become known"
    )
    normal_days: int = Field(182, ge=28, le=3650, description="days of the past that say what is normal")
    weekday_effect: bool = Field(
        True, description="whether weekdays differ, in how much happens and in when it becomes known"
    )
    pool: Pool = Field(
        "shrink",
        description="how late an area is: shrink = its own delays, drawn to the region's where it has few; region = as "
        "all; area = its own alone",
    )
    level: float = Field(
        0.9, gt=0.5, lt=1, description="the probability that the band is to hold, as a share of 1"
    )
    days: int = Field(14, ge=1, le=60, description="how many single days are told, the newest first")
    weeks: int = Field(
        2, ge=1, le=8, description="how many stretches of seven days are told, the newest first"
    )
    replays: int = Field(
        8, ge=0, le=200, description="how many days of the past, a week apart, the bands are made again for"
    )


class NowcastResult(Result):
    """One row for each area and span: first all areas together (area null), seven-day stretches before single days."""

    as_of: str | None = Field(None, description="the last day that is wholly known (ISO 8601)")
    level: float = Field(0.9, description="the probability that was asked of the bands, as a share of 1")
    horizon_days: int = Field(60, description="the bands are for what will be known so many days after as_of")
    area: list[str | None] = Field([], description="the area; null: all together")
    span_days: list[int] = Field([], description="how long the span is: 7 or 1 days")
    from_day: list[str] = Field([], description="the span's first day (ISO 8601)")
    to_day: list[str] = Field([], description="the span's last day, part of it (ISO 8601)")
    known: list[int] = Field([], description="how many are known at the end of as_of")
    expected: list[float] = Field([], description="how many there will be when all has come in: the mean")
    median: list[int] = Field([], description="the same: as likely more as fewer")
    low: list[int] = Field([], description="the lowest count of the band")
    high: list[int] = Field([], description="the highest count of the band")
    band_probability: list[float] = Field(
        [], description="the band's own probability, as near level as whole counts come"
    )
    share_known: list[float] = Field(
        [], description="of the final total, the share that usually is known by now (0 to 1)"
    )
    normal: list[float] = Field([], description="how many such a span normally comes to")
    normal_low: list[int] = Field([], description="fewer than this is less than normal")
    normal_high: list[int] = Field([], description="more than this is more than normal")
    fall_probability: list[float] = Field(
        [], description="the probability that it will have come to less than normal_low (0 to 1)"
    )
    verdict: list[Verdict] = Field(
        [],
        description="fall: fall_probability is level or more; only_lateness: it is not, though known is below "
        "normal_low; no_fall: neither; too_few: normally so few that there can be no fall",
    )
    delay_days: list[int] = Field([], description="days after the day on which it happened")
    share_by_delay: list[float] = Field(
        [],
        description="of what stands in the end, the share that stands so many days after (0 to 1), all areas",
    )
    replays: int = Field(0, description="for how many days of the past the bands were made again")
    replayed_weeks: int = Field(0, description="so many seven-day bands of areas were held against what came")
    week_coverage: float | None = Field(None, description="the share of these that held it (0 to 1)")
    replayed_days: int = Field(0, description="so many one-day bands of areas were held against what came")
    day_coverage: float | None = Field(None, description="the share of these that held it (0 to 1)")
    false_falls: float | None = Field(
        None, description="share of area-weeks of which the measure told a fall that was none (0 to 1)"
    )
    false_falls_naive: float | None = Field(
        None, description="the same if one looks at what is known only, and forgets lateness (0 to 1)"
    )

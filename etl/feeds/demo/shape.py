"""When things happen: intensity by weekday, hour, season and holiday.

What the figures lean on. Volumes: about 750 offences a month against women in couple relationships in the region
(polisen.se), some 2,000 calls a day (the order that the region's operations centre reports). The *form* over hour,
weekday and season is an assumption of ours, not a published table: domestic calls peak in the evening and at night,
on Fridays to Sundays, in summer and on holiday eves; traffic follows commuting, theft the opening hours. It is meant
to be plausible for a demonstration and must not be quoted.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from etl.feeds.demo.clock import day_number, day_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from etl.feeds.demo.clock import Ints

    Floats = NDArray[np.float64]

DOMESTIC_BY_WEEKDAY = np.array([0.94, 0.90, 0.90, 0.92, 1.02, 1.17, 1.15])
CALLS_BY_WEEKDAY = np.array([0.95, 0.95, 0.96, 0.99, 1.11, 1.10, 0.94])

# Relative weight of the hours 00 to 23 in working weeks.
HOURS = {
    "domestic": (5, 4, 3, 2, 2, 1, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 6, 7, 8, 9, 10, 10, 9, 7),
    "night": (9, 9, 8, 6, 3, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10, 10),
    "day": (1, 1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 10, 10, 10, 10, 9, 7, 5, 4, 3, 2, 1),
    "traffic": (1, 1, 1, 1, 1, 3, 6, 10, 9, 6, 5, 5, 6, 6, 7, 9, 10, 9, 6, 4, 3, 3, 2, 1),
    "even": (3, 3, 3, 2, 2, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 5, 5, 4),
}
# The same on the nights to Saturday and Sunday: the small hours are busy, the mornings quiet.
WEEKEND_NIGHT = (
    1.9,
    2.0,
    2.0,
    1.9,
    1.5,
    1.1,
    0.8,
    0.7,
    0.8,
    0.9,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1.1,
    1.1,
    1.2,
    1.2,
    1.3,
    1.4,
)
FRIDAY_NIGHT = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.1, 1.1, 1.2, 1.2, 1.3, 1.4, 1.6, 1.7)
PROFILE_BY_WEEKDAY = {
    "domestic": (0.95, 0.92, 0.92, 0.94, 1.0, 1.15, 1.12),
    "night": (0.7, 0.7, 0.75, 0.9, 1.3, 1.6, 1.05),
    "day": (1.05, 1.05, 1.05, 1.05, 1.1, 0.95, 0.75),
    "traffic": (1.05, 1.05, 1.05, 1.05, 1.15, 0.85, 0.8),
    "even": (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
}
HOLIDAY, EVE = 1.2, 1.35


@cache
def hours(profile: str) -> Floats:
    """Weight of each hour, 7 weekdays (Monday first) x 24; every weekday sums to the profile's weekday weight."""
    base = np.array(HOURS[profile], float)
    week = np.stack([base] * 7)
    if profile in {"domestic", "night"}:
        week[4] *= FRIDAY_NIGHT
        week[5] *= WEEKEND_NIGHT
        week[6] *= np.where(np.arange(24) < 8, WEEKEND_NIGHT, 1.0)
    by_weekday = np.array(PROFILE_BY_WEEKDAY[profile])
    scaled: Floats = week / week.sum(axis=1, keepdims=True) * by_weekday[:, None]
    return scaled


class Calendar:
    """Weekdays, seasons and the holidays of the region pack (``holidays.csv``)."""

    def __init__(self, holidays: Path) -> None:
        with holidays.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self._factor = {
            day_number(date.fromisoformat(row["date"])): EVE if row["eve"] == "true" else HOLIDAY
            for row in rows
        }

    def weekday(self, day: int) -> int:
        """The weekday whose hours a day has, Monday 0: holidays and their eves are like Saturdays."""
        return 5 if day in self._factor else day_of(day).weekday()

    def reports(self, days: Ints) -> Floats:
        """Relative intensity of close-relationship reports by day; about 1 on average."""
        intensity: Floats = (
            self._season(days, 0.08) * DOMESTIC_BY_WEEKDAY[weekdays(days)] * self._holidays(days)
        )
        return intensity

    def calls(self, day: int) -> float:
        """Relative intensity of all calls on one day; about 1 on average."""
        days = np.array([day], np.int64)
        festive = 1 + (self._factor.get(day, 1.0) - 1) / 3
        return float((self._season(days, 0.06) * CALLS_BY_WEEKDAY[weekdays(days)])[0]) * festive

    def _holidays(self, days: Ints) -> Floats:
        return np.array([self._factor.get(day, 1.0) for day in days.tolist()], np.float64)

    @staticmethod
    def _season(days: Ints, depth: float) -> Floats:
        """Highest in the middle of July."""
        wave: Floats = 1 + depth * np.cos(2 * np.pi * ((days - 196) % 365.2425) / 365.2425)
        return wave


def weekdays(days: Ints) -> Ints:
    """Monday 0 to Sunday 6; 1970-01-01 was a Thursday."""
    return (days + 3) % 7


def domestic_minutes(rng: np.random.Generator, day_weekdays: Ints) -> Ints:
    """A minute of the day for each domestic incident, by its weekday."""
    table = hours("domestic")
    cumulative = np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)
    draws = rng.random(len(day_weekdays))
    hour = np.minimum((draws[:, None] > cumulative[day_weekdays]).sum(axis=1), 23)
    minutes: Ints = hour.astype(np.int64) * 60 + rng.integers(0, 60, len(day_weekdays))
    return minutes

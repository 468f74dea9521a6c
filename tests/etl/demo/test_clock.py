"""Local minutes and UTC for arrays agree with zoneinfo, on the nights when the clock changes too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from etl.feeds.demo.clock import Clock, moment

ZONE = ZoneInfo("Europe/Stockholm")
CLOCK = Clock.of(ZONE)
NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall clock


def walls(day: datetime) -> list[datetime]:
    return [day + timedelta(minutes=30 * step) for step in range(96)]


def test_utc_of_local_minutes_is_what_zoneinfo_says() -> None:
    for start in ("2026-03-28", "2026-10-24", "2020-06-01", "2029-12-31"):
        for wall in walls(datetime.fromisoformat(start)):
            minutes = np.array([(wall - NAIVE_EPOCH) // timedelta(minutes=1)], np.int64)
            expected = wall.replace(tzinfo=ZONE).astimezone(UTC)
            assert moment(int(CLOCK.utc_s(minutes)[0])) == expected, wall


def test_local_minutes_of_utc_go_back() -> None:
    seconds = np.arange(1_774_000_000, 1_800_000_000, 86_399, dtype=np.int64)
    for at, minutes in zip(seconds.tolist(), CLOCK.wall_min(seconds).tolist(), strict=True):
        assert NAIVE_EPOCH + timedelta(minutes=minutes) == moment(at).astimezone(ZONE).replace(
            tzinfo=None, second=0
        )


def test_an_hour_that_a_clock_skips_is_moved_on() -> None:
    skipped = (datetime(2026, 3, 29, 2, 30) - NAIVE_EPOCH) // timedelta(minutes=1)  # noqa: DTZ001
    minutes = np.array([skipped - 60, skipped, skipped + 60], np.int64)
    assert CLOCK.existing(minutes).tolist() == [skipped - 60, skipped + 60, skipped + 60]


def test_moments_are_written_with_the_offset_of_their_season() -> None:
    at = [int(datetime(2026, month, 1, 12, tzinfo=UTC).timestamp()) for month in (1, 7)]
    assert CLOCK.iso(np.array(at, np.int64)) == ["2026-01-01T13:00:00+01:00", "2026-07-01T14:00:00+02:00"]

"""Local clock time and UTC for whole arrays: the demo counts in local minutes and registers in UTC seconds.

Local minutes are minutes since 1970-01-01 00:00 on the region's wall clock; a local day is ``minutes // 1440``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

DAY_MINUTES = 1440
EPOCH = date(1970, 1, 1)
YEARS = range(2008, 2061)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The calendar day with this number."""
    return EPOCH + timedelta(days=int(number))


def seconds(moment: datetime) -> int:
    """UTC seconds of an aware moment, rounded down."""
    return int(moment.timestamp() // 1)


def moment(utc_s: int) -> datetime:
    """The aware moment of UTC seconds."""
    return datetime.fromtimestamp(int(utc_s), UTC)


@dataclass(frozen=True)
class Clock:
    """The changes of a zone's UTC offset: when (UTC seconds), and the offset before and after (seconds)."""

    changes: Ints
    offsets: Ints

    @classmethod
    @cache
    def of(cls, zone: ZoneInfo) -> Clock:
        """Find the changes from 2008 to 2060."""
        day, end = datetime(YEARS.start, 1, 1, tzinfo=UTC), datetime(YEARS.stop, 1, 1, tzinfo=UTC)
        offset = _offset(zone, day)
        changes, offsets = [], [offset]
        while day < end:
            after = day + timedelta(days=7)
            if _offset(zone, after) != offset:
                early, late = int(day.timestamp()), int(after.timestamp())
                while late - early > 1:
                    middle = (early + late) // 2
                    early, late = (
                        (middle, late) if _offset(zone, moment(middle)) == offset else (early, middle)
                    )
                changes.append(late)
                offset = _offset(zone, after)
                offsets.append(offset)
            day = after
        return cls(np.array(changes, np.int64), np.array(offsets, np.int64))

    def offset_s(self, utc_s: Ints) -> Ints:
        """The offset from UTC, in seconds, at moments."""
        return self.offsets[np.searchsorted(self.changes, utc_s, side="right")]

    def utc_s(self, wall_min: Ints) -> Ints:
        """UTC seconds of local minutes; an hour told twice is the first of the two, as ``fold=0`` has it."""
        wall_s = np.asarray(wall_min, np.int64) * 60
        limits = self.changes + np.maximum(self.offsets[:-1], self.offsets[1:])
        return wall_s - self.offsets[np.searchsorted(limits, wall_s, side="right")]

    def wall_min(self, utc_s: Ints) -> Ints:
        """Local minutes of UTC seconds."""
        return (utc_s + self.offset_s(utc_s)) // 60

    def existing(self, wall_min: Ints) -> Ints:
        """Local minutes with those that a clock skips in spring moved on by the skip."""
        wall_s = wall_min * 60
        before, after = self.offsets[:-1], self.offsets[1:]
        gap = np.searchsorted(self.changes + before, wall_s, side="right") - 1
        inside = (gap >= 0) & (wall_s < (self.changes + after)[gap])
        return wall_min + np.where(inside, (after - before)[gap] // 60, 0)

    def iso(self, utc_s: Ints) -> list[str]:
        """Moments as ISO 8601 with the local offset, to the second."""
        offsets = self.offset_s(utc_s)
        words = np.datetime_as_string((utc_s + offsets).astype("M8[s]")).tolist()
        signs = {int(offset): _sign(int(offset)) for offset in np.unique(offsets)}
        return [word + signs[offset] for word, offset in zip(words, offsets.tolist(), strict=True)]


def words(wall_min: Ints) -> list[str]:
    """Local minutes as ``YYYY-MM-DD HH:MM``."""
    texts: list[str] = np.datetime_as_string(wall_min.astype("M8[m]")).tolist()
    return [text.replace("T", " ") for text in texts]


def _offset(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _sign(offset_s: int) -> str:
    hours, minutes = divmod(abs(offset_s) // 60, 60)
    return f"{'-' if offset_s < 0 else '+'}{hours:02}:{minutes:02}"

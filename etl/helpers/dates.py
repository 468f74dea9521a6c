"""A source's local times become moments in UTC.

Two local times a year are not what they seem, and both are settled here the same way every time:

* In spring an hour does not exist. 02:30 is then read with the offset before the change: the moment that a clock
  nobody had put forward would show (03:30 summer time).
* In autumn an hour comes twice. A beginning is read as the first, summer, pass; an end as the second, so that
  the interval surely holds what happened.

A day without a time of day begins at 00:00 and, as an end, lasts until 23:59.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from etl.helpers.swedish import MONTHS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EXCEL_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - local time; Excel's day 60 never was
EXCEL_DAYS = range(7_306, 73_415)  # 1920 to 2100: other numbers are not taken for dates
_CACHE_LIMIT = 100_000
_MINUTES = {f":{minute:02}": timedelta(minutes=minute) for minute in range(60)}

_TIME = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})(?:[T ]+{_TIME})?",
        rf"(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<year>\d{{4}}|\d{{2}})(?:[T ,]+{_TIME})?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?",
        rf"(?P<day>\d{{1,2}})\.? +(?P<name>[a-zåäöA-ZÅÄÖ]+) +(?P<year>\d{{4}})(?:(?: +kl\.?)? +{_TIME})?",
    )
)
_TIME_FORM = re.compile(_TIME, re.ASCII)
_OFFSET = re.compile(r"\s*(Z|[+-]\d{2}:?\d{2})$", re.ASCII)
_SERIAL = re.compile(r"\d{4,5}(?:[.,]\d+)?", re.ASCII)


class NotATime(ValueError):  # noqa: N818 - reads as what it is
    """A text is no time. The message is a fixed sentence and quotes nothing of it: a cell may hold anything."""


class LocalTimes:
    """Reads moments written in one time zone. Use `local_times` to get one: they remember what they read."""

    def __init__(self, zone: ZoneInfo, *, day_first: bool = False) -> None:
        """``day_first``: 3/4/26 is the third of April; else, as Swedish extracts write it, the fourth of March."""
        self._zone = zone
        self._day_first = day_first
        self._hours: dict[str, datetime] = {}

    def moment(self, text: str, time: str = "", *, latest: bool = False) -> datetime:
        """The moment, in UTC, of a date and time of day written in any usual way.

        Args:
            text: The day, with or without a time of day, and with or without an offset from UTC.
            time: The time of day where a source keeps it apart: "1803", "803", "18:03", "6:03 PM", "24:00".
            latest: Read it as an end (see the module's text).

        Raises:
            NotATime: It is none of the forms that are understood, or no such day exists.
        """
        # Nearly all rows of an extract are written "YYYY-MM-DD HH:MM", and years of them come at once. What an hour
        # is in UTC is remembered, so that only its minutes are left to add.
        if len(time) == 5 and len(text) == 10:
            text, time = f"{text} {time}", ""
        if len(text) == 16 and not time:
            hour, minutes = self._hours.get(text[:13]), _MINUTES.get(text[13:])
            if hour is not None and minutes is not None:
                return hour + minutes
            self._learn(text)
        try:
            return self._any_form(text, time, latest=latest)
        except NotATime:
            raise
        except (ValueError, OverflowError):  # their messages quote the text
            raise NotATime("there is no such day or hour; write it as 2026-11-24 18:03") from None

    def utc(self, naive: datetime, *, latest: bool = False) -> datetime:
        """The moment at which clocks of the zone show ``naive``."""
        return naive.replace(tzinfo=self._zone, fold=int(latest and self._comes_twice(naive))).astimezone(UTC)

    def _comes_twice(self, naive: datetime) -> bool:
        early = naive.replace(tzinfo=self._zone, fold=0).utcoffset()
        late = naive.replace(tzinfo=self._zone, fold=1).utcoffset()
        return early is not None and late is not None and early > late

    def _learn(self, text: str) -> None:
        """Remember the hour of a "YYYY-MM-DD HH:MM", unless its offset changes within it or it comes twice."""
        try:
            hour = datetime.fromisoformat(text).replace(minute=0)
        except ValueError:  # another form of 16 characters
            return
        offsets = {
            moment.replace(tzinfo=self._zone, fold=fold).utcoffset()
            for moment in (hour, hour.replace(minute=59))
            for fold in (0, 1)
        }
        if len(offsets) == 1 and text[13] == ":":
            if len(self._hours) >= _CACHE_LIMIT:  # a file of invented dates may not fill the memory
                self._hours.clear()
            self._hours[text[:13]] = self.utc(hour)

    def _any_form(self, text: str, time: str, *, latest: bool) -> datetime:
        if len(text) >= 16 and text[10] in "T " and not time:
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                pass  # one of the other forms, or none: told below
            else:
                return moment.astimezone(UTC) if moment.tzinfo else self.utc(moment, latest=latest)
        naive, has_time, offset = self._read(text)
        if time:
            naive, has_time = naive.replace(hour=0, minute=0, second=0) + time_of_day(time), True
        if not has_time and latest:
            naive += DAY - MINUTE
        if offset:
            return datetime.fromisoformat(f"{naive.isoformat()}{offset}").astimezone(UTC)
        return self.utc(naive, latest=latest)

    def _read(self, text: str) -> tuple[datetime, bool, str]:
        """The local time, whether it has a time of day, and its offset if it is written."""
        if _SERIAL.fullmatch(text):
            return self._serial(text)
        if len(text) == 8 and text.isascii() and text.isdecimal():
            return datetime.strptime(text, "%Y%m%d"), False, ""  # noqa: DTZ007 - local time, made aware by the caller
        offset = _OFFSET.search(text) if ":" in text or "." in text else None
        stem = text[: offset.start()] if offset else text
        for form in _FORMS:
            if found := form.fullmatch(stem):
                parts = found.groupdict()
                return self._from_parts(parts), parts.get("hour") is not None, offset[1] if offset else ""
        raise NotATime("not a date that is understood; write it as 2026-11-24 18:03")

    def _serial(self, text: str) -> tuple[datetime, bool, str]:
        number = float(text.replace(",", "."))
        if int(number) not in EXCEL_DAYS:
            raise NotATime("a number that is no date; write it as 2026-11-24 18:03")
        seconds = round(number * 86_400)
        return EXCEL_DAY_0 + timedelta(seconds=seconds), seconds % 86_400 != 0, ""

    def _from_parts(self, parts: dict[str, str | None]) -> datetime:
        year = int(parts["year"] or "")
        if year < 100:
            year += 2000 if year < 70 else 1900  # as POSIX reads two digits
        if parts.get("a") is not None:
            first, second = int(parts["a"] or ""), int(parts["b"] or "")
            day, month = (first, second) if self._day_first else (second, first)
        else:
            name = parts.get("name")
            month = MONTHS.get(name.casefold(), 0) if name else int(parts["month"] or "")
            day = int(parts["day"] or "")
        midnight = datetime(year, month, day)  # noqa: DTZ001 - local time, made aware by the caller
        return midnight + _of_day(parts) if parts.get("hour") else midnight


def time_of_day(text: str) -> timedelta:
    """The time since midnight written as "1803", "803", "18:03", "18.03.59", "6:03 PM" or "24:00".

    Raises:
        NotATime: It is no time of day.
    """
    if text.isascii() and text.isdecimal() and len(text) <= 4:
        full = text.zfill(4)
        return _of_day({"hour": full[:2], "minute": full[2:]})
    if text.isascii() and text.isdecimal() and len(text) == 6:
        return _of_day({"hour": text[:2], "minute": text[2:4], "second": text[4:]})
    if found := _TIME_FORM.fullmatch(text):
        return _of_day(found.groupdict())
    raise NotATime("not a time of day that is understood; write it as 18:03")


def _of_day(parts: dict[str, str | None]) -> timedelta:
    hour, minute, second = int(parts["hour"] or ""), int(parts["minute"] or ""), int(parts.get("second") or 0)
    half = (parts.get("half") or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise NotATime("an hour before or after noon is one of 1 to 12")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        raise NotATime("no such time of day")
    return timedelta(hours=hour, minutes=minute, seconds=second)


@cache
def local_times(zone: ZoneInfo, *, day_first: bool = False) -> LocalTimes:
    """The reader of a zone's times, shared by all feeds of the process."""
    return LocalTimes(zone, day_first=day_first)

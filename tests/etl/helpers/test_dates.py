"""Local times of many spellings become moments in UTC."""

# ruff: noqa: DTZ001 - naive local times are what is read

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.helpers.dates import LocalTimes, NotATime, local_times, time_of_day

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TIMES = LocalTimes(STOCKHOLM)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "time", "moment"),
    [
        ("2026-11-24 18:03", "", utc(2026, 11, 24, 17, 3)),
        ("2026-11-24T18:03", "", utc(2026, 11, 24, 17, 3)),
        ("2026-11-24 18:03:59", "", utc(2026, 11, 24, 17, 3, 59)),
        ("2026-06-30 7:32:17 +02:00", "", utc(2026, 6, 30, 5, 32, 17)),
        ("2026-11-24T18:04:10+01:00", "", utc(2026, 11, 24, 17, 4, 10)),
        ("2026-11-24T17:04:10Z", "", utc(2026, 11, 24, 17, 4, 10)),
        ("2026-11-24 24:00", "", utc(2026, 11, 24, 23, 0)),
        ("2026-11-24", "", utc(2026, 11, 23, 23, 0)),
        ("20261124", "", utc(2026, 11, 23, 23, 0)),
        ("202611241803", "", utc(2026, 11, 24, 17, 3)),
        ("2026-11-24", "18:03", utc(2026, 11, 24, 17, 3)),
        ("2026-11-24", "1803", utc(2026, 11, 24, 17, 3)),
        ("2026-11-24", "803", utc(2026, 11, 24, 7, 3)),
        ("2026-11-24 00:00:00", "18.03", utc(2026, 11, 24, 17, 3)),
        ("11/24/26", "0007", utc(2026, 11, 23, 23, 7)),
        ("2/8/2015 11:43:40 PM", "", utc(2015, 2, 8, 22, 43, 40)),
        ("02/08/2015 12:05 AM", "", utc(2015, 2, 7, 23, 5)),
        ("24 november 2026 18.03", "", utc(2026, 11, 24, 17, 3)),
        ("24 november 2026 kl. 18.03", "", utc(2026, 11, 24, 17, 3)),
        ("46350.75", "", utc(2026, 11, 24, 17, 0)),
        ("46350,75", "", utc(2026, 11, 24, 17, 0)),
        ("46350", "18:00", utc(2026, 11, 24, 17, 0)),
    ],
)
def test_reads_every_usual_way_of_writing_a_moment(text: str, time: str, moment: datetime) -> None:
    assert TIMES.moment(text, time) == moment


@pytest.mark.parametrize(
    "text",
    ["", "i lördags", "2026-13-01", "2026-02-30 10:00", "2026-11-24 25:10", "31/31/26", "1", "99999", "24 nonsens 2026",
     "2026-11-24 18:61", "11/24/26 13:00 PM", "٢٠٢٦-١١-٢٤", "2026-11-24 18:03 CET"],
)  # fmt: skip
def test_refuses_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        TIMES.moment(text)


def test_a_day_alone_lasts_until_its_last_minute() -> None:
    assert TIMES.moment("2026-11-24", latest=True) == utc(2026, 11, 24, 22, 59)


def test_day_first_is_a_choice() -> None:
    assert local_times(STOCKHOLM, day_first=True).moment("3/4/26") == utc(2026, 4, 2, 22)
    assert local_times(STOCKHOLM).moment("3/4/26") == utc(2026, 3, 3, 23)


def test_an_hour_that_never_was_is_read_with_the_offset_before_the_change() -> None:
    assert TIMES.moment("2026-03-29 02:30") == utc(2026, 3, 29, 1, 30)
    assert TIMES.moment("2026-03-29 02:30", latest=True) == utc(2026, 3, 29, 1, 30)
    assert TIMES.moment("2026-03-29 02:30:00") == utc(2026, 3, 29, 1, 30)


def test_of_an_hour_that_comes_twice_a_beginning_is_the_first_and_an_end_the_second() -> None:
    for text in ("2026-10-25 02:30", "2026-10-25 02:30:00"):
        assert TIMES.moment(text) == utc(2026, 10, 25, 0, 30)
        assert TIMES.moment(text, latest=True) == utc(2026, 10, 25, 1, 30)


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "Australia/Lord_Howe", "America/St_Johns", "UTC"])
@given(
    naive=st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2037, 1, 1)), latest=st.booleans()
)
def test_the_quick_way_and_the_slow_way_agree(zone: str, naive: datetime, latest: bool) -> None:
    minute = naive.replace(second=0, microsecond=0, fold=0)
    times = LocalTimes(ZoneInfo(zone))

    quick = times.moment(minute.isoformat(" ", "minutes"), latest=latest)

    assert (
        quick
        == times.moment(minute.isoformat(" ", "seconds"), latest=latest)
        == times.utc(minute, latest=latest)
    )
    assert abs(quick.replace(tzinfo=None) - minute) < timedelta(hours=15)


@given(begin=st.datetimes(datetime(2026, 10, 25), datetime(2026, 10, 25, 6)), minutes=st.integers(0, 600))
def test_an_interval_never_ends_before_it_begins(begin: datetime, minutes: int) -> None:
    begin = begin.replace(second=0, microsecond=0)
    end = begin + timedelta(minutes=minutes)

    assert TIMES.utc(begin) <= TIMES.utc(end, latest=True)


@given(st.text(max_size=40), st.text(max_size=8))
def test_any_text_is_a_moment_or_a_value_error(text: str, time: str) -> None:
    try:
        moment = TIMES.moment(text, time)
    except (ValueError, OverflowError):
        return
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "minutes"), [("0", 0), ("7", 7), ("803", 483), ("1803", 1083), ("2400", 1440), ("18:03", 1083),
                          ("18.03", 1083), ("6:03 PM", 1083), ("6:03 p.m.", 1083), ("12:00 AM", 0), ("180300", 1083)]
)  # fmt: skip
def test_reads_every_usual_way_of_writing_a_time_of_day(text: str, minutes: int) -> None:
    assert time_of_day(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "2401", "1860", "25:00", "noon", "0:30 PM", "-100"])
def test_refuses_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        time_of_day(text)


@pytest.mark.parametrize(
    ("text", "time"),
    [("18913112", ""), ("19121212", "1212-1212"), ("2026-11-24 18:03 +9999", ""), ("2026-02-30", ""), ("20261340", "")],
)  # fmt: skip
def test_what_is_no_moment_is_told_in_a_fixed_sentence_that_quotes_nothing(text: str, time: str) -> None:
    with pytest.raises(NotATime, match="write it as") as refused:
        TIMES.moment(text, time)
    told = str(refused.value).replace("2026-11-24 18:03", "").replace("18:03", "")
    assert not any(character.isdigit() for character in told)
    assert "unconverted" not in told

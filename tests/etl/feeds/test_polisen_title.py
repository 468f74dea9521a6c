"""Titles of polisen.se: "20 januari 19.57, Rån, Eskilstuna"."""

# ruff: noqa: DTZ001 - the local times of a region are naive here

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.feeds.polisen.title import Title, happened, split
from etl.helpers.swedish import MONTHS


@pytest.mark.parametrize(
    ("title", "kind", "parts"),
    [
        ("20 januari 19.57, Rån, Eskilstuna", "Rån", Title((1, 20, 19, 57), "Eskilstuna")),
        ("31 oktober 21:18, Brand, Stockholm", "Brand", Title((10, 31, 21, 18), "Stockholm")),
        ("25 mars 9.05, Mord/dråp, försök, Solna", "Mord/dråp, försök", Title((3, 25, 9, 5), "Solna")),
        ("25 Mars 21:15, Fylleri/LOB, Upplands-bro", "Fylleri/LOB", Title((3, 25, 21, 15), "Upplands-bro")),
        ("25 mars 21:15, Stöld, ", "Stöld", Title((3, 25, 21, 15), "")),
        ("25 mars 21:15, Mord/dråp, försök, ", "Mord/dråp, försök", Title((3, 25, 21, 15), "")),
        ("25 mars 21:15, Stöld", "Stöld", Title((3, 25, 21, 15), "")),
        # the type was edited and the title was not
        ("25 mars 21:15, Misshandel, grov, Nacka", "Mord/dråp, försök", Title((3, 25, 21, 15), "Nacka")),
        ("Information om en övning", "Information", Title(None, "")),
        ("Övning, Solna", "Övrigt", Title(None, "Solna")),
        ("25 nonsens 21:15, Stöld, Solna", "Stöld", Title(None, "Solna")),
    ],
)
def test_is_split_from_both_ends(title: str, kind: str, parts: Title) -> None:
    assert split(title, kind) == parts


@pytest.mark.parametrize(
    ("stated", "published", "event"),
    [
        ((1, 20, 19, 57), "2026-01-20 22:34", "2026-01-20 19:57"),
        ((12, 31, 23, 50), "2026-01-01 06:12", "2025-12-31 23:50"),  # over New Year
        ((1, 1, 0, 11), "2024-01-01 06:43", "2024-01-01 00:11"),
        ((12, 19, 15, 32), "2023-12-27 11:45", "2023-12-19 15:32"),
        (
            (2, 1, 23, 40),
            "2026-02-01 01:11",
            "2026-01-31 23:40",
        ),  # the day of publication, an event of the evening before
        ((12, 31, 23, 25), "2023-12-31 00:36", "2023-12-30 23:25"),
        ((1, 1, 23, 50), "2026-01-01 06:12", "2025-12-31 23:50"),
        ((2, 2, 8, 0), "2026-02-02 07:57", "2026-02-02 07:57"),  # a rounded time of a summary
        ((5, 1, 8, 0), "2023-04-28 07:30", "2023-04-28 07:30"),  # an announcement
        ((1, 2, 8, 0), "2023-12-30 07:30", "2023-12-30 07:30"),
        ((2, 29, 8, 0), "2024-03-01 07:30", "2024-02-29 08:00"),
    ],
)
def test_is_given_its_year_and_its_day(stated: tuple[int, int, int, int], published: str, event: str) -> None:
    assert happened(stated, datetime.fromisoformat(published)) == datetime.fromisoformat(event)


@pytest.mark.parametrize("stated", [(2, 30, 8, 0), (1, 1, 24, 0), (1, 1, 8, 60), (2, 29, 8, 0)])
def test_a_time_that_never_was_is_none(stated: tuple[int, int, int, int]) -> None:
    assert happened(stated, datetime(2026, 3, 1, 12, 0)) is None


MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2030, 1, 1))


@given(event=MOMENTS, lag=st.timedeltas(timedelta(0), timedelta(days=150)))
def test_a_true_time_is_found_again_whatever_the_year(event: datetime, lag: timedelta) -> None:
    event = event.replace(second=0, microsecond=0)

    assert happened((event.month, event.day, event.hour, event.minute), event + lag) == event


@given(event=MOMENTS, published=MOMENTS)
def test_nothing_happens_after_it_was_published(event: datetime, published: datetime) -> None:
    found = happened((event.month, event.day, event.hour, event.minute), published)

    assert found is None or found <= published


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_title_is_taken_apart(title: str, kind: str) -> None:
    split(title, kind)


@given(
    month=st.sampled_from(list(MONTHS)), day=st.integers(1, 28), clock=st.times(), separator=st.sampled_from(".:"),
    kind=st.sampled_from(["Rån", "Mord/dråp, försök", "Skottlossning, misstänkt", "Sammanfattning natt"]),
    place=st.sampled_from(["Solna", "Stockholms län", "Upplands-Bro", ""]),
)  # fmt: skip
def test_a_title_that_is_put_together_comes_apart(
    month: str, day: int, clock: datetime, separator: str, kind: str, place: str
) -> None:
    title = f"{day:02} {month} {clock.hour:02}{separator}{clock.minute:02}, {kind}, {place}"

    assert split(title, kind) == Title((MONTHS[month], day, clock.hour, clock.minute), place)

"""The view as the domain's nouns, and figures and times in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.config import ROOT
from app.domain.errors import BadInput
from app.domain.region import Region
from app.domain.window import Filters, Window
from app.queries.glance import week_before
from dashboards.components.choices import swedish_order
from dashboards.components.format import duration, interval, moment, number
from dashboards.components.incident import describe, differences
from dashboards.components.text import TEXT
from dashboards.pages.nu import figures
from dashboards.pages.nu.text import TEXT as NU
from dashboards.view import question
from dashboards.words import Words

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SV, EN = Words("sv", TEXT), Words("en", TEXT)
QUERY = {
    "kind": "report",
    "area": None,
    "offence": [],
    "first": "2026-11-18",
    "last": "2026-11-24",
    "known": None,
}


def test_a_query_becomes_a_window_and_filters() -> None:
    asked = {**QUERY, "area": "0180", "offence": ["misshandel"], "known": "2026-11-24T06:00:00.000Z"}
    window, filters = question(asked)
    assert window == Window(date(2026, 11, 18), date(2026, 11, 24), datetime(2026, 11, 24, 6, tzinfo=UTC))
    assert filters == Filters("report", ("0180",), ("misshandel",))


@pytest.mark.parametrize(
    "wrong", [{"first": "i går"}, {"kind": "allt"}, {"known": "07:00"}, {"last": "2026-11-01"}]
)
def test_a_query_that_cannot_be_understood_says_so(wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        question({**QUERY, **wrong})


def test_both_clocks_go_back_a_week() -> None:
    before = week_before(Window(date(2026, 11, 18), date(2026, 11, 24)), NOW, REGION)
    assert before == Window(date(2026, 11, 11), date(2026, 11, 17), NOW - timedelta(days=7))


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-30T07:00:00+02:00", "2026-03-23T07:00:00+01:00"),  # 167 hours
        ("2026-10-26T07:00:00+01:00", "2026-10-19T07:00:00+02:00"),  # 169 hours
        ("2026-04-05T02:30:00+02:00", "2026-03-29T03:30:00+02:00"),  # 02:30 did not exist that day
        ("2026-11-01T02:30:00+01:00", "2026-10-25T02:30:00+02:00"),  # and was there twice on this one
    ],
)
def test_a_week_before_is_the_same_time_of_day_when_the_clocks_are_changed(now: str, then: str) -> None:
    asked = datetime.fromisoformat(now)
    window = Window(asked.date(), asked.date())
    assert week_before(window, asked, REGION).known_at == datetime.fromisoformat(then)
    known = Window(window.first, window.last, asked.astimezone(UTC))
    assert week_before(known, NOW, REGION).known_at == datetime.fromisoformat(then)


def test_numbers_and_times_are_written_as_in_each_language() -> None:
    assert number(12345.6, "sv", 1) == "12\u00a0345,6"
    assert number(12345.6, "en", 1) == "12,345.6"
    assert moment(NOW, REGION, "sv") == "tis 24 nov 2026 13:00"
    assert moment(NOW, REGION, "en") == "Tue 24 Nov 2026 13:00"
    assert interval(NOW, NOW + timedelta(minutes=20), REGION, "sv") == "tis 24 nov 2026 13:00–13:20"
    assert duration(timedelta(hours=26, minutes=5), SV) == "26 h 5 min"
    assert duration(timedelta(days=3, hours=2), EN) == "3 d 2 h"


def test_names_are_sorted_as_swedish_does() -> None:
    names = ["Österåker", "Älvsjö", "Åkersberga", "Täby", "Zinkensdamm"]
    assert sorted(names, key=swedish_order) == ["Täby", "Zinkensdamm", "Åkersberga", "Älvsjö", "Österåker"]


def version(hours: float, **changes: Any) -> dict[str, Any]:
    occurred = NOW - timedelta(hours=5)
    return {
        "known_at": NOW + timedelta(hours=hours), "state": "active", "repeats": False, "protected": False,
        "occurred_from": occurred, "occurred_to": occurred, "reported_at": None, "area_name": "Klara",
        "place_text": None, "precision": "point", "offence": "9365", "offence_sv": "Misshandel, ej grov",
        "offence_en": "Assault, not aggravated", "offences": [], "priority": None, "summary": None, "title": None,
        "lat": 59.3, "lon": 18.0, "url": None,
    } | changes  # fmt: skip


def test_what_changed_between_versions_is_told() -> None:
    later = version(1, offence_sv="Misshandel, grov", area_name="Solna", lat=59.36)
    told = differences(version(0), later, REGION, SV)
    assert told == [
        ("Gravaste brott", "Misshandel, ej grov", "Misshandel, grov"),
        ("Område", "Klara", "Solna"),
        ("Position", "59.30000, 18.00000", "59.36000, 18.00000"),
    ]


def test_an_incident_is_shown_as_it_was_known_then() -> None:
    found = {"feed": "anmalan", "versions": [version(0), version(2, offence_sv="Misshandel, grov")]}
    heading = str(describe(found, NOW + timedelta(hours=1), REGION, SV)[0])
    assert "Misshandel, ej grov" in heading
    assert "Misshandel, grov" in str(describe(found, None, REGION, SV)[0])
    assert SV.fill("incident.not_known_yet", known=moment(NOW - timedelta(hours=1), REGION, "sv")) in str(
        describe(found, NOW - timedelta(hours=1), REGION, SV)
    )


def test_the_chart_has_a_bar_for_each_day_and_none_for_what_has_not_come() -> None:
    series = {"unit": "hour", "first": "2026-11-24", "now": [1, 2, None], "before": [1, 1, 1]}
    figure = figures.by_time(series, Words("sv", NU), "dark")
    assert list(figure.data[0].y) == [1, 2, None]
    assert figure.data[0].customdata[1] == "tis 24 nov 01–02"
    assert figure.layout.yaxis.dtick == 1

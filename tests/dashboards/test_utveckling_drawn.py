"""The page Utveckling without a browser: what is chosen, what is drawn of what was counted, and what is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.config import ROOT
from app.domain.region import Region
from app.domain.window import Filters, Window
from app.domain.words import objection
from app.queries.trends import after, times
from dashboards.components import picture
from dashboards.components.text import TEXT as COMMON
from dashboards.pages.utveckling import figures, lines, page, sentences, tables
from dashboards.pages.utveckling.choices import Choice, chosen, first_day, shown, year_before
from dashboards.pages.utveckling.reading import Seen
from dashboards.pages.utveckling.small import COLUMNS, small
from dashboards.pages.utveckling.text import TEXT
from dashboards.words import Words
from tests.measures.drawn import LOOKS, said_of

OUTPUTS = len(picture.outputs("any"))  # of each picture, what state it is in as the last
REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
LAST = date(2026, 11, 24)
WEEK = timedelta(days=7)
LABELS = {"lpo-a": ("Farsta", "Farsta"), "lpo-b": ("Solna", "Solna"), "lpo-c": ("Nytt", "New")}


def window(days: int = 7) -> Window:
    return Window(LAST - timedelta(days=days - 1), LAST)


def counted(of: Window, grain: Any, per: dict[Any, int]) -> list[dict[str, Any]]:
    return [
        {"time": time, "key": key, "incidents": n, "offences": n, "harm": 2.0 * n, "provisional": 1.0 * n}
        for time in times(of.first, of.last, grain)
        for key, n in per.items()
        if n
    ]


def normal(weeks: int, expected: dict[str, float | None]) -> dict[str, Any]:
    """A stored ``farrington`` of so many weeks up to the last whole one before the day it was made."""
    cells = [(area, t + 1) for area in expected for t in range(weeks)]
    return {
        "day": LAST,
        "state": "told",
        "content": {
            "area": [area for area, _ in cells],
            "t": [t for _, t in cells],
            "expected": [expected[area] for area, _ in cells],
            "phi": [None if expected[area] is None else 1.0 for area, _ in cells],
        },
    }


def seen(choice: Choice | None = None, **changes: Any) -> Seen:
    made = choice or Choice()
    drawn = shown(made, window())
    before = year_before(made, drawn, NOW, REGION)
    per, per_before = {"lpo-a": 10, "lpo-b": 1}, {"lpo-a": 5, "lpo-b": 1}
    found = {
        "whole": counted(drawn, made.grain, {None: 11}),
        "whole_before": counted(before, made.grain, {None: 6}),
        "split": counted(drawn, made.grain, per),
        "split_before": counted(before, made.grain, per_before),
        "labels": LABELS,
        "today": LAST,
        **changes,
    }
    return Seen(drawn, before, Filters(), made, **found)


def test_a_choice_that_is_none_of_ours_is_as_if_nothing_had_been_chosen():
    assert (
        chosen(None, window()) == chosen({"span": "x", "grain": "'", "split": "none"}, window()) == Choice()
    )
    assert chosen({"measure": "harm", "span": "five", "grain": "month"}, window()).weighed
    assert chosen({"grain": "day", "span": "year"}, window()).grain == "day"
    coarser = chosen({"grain": "day", "span": "three"}, window())
    assert (coarser.grain, coarser.coarser) == ("week", True)


def test_a_time_begins_with_its_week_or_month_and_a_year_before_is_as_known_then():
    assert first_day(Choice(span="window"), window()) == LAST - timedelta(days=6)
    assert shown(Choice(span="window"), window()).first == date(2026, 11, 16), "a Monday"
    assert shown(Choice(grain="month"), window()).first.day == 1
    weekly = year_before(Choice(), shown(Choice(), window()), NOW, REGION)
    assert weekly.first.weekday() == 0
    assert weekly.last == LAST - timedelta(days=364)
    assert weekly.known_at is not None
    assert weekly.known_at.astimezone(REGION.zone).date() == LAST - timedelta(days=364)
    leap = Window(date(2028, 2, 1), date(2028, 2, 29), datetime(2028, 2, 29, 12, tzinfo=UTC))
    monthly = year_before(Choice(grain="month"), leap, NOW, REGION)
    assert (monthly.last, monthly.known_at) == (date(2027, 2, 28), datetime(2027, 2, 28, 12, tzinfo=UTC))
    assert after(date(2026, 12, 1), "month") == date(2027, 1, 1)


def test_the_band_is_of_the_right_weeks_and_holds_nineteen_weeks_in_twenty():
    found = lines.bands(normal(52, {"lpo-a": 10.0, "lpo-b": None}))
    assert found is not None
    last = date(2026, 11, 16)
    assert found["lpo-a", last] == (4.0, 17.0, 10.0), "the quantiles of a Poisson count of ten"
    assert ("lpo-a", last + WEEK) not in found, "this week is not over"
    assert found["lpo-b", last] == (None, None, None)
    told = seen(normal={"split": normal(52, {"lpo-a": 3.0, "lpo-b": None})})
    first, second = lines.split(told)
    assert (first.key, first.banded, first.untold) == ("lpo-a", True, False)
    assert (second.key, second.banded, second.untold) == ("lpo-b", False, True)
    assert sentences.small(told, [first, second], "sv")[0].endswith("med svar: Farsta.")
    assert "1 av 2" in sentences.small(told, [first, second], "sv")[1]


def test_the_change_is_told_with_what_chance_gives():
    told = sentences.trend(seen(), lines.whole(seen()), "sv")
    assert "mot 318 samma tid förra året, som det var känt då" in told[0]
    assert "83\u00a0% fler" in told[1]
    assert told[1].endswith(sentences.MORE.sv)
    same = seen(whole_before=counted(seen().before, "week", {None: 11}))
    assert sentences.CHANCE.sv in sentences.trend(same, lines.whole(same), "sv")[1]
    alone = seen(whole_before=[])
    assert sentences.NO_YEAR_BEFORE.sv in sentences.trend(alone, lines.whole(alone), "sv")
    assert sentences.breakdown(seen(), lines.split(seen()), "sv")[0].startswith("Mest ändrad: Farsta, 100")


def test_a_district_whose_borders_moved_is_not_held_against_the_year_before():
    moved = seen(moved=frozenset({"lpo-a"}))
    assert "Farsta" not in " ".join(sentences.breakdown(moved, lines.split(moved), "sv"))
    gone = seen(split=[], moved=frozenset({"lpo-a", "lpo-b"}))
    assert lines.split(gone) == []


@pytest.mark.parametrize("measure", ["count", "harm"])
@pytest.mark.parametrize("grain", ["day", "week", "month"])
@pytest.mark.parametrize("split", ["district", "group", "relation", "place", "weekday"])
def test_everything_is_drawn_told_and_in_a_table_in_both_languages(measure: Any, grain: Any, split: Any):
    keys = {"weekday": 2, "relation": "slakt", "place": "inne"}
    choice = Choice(measure=measure, grain=grain, split=split)
    drawn = shown(choice, window())
    rows = counted(drawn, grain, {keys.get(split, "lpo-a"): 4, **({} if split == "weekday" else {None: 2})})
    told = seen(choice, split=rows, split_before=[])
    for language, theme in LOOKS:
        whole, parts = lines.whole(told), lines.split(told)
        said_of(figures.trend(told, whole, language, theme))
        said_of(figures.breakdown(told, parts, language, theme))
        for text in [*sentences.trend(told, whole, language), *sentences.breakdown(told, parts, language),
                     *sentences.small(told, parts, language)]:  # fmt: skip
            assert objection(type(sentences.LATE)(text, text + " ")) in {
                None,
                "It does not end: " + repr(text + " "),
            }
        for table in (tables.trend(told, whole, language), tables.breakdown(told, parts, language),
                      tables.small(told, parts, language)):  # fmt: skip
            assert table.rows
            assert all(set(row) == {column.name for column in table.columns} for row in table.rows)
        filled = page.draw(told, Words(language, COMMON, TEXT), REGION, theme, "medium")
        assert len(filled) == OUTPUTS * len(page.LIVE)
        assert set(filled[OUTPUTS - 1 :: OUTPUTS]) == {"told"}


def test_the_panels_have_one_scale_and_as_many_columns_as_there_is_room_for():
    told = seen(split=counted(shown(Choice(), window()), "week", {f"lpo-{n}": n for n in range(1, 20)}))
    parts = lines.split(told)
    for width, columns in COLUMNS.items():
        figure = small(told, parts, "sv", "dark", width)
        axes = [value for name, value in figure["layout"].items() if name.startswith("yaxis")]
        assert len(axes) == len(parts) == 21
        assert len({tuple(axis["range"]) for axis in axes}) == 1
        assert sum(axis["showticklabels"] for axis in axes) == -(-21 // columns)
        assert all(0 <= axis["domain"][0] < axis["domain"][1] <= 1 for axis in axes)


def test_the_last_days_will_be_more_and_the_band_says_how_many():
    nowcast = {
        "content": {
            "area": [None, None], "span_days": [7, 1], "to_day": ["2026-11-23", "2026-11-23"], "known": [129, 11],
            "median": [160, 16], "low": [151, 12], "high": [173, 21],
        }
    }  # fmt: skip
    told = seen(Choice(grain="day", span="quarter"), nowcast=nowcast)
    said = sentences.trend(told, lines.whole(told), "sv")
    assert "De senaste 7 dygnen: 129 kända hittills, vi räknar med 151–173 när allt har kommit in." in said
    figure = figures.trend(told, lines.whole(told), "sv", "dark")
    band = next(trace for trace in figure.data if trace.name == sentences.WILL_BE.sv)
    assert (list(band.y), list(band.error_y.array), list(band.error_y.arrayminus)) == ([16], [5], [4])


def test_nothing_at_all_is_said_and_not_drawn():
    told = seen(whole=[], whole_before=[], split=[], split_before=[])
    filled = page.draw(told, Words("sv", COMMON, TEXT), REGION, "dark", "wide")
    assert set(filled[OUTPUTS - 1 :: OUTPUTS]) == {"empty"}
    assert sentences.NOTHING.sv in str(filled[1])

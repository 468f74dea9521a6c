"""What the page Område draws: weeks where they belong, a map with its counts, links for those who read about pairs."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest

from app.config import ROOT
from app.domain.region import Region
from app.domain.viewer import Viewer
from app.domain.window import Window
from app.measures.deviation.farrington import FarringtonResult
from app.measures.district.recurring import RECURRING
from app.measures.district.similar import SIMILAR
from dashboards.components.text import TEXT as COMMON
from dashboards.pages.omrade import cards, figures, pictures
from dashboards.pages.omrade.pictures import Drawing
from dashboards.pages.omrade.reading import Places
from dashboards.pages.omrade.text import TEXT
from dashboards.words import Words
from tests.measures.drawn import LOOKS, said_of

if TYPE_CHECKING:
    from app.domain.viewer import Role

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
DAY = date(2026, 11, 25)
AT = {"code": "lpo-jarva", "query": {"known": None}}
SQUARE = [[18.0, 59.0], [18.1, 59.0], [18.1, 59.1], [18.0, 59.1], [18.0, 59.0]]


def drawing(language: Any = "sv", theme: Any = "dark") -> Drawing:
    return Drawing(Words(language, COMMON, TEXT), REGION, theme)


def normal(**changed: Any) -> FarringtonResult:
    told: dict[str, Any] = {
        "area": ["lpo-jarva"] * 3, "t": [10, 11, 12], "observed": [4, 9, 3], "expected": [4.0, 4.0, None],
        "upperbound": [8.0, 8.0, None], "alarm": [0, 1, None], "pvalue": [0.5, 0.01, None], "phi": [1.0, 1.5, None],
        "score": [0.0, 1.0, None], "trend_used": [0, 0, 0],
    }  # fmt: skip
    return FarringtonResult(**{**told, **changed})


def test_the_last_period_is_the_last_whole_week_before_the_day():
    weeks = figures.weeks_of(normal(), DAY)
    assert [week.monday for week in weeks] == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
    assert [week.above for week in weeks] == [False, True, False]
    monday = figures.weeks_of(normal(), date(2026, 11, 23))
    assert monday[-1].monday == date(2026, 11, 16), "on a Monday the week before is whole"


def test_the_low_end_of_normal_leaves_as_little_below_as_it_should():
    random = np.random.default_rng(5)
    for mean, phi in ((6.0, 1.0), (20.0, 2.5)):
        low = figures._low(mean, phi)
        assert low is not None
        drawn = (
            random.poisson(mean, 200_000)
            if phi == 1
            else random.negative_binomial(mean / (phi - 1), 1 / phi, 200_000)
        )
        assert (drawn < low).mean() <= figures.TAIL < (drawn <= low).mean()
    assert figures._low(None, None) is None


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_the_trend_draws_with_and_without_what_is_normal(language: Any, theme: Any):
    words = drawing(language, theme).words
    weeks = figures.weeks_of(normal(), DAY)
    said = said_of(figures.trend(weeks, None, None, "lpo-jarva", words, theme))
    assert words["omrade.normal"] in said
    assert words["omrade.above"] in said
    bare = figures.trend(
        [week._replace(low=None, high=None) for week in weeks], None, None, "x", words, theme
    )
    assert words["omrade.normal"] not in said_of(bare)


def small(n: int = 9, without: int = 2) -> dict[str, Any]:
    rows = [
        {"code": "a", "name": "Alby", "population": 2000, "n": n},
        {"code": "b", "name": "Berga", "population": 2000, "n": 0},
    ]
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    several = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    features = [
        {"type": "Feature", "id": code, "properties": {"code": code}, "geometry": geometry}
        for code, geometry in (("a", shape), ("b", several))
    ]
    return {
        "rows": rows,
        "without": without,
        "borders": {"type": "FeatureCollection", "features": features},
        "window": Window(date(2026, 11, 1), date(2026, 11, 24)),
    }


def test_the_maps_table_and_places_hold_what_was_counted():
    drawn, _, kept, state = pictures.small_areas(small(), datetime(2026, 11, 24, tzinfo=UTC), drawing())
    assert state == "placed"
    assert [row[:2] for row in kept["rows"]] == [["Alby", 9.0], ["Berga", 0.0]]
    assert [one["properties"]["n"] for one in kept["geojson"]["features"]] == [9, 0]
    assert drawn["data"][1]["x"].count(None) == 1, "two parts of one area are drawn apart"


def test_where_nothing_happened_there_is_no_map_but_a_sentence():
    told = pictures.small_areas(small(0, 0), datetime(2026, 11, 24, tzinfo=UTC), drawing())
    assert told[0] is None
    assert told[3] == "empty"


def test_places_are_refused_to_those_who_see_figures_only():
    assert pictures.places(None, drawing())[3] == "empty"
    assert pictures.places(Places([], of_year=True), drawing())[3] == "empty"
    row = {"lon": 18.05, "lat": 59.31, "name": "Alby", "n": 4, "last": date(2026, 11, 20)}
    *_, kept, state = pictures.places(Places([row], of_year=False), drawing())
    assert (state, kept["rows"][0][1]) == ("placed", 4.0)


def test_where_the_chosen_time_has_no_place_the_years_are_shown_and_said_to_be():
    row = {"lon": 18.05, "lat": 59.31, "name": "Alby", "n": 4, "last": date(2026, 11, 20)}
    for rows, said in (
        ([row], "Här är det senaste årets: 1 ruta med minst tre."),
        ([row, row], "Här är det senaste årets: 2 rutor med minst tre."),
    ):
        told = json.dumps(str(pictures.places(Places(rows, of_year=True), drawing())[1]), ensure_ascii=False)
        assert "Ingen plats har minst tre i den valda tiden." in told
        assert said in told


def test_what_was_done_waits_for_its_answer_in_words():
    assert pictures.effect(None, drawing())[3] == "empty"
    waiting = pictures.effect({"effect": None, "displacement": None}, drawing())
    assert waiting[3] == "empty"
    assert "Räknas ut" in waiting[1][0].children


def recurring() -> dict[str, Any]:
    content = {
        "area": ["lpo-jarva"] * 2, "of": ["pair", "pair"], "least": [2, 3], "units": [22, 6], "open": [21, 0],
    }  # fmt: skip
    return {
        "measure": "recurring", "state": "told", "content": content, "day": DAY, "words": [],
        "known_at": datetime(2026, 11, 25, 4, 30, tzinfo=UTC),
    }  # fmt: skip


@pytest.mark.parametrize(("role", "linked"), [("area_chief", True), ("wall", False), ("feed_admin", False)])
def test_a_figure_leads_to_its_pairs_for_those_who_read_about_pairs(
    role: Role, linked: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cards, "viewer_now", lambda: Viewer(role, role))
    body = cards.followed(recurring(), AT, drawing())
    found = {one.id: one for one in body._traverse() if getattr(one, "id", None)}
    href = getattr(found["omrade-pairs_3"], "href", None)
    assert bool(href) == linked
    if linked:
        asked = parse_qs(urlsplit(href).query)
        assert asked["area"] == ["lpo-jarva"]
        assert asked["least"] == ["3"]
        assert (asked["from"], asked["to"]) == (["2025-11-25"], ["2026-11-24"])
        assert parse_qs(urlsplit(found["omrade-pairs_2_open"].href).query)["flag"] == [cards.NOT_NOTED]
    assert getattr(found["omrade-pairs_3_open"], "href", None) is None, "nought leads nowhere"


def test_without_an_answer_it_says_so():
    assert "kl. 05.30" in cards.followed(None, AT, drawing()).children


@pytest.mark.parametrize("measure", [SIMILAR, RECURRING], ids=["similar", "recurring"])
@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_the_measures_of_a_district_are_drawn(measure: Any, language: Any, theme: Any):
    folder = ROOT / "app" / "measures" / "district"
    content = json.loads((folder / f"{measure.name}.expected.json").read_text("utf-8"))
    result = measure.result.model_validate(content)
    module = importlib.import_module(f"dashboards.components.figures.{measure.name}")
    assert said_of(module.figure(result, language, theme))
    refused = measure.run(
        pd.DataFrame({column.name: [] for column in measure.columns}),
        measure.params(), now=datetime(2026, 11, 24, tzinfo=UTC), rng=np.random.default_rng(0),
    )  # fmt: skip
    assert said_of(module.figure(refused, language, theme))

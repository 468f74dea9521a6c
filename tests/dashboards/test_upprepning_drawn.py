"""The page Upprepad utsatthet without a browser: its pictures from a stored answer, and the way to the pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.config import ROOT
from app.domain.region import Region
from app.domain.viewer import Role, Viewer
from app.domain.words import NO_HISTORY
from app.measures.repeats.repeats_words import say
from dashboards.components import picture, results
from dashboards.components.text import TEXT as COMMON
from dashboards.pages.upprepning import drawing, figures, page, reading
from dashboards.pages.upprepning.reading import Answers
from dashboards.pages.upprepning.text import TEXT
from dashboards.words import Words
from tests.dashboards.stored_results import stored
from tests.measures.drawn import LOOKS, said_of

OUTPUTS = len(picture.outputs("any"))  # of each picture, what state it is in as the last
REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")


@pytest.fixture(scope="module")
def answered() -> dict[str, Any]:
    """A stored answer of each measure that the page shows, from the measures' own samples."""
    measures = {
        "repeats_pairs": "repeats", "clusters": "scan", "hot_areas": "local_g", "concentration_areas": "concentration",
        "near_repeat": "knox", "near_repeat_reach": "space_time_k",
    }  # fmt: skip
    return {question: stored(measure) for question, measure in measures.items()}


def words(language: Any = "sv") -> Words:
    return Words(language, COMMON, TEXT)


def states(filled: tuple[Any, ...]) -> list[str]:
    return list(filled[OUTPUTS - 1 :: OUTPUTS])


def test_pairs_are_shown_unless_another_of_ours_is_chosen() -> None:
    assert reading.of_whom(None) == reading.of_whom({"of": "persons"}) == "pairs"
    assert reading.of_whom({"of": "addresses"}) == "addresses"


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_every_picture_is_filled_from_the_stored_answers(
    language: Any, theme: Any, answered: dict[str, Any]
) -> None:
    found = Answers(answered, None, False, {})
    filled = drawing.units(found, "repeats_pairs", words(language), REGION, theme)
    assert len(filled) == OUTPUTS * len(drawing.UNITS)
    assert states(filled)[:3] == ["told"] * 3
    assert set(states(filled)) <= {"told", "empty"}
    shown, areas = drawing.places(found, None, words(language), REGION, theme)
    assert states(shown) == ["told"] * len(drawing.PLACES)
    assert len(areas) == len(answered["hot_areas"]["content"]["i"])


def test_oftener_graver_and_what_was_before_are_told_apart_and_nothing_is_lost(
    answered: dict[str, Any],
) -> None:
    result: Any = results.result_of("repeats", answered["repeats_pairs"]["content"])
    parts = drawing.apart(result)
    assert sorted(sentence for part in parts.values() for sentence in part) == sorted(say(result))
    assert NO_HISTORY in parts["history"]
    assert all(parts[name] for name in ("again", "spread", "oftener", "graver"))
    for language, theme in LOOKS:
        said_of(figures.windows(result.by_number, language, theme))
        if result.frequency.ratio is not None:
            said_of(figures.oftener(result.frequency, language, theme))
        said_of(figures.graver(result.severity, language, theme))
        said_of(figures.history(result.gravest, language, theme))


def test_why_a_chosen_area_is_hot_or_not_is_said(answered: dict[str, Any]) -> None:
    names = {code: f"Område {code}" for code in answered["hot_areas"]["content"]["i"]}
    code = next(iter(names))
    found = Answers(answered, None, False, names)
    shown, areas = drawing.places(found, code, words(), REGION, "dark")
    assert {"value": code, "label": names[code]} in areas
    hot = shown[OUTPUTS * list(drawing.PLACES).index("hot") + 1]
    assert str(hot[0]).startswith(f"P(children='Område {names[code]} har")
    unknown, _ = drawing.places(found, "not there", words(), REGION, "dark")
    assert not str(unknown[OUTPUTS * list(drawing.PLACES).index("hot") + 1][0]).startswith(
        f"P(children='Område {names[code]}"
    )


def test_what_is_of_the_region_only_is_said_to_whom_sees_a_district(answered: dict[str, Any]) -> None:
    rows = {**answered, "hot_areas": None}
    found = Answers(rows, "lpo-farsta", True, {"lpo-farsta": "Farsta"})
    shown, areas = drawing.places(found, None, words(), REGION, "dark")
    assert areas == []
    place = list(drawing.PLACES).index("hot")
    assert states(shown)[place] == "empty"
    assert "hela regionen" in str(shown[OUTPUTS * place + 1])
    filled = drawing.units(found, "repeats_pairs", words(), REGION, "dark")
    assert "här visas Farsta" in str(filled[1])
    nothing = Answers({"repeats_pairs": None}, None, False, {})
    assert set(states(drawing.units(nothing, "repeats_pairs", words(), REGION, "dark"))) == {"empty"}


@pytest.mark.parametrize(
    ("role", "way"), [("analyst", True), ("commander", True), ("area_chief", True), ("wall", False)]
)
def test_the_way_to_the_pairs_is_for_those_who_hold_them(
    role: Role, way: bool, asking: Callable[[Viewer], None]
) -> None:
    asking(Viewer("somebody", role))
    drawn = page.layout(words())
    assert ("upp-pairs" in drawn) is way
    if way:
        assert drawn["upp-pairs"].href.startswith("/par?lang=sv")

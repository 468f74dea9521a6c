"""The page's pictures from the stored answers: what fills each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from dash import html

from app.domain.words import NO_HISTORY, TOO_FEW
from app.measures.hotspot.why import why
from app.measures.repeats.repeats_words import say
from dashboards.components import picture
from dashboards.components.results import NOTHING_YET, Told, drawn, note_of, of_row, table_of, told_of
from dashboards.pages.upprepning import figures, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.measure import Result, Sentence
    from app.domain.region import Region
    from app.measures.hotspot.local_g_model import LocalGResult
    from app.measures.repeats.repeats import RepeatsResult
    from dashboards.components.figures.base import Theme
    from dashboards.pages.upprepning.reading import Answers
    from dashboards.words import Words

UNITS = ("again", "within", "spread", "oftener", "graver", "history")
"""The pictures of pairs, victims or addresses, in their order."""
PLACES = {
    "clusters": "clusters", "hot": "hot_areas", "areas": "concentration_areas", "near": "near_repeat",
    "reach": "near_repeat_reach",
}  # fmt: skip
"""The pictures of places, with the question of each."""


def units(found: Answers, question: str, words: Words, region: Region, theme: Theme) -> tuple[Any, ...]:
    """What fills the pictures of what comes again, from one stored answer."""
    row, language = found.rows[question], words.language
    told = told_of(row, language, theme, names=found.names)
    if row is None or told is None:
        return picture.empty(NOTHING_YET if row is None else row["words"][0][language], language) * len(UNITS)
    if told.result.refusal is not None:
        return picture.empty(told.result.refusal, language) * len(UNITS)
    result = cast("RepeatsResult", told.result)
    parts = apart(result)
    note = " ".join([note_of(row, language, region), *_instead(found, words)])

    def show(said: Sequence[Sentence], figure: Any, twin: Any) -> tuple[Any, ...]:
        return picture.shown(words, region, figure, twin, said=said, note=note)

    shown = [show(parts["again"], told.figure, told.table)]
    shown.append(show(parts["again"][1:], figures.windows(result.by_number, language, theme), told.table))
    shown.append(_spread(result, parts["spread"], words, theme, show))
    frequency, severity, gravest = result.frequency, result.severity, result.gravest
    if frequency is None or frequency.ratio is None:
        shown.append(picture.empty(TOO_FEW, language))
    else:
        figure = figures.oftener(frequency, language, theme)
        shown.append(show(parts["oftener"], figure, tables.oftener(frequency, language)))
    if severity is None or severity.graver is None:
        shown.append(picture.empty(TOO_FEW, language))
    else:
        figure = figures.graver(severity, language, theme)
        shown.append(show(parts["graver"], figure, tables.graver(severity, language)))
    if gravest is None or gravest.share_first is None:
        shown.append(picture.empty(NO_HISTORY, language))
    else:
        figure = figures.history(gravest, language, theme)
        shown.append(show(parts["history"], figure, tables.history(gravest, language)))
    return tuple(output for one in shown for output in one)


def _spread(
    result: RepeatsResult, said: Sequence[Sentence], words: Words, theme: Theme, show: Any
) -> tuple[Any, ...]:
    found = result.concentration
    if found is None or found.refusal is not None:
        return picture.empty(TOO_FEW, words.language)
    figure = drawn("concentration", found, words.language, theme)
    shown: tuple[Any, ...] = show(said, figure, table_of("concentration", found, words.language))
    return shown


def apart(result: RepeatsResult) -> dict[str, tuple[Sentence, ...]]:
    """The measure's sentences by what they are of: those that go when that part of the result goes."""
    every = say(result)

    def of(part: str) -> tuple[Sentence, ...]:
        others = say(result.model_copy(update={part: None}))
        return tuple(sentence for sentence in every if sentence not in others)

    parts = {
        "spread": of("concentration"), "oftener": of("frequency"), "graver": of("severity"), "history": of("gravest"),
    }  # fmt: skip
    taken = {sentence for part in parts.values() for sentence in part}
    return {**parts, "again": tuple(sentence for sentence in every if sentence not in taken)}


def places(
    found: Answers, place: str | None, words: Words, region: Region, theme: Theme, *, narrow: bool = False
) -> tuple[tuple[Any, ...], list[dict[str, str]]]:
    """What fills the pictures of places, and the areas that one can ask about: value and label."""
    shown: list[Any] = []
    for name, question in PLACES.items():
        row = found.rows[question]
        if row is None and found.area is not None:
            shown += picture.empty(words["upprepning.region_only"], words.language)
            continue
        filled = of_row(row, words, region, theme, names=found.names, most=4, narrow=narrow)
        if name == "hot" and row is not None and row["content"]:
            filled = _asked(
                filled, told_of(row, words.language, theme, names=found.names), found, place, words
            )
        shown += filled
    return tuple(shown), _choices(found)


def _asked(
    filled: tuple[Any, ...], told: Told | None, found: Answers, place: str | None, words: Words
) -> tuple[Any, ...]:
    """The picture of hot areas with the reason why the chosen one is called so, or is not."""
    if told is None or place is None or place not in found.names:
        return filled
    sentence = reason(told.result, found.names[place])
    if sentence is None:
        return filled
    return (filled[0], [_strong(getattr(sentence, words.language)), *filled[1]], *filled[2:])


def reason(result: Result, name: str) -> Sentence | None:
    """Why an area (by its name) is called hot, or why not; None where it is not among those looked at."""
    found = cast("LocalGResult", result)
    if name not in found.i:
        return None
    row = found.i.index(name)
    return why(found, row, found.neighbour_count[row] or 0)


def _strong(text: str) -> Any:
    return html.P(text, className="asked")


def _choices(found: Answers) -> list[dict[str, str]]:
    row = found.rows.get("hot_areas")
    if row is None or not row["content"]:
        return []
    named = [(code, found.names.get(code, code)) for code in row["content"].get("i", ())]
    return [{"value": code, "label": name} for code, name in sorted(named, key=lambda one: one[1])]


def _instead(found: Answers, words: Words) -> list[str]:
    if not found.instead:
        return []
    place = found.names.get(found.area or "", "") or words["upprepning.region"]
    return [words.fill("upprepning.instead", area=place)]

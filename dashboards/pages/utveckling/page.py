"""The page Utveckling: trends against what is normal and the year before, whole and split; the measures' answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from dash import Input, State, html, set_props

from dashboards.components import choices as filter_choices
from dashboards.components import picture, results_choices
from dashboards.components.filters import filters
from dashboards.components.results import NOTHING_YET, of_row
from dashboards.components.text import TEXT as COMMON
from dashboards.guard import callback
from dashboards.pages.utveckling import figures, lines, reading, sentences, tables
from dashboards.pages.utveckling.choices import MEASURES, NAMES, SPLITS
from dashboards.pages.utveckling.small import small
from dashboards.pages.utveckling.text import TEXT
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from app.domain.region import Region
    from dashboards.components.figures.base import Theme
    from dashboards.services import Services

PATH = "/utveckling"
ORDER = 4
WALL = True
PERMISSION: Permission = "figures"
CHOICES = NAMES
PREFIX = "utv"
GROUPS = ("trend",), ("small",), ("parts", "unusual"), ("latest", "forecast"), ("harm",)
"""The pictures side by side, row by row."""
LIVE = ("utv-trend", "utv-parts", "utv-small")
READY = ("utv-latest", "utv-unusual", "utv-forecast", "utv-harm")


def layout(words: Words) -> Component:
    """The filters, what can be chosen, the live series, and below them what the measures said this morning."""
    page = "utveckling"

    def frame(name: str) -> Component:
        key = f"utveckling.{name}"
        return picture.picture(words, f"{PREFIX}-{name}", title=key, help=f"{key}_help", className="tallish")

    controls = [
        results_choices.segments(words, page, PREFIX, "span", ("year", "quarter", "three", "five", "window")),
        results_choices.segments(words, page, PREFIX, "grain", ("week", "day", "month")),
        results_choices.segments(words, page, PREFIX, "measure", MEASURES),
        results_choices.select(words, page, PREFIX, "split", SPLITS),
    ]
    return html.Div(
        [
            filters(words, table=False),
            results_choices.bar(words, page, PREFIX, controls),
            *(html.Div([frame(name) for name in group], className="cards group") for group in GROUPS),
        ],
        className="page sheet",
    )


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    filter_choices.register(app, services)
    results_choices.register(app, PREFIX, NAMES, [*LIVE, *READY])
    for name in (*LIVE, *READY):
        picture.register(app, name)

    @callback(
        app,
        "figures",
        *(output for name in LIVE for output in picture.outputs(name)),
        Input("query", "data"),
        Input("choice", "data"),
        Input("tick", "data"),
        Input("again", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        Input(f"{PREFIX}-width", "data"),
        prevent_initial_call=True,
    )
    async def live(
        query: dict[str, Any] | None, choice: dict[str, str] | None, _tick: int, _again: float, lang: str | None,
        theme: str | None, width: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        seen = await reading.live(services, query or {}, choice, datetime.now(UTC))
        set_props("fault", {"data": None})
        words = Words(language_of(lang), COMMON, TEXT)
        return await asyncio.to_thread(draw, seen, words, services.region, _theme(theme), width or "medium")

    @callback(
        app,
        "figures",
        *(output for name in READY for output in picture.outputs(name)),
        Input("query", "data"),
        Input("again", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        State("tick", "data"),
        prevent_initial_call=True,
    )
    async def ready(
        query: dict[str, Any] | None, _again: float, lang: str | None, theme: str | None, _tick: int
    ) -> tuple[Any, ...]:
        found = await reading.stored(services, query or {}, datetime.now(UTC))
        words = Words(language_of(lang), COMMON, TEXT)
        return await asyncio.to_thread(answers, found, words, services.region, _theme(theme))


def _theme(given: str | None) -> Theme:
    return "light" if given == "light" else "dark"


def draw(seen: reading.Seen, words: Words, region: Region, theme: Theme, width: str) -> tuple[Any, ...]:
    """What fills the three live pictures."""
    language = words.language
    whole, parts = lines.whole(seen), lines.split(seen)
    if not whole.total and not whole.total_before:
        return picture.empty(sentences.NOTHING, language) * len(LIVE)
    return (
        *picture.shown(
            words, region, figures.trend(seen, whole, language, theme), tables.trend(seen, whole, language),
            said=sentences.trend(seen, whole, language),
        ),
        *picture.shown(
            words, region, figures.breakdown(seen, parts, language, theme), tables.breakdown(seen, parts, language),
            said=sentences.breakdown(seen, parts, language),
        ),
        *picture.shown(
            words, region, small(seen, parts, language, theme, width), tables.small(seen, parts, language),
            said=sentences.small(seen, parts, language),
        ),
    )  # fmt: skip


def answers(found: reading.Stored, words: Words, region: Region, theme: Theme) -> tuple[Any, ...]:
    """What fills the pictures of the measures' ready answers."""
    shown: list[Any] = []
    for name in reading.STORED:
        shown += _answer(found, name, words, region, theme)
    return tuple(shown)


def _answer(found: reading.Stored, name: str, words: Words, region: Region, theme: Theme) -> tuple[Any, ...]:
    row = found.rows[name]
    if row is None:
        return picture.empty(NOTHING_YET, words.language)
    drawn = of_row(row, words, region, theme, names=found.names, most=4)
    before, after = [], []
    if name == "deviation" and found.rows.get("whole") is not None:
        whole = cast("Mapping[str, Any]", found.rows["whole"])
        already = {line.children for line in drawn[1]}
        before = [one[words.language] for one in whole["words"][:1] if one[words.language] not in already]
    if found.instead:
        place = found.names.get(found.area or "", "") or words["utveckling.region"]
        after = [words.fill("utveckling.instead", area=place)]
    return (drawn[0], [*_paragraphs(before), *drawn[1], *_paragraphs(after)], *drawn[2:])


def _paragraphs(texts: list[str]) -> list[Component]:
    return [html.P(text) for text in texts]

"""The page Upprepad utsatthet: how many come again and how soon, for pairs, victims and addresses, and where."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, html

from app.domain.permissions import allows
from dashboards.components import choices as filter_choices
from dashboards.components import links, picture, results_choices
from dashboards.components.filters import filters
from dashboards.components.text import TEXT as COMMON
from dashboards.guard import callback
from dashboards.pages.upprepning import drawing, reading
from dashboards.pages.upprepning.text import TEXT
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.components.figures.base import Theme
    from dashboards.services import Services

PATH = "/upprepning"
ORDER = 5
PERMISSION: Permission = "figures"
CHOICES = ("of", "place")
PREFIX = "upp"
PEOPLE = (
    (("again",),),
    (("within",), ("spread",)),
    (("oftener", "low"), ("graver", "low"), ("history", "low")),
)
WHERE = (("near",), ("reach",)), (("clusters",),), (("hot",), ("areas",))
"""The pictures side by side, row by row."""
UNITS = tuple(f"{PREFIX}-{name}" for name in drawing.UNITS)
PLACES = tuple(f"{PREFIX}-{name}" for name in drawing.PLACES)


def layout(words: Words) -> Component:
    """What is looked at, the sentence that must not be forgotten, the pictures of units, then those of places."""
    controls = [results_choices.segments(words, "upprepning", PREFIX, "of", reading.OF)]
    return html.Div(
        [
            filters(words, table=False),
            results_choices.bar(words, "upprepning", PREFIX, [*controls, *_ladder(words)]),
            words.say(html.P(id="upp-history-first", className="card upp-first"), children="upprepning.first"),
            *(html.Div([_frame(words, *one) for one in group], className="cards group") for group in PEOPLE),
            words.say(html.H2(id="upp-places", className="upp-section"), children="upprepning.places"),
            *(
                html.Div(
                    [_frame(words, *one, more=[_place(words)] if one[0] == "hot" else None) for one in group],
                    className="cards group",
                )
                for group in WHERE
            ),
        ],
        className="page sheet",
    )  # fmt: skip


def _frame(words: Words, name: str, shape: str = "", more: list[Component] | None = None) -> Component:
    key = f"upprepning.{name}"
    return picture.picture(
        words,
        f"{PREFIX}-{name}",
        title=key,
        help=f"{key}_help",
        className=f"tallish {shape}".strip(),
        more=more or (),
    )


def _ladder(words: Words) -> list[Component]:
    """The way to the pairs themselves, for those who hold the permission: need and reason are asked for there."""
    if not allows(viewer_now(), "pairs"):
        return []
    link = html.A(id="upp-pairs", href=links.to("/par", words), className="upp-pairs")
    words.say(link, children="upprepning.to_pairs", title="upprepning.to_pairs_title")
    return [html.Div(link, className="choice-field")]


def _place(words: Words) -> Component:
    select = dmc.Select(
        id=f"{PREFIX}-place", data=[], size="xs", searchable=True, clearable=True, className="choice-select",
        maxDropdownHeight=360, limit=200,
    )  # fmt: skip
    words.say(select, placeholder="upprepning.place", aria_label="upprepning.place")
    return html.Div(select)


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    filter_choices.register(app, services)
    results_choices.register(app, PREFIX, CHOICES, [*UNITS, *PLACES])
    for name in (*UNITS, *PLACES):
        picture.register(app, name)

    @callback(
        app,
        "figures",
        *(output for name in UNITS for output in picture.outputs(name)),
        Input("query", "data"),
        Input("choice", "data"),
        Input("again", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        prevent_initial_call=True,
    )
    async def units(
        query: dict[str, Any] | None, choice: dict[str, str] | None, _again: float, lang: str | None,
        theme: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        of = reading.of_whom(choice)
        found = await reading.of_units(services, query or {}, of, datetime.now(UTC))
        words = Words(language_of(lang), COMMON, TEXT)
        return await asyncio.to_thread(
            drawing.units, found, f"repeats_{of}", words, services.region, _theme(theme)
        )

    @callback(
        app,
        "figures",
        *(output for name in PLACES for output in picture.outputs(name)),
        Output(f"{PREFIX}-place", "data"),
        Input("query", "data"),
        Input("choice", "data"),
        Input("again", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        Input(f"{PREFIX}-width", "data"),
        prevent_initial_call=True,
    )
    async def places(
        query: dict[str, Any] | None, choice: dict[str, str] | None, _again: float, lang: str | None,
        theme: str | None, width: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        found = await reading.of_places(services, query or {}, datetime.now(UTC))
        words = Words(language_of(lang), COMMON, TEXT)
        place = (choice or {}).get("place")
        shown, areas = await asyncio.to_thread(
            drawing.places, found, place, words, services.region, _theme(theme), narrow=width == "narrow"
        )
        return (*shown, areas)


def _theme(given: str | None) -> Theme:
    return "light" if given == "light" else "dark"

"""The page Område: one district. A chief's own at once; others choose.

What is stored every morning is read ready; what depends on the chosen time is counted when it is asked for. Nobody is
named: each figure about pairs leads to the page Par, where a reason is given (``docs/district.md``).
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html, set_props

from dashboards.components import picture
from dashboards.components.results import of_row
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.omrade import cards, pictures, reading
from dashboards.pages.omrade.pictures import Drawing
from dashboards.pages.omrade.text import TEXT
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.components.figures.base import Theme
    from dashboards.services import Services

PATH = "/omrade"
ORDER = 3
PERMISSION: Permission = "figures"
CHOICES = ("done",)
"""Which of the things that were done is shown."""
PICTURES = ("trend", "hours", "hot", "places", "effect", "similar")


def layout(words: Words) -> Component:
    """The district on top; below it the cards, what is to be followed up among the first."""
    say = words.say
    district = say(
        dmc.Select(
            id="omrade-district",
            data=[],
            size="sm",
            searchable=True,
            allowDeselect=False,
            maxDropdownHeight=420,
        ),
        aria_label="omrade.district",
        nothingFoundMessage="filter.none_found",
    )

    def drawn(name: str, wide: str = "", more: tuple[Component, ...] = ()) -> Component:
        return picture.picture(
            words,
            f"omrade-{name}",
            title=_title(name),
            help=f"{_title(name)}_help",
            className=wide,
            more=more,
        )

    return html.Div(
        [
            dcc.Store(id="omrade-at"),
            html.Section(
                [
                    html.H1(id="omrade-name"),
                    district,
                    html.P(id="omrade-why", className="why", role="status"),
                ],
                className="omrade-head",
            ),
            html.Div(
                [
                    cards.follow(words),
                    drawn("trend", "omrade-trend"),
                    drawn("hot"),
                    drawn("places"),
                    drawn("hours", "wide"),
                    cards.done(words),
                    drawn("effect", "omrade-effect"),
                    drawn("similar", "wide"),
                ],
                className="cards omrade-cards",
            ),
        ],
        className="page sheet omrade",
    )  # fmt: skip


def _title(name: str) -> str:
    return "omrade.done" if name == "effect" else f"omrade.{name}"


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    for name in PICTURES:
        picture.register(app, f"omrade-{name}")
    in_browser(
        app,
        "district.choose",
        Input("omrade-district", "value"),
        State("omrade-at", "data"),
        prevent_initial_call=True,
    )
    _register_district(app, services)
    _register_stored(app, services)
    _register_counted(app, services)
    _register_done(app, services)


def _register_district(app: Dash, services: Services) -> None:
    @callback(
        app,
        "figures",
        Output("omrade-at", "data"),
        Output("omrade-district", "data"),
        Output("omrade-district", "value"),
        Output("omrade-name", "children"),
        Output("omrade-why", "children"),
        Input("query", "data"),
        Input("lang", "data"),
        Input("again", "data"),
        prevent_initial_call=True,
    )
    async def choose(query: dict[str, Any] | None, lang: str | None, _again: float) -> tuple[Any, ...]:
        words = _words(lang)
        if query is None:
            return None, [], None, "", ""
        found = await reading.chosen(services, query)
        set_props("fault", {"data": None})
        choices = [{"value": one["code"], "label": one["name"]} for one in found.choices]
        if found.district is None:
            return None, choices, None, words["page.omrade"], words[found.why]
        why = words.fill(found.why, name=found.district["name"], within=found.district["within_name"] or "")
        return {"code": found.code, "query": query}, choices, found.code, found.district["name"], why


def _register_stored(app: Dash, services: Services) -> None:
    @callback(
        app,
        "figures",
        *picture.outputs("omrade-trend"),
        *picture.outputs("omrade-hours"),
        *picture.outputs("omrade-similar"),
        Output("omrade-follow-body", "children"),
        Input("omrade-at", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        prevent_initial_call=True,
    )
    async def draw(at: dict[str, Any] | None, lang: str | None, theme: Theme | None) -> tuple[Any, ...]:
        drawing = Drawing(_words(lang), services.region, theme or "dark")
        if at is None:
            nothing = picture.empty(drawing.words["omrade.none"], drawing.words.language)
            return (*nothing, *nothing, *nothing, html.P(drawing.words["omrade.none"], className="nothing"))
        rows = await reading.stored(services, at["query"], at["code"])

        def made() -> tuple[Any, ...]:
            language = drawing.words, drawing.region, drawing.theme
            return (
                *pictures.trend(rows, at["code"], drawing),
                *of_row(rows["hours"], *language, names=rows["names"]),
                *of_row(rows["similar"], *language, names=rows["names"]),
                cards.followed(rows["recurring"], at, drawing),
            )

        return await asyncio.to_thread(made)


def _register_counted(app: Dash, services: Services) -> None:
    @callback(
        app,
        "figures",
        *picture.outputs("omrade-hot"),
        *picture.outputs("omrade-places"),
        Input("omrade-at", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        Input("minute", "n_intervals"),
        prevent_initial_call=True,
    )
    async def draw(
        at: dict[str, Any] | None, lang: str | None, theme: Theme | None, _minute: int | None
    ) -> tuple[Any, ...]:
        drawing = Drawing(_words(lang), services.region, theme or "dark")
        if at is None:
            nothing = picture.empty(drawing.words["omrade.none"], drawing.words.language)
            return (*nothing, *nothing)
        small = await reading.small(services, at["query"], at["code"])
        places = await reading.places(services, at["query"], at["code"])
        now = datetime.now(UTC)
        return await asyncio.to_thread(
            lambda: (*pictures.small_areas(small, now, drawing), *pictures.places(places, drawing))
        )


def _register_done(app: Dash, services: Services) -> None:
    in_browser(
        app,
        "district.show",
        Input({"type": "omrade-done", "entry": cards.ALL}, "n_clicks"),
        State("choice", "data"),
        prevent_initial_call=True,
    )

    @callback(
        app,
        "figures",
        Output("omrade-done-body", "children"),
        *picture.outputs("omrade-effect"),
        Input("omrade-at", "data"),
        Input("choice", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        Input("minute", "n_intervals"),
        prevent_initial_call=True,
    )
    async def draw(
        at: dict[str, Any] | None,
        choice: dict[str, str] | None,
        lang: str | None,
        theme: Theme | None,
        _minute: int,
    ) -> tuple[Any, ...]:
        drawing = Drawing(_words(lang), services.region, theme or "dark")
        if at is None:
            none = drawing.words["omrade.none"]
            return (html.P(none, className="nothing"), *picture.empty(none, drawing.words.language))
        rows = await reading.done(services, at["query"], at["code"])
        wanted = (choice or {}).get("done")
        shown = next((row for row in rows if row["entry"] == wanted), rows[0] if rows else None)
        return await asyncio.to_thread(
            lambda: (cards.listed(rows, shown, at, drawing), *pictures.effect(shown, drawing))
        )


def _words(lang: str | None) -> Words:
    return Words(language_of(lang), COMMON, TEXT)

"""The page Granskning: the state of the log, unusual readings first, and every row of it. It shows no case.

What was read is kept in the browser's memory, so that a change of language reads nothing anew: each reading of the log
is a row of it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from dash import ALL, Input, Output, State, dcc, html, set_props

from app.domain.errors import LagesbildError, Unavailable
from dashboards.components.format import number
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.granskning import figures, frame, reading
from dashboards.pages.granskning.text import TEXT
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.services import Services

PATH = "/granskning"
ORDER = 11
CLOCKS = "none"
PERMISSION: Permission = "log"
STORES = ("review-asked", "review-told", "review-noted")


def layout(words: Words) -> Component:
    """The state of the log on top; filters; unusual readings and the log side by side."""
    return html.Div(
        [
            *(dcc.Store(id=name) for name in STORES),
            words.say(
                html.Section(id="review-chain", className="card chain-card"), aria_label="review.chain"
            ),
            frame.filters(words),
            html.Div([frame.unusual(words), frame.log(words)], className="columns review-columns"),
        ],
        className="page review",
    )


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    _register_browser(app)
    _register_reading(app, services)
    _register_note(app, services)


def _register_browser(app: Dash) -> None:
    """What stands in the address, and what is chosen by hand: one follows the other."""
    in_browser(
        app,
        "auditing.choose",
        Input({"type": "review-row", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    in_browser(
        app,
        "auditing.filter",
        *(Input(name, "value") for name in ("review-days", "review-action", "review-actor")),
        prevent_initial_call=True,
    )
    in_browser(app, "auditing.clear", Input("review-reset", "n_clicks"), prevent_initial_call=True)
    in_browser(app, "auditing.close", Input("review-close", "n_clicks"), prevent_initial_call=True)
    in_browser(
        app,
        "auditing.follow",
        Output("review-asked", "data"),
        Output("review-days", "value"),
        Output("review-action", "value"),
        Output("review-actor", "value"),
        Input("view", "data"),
        State("review-asked", "data"),
    )
    in_browser(
        app,
        "auditing.save",
        Output("review-csv", "href"),
        Input("review-asked", "data"),
        Input("lang", "data"),
    )


def _register_reading(app: Dash, services: Services) -> None:
    @callback(
        app,
        "log",
        Output("review-told", "data"),
        Input("review-asked", "data"),
        Input("review-noted", "data"),
        Input("again", "data"),
        prevent_initial_call=True,
    )
    async def read(asked: dict[str, Any] | None, _noted: float, _again: float) -> dict[str, Any] | None:
        if asked is None:
            return None
        told = await reading.told(services, reading.Asked.of(asked), reading.now_utc())
        set_props("fault", {"data": None})
        return told

    @callback(
        app,
        "log",
        Output("review-chain", "children"),
        Output("review-open", "children"),
        Output("review-rows", "children"),
        Output("log-grid", "rowData"),
        Output("review-shown", "children"),
        Output("review-actor", "data"),
        Output("review-note", "hidden"),
        Output("review-notes", "children"),
        Input("review-told", "data"),
        Input("lang", "data"),
        prevent_initial_call=True,
    )
    async def draw(told: dict[str, Any] | None, lang: str | None) -> tuple[Any, ...]:
        words = Words(language_of(lang), COMMON, TEXT)
        if told is None:
            return "…", "", [], [], "", [], True, []
        region, chosen = services.region, told["chosen"]
        return (
            figures.chain(told["state"], region, words),
            _open(told["findings"], words),
            figures.entries(told["findings"], region, words, chosen and chosen["key"])
            or html.Li(words["review.none"], className="nothing"),
            figures.table(told["rows"], region, words),
            words.fill(
                "review.shown_part" if len(told["rows"]) >= told["most"] else "review.shown",
                n=number(len(told["rows"]), words.language),
            ),
            [{"value": one["actor"], "label": one["name"] or one["actor"]} for one in told["actors"]],
            chosen is None,
            figures.notes(chosen["notes"], region, words) if chosen else [],
        )


def _open(found: list[dict[str, Any]], words: Words) -> str:
    left = sum(one["outcome"] is None for one in found)
    if not found:
        return ""
    return words.fill("review.unusual_open", n=left) if left else words["review.unusual_done"]


def _register_note(app: Dash, services: Services) -> None:
    @callback(
        app,
        "log",
        Output("review-noted", "data"),
        Output("review-text", "value"),
        Output("review-said", "children"),
        Input("review-save", "n_clicks"),
        State("review-told", "data"),
        State("review-outcome", "value"),
        State("review-text", "value"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def save(
        _clicks: int, told: dict[str, Any] | None, outcome: str, text: str | None, lang: str | None
    ) -> tuple[Any, ...]:
        words = Words(language_of(lang), COMMON, TEXT)
        chosen = told and told["chosen"]
        try:
            if chosen:
                await reading.note(services, chosen, outcome, text or "")
        except Unavailable:
            raise  # the shell says so
        except LagesbildError as error:
            return None, text, error.said(words.language)
        return time.time(), "", words["review.saved"]

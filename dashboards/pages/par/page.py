"""The page Par: pairs reported again. A reason first; then the list, one pair's ladder, and what was noted about it.

Everything that is read goes by ``app.commands.pairs``: a row in the log for each list and each pair. So what was read
is kept in the browser's memory and drawn anew from there when only the language or the colours change.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update, set_props

from app.domain.errors import LagesbildError, NotFound, Unavailable
from app.domain.permissions import allows
from dashboards.components import reason
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.par import form, ladder, listing, person, reading
from dashboards.pages.par.text import TEXT
from dashboards.services import note_denied_now, viewer_now
from dashboards.words import LANGUAGES, Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.services import Services

PATH = "/par"
ORDER = 9
PERMISSION: Permission = "pairs"
CHOICES = ("flag", "least", "several")
"""In the address, so that a figure of another page leads to its pairs: ``/par?area=…&least=3&flag=…``."""
STORES = ("par-given", "par-listed", "par-found", "par-open", "par-told", "par-noted")


def layout(words: Words) -> Component:
    """The reason on top; the list and one pair side by side."""
    say = words.say
    return html.Div(
        [
            *(dcc.Store(id=name) for name in STORES),
            form.with_one_press(reason.reason(words, "par", ask="par.reason_ask", begin="par.begin"), words),
            html.Div(
                [
                    say(
                        html.Section(
                            [
                                form.choices(words),
                                html.P(id="par-problem", className="note", role="status", hidden=True),
                                html.Ol(id="par-rows", className="pair-rows"),
                                say(
                                    dmc.Button(
                                        id="par-more",
                                        size="xs",
                                        variant="default",
                                        n_clicks=0,
                                        display="none",
                                    ),
                                    children="par.more",
                                ),
                            ],
                            className="card pair-list",
                            id="par-list",
                        ),
                        aria_label="par.list",
                    ),
                    html.Section(
                        [
                            html.Div(id="par-body", className="incident"),
                            form.follow_up(words) if allows(viewer_now(), "follow_up") else None,
                        ],
                        id="par-pair",
                        className="card pair-told",
                    ),
                ],
                id="par-columns",
                className="columns par-columns",
                hidden=True,
            ),
        ],
        className="page par",
    )


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    in_browser(
        app, "pairs.choose", Input({"type": "par-row", "pair": ALL}, "n_clicks"), prevent_initial_call=True
    )
    in_browser(
        app, "pairs.follow", Output("par-open", "data"), Input("view", "data"), State("par-open", "data")
    )
    reason.register(app, PERMISSION, "par")
    form.register_choices(app, services)
    _register_list(app, services)
    _register_drawn(app, services)
    _register_pair(app, services)
    form.register_note(app, services)
    person.register(app, services)


def _register_list(app: Dash, services: Services) -> None:
    @callback(
        app,
        "pairs",
        Output("par-listed", "data"),
        Output("par-problem", "children"),
        Output("par-problem", "hidden"),
        Input("par-given", "data"),
        Input("query", "data"),
        Input("choice", "data"),
        Input("par-more", "n_clicks"),
        Input("again", "data"),
        State("par-listed", "data"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def read(
        given: str | None, query: dict[str, Any] | None, choice: dict[str, str] | None, _more: int, _again: float,
        before: dict[str, Any] | None, lang: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        if ctx.triggered_id != "again":
            set_props("par-found", {"data": None})  # a list of all pairs is asked for, or none
        if not given or query is None:
            return None, "", True
        further = before if ctx.triggered_id == "par-more" and before else None
        if further is not None and further["rest"] is None:
            return no_update, no_update, no_update
        try:
            found = await reading.listed(
                services, query, given, choice or {}, further["rest"] if further else None
            )
        except Unavailable:
            raise  # the shell says so, and asks again
        except LagesbildError as error:
            return None, error.said(language_of(lang)), False
        set_props("fault", {"data": None})
        if further is not None:
            found = {**found, "rows": [*further["rows"], *found["rows"]]}
        return found, "", True


def _register_drawn(app: Dash, services: Services) -> None:
    @callback(
        app,
        "pairs",
        Output("par-rows", "children"),
        Output("par-count", "children"),
        Output("par-more", "display"),
        Output("par-found-line", "hidden"),
        Output("par-found-said", "children"),
        Output("par-filters", "hidden"),
        Input("par-listed", "data"),
        Input("par-found", "data"),
        Input("par-open", "data"),
        Input("lang", "data"),
        prevent_initial_call=True,
    )
    async def draw(
        listed: dict[str, Any] | None, found: dict[str, Any] | None, opened: str | None, lang: str | None
    ) -> tuple[Any, ...]:
        words = _words(lang)
        if found is not None:  # one person's pairs: all of them, whatever the view chooses among all pairs
            rows = listing.rows(found, services.region, words, opened)
            none = html.Li(words["par.found_none"], className="nothing")
            return rows or none, "", "none", False, person.said(found, words), True
        choosing = (True, "", False)
        if listed is None:
            return [], "", "none", *choosing
        if not listed["rows"]:
            return html.Li(words["par.empty"], className="nothing"), "", "none", *choosing
        count = words.fill("par.count_more" if listed["rest"] else "par.count", n=len(listed["rows"]))
        more = "inline-block" if listed["rest"] else "none"
        return listing.rows(listed, services.region, words, opened), count, more, *choosing


def _register_pair(app: Dash, services: Services) -> None:
    @callback(
        app,
        "pairs",
        Output("par-told", "data"),
        Input("par-given", "data"),
        Input("par-open", "data"),
        Input("known", "data"),
        Input("par-noted", "data"),
        Input("again", "data"),
        prevent_initial_call=True,
    )
    async def read(
        given: str | None, opened: str | None, known: str | None, _noted: float, _again: float
    ) -> dict[str, Any] | None:
        if not given or not opened:
            return None
        try:
            told = await reading.pair(
                services, opened, datetime.fromisoformat(known) if known else None, given
            )
        except NotFound:
            await note_denied_now("pairs/read", f"404 {opened}")
            return {"missing": True}
        except Unavailable:
            raise  # the shell says so, and asks again
        except LagesbildError as error:
            return {"problem": {language: error.said(language) for language in LANGUAGES}}
        set_props("fault", {"data": None})
        return told

    @callback(
        app,
        "pairs",
        Output("par-body", "children"),
        Output("par-follow-up", "hidden"),
        Output("par-corrects", "data"),
        Input("par-told", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        prevent_initial_call=True,
    )
    async def draw(told: dict[str, Any] | None, lang: str | None, theme: str | None) -> tuple[Any, ...]:
        words = _words(lang)
        if told is None:
            return html.P(words["par.choose"], className="nothing"), True, []
        if "rungs" not in told:
            text = told["problem"][words.language] if "problem" in told else words["par.not_found"]
            return html.P(text, className="nothing", id="par-missing"), True, []
        incidents = allows(viewer_now(), "incidents")
        body = ladder.describe(told, services.region, words, theme or "dark", incidents=incidents)
        return body, False, form.entries(told, services.region, words)


def _words(lang: str | None) -> Words:
    return Words(language_of(lang), COMMON, TEXT)

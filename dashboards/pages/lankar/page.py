"""The page Länkar: what the linkage proposes, one at a time, for a person to accept, reject or undo. A reason first.

Everything goes by ``app.commands.judging``: a row in the log for each page of proposals, for the last decisions and for
each decision. What was read is kept in the browser's memory and drawn anew from there when only the language changes.
Which proposal is open is not in the address: once it is decided it is in no list, and a link would lead nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update, set_props

from app.domain.errors import LagesbildError, Unavailable
from dashboards.components import reason
from dashboards.components.format import number
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.lankar import figures, form, reading
from dashboards.pages.lankar.text import TEXT
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.services import Services

PATH = "/lankar"
ORDER = 10
CLOCKS = "none"
PERMISSION: Permission = "links"
STORES = ("link-given", "link-told", "link-open", "link-judged")


def layout(words: Words) -> Component:
    """The reason on top; the lists and one proposal side by side."""
    return html.Div(
        [
            *(dcc.Store(id=name) for name in STORES),
            reason.reason(words, "link", ask="link.reason_ask", begin="link.begin"),
            html.Div(
                [
                    _lists(words),
                    html.Section(
                        [html.Div(id="link-body", className="incident"), form.decide(words)],
                        id="link-proposal",
                        className="card pair-told",
                    ),
                ],
                id="link-columns",
                className="columns par-columns link-columns",
                hidden=True,
            ),
        ],
        className="page links",
    )


def _lists(words: Words) -> Component:
    say = words.say
    more = dmc.Button(id="link-more", size="xs", variant="default", n_clicks=0, display="none")
    return say(
        html.Section(
            [
                html.Div(
                    [
                        say(html.H2(id="link-list-title"), children="link.list"),
                        html.Span(id="link-count", role="status"),
                    ],
                    className="caption",
                ),
                html.P(id="link-problem", className="note", role="alert", hidden=True),
                html.Div(
                    [
                        html.Ol(html.Li("…", className="nothing"), id="link-rows"),
                        say(more, children="link.more"),
                        say(html.H2(id="link-decided-title"), children="link.decided"),
                        html.Ol(id="link-decided"),
                    ],
                    id="link-lists",
                    className="pair-rows",
                ),
            ],
            id="link-list",
            className="card link-list",
        ),
        aria_label="link.list",
    )


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    in_browser(
        app,
        "links.choose",
        Input({"type": "link-row", "proposal": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    in_browser(app, "links.judged", Input("link-judged", "data"), prevent_initial_call=True)
    in_browser(app, "links.drawn", Input("link-body", "children"), prevent_initial_call=True)
    reason.register(app, PERMISSION, "link")
    form.register(app, services)
    _register_reading(app, services)
    _register_drawing(app, services)


def _register_reading(app: Dash, services: Services) -> None:
    @callback(
        app,
        "links",
        Output("link-told", "data"),
        Output("link-open", "data"),
        Output("link-problem", "children"),
        Output("link-problem", "hidden"),
        Input("link-given", "data"),
        Input("link-more", "n_clicks"),
        Input("link-judged", "data"),
        Input("again", "data"),
        State("link-told", "data"),
        State("link-open", "data"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def read(
        given: str | None, _more: int, judged: dict[str, Any] | None, _again: float, before: dict[str, Any] | None,
        opened: str | None, lang: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        if not given:
            return None, None, "", True
        by = ctx.triggered_id
        try:
            if by == "link-more" and before and before["rest"]:
                told = await reading.further(services, given, before)
            else:
                told = await reading.desk(services, given, len(before["rows"]) if before else 0)
        except Unavailable:
            raise  # the shell says so, and asks again
        except LagesbildError as error:
            return no_update, no_update, error.said(language_of(lang)), False
        set_props("fault", {"data": None})
        wanted = judged["open"] if by == "link-judged" and judged else opened
        first = told["rows"][0]["proposal"] if told["rows"] else None
        return told, wanted if form.find(told, wanted) else first, "", True


def _register_drawing(app: Dash, services: Services) -> None:
    @callback(
        app,
        "links",
        Output("link-rows", "children"),
        Output("link-count", "children"),
        Output("link-more", "display"),
        Output("link-decided", "children"),
        Output("link-body", "children"),
        Output("link-form", "hidden"),
        Output("link-accept", "display"),
        Output("link-reject", "display"),
        Output("link-undo", "display"),
        Input("link-told", "data"),
        Input("link-open", "data"),
        Input("lang", "data"),
        prevent_initial_call=True,
    )
    async def draw(told: dict[str, Any] | None, opened: str | None, lang: str | None) -> tuple[Any, ...]:
        words, region = Words(language_of(lang), COMMON, TEXT), services.region
        if told is None:
            return html.Li("…", className="nothing"), "", "none", [], [], True, "none", "none", "none"
        row = form.find(told, opened)
        choose = words["link.choose"] if told["rows"] or told["decided"] else ""
        body = figures.describe(row, region, words) if row else html.P(choose, className="nothing")
        judge, undo = ("inline-block", "none") if row and "decision" not in row else ("none", "inline-block")
        return (
            figures.rows(told, region, words, opened) or html.Li(words["link.empty"], className="nothing"),
            words.fill("link.waiting", n=number(told["waiting"], words.language)),
            "inline-block" if told["rest"] else "none",
            figures.decided(told, region, words, opened)
            or html.Li(words["link.decided_none"], className="nothing"),
            body,
            row is None,
            judge,
            judge,
            undo,
        )

"""Why somebody reads about persons: asked first, on each page that shows any, as a form and then as a line.

A page names its own components by ``prefix``: the reason that was given is in its store ``<prefix>-given``, and what it
shows once there is one stands in ``<prefix>-columns``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, State, ctx, html, no_update

from app.domain.errors import BadInput
from app.domain.reasons import FEWEST, OTHER, catalogue, parse
from dashboards.components.text import TEXT
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission


def reason(words: Words, prefix: str, *, ask: str, begin: str) -> Component:
    """The reason, as a form; once it is given, as a line. ``ask`` and ``begin``: keys of the page's own words."""
    say = words.say
    chosen = say(
        dmc.Select(id=f"{prefix}-reason", data=[], size="sm", clearable=True, className="reason"),
        data=[{"value": name, "label": {"text": f"reason.of_{name}"}} for name in catalogue()],
        placeholder="reason.choose",
        aria_label="reason.choose",
    )
    said = say(
        dmc.TextInput(id=f"{prefix}-reason-words", size="sm", className="words", debounce=True),
        placeholder="reason.words_hint",
        aria_label="reason.words",
    )
    change = dmc.Button(id=f"{prefix}-change", size="xs", variant="subtle", n_clicks=0)
    why = dmc.Button(id=f"{prefix}-why", size="xs", variant="subtle", n_clicks=0)
    return html.Section(
        [
            html.Div(
                [
                    say(html.H2(id=f"{prefix}-reason-ask"), children=ask),
                    say(html.P(id=f"{prefix}-reason-hint"), children="reason.hint"),
                    html.Div(
                        [
                            chosen,
                            said,
                            say(dmc.Button(id=f"{prefix}-begin", size="sm", n_clicks=0), children=begin),
                        ],
                        className="line",
                    ),
                    html.P(id=f"{prefix}-reason-problem", className="problem", role="alert"),
                ],
                id=f"{prefix}-reason-form",
                className="reason-form",
            ),
            html.Div(
                [
                    html.Span(id=f"{prefix}-reason-said"),
                    say(change, children="reason.change"),
                    html.Span(className="grow"),
                    say(why, children="why.title"),
                ],
                id=f"{prefix}-reason-line",
                className="reason-line",
                hidden=True,
            ),
        ],
        className="card reason-card",
    )


def in_words(given: str, words: Words) -> str:
    """A reason that was given, as it is told to people: the list's wording, and what was added."""
    told = parse(given)
    named = "" if told.id == OTHER else words[f"reason.of_{told.id}"]
    return " – ".join(part for part in (named, told.text) if part)


def register(app: Dash, permission: Permission, prefix: str) -> None:
    """Register the callbacks that take the reason, and tell it."""
    in_browser(app, "asking.why", Input(f"{prefix}-why", "n_clicks"), prevent_initial_call=True)

    @callback(
        app,
        permission,
        Output(f"{prefix}-given", "data"),
        Output(f"{prefix}-columns", "hidden"),
        Output(f"{prefix}-reason-form", "hidden"),
        Output(f"{prefix}-reason-line", "hidden"),
        Output(f"{prefix}-reason-problem", "children"),
        Input(f"{prefix}-begin", "n_clicks"),
        Input(f"{prefix}-reason-words", "n_submit"),
        Input(f"{prefix}-change", "n_clicks"),
        State(f"{prefix}-reason", "value"),
        State(f"{prefix}-reason-words", "value"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def begin(
        _begin: int, _submit: int, _change: int, chosen: str | None, said: str | None, lang: str | None
    ) -> tuple[Any, ...]:
        if ctx.triggered_id == f"{prefix}-change":
            return None, True, False, True, ""
        given = ": ".join(part for part in (chosen, (said or "").strip()) if part)
        try:
            parse(given)
        except BadInput:
            needed = Words(language_of(lang), TEXT).fill("reason.needed", n=FEWEST)
            return no_update, no_update, no_update, no_update, needed
        return given, False, True, False, ""

    @callback(
        app,
        permission,
        Output(f"{prefix}-reason-said", "children"),
        Input(f"{prefix}-given", "data"),
        Input("lang", "data"),
        prevent_initial_call=True,
    )
    async def said(given: str | None, lang: str | None) -> str:
        words = Words(language_of(lang), TEXT)
        return words.fill("reason.given", reason=in_words(given, words)) if given else ""

"""The shift handover on the page: what was read is shown, the officer adds words, and signs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, State, html, no_update

from app.domain.errors import BadInput, LagesbildError, Unavailable
from app.domain.log_book import MOST_TEXT
from app.domain.personal_number import holds_number
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.loggbok import handover, reading
from dashboards.pages.loggbok.text import TEXT
from dashboards.pages.loggbok.timeline import Drawing
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboards.services import Services

SINCE = ("last", *reading.HOURS)


def panel(words: Words) -> Component:
    """The closed panel."""
    say = words.say
    since = say(
        dmc.SegmentedControl(id="log-since", value="last", data=[], size="xs"),
        data=[{"value": value, "label": {"text": f"logg.since_{value}"}} for value in SINCE],
        aria_label="logg.since",
    )
    caption = html.Div(
        [
            say(html.H2(id="log-handover-title"), children="logg.handover"),
            html.Span(id="log-span", className="span"),
            html.Span(className="grow"),
            since,
            _button(words, "log-print", "logg.print"),
            _button(words, "log-handover-close", "logg.cancel"),
        ],
        className="caption",
    )
    signing = html.Div(
        [
            say(
                dmc.Textarea(id="log-words", size="sm", autosize=True, minRows=2, maxRows=8, value=""),
                label="logg.words",
                placeholder="logg.text_hint",
            ),
            html.Div(
                [
                    say(dmc.Button(id="log-sign", size="sm", n_clicks=0), children="logg.sign"),
                    html.Span(id="log-sign-problem", className="problem", role="alert"),
                ],
                className="log-buttons",
            ),
        ],
        id="log-signing",
        className="signing",
    )
    return say(
        html.Section(
            [caption, html.Div(id="log-figures", className="figures"), signing],
            id="log-handover",
            className="card log-handover",
            hidden=True,
        ),
        aria_label="logg.handover",
    )


def _button(words: Words, identity: str, key: str) -> Component:
    return words.say(html.Button(id=identity, type="button", className="quiet", n_clicks=0), children=key)


def register(app: Dash, services: Services) -> None:
    """Register what reads a handover and what signs it."""
    in_browser(app, "log.print", Input("log-print", "n_clicks"), prevent_initial_call=True)

    @callback(
        app,
        "notes",
        Output("log-shown", "data"),
        Output("log-figures", "children"),
        Output("log-span", "children"),
        Output("log-signing", "hidden"),
        Input("choice", "data"),
        Input("query", "data"),
        Input("log-since", "value"),
        Input("lang", "data"),
        Input("log-again", "data"),
        Input("again", "data"),
        prevent_initial_call=True,
    )
    async def show(
        choice: dict[str, str] | None, query: dict[str, Any] | None, since: str, lang: str | None, _read: float,
        _again: float,
    ) -> tuple[Any, ...]:  # fmt: skip
        if not query or not choice or not choice.get("shift"):
            return None, [], "", True
        told = await reading.handover(services, query, since)
        live = not query.get("known")
        words = Words(language_of(lang), COMMON, TEXT)
        draw = Drawing(words, services.region, viewer_now(), datetime.now(UTC), live=live)
        shown = {name: told[name] for name in ("since", "until")}
        return shown, handover.sections(told, draw), handover.span(told, draw), not live

    @callback(
        app,
        "notes",
        Output("log-added", "data", allow_duplicate=True),
        Output("log-said", "children", allow_duplicate=True),
        Output("log-sign-problem", "children"),
        Output("log-words", "value"),
        Output("log-again", "data"),
        Input("log-sign", "n_clicks"),
        State("log-words", "value"),
        State("log-shown", "data"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def sign(
        clicks: int, said: str | None, shown: dict[str, Any] | None, lang: str | None
    ) -> tuple[Any, ...]:
        if not clicks or not shown:
            return (no_update,) * 5
        words, text = Words(language_of(lang), COMMON, TEXT), said or ""
        wrong = "logg.no_number" if holds_number(text) else "logg.too_long" if len(text) > MOST_TEXT else None
        if wrong:
            return no_update, no_update, words[wrong], no_update, no_update
        now = datetime.now(UTC).timestamp()
        try:
            made = await reading.sign(services, text, shown)
        except Unavailable:
            raise  # the shell says so, and asks again
        except BadInput:  # the figures were read too long ago
            return no_update, no_update, words["logg.stale"], no_update, now
        except LagesbildError:
            return no_update, no_update, words["logg.refused"], no_update, no_update
        return {"entry": made["entry"], "shift": True}, words["logg.signed"], "", "", no_update

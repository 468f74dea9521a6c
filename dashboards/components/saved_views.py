"""Kept views: a menu in the time bar. Filled in and driven by ``assets/66_views.js``, which asks ``/api/v1/views``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import Input, html

from app.domain.permissions import allows
from dashboards.dom import in_browser, marked
from dashboards.services import viewer_now

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboards.words import Words


def opener(words: Words) -> Component:
    """The button in the time bar."""
    button = html.Button(id="views-open", className="quiet", n_clicks=0, type="button")
    marked(button, {"aria-expanded": "false", "aria-controls": "views"})
    return words.say(button, children="views.open", title="views.title")


def panel(words: Words) -> Component:
    """The closed panel: a name for what is looked at now, and the lists. A wall keeps none and has no form."""
    say = words.say
    viewer = viewer_now()
    keeps = viewer is not None and viewer.role != "wall" and allows(viewer, "figures")
    close = html.Button("×", id="views-close", className="step", n_clicks=0, type="button")
    return say(
        html.Aside(
            [
                html.Div(
                    [
                        say(html.H2(id="views-title"), children="views.title"),
                        say(close, aria_label="changed.close", title="changed.close"),
                    ],
                    className="caption",
                ),
                *([html.Div(id="views-form", className="views-form")] if keeps else []),
                marked(html.P(id="views-said", className="said"), {"role": "status"}),
                html.Div(id="views-list", className="views-list"),
                say(html.P(id="views-hint", className="nothing"), children="views.explained"),
            ],
            id="views",
            className="card over-bar views",
            hidden=True,
            tabIndex=-1,
        ),
        aria_label="views.title",
    )


def register(app: Dash) -> None:
    """Register the menu's callback; it is the browser's own."""
    buttons = (Input(f"views-{name}", "n_clicks") for name in ("open", "close"))
    in_browser(app, "keptviews.press", *buttons, prevent_initial_call=True)

"""The top of every page: name, alerts, feeds, connection, clock, language and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_mantine_components as dmc
from dash import html

from dashboards.components import alert_badge
from dashboards.components.account import account
from dashboards.components.why import why
from dashboards.dom import HIDDEN, marked
from dashboards.services import viewer_now

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.services import Services
    from dashboards.words import Words


def header(services: Services, words: Words, permission: Permission) -> Component:
    """Draw the header of a page that needs ``permission``; ``components.freshness`` fills in the feeds' badges."""
    say = words.say
    return html.Header(
        [
            say(html.A(id="skip", href="#content", className="skip"), children="shell.skip"),
            html.Div(
                [
                    marked(html.Span(className="mark"), HIDDEN),
                    html.Div(
                        [
                            say(html.H1(id="name"), children="shell.name"),
                            say(html.P(id="region-name"), children="region.name"),
                        ],
                        className="names",
                    ),
                    *_demo(services, words),
                ],
                className="brand",
            ),
            *alert_badge.badge(words),
            html.Div(id="freshness", className="freshness"),
            html.Div(
                [
                    html.Span(
                        [marked(html.I(), HIDDEN), html.Span(id="connection-text")],
                        id="connection",
                        className="connection",
                        role="status",
                    ),
                    say(
                        html.Time([html.Span(), html.B()], id="clock", className="clock"), title="shell.clock"
                    ),
                    say(
                        dmc.SegmentedControl(
                            id="language",
                            value=words.language,
                            size="xs",
                            data=[{"value": "sv", "label": "SV"}, {"value": "en", "label": "EN"}],
                            persistence=False,
                        ),
                        aria_label="shell.language",
                    ),
                    say(
                        dmc.ActionIcon(
                            marked(html.Span(className="icon-theme"), HIDDEN),
                            id="theme",
                            variant="default",
                            size="md",
                            n_clicks=0,
                        ),
                        aria_label="shell.theme",
                    ),
                    _keys(words),
                    why(words, permission),
                    account(words, viewer_now()),
                ],
                className="tools",
            ),
            html.Div(id="fault-bar", className="fault", role="alert", hidden=True),
        ],
        className="header",
    )


def _keys(words: Words) -> Component:
    button: Component = dmc.ActionIcon(
        marked(html.Span(className="icon icon-keyboard"), HIDDEN),
        id="keys",
        variant="default",
        size="md",
        n_clicks=0,
    )
    return words.say(button, aria_label="keys.open")


def _demo(services: Services, words: Words) -> list[Component]:
    """What the demo says of itself, and the offer to be shown round."""
    if not services.demo:
        return []
    say = words.say
    offer = html.Div(
        [
            say(html.Button(id="tour", type="button", n_clicks=0), children="tour.offer"),
            say(
                html.Button("×", id="tour-decline", type="button", n_clicks=0),
                aria_label="tour.decline",
                title="tour.decline",
            ),
        ],
        id="tour-offer",
        className="tour-offer",
        hidden=True,
    )
    return [
        say(html.Span(id="demo", className="demo"), children="shell.demo", title="shell.demo_explained"),
        offer,
    ]

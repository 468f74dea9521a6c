"""The frame of the tab of the rules: the list, the form, the trial, and the versions, empty until they are filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_mantine_components as dmc
from dash import dcc, html

from app.domain.permissions import allows
from dashboards.components import picture
from dashboards.pages.larm.form import form
from dashboards.services import viewer_now

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboards.words import Words

SAVES = ("probation", "live", "off")
"""How a version of a rule may be saved."""


def panel(words: Words) -> Component:
    """The tab of the rules."""
    say = words.say
    writes = allows(viewer_now(), "alert_rules")
    new = []
    if writes:
        new = [
            say(dmc.Button(id="larm-new", size="xs", variant="default", n_clicks=0), children="larm.rule_new")
        ]
    listed = say(
        html.Section(
            [
                html.Div(
                    [
                        say(html.H2(id="larm-rules-title"), children="larm.rules"),
                        html.Span(className="grow"),
                        *new,
                    ],
                    className="caption",
                ),
                html.Ol(id="larm-rule-rows", className="larm-rows"),
            ],
            className="card larm-list",
            id="larm-rule-list",
        ),
        aria_label="larm.rules",
    )
    parts: list[Component] = [_form(words) if writes else _reading(words), _versions(words)]
    if writes:
        parts.insert(1, picture.picture(words, "larm-trial", title="larm.trial", help="larm.trial_help"))
    return html.Div(
        [listed, html.Div(parts, className="larm-rule-body")],
        id="larm-rules",
        className="columns larm-columns",
        hidden=True,
    )


def _reading(words: Words) -> Component:
    return html.Section(
        [
            words.say(html.H2(id="larm-words-title"), children="larm.words"),
            html.P(id="larm-words-read", className="larm-words"),
            words.say(html.P(id="larm-only", className="note"), children="larm.only_analysts"),
        ],
        className="card larm-form",
    )


def _form(words: Words) -> Component:
    say = words.say
    buttons = [
        say(
            dmc.Button(id=f"larm-save-{mode}", size="xs", variant="default", n_clicks=0),
            children=f"larm.save_{mode}",
        )
        for mode in SAVES
    ]
    return say(
        html.Section(
            [
                *(dcc.Store(id=name) for name in ("larm-rule-told", "larm-rule-saved", "larm-trial-id")),
                dcc.Interval(id="larm-trial-look", interval=700, disabled=True),
                html.Div(
                    [
                        say(html.H2(id="larm-words-title"), children="larm.words"),
                        html.P(id="larm-words", className="larm-words", role="status"),
                        html.P(
                            id="larm-words-read", hidden=True
                        ),  # what is only read of a rule is in the form here
                    ],
                    className="larm-said",
                ),
                form(words),
                html.Div(
                    [say(dmc.Button(id="larm-try", size="xs", n_clicks=0), children="larm.try"), *buttons],
                    className="larm-acts",
                ),
                html.P(id="larm-rule-said", className="note", role="status"),
            ],
            className="card larm-form",
            id="larm-form",
        ),
        aria_label="larm.form",
    )


def _versions(words: Words) -> Component:
    return words.say(
        html.Section(
            [
                words.say(html.H2(id="larm-versions-title"), children="larm.versions"),
                html.Ol(id="larm-versions", className="larm-life"),
            ],
            className="card larm-form",
            id="larm-version-card",
        ),
        aria_label="larm.versions",
    )

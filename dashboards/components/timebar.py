"""The time bar over every page: when it occurred, and as known when. Driven by ``assets/timebar.js``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_mantine_components as dmc
from dash import html

from dashboards.dom import HIDDEN, marked

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboards.words import Words

WINDOWS = ("today", "2d", "7d", "30d", "custom")
SPEEDS = (5, 15, 60)
"""Minutes of known-at for each second of replay, and for each step."""


def timebar(words: Words) -> Component:
    """Draw the bar."""
    say = words.say
    occurred = html.Div(
        [
            html.Div(
                [
                    say(html.H2(id="occurred-title"), children="filter.window"),
                    html.Span(id="window-days", className="days"),
                ],
                className="caption",
            ),
            html.Div(
                [
                    say(
                        dmc.SegmentedControl(id="window", value="7d", data=[], size="xs"),
                        data=[{"value": name, "label": {"text": f"window.{name}"}} for name in WINDOWS],
                        aria_label="filter.window",
                    ),
                    say(
                        dmc.DatePickerInput(
                            id="dates",
                            type="range",
                            value=[None, None],
                            size="xs",
                            valueFormat="D MMM",
                            className="dates",
                            allowSingleDateInRange=True,
                            dropdownType="modal",
                        ),
                        aria_label="filter.dates",
                        placeholder="filter.dates_placeholder",
                    ),
                ],
                className="line",
            ),
        ],
        className="occurred",
    )
    known = html.Div(
        [
            html.Div(
                [
                    say(html.H2(id="known-title"), children="time.known"),
                    say(
                        dmc.DateTimePicker(
                            id="known-pick",
                            size="xs",
                            valueFormat="D MMM YYYY HH:mm",
                            dropdownType="modal",
                            className="pick",
                        ),
                        aria_label="time.pick",
                    ),
                ],
                className="caption",
            ),
            html.Div(
                [
                    _button(words, "day-back", "time.day_back"),
                    _button(words, "back", "time.back"),
                    _button(words, "play", "time.play"),
                    _button(words, "forward", "time.forward"),
                    _button(words, "day-forward", "time.day_forward"),
                    say(
                        dmc.Slider(
                            id="known-slider",
                            min=0,
                            max=1440,
                            step=1,
                            value=1440,
                            updatemode="drag",
                            size="sm",
                            marks=[],
                            label={"function": "clockAt"},
                            className="slider",
                        ),
                        thumbLabel="time.slider",
                    ),
                    say(
                        dmc.SegmentedControl(id="speed", value="15", data=[], size="xs"),
                        data=[
                            {"value": str(speed), "label": {"text": f"time.speed_{speed}"}}
                            for speed in SPEEDS
                        ],
                        aria_label="time.speed",
                    ),
                    say(
                        html.Button(
                            [marked(html.I(), HIDDEN), say(html.Span(id="live-text"), children="time.live")],
                            id="live",
                            className="live",
                            n_clicks=0,
                            type="button",
                        ),
                        title="time.live_title",
                    ),
                ],
                className="line",
            ),
        ],
        className="known",
    )
    return say(html.Section([occurred, known], id="timebar", className="timebar"), aria_label="time.title")


def _button(words: Words, identity: str, text: str) -> Component:
    icon = marked(html.Span(className=f"icon-{identity}"), HIDDEN)
    button = html.Button(icon, id=identity, className="step", n_clicks=0, type="button")
    return words.say(button, title=text, aria_label=text)

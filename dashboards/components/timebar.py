"""The time bar under every page: when it occurred, and as known when. Driven by ``assets/60_timebar.js``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_mantine_components as dmc
from dash import html

from app.domain.permissions import allows
from dashboards.components import changed, saved_views
from dashboards.dom import HIDDEN, marked
from dashboards.services import viewer_now

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboards.words import Words

WINDOWS = ("night", "24h", "today", "7d", "30d", "shift", "custom")
SPEEDS = (1, 5, 15, 60)
"""Minutes of known-at for each second of replay, and for each step."""


def timebar(words: Words) -> Component:
    """Draw the bar; what changed and kept views are for those who may see figures."""
    tools = [changed.opener(words), saved_views.opener(words)] if allows(viewer_now(), "figures") else []
    panels = [changed.panel(words), saved_views.panel(words)] if tools else []
    bar: Component = html.Section(
        [_occurred(words), _known(words), html.Div(tools, className="more"), *panels],
        id="timebar",
        className="timebar",
    )
    words.say(bar, aria_label="time.title")
    return bar


def _occurred(words: Words) -> Component:
    say = words.say
    return html.Div(
        [
            html.Div(
                [
                    say(html.H2(id="occurred-title"), children="filter.window", title="window.explained"),
                    html.Span(id="window-days", className="days"),
                    marked(html.Span(id="window-note", className="note"), {"role": "status"}),
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
                    html.Div(_own_window(words), className="own"),
                ],
                className="line",
            ),
        ],
        className="occurred",
    )


def _own_window(words: Words) -> list[Component]:
    say = words.say
    days = say(
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
    )
    return [
        days,
        _hour(words, "first-hour", "window.first_hour", "0", 0),
        marked(html.Span("–"), HIDDEN),
        _hour(words, "last-hour", "window.last_hour", "23", 1),
    ]


def _hour(words: Words, identity: str, text: str, value: str, ends: int) -> Component:
    """The first hour is told by when it begins, the last by when it ends."""
    hours = [{"value": str(hour), "label": f"{hour + ends:02}:00"} for hour in range(24)]
    chosen: Component = dmc.Select(
        id=identity,
        value=value,
        data=hours,
        size="xs",
        className="hour",
        allowDeselect=False,
        maxDropdownHeight=260,
    )
    words.say(chosen, aria_label=text)
    return chosen


def _known(words: Words) -> Component:
    say = words.say
    return html.Div(
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


def _button(words: Words, identity: str, text: str) -> Component:
    icon = marked(html.Span(className=f"icon-{identity}"), HIDDEN)
    button = html.Button(icon, id=identity, className="step", n_clicks=0, type="button")
    return words.say(button, title=text, aria_label=text)

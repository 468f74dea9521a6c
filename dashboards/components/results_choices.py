"""Choices of a page of pictures: controls whose values stand in the address (store ``choice``); the screen's width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html

from dashboards.dom import in_browser, marked

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboards.words import Words


def segments(words: Words, page: str, prefix: str, name: str, values: Sequence[str]) -> Component:
    """A choice among few, all seen. The texts are ``page.name`` and ``page.name_value``; the first is the default."""
    control = dmc.SegmentedControl(
        id=f"{prefix}-{name}", value=values[0], data=[], size="xs", className="choice-segments"
    )
    return _labelled(words, page, prefix, name, control, values)


def select(words: Words, page: str, prefix: str, name: str, values: Sequence[str]) -> Component:
    """A choice among several, of which one is seen."""
    control = dmc.Select(
        id=f"{prefix}-{name}", value=values[0], data=[], size="xs", allowDeselect=False, className="choice-select",
        comboboxProps={"withinPortal": True}, maxDropdownHeight=420,
    )  # fmt: skip
    return _labelled(words, page, prefix, name, control, values)


def _labelled(
    words: Words, page: str, prefix: str, name: str, control: Any, values: Sequence[str]
) -> Component:
    texts = [{"value": value, "label": {"text": f"{page}.{name}_{value}"}} for value in values]
    label = words.say(
        html.Span(id=f"{prefix}-{name}-label", className="choice-label"), children=f"{page}.{name}"
    )
    return html.Div(
        [label, words.say(control, data=texts, aria_label=f"{page}.{name}")],
        className="choice-field",
    )


def bar(words: Words, page: str, prefix: str, controls: Sequence[Component]) -> Component:
    """The controls side by side, and the store of the screen's width (narrow, medium, wide or huge)."""
    section = html.Section(
        [*controls, dcc.Store(id=f"{prefix}-width")], id=f"{prefix}-choices", className="choice-bar"
    )
    return words.say(marked(section, {}), aria_label=f"{page}.choose")


def register(app: Dash, prefix: str, names: Sequence[str], pictures: Sequence[str]) -> None:
    """Register what keeps the controls and the address alike, what tells the width, and the pictures' own heights."""
    controls = [f"{prefix}-{name}" for name in names]
    in_browser(
        app,
        "choices.choose",
        *(Input(control, "value") for control in controls),
        State("choice", "data"),
        prevent_initial_call=True,
    )
    in_browser(
        app, "choices.follow", *(Output(control, "value") for control in controls), Input("choice", "data")
    )
    in_browser(app, "choices.width", Output(f"{prefix}-width", "data"), Input(f"{prefix}-choices", "id"))
    for name in pictures:
        in_browser(app, "choices.tall", Input(f"{name}-drawn", "data"), State(f"{name}-graph", "id"))

"""The map's frame: the canvas, the legend and what is not on it. Drawn by ``assets/map.js``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_mantine_components as dmc
from dash import html

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboards.words import Words

LAYERS = ("density", "points", "areas")


def map_frame(words: Words) -> Component:
    """Draw the frame; ``map-totals`` is filled in with the totals that the header shows too."""
    say = words.say
    return html.Div(
        [
            say(html.Div(id="map", className="map", role="region"), aria_label="map.label"),
            html.Div(
                say(
                    dmc.SegmentedControl(id="layer", value="density", data=[], size="xs"),
                    data=[{"value": layer, "label": {"text": f"map.{layer}"}} for layer in LAYERS],
                    aria_label="map.layer",
                ),
                className="on-map layers",
            ),
            html.Div(id="past-note", className="on-map past-note", role="status", hidden=True),
            html.Div(id="legend", className="on-map legend"),
            html.Div(
                [
                    html.Div(id="map-totals", role="status"),
                    say(html.Small(id="map-sources"), children="map.sources"),
                ],
                className="on-map totals",
            ),
        ],
        className="map-frame",
        id="map-frame",
    )

"""The map's frame: the canvas, the legend and what is not on it. Drawn by ``assets/30_map.js``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_mantine_components as dmc
from dash import html

from dashboards.dom import marked

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboards.words import Words

LAYERS = ("density", "points", "areas")


def map_frame(words: Words, *, points: bool = True) -> Component:
    """Draw the frame; ``map-totals`` is filled in with the totals that the header shows too.

    Without ``points`` no single incident is on it, however near one comes.
    """
    say = words.say
    layers = LAYERS if points else tuple(layer for layer in LAYERS if layer != "points")
    return html.Div(
        [
            marked(
                say(html.Div(id="map", className="map", role="region"), aria_label="map.label"),
                {"data-points": "yes" if points else "no"},
            ),
            html.Div(
                say(
                    dmc.SegmentedControl(id="layer", value="density", data=[], size="xs"),
                    data=[{"value": layer, "label": {"text": f"map.{layer}"}} for layer in layers],
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

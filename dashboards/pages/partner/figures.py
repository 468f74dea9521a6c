"""The figure of the page: a bar for each area that is shown, and two dots for each that is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboards.components.format import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.disclosure.sheet import Line
    from dashboards.words import Words

COLOURS = {
    "dark": {"bar": "#4cc9f0", "grid": "#263347", "text": "#e8eef6", "soft": "#a3b1c4", "card": "#1a2433"},
    "light": {"bar": "#1b6ec2", "grid": "#dde3ea", "text": "#131d2a", "soft": "#4f5f72", "card": "#ffffff"},
}
ROW_PX = 27
"""The height of an area's bar with its room."""


def by_area(lines: Sequence[Line], words: Words, theme: str) -> go.Figure:
    """Bars from left to right, the first area on top. A hidden figure is told by its dots, on its row's start."""
    colour = COLOURS["light" if theme == "light" else "dark"]
    shown = [line for line in lines if line.figure is not None]
    hidden = [line for line in lines if line.figure is None]
    most = max((line.figure or 0 for line in shown), default=0)
    figure = go.Figure(
        [
            go.Bar(
                x=[line.figure for line in shown],
                y=[line.area_name for line in shown],
                orientation="h",
                text=[number(line.figure or 0, words.language) for line in shown],
                textposition="outside",
                cliponaxis=False,
                marker={"color": colour["bar"]},
                customdata=[line.state for line in shown],
                hovertemplate="%{y}: <b>%{text}</b> (%{customdata})<extra></extra>",
            ),
            go.Scatter(
                x=[0] * len(hidden),
                y=[line.area_name for line in hidden],
                mode="text",
                text=[words["partner.dots"]] * len(hidden),
                textposition="middle right",
                textfont={"color": colour["soft"]},
                hovertemplate="%{y}: " + words["partner.hidden"] + "<extra></extra>",
            ),
        ]
    )
    figure.update_layout(
        height=ROW_PX * max(len(lines), 3) + 44,
        margin={"l": 4, "r": 44, "t": 6, "b": 4},
        showlegend=False,
        bargap=0.3,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=", " if words.language == "sv" else ".,",
        font={"family": "Inter, sans-serif", "size": 12, "color": colour["text"]},
        hoverlabel={
            "bgcolor": colour["card"],
            "bordercolor": colour["grid"],
            "font": {"color": colour["text"]},
        },
        xaxis={
            "range": [0, max(most, 1) * 1.02],
            "fixedrange": True,
            "gridcolor": colour["grid"],
            "zeroline": False,
            "tickformat": ",d",
            "nticks": 5,
        },
        yaxis={
            "categoryorder": "array",
            "categoryarray": [line.area_name for line in reversed(lines)],
            "fixedrange": True,
            "automargin": True,
            "showgrid": False,
            "ticksuffix": "  ",
        },
    )
    return figure

"""Change against control areas, net and in its parts, each with its interval."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain import words
from app.domain.measure import Sentence
from app.measures.effect.displacement import DisplacementResult, say
from dashboards.components.figures.base import Language, Theme, blank, look, refused

NET = Sentence("Sammanlagt", "Net")
LOCAL = Sentence("Där det gjordes", "Where it was done")
MOVED = Sentence("Intill", "Next to it")
AXIS = Sentence("Anmälningar fler eller färre än väntat", "Reports more or fewer than expected")
FEWER, MORE = Sentence("← färre", "← fewer"), Sentence("fler →", "more →")


def figure(result: DisplacementResult, language: Language, theme: Theme) -> go.Figure:
    """A point with its interval for each part and the net; the upright line is as expected."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    colour = look(theme)
    rows = [(LOCAL, result.local, result.local_low, result.local_high)]
    if result.moved is not None:
        rows += [
            (MOVED, result.moved, result.moved_low, result.moved_high),
            (NET, result.wdd, result.low, result.high),
        ]
    drawn = blank(language, theme, x=AXIS, title=say(result))
    for name, value, low, high in rows:
        if value is None or low is None or high is None:
            continue
        label = f"{getattr(name, language)}<br>{words.number(value, language)} ({words.interval(low, high, language)})"
        net = name is rows[-1][0]
        shade = colour.notable if net else colour.observed
        drawn.add_scatter(
            x=[value],
            y=[label],
            error_x={
                "array": [high - value],
                "arrayminus": [value - low],
                "color": shade,
                "thickness": 2,
                "width": 7,
            },
            mode="markers",
            marker={"color": shade, "size": 13, "symbol": "diamond" if net else "circle"},
            hoverinfo="skip",
            showlegend=False,
        )
    drawn.add_vline(x=0, line={"color": colour.text, "width": 1.5})
    for text, anchor, shift in ((FEWER, "right", -8), (MORE, "left", 8)):
        drawn.add_annotation(
            x=0,
            xshift=shift,
            xanchor=anchor,
            y=1,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            text=getattr(text, language),
            font={"color": colour.soft},
        )
    drawn.update_yaxes(range=[len(rows) - 0.5, -0.5], showgrid=False)
    return drawn

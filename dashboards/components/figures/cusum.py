"""Small rises that last, added up."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.measures.deviation.cusum import CusumResult, say
from dashboards.components.figures.base import Language, Theme, blank, look, refused
from dashboards.components.figures.bounded import ALARM, BOUND, PERIOD, most_alarms, titled

SUM = Sentence("Summa", "Sum")


def figure(result: CusumResult, language: Language, theme: Theme) -> go.Figure:
    """One area's sum and the limit that it is held against: the area with the most alarms."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    colour = look(theme)
    area, rows = most_alarms(result.area, result.alarm)
    drawn = blank(language, theme, x=PERIOD, y=SUM, title=titled(area, say(result)))
    drawn.add_scatter(
        x=[result.t[row] for row in rows],
        y=[result.stat[row] for row in rows],
        name=getattr(SUM, language),
        mode="lines",
        line={"color": colour.observed, "width": 2, "shape": "hv"},
    )
    drawn.add_scatter(
        x=[result.t[rows[0]], result.t[rows[-1]]],
        y=[result.limit, result.limit],
        name=getattr(BOUND, language),
        mode="lines",
        line={"color": colour.text, "width": 1.5, "dash": "dash"},
    )
    above = [row for row in rows if result.alarm[row]]
    drawn.add_scatter(
        x=[result.t[row] for row in above],
        y=[result.stat[row] for row in above],
        name=getattr(ALARM, language),
        mode="markers",
        marker={
            "color": colour.notable,
            "symbol": "diamond",
            "size": 11,
            "line": {"color": colour.card, "width": 1.5},
        },
    )
    drawn.update_layout(hovermode="x unified")
    drawn.update_yaxes(rangemode="tozero")
    return drawn

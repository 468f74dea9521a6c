"""Areas and their neighbours: each area's own value against its neighbours', those that stand out by shape and name."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, number
from app.measures.hotspot.moran import say
from app.measures.hotspot.moran_model import LocalMoranResult
from dashboards.components.figures.base import Theme, blank, look, refused

NAMED = 12
"""Areas whose names are written at most; the others are told by the pointer."""
OWN = Sentence(
    "Områdets eget värde (standardavvikelser från medel)", "The area's own value (standard deviations)"
)
BESIDE = Sentence("Grannarnas medel (standardavvikelser)", "Mean of its neighbours (standard deviations)")
CORNERS = (
    (Sentence("högt bland höga", "high among high"), 1, 1),
    (Sentence("lågt bland låga", "low among low"), 0, 0),
    (Sentence("högt bland låga", "high among low"), 1, 0),
    (Sentence("lågt bland höga", "low among high"), 0, 1),
)
CHANCE = Sentence("kan vara slump", "could be chance")


def figure(result: LocalMoranResult, language: Language, theme: Theme) -> go.Figure:
    """Every area a point; the four corners are named, and an area that stands out has a shape of its own."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    drawn = blank(language, theme, x=OWN, y=BESIDE, title=say(result))
    colour = look(theme)
    styles = {
        "chance": ("circle-open", colour.soft, 7, CHANCE),
        "High-High": ("triangle-up", colour.notable, 12, CORNERS[0][0]),
        "Low-Low": ("triangle-down", colour.observed, 12, CORNERS[1][0]),
        "High-Low": ("diamond", colour.provisional, 11, CORNERS[2][0]),
        "Low-High": ("square", colour.good, 11, CORNERS[3][0]),
    }
    rows = [row for row, lag in enumerate(result.lag_z) if lag is not None]
    notable = [row for row in rows if result.called[row] not in {"chance", "too few"}]
    notable.sort(key=lambda row: -abs(result.local_moran.Z[row] or 0.0))
    written = set(notable[:NAMED])
    for verdict, (symbol, shade, size, name) in styles.items():
        of = [row for row in rows if result.called[row] == verdict]
        if not of:
            continue
        drawn.add_scatter(
            x=[result.z[row] for row in of],
            y=[result.lag_z[row] for row in of],
            mode="markers+text",
            text=[result.i[row] if row in written else "" for row in of],
            textposition="top center",
            textfont={"color": shade},
            marker={"symbol": symbol, "size": size, "color": shade},
            name=getattr(name, language),
            customdata=[
                [
                    result.i[row],
                    number(result.z[row] or 0.0, language, 2),
                    number(result.lag_z[row] or 0.0, language, 2),
                ]
                for row in of
            ],
            hovertemplate="%{customdata[0]}: %{customdata[1]} – %{customdata[2]}<extra></extra>",
            cliponaxis=False,
        )
    drawn.add_hline(y=0, line={"color": colour.expected, "width": 1.5})
    drawn.add_vline(x=0, line={"color": colour.expected, "width": 1.5})
    for sentence, right, top in CORNERS:
        drawn.add_annotation(
            text=getattr(sentence, language),
            xref="paper",
            yref="paper",
            x=right,
            y=top,
            xanchor="right" if right else "left",
            yanchor="top" if top else "bottom",
            showarrow=False,
            font={"color": colour.soft, "size": 11},
        )
    return drawn

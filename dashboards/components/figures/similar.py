"""A district's own figures, each on a line of its own with the range of the districts like it."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import interval, percent_interval
from app.measures.district.similar import FIGURES, Figure, SimilarResult, written
from dashboards.components.figures.base import Language, Theme, blank, faint, look, refused

NAMES: dict[Figure, Sentence] = {
    "rate": Sentence("Anmälningar per 100 000 invånare", "Reports per 100,000 inhabitants"),
    "share": Sentence(
        "Andel upprepningar bland parens anmälningar", "Share of repeats among the pairs' reports"
    ),
    "gap": Sentence("Dagar till nästa anmälan (mitten)", "Days to the next report (median)"),
}
OWN = Sentence("Det egna distriktet", "The own district")
RANGE = Sentence("Liknande distrikt", "Similar districts")


def figure(result: SimilarResult, language: Language, theme: Theme, area: str | None = None) -> go.Figure:
    """A line for each figure, each with its own axis from nought: a bar for the range, a diamond for the own.

    Args:
        result: Of the measure.
        language: Of everything that is written.
        theme: Dark or light.
        area: The district; None for the first.
    """
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    row = 0 if area is None else result.area.index(area)
    colour = look(theme)
    drawn = blank(language, theme)
    for at, name in enumerate(FIGURES):
        _line(drawn, result, row, at, name, language, theme)
    drawn.update_layout(
        height=250,
        hovermode="closest",
        margin={"t": 34},
        xaxis={"visible": False, "range": [-0.02, 1.12], "fixedrange": True},
        yaxis={"visible": False, "range": [len(FIGURES) - 0.35, -0.75], "fixedrange": True},
    )
    drawn.update_yaxes(gridcolor=colour.grid)
    return drawn


def _line(
    drawn: go.Figure, result: SimilarResult, row: int, at: int, name: Figure, language: Language, theme: Theme
) -> None:
    """One figure, scaled so that the furthest of its ends lies at one."""
    colour = look(theme)
    own = getattr(result, name)[row]
    low, high = getattr(result, f"{name}_low")[row], getattr(result, f"{name}_high")[row]
    drawn.add_annotation(
        x=0, y=at - 0.38, text=getattr(NAMES[name], language), showarrow=False, xanchor="left",
        font={"color": colour.soft, "size": 12},
    )  # fmt: skip
    most = max((one for one in (own, high) if one is not None), default=0.0)
    if most <= 0:
        return
    if low is not None and high is not None:
        ends = percent_interval if name == "share" else interval
        drawn.add_bar(
            x=[(high - low) / most], base=[low / most], y=[at], orientation="h", width=0.3,
            name=getattr(RANGE, language), showlegend=at == 0, legendgroup="range",
            marker={"color": faint(colour.expected, 0.4), "line": {"color": colour.expected, "width": 1}},
            hovertext=[ends(low, high, language)], hovertemplate="%{hovertext}<extra></extra>",
            text=[ends(low, high, language)], textposition="none",
        )  # fmt: skip
    if own is not None:
        drawn.add_scatter(
            x=[own / most], y=[at], mode="markers+text", name=getattr(OWN, language), showlegend=at == 0,
            legendgroup="own", text=[written(name, own, language)], textposition="bottom center",
            textfont={"color": colour.text, "size": 13}, cliponaxis=False,
            marker={"symbol": "diamond", "size": 13, "color": colour.observed,
                    "line": {"color": colour.card, "width": 1.5}},
            hovertemplate=f"{written(name, own, language)}<extra></extra>",
        )  # fmt: skip

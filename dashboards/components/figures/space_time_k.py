"""Space-time K: how many more pairs than chance gives, by distance, a panel for each of a few spans of time."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, number
from app.measures.near.space_time_k import SpaceTimeKResult
from app.measures.near.words import days, length, space_time_k
from dashboards.components.figures.base import Theme, blank, faint, look, refused, series

MOST_LINES = 4
Y = Sentence("par utöver slumpen, %", "pairs beyond chance, %")
BAND = Sentence("det slumpen ger, {span} (19 gånger av 20)", "what chance gives, {span} (19 times in 20)")


def figure(result: SpaceTimeKResult, language: Language, theme: Theme) -> go.Figure:
    """D0 by distance, a line for each of at most four spans; the band is of the span that stands out most.

    Args:
        result: What `app.measures.near.space_time_k` gave.
        language: Of all words.
        theme: Dark or light.
    """
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    colour = look(theme)
    x_axis = Sentence(f"avstånd, högst ({result.unit})", f"distance, at most ({result.unit})")
    figure = blank(language, theme, x=x_axis, y=Y, title=space_time_k(result))
    distances = sorted(set(result.s))
    spans = _chosen(sorted(set(result.t)), result.t_at_most)
    rows = {(s, t): k for k, (s, t) in enumerate(zip(result.s, result.t, strict=True))}
    banded = spans[-1] if result.t_at_most is None else result.t_at_most
    if result.d0_low and result.d0_high:
        low = [_percent(result.d0_low[rows[s, banded]]) for s in distances]
        high = [_percent(result.d0_high[rows[s, banded]]) for s in distances]
        figure.add_trace(
            go.Scatter(
                x=distances, y=high, mode="lines", line={"width": 0}, hoverinfo="skip", showlegend=False
            )
        )
        figure.add_trace(
            go.Scatter(
                x=distances,
                y=low,
                mode="lines",
                line={"width": 0},
                fill="tonexty",
                fillcolor=faint(colour.expected, 0.25),
                name=getattr(BAND, language).format(span=days(banded, language)),
                hoverinfo="skip",
            )
        )
    figure.add_hline(y=0, line={"color": colour.expected, "width": 1})
    for place, span in enumerate(spans):
        drawn = series(place, theme)
        values = [result.d0[rows[s, span]] for s in distances]
        figure.add_trace(
            go.Scatter(
                x=distances,
                y=[_percent(value) for value in values],
                mode="lines+markers",
                name=("högst " if language == "sv" else "at most ") + days(span, language),
                line={"color": drawn.colour, "dash": drawn.dash, "width": 3 if span == banded else 2},
                marker={"symbol": drawn.symbol, "size": 9},
                text=[
                    f"{length(s, result.unit, language)}: {number(100 * value, language)} %"
                    for s, value in zip(distances, (value or 0.0 for value in values), strict=True)
                ],
                hovertemplate="%{text}<extra></extra>",
            )
        )
    # Its names stand below, one to a line where the figure is narrow.
    figure.update_layout(
        legend={"yref": "container", "y": 0, "yanchor": "bottom", "orientation": "v"},
        margin={"b": 52 + 19 * (1 + len(spans))},
        height=360,
    )
    figure.update_xaxes(rangemode="tozero")
    return figure


def _chosen(spans: list[float], most: float | None) -> list[float]:
    """At most four, evenly, and the one that stands out most among them."""
    if len(spans) <= MOST_LINES:
        return spans
    picked = {spans[round(k * (len(spans) - 1) / (MOST_LINES - 1))] for k in range(MOST_LINES)}
    if most is not None and most not in picked:
        picked.remove(min(picked, key=lambda span: abs(span - most)))
        picked.add(most)
    return sorted(picked)


def _percent(value: float | None) -> float | None:
    return None if value is None else 100 * value

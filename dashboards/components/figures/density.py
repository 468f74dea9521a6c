"""How thick places lie: a map in one shade, its lines with figures on them, and the peak in words."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, interval, number
from app.measures.density.density import say
from app.measures.density.density_model import DensityResult
from dashboards.components.figures.base import Theme, blank, diverging, look, refused, sequential

EAST = Sentence("Öst (km)", "East (km)")
NORTH = Sentence("Nord (km)", "North (km)")
THICK = Sentence("per km²", "per km²")
TIMES = Sentence("gånger så mycket", "times as much")
EMPTY = Sentence("Tomt: för få för att säga något", "Blank: too few to say anything")
FOLDS = (-3, -2, -1, 0, 1, 2, 3)


def figure(result: DensityResult, language: Language, theme: Theme) -> go.Figure:
    """The density; or where there are places to compare with, how many times as much as those explain."""
    if result.density is None or result.peak is None:
        return refused(language, theme, say(result)[0])
    drawn = blank(language, theme, x=EAST, y=NORTH, title=say(result))
    colour = look(theme)
    x, y = [value / 1000 for value in result.x], [value / 1000 for value in result.y]
    if result.relative is None:
        per_km2 = [[value * result.events_per_km2 for value in row] for row in result.density]
        drawn.add_contour(
            x=x,
            y=y,
            z=per_km2,
            colorscale=sequential(theme),
            contours={"showlabels": True, "labelfont": {"color": colour.text, "size": 11}},
            line={"width": 1, "color": colour.soft},
            ncontours=7,
            colorbar=_bar(THICK, language, colour.soft),
            hovertemplate="%{x:.1f}, %{y:.1f}: %{z:.2~f}<extra></extra>",
        )
        top = (result.peak.x, result.peak.y)
        decimals = 0 if result.peak.per_km2 >= 10 else 1
        text = (
            f"{number(result.peak.per_km2, language, decimals)} {getattr(THICK, language)} "
            f"({interval(result.peak.low, result.peak.high, language, decimals)})"
        )
    else:
        folds = [
            [None if value is None else math.log2(max(value, 1e-3)) for value in row]
            for row in result.relative
        ]
        drawn.add_contour(
            x=x,
            y=y,
            z=folds,
            zmin=FOLDS[0],
            zmax=FOLDS[-1],
            zmid=0,
            colorscale=diverging(theme),
            contours={"start": FOLDS[0], "end": FOLDS[-1], "size": 0.5},
            line={"width": 1, "color": colour.soft},
            colorbar={
                **_bar(TIMES, language, colour.soft),
                "tickvals": list(FOLDS),
                "ticktext": [_fold(fold, language) for fold in FOLDS],
            },
            customdata=result.relative,
            hovertemplate="%{x:.1f}, %{y:.1f}: %{customdata:.1f}<extra></extra>",
        )
        drawn.add_annotation(
            text=getattr(EMPTY, language),
            xref="paper",
            yref="paper",
            x=0,
            y=0,
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font={"color": colour.soft, "size": 11},
        )
        peak = result.relative_peak
        top = (result.peak.x, result.peak.y) if peak is None else (peak.x, peak.y)
        text = (
            ""
            if peak is None
            else f"{number(peak.ratio, language, 1)} ({interval(peak.low, peak.high, language, 1)})"
        )
    drawn.add_scatter(
        x=[top[0] / 1000],
        y=[top[1] / 1000],
        mode="markers",
        marker={
            "symbol": "cross",
            "size": 13,
            "color": colour.text,
            "line": {"width": 2, "color": colour.card},
        },
        showlegend=False,
        hoverinfo="skip",
    )
    if text:
        drawn.add_annotation(
            x=top[0] / 1000,
            y=top[1] / 1000,
            text=text,
            showarrow=True,
            arrowhead=0,
            arrowcolor=colour.text,
            ax=95,
            ay=-80,
            bgcolor=colour.raised,
            bordercolor=colour.grid,
            borderpad=4,
            font={"color": colour.text},
        )
    drawn.update_xaxes(tickformat=",.0f", constrain="domain")
    drawn.update_yaxes(tickformat=",.0f", scaleanchor="x", showgrid=False)
    return drawn


def _bar(title: Sentence, language: Language, shade: str) -> dict[str, object]:
    return {
        "title": {"text": getattr(title, language), "font": {"color": shade}},
        "tickfont": {"color": shade},
        "outlinewidth": 0,
        "thickness": 14,
    }


def _fold(fold: int, language: Language) -> str:
    return number(2.0**fold, language, max(0, -fold))

"""The parallel-trend picture: treated areas against the others before it was done, and after."""

from __future__ import annotations

import re

import plotly.graph_objects as go

from app.domain import words
from app.domain.measure import Sentence
from app.measures.effect.effect_model import EffectResult, say
from dashboards.components.figures.base import (
    Language,
    Look,
    Theme,
    blank,
    day_label,
    faint,
    look,
    refused,
)
from dashboards.components.format import MONTHS

AXIS = Sentence("Mot de andra områdena (före = 0)", "Against the other areas (before = 0)")
BEFORE, AFTER = Sentence("Före", "Before"), Sentence("Efter", "After")
ESTIMATE = Sentence("Skattad förändring", "Estimated change")
BEGINS = Sentence("Insatsen börjar", "It begins")
TICKS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0)
MOST_TICKS = 8


def figure(result: EffectResult, language: Language, theme: Theme) -> go.Figure:
    """Points before (circles) and after (diamonds) with intervals; the band is the ratio that is told."""
    if not result.point_ratio:
        return refused(language, theme, result.refusal or say(result)[0])
    colour = look(theme)
    drawn = blank(language, theme, y=AXIS, title=say(result))
    labels = [_label(period, language) for period in result.point_period]
    begins = result.point_after.index(True) if True in result.point_after else len(labels)
    if result.ratio is not None:
        _band(drawn, result, begins, len(labels), colour, language)
    for after, name, shade, symbol in (
        (False, BEFORE, colour.observed, "circle"),
        (True, AFTER, colour.notable, "diamond"),
    ):
        rows = [row for row, late in enumerate(result.point_after) if late is after]
        drawn.add_scatter(
            x=rows,
            y=[result.point_ratio[row] for row in rows],
            error_y={
                "array": [result.point_high[row] - result.point_ratio[row] for row in rows],
                "arrayminus": [result.point_ratio[row] - result.point_low[row] for row in rows],
                "color": shade,
                "thickness": 1.5,
                "width": 4,
            },
            mode="markers",
            name=getattr(name, language),
            marker={"color": shade, "symbol": symbol, "size": 10},
            customdata=[
                f"{labels[row]}: {_percent(result.point_ratio[row], language)} "
                f"({_percent(result.point_low[row], language)} – {_percent(result.point_high[row], language)})"
                for row in rows
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    drawn.add_hline(y=1, line={"color": colour.text, "width": 1.5})
    drawn.add_vline(
        x=begins - 0.5,
        line={"color": colour.soft, "width": 1.5, "dash": "dash"},
        annotation={
            "text": getattr(BEGINS, language),
            "font": {"color": colour.soft},
            "yanchor": "bottom",
            "xanchor": "center",
        },
        annotation_position="top",
    )
    step = -(-len(labels) // MOST_TICKS)
    ticks = list(range(0, len(labels), step))
    drawn.update_xaxes(
        tickvals=ticks, ticktext=[labels[row] for row in ticks], range=[-0.5, len(labels) - 0.5]
    )
    drawn.update_yaxes(
        type="log", tickvals=list(TICKS), ticktext=[_percent(tick, language) for tick in TICKS]
    )
    return drawn


def _band(
    drawn: go.Figure, result: EffectResult, begins: int, points: int, colour: Look, language: Language
) -> None:
    """The told ratio with its interval, over the time after; without an end where there is none."""
    across = [begins - 0.5, points - 0.5]
    if result.low and result.high is not None:
        drawn.add_scatter(
            x=[*across, *reversed(across)],
            y=[result.low, result.low, result.high, result.high],
            fill="toself",
            fillcolor=faint(colour.notable, 0.18),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
        )
    drawn.add_scatter(
        x=across,
        y=[result.ratio] * 2,
        mode="lines",
        line={"color": colour.notable, "width": 2.5, "dash": "dot"},
        name=getattr(ESTIMATE, language),
        hoverinfo="skip",
    )


def _percent(ratio: float, language: Language) -> str:
    """A ratio as more or less: "+25 %"."""
    text = words.percent(ratio - 1, language)
    return f"+{text}" if ratio > 1 and text[0] != "0" else text


def _label(period: str, language: Language) -> str:
    """A period as people write it, where it is a day or a month; else as it came."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", period):
        return day_label(period, language)
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        return f"{MONTHS[language][int(period[5:]) - 1]} {period[:4]}"
    return period

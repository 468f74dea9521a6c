"""What an alert rule would have given, month by month, against what it gives when all is as usual."""

from __future__ import annotations

from collections import Counter
from datetime import date

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.measures.backtest.model import BacktestResult
from app.measures.backtest.told import say
from dashboards.components.figures.base import Language, Theme, blank, faint, look, month_ticks, refused
from dashboards.components.format import MONTHS

AXIS = Sentence("Larm i månaden", "Alerts a month")
HOLDS = Sentence("Larm", "Alerts")
UNFOUNDED = Sentence("Larm som inte håller", "Alerts that do not hold")
USUAL = Sentence("När allt är som vanligt", "When all is as usual")
ALLOWED = Sentence("Tillåtet", "Allowed")
MONTH_IN_WEEKS = 365.25 / 12 / 7


def figure(result: BacktestResult, language: Language, theme: Theme) -> go.Figure:
    """Bars per month, those that would not hold hatched; a band for what comes for nothing; a line for the budget."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    colour = look(theme)
    drawn = blank(language, theme, y=AXIS, title=say(result))
    months = [date.fromisoformat(f"{month}-01") for month in result.month]
    held = Counter(
        (day.replace(day=1), holds) for day, holds in zip(result.fired_day, result.fired_holds, strict=True)
    )
    for holds, name, shade, shape in (
        (True, HOLDS, colour.observed, ""),
        (False, UNFOUNDED, colour.notable, "/"),
    ):
        if not holds and not result.unfounded:
            continue
        drawn.add_bar(
            x=months,
            y=[held[month, holds] or None for month in months],
            name=getattr(name, language),
            marker={
                "color": shade if holds else faint(shade, 0.25),
                "line": {"color": shade, "width": 0 if holds else 1.5},
                "pattern": {"shape": shape, "fgcolor": shade, "fgopacity": 1, "size": 6},
            },
            customdata=[f"{MONTHS[language][month.month - 1]} {month.year}" for month in months],
            hovertemplate="%{customdata}: %{y}<extra>" + getattr(name, language) + "</extra>",
        )
    ends = [_half_a_month(months[0], -1), _half_a_month(months[-1], 1)]
    if result.false_per_month is not None and result.false_low is not None and result.false_high is not None:
        drawn.add_scatter(
            x=[*ends, *reversed(ends)],
            y=[result.false_low] * 2 + [result.false_high] * 2,
            fill="toself",
            fillcolor=faint(colour.expected, 0.25),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
        )
        drawn.add_scatter(
            x=ends,
            y=[result.false_per_month] * 2,
            mode="lines",
            line={"color": colour.text, "width": 2, "dash": "dot"},
            name=getattr(USUAL, language),
            hoverinfo="skip",
        )
    drawn.add_scatter(
        x=ends,
        y=[result.allowed_per_week * MONTH_IN_WEEKS] * 2,
        mode="lines",
        line={"color": colour.soft, "width": 1.5, "dash": "dash"},
        name=getattr(ALLOWED, language),
        hoverinfo="skip",
    )
    drawn.update_layout(barmode="stack", bargap=0.25)
    drawn.update_xaxes(**month_ticks(months[0], months[-1], language), range=ends)
    drawn.update_yaxes(rangemode="tozero", tickformat="d", nticks=6)
    return drawn


def _half_a_month(month: date, sign: int) -> str:
    """Where the bar of a month begins or ends."""
    return date.fromordinal(month.toordinal() + sign * 16).isoformat()

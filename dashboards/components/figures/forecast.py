"""One district's last year of weeks, and what is expected of the weeks to come."""

from __future__ import annotations

from datetime import date, timedelta

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import interval, number
from app.measures.forecast.contract import ForecastResult
from app.measures.forecast.words import say
from dashboards.components.figures.base import (
    Language,
    Theme,
    blank,
    day_axis,
    day_label,
    faint,
    look,
    refused,
)

AXIS = Sentence("Anmälningar i veckan", "Reports a week")
CAME = Sentence("Det som kom", "What came")
LIKELY = Sentence("Lika troligt fler som färre", "As likely more as fewer")
BANDS = {
    80: Sentence("80 av 100 veckor", "80 weeks of 100"),
    95: Sentence("95 av 100 veckor", "95 weeks of 100"),
}
OPACITY = {80: 0.38, 95: 0.16}


def figure(result: ForecastResult, language: Language, theme: Theme, area: str | None = None) -> go.Figure:
    """The weeks that came as a line; ahead a dashed line with diamonds, in a band for 80 and one for 95 %.

    Args:
        result: Of the measure.
        language: Of everything that is written.
        theme: Dark or light.
        area: The area; None for the one with most to come.
    """
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    colour = look(theme)
    if area is None:
        area = result.area[max(range(len(result.area)), key=lambda row: result.expected[row])]
    ahead = [row for row, name in enumerate(result.area) if name == area]
    past = [row for row, name in enumerate(result.recent_area) if name == area]
    numbered = "-" not in result.week[0][1:]
    before = [_place(result.recent_week[row]) for row in past]
    weeks = [_place(result.week[row]) for row in ahead]
    title = say(result)
    if area is not None:
        title = (Sentence(f"Område {area}.", f"Area {area}."), *title)
    drawn = blank(language, theme, y=AXIS, title=title)
    for level in (95, 80):
        low, high = (getattr(result, f"{end}{level}") for end in ("low", "high"))
        edges = [_around(weeks, -0.5, numbered=numbered), _around(weeks, 0.5, numbered=numbered)]
        drawn.add_scatter(
            x=[edge for pair in zip(*edges, strict=True) for edge in pair]
            + [edge for pair in zip(*edges, strict=True) for edge in pair][::-1],
            y=[high[row] for row in ahead for _ in range(2)]
            + [low[row] for row in ahead[::-1] for _ in range(2)],
            mode="lines",
            line={"width": 1, "color": faint(colour.notable, 0.7), "dash": "solid" if level == 80 else "dot"},
            fill="toself",
            fillcolor=faint(colour.notable, OPACITY[level]),
            name=getattr(BANDS[level], language),
            legendrank=3 if level == 80 else 4,
            hoverinfo="skip",
        )
    drawn.add_scatter(
        x=before,
        y=[result.recent_count[row] for row in past],
        mode="lines+markers",
        name=getattr(CAME, language),
        legendrank=1,
        line={"color": colour.observed, "width": 1.5},
        marker={"symbol": "circle", "size": 5, "color": colour.observed},
        customdata=[_week(result.recent_week[row], language) for row in past],
        hovertemplate="%{customdata}: %{y}<extra></extra>",
    )
    drawn.add_scatter(
        x=weeks,
        y=[result.median[row] for row in ahead],
        mode="lines+markers",
        name=getattr(LIKELY, language),
        legendrank=2,
        line={"color": colour.notable, "width": 2, "dash": "dash"},
        marker={
            "symbol": "diamond",
            "size": 8,
            "color": colour.notable,
            "line": {"color": colour.card, "width": 1.5},
        },
        customdata=[_told(result, row, language) for row in ahead],
        hovertemplate="%{customdata}<extra></extra>",
    )
    if not numbered:
        drawn.update_xaxes(
            **day_axis(
                [result.recent_week[row] for row in past] + [result.week[row] for row in ahead], language
            )
        )
    drawn.update_yaxes(rangemode="tozero")
    return drawn


def _place(week: str) -> date | int:
    return date.fromisoformat(week) if "-" in week[1:] else int(week)


def _around(weeks: list[date | int], side: float, *, numbered: bool) -> list[date | int | float]:
    """Half a week before or after each, in whole days: the band is of the whole week, and meets the next."""
    if numbered:
        return [week + side for week in weeks if isinstance(week, int)]
    return [week + timedelta(days=-3 if side < 0 else 4) for week in weeks if isinstance(week, date)]


def _week(week: str, language: Language) -> str:
    return day_label(week, language) if "-" in week[1:] else week


def _told(result: ForecastResult, row: int, language: Language) -> str:
    bands = [
        f"{getattr(BANDS[level], language)}: "
        f"{interval(getattr(result, f'low{level}')[row], getattr(result, f'high{level}')[row], language)}"
        for level in (80, 95)
    ]
    likely = f"{getattr(LIKELY, language)}: {number(result.median[row], language)}"
    return "<br>".join([_week(result.week[row], language), likely, *bands])

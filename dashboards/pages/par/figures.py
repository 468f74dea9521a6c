"""The two small lines of a pair, each by itself: how grave each report was, and how soon after the one before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from dashboards.components.format import MONTHS, day_text

if TYPE_CHECKING:
    from dashboards.words import Language

COLOURS = {
    "dark": {"line": "#4cc9f0", "grid": "#263347", "text": "#a3b1c4", "card": "#1a2433"},
    "light": {"line": "#0b5cad", "grid": "#dde3ea", "text": "#4f5f72", "card": "#ffffff"},
}
MOST_LETTERS = 26


def severity(told: dict[str, Any], language: Language, theme: str) -> go.Figure:
    """Steps: each report stands at its gravest offence, among those that this pair has."""
    colour = COLOURS["light" if theme == "light" else "dark"]
    points = told["severity"]
    days = [date.fromisoformat(point["day"]) for point in points]
    names = {point["step"]: point[f"offence_{language}"] for point in points}
    figure = go.Figure(
        go.Scatter(
            x=days,
            y=[point["step"] for point in points],
            mode="lines+markers",
            line={"color": colour["line"], "width": 2, "shape": "hv"},
            marker={"size": 9, "color": colour["line"]},
            customdata=[
                f"{day_text(day, language)} {day.year}<br>{point[f'offence_{language}']}"
                for day, point in zip(days, points, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    _frame(figure, colour, days, language)
    figure.update_yaxes(
        tickvals=list(names),
        ticktext=[short(name) for name in names.values()],
        range=[min(names) - 0.5, max(names) + 0.5],
    )
    return figure


def frequency(told: dict[str, Any], language: Language, theme: str) -> go.Figure:
    """A stem for each report after the first: so many days after the one before."""
    colour = COLOURS["light" if theme == "light" else "dark"]
    points = told["frequency"]
    days = [date.fromisoformat(point["day"]) for point in points]
    gaps = [point["days_since_previous"] for point in points]
    longest = max(gap or 0 for gap in gaps)
    figure = go.Figure(
        go.Scatter(
            x=days[1:],
            y=gaps[1:],
            mode="lines+markers",
            line={"color": colour["line"], "width": 2},
            marker={"size": 9, "color": colour["line"], "symbol": "diamond"},
            customdata=[f"{day_text(day, language)} {day.year}" for day in days[1:]],
            hovertemplate="%{customdata}: <b>%{y}</b><extra></extra>",
        )
    )
    _frame(figure, colour, days, language)
    figure.update_yaxes(rangemode="tozero", nticks=4, range=[0, max(longest * 1.15, 1)])
    return figure


def short(name: str) -> str:
    """The beginning of an offence's name; the whole of it is in the ladder and under the pointer."""
    return name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1].rstrip(" ,") + "…"


def _frame(figure: go.Figure, colour: dict[str, str], days: list[date], language: Language) -> None:
    first, last = days[0], days[-1]
    room = max((last - first) * 0.12, timedelta(days=3))
    figure.update_layout(
        margin={"l": 4, "r": 8, "t": 6, "b": 4},
        showlegend=False,
        hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Inter, sans-serif", "size": 11, "color": colour["text"]},
        hoverlabel={
            "bgcolor": colour["card"],
            "bordercolor": colour["grid"],
            "font": {"color": colour["text"]},
        },
        xaxis={
            "range": [str(first - room), str(last + room)],
            "tickvals": sorted({str(first), str(last)}),
            "ticktext": [_day(day, language) for day in sorted({first, last})],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "tickangle": 0,
        },
        yaxis={"fixedrange": True, "gridcolor": colour["grid"], "zeroline": False, "automargin": True},
    )


def _day(day: date, language: Language) -> str:
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"

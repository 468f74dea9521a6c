"""Counts along periods under the bound that chance may reach: what farrington and ears have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import plotly.graph_objects as go

from app.domain.measure import Sentence
from dashboards.components.figures.base import Language, Theme, blank, look

T = TypeVar("T")

PERIOD = Sentence("Period", "Period")
CASES = Sentence("Antal", "Count")
OBSERVED = Sentence("Antal", "Count")
EXPECTED = Sentence("Väntat", "Expected")
BOUND = Sentence("Gräns", "Bound")
ALARM = Sentence("Över gränsen", "Above the bound")


def most_alarms(area: Sequence[str], alarm: Sequence[int | None]) -> tuple[str, list[int]]:
    """The area with the most alarms, the first of several, and its rows; one figure shows one area."""
    if not area:
        return "", list(range(len(alarm)))
    counted = dict.fromkeys(area, 0)
    for name, one in zip(area, alarm, strict=True):
        counted[name] += one or 0
    chosen = max(counted, key=lambda name: counted[name])
    return chosen, [row for row, name in enumerate(area) if name == chosen]


def titled(area: str, said: Sequence[Sentence]) -> list[Sentence]:
    """What is said, after which area is drawn."""
    return [*said, Sentence(f"Här visas {area}.", f"Shown here: {area}.")] if area else list(said)


def bounded(
    language: Language,
    theme: Theme,
    title: Sequence[Sentence],
    t: Sequence[int],
    observed: Sequence[int | None],
    expected: Sequence[float | None],
    upper: Sequence[float | None],
    alarm: Sequence[int | None],
) -> go.Figure:
    """The count as bars, the expected as a line, the bound as a stepped dash, and a diamond on what exceeds it."""
    colour = look(theme)
    figure = blank(language, theme, x=PERIOD, y=CASES, title=title)
    figure.add_bar(
        x=list(t),
        y=list(observed),
        name=getattr(OBSERVED, language),
        marker={"color": colour.observed},
        opacity=0.75,
    )
    figure.add_scatter(
        x=list(t),
        y=list(expected),
        name=getattr(EXPECTED, language),
        mode="lines",
        line={"color": colour.expected, "width": 2},
    )
    figure.add_scatter(
        x=list(t),
        y=list(upper),
        name=getattr(BOUND, language),
        mode="lines",
        line={"color": colour.text, "width": 1.5, "dash": "dash", "shape": "hvh"},
    )
    above = [row for row, one in enumerate(alarm) if one]
    figure.add_scatter(
        x=[t[row] for row in above],
        y=[observed[row] for row in above],
        name=getattr(ALARM, language),
        mode="markers",
        marker={
            "color": colour.notable,
            "symbol": "diamond",
            "size": 12,
            "line": {"color": colour.card, "width": 1.5},
        },
    )
    figure.update_layout(bargap=0.15, hovermode="x unified")
    figure.update_yaxes(rangemode="tozero")
    return figure

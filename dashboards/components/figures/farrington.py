"""Counts against the same time of earlier years."""

from __future__ import annotations

import plotly.graph_objects as go

from app.measures.deviation.farrington import FarringtonResult, say
from dashboards.components.figures.base import Language, Theme, refused
from dashboards.components.figures.bounded import bounded, most_alarms, titled


def figure(result: FarringtonResult, language: Language, theme: Theme) -> go.Figure:
    """One area's counts under their bound: the area with the most alarms."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    area, rows = most_alarms(result.area, result.alarm)
    return bounded(
        language,
        theme,
        titled(area, say(result)),
        [result.t[row] for row in rows],
        [result.observed[row] for row in rows],
        [result.expected[row] for row in rows],
        [result.upperbound[row] for row in rows],
        [result.alarm[row] for row in rows],
    )

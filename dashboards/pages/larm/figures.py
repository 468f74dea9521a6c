"""The figure of Larm: the alerts that a rule would have given, each where it lies in time and in which district."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from dashboards.components.figures import base
from dashboards.components.format import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.region import Region
    from dashboards.words import Words

ROW = 18
"""Pixels of a district."""


def line(
    rows: Sequence[Mapping[str, Any]],
    since: datetime,
    until: datetime,
    region: Region,
    words: Words,
    theme: str,
) -> go.Figure:
    """A line for each district that had any, a mark for each alert; the same as the table below it tells."""
    ground: base.Theme = "light" if theme == "light" else "dark"
    look = base.look(ground)
    places = sorted({row["where"] for row in rows}, reverse=True)
    figure = base.blank(words.language, ground)
    moments = [_at(row["when"], region) for row in rows]
    figure.add_trace(
        go.Scatter(
            x=moments,
            y=[row["where"] for row in rows],
            mode="markers",
            marker={
                "size": 9,
                "color": look.notable,
                "symbol": "diamond",
                "line": {"width": 1, "color": look.card},
            },
            customdata=[[moment(_aware(row["when"]), region, words.language), row["said"]] for row in rows],
            hovertemplate="%{customdata[0]}<br>%{y}<br>%{customdata[1]}<extra></extra>",
        )
    )
    begins, ends = (one.astimezone(region.zone).replace(tzinfo=None) for one in (since, until))
    figure.update_xaxes(
        type="date", range=[begins, ends], **base.day_axis([begins.date(), ends.date()], words.language)
    )
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=places, dtick=1, automargin=True, title=None
    )
    figure.update_layout(height=max(200, 90 + ROW * len(places)), showlegend=False)
    return figure


def _aware(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _at(text: str, region: Region) -> datetime:
    return _aware(text).astimezone(region.zone).replace(tzinfo=None)

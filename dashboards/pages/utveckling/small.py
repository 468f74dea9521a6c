"""Small multiples: a panel for each part, all on one scale, each with what is normal for itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from app.domain.words import number
from dashboards.components.figures.base import Language, Theme, blank, faint, look
from dashboards.components.format import MONTHS
from dashboards.pages.utveckling import sentences as say
from dashboards.pages.utveckling.figures import time_label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.pages.utveckling.lines import Line
    from dashboards.pages.utveckling.reading import Seen

COLUMNS = {"narrow": 2, "medium": 4, "wide": 6, "huge": 7}
"""Panels beside each other, by how wide the screen is."""
ROW, HEAD, GAP = 128, 26, 0.018
MOST = 24


def small(seen: Seen, lines: Sequence[Line], language: Language, theme: Theme, width: str) -> dict[str, Any]:
    """The panels as a figure. A plain mapping: plotly's own checks take longer than all the rest together."""
    shown = list(lines[:MOST])
    columns = min(COLUMNS.get(width, 4), max(1, len(shown)))
    rows = math.ceil(len(shown) / columns)
    height = rows * ROW + 52
    top = max([1.0, *(max(line.now, default=0.0) for line in shown), *_tops(shown)])
    frame: dict[str, Any] = blank(language, theme).to_plotly_json()["layout"]
    axis_x, axis_y = frame.pop("xaxis"), frame.pop("yaxis")
    layout: dict[str, Any] = {
        **frame,
        "height": height,
        "showlegend": False,
        "annotations": [],
        "margin": {"l": 34, "r": 8, "t": 4, "b": 30},
        "hovermode": "closest",
    }
    traces: list[dict[str, Any]] = []
    room = HEAD / (height - 34)
    step = 1 / rows
    for place, line in enumerate(shown):
        row, column = divmod(place, columns)
        suffix = "" if place == 0 else str(place + 1)
        left, right = column / columns + (GAP if column else 0), (column + 1) / columns
        floor, ceiling = 1 - (row + 1) * step + 0.02, 1 - row * step - room
        layout[f"xaxis{suffix}"] = {
            **axis_x, "domain": [left, right], "anchor": f"y{suffix}", "automargin": False,
            **_ticks(line.at, language, label=place + columns >= len(shown)),
        }  # fmt: skip
        layout[f"yaxis{suffix}"] = {
            **axis_y, "domain": [floor, ceiling], "anchor": f"x{suffix}", "range": [0, top * 1.06],
            "showticklabels": column == 0, "nticks": 4, "automargin": False, "title": {"text": ""},
        }  # fmt: skip
        layout["annotations"] += _words(seen, line, language, theme, left, ceiling, columns)
        traces += _traces(seen, line, suffix, language, theme)
    return {"data": traces, "layout": layout}


def _tops(lines: Sequence[Line]) -> list[float]:
    return [high for line in lines if line.banded for high in line.high if high is not None]


def _ticks(at: Sequence[date], language: Language, *, label: bool) -> dict[str, Any]:
    """The first and the middle time, as month and year: there is room for no more."""
    chosen = [at[0], at[len(at) // 2]] if len(at) > 1 else list(at)
    texts = [f"{MONTHS[language][time.month - 1]} {time.year % 100:02d}" if label else "" for time in chosen]
    return {
        "tickmode": "array", "tickvals": [time.isoformat() for time in chosen], "ticktext": texts, "ticks": "outside",
        "tickangle": 0, "ticklabelposition": "outside right", "ticklen": 3,
    }  # fmt: skip


def _words(
    seen: Seen, line: Line, language: Language, theme: Theme, left: float, top: float, columns: int
) -> list[dict[str, Any]]:
    colour = look(theme)
    letters = 20 if columns <= 2 else 26
    name = say.label(seen, line.key, language)
    name = name if len(name) <= letters else name[: letters - 1] + "…"
    base = {"xref": "paper", "yref": "paper", "x": left, "xanchor": "left", "showarrow": False}
    told = [{
        **base, "y": top, "yanchor": "bottom", "text": f"<b>{name}</b>  {number(line.total, language)}",
        "font": {"size": 12, "color": colour.text},
    }]  # fmt: skip
    if line.untold:
        told.append({
            **base, "y": top, "yanchor": "top", "text": getattr(say.TOO_FEW, language),
            "font": {"size": 11, "color": colour.soft}, "bgcolor": faint(colour.card, 0.8),
        })  # fmt: skip
    return told


def _traces(seen: Seen, line: Line, suffix: str, language: Language, theme: Theme) -> list[dict[str, Any]]:
    colour = look(theme)
    at = [time.isoformat() for time in line.at]
    common: dict[str, Any] = {
        "type": "scatter",
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "mode": "lines",
    }
    traces: list[dict[str, Any]] = []
    if line.banded:
        rows = [row for row, low in enumerate(line.low) if low is not None]
        for values, fill in ((line.high, "none"), (line.low, "tonexty")):
            traces.append({
                **common, "x": [at[row] for row in rows], "y": [values[row] for row in rows], "line": {"width": 0},
                "fill": fill, "fillcolor": faint(colour.expected, 0.3), "hoverinfo": "skip",
            })  # fmt: skip
    elif any(line.before):
        traces.append({
            **common, "x": at, "y": list(line.before), "hoverinfo": "skip",
            "line": {"width": 1, "color": colour.soft, "dash": "dot"},
        })  # fmt: skip
    grain = seen.choice.grain
    traces.append({
        **common, "x": at, "y": list(line.now), "line": {"width": 1.4, "color": colour.observed},
        "customdata": [
            f"{time_label(time, grain, language)}: {number(value, language)}"
            for time, value in zip(line.at, line.now, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    })  # fmt: skip
    if line.banded:
        out = [
            row for row, (low, high) in enumerate(zip(line.low, line.high, strict=True))
            if low is not None and high is not None and not low <= line.now[row] <= high
        ]  # fmt: skip
        traces.append({
            **common, "mode": "markers", "x": [at[row] for row in out], "y": [line.now[row] for row in out],
            "marker": {"symbol": "diamond", "size": 7, "color": colour.notable}, "hoverinfo": "skip",
        })  # fmt: skip
    return traces

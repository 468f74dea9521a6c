"""The page's figures: the series with what is normal and the year before, and its parts held against that year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from app.domain.words import interval, number
from app.statistics.exact import poisson_interval
from dashboards.components.figures.base import Language, Theme, blank, day_axis, day_label, faint, look
from dashboards.components.format import MONTHS
from dashboards.pages.utveckling import sentences as say
from dashboards.pages.utveckling.lines import Line, unfinished

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.queries.trends import Grain
    from dashboards.pages.utveckling.reading import Seen

MARKED = 60
"""Times up to which each has a marker of its own."""
LATEST = 14


def trend(seen: Seen, line: Line, language: Language, theme: Theme) -> go.Figure:
    """The series: what there was, the band of what is normal, the year before, and open marks where more is to come."""
    colour, grain = look(theme), seen.choice.grain
    drawn = blank(language, theme, y=say.AXES[seen.choice.measure, grain])
    labels = [time_label(time, grain, language) for time in line.at]
    if line.banded:
        _band(drawn, line, language, colour)
    if any(line.before):
        drawn.add_scatter(
            x=list(line.at), y=list(line.before), mode="lines", name=getattr(say.YEAR_BEFORE, language),
            line={"color": colour.soft, "width": 1.5, "dash": "dot"}, legendrank=3,
            customdata=[number(value, language) for value in line.before],
            hovertemplate="%{customdata}",
        )  # fmt: skip
    open_from = (
        _first(unfinished(line.at, seen.window, grain, seen.today)) if seen.today is not None else None
    )
    many = len(line.at) > MARKED
    drawn.add_scatter(
        x=list(line.at), y=list(line.now), mode="lines" if many else "lines+markers",
        name=getattr(say.THERE_WAS[seen.choice.measure], language), legendrank=1,
        line={"color": colour.observed, "width": 1.6 if many else 2.2},
        marker={"size": 5, "color": colour.observed},
        customdata=[f"{label}: {number(value, language)}" for label, value in zip(labels, line.now, strict=True)],
        hovertemplate="%{customdata}",
    )  # fmt: skip
    if seen.nowcast is not None:
        _nowcast(drawn, seen, language, theme)
    elif open_from is not None and seen.filters.kind == "report":
        drawn.add_scatter(
            x=list(line.at[open_from:]), y=list(line.now[open_from:]), mode="markers",
            name=getattr(say.MORE_TO_COME, language), legendrank=4, hoverinfo="skip",
            marker={
                "symbol": "circle-open", "size": 10, "color": colour.notable, "line": {"width": 2},
            },
        )  # fmt: skip
    if seen.choice.weighed and any(line.provisional):
        drawn.add_scatter(
            x=list(line.at), y=list(line.provisional), mode="lines", name=getattr(say.PROVISIONAL, language),
            line={"color": colour.provisional, "width": 1.5, "dash": "dash"}, legendrank=2,
            customdata=[number(value, language) for value in line.provisional], hovertemplate="%{customdata}",
        )  # fmt: skip
    drawn.update_xaxes(**day_axis(list(line.at), language))
    drawn.update_yaxes(rangemode="tozero")
    drawn.update_layout(hovermode="x unified", legend_traceorder="normal")
    return drawn


def _band(drawn: go.Figure, line: Line, language: Language, colour: Any) -> None:
    rows = [row for row, low in enumerate(line.low) if low is not None]
    at = [line.at[row] for row in rows]
    for values, fill in ((line.high, None), (line.low, "tonexty")):
        drawn.add_scatter(
            x=at, y=[values[row] for row in rows], mode="lines", line={"width": 0}, fill=fill,
            fillcolor=faint(colour.expected, 0.28), hoverinfo="skip", legendrank=2,
            name=getattr(say.NORMAL, language), showlegend=fill is not None,
        )  # fmt: skip
    out = [row for row in rows if _outside(line, row)]
    drawn.add_scatter(
        x=[line.at[row] for row in out], y=[line.now[row] for row in out], mode="markers", hoverinfo="skip",
        name=getattr(say.OUTSIDE, language), legendrank=3, showlegend=bool(out),
        marker={"symbol": "diamond", "size": 10, "color": colour.notable, "line": {"color": colour.card, "width": 1}},
    )  # fmt: skip


def _outside(line: Line, row: int) -> bool:
    low, high = line.low[row], line.high[row]
    return low is not None and high is not None and not low <= line.now[row] <= high


def _nowcast(drawn: go.Figure, seen: Seen, language: Language, theme: Theme) -> None:
    """The last days' band: what they will have come to when all has come in."""
    colour = look(theme)
    content: Any = seen.nowcast["content"] if seen.nowcast is not None else {}
    area = seen.filters.areas[0] if seen.filters.areas else None
    rows = [
        row
        for row, span in enumerate(content["span_days"])
        if span == 1
        and content["area"][row] == area
        and content["to_day"][row] >= seen.window.first.isoformat()
    ]
    if not rows:
        return
    middle = [content["median"][row] for row in rows]
    drawn.add_scatter(
        x=[content["to_day"][row] for row in rows], y=middle, mode="markers",
        name=getattr(say.WILL_BE, language), legendrank=4,
        marker={"symbol": "diamond", "size": 8, "color": colour.notable, "line": {"color": colour.card, "width": 1}},
        error_y={
            "type": "data", "symmetric": False, "color": colour.notable, "thickness": 2, "width": 5,
            "array": [content["high"][row] - at for row, at in zip(rows, middle, strict=True)],
            "arrayminus": [at - content["low"][row] for row, at in zip(rows, middle, strict=True)],
        },
        customdata=[
            f"{getattr(say.WILL_BE, language)}: {interval(content['low'][row], content['high'][row], language)}"
            for row in rows
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def breakdown(seen: Seen, lines: Sequence[Line], language: Language, theme: Theme) -> go.Figure:
    """Each part now, with the interval that chance gives, and the same a year before as an open mark."""
    colour = look(theme)
    drawn = blank(language, theme, x=say.TOTALS[seen.choice.measure])
    names = [say.label(seen, line.key, language) for line in lines]
    totals = [line.total for line in lines]
    if seen.choice.weighed:
        _stacked(drawn, lines, names, language, theme)
    else:
        low, high = poisson_interval(np.asarray(totals))
        drawn.add_scatter(
            x=totals, y=names, mode="markers", name=getattr(say.NOW, language),
            marker={"symbol": "circle", "size": 10, "color": colour.observed},
            error_x={
                "type": "data", "symmetric": False, "color": colour.observed, "thickness": 1.5, "width": 4,
                "array": [float(end) - at for end, at in zip(high, totals, strict=True)],
                "arrayminus": [at - float(end) for end, at in zip(low, totals, strict=True)],
            },
            customdata=[
                f"{number(at, language)} ({interval(float(a), float(b), language)})"
                for at, a, b in zip(totals, low, high, strict=True)
            ],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )  # fmt: skip
    drawn.add_scatter(
        x=[line.total_before for line in lines], y=names, mode="markers", name=getattr(say.YEAR_BEFORE, language),
        marker={"symbol": "diamond-open", "size": 10, "color": colour.text, "line": {"width": 2}},
        customdata=[number(line.total_before, language) for line in lines],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )  # fmt: skip
    drawn.update_yaxes(
        type="category", categoryorder="array", categoryarray=names[::-1], showgrid=False, ticksuffix=" "
    )
    drawn.update_xaxes(rangemode="tozero", showgrid=True, tickformat=",d", nticks=6)
    return drawn.update_layout(height=max(260, 110 + 24 * len(lines)), barmode="stack", bargap=0.4)


def _stacked(
    drawn: go.Figure, lines: Sequence[Line], names: Sequence[str], language: Language, theme: Theme
) -> None:
    colour = look(theme)
    provisional = [sum(line.provisional) for line in lines]
    drawn.add_bar(
        x=[line.total - part for line, part in zip(lines, provisional, strict=True)], y=list(names), orientation="h",
        name=getattr(say.FIRM, language), marker={"color": colour.observed},
        customdata=[number(line.total, language) for line in lines],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )  # fmt: skip
    drawn.add_bar(
        x=provisional, y=list(names), orientation="h", name=getattr(say.PROVISIONAL, language),
        marker={
            "color": "rgba(0,0,0,0)", "line": {"color": colour.provisional, "width": 1},
            "pattern": {"shape": "/", "fgcolor": colour.provisional, "size": 6},
        },
        customdata=[number(part, language) for part in provisional],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )  # fmt: skip


def time_label(time: date, grain: Grain, language: Language) -> str:
    """A time as people name it: a day, a week by its number, a month."""
    if grain == "month":
        return f"{MONTHS[language][time.month - 1]} {time.year}"
    if grain == "week":
        year, week, _ = time.isocalendar()
        return f"{'vecka' if language == 'sv' else 'week'} {week} {year}"
    return day_label(time, language)


def _first(flags: Sequence[bool]) -> int | None:
    return next((place for place, flag in enumerate(flags) if flag), None)

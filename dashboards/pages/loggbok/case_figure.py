"""One case as a figure of two clocks: when it happened on top, when it became known below, and what followed of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from dashboards.components.figures.base import FONT, look
from dashboards.components.format import MONTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.components.figures.base import Theme
    from dashboards.words import Words

LANES = ("done", "alerts", "flags", "known", "happened")
"""From below."""
SYMBOLS = {
    "reported": "circle", "corrected": "diamond", "withdrawn": "x", "follow_up": "square", "entry": "square-open",
    "alert": "triangle-up", "missing": "circle-open",
}  # fmt: skip
LANE_OF = {
    "reported": "known", "corrected": "known", "withdrawn": "known", "follow_up": "done", "entry": "done",
    "alert": "alerts", "missing": "done",
}  # fmt: skip
TICKS = 6


def figure(told: dict[str, Any], said: Sequence[str], words: Words, theme: Theme) -> go.Figure:
    """The time line. ``said`` is each event's sentence; the line at the moment is moved by ``assets/70_loggbok.js``."""
    colours = look(theme)
    lane = {name: number for number, name in enumerate(LANES)}
    drawn = go.Figure()
    xs: list[datetime] = []
    for event, sentence in zip(told["events"], said, strict=True):
        known = datetime.fromisoformat(event["at"])
        xs.append(known)
        if event["happened"] and event["kind"] in ("reported", "corrected"):
            happened = datetime.fromisoformat(event["happened"][0])
            xs.append(happened)
            drawn.add_scatter(
                x=[happened, known],
                y=[lane["happened"], lane["known"]],
                mode="lines+markers",
                line={
                    "color": colours.expected,
                    "width": 1.2,
                    "dash": "dot" if event["kind"] == "corrected" else "solid",
                },
                marker={"symbol": ["line-ns-open", "circle"], "size": [14, 1], "color": colours.observed},
                hoverinfo="skip",
            )
        if event["kind"] in SYMBOLS:
            bad = event["kind"] in ("missing", "withdrawn")
            drawn.add_scatter(
                x=[known],
                y=[lane[LANE_OF[event["kind"]]]],
                mode="markers",
                marker={
                    "symbol": SYMBOLS[event["kind"]],
                    "size": 11,
                    "color": colours.notable if bad else colours.observed,
                    "line": {"width": 2, "color": colours.notable if bad else colours.observed},
                },
                hovertext=sentence,
                hovertemplate="%{hovertext}<extra></extra>",
            )
    end = max([*xs, datetime.fromisoformat(told["moments"][-1])])
    spans = _spans(told, end, words)
    rules = list(dict.fromkeys(text for text, _, _ in spans))
    for text, begins, ends in spans:
        number = rules.index(text)  # its own height and dash: the spans of a rule are seen to be of one
        place = lane["flags"] + 0.28 - 0.2 * (number % 4)
        drawn.add_scatter(
            x=[begins, ends],
            y=[place, place],
            mode="lines",
            line={
                "color": colours.notable,
                "width": 5,
                "dash": ("solid", "dash", "dot", "dashdot")[number % 4],
            },
            hovertext=text,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    first = min(xs)
    room = max((end - first) * 0.05, timedelta(hours=12))
    _frame(drawn, first - room, end + room, words, theme)
    return drawn


def _spans(told: dict[str, Any], end: datetime, words: Words) -> list[tuple[str, datetime, datetime]]:
    """From when until when each flag held."""
    open_: dict[str, datetime] = {}
    spans = []
    for event in told["events"]:
        at, text = datetime.fromisoformat(event["at"]), event[words.language]
        if event["kind"] in ("flag", "missing"):
            open_[text] = at
        elif event["kind"] == "flag_ended" and text in open_:
            spans.append((text, open_.pop(text), at))
    return [*spans, *((text, at, end) for text, at in open_.items())]


def _frame(drawn: go.Figure, first: datetime, last: datetime, words: Words, theme: Theme) -> None:
    colours = look(theme)
    ticks = [first + (last - first) * (n + 0.5) / TICKS for n in range(TICKS)]
    drawn.update_layout(
        margin={"l": 4, "r": 8, "t": 8, "b": 4},
        showlegend=False,
        hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 12, "color": colours.soft},
        hoverlabel={
            "bgcolor": colours.card,
            "bordercolor": colours.grid,
            "font": {"color": colours.text, "family": FONT},
        },
        xaxis={
            "range": [first.isoformat(), last.isoformat()],
            "tickvals": [tick.isoformat() for tick in ticks],
            "ticktext": [_day(tick, words) for tick in ticks],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "tickangle": 0,
        },
        yaxis={
            "range": [-0.6, len(LANES) - 0.4],
            "tickvals": list(range(len(LANES))),
            "ticktext": [words[f"case.lane_{name}"] for name in LANES],
            "fixedrange": True,
            "gridcolor": colours.grid,
            "zeroline": False,
            "automargin": True,
        },
    )


def _day(moment: datetime, words: Words) -> str:
    return f"{moment.day} {MONTHS[words.language][moment.month - 1]} {moment.year}"

"""The figures of the page Nu: small bars of the window, with the week before beside them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from dashboards.components.format import day_text

if TYPE_CHECKING:
    from dashboards.words import Words

COLOURS = {
    "dark": {"bar": "#4cc9f0", "before": "#8fa1b8", "grid": "#263347", "text": "#a3b1c4", "card": "#1a2433"},
    "light": {"bar": "#1b6ec2", "before": "#6b7a8c", "grid": "#dde3ea", "text": "#4f5f72", "card": "#ffffff"},
}


def by_time(series: dict[str, Any], words: Words, theme: str) -> go.Figure:
    """Bars by day, or by hour when the window is short; a line for the same time one week earlier.

    ``series`` holds ``unit`` (``day`` or ``hour``), ``first`` (ISO day), ``first_hour``, and ``now`` and
    ``before``: incidents for each day or hour from there on, ``None`` where the time has not come yet.
    """
    colour = COLOURS["light" if theme == "light" else "dark"]
    first = date.fromisoformat(series["first"])
    labels, ticks = _labels(first, len(series["now"]), series["unit"], words, series.get("first_hour", 0))
    places = list(range(len(series["now"])))
    most = max((value or 0 for value in [*series["now"], *series["before"]]), default=0)
    figure = go.Figure(
        [
            go.Bar(
                x=places,
                y=series["now"],
                name=words["nu.chart_now"],
                marker={"color": colour["bar"]},
                customdata=labels,
                hovertemplate="%{customdata}: <b>%{y}</b><extra></extra>",
            ),
            go.Scatter(
                x=places,
                y=series["before"],
                name=words["nu.chart_before"],
                mode="lines",
                line={"color": colour["before"], "width": 2, "shape": "hvh"},
                customdata=labels,
                hovertemplate=words["nu.chart_before"] + ": %{y}<extra></extra>",
            ),
        ]
    )
    figure.update_layout(
        template="none",
        margin={"l": 4, "r": 4, "t": 6, "b": 4},
        showlegend=False,
        bargap=0.18,
        hovermode="x unified",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=", " if words.language == "sv" else ".,",
        font={"family": "Inter, sans-serif", "size": 11, "color": colour["text"]},
        hoverlabel={
            "bgcolor": colour["card"],
            "bordercolor": colour["grid"],
            "font": {"color": colour["text"]},
        },
        xaxis={
            "tickvals": [place for place, _ in ticks],
            "ticktext": [text for _, text in ticks],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "tickangle": 0,
        },
        yaxis={
            "rangemode": "tozero",
            **({"dtick": 1} if most < 4 else {"nticks": 4}),
            "fixedrange": True,
            "gridcolor": colour["grid"],
            "zeroline": False,
            "automargin": True,
            "tickformat": "~s" if most >= 10_000 else ",d",
        },
    )
    return figure


def _labels(
    first: date, length: int, unit: str, words: Words, first_hour: int = 0
) -> tuple[list[str], list[tuple[int, str]]]:
    if unit == "hour":
        hours = range(first_hour, first_hour + length)
        moments = [(first + timedelta(days=n // 24), n % 24) for n in hours]
        labels = [
            f"{day_text(day, words.language)} {hour:02d}–{(hour + 1) % 24:02d}" for day, hour in moments
        ]
        step = 6 if length <= 24 else 12
        return labels, [(n, f"{hour:02d}") for n, (_, hour) in enumerate(moments) if hour % step == 0]
    days = [first + timedelta(days=n) for n in range(length)]
    step = 1 if length <= 8 else -(-length // 4)  # "24 nov" is wider than "tis"
    short = [day_text(day, words.language) for day in days]
    ticks = [
        (n, short[n].split()[0] if length <= 8 else " ".join(short[n].split()[1:]))
        for n in range(0, length, step)
    ]
    return short, ticks

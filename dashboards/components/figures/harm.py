"""Counts to the left, harm to the right: which part is provisional, and what is left without the gravest offence."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, interval, number
from app.measures.harm.model import HarmResult
from app.measures.harm.words import FEW, say
from dashboards.components.figures.base import Theme, blank, look, refused

SHOWN = 25
"""Areas at most: those with most offences."""
COUNTS = Sentence("Antal brott", "Offences")
HARM = Sentence("Skada enligt<br>{}", "Harm by<br>{}")  # two lines: on a phone the two panels stand close
UNNAMED = Sentence("vikter utan version", "weights without a version")
FIRM = Sentence("skada", "harm")
PROVISIONAL = Sentence("skada med preliminär vikt", "harm of provisional weights")
WITHOUT = Sentence("utan det grövsta enskilda brottet", "without the gravest single offence")


def figure(result: HarmResult, language: Language, theme: Theme) -> go.Figure:
    """Two panels with the same areas, the one with most offences at the top."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    drawn = blank(language, theme, x=COUNTS, title=say(result))
    colour, areas = look(theme), result.areas
    rows = sorted(
        sorted(range(len(areas.area)), key=lambda row: -areas.n[row])[:SHOWN], key=lambda row: areas.n[row]
    )
    names = [f"{areas.area[row]} " for row in rows]
    drawn.add_scatter(
        x=[areas.n[row] for row in rows],
        y=names,
        mode="markers",
        marker={"symbol": "circle", "size": 10, "color": colour.observed},
        error_x=_error(
            [areas.n[row] for row in rows],
            [areas.n_low[row] for row in rows],
            [areas.n_high[row] for row in rows],
            colour.observed,
        ),
        name=getattr(COUNTS, language).lower(),
        customdata=[
            [number(areas.n[row], language), interval(areas.n_low[row], areas.n_high[row], language)]
            for row in rows
        ],
        hovertemplate="%{y}: %{customdata[0]} (%{customdata[1]})<extra></extra>",
    )
    provisional = [areas.harm[row] * (areas.provisional_share[row] or 0.0) for row in rows]
    firm = [areas.harm[row] - part for row, part in zip(rows, provisional, strict=True)]
    drawn.add_bar(
        x=firm,
        y=names,
        orientation="h",
        xaxis="x2",
        marker={"color": colour.expected},
        name=getattr(FIRM, language),
        customdata=[
            [number(areas.harm[row], language), interval(areas.harm_low[row], areas.harm_high[row], language)]
            for row in rows
        ],
        hovertemplate="%{y}: %{customdata[0]} (%{customdata[1]})<extra></extra>",
    )
    drawn.add_bar(
        x=provisional,
        y=names,
        orientation="h",
        xaxis="x2",
        marker={
            "color": "rgba(0,0,0,0)",
            "line": {"color": colour.provisional, "width": 1},
            "pattern": {"shape": "/", "fgcolor": colour.provisional, "size": 6},
        },
        error_x=_error(
            [areas.harm[row] for row in rows],
            [areas.harm_low[row] for row in rows],
            [areas.harm_high[row] for row in rows],
            colour.text,
        ),
        name=getattr(PROVISIONAL, language),
        hoverinfo="skip",
    )
    carried = [row for row in rows if areas.carried_by_one[row] and areas.n[row] >= FEW]
    if carried:
        drawn.add_scatter(
            x=[areas.harm_without_one[row] for row in carried],
            y=[f"{areas.area[row]} " for row in carried],
            xaxis="x2",
            mode="markers",
            marker={
                "symbol": "diamond",
                "size": 12,
                "color": colour.notable,
                "line": {"width": 1, "color": colour.card},
            },
            name=getattr(WITHOUT, language),
            customdata=[
                [number(areas.harm_without_one[row], language), areas.gravest[row] or ""] for row in carried
            ],
            hovertemplate="%{y} – %{customdata[1]}: %{customdata[0]}<extra></extra>",
        )
    second = getattr(HARM, language).format(result.version or getattr(UNNAMED, language))
    axis = drawn.layout.xaxis.to_plotly_json()
    drawn.update_layout(
        barmode="stack",
        bargap=0.45,
        xaxis={**axis, "domain": [0, 0.44], "rangemode": "tozero", "showgrid": True, "tickformat": ",d"},
        xaxis2={
            **axis,
            "title": {**axis["title"], "text": second},
            "domain": [0.5, 1],
            "rangemode": "tozero",
            "showgrid": True,
            "tickformat": ",d",
            "anchor": "y",
        },
        height=max(320, 190 + 30 * len(rows)),
        # Its names take two lines where the figure is narrow.
        margin_t=drawn.layout.margin.t + 22,
        legend_traceorder="normal",
    )
    drawn.update_yaxes(type="category", categoryorder="array", categoryarray=names, showgrid=False)
    return drawn


def _error(at: list[float] | list[int], low: list[float], high: list[float], shade: str) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [end - value for end, value in zip(high, at, strict=True)],
        "arrayminus": [value - end for end, value in zip(low, at, strict=True)],
        "color": shade,
        "thickness": 1.5,
        "width": 4,
    }

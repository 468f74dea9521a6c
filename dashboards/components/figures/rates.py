"""How often it happens: a mark and its exact interval for each group."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import DAY, MONTH, WEEK, YEAR, Language, number
from app.measures.repeats.rates import POWERS, RatesResult, say
from dashboards.components.figures.base import Theme, blank, look, refused

MOST_SAID = 2
MOST_GROUPS = 12
UNITS = {"day": DAY, "week": WEEK, "month": MONTH, "year": YEAR}
ALL = Sentence("alla", "all")


def figure(result: RatesResult, language: Language, theme: Theme) -> go.Figure:
    """The first twelve groups, the number of events beside each mark."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    rows = [row for row in result.rates if row.rate is not None and row.lo is not None and row.hi is not None]
    rows = rows[:MOST_GROUPS]
    most = max((row.rate or 0.0 for row in rows), default=0.0)
    per = next((power for power in POWERS if most * power >= 1), POWERS[-1])
    unit = UNITS[result.unit].many
    x = Sentence(f"Händelser på {number(per, 'sv')} {unit.sv}", f"Events in {number(per, 'en')} {unit.en}")
    drawn = blank(language, theme, x=x, title=say(result)[:MOST_SAID])
    colour = look(theme)
    names = [row.stratum or getattr(ALL, language) for row in rows]
    rate = [per * (row.rate or 0.0) for row in rows]
    low, high = [per * (row.lo or 0.0) for row in rows], [per * (row.hi or 0.0) for row in rows]
    drawn.add_scatter(
        x=rate,
        y=names,
        mode="markers+text",
        text=[f"n\u00a0=\u00a0{number(row.events, language)}" for row in rows],
        textposition="top center",
        textfont={"color": colour.soft},
        marker={"symbol": "diamond", "size": 11, "color": colour.observed},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [end - at for end, at in zip(high, rate, strict=True)],
            "arrayminus": [at - end for end, at in zip(low, rate, strict=True)],
            "color": colour.observed,
            "thickness": 2,
            "width": 6,
        },
        customdata=[
            [number(value, language, 1) for value in three] for three in zip(rate, low, high, strict=True)
        ],
        hovertemplate="%{y}: %{customdata[0]} (%{customdata[1]}–%{customdata[2]})<extra></extra>",
        showlegend=False,
    )
    drawn.update_xaxes(rangemode="tozero", showgrid=True)
    drawn.update_yaxes(
        type="category", categoryorder="array", categoryarray=names[::-1], range=[-0.6, len(names) - 0.2]
    )
    return drawn

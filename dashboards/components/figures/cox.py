"""What goes with a shorter time: a mark and its interval for each covariate, on either side of no difference."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, number
from app.measures.repeats.cox import CoxResult, say
from dashboards.components.figures.base import Theme, blank, look, refused

LEAST, MOST = 0.05, 20.0
MOST_SAID = 2
TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
TIMES = Sentence("Gånger så ofta (1 = ingen skillnad)", "Times as often (1 = no difference)")
CHANCE = Sentence("kan vara slump", "could be chance")
BEYOND = Sentence("mer än slump", "more than chance")


def figure(result: CoxResult, language: Language, theme: Theme) -> go.Figure:
    """Hazard ratios; a filled mark where the interval leaves out 1, an open one where it could be chance."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    drawn = blank(language, theme, x=TIMES, title=say(result)[:MOST_SAID])
    colour = look(theme)
    names = list(result.coef)
    limits = [(_kept(result.lower[name]), _kept(result.upper[name])) for name in names]
    reach = max(2.0, *(max(high, 1 / low) for low, high in limits)) * 1.15
    for chance, symbol, shade, told in (
        (False, "diamond", colour.notable, BEYOND),
        (True, "circle-open", colour.expected, CHANCE),
    ):
        rows = [row for row, (low, high) in enumerate(limits) if (low < 1 < high) is chance]
        if not rows:
            continue
        middle = [_kept(result.hazard_ratio[names[row]]) for row in rows]
        drawn.add_scatter(
            x=middle,
            y=[names[row] for row in rows],
            mode="markers",
            marker={"symbol": symbol, "size": 12, "color": shade, "line": {"width": 2, "color": shade}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [limits[row][1] - at for row, at in zip(rows, middle, strict=True)],
                "arrayminus": [at - limits[row][0] for row, at in zip(rows, middle, strict=True)],
                "color": shade,
                "thickness": 2,
                "width": 6,
            },
            name=getattr(told, language),
            customdata=[
                [number(at, language, 2), *(number(end, language, 2) for end in limits[row])]
                for row, at in zip(rows, middle, strict=True)
            ],
            hovertemplate="%{y}: %{customdata[0]} (%{customdata[1]}–%{customdata[2]})<extra></extra>",
        )
    drawn.add_vline(x=1, line={"color": colour.soft, "dash": "dash", "width": 1})
    ticks = [tick for tick in TICKS if 1 / reach <= tick <= reach]
    drawn.update_xaxes(
        type="log",
        range=[-math.log10(reach), math.log10(reach)],
        tickmode="array",
        tickvals=ticks,
        ticktext=[f"{tick:g}".replace(".", "," if language == "sv" else ".") for tick in ticks],
        showgrid=True,
    )
    drawn.update_yaxes(
        type="category", categoryorder="array", categoryarray=names[::-1], range=[-0.6, len(names) - 0.4]
    )
    return drawn


def _kept(value: float | None) -> float:
    """Within what is drawn; what a computer cannot write is far beyond it."""
    return MOST if value is None else min(MOST, max(LEAST, value))

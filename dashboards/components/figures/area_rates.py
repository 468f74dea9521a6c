"""Rates against inhabitants: each area against what its inhabitants make us expect, with its interval."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, interval, number
from app.measures.hotspot.area_rates import AreaRatesResult, say
from dashboards.components.figures.base import Theme, blank, look, refused

SHOWN = 25
"""Areas at most: those that lie farthest off."""
RATIO = Sentence(
    "Fall mot vad invånarantalet ger (1 = som väntat)",
    "Cases against what the inhabitants give (1 = as expected)",
)
NAMES = {
    "above": Sentence("över", "above"),
    "below": Sentence("under", "below"),
    "chance": Sentence("kan vara slump", "could be chance"),
    "too few": Sentence("för få fall", "too few cases"),
}
DRAWN = Sentence("draget mot alla områden", "drawn towards all areas")
LEAST = 0.05
"""Where the axis begins: a ratio of nought has no place on it."""
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def figure(result: AreaRatesResult, language: Language, theme: Theme) -> go.Figure:
    """One line for each area: its ratio, the interval, and where it lies when it is drawn towards all areas."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    drawn = blank(language, theme, x=RATIO, title=say(result))
    colour, risk = look(theme), result.poisson_prob_map
    styles = {
        "above": ("triangle-up", colour.notable, 12),
        "below": ("triangle-down", colour.observed, 12),
        "chance": ("circle-open", colour.soft, 9),
        "too few": ("x-thin-open", colour.soft, 9),
    }
    rows = _shown(result)
    for verdict, (symbol, shade, size) in styles.items():
        of = [row for row in rows if result.called[row] == verdict]
        if not of:
            continue
        ratio = [risk.relative_risk[row] or 0.0 for row in of]
        low, high = ([ends[row] or 0.0 for row in of] for ends in (risk.low, risk.high))
        at = [max(LEAST, value) for value in ratio]
        drawn.add_scatter(
            x=at,
            y=[f"{result.i[row]} " for row in of],
            mode="markers",
            marker={"symbol": symbol, "size": size, "color": shade, "line": {"width": 2, "color": shade}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [end - value for end, value in zip(high, at, strict=True)],
                "arrayminus": [value - max(LEAST, end) for end, value in zip(low, at, strict=True)],
                "color": shade,
                "thickness": 1.5,
                "width": 3,
            },
            name=getattr(NAMES[verdict], language),
            customdata=[
                [number(value, language, 2), interval(least, most, language, 2)]
                for value, least, most in zip(ratio, low, high, strict=True)
            ],
            hovertemplate="%{y}: %{customdata[0]} (%{customdata[1]})<extra></extra>",
            cliponaxis=False,
        )
    mean = result.EB_global.pars.b or 1.0
    drawn.add_scatter(
        x=[max(LEAST, (result.EB_global.estmm[row] or mean) / mean) for row in rows],
        y=[f"{result.i[row]} " for row in rows],
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 13, "color": colour.text, "line": {"width": 2}},
        name=getattr(DRAWN, language),
        hoverinfo="skip",
    )
    drawn.add_vline(x=1, line={"color": colour.expected, "width": 1.5})
    drawn.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=[f"{result.i[row]} " for row in rows],
        showgrid=False,
    )
    ends = [risk.high[row] or 1.0 for row in rows] + [1.0]
    drawn.update_xaxes(
        type="log",
        showgrid=True,
        tickvals=list(TICKS),
        ticktext=[number(tick, language, 2 if tick < 0.1 else 1 if tick < 1 else 0) for tick in TICKS],
        autorange=False,
    )
    drawn.update_xaxes(range=[math.log10(LEAST), math.log10(1.1 * max(ends))])
    return drawn.update_layout(height=max(280, 150 + 24 * len(rows)))


def _shown(result: AreaRatesResult) -> list[int]:
    """The rows that are drawn, from the lowest to the highest ratio: those called, then the least likely."""
    known = [row for row, ratio in enumerate(result.poisson_prob_map.relative_risk) if ratio is not None]
    known.sort(key=lambda row: 2.0 if (p := result.p_two_sided[row]) is None else p)
    return sorted(known[:SHOWN], key=lambda row: result.poisson_prob_map.relative_risk[row] or 0.0)

"""The hours of the week: each hour's share of what happened, with figures where most is, and the top one framed."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, number
from app.measures.density.aoristic import WEEKDAYS, AoristicResult, say
from dashboards.components.figures.base import Theme, blank, look, refused, sequential

HOURS = Sentence("Timme", "Hour")
CASES = Sentence("fall", "cases")
POINTER = Sentence("kl. {}–{}: {} fall (säkert {}, högst {})", "{}–{}: {} cases (surely {}, at most {})")


def figure(result: AoristicResult, language: Language, theme: Theme) -> go.Figure:
    """Seven rows of twenty-four cells, Monday at the top."""
    if result.refusal is not None or result.peak is None:
        return refused(language, theme, say(result)[0])
    drawn = blank(language, theme, x=HOURS, title=say(result))
    colour, peak = look(theme), result.peak
    written_from = 0.5 * peak.weight
    drawn.add_heatmap(
        z=result.weights,
        x=list(range(24)),
        y=list(range(7)),
        xgap=2,
        ygap=2,
        zmin=0,
        colorscale=sequential(theme),
        text=[
            [
                number(value, language, 0 if value >= 10 else 1) if value >= written_from else ""
                for value in row
            ]
            for row in result.weights
        ],
        texttemplate="%{text}",
        customdata=[[_pointer(result, day, hour, language) for hour in range(24)] for day in range(7)],
        hovertemplate="%{y} %{customdata}<extra></extra>",
        colorbar={
            "title": {"text": getattr(CASES, language), "font": {"color": colour.soft}},
            "tickfont": {"color": colour.soft},
            "outlinewidth": 0,
            "thickness": 14,
        },
    )
    drawn.add_shape(
        type="rect",
        x0=peak.hour - 0.5,
        x1=peak.hour + 0.5,
        y0=peak.weekday - 0.5,
        y1=peak.weekday + 0.5,
        line={"color": colour.notable, "width": 3},
    )
    drawn.update_xaxes(tickvals=list(range(0, 24, 3)), ticktext=[f"{hour:02d}" for hour in range(0, 24, 3)])
    drawn.update_yaxes(
        tickvals=list(range(7)),
        ticktext=[f"{getattr(day, language).capitalize()} " for day in WEEKDAYS],
        range=[6.5, -0.5],
        showgrid=False,
    )
    return drawn


def _pointer(result: AoristicResult, day: int, hour: int, language: Language) -> str:
    text: str = getattr(POINTER, language)
    return text.format(
        f"{hour:02d}",
        f"{(hour + 1) % 24:02d}",
        number(result.weights[day][hour], language, 1),
        number(result.sure[day][hour], language),
        number(result.possible[day][hour], language),
    )

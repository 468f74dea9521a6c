"""The last days as they are known and as they will be, against what is normal."""

from __future__ import annotations

from datetime import date

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import interval, number
from app.measures.nowcast.contract import NowcastResult
from app.measures.nowcast.words import say
from dashboards.components.figures.base import (
    Language,
    Theme,
    blank,
    day_axis,
    day_label,
    faint,
    look,
    refused,
)

AXIS = Sentence("Anmälningar, per dygn då det hände", "Reports, by the day on which it happened")
KNOWN = Sentence("Kända hittills", "Known so far")
EXPECTED = Sentence("När allt har kommit in, med band", "When all has come in, with its band")
NORMAL = Sentence("Normalt", "Normal")
DAY_MS = 86_400_000


def figure(result: NowcastResult, language: Language, theme: Theme, area: str | None = None) -> go.Figure:
    """Bars of what is known, a diamond with its band of what it will come to, the normal range behind.

    Args:
        result: Of the measure.
        language: Of everything that is written.
        theme: Dark or light.
        area: The area; None for all together.
    """
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    colour = look(theme)
    rows = [row for row, name in enumerate(result.area) if name == area and result.span_days[row] == 1][::-1]
    days = [result.to_day[row] for row in rows]
    drawn = blank(language, theme, y=AXIS, title=say(result) if area is None else _title(result, area))
    drawn.add_bar(
        x=days,
        y=[result.normal_high[row] - result.normal_low[row] for row in rows],
        base=[result.normal_low[row] for row in rows],
        width=DAY_MS,
        name=getattr(NORMAL, language),
        legendrank=3,
        marker={"color": faint(colour.expected, 0.25), "line": {"width": 0}},
        hoverinfo="skip",
    )
    drawn.add_bar(
        x=days,
        y=[result.known[row] for row in rows],
        name=getattr(KNOWN, language),
        legendrank=1,
        marker={"color": colour.observed},
        width=0.6 * DAY_MS,
        hoverinfo="skip",
    )
    drawn.add_scatter(
        x=days,
        y=[result.median[row] for row in rows],
        mode="markers",
        cliponaxis=False,
        name=getattr(EXPECTED, language),
        legendrank=2,
        marker={
            "symbol": "diamond",
            "size": 9,
            "color": colour.notable,
            "line": {"color": colour.card, "width": 1.5},
        },
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [result.high[row] - result.median[row] for row in rows],
            "arrayminus": [result.median[row] - result.low[row] for row in rows],
            "color": colour.notable,
            "thickness": 2,
            "width": 6,
        },
        customdata=[_told(result, row, language) for row in rows],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn.update_xaxes(**day_axis(days, language, most=5), tickangle=0)
    drawn.update_yaxes(rangemode="tozero")
    drawn.update_layout(barmode="overlay")
    return drawn


def _told(result: NowcastResult, row: int, language: Language) -> str:
    day = day_label(date.fromisoformat(result.to_day[row]), language)
    known = f"{number(result.known[row], language)} {getattr(KNOWN, language).lower()}"
    band = interval(result.low[row], result.high[row], language)
    normal = interval(result.normal_low[row], result.normal_high[row], language)
    return (
        f"{day}<br>{known}<br>{getattr(EXPECTED, language)}: {band}<br>{getattr(NORMAL, language)}: {normal}"
    )


def _title(result: NowcastResult, area: str) -> Sentence:
    """One district's last seven days, in a sentence."""
    row = next(row for row, name in enumerate(result.area) if name == area and result.span_days[row] == 7)
    known = result.known[row]
    band = [interval(result.low[row], result.high[row], language) for language in ("sv", "en")]
    return Sentence(
        f"Område {area}, de senaste 7 dygnen: {number(known, 'sv')} kända hittills, "
        f"vi räknar med {band[0]} när allt har kommit in.",
        f"Area {area}, the last 7 days: {number(known, 'en')} known so far, we expect {band[1]} when all has come in.",
    )

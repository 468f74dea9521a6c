"""Figures that are not a measure's own: windows, oftener, graver, and what there was before the gravest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, interval, number, percent, percent_interval
from dashboards.components.figures.base import Theme, blank, look, series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.measures.repeats.changes import Frequency, Gravest, Severity
    from app.measures.repeats.waiting import ByNumber

WITHIN = Sentence("Dagar efter anmälan", "Days after the report")
SHARE = Sentence("Andel som anmälts igen", "Share reported again")
AFTER = Sentence("efter anmälan {}", "after report {}")
LATER = Sentence("efter anmälan {} och senare", "after report {} and later")
TIMES = Sentence(
    "Gånger så ofta som halvåret före (1 = lika)", "Times as often as the half year before (1 = alike)"
)
STEPS = Sentence(
    "Andel av stegen från en anmälan till nästa", "Share of the steps from one report to the next"
)
GRAVER = Sentence("Grövre", "Graver")
SAME = Sentence("Lika grovt", "As grave")
LIGHTER = Sentence("Lindrigare", "Less grave")
FIRST = Sentence("Andel som var den första anmälan", "Share that were the first report")
GRAVEST = Sentence("De grövsta", "The gravest")
EVERY = Sentence("Alla anmälningar", "All reports")
RATIO = Sentence("Anmälningar, dag 181–360 mot dag 1–180", "Reports, day 181–360 against day 1–180")
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)


def windows(told: Sequence[ByNumber], language: Language, theme: Theme) -> go.Figure:
    """The share with a repeat within each window, beside each other for the first and for later reports."""
    drawn = blank(language, theme, x=WITHIN, y=SHARE)
    top = 0.1
    some = [row for row in told if any(window.share is not None for window in row.windows)][:4]
    for place, row in enumerate(some):
        how = series(place, theme)
        known = [window for window in row.windows if window.share is not None]
        name = getattr(LATER if row.and_later else AFTER, language).format(row.number)
        shares = [window.share or 0.0 for window in known]
        lower = [window.lower or 0.0 for window in known]
        upper = [window.upper or 0.0 for window in known]
        top = max(top, *upper)
        drawn.add_scatter(
            x=[spot + (place - (len(some) - 1) / 2) * 0.16 for spot in range(len(known))],
            y=shares, mode="markers", name=name,
            marker={"symbol": how.symbol, "size": 9, "color": how.colour},
            error_y={
                "type": "data", "symmetric": False, "color": how.colour, "thickness": 1.5, "width": 4,
                "array": [high - at for high, at in zip(upper, shares, strict=True)],
                "arrayminus": [at - low for low, at in zip(lower, shares, strict=True)],
            },
            customdata=[
                f"{number(window.days, language)} d {name}: {percent(at, language)} "
                f"({percent_interval(low, high, language)})"
                for window, at, low, high in zip(known, shares, lower, upper, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    days = [number(window.days, language) for window in told[0].windows] if told else []
    drawn.update_xaxes(tickmode="array", tickvals=list(range(len(days))), ticktext=days)
    return _shares(drawn, "y", min(1.0, top * 1.08), language)


def oftener(found: Frequency, language: Language, theme: Theme) -> go.Figure:
    """The ratio of reports in the second time to those in the first, with its interval, on either side of alike."""
    colour = look(theme)
    drawn = blank(language, theme, x=TIMES)
    at, low, high = found.ratio or 1.0, found.lower or 1.0, found.upper or 1.0
    told = f"{number(at, language, 2)} ({interval(low, high, language, 2)})"
    drawn.add_scatter(
        x=[at], y=[getattr(RATIO, language)], mode="markers+text", text=[told],
        textposition="top right" if at < 1 else "top left",
        textfont={"size": 14, "color": colour.text}, showlegend=False, hoverinfo="skip", cliponaxis=False,
        marker={"symbol": "diamond", "size": 14, "color": colour.observed},
        error_x={
            "type": "data", "symmetric": False, "array": [high - at], "arrayminus": [at - low],
            "color": colour.observed, "thickness": 2.5, "width": 8,
        },
    )  # fmt: skip
    reach = max(2.0, high, 1 / low) * 1.2
    ticks = [tick for tick in TICKS if 1 / reach <= tick <= reach]
    drawn.add_vline(x=1, line={"color": colour.soft, "dash": "dash", "width": 1.5})
    drawn.update_xaxes(
        type="log", range=[-math.log10(reach), math.log10(reach)], tickmode="array", tickvals=ticks, showgrid=True,
        ticktext=[number(tick, language, 0 if tick >= 1 else 1) for tick in ticks],
    )  # fmt: skip
    drawn.update_yaxes(visible=False, range=[-0.8, 0.9])
    return drawn


def graver(found: Severity, language: Language, theme: Theme) -> go.Figure:
    """How many steps go up, stay and go down in harm, each with its interval."""
    colour = look(theme)
    drawn = blank(language, theme, x=STEPS)
    rows = [
        (GRAVER, found.graver, "triangle-up", colour.notable),
        (SAME, found.same, "circle", colour.expected),
        (LIGHTER, found.lighter, "triangle-down", colour.observed),
    ]
    top = 0.1
    for words, step, symbol, shade in rows:
        if step is None:
            continue
        top = max(top, step.upper)
        _mark(
            drawn,
            step.share,
            step.lower,
            step.upper,
            getattr(words, language),
            symbol,
            shade,
            language,
            theme,
        )
    drawn.update_yaxes(
        type="category", categoryorder="array", showgrid=False, ticksuffix=" ",
        categoryarray=[getattr(words, language) for words, *_ in rows][::-1], range=[-0.6, 2.6],
    )  # fmt: skip
    return _shares(drawn, "x", min(1.0, top * 1.25), language)


def history(found: Gravest, language: Language, theme: Theme) -> go.Figure:
    """How many of the gravest reports had none before, beside the same of all reports."""
    colour = look(theme)
    drawn = blank(language, theme, x=FIRST)
    share, low, high = found.share_first or 0.0, found.lower or 0.0, found.upper or 0.0
    _mark(drawn, share, low, high, getattr(GRAVEST, language), "diamond", colour.notable, language, theme)
    every = found.share_first_of_all
    _mark(drawn, every, every, every, getattr(EVERY, language), "circle-open", colour.text, language, theme)
    drawn.update_yaxes(
        type="category", categoryorder="array", showgrid=False, ticksuffix=" ",
        categoryarray=[getattr(EVERY, language), getattr(GRAVEST, language)], range=[-0.6, 1.6],
    )  # fmt: skip
    return _shares(drawn, "x", 1.0, language)


def _mark(
    drawn: go.Figure, share: float, low: float, high: float, name: str, symbol: str, shade: str,
    language: Language, theme: Theme,
) -> None:  # fmt: skip
    drawn.add_scatter(
        x=[share], y=[name], mode="markers+text", showlegend=False, cliponaxis=False,
        text=[percent(share, language)], textposition="top center", textfont={"color": look(theme).text, "size": 13},
        marker={"symbol": symbol, "size": 12, "color": shade, "line": {"width": 2, "color": shade}},
        error_x={
            "type": "data", "symmetric": False, "array": [high - share], "arrayminus": [share - low],
            "color": shade, "thickness": 2, "width": 6,
        },
        customdata=[percent_interval(low, high, language)],
        hovertemplate="%{y}: %{text} (%{customdata})<extra></extra>",
    )  # fmt: skip


def _shares(drawn: go.Figure, axis: str, top: float, language: Language) -> go.Figure:
    """An axis of shares from nothing to ``top``, written as the language writes per cent."""
    step = next(step for step in (0.02, 0.05, 0.1, 0.2) if top / step <= 6 or step == 0.2)
    ticks = [step * number_ for number_ in range(int(top / step + 1e-9) + 1)]
    drawn.update_layout({
        f"{axis}axis": {
            "range": [0, top], "tickmode": "array", "tickvals": ticks, "showgrid": True,
            "ticktext": [percent(tick, language) for tick in ticks],
        }
    })  # fmt: skip
    return drawn

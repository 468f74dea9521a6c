"""Repeats: how many are reported again within so many days, after the first report and after later ones."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import TOO_FEW, Language, percent, percent_interval
from app.measures.repeats.repeats import RepeatsResult
from app.measures.repeats.repeats_words import say
from app.measures.repeats.waiting import ByNumber
from dashboards.components.figures.base import Theme, blank, faint, look, refused, series

MOST_SAID = 3
MARKS = 6
DAYS = Sentence("Dagar sedan anmälan", "Days since the report")
AGAIN = Sentence("Andel som anmälts igen", "Share reported again")
AFTER = Sentence("Efter anmälan", "After report")
LATER = Sentence(" och senare", " and later")


def figure(result: RepeatsResult, language: Language, theme: Theme) -> go.Figure:
    """A rising curve by number of reports; the first with its band, and its fixed windows with their intervals."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    told = [row for row in result.by_number if row.curve is not None]
    if not told:
        return refused(language, theme, TOO_FEW)
    drawn = blank(language, theme, x=DAYS, y=AGAIN, title=say(result)[:MOST_SAID])
    for row in reversed(told):
        _curve(drawn, row, language, theme)
    _windows(drawn, result, language, theme)
    days = [window.days for window in result.windows]
    top = max(max(row.curve.upper if row.number == 1 else row.curve.share) for row in told if row.curve)
    steps = [share / 10 for share in range(11) if share % (1 if top < 0.45 else 2) == 0]
    drawn.update_yaxes(
        range=[0, min(1.02, top * 1.08)],
        tickmode="array",
        tickvals=steps,
        ticktext=[percent(share, language) for share in steps],
    )
    drawn.update_xaxes(range=[0, max(days) * 1.04], tickmode="array", tickvals=_apart(days))
    drawn.update_layout(
        legend={
            "traceorder": "reversed",
            "title": {"text": f"{getattr(AFTER, language)}  ", "font": {"size": 12}},
        }
    )
    return drawn


def _apart(days: list[float]) -> list[float]:
    """The windows that have room for their figure."""
    kept: list[float] = []
    for day in days:
        if not kept or day - kept[-1] >= max(days) / 30:
            kept.append(day)
    return kept


def _name(row: ByNumber, language: Language) -> str:
    return f"{row.number}{getattr(LATER, language) if row.and_later else ''}"


def _curve(drawn: go.Figure, row: ByNumber, language: Language, theme: Theme) -> None:
    if row.curve is None:
        return
    how, curve, first = series(row.number - 1, theme), row.curve, row.number == 1
    if first:
        for limit, fill in ((curve.upper, None), (curve.lower, "tonexty")):
            drawn.add_scatter(
                x=curve.days,
                y=limit,
                mode="lines",
                line={"width": 0, "shape": "hv"},
                fill=fill,
                fillcolor=faint(how.colour, 0.2),
                hoverinfo="skip",
                showlegend=False,
            )
    drawn.add_scatter(
        x=curve.days,
        y=curve.share,
        mode="lines" if first else "lines+markers",
        line={"color": how.colour, "dash": how.dash, "width": 3 if first else 1.8, "shape": "hv"},
        marker={"color": how.colour, "symbol": how.symbol, "size": 8, "maxdisplayed": MARKS},
        name=_name(row, language),
        customdata=[
            [percent(share, language), percent_interval(low, high, language)]
            for share, low, high in zip(curve.share, curve.lower, curve.upper, strict=True)
        ],
        hovertemplate=f"{getattr(AFTER, language)} {_name(row, language)}, %{{x}} d: "
        "%{customdata[0]} (%{customdata[1]})<extra></extra>",
    )


def _windows(drawn: go.Figure, result: RepeatsResult, language: Language, theme: Theme) -> None:
    """The fixed windows after the first report, with their figures beside them where there is room."""
    known = [
        (window.days, window.share, window.lower, window.upper)
        for window in result.windows
        if window.share is not None and window.lower is not None and window.upper is not None
    ]
    colour, how = look(theme), series(0, theme)
    written = _apart([days for days, *_ in known])[-3:] if known else []
    drawn.add_scatter(
        x=[days for days, *_ in known],
        y=[share for _, share, _, _ in known],
        mode="markers",
        marker={"color": how.colour, "symbol": how.symbol, "size": 9},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [high - share for _, share, _, high in known],
            "arrayminus": [share - low for _, share, low, _ in known],
            "color": how.colour,
            "thickness": 1.5,
            "width": 5,
        },
        hoverinfo="skip",
        showlegend=False,
    )
    for days, share, low, _ in known:
        if days in written:
            drawn.add_annotation(
                x=days,
                y=low,
                text=percent(share, language),
                showarrow=False,
                yanchor="top",
                yshift=-4,
                bgcolor=faint(colour.card, 0.85),
                font={"color": colour.text, "size": 13},
            )

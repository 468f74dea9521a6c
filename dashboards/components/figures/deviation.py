"""Each area's count against what is normal there."""

from __future__ import annotations

from typing import NamedTuple

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import capital, interval, number
from app.measures.deviation.deviation import DeviationResult, Status
from app.measures.deviation.told import named, say_deviation
from dashboards.components.figures.base import Language, Look, Theme, blank, faint, look, refused

REPORTS = Sentence("Anmälningar", "Reports")
USUAL = Sentence("Så många väntar vi oss (19 gånger av 20)", "As many as we expect (19 times in 20)")
FEW = Sentence("för få för att säga något", "too few to say anything")
ROW, ROW_OF_LEGEND, BELOW, LEAST_HEIGHT = 26, 20, 46, 220  # pixels


class Kind(NamedTuple):
    """How one status is drawn: a colour of the theme, and a marker and words that tell the same without it."""

    colour: str
    symbol: str
    words: Sentence


KINDS: dict[Status, Kind] = {
    "above": Kind("notable", "diamond", Sentence("Fler än vanligt", "More than usual")),
    "rising": Kind("notable", "triangle-up", Sentence("Långsam ökning", "Slow rise")),
    "chance": Kind(
        "notable", "diamond-open", Sentence("Fler, men kan vara slump", "More, but it could be chance")
    ),
    "below": Kind("observed", "triangle-down", Sentence("Färre än vanligt", "Fewer than usual")),
    "normal": Kind("observed", "circle", Sentence("Som vanligt", "As usual")),
    "too_few": Kind("soft", "x-thin", Sentence("För få fall", "Too few cases")),
}


def figure(result: DeviationResult, language: Language, theme: Theme) -> go.Figure:
    """One line per area, the least ordinary at the top: a bar for what is expected, a marker for what there was."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    colour = look(theme)
    order = sorted(
        range(len(result.area)),
        key=lambda row: (list(KINDS).index(result.status[row]), -(result.expected[row] or 0.0)),
    )
    labels = {row: capital(getattr(named(result, row), language)) for row in order}
    drawn = blank(language, theme, x=REPORTS, title=say_deviation(result)[:3])
    _expected(drawn, result, labels, language, colour)
    for status, kind in KINDS.items():
        rows = [row for row in order if result.status[row] == status]
        if rows:
            _observed(drawn, result, rows, labels, kind, language, colour)
    drawn.update_yaxes(
        autorange="reversed",
        categoryorder="array",
        categoryarray=[labels[row] for row in order],
        showgrid=False,
    )
    ends = [
        *(result.observed[row] or 0 for row in order),
        *(result.expected_high[row] or 0 for row in order),
        1,
    ]
    drawn.update_xaxes(
        range=[0, 1.18 * max(ends)], showgrid=True
    )  # the figure beside the last marker has room
    # The markers are told below the picture: beside as many of them there is no room above it.
    told = 1 + len(set(result.status))
    drawn.update_layout(
        height=max(LEAST_HEIGHT, drawn.layout.margin.t + BELOW + ROW_OF_LEGEND * told + ROW * len(order)),
        hovermode="closest",
        legend={"yref": "container", "y": 0, "yanchor": "bottom", "orientation": "v"},
    )
    drawn.update_layout(margin={"b": BELOW + ROW_OF_LEGEND * told})
    return drawn


def _expected(
    drawn: go.Figure, result: DeviationResult, labels: dict[int, str], language: Language, colour: Look
) -> None:
    rows, low, high = [], [], []
    for row, label in labels.items():
        first, last = result.expected_low[row], result.expected_high[row]
        if first is not None and last is not None:
            rows.append(label)
            low.append(first)
            high.append(last)
    drawn.add_bar(
        y=rows,
        x=[last - first for first, last in zip(low, high, strict=True)],
        base=low,
        orientation="h",
        name=getattr(USUAL, language),
        marker={"color": faint(colour.expected, 0.35), "line": {"color": colour.expected, "width": 1}},
        width=0.5,
        customdata=[interval(first, last, language) for first, last in zip(low, high, strict=True)],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )


def _observed(
    drawn: go.Figure,
    result: DeviationResult,
    rows: list[int],
    labels: dict[int, str],
    kind: Kind,
    language: Language,
    colour: Look,
) -> None:
    paint = getattr(colour, kind.colour)
    few = kind is KINDS["too_few"]
    texts = []
    for row in rows:
        observed = result.observed[row]
        figure_told = "" if observed is None else number(observed, language)
        texts.append(f"  {figure_told} – {getattr(FEW, language)}" if few else f"  {figure_told}")
    drawn.add_scatter(
        y=[labels[row] for row in rows],
        x=[result.observed[row] for row in rows],
        name=getattr(kind.words, language),
        mode="markers+text",
        cliponaxis=False,
        text=texts,
        textposition="middle right",
        textfont={"color": colour.soft if few else colour.text, "size": 11},
        marker={
            "color": paint,
            "symbol": kind.symbol,
            "size": 11,
            "line": {
                "color": paint if "open" in kind.symbol or few else colour.card,
                "width": 2 if few else 1.5,
            },
        },
        hovertemplate="%{y}: %{x}<extra>" + getattr(kind.words, language) + "</extra>",
    )

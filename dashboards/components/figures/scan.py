"""The scan: where the clusters lie, true to scale, and what there is in each against what is expected."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language
from app.measures.scan.asked import Cluster, ScanResult
from app.measures.scan.words import days_text, expected_text, extent, how_seldom, say
from dashboards.components.figures.base import Look, Theme, blank, faint, look, refused

MOST = 6
OBSERVED = Sentence("anmälningar i klustret", "reports in the cluster")
EXPECTED = Sentence("det vi väntar oss", "what we expect")
COUNT = Sentence("anmälningar", "reports")
ACT = Sentence("agera", "act")
CHANCE = Sentence("kan vara slump", "could be chance")
CHOSEN = Sentence("vald plats", "chosen place")


def figure(result: ScanResult, language: Language, theme: Theme, *, narrow: bool = False) -> go.Figure:
    """A map of the circles to the left, numbered; to the right each with what there is and what is expected.

    A cluster to act on is filled, with a thick line, and says so; one that could be chance is dotted, and says that.

    Args:
        result: What `app.measures.scan` gave.
        language: Of all words.
        theme: Dark or light.
        narrow: For a phone: without the map, which has no room beside the bars.
    """
    told = say(result)
    if result.refusal is not None or not result.clusters:
        return refused(language, theme, told[0])
    colour = look(theme)
    figure = blank(language, theme, title=told)
    shown = result.clusters[:MOST]
    for rank, cluster in enumerate(shown, start=1):
        _circle(figure, cluster, rank, colour)
    if result.place is not None:
        figure.add_trace(
            go.Scatter(
                x=[result.place.x],
                y=[result.place.y],
                mode="markers+text",
                marker={"symbol": "x", "size": 10, "color": colour.text},
                text=[getattr(CHOSEN, language)],
                textposition="top center",
                textfont={"color": colour.soft},
                cliponaxis=False,
                hoverinfo="skip",
                showlegend=False,
            )
        )
    rows = [_name(cluster, rank, result, language) for rank, cluster in enumerate(shown, start=1)]
    _bars(figure, shown, rows, language, colour)
    _axes(figure, shown, result, language, colour)
    return _without_map(figure, rows) if narrow else figure


def _without_map(figure: go.Figure, rows: list[str]) -> go.Figure:
    figure.data = [trace for trace in figure.data if trace.xaxis == "x2"]
    figure.update_layout(
        xaxis={"visible": False}, yaxis={"visible": False}, xaxis2={"domain": [0.58, 0.94]}, legend={"x": 0},
        height=160 + 62 * len(rows),
    )  # fmt: skip
    told = [row.replace(":", ":<br>") for row in rows]
    return figure.update_layout(yaxis2={"tickmode": "array", "tickvals": rows, "ticktext": told})


def _circle(figure: go.Figure, cluster: Cluster, rank: int, colour: Look) -> None:
    line = colour.notable if cluster.act else colour.expected
    around = [2 * math.pi * k / 72 for k in range(73)]
    figure.add_trace(
        go.Scatter(
            x=[cluster.x + cluster.radius * math.cos(angle) for angle in around],
            y=[cluster.y + cluster.radius * math.sin(angle) for angle in around],
            mode="lines",
            line={
                "color": line,
                "width": 3 if cluster.act else 1.5,
                "dash": "solid" if cluster.act else "dot",
            },
            fill="toself",
            fillcolor=faint(line, 0.25 if cluster.act else 0.05),
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[cluster.x],
            y=[cluster.y + cluster.radius],
            mode="text",
            textposition="top center",
            text=[f"<b>{rank}</b>"],
            textfont={"size": 15, "color": colour.text},
            hoverinfo="skip",
            showlegend=False,
        )
    )


def _name(cluster: Cluster, rank: int, result: ScanResult, language: Language) -> str:
    where = extent(cluster.radius, result.unit, language)
    judged = getattr(ACT if cluster.act else CHANCE, language)
    often = how_seldom(cluster, result.B or 0, language)
    return f"<b>{rank}</b>  {where}, {days_text(cluster.days, language)}<br>{often}: <b>{judged}</b>"


def _bars(figure: go.Figure, shown: list[Cluster], rows: list[str], language: Language, colour: Look) -> None:
    for cluster, row in zip(shown, rows, strict=True):
        figure.add_trace(
            go.Scatter(
                x=[cluster.expected, cluster.observed],
                y=[row, row],
                xaxis="x2",
                yaxis="y2",
                mode="lines",
                line={"color": colour.grid, "width": 4},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    for what, symbol, shade in (
        (EXPECTED, "diamond-open", colour.expected),
        (OBSERVED, "circle", colour.observed),
    ):
        values = [cluster.observed if what is OBSERVED else cluster.expected for cluster in shown]
        figure.add_trace(
            go.Scatter(
                x=values,
                y=rows,
                xaxis="x2",
                yaxis="y2",
                mode="markers+text",
                marker={"symbol": symbol, "size": 12, "color": shade, "line": {"width": 2, "color": shade}},
                text=[expected_text(value, language) for value in values],
                textposition="middle right" if what is OBSERVED else "top center",
                textfont={"color": colour.text if what is OBSERVED else colour.soft},
                name=getattr(what, language),
                hovertemplate="%{text}<extra>%{fullData.name}</extra>",
                cliponaxis=False,
            )
        )


def _axes(
    figure: go.Figure, shown: list[Cluster], result: ScanResult, language: Language, colour: Look
) -> None:
    xs = [edge for cluster in shown for edge in (cluster.x - cluster.radius, cluster.x + cluster.radius)]
    ys = [edge for cluster in shown for edge in (cluster.y - cluster.radius, cluster.y + cluster.radius)]
    if result.place is not None:
        xs.append(result.place.x)
        ys.append(result.place.y)
    room = 0.16 * max(max(xs) - min(xs), max(ys) - min(ys), 1e-9)
    plain = {
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "linecolor": colour.grid,
    }
    unit = f"{'öst' if language == 'sv' else 'east'} ({result.unit})"
    north = f"{'nord' if language == 'sv' else 'north'} ({result.unit})"
    title = {"font": {"color": colour.soft, "size": 11}, "standoff": 8}
    figure.update_layout(
        xaxis={
            "domain": [0, 0.36], "range": [min(xs) - room, max(xs) + room], "constrain": "domain",
            "nticks": 4, "tickformat": ",d", "title": {"text": unit, **title},
        },
        yaxis={
            "range": [min(ys) - room, max(ys) + room], "scaleanchor": "x", "scaleratio": 1, "constrain": "domain",
            "nticks": 5, "tickformat": ",d", "title": {"text": north, **title}, "showgrid": False,
        },
        xaxis2={
            **plain, "domain": [0.72, 0.97], "anchor": "y2", "rangemode": "tozero", "tickformat": ",~f",
            "tickfont": {"color": colour.soft}, "title": {"text": getattr(COUNT, language), **title}, "nticks": 5,
        },
        yaxis2={
            **plain, "anchor": "x2", "range": [len(shown) - 0.4, -0.6], "type": "category",
            "tickfont": {"color": colour.text, "size": 11}, "ticklabelstandoff": 14,
        },
        legend={"x": 0.42},
    )  # fmt: skip

"""Near repeat: how many times more pairs than chance gives, by distance and by time."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, number
from app.measures.near.asked import Band, KnoxResult
from app.measures.near.words import CHANCE_FROM, knox, when_of, where_of
from dashboards.components.figures.base import Theme, blank, diverging, look, refused, wrapped

MOST = 4.0  # standard deviations from chance: beyond, the colour no longer deepens
X = Sentence("tid mellan händelserna", "time between the events")
Y = Sentence("avstånd mellan dem", "distance between them")
LEGEND = Sentence(
    "antal par, inom parentes det som slumpen ger · ● så ovanligt är något fält i högst en av 20 tabeller av slump",
    "pairs, in brackets what chance gives · ● some cell is as unusual in at most one of 20 tables of chance",
)
SCALE = (
    Sentence("långt färre", "far fewer"),
    Sentence("som väntat", "as expected"),
    Sentence("långt fler", "far more"),
)


def figure(result: KnoxResult, language: Language, theme: Theme, *, narrow: bool = False) -> go.Figure:
    """The table of bands: what there is, what chance gives, how many times that; a dot where it stands out.

    Args:
        result: What `app.measures.near.knox` gave.
        language: Of all words.
        theme: Dark or light.
        narrow: For a phone: each cell's figures below each other, and no scale of colours beside them.
    """
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    if not result.bands:
        return refused(language, theme, knox(result)[0])
    rows = list(dict.fromkeys(band.to_s for band in result.bands))
    columns = list(dict.fromkeys(band.to_t for band in result.bands))
    by_place = {(band.to_s, band.to_t): band for band in result.bands}
    names = [getattr(where_of(by_place[row, columns[0]], result.unit), language) for row in rows]
    spans = [getattr(when_of(by_place[rows[0], one], whole=result.whole_days), language) for one in columns]
    breaks = "<br>" if narrow else " "
    if narrow:
        spans = [span.replace(" ", "<br>") for span in spans]
    figure = blank(language, theme, x=X, y=None if narrow else Y, title=knox(result))
    figure.add_trace(
        go.Heatmap(
            x=spans,
            y=[name.capitalize() for name in names],
            z=[[_shown(by_place[row, one]) for one in columns] for row in rows],
            text=[[_text(by_place[row, one], language, breaks) for one in columns] for row in rows],
            showscale=not narrow,
            texttemplate="%{text}",
            textfont={"size": 11 if narrow else 13},
            hovertemplate="%{y}, %{x}<br>%{text}<extra></extra>",
            colorscale=diverging(theme),
            zmin=-MOST,
            zmax=MOST,
            zmid=0,
            xgap=3,
            ygap=3,
            colorbar={
                "tickvals": [-MOST, 0, MOST],
                "ticktext": [getattr(step, language) for step in SCALE],
                "tickfont": {"color": look(theme).soft},
                "outlinewidth": 0,
                "thickness": 12,
                "len": 0.9,
            },
        )
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(type="category", side="bottom")
    figure.add_annotation(
        text=wrapped(getattr(LEGEND, language), 38 if narrow else 58),
        xref="paper",
        yref="paper",
        x=0,
        y=1.01,
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        align="left",
        font={"size": 11, "color": look(theme).soft},
    )
    figure.update_layout(margin_t=figure.layout.margin.t + (62 if narrow else 34))
    if narrow:
        figure.update_layout(height=480)
        figure.update_xaxes(tickangle=0)
    return figure


def _shown(band: Band) -> float:
    """How far from chance, as a colour: in standard deviations."""
    return 0.0 if band.z is None else min(max(band.z, -MOST), MOST)


def _text(band: Band, language: Language, breaks: str) -> str:
    expected = number(band.expected, language, 0 if band.expected >= 10 else 1)
    dot = "● " if band.p_adjusted is not None and band.p_adjusted < CHANCE_FROM else ""
    told = f"{dot}{number(band.observed, language)}{breaks}({expected})"
    # Nothing where hardly anything was to be expected is no news.
    silent = band.ratio is None or (band.observed == 0 and band.expected < 1)
    return told if silent or band.ratio is None else f"{told}<br>×\u00a0{number(band.ratio, language, 1)}"

"""How it gathers on few: the Lorenz curve beside that of chance and that of all being equal."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, percent
from app.measures.repeats.concentration import ConcentrationResult, say
from dashboards.components.figures.base import Theme, blank, faint, look, refused
from dashboards.components.figures.survival import percents

UNITS = Sentence("Andel av enheterna, från dem med minst", "Share of the units, from those with least")
EVENTS = Sentence("Andel av fallen som de har", "Share of the cases that they have")
SEEN = Sentence("som det är", "as it is")
CHANCE = Sentence("av slump", "by chance")
EQUAL = Sentence("om alla hade lika många", "if all had equally many")
REST = Sentence("De 10 % med flest har {}", "The 10% with most have {}")


def figure(result: ConcentrationResult, language: Language, theme: Theme) -> go.Figure:
    """Three curves by shape and colour, and the tenth with most written where it stands."""
    if result.refusal is not None or result.lorenz is None or result.top10 is None:
        return refused(language, theme, say(result)[0])
    drawn = blank(language, theme, x=UNITS, y=EVENTS, title=say(result))
    colour, curve = look(theme), result.lorenz
    for name, x, y, line in (
        (EQUAL, [0, 1], [0, 1], {"color": colour.soft, "dash": "dot", "width": 1.5}),
        (CHANCE, curve.units, curve.by_chance, {"color": colour.expected, "dash": "dash", "width": 2}),
        (SEEN, curve.units, curve.events, {"color": colour.observed, "width": 3}),
    ):
        drawn.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line=line,
            name=getattr(name, language),
            customdata=[[percent(a, language), percent(b, language)] for a, b in zip(x, y, strict=True)],
            hovertemplate="%{customdata[0]} – %{customdata[1]}<extra></extra>",
        )
    drawn.add_scatter(
        x=[0.9],
        y=[1 - result.top10],
        mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": colour.notable},
        showlegend=False,
        hoverinfo="skip",
    )
    drawn.add_annotation(
        x=0.9,
        y=1 - result.top10,
        text=getattr(REST, language).format(percent(result.top10, language)),
        font={"color": colour.notable},
        arrowcolor=colour.notable,
        bgcolor=faint(colour.card, 0.85),
        arrowwidth=1.5,
        ax=-150,
        ay=-40,
    )
    drawn.update_xaxes(range=[0, 1.03], **percents(language))
    drawn.update_yaxes(range=[0, 1.02], **percents(language))
    return drawn

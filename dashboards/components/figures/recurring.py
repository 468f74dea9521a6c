"""What came again in a district: a bar for each kind and number of times, and within it what nothing is noted of."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import number
from app.measures.district.recurring import Of, RecurringResult, figure_of, say
from dashboards.components.figures.base import Language, Theme, blank, look, refused

OF: dict[str, Sentence] = {
    "pair": Sentence("Par", "Pairs"),
    "victim": Sentence("Målsägande i flera par", "Victims in several pairs"),
    "suspect": Sentence("Misstänkta i flera par", "Suspects in several pairs"),
    "address": Sentence("Adresser", "Addresses"),
}
SHOWN: tuple[tuple[Of, int], ...] = (("pair", 2), ("pair", 3), ("victim", 2), ("suspect", 2), ("address", 3))
TIMES = Sentence("minst {} anmälningar", "at least {} reports")
ALL = Sentence("Antal", "How many")
OPEN = Sentence("Varav utan uppföljning i tid", "Of them without a follow-up in time")


def figure(result: RecurringResult, language: Language, theme: Theme) -> go.Figure:
    """Of all districts in the result together."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    colour = look(theme)
    drawn = blank(language, theme, title=say(result))
    labels = [_label(of, least, language) for of, least in SHOWN]
    figures = [figure_of(result, of, least) for of, least in SHOWN]
    for name, values, shade in (
        (ALL, [units for units, _ in figures], colour.observed),
        (OPEN, [unnoted for _, unnoted in figures], colour.notable),
    ):
        drawn.add_bar(
            y=labels,
            x=values,
            orientation="h",
            name=getattr(name, language),
            marker={"color": shade, "pattern": {"shape": "/" if name is OPEN else ""}},
            text=[number(value, language) if value else "" for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x}<extra></extra>",
        )
    drawn.update_layout(barmode="group", height=320)
    drawn.update_yaxes(autorange="reversed", showgrid=False)
    drawn.update_xaxes(rangemode="tozero", showgrid=True)
    return drawn


def _label(of: Of, least: int, language: Language) -> str:
    name: str = getattr(OF[of], language)
    return name if of in ("victim", "suspect") else f"{name}, {getattr(TIMES, language).format(least)}"

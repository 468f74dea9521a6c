"""Hot and cold areas: how far each lies off, and which of them could be chance; shape and words beside the colour."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, number
from app.measures.hotspot.local_g_model import LocalGResult
from app.measures.hotspot.why import say
from dashboards.components.figures.base import Theme, blank, look, refused

SHOWN = 25
"""Areas at most: those that lie farthest off, and the one that was asked for."""
Z = Sentence(
    "Området med sina grannar mot alla områden (standardavvikelser)",
    "The area and its neighbours against all areas (standard deviations)",
)
NAMES = {
    "hot": Sentence("högt", "high"),
    "cold": Sentence("lågt", "low"),
    "chance": Sentence("kan vara slump", "could be chance"),
    "too few": Sentence("för få fall", "too few cases"),
}


def figure(result: LocalGResult, language: Language, theme: Theme) -> go.Figure:
    """One line for each area, from what is expected to where it lies, the highest at the top."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    drawn = blank(language, theme, x=Z, title=say(result))
    colour = look(theme)
    styles = {
        "hot": ("triangle-up", colour.notable, 13),
        "cold": ("triangle-down", colour.observed, 13),
        "chance": ("circle-open", colour.soft, 9),
        "too few": ("x-thin-open", colour.soft, 9),
    }
    rows = _shown(result)
    for verdict, (symbol, shade, size) in styles.items():
        of = [row for row in rows if result.called[row] == verdict]
        if not of:
            continue
        z = [result.Gi_star_z_binary[row] or 0.0 for row in of]
        names = [_name(result, row, language) for row in of]
        for name, value in zip(names, z, strict=True):
            drawn.add_scatter(
                x=[0, value],
                y=[name, name],
                mode="lines",
                line={"color": shade, "width": 2, "dash": "solid" if verdict in {"hot", "cold"} else "dot"},
                showlegend=False,
                hoverinfo="skip",
            )
        drawn.add_scatter(
            x=z,
            y=names,
            mode="markers+text" if verdict in {"hot", "cold"} else "markers",
            text=[getattr(NAMES[verdict], language) for _ in of],
            textposition=["middle right" if value > 0 else "middle left" for value in z],
            textfont={"color": shade},
            marker={"symbol": symbol, "size": size, "color": shade, "line": {"width": 2, "color": shade}},
            name=getattr(NAMES[verdict], language),
            customdata=[[number(value, language, 2)] for value in z],
            hovertemplate="%{y}: %{customdata[0]}<extra></extra>",
            cliponaxis=False,
        )
    drawn.add_vline(x=0, line={"color": colour.expected, "width": 1.5})
    order = [_name(result, row, language) for row in rows]
    drawn.update_yaxes(type="category", categoryorder="array", categoryarray=order, showgrid=False)
    ends = [result.Gi_star_z_binary[row] or 0.0 for row in rows] + [0.0]
    room = 0.14 * (max(ends) - min(ends)) or 1.0
    drawn.update_xaxes(showgrid=True, range=[min(ends) - room, max(ends) + room])
    return drawn.update_layout(height=max(280, 150 + 24 * len(rows)))


def _shown(result: LocalGResult) -> list[int]:
    """The rows that are drawn, from the lowest to the highest."""
    known = [row for row, z in enumerate(result.Gi_star_z_binary) if z is not None]
    known.sort(key=lambda row: -abs(result.Gi_star_z_binary[row] or 0.0))
    chosen = known[:SHOWN]
    if result.place is not None:
        asked = result.i.index(result.place.i)
        if asked in known and asked not in chosen:
            chosen = [*chosen[:-1], asked]
    return sorted(chosen, key=lambda row: result.Gi_star_z_binary[row] or 0.0)


def _name(result: LocalGResult, row: int, language: Language) -> str:
    asked = result.place is not None and result.place.i == result.i[row]
    mark = ("frågad" if language == "sv" else "asked for") if asked else ""
    return f"<b>{result.i[row]}</b> ({mark}) " if mark else f"{result.i[row]} "

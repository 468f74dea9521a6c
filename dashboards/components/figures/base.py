"""What the measures' figures share: the frame, the colours with a shape beside each, and how days are written.

Nothing is told by colour alone: each series has a colour, a marker and a dash of its own. The colours are told apart
with any of the usual colour blindnesses (after Okabe and Ito, 2008, darkened or lightened for the ground), and each
stands out from its ground by 3:1 or more. The ground is transparent: the card behind shows through.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple, TypeAlias

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language
from dashboards.components.format import MONTHS

__all__ = [
    "CONFIG",
    "LOOKS",
    "Language",
    "Look",
    "Series",
    "Theme",
    "blank",
    "day_axis",
    "day_label",
    "diverging",
    "faint",
    "look",
    "month_ticks",
    "refused",
    "sequential",
    "series",
    "untitled",
    "wrapped",
]

Theme = Literal["light", "dark"]
Scale: TypeAlias = list[tuple[float, str]]

CONFIG: dict[Language, dict[str, Any]] = {
    "sv": {"displayModeBar": False, "locale": "sv"},
    "en": {"displayModeBar": False, "locale": "en"},
}
"""For ``dcc.Graph`` and ``to_html``. Months are written by `day_axis`, so no locale needs to be fetched."""
FONT = "Inter, system-ui, sans-serif"
SMALLEST_GAP = timedelta(days=1)
TITLE_LETTERS = 96
AXIS_LETTERS = 44
"""What has room along an axis on a phone."""


@dataclass(frozen=True)
class Look:
    """The colours of a theme, by what they say. ``expected`` is what is normal, ``notable`` what to look at."""

    card: str
    raised: str
    grid: str
    text: str
    soft: str
    observed: str
    expected: str
    notable: str
    provisional: str
    good: str
    series: tuple[str, ...]


LOOKS: dict[Theme, Look] = {
    "dark": Look(
        card="#111926",
        raised="#1a2433",
        grid="#263347",
        text="#e8eef6",
        soft="#a3b1c4",
        observed="#4cc9f0",
        expected="#8fa1b8",
        notable="#ff9d5c",
        provisional="#c9a4ff",
        good="#5ad19a",
        series=("#4cc9f0", "#ff9d5c", "#5ad19a", "#e59ac6", "#f0e442", "#a3b1c4"),
    ),
    "light": Look(
        card="#ffffff",
        raised="#f3f6fa",
        grid="#d3dbe4",
        text="#131d2a",
        soft="#4f5f72",
        observed="#0b5cad",
        expected="#6b7a8c",
        notable="#b8470a",
        provisional="#6a36b8",
        good="#0f7a4d",
        series=("#0b5cad", "#b8470a", "#00795a", "#a3447f", "#7a6200", "#4f5f72"),
    ),
}
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "cross")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


class Series(NamedTuple):
    """How one series is drawn: a colour, and a marker and a dash that tell the same without it."""

    colour: str
    symbol: str
    dash: str


def look(theme: Theme) -> Look:
    """The colours of the theme."""
    return LOOKS[theme]


def series(number: int, theme: Theme) -> Series:
    """How the series of that number, from 0, is drawn. After six the markers shift, so that none is as another."""
    colours = look(theme).series
    shifted = number + number // len(colours)
    return Series(
        colours[number % len(colours)], SYMBOLS[shifted % len(SYMBOLS)], DASHES[shifted % len(DASHES)]
    )


def sequential(theme: Theme) -> Scale:
    """From nothing to most, for a map or a heat: even in lightness, so it holds in grey and in any colour blindness.

    Nothing is nearly the ground; most stands out from it.
    """
    steps = ("#142033", "#1d4a6b", "#3d7f92", "#8fb27a", "#f2e06a")
    if theme == "light":
        steps = ("#eef3f8", "#b9d3ea", "#6fa3d0", "#2b6aa8", "#0b2f5c")
    return [(number / (len(steps) - 1), step) for number, step in enumerate(steps)]


def diverging(theme: Theme) -> Scale:
    """From less (blue) over as expected (the ground) to more (orange); draw it with ``zmid`` at as expected."""
    steps = ("#4cc9f0", "#2f6a86", "#1a2433", "#8d5a34", "#ff9d5c")
    if theme == "light":
        steps = ("#0b5cad", "#8bb8e0", "#f3f6fa", "#eaae84", "#b8470a")
    return [(number / (len(steps) - 1), step) for number, step in enumerate(steps)]


def faint(colour: str, opacity: float) -> str:
    """A colour (``#rrggbb``) that lets through what is behind it, for bands."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def wrapped(text: str, letters: int = TITLE_LETTERS) -> str:
    """The text in lines of at most so many letters; a no-break space is never broken."""
    return "<br>".join(textwrap.wrap(text.replace("\u00a0", "\u2007"), letters)).replace("\u2007", "\u00a0")


def blank(
    language: Language,
    theme: Theme,
    *,
    x: Sentence | None = None,
    y: Sentence | None = None,
    title: Sentence | Sequence[Sentence] | None = None,
) -> go.Figure:
    """The frame: transparent, in our type, with the language's separators, and what it says above it.

    Args:
        language: Of everything that is written.
        theme: Dark or light.
        x: What the horizontal axis is, with its unit.
        y: What the vertical axis is, with its unit.
        title: What the figure says, in words: a measure's ``say``; it is broken into lines.
    """
    colour = look(theme)
    figure = go.Figure()
    axis = {
        "gridcolor": colour.grid,
        "linecolor": colour.grid,
        "tickcolor": colour.grid,
        "tickfont": {"color": colour.soft},
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }
    said = _said(title, language)
    figure.update_layout(
        template="none",
        margin={"l": 12, "r": 12, "t": 30 + (12 + 18 * (said.count("<br>") + 1) if said else 0), "b": 12},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=",\u00a0" if language == "sv" else ".,",
        font={"family": FONT, "size": 12, "color": colour.text},
        hoverlabel={
            "bgcolor": colour.raised,
            "bordercolor": colour.grid,
            "font": {"family": FONT, "color": colour.text},
        },
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.01,
            "yanchor": "bottom",
            "font": {"color": colour.soft},
            "bgcolor": "rgba(0,0,0,0)",
        },
        xaxis={**axis, "showgrid": False, "title": _axis_title(x, language, colour)},
        yaxis={**axis, "tickformat": ",~f", "title": _axis_title(y, language, colour)},
        colorway=list(colour.series),
    )
    if said:
        figure.update_layout(
            title={
                "text": said,
                "x": 0,
                "xref": "container",
                "xanchor": "left",
                "y": 1,
                "yref": "container",
                "yanchor": "top",
                "pad": {"l": 12, "t": 18},
                "font": {"size": 13, "color": colour.text},
            }
        )
    return figure


def _said(title: Sentence | Sequence[Sentence] | None, language: Language) -> str:
    if not title:
        return ""
    sentences = [title] if isinstance(title, Sentence) else title
    return wrapped(" ".join(getattr(sentence, language) for sentence in sentences))


def _axis_title(sentence: Sentence | None, language: Language, colour: Look) -> dict[str, Any]:
    text = "" if sentence is None else wrapped(getattr(sentence, language), AXIS_LETTERS)
    return {"text": text, "font": {"color": colour.soft, "size": 12}, "standoff": 8}


def untitled(figure: go.Figure) -> go.Figure:
    """The figure without what it says above itself and the room for that: a page says it in words of its own."""
    said = figure.layout.title.text
    if said:
        figure.update_layout(margin_t=figure.layout.margin.t - 12 - 18 * (said.count("<br>") + 1))
        figure.layout.title = None
    return figure


def refused(language: Language, theme: Theme, refusal: Sentence) -> go.Figure:
    """The figure of a result that says nothing: no axes, and why there is nothing."""
    figure = blank(language, theme)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(
        text=wrapped(getattr(refusal, language), 60),
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        showarrow=False,
        font={"size": 15, "color": look(theme).soft},
    )
    return figure


def day_label(day: date | datetime | str, language: Language, *, year: bool = True) -> str:
    """``24 nov 2026`` or ``24 Nov 2026``: for the pointer and for ticks."""
    read = date.fromisoformat(day[:10]) if isinstance(day, str) else day
    text = f"{read.day} {MONTHS[language][read.month - 1]}"
    return f"{text} {read.year}" if year else text


def day_axis(days: Sequence[date | str], language: Language, *, most: int = 8) -> dict[str, Any]:
    """What ``update_xaxes`` takes for an axis of days: at most ``most`` ticks, written in the language.

    The days themselves stay the axis's values, so traces give them as they are.
    """
    read = sorted(date.fromisoformat(day[:10]) if isinstance(day, str) else day for day in days)
    if not read:
        return {}
    first, last = read[0], read[-1]
    if last - first > timedelta(days=31 * most):
        return month_ticks(first, last, language, most=most)
    step = max(SMALLEST_GAP, timedelta(days=-(-((last - first).days + 1) // most)))
    if step > timedelta(days=3):
        step = timedelta(days=7 * -(-step.days // 7))
    ticks = [first + number * step for number in range((last - first) // step + 1)]
    labels = [
        day_label(tick, language, year=False)
        + (f"<br>{tick.year}" if number == 0 or tick.year != ticks[number - 1].year else "")
        for number, tick in enumerate(ticks)
    ]
    return {"tickmode": "array", "tickvals": [tick.isoformat() for tick in ticks], "ticktext": labels}


def month_ticks(first: date, last: date, language: Language, *, most: int = 8) -> dict[str, Any]:
    """The same for a longer time: firsts of months, of quarters or of years, and the year where it begins."""
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    step = next((n for n in (1, 2, 3, 6, 12, 24, 60, 120) if len(months) <= n * most), 120)
    ticks = [month for month in months if (month.year * 12 + month.month - 1) % step == 0] or months[:1]
    labels = [
        str(tick.year)
        if step >= 12
        else MONTHS[language][tick.month - 1]
        + (f"<br>{tick.year}" if number == 0 or tick.year != ticks[number - 1].year else "")
        for number, tick in enumerate(ticks)
    ]
    return {"tickmode": "array", "tickvals": [tick.isoformat() for tick in ticks], "ticktext": labels}

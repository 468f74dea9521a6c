"""The weekly chart as SVG, drawn by us: a band of what is usual, bars of what is known, whiskers of what will come.

It needs no script, and is the same on the screen, on paper and in the PDF. The style sheet has the colours; those
that stand here are for the PDF, where a picture knows of no style sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from app.domain.words import Language, number

if TYPE_CHECKING:
    from datetime import date

    from app.briefing.edition import Chart, Week

Place = Callable[[float], float]
"""Where a count or a week lies in the picture."""


class Colours(NamedTuple):
    """What a chart is drawn in."""

    ink: str
    soft: str
    line: str
    band: str
    bar: str
    out: str


LIGHT = Colours("#16202a", "#52606d", "#d8dee4", "#dbe9e2", "#7b93a5", "#a13d00")
DARK = Colours("#e8eef6", "#a3b1c4", "#263347", "#1d3a35", "#5b6c84", "#ffb454")
LETTERS = 'fill="{}" font-family="Inter, system-ui, sans-serif" font-size="12"'
WIDTH, HEIGHT = 720, 210
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 12, 30
MONTHS = {
    "sv": ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
LEGEND = {
    "sv": ("kända", "vanligt", "när allt har kommit in"),
    "en": ("known", "usual", "when all has come in"),
}


def draw(chart: Chart, language: Language, colours: Colours = LIGHT) -> str:
    """The chart as an ``svg`` element with its text alternative."""
    weeks = chart.weeks
    top = _top(weeks)
    step = (WIDTH - LEFT - RIGHT) / max(len(weeks), 1)

    def x(place: float) -> float:
        return LEFT + place * step

    def y(count: float) -> float:
        return HEIGHT - BOTTOM - count / top * (HEIGHT - TOP - BOTTOM)

    parts = [*_axis(top, y, colours), *_band(weeks, x, y, colours)]
    for place, week in enumerate(weeks):
        outside = week.high is not None and week.known > week.high
        height = y(0) - y(week.known)
        parts.append(
            f'<rect class="bar{" out" if outside else ""}" fill="{colours.out if outside else colours.bar}" '
            f'x="{x(place + 0.22):.1f}" y="{y(week.known):.1f}" '
            f'width="{step * 0.56:.1f}" height="{height:.1f}"/>'
        )
        if week.will_low is not None and week.will_high is not None:
            middle = x(place + 0.5)
            parts.append(
                f'<path class="will" stroke="{colours.ink}" stroke-width="1.6" fill="none" '
                f'd="M{middle:.1f} {y(week.will_low):.1f}V{y(week.will_high):.1f}'
                f"M{middle - 4:.1f} {y(week.will_low):.1f}h8M{middle - 4:.1f} {y(week.will_high):.1f}h8"
                '"/>'
            )
    parts += _months([week.first for week in weeks], x, language, colours)
    about = getattr(chart.about, language)
    return (
        f'<svg class="weeks" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label={quoteattr(about)} '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(about)}</title>{"".join(parts)}</svg>'
    )


def legend(language: Language) -> str:
    """What the marks mean, beside the chart as words."""
    known, usual, will = LEGEND[language]
    return (
        f'<p class="legend"><span class="key bar"></span>{known} <span class="key band"></span>{usual} '
        f'<span class="key will"></span>{will}</p>'
    )


def _top(weeks: tuple[Week, ...]) -> int:
    """The end of the axis: a round figure above everything."""
    most = max((max(week.known, week.high or 0, week.will_high or 0) for week in weeks), default=1)
    step = _step(most)
    return max(step, -(-most // step) * step)


def _step(most: int) -> int:
    size = 1
    while most > 5 * size:
        size = size * 5 if str(size)[0] == "2" else size * 2
    return size


def _axis(top: int, place: Place, colours: Colours) -> list[str]:
    step = _step(top)
    parts = []
    for count in range(0, top + 1, step):
        at = place(count)
        parts.append(
            f'<path class="grid" stroke="{colours.line}" fill="none" d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}"/>'
        )
        parts.append(
            f'<text {LETTERS.format(colours.soft)} x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">'
            f"{number(count, 'sv')}</text>"
        )
    return parts


def _band(weeks: tuple[Week, ...], x: Place, y: Place, colours: Colours) -> list[str]:
    parts = []
    for place, week in enumerate(weeks):
        if week.low is not None and week.high is not None:
            above, below = y(week.high), y(week.low)
            parts.append(
                f'<rect class="band" fill="{colours.band}" x="{x(place):.1f}" y="{above:.1f}" '
                f'width="{x(place + 1) - x(place):.1f}" height="{below - above:.1f}"/>'
            )
    return parts


def _months(days: list[date], x: Place, language: Language, colours: Colours) -> list[str]:
    """The month's name under the first week of each."""
    parts = []
    for place, day in enumerate(days):
        first = place == 0 and all(
            day.month == other.month for other in days[:3]
        )  # else it would touch the next
        if first or (place > 0 and day.month != days[place - 1].month):
            parts.append(
                f'<text {LETTERS.format(colours.soft)} x="{x(place):.1f}" y="{HEIGHT - 10}">'
                f"{MONTHS[language][day.month - 1]}</text>"
            )
    return parts

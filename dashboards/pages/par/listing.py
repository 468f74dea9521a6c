"""The list of pairs: when each was last reported, where, and its flags as words with what they rest on."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards.components.format import day_text, moment
from dashboards.dom import marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from app.domain.region import Region
    from dashboards.words import Words

SHOWN_LETTERS = 6
"""Of an opaque id: enough for two people to say that they look at the same pair."""


def rows(told: dict[str, Any], region: Region, words: Words, opened: str | None) -> list[Component]:
    """Each pair as a button, in the order that was read: the last reported first."""
    return [html.Li(_row(row, region, words, current=row["pair"] == opened)) for row in told["rows"]]


def _row(row: dict[str, Any], region: Region, words: Words, *, current: bool) -> Component:
    when = moment(datetime.fromisoformat(row["last_reported_at"]), region, words.language)
    lines = [
        html.Div(words.fill("par.reported", when=when), className="when"),
        html.Div(
            [html.Span(reports(len(row["reports"]), words)), *(html.Span(name) for name in row["districts"])],
            className="where",
        ),
        html.Ul([_flag(flag, words) for flag in row["flags"]], className="flags") if row["flags"] else None,
    ]
    button = html.Button(
        lines, id={"type": "par-row", "pair": row["pair"]}, n_clicks=0, className="pair-row", type="button"
    )
    return marked(button, {"aria-current": "true"} if current else {})


def _flag(flag: dict[str, Any], words: Words) -> Component:
    return html.Li(
        [html.Span(flag[f"text_{words.language}"]), html.Small(rests_on(flag["sources"], words))],
        className="flag",
    )


def rests_on(sources: Sequence[dict[str, Any]], words: Words) -> str:
    """The days of the reports that a flag rests on."""
    return words.fill("par.rests_on", days=", ".join(day(source["day"], words) for source in sources))


def reports(count: int, words: Words) -> str:
    """How many reports."""
    return words["par.reports_one"] if count == 1 else words.fill("par.reports_many", n=count)


def day(text: str, words: Words) -> str:
    """A day in words, with its year."""
    read = date.fromisoformat(text)
    return f"{day_text(read, words.language)} {read.year}"


def name(pair_id: str, words: Words) -> str:
    """What a pair is called on the screen."""
    return words.fill("par.pair", id=pair_id[:SHOWN_LETTERS])

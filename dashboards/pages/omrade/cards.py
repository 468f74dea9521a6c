"""The two cards of the page Område that are lists: what is to be followed up, and what was done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from dash import ALL, html

from app.domain.permissions import allows
from app.measures.district.recurring import Of, RecurringResult, figure_of
from dashboards.components import links
from dashboards.components.figures.base import day_label
from dashboards.components.format import moment, number
from dashboards.components.results import result_of, said_of
from dashboards.dom import marked
from dashboards.services import viewer_now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from dashboards.pages.omrade.pictures import Drawing
    from dashboards.words import Words

__all__ = ["ALL", "done", "follow", "followed", "listed"]

YEAR_DAYS = 365
NOT_NOTED = "no-follow-up-7-days"
FIGURES: tuple[tuple[str, Of, int, bool, dict[str, str]], ...] = (
    ("pairs_3", "pair", 3, False, {"least": "3"}),
    ("pairs_3_open", "pair", 3, True, {"least": "3", "flag": NOT_NOTED}),
    ("pairs_2", "pair", 2, False, {}),
    ("pairs_2_open", "pair", 2, True, {"flag": NOT_NOTED}),
    ("victims", "victim", 2, False, {"least": "1", "several": "victim"}),
    ("suspects", "suspect", 2, False, {"least": "1", "several": "suspect"}),
)
"""Each figure: its words, what it counts and from how many times on, and what the page Par is asked for."""


def follow(words: Words) -> Component:
    """The frame of what is to be followed up."""
    return _card(words, "follow", "omrade-follow")


def done(words: Words) -> Component:
    """The frame of what was done."""
    return _card(words, "done_list", "omrade-done", help_of="done")


def _card(words: Words, title: str, name: str, *, help_of: str = "") -> Component:
    say = words.say
    summary = say(
        html.Summary(
            marked(html.Span("?"), {"aria-hidden": "true"}), id=f"{name}-help-open", className="round"
        ),
        aria_label="picture.help",
        title="picture.help",
    )
    told = say(html.P(id=f"{name}-help"), children=f"omrade.{help_of or title}_help")
    caption = html.Div(
        [
            say(html.H2(id=f"{name}-title"), children=f"omrade.{title}"),
            html.Details([summary, html.Div(told, className="card dropped")], className="drop"),
        ],
        className="caption",
    )
    section = html.Section([caption, html.Div(id=f"{name}-body")], id=name, className="card list-card")
    return say(section, aria_label=f"omrade.{title}")


def followed(row: Mapping[str, Any] | None, at: Mapping[str, Any], drawing: Drawing) -> Component:
    """The figures, each a link to its pairs for those who read about pairs."""
    words, language = drawing.words, drawing.words.language
    if row is None or row["state"] != "told":
        return html.P(words["omrade.follow_none"], className="nothing")
    result = cast("RecurringResult", result_of(row["measure"], row["content"]))
    linked = allows(viewer_now(), "pairs")
    last = row["day"] - timedelta(days=1)
    view = {
        "area": str(at["code"]),
        "from": (row["day"] - timedelta(days=YEAR_DAYS)).isoformat(),
        "to": last.isoformat(),
        "known_at": at["query"]["known"],
    }
    lines = []
    for name, of, least, unnoted, asked in FIGURES:
        figure = figure_of(result, of, least)[unnoted]
        said = [html.Strong(number(figure, language)), html.Span(words[f"omrade.{name}"])]
        href = links.to("/par", words, **view, **asked) if linked and figure else None
        told = html.A(said, href=href, id=f"omrade-{name}") if href else html.Span(said, id=f"omrade-{name}")
        lines.append(html.Li(told, className="part" if unnoted else ""))
    addresses = figure_of(result, "address", 3)[0]
    said = [html.Strong(number(addresses, language)), html.Span(words["omrade.addresses"])]
    lines.append(html.Li(html.A(said, href="#omrade-places", id="omrade-addresses")))
    known = words.fill("omrade.follow_known", when=moment(row["known_at"], drawing.region, language))
    notes = [html.Small(known), *([] if linked else [html.Small(words["omrade.no_pairs_role"])])]
    return html.Div([html.Ul(lines, className="figures-list"), *notes])


def listed(
    rows: Sequence[Mapping[str, Any]],
    shown: Mapping[str, Any] | None,
    at: Mapping[str, Any],
    drawing: Drawing,
) -> Component:
    """What was done, the last begun first; the one that is shown beside is marked."""
    words = drawing.words
    book = (
        html.A(
            words["omrade.log_book"],
            href=links.to("/loggbok", words, area=str(at["code"])),
            id="omrade-log-book",
        )
        if allows(viewer_now(), "notes")
        else None
    )
    if not rows:
        return html.Div([html.P(words["omrade.done_none"], className="nothing"), book])
    lines = [html.Li(_line(row, drawing, current=row is shown)) for row in rows]
    return html.Div([html.Ul(lines, className="done-list"), book])


def _line(row: Mapping[str, Any], drawing: Drawing, *, current: bool) -> Component:
    words, language = drawing.words, drawing.words.language
    begins, ends = (None if row[name] is None else _day(row[name], language) for name in ("begins", "ends"))
    when = words.fill("omrade.goes_on", begins=begins) if ends is None else words.fill(
        "omrade.from_to", begins=begins, ends=ends
    )  # fmt: skip
    effect = row["effect"]
    said = words["omrade.waits"] if effect is None else said_of(effect, language)[0]
    button = html.Button(
        [
            html.Span(when, className="when"),
            html.Span(row["text"], className="what"),
            html.Span(said, className="verdict"),
        ],
        id={"type": "omrade-done", "entry": row["entry"]},
        n_clicks=0,
        type="button",
        className="done-row",
    )
    return marked(button, {"aria-current": "true"} if current else {})


def _day(day: date | datetime, language: Any) -> str:
    return day_label(day, language)

"""The log book as a time line: days, and under each its entries, the last first; and what is open beside it."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dash import html

from app.domain.permissions import allows
from app.domain.policy import role_name
from dashboards.components.format import day_text, moment
from dashboards.components.links import to
from dashboards.dom import HIDDEN, marked
from dashboards.pages.loggbok import handover

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from app.domain.region import Region
    from app.domain.viewer import Viewer
    from dashboards.words import Words

Row = "Mapping[str, Any]"


class Drawing:
    """What every entry is drawn with: the words, the region's clock, who looks, and what moment it is."""

    def __init__(self, words: Words, region: Region, viewer: Viewer, now: datetime, *, live: bool) -> None:
        self.words, self.region, self.viewer, self.now = words, region, viewer, now
        self.live = live
        """Whether entries can be corrected and closed: not while the past is looked at."""

    def when(self, value: datetime) -> str:
        """A moment in the region's time."""
        return moment(value, self.region, self.words.language)

    def clock(self, value: datetime) -> str:
        """The time of day in the region."""
        return f"{value.astimezone(self.region.zone):%H:%M}"


def line(rows: Sequence[Mapping[str, Any]], draw: Drawing) -> list[Component]:
    """The entries by day of the region, as they came, which is the last first."""
    by_id = {row["entry"]: row for row in rows}
    parts: list[Component] = []
    for day, entries in groupby(rows, key=lambda row: draw.region.day(row["noted_at"])):
        heading = f"{day_text(day, draw.words.language)} {day.year}"
        parts += [
            html.H3(heading),
            html.Ol([_entry(row, by_id, draw) for row in entries], className="log-day"),
        ]
    return parts


def items(rows: Sequence[Mapping[str, Any]], draw: Drawing) -> list[Component]:
    """Open follow-ups, the first due first."""
    return [
        html.Li(
            [
                html.P(row["text"], className="text"),
                _due(row, draw),
                html.Ul(_pins(row, draw), className="pins"),
                *([_act("done", row, "logg.close", draw)] if draw.live else []),
            ],
            className="log-item",
        )
        for row in rows
    ]


def _entry(row: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]], draw: Drawing) -> Component:
    words = draw.words
    role = role_name(row["role"])[0 if words.language == "sv" else 1] if row["role"] != "nobody" else ""
    head = [
        html.Time(draw.clock(row["noted_at"]), dateTime=row["noted_at"].isoformat()),
        html.Span(words[f"logg.kind_{row['kind']}"], className="kind"),
        html.Span(" · ".join(filter(None, (row["name"], role))), className="who"),
        *([html.Span(words["logg.corrected"], className="tag")] if row["corrected"] else []),
    ]
    body: list[Component] = [html.P(row["text"], className="text")] if row["text"] else []
    if row["kind"] == "follow_up":
        body.append(_due(row, draw))
    if row["kind"] == "intervention":
        body.append(html.P(_span(row, draw), className="due"))
    if row["kind"] == "handover":
        body += _handover(row, draw)
    if row["kind"] == "done" and row["about"] in by_id:
        about = by_id[row["about"]]
        what = about["text"] or words[f"logg.kind_{about['kind']}"]
        body.append(html.P([html.Span(words["logg.of_done"]), " ", what], className="old"))
    if row["corrects"] in by_id:
        old = by_id[row["corrects"]]["text"]
        body.append(html.P([html.Span(words["logg.replaces"]), " ", html.Del(old)], className="old"))
    actions = _actions(row, draw)
    parts: list[Component] = [
        html.Div(head, className="head"),
        *body,
        html.Ul(_pins(row, draw), className="pins"),
        *([html.Div(actions, className="actions")] if actions else []),
    ]
    entry = html.Li(parts, className="log-entry")
    return marked(entry, {"data-kind": row["kind"], "data-corrected": "yes" if row["corrected"] else "no"})


def _due(row: Mapping[str, Any], draw: Drawing) -> Component:
    """Who does it and by when; late is a word and a shape besides a colour."""
    words = draw.words
    said = words.fill("logg.due", owner=row["owner"], when=draw.when(row["due"]))
    if row["done_at"] is not None:
        state = "done"
        more = words.fill("logg.closed", when=draw.when(row["done_at"]), name=row["done_by"])
    else:
        state = "late" if row["due"] <= draw.now and not row["corrected"] else "open"
        more = words["logg.overdue" if state == "late" else "logg.is_open"]
    parts = [marked(html.I(), HIDDEN), html.Span(said), html.B(more)]
    return marked(html.P(parts, className="due"), {"data-state": state})


def _span(row: Mapping[str, Any], draw: Drawing) -> str:
    language = draw.words.language
    first = f"{day_text(row['begins'], language)} {row['begins'].year}"
    if row["ends"] is None:
        return draw.words.fill("logg.goes_on", first=first)
    return draw.words.fill(
        "logg.lasts", first=first, last=f"{day_text(row['ends'], language)} {row['ends'].year}"
    )


def _handover(row: Mapping[str, Any], draw: Drawing) -> list[Component]:
    words = draw.words
    if row["done_at"] is not None:
        state, said = "done", words.fill("logg.accepted", when=draw.when(row["done_at"]), name=row["done_by"])
    else:
        state, said = "open", words["logg.not_accepted"]
    told = html.Details(
        [
            html.Summary(handover.span(row["figures"], draw)),
            html.Div(handover.sections(row["figures"], draw)),
        ],
        className="signed",
    )
    return [
        marked(html.P([marked(html.I(), HIDDEN), html.B(said)], className="due"), {"data-state": state}),
        told,
    ]


def _pins(row: Mapping[str, Any], draw: Drawing) -> list[Component]:
    """Where it is pinned: area, incident, the picture that was looked at, the place."""
    words = draw.words
    where = row["area_name"] or words["logg.for_all" if row["for_all"] else "logg.region"]
    pins: list[Any] = [where]
    known = row["known_at"].isoformat()
    if row["incident"] and allows(draw.viewer, "incidents"):
        link = to("/", words, incident=row["incident"], known_at=known)
        pins.append(html.A(words["logg.case"], href=link))
    if row["view"] and row["kind"] != "handover":
        path, _, search = row["view"].partition("?")
        at = "" if "known_at=" in search else f"known_at={known.replace('+', '%2B')}"
        address = "&".join(part for part in (search, at, f"lang={words.language}") if part)
        pins.append(html.A(words["logg.picture"], href=f"{path}?{address}"))
    if row["lon"] is not None:
        pins.append(html.A(words["logg.place"], href=to("/", words, map=f"{row['lon']},{row['lat']},14")))
    pins.append(words.fill("logg.seen", when=draw.when(row["known_at"])))
    return [html.Li(pin) for pin in pins]


def _actions(row: Mapping[str, Any], draw: Drawing) -> list[Component]:
    if not draw.live or row["corrected"]:
        return []
    found = []
    if row["kind"] == "follow_up" and row["done_at"] is None:
        found.append(_act("done", row, "logg.close", draw))
    if row["kind"] == "handover" and row["done_at"] is None:
        found.append(_act("accept", row, "logg.accept", draw))
    if row["kind"] not in ("handover", "done"):
        found.append(_act("correct", row, "logg.correct", draw))
    return found


def _act(act: str, row: Mapping[str, Any], key: str, draw: Drawing) -> Component:
    """A button that opens the form on this entry. What it says is not enough alone where there are many of it."""
    button = html.Button(
        draw.words[key],
        id={"type": "log-act", "act": act, "entry": row["entry"]},
        type="button",
        className="quiet",
        n_clicks=0,
    )
    what = (row["text"] or draw.words[f"logg.kind_{row['kind']}"])[:60]
    return marked(button, {"aria-label": f"{draw.words[key]}: {what}"})

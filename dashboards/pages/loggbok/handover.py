"""A handover's figures in words: the same where they are read before signing, and where they stand afterwards."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dash import html

from app.domain.handover import KINDS_OF_CHANGE
from app.domain.permissions import allows
from dashboards.components.format import day_text, number
from dashboards.components.links import to
from dashboards.dom import HIDDEN, marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from dashboards.pages.loggbok.timeline import Drawing


def span(figures: Mapping[str, Any], draw: Drawing) -> str:
    """From when until when."""
    since, until = (draw.when(datetime.fromisoformat(figures[name])) for name in ("since", "until"))
    return draw.words.fill("logg.span", since=since, until=until)


def sections(figures: Mapping[str, Any], draw: Drawing) -> list[Component]:
    """What changed, the gravest of it, what is open, what is late, what was decided."""
    words = draw.words
    return [
        _changes(figures["changes"], draw),
        _part("logg.gravest", [_grave(row, draw) for row in figures["gravest"]], "logg.gravest_none", draw),
        _part("logg.alerts", [_alert(row, draw) for row in figures["alerts"]], "logg.alerts_none", draw),
        _part("logg.open_items", [_item(row, draw) for row in figures["follow_ups"]], "logg.open_none", draw),
        _part("logg.feeds", [_feed(row, draw) for row in figures["late_feeds"]], "logg.feeds_none", draw),
        _part("logg.decisions", [_decision(row, draw) for row in figures["decisions"]], "logg.decisions_none", draw),
        html.Small(words.fill("logg.position", position=figures["position"]), className="position"),
    ]  # fmt: skip


def _part(title: str, rows: Sequence[Component], none: str, draw: Drawing) -> Component:
    body = html.Ul(rows) if rows else html.P(draw.words[none], className="none")
    return html.Section([html.H3(draw.words[title]), body], className="part")


def _changes(changes: Mapping[str, int], draw: Drawing) -> Component:
    figures = [
        html.Li(
            [html.B(number(changes[kind], draw.words.language)), html.Span(draw.words[f"logg.{kind}_n"])],
        )
        for kind in KINDS_OF_CHANGE
    ]
    return html.Section(
        [html.H3(draw.words["logg.changes"]), html.Ul(figures, className="numbers")], className="part"
    )


def _grave(row: Mapping[str, Any], draw: Drawing) -> Component:
    words = draw.words
    name = row[f"offence_{words.language}"]
    if row["uid"] and allows(draw.viewer, "incidents"):
        what: Any = html.A(name, href=to("/", words, incident=row["uid"]))
    else:
        what = name
    where = [row["area_name"], day_text(date.fromisoformat(row["day"]), words.language)]
    if row["incidents"] > 1:
        where.append(words.fill("logg.times", n=row["incidents"]))
    return html.Li([html.Span(what), html.Small(" · ".join(filter(None, where)))])


def _alert(row: Mapping[str, Any], draw: Drawing) -> Component:
    words = draw.words
    where = row["area_name"] or row["feed"] or words["logg.region"]
    when = draw.when(datetime.fromisoformat(row["period"]))
    title = row[f"title_{words.language}"]
    link = html.A(title, href=to("/larm", words)) if allows(draw.viewer, "alerts") else html.Span(title)
    return html.Li([link, html.Small(" · ".join((where, when, words[f"logg.alert_{row['state']}"])))])


def _item(row: Mapping[str, Any], draw: Drawing) -> Component:
    words = draw.words
    due = words.fill("logg.due", owner=row["owner"], when=draw.when(datetime.fromisoformat(row["due"])))
    late = [html.B(words["logg.overdue"])] if row["overdue"] else []
    mark = marked(html.I(), HIDDEN)
    state = {"data-state": "late" if row["overdue"] else "open"}
    where = html.Small(row["area_name"] or words["logg.region"])
    return html.Li(
        [html.Span(row["text"]), marked(html.P([mark, html.Span(due), *late], className="due"), state), where]
    )


def _feed(row: Mapping[str, Any], draw: Drawing) -> Component:
    words = draw.words
    since = draw.when(datetime.fromisoformat(row["since"])) if row["since"] else ""
    key = "never" if row["state"] == "never" or not since else row["state"]
    return html.Li(
        [html.Span(row[f"title_{words.language}"]), html.Small(words.fill(f"logg.feed_{key}", when=since))]
    )


def _decision(row: Mapping[str, Any], draw: Drawing) -> Component:
    where = row["area_name"] or draw.words["logg.region"]
    when = draw.when(datetime.fromisoformat(row["noted_at"]))
    return html.Li([html.Span(row["text"]), html.Small(" · ".join((where, when, row["name"])))])

"""One change in words: what kind, which incident, and each field before and after."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards.components.format import day_text, moment
from dashboards.dom import marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

    from app.domain.region import Region
    from dashboards.words import Words

FIELDS = {
    "state": "incident.state",
    "occurred_from": "changed.occurred_from",
    "occurred_to": "changed.occurred_to",
    "offence": "incident.offence",
    "offences": "changed.offences",
    "area_name": "incident.area",
    "precision": "incident.precision",
    "place_text": "incident.place",
    "title": "incident.title_field",
    "summary": "incident.summary",
    "priority": "incident.priority",
    "protected": "changed.protected",
}
"""What is shown of a difference; the area's code and the day follow from others."""


def line(row: Mapping[str, Any], names: Mapping[str, str], region: Region, words: Words) -> Component:
    """One entry: a button that opens the incident, and below it what differs. ``names``: offences by code."""
    side = row["after"] or row["before"]
    offence = names.get(side["offence"], side["offence"])
    what = words["incident.protected"] if side["protected"] else offence
    head = [
        html.Span(words[f"changed.one_{row['change']}"], className="tag"),
        html.Span(what, className="what"),
        html.Span(
            f"{side['area_name']} · {moment(side['occurred_from'], region, words.language)}",
            className="where",
        ),
    ]
    button = html.Button(head, type="button", className="change")
    marked(
        button,
        {
            "data-uid": row["uid"],
            "aria-label": words.fill("changed.open_one", what=f"{what}, {side['area_name']}"),
        },
    )
    known = html.Time(moment(row["known_at"], region, words.language), className="known")
    entry = html.Li([button, known, *_told(row, names, region, words)])
    return marked(entry, {"data-change": row["change"]})


def _told(row: Mapping[str, Any], names: Mapping[str, str], region: Region, words: Words) -> list[Component]:
    before, after = row["before"], row["after"]
    if after is None:
        return [html.P(words["changed.gone"], className="lead")]
    if before is None or (row["change"] == "added" and before["state"] == after["state"]):
        return []
    secret = before["protected"] or after["protected"]
    differing = [
        (
            words[key],
            _text(field, before[field], names, region, words),
            _text(field, after[field], names, region, words),
        )
        for field, key in FIELDS.items()
        if before[field] != after[field] and not (secret and field in {"title", "summary", "place_text"})
    ]
    lines = [(html.Dt(name), html.Dd([html.Del(old), " → ", html.Ins(new)])) for name, old, new in differing]
    return [html.Dl([part for pair in lines for part in pair], className="diff")] if lines else []


def _text(field: str, value: Any, names: Mapping[str, str], region: Region, words: Words) -> str:
    if value is None or value == "":
        return "–"
    if field in {"state", "precision"}:
        key = f"{field}.{value}"
        return words[key] if key in words else str(value)
    if field == "offence":
        return names.get(value, str(value))
    if isinstance(value, bool):
        return words["changed.yes" if value else "changed.no"]
    if isinstance(value, datetime):
        return moment(value, region, words.language)
    return day_text(value, words.language) if isinstance(value, date) else str(value)

"""One incident: what is known of it, and what was known when. Opens over the page's right side."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dash import Input, Output, html

from app.commands.review import ROLES as REVIEWING
from app.domain.errors import NotFound
from app.domain.permissions import allows
from app.queries import incidents
from dashboards.components.format import duration, interval, moment
from dashboards.components.freshness import name_of
from dashboards.components.links import to
from dashboards.components.text import TEXT
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.region import Region
    from dashboards.services import Services


WEB = re.compile(r"https?://[a-zA-Z0-9.-]+(:\d+)?(/[^\s\x00-\x1f\"'<>`\\\\]*)?")
"""A web address that can be nothing else."""


def drawer(words: Words) -> Component:
    """Draw the closed panel. It lies over the ticker only: the map, the filters and the time bar stay usable."""
    say = words.say
    close = html.Button("×", id="drawer-close", className="step", n_clicks=0, type="button")
    panel = html.Aside(
        [
            html.Div(
                [
                    say(html.H2(id="drawer-title"), children="incident.title"),
                    say(close, aria_label="incident.close", title="incident.close"),
                ],
                className="caption",
            ),
            html.Div(id="incident", className="incident"),
        ],
        id="drawer",
        className="card drawer",
        hidden=True,
        tabIndex=-1,
    )
    return say(panel, aria_label="incident.title")


def register(app: Dash, services: Services) -> None:
    """Register the drawer's callbacks."""
    in_browser(app, "live.close", Input("drawer-close", "n_clicks"), prevent_initial_call=True)
    in_browser(app, "live.mark", Input("chosen", "data"))

    @callback(
        app,
        "incidents",
        Output("drawer", "hidden"),
        Output("incident", "children"),
        Input("chosen", "data"),
        Input("lang", "data"),
        Input("known", "data"),
        Input("tick", "data"),
        prevent_initial_call=True,
    )
    async def show(uid: str | None, lang: str | None, known: str | None, _tick: int) -> tuple[bool, Any]:
        if uid is None:
            return True, []
        words = Words(language_of(lang), TEXT)
        known_at = datetime.fromisoformat(known) if known else None
        try:
            async with services.reader().transaction() as connection:
                found = await incidents.history(connection, UUID(uid))
        except (NotFound, ValueError):
            return False, html.P(words["incident.not_found"], className="nothing")
        return False, describe(found, known_at, services.region, words)


def describe(
    found: Mapping[str, Any], known_at: datetime | None, region: Region, words: Words
) -> list[Component]:
    """The incident as known at ``known_at`` (None: now), and all its versions with what each changed."""
    versions = [version for version in found["versions"] if not version["repeats"]]
    known = [version for version in versions if known_at is None or version["known_at"] <= known_at]
    shown = known[-1] if known else versions[0]
    language = words.language
    parts: list[Component] = [
        html.Div(
            [
                html.H3(_offence(shown, words)),
                html.P(shown["title"], className="lead") if shown["title"] else None,
            ]
        )
    ]
    if known_at is not None and not known:
        text = words.fill("incident.not_known_yet", known=moment(known_at, region, language))
        parts.append(html.P(text, className="note past"))
    if shown["protected"]:
        parts.append(html.P(words["incident.protected"], className="note"))
    parts += [
        _facts(found, shown, versions[0], region, words),
        *_onward(found, words),
        html.H2(words["incident.versions"]),
    ]
    lines = [
        _line(
            version,
            versions[n - 1] if n else None,
            region,
            words,
            shown=bool(known) and version is shown,
            later=version not in known,
        )
        for n, version in enumerate(versions)
    ]
    return [*parts, html.Ol(lines[::-1], className="versions")]


def _onward(found: Mapping[str, Any], words: Words) -> list[Component]:
    """Where an incident leads for those who may go there: an entry about it, and the review of its case."""
    viewer = viewer_now()
    links = []
    if allows(viewer, "notes"):
        links.append(html.A(words["incident.note"], href=to("/loggbok", words, write="1")))
    if viewer.role in REVIEWING and allows(viewer, "pairs"):
        links.append(html.A(words["incident.review"], href=to("/loggbok", words, case=str(found["uid"]))))
    return [html.P(links, className="onward")] if links else []


def _facts(found: Mapping[str, Any], shown: Any, first: Any, region: Region, words: Words) -> Component:
    language = words.language
    facts: list[tuple[str, Any]] = [
        ("state", words[f"state.{shown['state']}"]),
        ("occurred", interval(shown["occurred_from"], shown["occurred_to"], region, language)),
        ("reported", moment(shown["reported_at"], region, language) if shown["reported_at"] else None),
        ("known", moment(first["known_at"], region, language, seconds=True)),
        ("delay", duration(first["known_at"] - first["occurred_from"], words)),
        ("area", shown["area_name"]),
        ("place", shown["place_text"]),
        ("precision", words[f"precision.{shown['precision']}"]),
        ("offences", _offences(shown, words)),
        ("priority", shown["priority"]),
        ("summary", shown["summary"]),
        ("link", link(shown["url"])),
        ("source", name_of(found["feed"], words)),
    ]
    pairs = [
        (html.Dt(words[f"incident.{name}"]), html.Dd(value))
        for name, value in facts
        if value not in (None, "")
    ]
    return html.Dl([part for pair in pairs for part in pair])


def link(address: str | None) -> Component | str | None:
    """A link to where a notice was published; what is no web address is shown as the text that it is."""
    if address is None or not WEB.fullmatch(address):
        return address
    return html.A(address, href=address, target="_blank", rel="noopener noreferrer")


def _offence(version: Any, words: Words) -> str:
    return str(version[f"offence_{words.language}"])


def _offences(version: Any, words: Words) -> Any:
    lines = [
        html.Li(f"{offence['count']} × {offence[f'offence_{words.language}']} ({offence['offence']})")
        for offence in version["offences"]
    ]
    return html.Ul(lines) if lines else None


def _line(version: Any, before: Any, region: Region, words: Words, *, shown: bool, later: bool) -> Component:
    language = words.language
    head = [
        html.Span(moment(version["known_at"], region, language, seconds=True)),
        html.Small(words[f"state.{version['state']}"]),
    ]
    if shown:
        head.append(html.Span(words["incident.version_shown"], className="shown"))
    if later:
        head.append(html.Small(words["incident.version_later"]))
    if before is None:
        body: Any = html.P(words["incident.version_first"], className="lead")
    else:
        changes = differences(before, version, region, words)
        body = _changes(changes) if changes else html.P(words["incident.version_same"], className="lead")
    return html.Li([html.Div(head, className="head"), body], className="later" if later else "")


def differences(before: Any, after: Any, region: Region, words: Words) -> Sequence[tuple[str, str, str]]:
    """What changed from one version to the next: the field's name, what was believed, what is believed."""

    def told(version: Any) -> dict[str, str]:
        return {
            "state": words[f"state.{version['state']}"],
            "occurred": interval(version["occurred_from"], version["occurred_to"], region, words.language),
            "offence": _offence(version, words),
            "offences": ", ".join(f"{one['count']} × {one['offence']}" for one in version["offences"]),
            "area": version["area_name"] or "–",
            "precision": words[f"precision.{version['precision']}"],
            "position": f"{version['lat']:.5f}, {version['lon']:.5f}" if version["lat"] is not None else "–",
            "place": version["place_text"] or "–",
            "title_field": version["title"] or "–",
            "summary": version["summary"] or "–",
            "priority": "–" if version["priority"] is None else str(version["priority"]),
        }

    old, new = told(before), told(after)
    return [(words[f"incident.{name}"], old[name], new[name]) for name in old if old[name] != new[name]]


def _changes(changes: Sequence[tuple[str, str, str]]) -> Component:
    lines = [(html.Dt(name), html.Dd([html.Del(old), " → ", html.Ins(new)])) for name, old, new in changes]
    return html.Dl([part for line in lines for part in line], className="diff")

"""The form of an entry: one for what is new, for a correction, and for closing something."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import html

from app.domain.log_book import MOST_TEXT, NewEntry, kinds
from app.domain.personal_number import holds_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

    from app.domain.region import Region
    from app.domain.viewer import Viewer
    from dashboards.words import Words

UID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
FIELDS = ("kind", "text", "owner", "due", "begins", "ends", "incident", "to_all", "at_centre")
"""The fields, by the names of their components after ``log-``."""


def form(words: Words) -> Component:
    """The closed form; ``assets/70_loggbok.js`` shows of it what the kind has."""
    say = words.say
    written = [kind.id for kind in kinds().values() if kind.written]
    kind = say(
        dmc.Select(id="log-kind", data=[], size="sm", value=written[0], allowDeselect=False),
        data=[{"value": name, "label": {"text": f"logg.kind_{name}"}} for name in written],
        label="logg.of_new",
    )
    text = say(
        dmc.Textarea(id="log-text", size="sm", autosize=True, minRows=3, maxRows=12, value=""),
        label="logg.text",
        placeholder="logg.text_hint",
    )
    days = [
        say(
            dmc.DatePickerInput(
                id=f"log-{name}", size="sm", clearable=True, valueFormat="D MMM YYYY", dropdownType="modal"
            ),
            label=f"logg.{name}",
        )
        for name in ("begins", "ends")
    ]
    due = say(
        dmc.DateTimePicker(
            id="log-due", size="sm", clearable=True, valueFormat="D MMM YYYY HH:mm", dropdownType="modal"
        ),
        label="logg.by",
    )
    owner = say(dmc.TextInput(id="log-owner", size="sm", value=""), label="logg.owner")
    incident = say(dmc.TextInput(id="log-incident", size="sm", value=""), label="logg.incident")
    add = say(dmc.Button(id="log-add", size="sm", n_clicks=0), children="logg.add")
    close = say(dmc.Button(id="log-cancel", size="sm", variant="subtle", n_clicks=0), children="logg.cancel")
    return say(
        html.Section(
            [
                say(html.H2(id="log-form-title"), children="logg.new"),
                html.P(id="log-target-said", className="about", hidden=True),
                html.Div([kind], id="log-of-new", className="field"),
                text,
                html.Div([owner, due], id="log-of-follow-up", className="line", hidden=True),
                html.Div(days, id="log-of-intervention", className="line", hidden=True),
                html.Div([incident], id="log-of-incident", className="field"),
                html.Div(
                    [
                        say(dmc.Checkbox(id="log-to_all", size="sm", checked=False), label="logg.to_all"),
                        say(
                            dmc.Checkbox(id="log-at_centre", size="sm", checked=False), label="logg.at_centre"
                        ),
                    ],
                    id="log-of-pins",
                    className="line",
                ),
                html.P(id="log-pinned", className="pinned"),
                html.Div(
                    [add, close, html.Span(id="log-form-said", className="problem", role="status")],
                    className="log-buttons",
                ),
                say(html.Small(id="log-stays"), children="logg.stays"),
            ],
            id="log-form",
            className="card log-form",
            hidden=True,
        ),
        aria_label="logg.new",
    )


def problem(given: Mapping[str, Any], entry: NewEntry, viewer: Viewer) -> str | None:
    """The text that says what is missing; None where nothing is. ``app.domain.log_book`` checks the same once more."""
    changing = entry.corrects is not None or entry.about is not None
    kind = entry.kind
    found = {
        "logg.need_text": not entry.text.strip() and kind != "done",
        "logg.too_long": len(entry.text) > MOST_TEXT,
        "logg.no_number": holds_number(entry.text) or holds_number(entry.owner),
        "logg.need_owner": kind == "follow_up" and not (entry.owner.strip() and entry.due),
        "logg.need_area": kind == "intervention" and not ((entry.area or changing) and entry.begins),
        "logg.ends_first": bool(entry.begins and entry.ends and entry.ends < entry.begins),
        "logg.bad_incident": bool((given.get("incident") or "").strip()) and entry.incident is None,
        "logg.need_incident": kind == "review" and not (entry.incident or changing),
        "logg.need_own": viewer.role == "area_chief" and not (entry.area or changing),
    }
    return next((key for key, wrong in found.items() if wrong), None)


def entry_of(
    given: Mapping[str, Any],
    target: Mapping[str, Any] | None,
    query: Mapping[str, Any],
    pin: Mapping[str, Any] | None,
    region: Region,
) -> NewEntry:
    """What was filled in, as the domain's noun.

    ``target``: the entry that is corrected (``act`` correct) or closed (done, accept); ``query``: the view's area and
    moment; ``pin``: the page that was looked at before, with the centre of its map.
    """
    act = (target or {}).get("act")
    number = UUID(str((target or {})["entry"])) if act else None
    kind = "done" if act in ("done", "accept") else str((target or {}).get("kind") or given["kind"] or "note")
    known = query.get("known")
    centre = (pin or {}).get("centre") if given.get("at_centre") and not act else None
    return NewEntry(
        kind=kind,
        text=given.get("text") or "",
        area=None if act else query.get("area"),
        for_all=bool(given.get("to_all")) and not act and not query.get("area"),
        incident=None if act else _uid(given.get("incident")),
        view=str((pin or {}).get("view") or ""),
        known_at=datetime.fromisoformat(known) if known else None,
        lon=centre[0] if centre else None,
        lat=centre[1] if centre else None,
        owner=(given.get("owner") or "") if kind == "follow_up" else "",
        due=_moment(given.get("due"), region) if kind == "follow_up" else None,
        begins=_day(given.get("begins")) if kind == "intervention" else None,
        ends=_day(given.get("ends")) if kind == "intervention" else None,
        about=number if act in ("done", "accept") else None,
        corrects=number if act == "correct" else None,
    )


def filled(row: Mapping[str, Any], region: Region) -> dict[str, Any]:
    """What the fields hold when this entry is corrected."""
    due = row["due"].astimezone(region.zone).strftime("%Y-%m-%d %H:%M:%S") if row["due"] else None
    days = {name: str(row[name]) if row[name] else None for name in ("begins", "ends")}
    return {"kind": row["kind"], "text": row["text"], "owner": row["owner"], "due": due, **days}


def _uid(text: str | None) -> UUID | None:
    found = UID.search(text or "")
    return UUID(found[0]) if found else None


def _moment(text: str | None, region: Region) -> datetime | None:
    """A time of the region, as the field has it: without an offset."""
    return datetime.fromisoformat(text).replace(tzinfo=region.zone) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None

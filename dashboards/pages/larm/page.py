"""The page Larm: open alerts at the left, the gravest kind first; the chosen one at the right; the rules on a tab.

``alert``, ``closed``, ``tab`` and ``rule`` are what is chosen on this page; the moment is the view's: alerts are shown
as they stood then.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import ALL, Input, Output, dcc, html, set_props

from app.domain.permissions import allows
from app.queries import alerts as queries
from app.queries.alerts_rules import names as read_names
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.larm import drawing, duty, rules, rules_frame
from dashboards.pages.larm.text import TEXT
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.services import Services

PATH = "/larm"
ORDER = 6
PERMISSION: Permission = "alerts"
CLOCKS = "known"
CHOICES = ("alert", "closed", "rule", "tab")
WALL = True
STORES = ("larm-shown", "larm-acted")


def layout(words: Words) -> Component:
    """The tabs; the list and one alert side by side; the rules."""
    say = words.say
    tabs = say(
        dmc.SegmentedControl(id="larm-tab", value="alerts", size="xs", data=[], persistence=False),
        data=[{"value": one, "label": {"text": f"larm.tab_{one}"}} for one in ("alerts", "rules")],
        aria_label="larm.tab",
    )
    closed = say(dmc.Checkbox(id="larm-closed", size="sm", checked=False), label="larm.closed")
    return html.Div(
        [
            *(dcc.Store(id=name) for name in STORES),
            html.Section([tabs, closed], className="filters larm-filters"),
            html.Div([_list(words), _detail(words)], id="larm-alerts", className="columns larm-columns"),
            rules_frame.panel(words),
        ],
        className="page larm",
    )


def _list(words: Words) -> Component:
    say = words.say
    return say(
        html.Section(
            [
                html.Div(
                    [
                        say(html.H2(id="larm-list-title"), children="larm.list"),
                        html.Span(id="larm-count", role="status"),
                    ],
                    className="caption",
                ),
                html.Ol(html.Li("…", className="nothing"), id="larm-rows", className="larm-rows"),
            ],
            id="larm-list",
            className="card larm-list",
        ),
        aria_label="larm.list",
    )


def _detail(words: Words) -> Component:
    parts: list[Component] = [html.P(id="larm-then", className="note past", hidden=True)]
    if allows(viewer_now(), "alert_duty"):
        parts.append(duty.duty(words))
    else:
        parts.append(html.Div(id="larm-duty", hidden=True))
    body = html.Div(html.P("…", className="nothing"), id="larm-body", className="larm-body")
    return words.say(
        html.Section([*parts, body], id="larm-detail", className="card larm-detail"),
        aria_label="larm.detail",
    )


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    in_browser(
        app,
        "alarm.follow",
        Output("larm-tab", "value"),
        Output("larm-closed", "checked"),
        Output("larm-alerts", "hidden"),
        Output("larm-rules", "hidden"),
        Input("choice", "data"),
    )
    in_browser(
        app,
        "alarm.pick",
        Input("larm-tab", "value"),
        Input("larm-closed", "checked"),
        prevent_initial_call=True,
    )
    in_browser(
        app, "alarm.choose", Input({"type": "larm-row", "alert": ALL}, "n_clicks"), prevent_initial_call=True
    )
    in_browser(app, "alarm.drawn", Input("larm-body", "children"), prevent_initial_call=True)
    duty.register(app, services)
    rules.register(app, services)
    _register_reading(app, services)


def _register_reading(app: Dash, services: Services) -> None:
    @callback(
        app,
        PERMISSION,
        Output("larm-rows", "children"),
        Output("larm-count", "children"),
        Output("larm-body", "children"),
        Output("larm-shown", "data"),
        Output("larm-duty", "hidden"),
        Output("larm-then", "children"),
        Output("larm-then", "hidden"),
        Input("choice", "data"),
        Input("known", "data"),
        Input("tick", "data"),
        Input("minute", "n_intervals"),
        Input("larm-acted", "data"),
        Input("lang", "data"),
        Input("again", "data"),
    )
    async def show(
        choice: dict[str, str] | None, known: str | None, _tick: Any, _minute: Any, _acted: Any, lang: str | None,
        _again: Any,
    ) -> tuple[Any, ...]:  # fmt: skip
        words = Words(language_of(lang), COMMON, TEXT)
        chosen, at = choice or {}, datetime.fromisoformat(known).astimezone(UTC) if known else None
        incidents, pairs = allows(viewer_now(), "incidents"), allows(viewer_now(), "pairs")
        asked = _uid(chosen.get("alert"))
        async with services.reader().transaction() as connection:
            rows = await queries.alerts(connection, at)
            listed = rows if chosen.get("closed") else [row for row in rows if row["state"] != "closed"]
            first = UUID(listed[0]["uid"]) if listed and "alert" not in chosen else asked
            one = await queries.alert(connection, first, at) if first else None
            sources = await queries.sources(connection, first, at) if one and first and incidents else []
            names = await read_names(connection) if one else None
        set_props("fault", {"data": None})
        shown = one["uid"] if one else None
        lines = [drawing.line(row, words, services.region, chosen=row["uid"] == shown) for row in listed]
        if one and names:
            body: Any = drawing.detail(one, one["life"], sources, words, services.region, names, pairs=pairs)
        else:
            missing = "larm.gone" if "alert" in chosen else "larm.choose" if listed else "larm.calm"
            body = drawing.nothing(words[missing])
        is_open = [row for row in rows if row["state"] != "closed"]
        count = words.fill("larm.count", n=len(is_open), probation=sum(row["probation"] for row in is_open))
        none = html.Li(words["larm.none"], className="nothing", id="larm-none")
        then = words["larm.then"] if at else ""
        return lines or none, count, body, shown, one is None or at is not None, then, at is None


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None

"""The page Loggbok: the log book as a calm time line, the form, the shift handover, and one case as it became known.

``of`` (kind), ``open``, ``write``, ``shift`` and ``case`` are chosen on this page; area and moment are the view's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, dcc, html, no_update

from app.domain.errors import LagesbildError, Unavailable
from app.domain.log_book import kinds
from dashboards.components.filters import area_field
from dashboards.components.format import moment
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.loggbok import case, form, reading, shift, timeline
from dashboards.pages.loggbok.text import TEXT
from dashboards.pages.loggbok.timeline import Drawing
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.services import Services

PATH = "/loggbok"
ORDER = 7
CLOCKS = "known"
CHOICES = ("case", "of", "open", "write", "shift")
PERMISSION: Permission = "notes"
STORES = ("log-pin", "log-target", "log-added", "log-shown", "log-again", "log-told")


def layout(words: Words) -> Component:
    """Filters and buttons on top; form, handover and case where they are asked for; the time line and what is open."""
    say = words.say
    return html.Div(
        [
            *(dcc.Store(id=name) for name in STORES),
            _filters(words),
            html.P(id="log-said", className="log-said", role="status"),
            form.form(words),
            shift.panel(words),
            case.panel(words),
            html.Div(
                [
                    say(
                        html.Section(
                            [
                                say(html.H2(id="log-line-title"), children="logg.line"),
                                html.P(id="log-then", className="note past", hidden=True),
                                html.Div(html.P("…", className="nothing"), id="log-rows"),
                                html.P(id="log-most", className="most", hidden=True),
                            ],
                            id="log-line",
                            className="card log-line",
                        ),
                        aria_label="logg.line",
                    ),
                    say(
                        html.Aside(
                            [
                                html.Div(
                                    [
                                        say(html.H2(id="log-items-title"), children="logg.open_items"),
                                        html.Span(id="log-items-count", role="status"),
                                    ],
                                    className="caption",
                                ),
                                html.Ul(id="log-items"),
                            ],
                            id="log-open-items",
                            className="card log-items",
                        ),
                        aria_label="logg.open_items",
                    ),
                ],
                className="log-columns",
            ),
        ],
        className="page sheet loggbok",
    )


def _filters(words: Words) -> Component:
    say = words.say
    of = say(
        dmc.Select(id="log-of", data=[], size="sm", clearable=True, className="of"),
        data=[{"value": kind, "label": {"text": f"logg.kind_{kind}"}} for kind in kinds()],
        placeholder="logg.of_all",
        aria_label="logg.of",
    )
    return html.Section(
        [
            area_field(words),
            of,
            say(dmc.Checkbox(id="log-only-open", size="sm", checked=False), label="logg.open"),
            html.Span(className="grow"),
            say(dmc.Button(id="log-write", size="sm", variant="default", n_clicks=0), children="logg.write"),
            say(dmc.Button(id="log-shift", size="sm", n_clicks=0), children="logg.shift"),
        ],
        className="filters log-filters",
    )


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    _register_browser(app)
    _register_reading(app, services)
    _register_form(app, services)
    shift.register(app, services)
    case.register(app, services)


def _register_browser(app: Dash) -> None:
    in_browser(
        app,
        "log.follow",
        *(Output(name, "hidden") for name in ("log-form", "log-handover", "log-case")),
        Output("log-of", "value"),
        Output("log-only-open", "checked"),
        Input("choice", "data"),
    )
    in_browser(
        app, "log.filter", Input("log-of", "value"), Input("log-only-open", "checked"), prevent_initial_call=True
    )  # fmt: skip
    in_browser(
        app,
        "log.press",
        *(Input(name, "n_clicks") for name in ("log-write", "log-shift", "log-cancel", "log-handover-close")),
        prevent_initial_call=True,
    )
    in_browser(app, "log.pinned", Output("log-pin", "data"), Input("view", "data"))
    in_browser(
        app, "log.shape", Input("log-kind", "value"), Input("log-target", "data"), State("query", "data")
    )
    in_browser(
        app,
        "log.act",
        Input({"type": "log-act", "act": ALL, "entry": ALL}, "n_clicks"),
        State("log-told", "data"),
        prevent_initial_call=True,
    )
    in_browser(app, "log.entered", Input("log-added", "data"), prevent_initial_call=True)


def _register_reading(app: Dash, services: Services) -> None:
    @callback(
        app,
        "notes",
        Output("log-rows", "children"),
        Output("log-items", "children"),
        Output("log-items-count", "children"),
        Output("log-then", "children"),
        Output("log-then", "hidden"),
        Output("log-most", "children"),
        Output("log-most", "hidden"),
        Output("log-told", "data"),
        Input("query", "data"),
        Input("choice", "data"),
        Input("lang", "data"),
        Input("log-added", "data"),
        Input("minute", "n_intervals"),
        Input("again", "data"),
        prevent_initial_call=True,
    )
    async def read(
        query: dict[str, Any] | None, choice: dict[str, str] | None, lang: str | None, _added: Any, _minute: int,
        _again: float,
    ) -> tuple[Any, ...]:  # fmt: skip
        if not query:
            return (no_update,) * 8
        words = Words(language_of(lang), COMMON, TEXT)
        told = await reading.book(services, query, choice or {})
        draw = Drawing(words, services.region, viewer_now(), told.at, live=told.live)
        rows = timeline.line(told.rows, draw) or html.P(words["logg.empty"], className="nothing")
        late = sum(row["overdue"] for row in told.items)
        items = timeline.items(told.items, draw) or html.Li(words["logg.open_none"], className="nothing")
        then = words.fill("logg.then", when=moment(told.at, services.region, words.language))
        return (
            rows,
            items,
            words.fill("logg.open_count", n=len(told.items), late=late) if told.items else "",
            then,
            told.live,
            words.fill("logg.most", n=reading.MOST),
            len(told.rows) < reading.MOST,
            {row["entry"]: form.filled(row, services.region) for row in (*told.rows, *told.items)},
        )


def _register_form(app: Dash, services: Services) -> None:
    @callback(
        app,
        "notes",
        Output("log-pinned", "children"),
        Input("query", "data"),
        Input("log-pin", "data"),
        Input("lang", "data"),
        Input("choice", "data"),
        prevent_initial_call=True,
    )
    async def pinned(
        query: dict[str, Any] | None, pin: dict[str, Any] | None, lang: str | None, choice: dict[str, str] | None
    ) -> Any:  # fmt: skip
        if not query or not choice or not choice.get("write"):
            return no_update
        words = Words(language_of(lang), COMMON, TEXT)
        known = reading.moment_of(query)
        when = (
            words.fill("logg.seen", when=moment(known, services.region, words.language))
            if known
            else words["logg.now"]
        )
        where = await reading.area_name(services, query.get("area")) or words["logg.region"]
        page = str((pin or {}).get("page") or "")
        return words.fill(
            "logg.pinned",
            what=" · ".join((where, when, *([words.fill("logg.page", page=page)] if page else []))),
        )

    @callback(
        app,
        "notes",
        Output("log-added", "data"),
        Output("log-said", "children"),
        Output("log-form-said", "children"),
        Input("log-add", "n_clicks"),
        *(
            State(f"log-{name}", "checked" if name in ("to_all", "at_centre") else "value")
            for name in form.FIELDS
        ),
        State("log-target", "data"),
        State("log-pin", "data"),
        State("query", "data"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def add(clicks: int, *stated: Any) -> tuple[Any, ...]:
        if not clicks:
            return (no_update,) * 3
        *values, target, pin, query, lang = stated
        given = dict(zip(form.FIELDS, values, strict=True))
        words = Words(language_of(lang), COMMON, TEXT)
        pin = {**(pin or {}), "view": reading.pinned_view(pin)}
        entry = form.entry_of(given, target, query or {}, pin, services.region)
        wrong = form.problem(given, entry, viewer_now())
        if wrong:
            return no_update, no_update, words[wrong]
        try:
            made = await reading.add(services, entry)
        except Unavailable:
            raise  # the shell says so, and asks again
        except LagesbildError as error:
            incident = entry.incident is not None and "incident" in str(error)
            own = viewer_now().role == "area_chief"
            key = "logg.need_own" if own else "logg.bad_incident" if incident else "logg.refused"
            return no_update, no_update, words[key]
        return {"entry": made["entry"]}, words["logg.added"], ""

"""The frame's stores and callbacks: the view, the language, the theme, the clock and the feeds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from dash import Dash, Input, Output, State, dcc, html

from app.domain.permissions import allows
from dashboards.components import alert_badge, changed, freshness, saved_views, why
from dashboards.components.header import header
from dashboards.components.menu import menu
from dashboards.components.timebar import timebar
from dashboards.dom import HIDDEN, in_browser, marked
from dashboards.guard import callback
from dashboards.services import viewer_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboards.discovery import Page
    from dashboards.services import Services
    from dashboards.words import Words

CONTROLS = (
    "kind", "area", "offence", "window", "dates", "first-hour", "last-hour", "layer", "panel", "language",
)  # fmt: skip
"""Components whose ``value`` is a part of the view."""
STORED = ("known", "chosen", "camera", "choice", "changed", "theme-now", "lang")
"""Stores whose ``data`` is."""


def stores() -> list[Component]:
    """What the browser keeps while the page is open.

    ``view`` is everything that is looked at; ``query`` the part of it that changes figures; ``known`` the moment
    (ISO, or None for live); ``chosen`` the incident that is open; ``camera`` longitude, latitude and zoom; ``choice``
    what is chosen on this page only (its ``CHOICES``); ``changed`` the moment since which changes are told; ``shift``
    when the viewer's last shift ended; ``tick`` goes up when news has come; ``again`` when an answer
    failed; ``fault`` is what is wrong.
    """
    names = (
        "address",
        "view",
        "query",
        "known",
        "chosen",
        "camera",
        "choice",
        "changed",
        "shift",
        "tick",
        "again",
        "fault",
        "theme-now",
        "lang",
        "server-time",
    )
    return [
        *(dcc.Store(id=name) for name in names),
        dcc.Interval(id="minute", interval=60_000),
        dcc.Interval(id="beat", interval=15_000),
    ]


def asked(search: str | None, name: str) -> str | None:
    """What the address asks for by that name; a script in the page's head has put language and theme there."""
    given = parse_qs((search or "").lstrip("?")).get(name)
    return given[0] if given else None


def screen(services: Services, words: Words, pages: Sequence[Page], page: Page) -> list[Component]:
    """The whole screen in the language of ``words``: the header, the menu, the page and the time bar."""
    content = html.Main(page.module.layout(words), id="content", className="main")
    body = [
        header(services, words, page.permission),
        *([freshness.bar()] if page.leans_on else []),
        menu(words, pages, page),
        marked(content, {"data-choices": " ".join(page.choices)}),
        *([] if page.clocks == "none" else [marked(timebar(words), {"data-clocks": page.clocks})]),
    ]
    said = {**words.for_browser(), "page": page.name}
    drawn = html.Div([*body, marked(html.Div(id="wall-turn"), HIDDEN)], className="screen")
    live = page.clocks != "none" and allows(viewer_now(), "figures")  # the stream begins from here
    snapshot = [dcc.Store(id="snapshot")] if live else []
    return [*stores(), *snapshot, dcc.Store(id="words", data=said), *_leaning(page), *_absent(drawn), drawn]


def _leaning(page: Page) -> list[Component]:
    """What the page leans on, for the sentence under the header; on a page that leans on no feed there is none."""
    absent = [] if page.leans_on else [html.Div(id="feed-bar", hidden=True)]
    return [dcc.Store(id="leans-on", data=list(page.leans_on)), *absent]


def _absent(drawn: Component) -> list[Component]:
    """Stand-ins for the controls that a page does not have, so that the view is one and the same on every page."""
    return [
        *(dcc.Input(id=name, type="hidden") for name in CONTROLS if name not in drawn),
        *([] if "named-offences" in drawn else [dcc.Store(id="named-offences")]),
        *([] if "reset" in drawn else [html.Button(id="reset", hidden=True, n_clicks=0)]),
        *([] if "copy" in drawn else [html.Button(id="copy", hidden=True, n_clicks=0)]),
    ]


def register(app: Dash, services: Services) -> None:
    """Register the frame's callbacks."""
    why.register(app, services)
    alert_badge.register(app, services)
    in_browser(
        app,
        "view.sync",
        Output("view", "data"),
        Output("query", "data"),
        *(Output(name, "value") for name in CONTROLS),
        *(Output(name, "data") for name in STORED),
        Input("address", "data"),
        *(Input(name, "value") for name in CONTROLS),
        Input("theme", "n_clicks"),
        *(Input(name, "data") for name in ("known", "chosen", "camera", "choice", "changed", "shift")),
        Input("minute", "n_intervals"),
        Input("reset", "n_clicks"),
        State("view", "data"),
    )
    _register_timebar(app)
    changed.register(app, services)
    saved_views.register(app)
    in_browser(app, "menu.follow", Input("view", "data"), Input("address", "data"))
    in_browser(app, "keys.help", Input("keys", "n_clicks"))
    in_browser(app, "tour.declined", Output("tour-offer", "hidden"), Input("words", "data"))
    in_browser(app, "tour.begin", Input("tour", "n_clicks"))
    in_browser(app, "tour.decline", Input("tour-decline", "n_clicks"))
    in_browser(app, "shell.speak", Input("lang", "data"), Input("words", "data"))
    in_browser(app, "shell.paint", Output("mantine", "forceColorScheme"), Input("theme-now", "data"))
    in_browser(app, "shell.timed", Input("server-time", "data"))
    in_browser(app, "shell.copy", Input("copy", "n_clicks"))
    in_browser(app, "shell.fault", Input("fault", "data"))

    @callback(
        app,
        "pages",
        Output("freshness", "children"),
        Output("feed-bar", "children"),
        Output("feed-bar", "hidden"),
        Output("server-time", "data"),
        Input("beat", "n_intervals"),
        Input("again", "data"),
        Input("lang", "data"),
        Input("known", "data"),
        Input("kind", "value"),
        State("leans-on", "data"),
    )
    async def feeds(
        _beat: int, _again: float, lang: str | None, known: str | None, kind: str | None, leans: list[str]
    ) -> tuple[Any, Any, bool, float]:
        told = freshness.Freshness([], [])
        if allows(viewer_now(), "figures"):
            told = await freshness.read(services, lang, known, kind, leans)
        return told.badges, told.bar, not told.bar, time.time() * 1000


def _register_timebar(app: Dash) -> None:
    in_browser(app, "timebar.follow", Input("view", "data"), Input("shift", "data"))
    in_browser(app, "timebar.drag", Input("known-slider", "value"), prevent_initial_call=True)
    in_browser(app, "timebar.pick", Input("known-pick", "value"), prevent_initial_call=True)
    in_browser(app, "timebar.pace", Input("speed", "value"))
    in_browser(app, "timebar.shift", Output("shift", "data"), Input("words", "data"))
    in_browser(
        app,
        "timebar.press",
        *(Input(name, "n_clicks") for name in ("day-back", "back", "play", "forward", "day-forward", "live")),
        prevent_initial_call=True,
    )

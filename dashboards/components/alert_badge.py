"""The header's badge of alerts: how many wait for somebody, in words and a figure, and the way to them.

It says how many live alerts nobody has acknowledged; those of rules on probation are in its title only. Whoever may not
see alerts has no badge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import Input, Output, html

from app.domain.permissions import allows
from app.queries.alerts import waiting
from dashboards.components import links
from dashboards.dom import HIDDEN, marked
from dashboards.guard import callback
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboards.services import Services

TEXT = {
    "alert.none": ("Inga larm", "No alerts"),
    "alert.one": ("1 larm", "1 alert"),
    "alert.many": ("{n} larm", "{n} alerts"),
    "alert.explained": (
        "Larm som ingen har kvitterat: {n}. På prov: {probation}.",
        "Alerts that nobody has acknowledged: {n}. On probation: {probation}.",
    ),
}
"""The badge's own words: it stands on every page."""


def badge(words: Words) -> list[Component]:
    """The badge, empty until it is filled; nothing for who may not see alerts."""
    if not allows(viewer_now(), "alerts"):
        return []
    link = html.A([marked(html.I(), HIDDEN), html.Span(id="alert-count")], id="alert-badge", href="/larm")
    return [
        marked(
            html.Div(link, className="alert-badge", hidden=True, id="alert-badge-box"),
            {"data-lang": words.language},
        )
    ]


def register(app: Dash, services: Services) -> None:
    """Keep the badge up to date: with news, each minute, and in the language of the page."""

    @callback(
        app,
        "alerts",
        Output("alert-count", "children"),
        Output("alert-badge", "title"),
        Output("alert-badge", "href"),
        Output("alert-badge", "data-state"),
        Output("alert-badge-box", "hidden"),
        Input("tick", "data"),
        Input("minute", "n_intervals"),
        Input("lang", "data"),
        Input("again", "data"),
    )
    async def fill(
        _tick: int | None, _minute: int | None, lang: str | None, _again: float | None
    ) -> tuple[str, str, str, str, bool]:
        words = Words(language_of(lang), TEXT)
        async with services.reader().transaction() as connection:
            live, probation = await waiting(connection)
        if live == 0:
            text = words["alert.none"]
        else:
            text = words["alert.one"] if live == 1 else words.fill("alert.many", n=live)
        title = words.fill("alert.explained", n=live, probation=probation)
        return text, title, links.to("/larm", words), "waiting" if live else "calm", False

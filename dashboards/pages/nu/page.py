"""The page Nu: what happens now, on a wall and on a desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, dcc, html, no_update

from app.domain.permissions import allows
from dashboards.components import choices, incident, table
from dashboards.components import ticker as latest
from dashboards.components.filters import filters
from dashboards.components.map import map_frame
from dashboards.dom import in_browser, marked
from dashboards.guard import callback
from dashboards.pages.nu import comparing, figures
from dashboards.pages.nu.text import TEXT
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.services import Services

PATH = "/"
ORDER = 1
WALL = True
PERMISSION: Permission = "figures"


def layout(words: Words) -> Component:
    """Filters on top; counters, the map or table, and the ticker side by side.

    Whose role sees figures only gets neither the points, the table, the ticker nor an incident, and a sentence why.
    """
    say = words.say
    detailed = allows(viewer_now(), "incidents")
    return html.Div(
        [
            *(dcc.Store(id=name) for name in ("measured", "figure", "usual-told")),
            filters(words, table=detailed),
            html.Div(
                [
                    say(
                        html.Section(
                            [_counted(), _chart(words)],
                            id="left",
                            className="left",
                        ),
                        aria_label="nu.counters",
                    ),
                    marked(
                        html.Div(
                            [map_frame(words, points=detailed), *([table.frame(words)] if detailed else [])],
                            id="middle",
                            className="middle",
                        ),
                        {"data-panel": "map"},
                    ),
                    *([latest.ticker(words), incident.drawer(words)] if detailed else [_why_not(words)]),
                ],
                className="columns",
            ),
        ],
        className="page",
    )


def _counted() -> Component:
    """The counters, and below them whether the window is a usual one, which comes when it is known."""
    usual = html.P(id="usual", className="usual", role="status")
    return html.Div([html.Div(id="counters", className="counters"), usual], className="counted")


def _why_not(words: Words) -> Component:
    say = words.say
    return html.Section(
        [
            say(html.H2(id="figures-only"), children="nu.figures_only"),
            say(html.P(id="figures-only-hint", className="nothing"), children="nu.figures_only_hint"),
        ],
        className="card ticker figures-only",
    )


def _chart(words: Words) -> Component:
    say = words.say
    return html.Div(
        [
            html.Div(
                [
                    html.H2(id="chart-title"),
                    html.Div(
                        [
                            say(html.Span(id="chart-now"), children="nu.chart_now"),
                            say(html.Span(id="chart-before"), children="nu.chart_before"),
                        ],
                        className="key",
                    ),
                ],
                className="caption",
            ),
            html.Div(
                id="chart-frame", className="chart-frame"
            ),  # plotly comes when the map is drawn: live.plot
        ],
        className="card chart",
    )


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks, and those of the components on it: what is asked first is answered first."""
    _register_measuring(app, services)
    choices.register(app, services)
    table.register(app, services)
    incident.register(app, services)
    latest.register(app, services)
    in_browser(app, "map.draw", Input("query", "data"), Input("tick", "data"), State("view", "data"))
    in_browser(app, "live.plot", Input("figure", "data"))
    in_browser(
        app,
        "live.chart",
        Output("chart", "figure"),
        Output("chart", "config"),
        Input("figure", "data"),
        State("lang", "data"),
    )
    in_browser(app, "live.usual", Input("usual-told", "data"))
    in_browser(app, "live.follow", Input("view", "data"))


def _register_measuring(app: Dash, services: Services) -> None:
    """The browser itself asks for the counters and draws them (``assets/45_counters.js``); here is what follows."""
    in_browser(app, "counters.look", Input("tick", "data"), Input("again", "data"), prevent_initial_call=True)

    @callback(
        app,
        "figures",
        Output("figure", "data"),
        Output("chart-title", "children"),
        Input("measured", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        prevent_initial_call=True,
    )
    async def draw(measured: dict[str, Any] | None, lang: str | None, theme: str | None) -> tuple[Any, ...]:
        if measured is None:
            return no_update, no_update
        words = Words(language_of(lang), TEXT)
        series = measured["series"]
        title = words["nu.chart_hours" if series["unit"] == "hour" else "nu.chart_days"]
        return figures.by_time(series, words, theme or "dark"), title

    @callback(
        app,
        "figures",
        Output("usual-told", "data"),
        Input("measured", "data"),
        State("query", "data"),
        prevent_initial_call=True,
    )
    async def compare(measured: dict[str, Any] | None, query: dict[str, Any]) -> dict[str, str] | None:
        if measured is None or measured["filling"]:
            return None
        return await comparing.usual(services, query, measured["now"]["incidents"], datetime.now(UTC))

"""The page Nu: what happens now, on a wall and on a desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, dcc, html, no_update, set_props

from app.domain.permissions import allows
from dashboards.components import choices, incident, table
from dashboards.components import ticker as latest
from dashboards.components.filters import filters
from dashboards.components.format import number
from dashboards.components.map import map_frame
from dashboards.dom import in_browser, marked
from dashboards.guard import callback
from dashboards.pages.nu import figures, reading
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
                            [_counted(words), _chart(words)],
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


def _waiting(words: Words) -> Component:
    return html.Div(
        [html.H2(words["nu.incidents"]), html.Div("…", className="figure")], className="card counter"
    )


def _counted(words: Words) -> Component:
    """The counters, and below them whether the window is a usual one, which comes when it is known."""
    usual = html.P(id="usual", className="usual", role="status")
    return html.Div(
        [html.Div(_waiting(words), id="counters", className="counters"), usual], className="counted"
    )


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
    in_browser(app, "live.answered", Input("counters", "children"), State("measured", "data"))
    in_browser(app, "live.follow", Input("view", "data"))


def _register_measuring(app: Dash, services: Services) -> None:
    """One question for all figures of the page, answered with all that shows them; the words follow by themselves."""
    shown = [
        ("counters", "children"),
        ("map-totals", "children"),
        ("figure", "data"),
        ("chart-title", "children"),
    ]

    @callback(
        app,
        "figures",
        Output("measured", "data"),
        *(Output(*one) for one in shown),
        Input("query", "data"),
        Input("tick", "data"),
        Input("again", "data"),
        State("lang", "data"),
        State("theme-now", "data"),
        prevent_initial_call=True,
    )
    async def measure(
        query: dict[str, Any], _tick: int, _again: float, lang: str | None, theme: str | None
    ) -> tuple[Any, ...]:
        measured = await reading.read(services, query, datetime.now(UTC))
        set_props("fault", {"data": None})
        return measured, *_drawn(measured, lang, theme)

    @callback(
        app,
        "figures",
        *(Output(*one, allow_duplicate=True) for one in shown),
        Input("lang", "data"),
        Input("theme-now", "data"),
        State("measured", "data"),
        prevent_initial_call=True,
    )
    async def render(lang: str | None, theme: str | None, measured: dict[str, Any] | None) -> Any:
        return _drawn(measured, lang, theme) if measured else [no_update] * len(shown)

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
        return await reading.usual(services, query, measured["now"]["incidents"], datetime.now(UTC))


def _drawn(measured: dict[str, Any], lang: str | None, theme: str | None) -> tuple[Any, ...]:
    words = Words(language_of(lang), TEXT)
    return (
        _counters(measured, words),
        _totals(measured, words),
        figures.by_time(measured["series"], words, theme or "dark"),
        words["nu.chart_hours" if measured["series"]["unit"] == "hour" else "nu.chart_days"],
    )


def _counters(measured: dict[str, Any], words: Words) -> list[Component]:
    now, before = measured["now"], None if measured["filling"] else measured["before"]
    harm = (
        _counter(words, "harm", now, before, more="nu.higher", fewer="nu.lower", minor=True)
        if measured["weighted"]
        else html.Div(
            [html.H2(words["nu.harm"]), html.P(words["nu.no_weights"], className="compared")],
            className="card counter minor",
        )
    )
    return [
        _counter(words, "incidents", now, before),
        html.Div(
            [_counter(words, "offences", now, before, minor=True), harm],
            className="pair",
        ),
    ]


def _counter(
    words: Words,
    name: str,
    now: dict[str, float],
    before: dict[str, float] | None,
    *,
    more: str = "nu.more",
    fewer: str = "nu.fewer",
    minor: bool = False,
) -> Component:
    language = words.language
    if before is None:
        text, explained = words["nu.filling"], words["nu.filling_explained"]
    else:
        difference = round(now[name]) - round(before[name])
        text = (
            words["nu.same"]
            if difference == 0
            else words.fill(more if difference > 0 else fewer, n=number(abs(difference), language))
        )
        explained = words.fill("nu.compared_explained", n=number(before[name], language))
    return html.Div(
        [
            html.H2(words[f"nu.{name}"], title=words["nu.harm_explained"] if name == "harm" else None),
            html.Div(
                [
                    html.Span(number(now[name], language), id=f"total-{name}"),
                ],
                className="figure",
            ),
            html.P(text, className="compared", title=explained),
        ],
        className="card counter minor" if minor else "card counter",
    )


def _totals(measured: dict[str, Any], words: Words) -> Component:
    total, without = measured["now"]["incidents"], measured["without"]
    language = words.language
    if not total:
        return html.Div([html.B(words["nu.empty"]), html.Div(words["nu.empty_hint"])], className="empty")
    return html.Div(
        [
            html.B(words.fill("nu.on_map", n=number(total - without, language)), id="on-map"),
            html.B(
                words.fill("nu.without", n=number(without, language)),
                id="without-position",
                className="without some" if without else "without",
            ),
            html.B(words.fill("nu.total", n=number(total, language)), id="map-total"),
        ],
        className="sum",
    )

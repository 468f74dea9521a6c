"""The ticker: the latest known, newest first. Rows are written by ``assets/ticker.js`` from the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, html

from app.domain.permissions import allows
from app.queries.latest import codes_meant, latest
from app.queries.ledger import latest_position
from dashboards.dom import in_browser, marked
from dashboards.guard import callback
from dashboards.services import viewer_now
from dashboards.view import question

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboards.services import Services
    from dashboards.words import Words

WHERE = "/"
"""The page that has the list."""
SHOWN = (
    "uid",
    "known_at",
    "day",
    "occurred_from",
    "offence_sv",
    "offence_en",
    "title",
    "area_name",
    "lon",
    "lat",
    "protected",
    "change",
    "backfilled",
)


def ticker(words: Words) -> Component:
    """Draw the empty list."""
    say = words.say
    return say(
        html.Section(
            [
                html.Div(
                    [
                        say(html.H2(id="ticker-title"), children="ticker.title"),
                        html.Span(id="ticker-missed", role="status"),
                    ],
                    className="caption",
                ),
                marked(html.Ol(id="ticker-list"), {"aria-live": "polite", "aria-relevant": "additions"}),
                say(html.P(id="ticker-empty", className="nothing", hidden=True), children="ticker.empty"),
            ],
            id="ticker",
            className="card ticker",
        ),
        aria_label="ticker.title",
    )


def register(app: Dash, services: Services) -> None:
    """Register the callback that begins the ticker: the latest rows and the ledger position they stand at.

    Both are of one snapshot, so the stream that goes on from the position misses and doubles nothing. A page without
    the list, and who sees figures only, gets the position alone: the stream tells that the figures have moved.
    """
    in_browser(app, "live.begin", Input("snapshot", "data"))

    @callback(
        app,
        "figures",
        Output("snapshot", "data"),
        Input("query", "data"),
        Input("again", "data"),
        State("place", "pathname"),
        prevent_initial_call=True,
    )
    async def begin(query: dict[str, Any], _again: float, path: str) -> dict[str, Any]:
        window, filters = question(query)
        detailed = path == WHERE and allows(viewer_now(), "incidents")
        async with services.reader().transaction() as connection:
            position = await latest_position(connection)
            found = await latest(connection, window, filters) if detailed else []
            areas, offences = await codes_meant(connection, window, filters)
        rows = [{name: row[name] for name in SHOWN} for row in found]
        return {"query": query, "position": str(position), "rows": rows, "areas": areas, "offences": offences}

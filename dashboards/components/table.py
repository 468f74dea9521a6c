"""The table behind the map: the same incidents, page by page, each page from where the one before ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Input, Output, State, ctx, dcc, html, no_update

from app.queries.counts import counts
from dashboards.components import rows
from dashboards.components.format import number
from dashboards.components.text import TEXT
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.view import question
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboards.services import Services

PAGE = 200
COLUMNS = ("occurred", "known", "offence", "area", "position")
THEME = (
    "themeQuartz.withParams({backgroundColor: 'var(--card)', foregroundColor: 'var(--text)', "
    "headerBackgroundColor: 'var(--raised)', headerTextColor: 'var(--soft)', borderColor: 'var(--line)', "
    "rowHoverColor: 'var(--raised)', accentColor: 'var(--accent)', fontFamily: 'Inter, sans-serif', "
    "fontSize: '0.82rem', wrapperBorder: false, wrapperBorderRadius: 0, spacing: 6})"
)
"""The grid in the page's own colours, so that it follows the theme by itself."""
WIDTHS = {"occurred": 150, "known": 170, "offence": 340, "area": 190, "position": 110}


def frame(words: Words) -> Component:
    """Draw the empty grid."""
    say = words.say
    return say(
        html.Section(
            [
                dcc.Store(id="table-pages"),
                html.Div(
                    [
                        html.Span(id="table-shown", role="status"),
                        say(
                            dmc.Button(id="more", size="xs", variant="default", n_clicks=0),
                            children="table.more",
                        ),
                        say(
                            html.A(id="csv", href="#", download="", className="save"),
                            children="table.csv",
                            title="table.csv_explained",
                        ),
                    ],
                    className="caption",
                ),
                say(
                    dag.AgGrid(
                        id="grid",
                        rowData=[],
                        columnDefs=[],
                        getRowId="params.data.uid",
                        className="grid",
                        defaultColDef={"sortable": True, "resizable": True, "filter": True, "flex": 1},
                        dashGridOptions={
                            "theme": {"function": THEME},
                            "rowSelection": {
                                "mode": "singleRow",
                                "checkboxes": False,
                                "enableClickSelection": True,
                            },
                            "getLocaleText": {"function": "gridText(params)"},
                            "animateRows": False,
                            "rowHeight": 34,
                        },
                        style={"height": "100%", "width": "100%"},
                    ),
                    columnDefs=[_column(name) for name in COLUMNS],
                ),
            ],
            id="table",
            className="card table-frame",
        ),
        aria_label="table.label",
    )


def _column(name: str) -> dict[str, Any]:
    column = {
        "field": name,
        "headerName": {"text": f"table.{name}"},
        "minWidth": WIDTHS[name] // 2,
        "flex": WIDTHS[name],
    }
    return column | ({"sort": "desc"} if name == "occurred" else {})


def register(app: Dash, services: Services) -> None:
    """Register the table's callbacks. It is read only while it is looked at."""
    in_browser(app, "table.choose", Input("grid", "selectedRows"))
    in_browser(
        app,
        "table.save",
        Output("csv", "href"),
        Input("query", "data"),
        Input("lang", "data"),
        prevent_initial_call=True,
    )

    @callback(
        app,
        "incidents",
        Output("grid", "rowData"),
        Output("table-pages", "data"),
        Output("table-shown", "children"),
        Output("more", "disabled"),
        Input("query", "data"),
        Input("tick", "data"),
        Input("again", "data"),
        Input("panel", "value"),
        Input("lang", "data"),
        Input("more", "n_clicks"),
        State("table-pages", "data"),
        prevent_initial_call=True,
    )
    async def fill(
        query: dict[str, Any] | None,
        _tick: int,
        _again: float,
        panel: str,
        lang: str | None,
        _more: int,
        pages: dict[str, Any] | None,
    ) -> Any:
        if query is None or panel != "table":
            return no_update, no_update, no_update, no_update
        words = Words(language_of(lang), TEXT)
        window, filters = question(query)
        wanted = (
            1 if pages is None or pages["query"] != query else pages["count"] + (ctx.triggered_id == "more")
        )
        async with services.reader().transaction() as connection:
            total = (await counts(connection, window, filters, ()))[0]["incidents"]
            found, more = await rows.pages(connection, window, filters, size=PAGE, count=wanted)
        shown = words.fill(
            "table.shown", shown=number(len(found), words.language), total=number(total, words.language)
        )
        drawn = [rows.for_table(row, services.region, words) for row in found]
        return drawn, {"query": query, "count": wanted}, shown, not more

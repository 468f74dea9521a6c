"""The parts of the page as they stand before anything is read: filters, the list with its note, and the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import html

from app.commands.audit import OUTCOMES
from app.queries.audit import ACTIONS
from dashboards.components.table import THEME
from dashboards.pages.granskning.reading import DAYS

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboards.words import Words

WIDTHS = {
    "at": 220, "name": 150, "role": 120, "action": 90, "reason": 240, "persons": 190, "found": 80, "what": 160,
    "areas": 110, "sealed": 120, "log_id": 80,
}  # fmt: skip


def filters(words: Words) -> Component:
    """Days, action, who."""
    say = words.say
    return html.Section(
        [
            say(
                dmc.SegmentedControl(id="review-days", value="7", data=[], size="sm"),
                data=[{"value": str(days), "label": {"text": f"review.days_{days}"}} for days in DAYS],
                aria_label="review.days",
            ),
            say(
                dmc.SegmentedControl(id="review-action", value="all", data=[], size="sm", className="actions"),
                data=[{"value": name, "label": {"text": f"review.action_{name}"}} for name in ("all", *ACTIONS)],
                aria_label="review.action",
            ),
            say(
                dmc.Select(
                    id="review-actor", data=[], searchable=True, clearable=True, size="sm", className="area",
                    maxDropdownHeight=420,
                ),
                placeholder="review.actor_all", aria_label="review.actor",
            ),
            say(dmc.Button(id="review-reset", variant="subtle", size="sm", n_clicks=0), children="review.reset"),
        ],
        className="filters",
    )  # fmt: skip


def unusual(words: Words) -> Component:
    """The list of unusual readings, and below it the note on the one that is chosen."""
    say = words.say
    return say(
        html.Section(
            [
                html.Div(
                    [
                        say(html.H2(id="review-unusual"), children="review.unusual"),
                        html.Span(id="review-open", role="status"),
                    ],
                    className="caption",
                ),
                html.Ol(id="review-rows", className="entries"),
                _note(words),
                say(html.P(id="review-facts", className="facts-note"), children="review.facts"),
            ],
            id="review-list",
            className="card review-list",
        ),
        aria_label="review.unusual",
    )


def _note(words: Words) -> Component:
    say = words.say
    return html.Div(
        [
            html.Div(
                [
                    say(html.H2(id="review-note-title"), children="review.note_title"),
                    say(
                        dmc.Button(id="review-close", variant="subtle", size="xs", n_clicks=0),
                        children="review.close",
                    ),
                ],
                className="caption",
            ),
            html.Ol(id="review-notes", className="noted"),
            say(
                dmc.SegmentedControl(id="review-outcome", value="justified", data=[], size="xs"),
                data=[{"value": name, "label": {"text": f"review.outcome_{name}"}} for name in OUTCOMES],
                aria_label="review.outcome",
            ),
            say(
                dmc.Textarea(
                    id="review-text",
                    autosize=True,
                    minRows=2,
                    maxRows=5,
                    size="sm",
                ),
                aria_label="review.note",
                placeholder="review.note_hint",
            ),
            html.Div(
                [
                    say(dmc.Button(id="review-save", size="sm", n_clicks=0), children="review.save"),
                    html.Span(id="review-said", className="said", role="status"),
                ],
                className="line",
            ),
        ],
        id="review-note",
        className="review-note",
        hidden=True,
    )


def log(words: Words) -> Component:
    """The table of the log's rows."""
    say = words.say
    grid = dag.AgGrid(
        id="log-grid",
        rowData=[],
        columnDefs=[],
        getRowId="params.data.key",
        className="grid",
        defaultColDef={"sortable": True, "resizable": True, "filter": True, "flex": 1},
        dashGridOptions={
            "theme": {"function": THEME},
            "getLocaleText": {"function": "gridText(params)"},
            "animateRows": False,
            "suppressNoRowsOverlay": True,
            "rowHeight": 34,
            "enableCellTextSelection": True,
        },
        style={"height": "100%", "width": "100%"},
    )
    return say(
        html.Section(
            [
                html.Div(
                    [
                        say(html.H2(id="review-log-title"), children="review.log"),
                        html.Span(id="review-shown", role="status"),
                        html.Span(className="grow"),
                        say(
                            html.A(id="review-csv", href="#", download="", className="save"),
                            children="review.csv",
                            title="review.csv_explained",
                        ),
                    ],
                    className="caption",
                ),
                say(grid, columnDefs=[_column(name) for name in WIDTHS]),
            ],
            id="review-log",
            className="card table-frame review-log",
        ),
        aria_label="review.log",
    )


def _column(name: str) -> dict[str, Any]:
    return {
        "field": name, "headerName": {"text": f"review.col_{name}"}, "minWidth": WIDTHS[name], "flex": WIDTHS[name],
        "tooltipField": name,
    }  # fmt: skip

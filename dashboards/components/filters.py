"""What to look at: kind, area and offence group. The window of time is in the time bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_mantine_components as dmc
from dash import dcc, html

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboards.words import Words


def filters(words: Words, *, table: bool = True) -> Component:
    """Draw the row of filters. The choices of area and offence come from the database.

    What the region has a name for (``named_offences.toml``) is one press of a button besides.
    Without ``table`` there is no choice between map and table.
    """
    say = words.say
    return html.Section(
        [
            say(
                dmc.SegmentedControl(id="kind", value="report", data=[], size="sm"),
                data=[
                    {"value": kind, "label": {"text": f"kind.{kind}"}}
                    for kind in ("report", "call", "notice")
                ],
                aria_label="filter.kind",
            ),
            area_field(words),
            say(
                dmc.MultiSelect(
                    id="offence",
                    data=[],
                    value=[],
                    searchable=True,
                    clearable=True,
                    hidePickedOptions=True,
                    size="sm",
                    className="offence",
                    maxDropdownHeight=420,
                ),
                placeholder="filter.offence_all",
                aria_label="filter.offence",
                nothingFoundMessage="filter.none_found",
            ),
            dcc.Store(id="named-offences"),
            html.Span(id="named", className="named"),
            say(dmc.Button(id="reset", variant="subtle", size="sm", n_clicks=0), children="filter.reset"),
            html.Span(className="grow"),
            say(
                dmc.Button(id="copy", variant="subtle", size="sm", n_clicks=0, className="copy"),
                children="shell.copy",
            ),
            html.Span(id="said", className="said", role="status"),
            *(
                []
                if not table
                else [
                    say(
                        dmc.SegmentedControl(id="panel", value="map", data=[], size="sm"),
                        data=[
                            {"value": panel, "label": {"text": f"panel.{panel}"}}
                            for panel in ("map", "table")
                        ],
                        aria_label="panel.label",
                    )
                ]
            ),
        ],
        className="filters",
    )


def area_field(words: Words) -> Component:
    """The choice of one area of the region; none is the whole region."""
    field: Component = dmc.Select(
        id="area",
        data=[],
        searchable=True,
        clearable=True,
        size="sm",
        className="area",
        maxDropdownHeight=420,
    )
    return words.say(
        field,
        placeholder="filter.area_all",
        aria_label="filter.area",
        nothingFoundMessage="filter.none_found",
    )

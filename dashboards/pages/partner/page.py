"""The page Statistik för partner: all of it is drawn from one edition's content, the object that the API gives."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Input, Output, dcc, html, set_props

from app.disclosure.declared import time_names
from dashboards.components.format import moment, number
from dashboards.components.table import THEME
from dashboards.components.text import TEXT as COMMON
from dashboards.guard import callback
from dashboards.pages.partner import figures, reading
from dashboards.pages.partner.text import TEXT
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.pages.partner.reading import Told
    from dashboards.services import Services

PATH = "/partner"
ORDER = 12
CLOCKS = "none"
PERMISSION: Permission = "cubes"
CHOICES = ("cube", "period", "split", "areas")
CONFIG: Any = {"displayModeBar": False}


def layout(words: Words) -> Component:
    """Choices on top; what the edition is; the chart and the table side by side; what hidden means."""
    return html.Div(
        [_choices(words), html.Div(id="partner-facts", className="partner-facts"), _pictures(words)],
        className="page partner",
    )


def _choices(words: Words) -> Component:
    say = words.say
    return html.Div(
        [
            say(_select("partner-cube", "partner-wide"), aria_label="partner.cube"),
            say(_select("partner-period", ""), aria_label="partner.period"),
            say(_select("partner-split", ""), aria_label="partner.split_offence"),
            say(_select("partner-areas", ""), aria_label="partner.areas"),
            html.Div(className="grow"),
            say(html.A(id="partner-csv", className="partner-link", download=""), children="partner.csv"),
            say(
                html.A(id="partner-json", className="partner-link", download="edition.json"),
                children="partner.json",
            ),
        ],
        className="filters",
    )


def _select(name: str, more: str) -> Any:
    return dmc.Select(
        id=name, data=[], size="xs", allowDeselect=False, className=f"partner-select {more}", persistence=False,
        comboboxProps={"withinPortal": True},
    )  # fmt: skip


def _pictures(words: Words) -> Component:
    say = words.say
    return html.Div(
        [
            say(
                html.Section(
                    [
                        html.Div(
                            [say(html.H2(id="partner-chart-title"), children="partner.chart"),
                             html.Span(id="partner-chart-of", className="partner-of")],
                            className="caption",
                        ),
                        html.Div(
                            dcc.Graph(id="partner-chart", config=CONFIG, responsive=True, figure={}),
                            className="partner-scroll",
                        ),
                    ],
                    id="partner-left",
                    className="card partner-card",
                ),
                aria_label="partner.chart",
            ),
            say(
                html.Section(
                    [
                        html.Div(say(html.H2(id="partner-table-title"), children="partner.table"), className="caption"),
                        dag.AgGrid(
                            id="partner-grid",
                            rowData=[],
                            columnDefs=[],
                            className="grid",
                            defaultColDef={"sortable": True, "resizable": True, "flex": 1},
                            dashGridOptions={
                                "theme": {"function": THEME},
                                "getLocaleText": {"function": "gridText(params)"},
                                "animateRows": False,
                                "rowHeight": 32,
                            },
                            style={"height": "100%", "width": "100%"},
                        ),
                    ],
                    id="partner-right",
                    className="card partner-card",
                ),
                aria_label="partner.table",
            ),
            html.Aside(
                [
                    say(html.H2(id="partner-help-title"), children="partner.help_title"),
                    say(html.P(id="partner-help"), children="partner.help"),
                    say(html.P(id="partner-counted"), children="partner.counted"),
                ],
                className="card partner-help",
            ),
        ],
        className="partner-columns",
    )  # fmt: skip


def register(app: Dash, services: Services) -> None:
    """Register the page's one callback."""

    @callback(
        app,
        "cubes",
        *(
            Output(f"partner-{name}", prop)
            for name in ("cube", "period", "split", "areas")
            for prop in ("data", "value")
        ),
        Output("partner-split", "aria-label"),
        Output("partner-facts", "children"),
        Output("partner-chart-of", "children"),
        Output("partner-chart", "figure"),
        Output("partner-chart", "config"),
        Output("partner-grid", "columnDefs"),
        Output("partner-grid", "rowData"),
        Output("partner-csv", "href"),
        Output("partner-json", "href"),
        *(Input(f"partner-{name}", "value") for name in CHOICES),
        Input("lang", "data"),
        Input("theme-now", "data"),
        Input("again", "data"),
    )
    async def show(
        cube: str | None, period: str | None, split: str | None, areas: str | None, lang: str | None, theme: str | None,
        _again: float,
    ) -> tuple[Any, ...]:  # fmt: skip
        words = Words(language_of(lang), COMMON, TEXT)
        told = await reading.read(services, cube, period)
        set_props("fault", {"data": None})
        if told is None:
            empty = html.P(words["partner.nothing"], className="nothing", id="partner-nothing")
            nothing: tuple[Any, ...] = ([], None) * 4
            return (*nothing, words["partner.split_offence"], empty, "", {}, CONFIG, [], [], "", "")
        language = words.language
        split = reading.default_split(told.splits, split)
        kind = reading.default_kind(told.kinds, areas)
        lines = told.chosen(kind, language)
        drawn = [line for code, line in lines if code == split]
        called = told.content["names"][told.split_axis]
        path = f"/api/v1/cubes/{told.head['cube']}/editions/{told.head['edition_id']}"
        return (
            [{"value": code, "label": names[language]} for code, names in told.titles.items()],
            told.head["cube"],
            [{"value": str(one["edition_id"]), "label": _period(one, words)} for one in told.heads],
            str(told.head["edition_id"]),
            [{"value": code, "label": called[code][language]} for code in told.splits],
            split,
            [{"value": one, "label": words[f"partner.kind_{one}"]} for one in told.kinds],
            kind,
            words[f"partner.split_{told.split_axis}"],
            _facts(told, services, words),
            words.fill(
                "partner.chart_of", split=called[split][language], period=told.content["period_name"][language]
            ),
            figures.by_area(drawn, words, theme or "dark"),
            {**CONFIG, "locale": language},
            _columns(told, words),
            [
                {"area": line.area_name, "split": getattr(line, _SPLIT[told.split_axis]), "count": line.text,
                 "state": words["partner.hidden"] if line.figure is None else line.state}
                for _, line in lines
            ],
            f"{path}?format=csv&lang={language}",
            f"{path}?format=json",
        )  # fmt: skip


_SPLIT = {"offence": "offence", "hour": "hours"}


def _period(head: dict[str, Any], words: Words) -> str:
    name = time_names(head["period"])[words.language]
    return name if head["version"] == 1 else f"{name}, {words.fill('partner.version', n=head['version'])}"


def _columns(told: Told, words: Words) -> list[dict[str, Any]]:
    return [
        {"field": "area", "headerName": words["partner.area"], "flex": 3, "minWidth": 130},
        {
            "field": "split",
            "headerName": words[f"partner.split_{told.split_axis}"],
            "flex": 3,
            "minWidth": 120,
        },
        {
            "field": "count",
            "headerName": words["partner.count"],
            "flex": 1,
            "minWidth": 80,
            "type": "rightAligned",
        },
        {"field": "state", "headerName": words["partner.state"], "flex": 3, "minWidth": 120},
    ]


def _facts(told: Told, services: Services, words: Words) -> list[Component]:
    head, language = told.head, words.language
    known = moment(datetime.fromisoformat(told.content["as_of"]), services.region, language)
    hidden, cells = number(head["hidden"], language), number(head["cells"], language)
    facts = [
        ("partner.known", known),
        ("partner.made", str(head["version"])),
        ("partner.share", words.fill("partner.share_of", hidden=hidden, cells=cells)),
        ("partner.seal", head["sha256"][:12]),
    ]
    drawn: list[Component] = [
        html.Dl([part for key, value in facts for part in (html.Dt(words[key]), html.Dd(value))])
    ]
    if told.held:
        drawn.append(html.P(words.fill("partner.held", n=number(told.held, language)), className="note"))
    return drawn

"""The review of one case: a reason first, then one time line with two clocks that is scrubbed and played.

It is read once, and the log says so; what is scrubbed afterwards is what the browser holds, and reads nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html, no_update

from app.commands.review import ROLES
from app.domain.errors import LagesbildError, Unavailable
from app.domain.permissions import allows
from dashboards.components import reason
from dashboards.components.format import interval, moment
from dashboards.components.links import to
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import HIDDEN, in_browser, marked
from dashboards.guard import callback
from dashboards.pages.loggbok import case_figure, case_reading
from dashboards.pages.loggbok.text import TEXT
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from app.domain.region import Region
    from dashboards.services import Services

PERMISSION: Permission = "pairs"


def panel(words: Words) -> Component:
    """The closed panel; for whose role reviews no case, a sentence."""
    say = words.say
    viewer = viewer_now()
    close = say(
        html.Button(id="case-close", type="button", className="quiet", n_clicks=0), children="case.close"
    )
    caption = html.Div(
        [say(html.H2(id="case-title"), children="case.title"), html.Span(className="grow"), close],
        className="caption",
    )
    if viewer.role in ROLES and allows(viewer, PERMISSION):
        body: list[Component] = [
            dcc.Store(id="case-given"),
            dcc.Store(id="case-told"),
            say(html.P(id="case-meaning", className="meaning"), children="case.meaning"),
            reason.reason(words, "case", ask="case.ask", begin="case.begin"),
            html.P(id="case-problem", className="note", role="alert", hidden=True),
            html.Div(_told(words), id="case-columns", hidden=True),
        ]
    else:
        body = [say(html.P(id="case-not-yours", className="nothing"), children="case.not_yours")]
    return say(
        html.Section([caption, *body], id="log-case", className="card log-case", hidden=True),
        aria_label="case.title",
    )


def _told(words: Words) -> list[Component]:
    say = words.say
    slider = say(
        dmc.Slider(
            id="case-at", min=0, max=1, step=1, value=1, updatemode="drag", size="md", marks=[], label=None,
            className="slider",
        ),
        thumbLabel="case.slider",
    )  # fmt: skip
    buttons = [
        say(
            html.Button(
                marked(html.Span(className=f"icon-{icon}"), HIDDEN), id=f"case-{name}", className="step", n_clicks=0,
                type="button",
            ),
            aria_label=f"case.{name}",
            title=f"case.{name}",
        )
        for name, icon in (("back", "back"), ("play", "play"), ("forward", "forward"))
    ]  # fmt: skip
    graph = dcc.Graph(id="case-figure", config={"displayModeBar": False}, responsive=True, figure={})
    return [
        html.Div([*buttons, slider, html.Span(id="case-step", className="step-said")], className="scrub"),
        html.Div(id="case-state", className="case-state", role="status"),
        say(html.Div(graph, id="case-drawn", className="case-figure", role="img"), aria_label="case.figure"),
        say(html.H3(id="case-line-title"), children="case.line"),
        html.Ol(id="case-line", className="case-line"),
        html.Details(
            [
                say(html.Summary(id="case-as-table"), children="case.table"),
                html.Div(id="case-table", className="picture-table", tabIndex="0"),
            ],
            className="case-twin",
        ),
    ]


def register(app: Dash, services: Services) -> None:
    """Register what reads a case, draws it, and what scrubs it in the browser."""
    reason.register(app, PERMISSION, "case")
    in_browser(app, "log.close_case", Input("case-close", "n_clicks"), prevent_initial_call=True)
    in_browser(
        app,
        "log.scrub",
        Input("case-at", "value"),
        Input("case-line", "children"),
        State("case-told", "data"),
    )
    in_browser(
        app,
        "log.step",
        *(Input(f"case-{name}", "n_clicks") for name in ("back", "play", "forward")),
        State("case-at", "value"),
        State("case-told", "data"),
        prevent_initial_call=True,
    )
    in_browser(
        app,
        "log.begin_at",
        Output("case-at", "max"),
        Output("case-at", "value"),
        Input("case-told", "data"),
        State("known", "data"),
        prevent_initial_call=True,
    )

    @callback(
        app,
        PERMISSION,
        Output("case-told", "data"),
        Output("case-problem", "children"),
        Output("case-problem", "hidden"),
        Input("case-given", "data"),
        Input("choice", "data"),
        State("case-told", "data"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def read(
        given: str | None, choice: dict[str, str] | None, held: dict[str, Any] | None, lang: str | None
    ) -> tuple[Any, ...]:
        uid = (choice or {}).get("case")
        if not given or not uid:
            return None, "", True
        if held and held["uid"] == uid:
            return (no_update,) * 3  # something else was chosen on the page: nothing is read anew
        words = Words(language_of(lang), COMMON, TEXT)
        try:
            return await case_reading.case(services, uid, given), "", True
        except Unavailable:
            raise  # the shell says so, and asks again
        except LagesbildError:
            return None, words["case.none"], False

    @callback(
        app,
        PERMISSION,
        Output("case-line", "children"),
        Output("case-table", "children"),
        Output("case-figure", "figure"),
        Input("case-told", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        prevent_initial_call=True,
    )
    async def draw(told: dict[str, Any] | None, lang: str | None, theme: str | None) -> tuple[Any, ...]:
        if not told:
            return [], [], {}
        words = Words(language_of(lang), COMMON, TEXT)
        said = [sentence(event, words) for event in told["events"]]
        links = allows(viewer_now(), "incidents")
        figure = case_figure.figure(told, said, words, "light" if theme == "light" else "dark")
        pairs = list(zip(told["events"], said, strict=True))
        return (
            [_item(event, line, services.region, words, links=links) for event, line in pairs],
            _table(pairs, services.region, words),
            figure,
        )


def sentence(event: dict[str, Any], words: Words) -> str:
    """An event in one sentence, without its moment."""
    what = event[words.language]
    if event["more"]:
        what = f"{what}. {event['more']}"
    fields = ", ".join(words[f"case.field_{name}"] for name in event["fields"])
    return words.fill(f"case.is_{event['kind']}", what=what, fields=fields)


def _item(event: dict[str, Any], line: str, region: Region, words: Words, *, links: bool) -> Component:
    more = [part for part in (_happened(event, region, words), event["place"]) if part]
    link = (
        [html.A(words["case.open"], href=to("/", words, incident=event["uid"], known_at=event["at"]))]
        if links and event["uid"] and event["kind"] in ("reported", "corrected")
        else []
    )
    parts = [
        html.Time(moment(datetime.fromisoformat(event["at"]), region, words.language), dateTime=event["at"]),
        html.P([html.Span(line), html.Small(words["case.later"], className="later-said")]),
        *(
            [html.Small([" · ".join(more), *([" · "] if more and link else []), *link])]
            if more or link
            else []
        ),
    ]
    return marked(html.Li(parts), {"data-at": event["at"], "data-kind": event["kind"]})


def _happened(event: dict[str, Any], region: Region, words: Words) -> str:
    if not event["happened"] or event["kind"] not in ("reported", "corrected", "alert"):
        return ""
    first, last = (datetime.fromisoformat(one) for one in event["happened"])
    return words.fill("case.happened", when=interval(first, last, region, words.language))


def _table(pairs: list[tuple[dict[str, Any], str]], region: Region, words: Words) -> Component:
    columns = ("known", "happened", "what", "where")
    head = html.Tr([html.Th(words[f"case.col_{name}"], scope="col") for name in columns])
    rows = []
    for event, line in pairs:
        at = datetime.fromisoformat(event["at"])
        happened = datetime.fromisoformat(event["happened"][0]) if event["happened"] else None
        cells = (
            moment(at, region, words.language),
            moment(happened, region, words.language) if happened else "–",
            line,
            event["place"] or "–",
        )
        rows.append(marked(html.Tr([html.Td(cell) for cell in cells]), {"data-at": event["at"]}))
    return html.Table([html.Thead(head), html.Tbody(rows)], className="twin")

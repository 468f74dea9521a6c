"""A picture of figures: its title, what it means, what it says in words, the figure, the table behind it, both to save.

``picture`` draws the frame in a page's layout, ``register`` makes its buttons work, and a callback of the page fills
it: its outputs are ``outputs(name)`` and what it returns is ``shown(…)`` or ``empty(…)``. For figures, never for
persons: it asks for the permission ``figures``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from dash import Input, Output, State, ctx, dcc, html, no_update

from app.domain.measure import Sentence
from dashboards.components import tabular
from dashboards.components.tabular import Column, Table
from dashboards.dom import HIDDEN, in_browser, marked
from dashboards.guard import callback
from dashboards.words import Language, Words

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.region import Region

__all__ = ["Column", "Table", "empty", "outputs", "picture", "register", "shown"]

FILES = ("csv", "xlsx", "png", "geojson")
"""What a picture is saved as; the last only where it has places."""
CLEAR = "rgba(0,0,0,0)"
UNDRAWN: Mapping[str, Any] = {
    "layout": {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
    }
}
"""A figure before it has come: nothing to be seen. Plotly's own is a white sheet."""


def picture(
    words: Words,
    name: str,
    *,
    title: str,
    help: str,  # noqa: A002 - what it is called on the screen
    className: str = "",  # noqa: N803 - as Dash calls it
    more: Sequence[Component] = (),
) -> Component:
    """The frame of the picture ``name`` (letters and hyphens), empty until it is filled.

    ``title`` is the key of its title and ``help`` that of what it means, and what it does not. The class ``wide`` is
    for one that spans the page. ``more`` are controls of its own, beside its title.
    """
    say = words.say
    caption = html.Div(
        [
            say(html.H2(id=f"{name}-title"), children=title),
            _help(words, name, help),
            html.Div(className="grow"),
            *more,
            _switch(words, name),
            _save(words, name),
        ],
        className="caption",
    )
    body = [
        marked(html.Div(id=f"{name}-said", className="picture-said"), {"aria-live": "polite"}),
        html.Div(
            dcc.Graph(id=f"{name}-graph", config={"displayModeBar": False}, responsive=True, figure=UNDRAWN),
            className="picture-figure",
        ),
        html.Div(id=f"{name}-table", className="picture-table", tabIndex="0"),
        dcc.Store(id=f"{name}-drawn"),
        dcc.Store(id=f"{name}-rows"),
        dcc.Download(id=f"{name}-file"),
    ]
    section = html.Section([caption, *body], id=name, className=f"card picture {className}".strip())
    return say(marked(section, {"data-panel": "figure", "data-state": "waiting"}), aria_label=title)


def _help(words: Words, name: str, key: str) -> Component:
    summary = words.say(
        html.Summary(marked(html.Span("?"), HIDDEN), id=f"{name}-help-open", className="round"),
        aria_label="picture.help",
        title="picture.help",
    )
    told = words.say(html.P(id=f"{name}-help"), children=key)
    return html.Details([summary, html.Div(told, className="card dropped")], className="drop")


def _switch(words: Words, name: str) -> Component:
    def button(panel: str, *, pressed: bool) -> Component:
        made = html.Button(id=f"{name}-as-{panel}", type="button")
        return words.say(
            marked(made, {"data-panel": panel, "aria-pressed": str(pressed).lower()}),
            children=f"picture.{panel}",
        )

    both = html.Div(
        [button("figure", pressed=True), button("table", pressed=False)],
        id=f"{name}-switch",
        className="picture-switch",
        role="group",
    )
    return words.say(both, aria_label="picture.switch")


def _save(words: Words, name: str) -> Component:
    summary = words.say(html.Summary(id=f"{name}-save", className="quiet"), children="picture.save")
    buttons = [
        words.say(html.Button(id=f"{name}-{file}", type="button", n_clicks=0), children=f"picture.{file}")
        for file in FILES
    ]
    return html.Details([summary, html.Div(buttons, className="card dropped menu")], className="drop")


def outputs(name: str) -> list[Output]:
    """What a callback that fills the picture has for outputs."""
    return [
        Output(f"{name}-drawn", "data"),
        Output(f"{name}-said", "children"),
        Output(f"{name}-rows", "data"),
        Output(name, "data-state"),
    ]


def shown(
    words: Words,
    region: Region,
    figure: go.Figure | Mapping[str, Any],
    table: Table,
    *,
    said: Sequence[Sentence | str] = (),
    note: str = "",
    geojson: Mapping[str, Any] | None = None,
) -> tuple[Any, ...]:
    """What fills the picture: a plotly figure and the same as rows, both in the language of ``words``.

    ``said`` is what it says in plain words, the weightiest first; ``note`` what it rests on or lacks, smaller, below;
    ``geojson`` a FeatureCollection (WGS84) of what it shows, if that has places.
    """
    drawn = figure if isinstance(figure, Mapping) else figure.to_plotly_json()
    cells = tabular.cells(table, region, words.language)
    kept = {**table.plain(), "cells": cells, "geojson": geojson}
    return _plain(drawn), _told(said, note, words.language), kept, "told" if geojson is None else "placed"


def empty(said: Sentence | str, language: Language = "sv") -> tuple[Any, ...]:
    """The picture where there is nothing to draw: a sentence that says what is missing and what can be done."""
    return None, _told([said], "", language), None, "empty"


def _plain(figure: Mapping[str, Any]) -> Any:
    return orjson.loads(orjson.dumps(figure, option=orjson.OPT_SERIALIZE_NUMPY, default=str))


def _told(said: Sequence[Sentence | str], note: str, language: Language) -> list[Component]:
    once = dict.fromkeys(_in(one, language) for one in said)  # two measures may say the same
    lines: list[Component] = [html.P(text) for text in once]
    return [*lines, html.Small(note)] if note else lines


def _in(sentence: Sentence | str, language: Language) -> str:
    return sentence if isinstance(sentence, str) else getattr(sentence, language)


def register(app: Dash, name: str) -> None:
    """Register what draws the picture ``name`` and what saves it."""
    in_browser(
        app,
        "picture.draw",
        Output(f"{name}-graph", "figure"),
        Output(f"{name}-graph", "config"),
        Input(f"{name}-drawn", "data"),
        State("lang", "data"),
        State(f"{name}-graph", "id"),
    )
    in_browser(app, "picture.twin", Input(f"{name}-rows", "data"), State(f"{name}-table", "id"))
    in_browser(app, "picture.png", Input(f"{name}-png", "n_clicks"), State(f"{name}-graph", "id"))

    @callback(
        app,
        "figures",
        Output(f"{name}-file", "data"),
        *(Input(f"{name}-{file}", "n_clicks") for file in ("csv", "xlsx", "geojson")),
        State(f"{name}-rows", "data"),
        State(f"{name}-title", "children"),
        prevent_initial_call=True,
    )
    async def save(_csv: int, _xlsx: int, _geojson: int, kept: dict[str, Any] | None, title: str) -> Any:
        if kept is None or not ctx.triggered_id:
            return no_update
        wanted = str(ctx.triggered_id).rsplit("-", 1)[-1]
        return _file(name, wanted, kept, title)


def _file(name: str, wanted: str, kept: dict[str, Any], title: str) -> Any:
    table = Table.of(kept)
    send_string: Any = vars(dcc)["send_string"]
    send_bytes: Any = vars(dcc)["send_bytes"]
    if wanted == "csv":
        return send_string(tabular.as_csv(table), f"{name}.csv", type="text/csv")
    if wanted == "xlsx":
        return send_bytes(tabular.as_xlsx(table, title), f"{name}.xlsx")
    if kept.get("geojson"):
        places = orjson.dumps(kept["geojson"]).decode()
        return send_string(places, f"{name}.geojson", type="application/geo+json")
    return no_update

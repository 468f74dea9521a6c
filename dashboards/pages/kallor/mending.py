"""The quarantine on the page Källor: what waits, by its shape only, and the way back in, for those who mend feeds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from dash import ALL, Input, Output, State, ctx, html, no_update

from app.domain.errors import NotFound
from app.domain.permissions import allows
from app.queries.quarantine import waiting
from dashboards.components.format import moment
from dashboards.components.freshness import name_of
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import marked
from dashboards.guard import callback
from dashboards.pages.kallor.text import TEXT
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.intake import PushReceipt
    from app.domain.region import Region
    from dashboards.services import Services

MOST = 100
HEADERS = ("feed", "since", "delivery", "where", "value", "reason")


def frame(words: Words) -> Component:
    """The list's place; whose role does not mend feeds is told who does."""
    say = words.say
    title = say(html.H2(id="mend-title"), children="kallor.quarantine")
    if not allows(viewer_now(), "quarantine"):
        told = say(html.P(id="mend-role", className="mend-hint"), children="kallor.quarantine_role")
        return html.Section([title, told], className="card mend")
    body: list[Any] = [
        title,
        say(html.P(id="mend-hint", className="mend-hint"), children="kallor.quarantine_hint"),
        html.P(id="mend-said", className="mend-said", role="status"),
        marked(html.Div(id="mend-rows", className="mend-rows", tabIndex="0"), {"aria-live": "polite"}),
    ]
    return say(html.Section(body, id="mend", className="card mend"), aria_label="kallor.quarantine")


def register(app: Dash, services: Services) -> None:
    """Register the list and the way back in."""

    @callback(
        app,
        "quarantine",
        Output("mend-rows", "children"),
        Input("lang", "data"),
        Input("minute", "n_intervals"),
        Input("again", "data"),
        Input("mended", "data"),
    )
    async def rows(lang: str | None, _minute: int, _again: float, _mended: float) -> Any:
        words = Words(language_of(lang), COMMON, TEXT)
        async with services.reader().transaction() as connection:
            found, rest = await waiting(connection, limit=MOST)
        if not found:
            return html.P(words["kallor.quarantine_none"], className="nothing")
        more = [] if rest is None else [html.P(words.fill("kallor.quarantine_more", n=MOST))]
        return [table(found, services.region, words), *more]

    @callback(
        app,
        "quarantine",
        Output("mend-said", "children"),
        Output("mended", "data"),
        Input({"type": "mend", "key": ALL}, "n_clicks"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def replay(clicks: list[int | None], lang: str | None) -> tuple[Any, Any]:
        pressed = ctx.triggered_id
        if not isinstance(pressed, dict) or not any(clicks):  # new rows were drawn
            return no_update, no_update
        words, record = Words(language_of(lang), COMMON, TEXT), int(pressed["key"])
        try:
            receipt = await services.door().replay(record)
        except NotFound:
            return words.fill("kallor.replay_gone", n=record), time.time()
        return result(record, receipt, words), time.time()


def result(record: int, receipt: PushReceipt, words: Words) -> str:
    """What became of a record that was tried again."""
    if receipt.quarantined:
        return words.fill("kallor.replay_refused", n=record)
    return words.fill(
        "kallor.replay_loaded",
        n=record,
        loaded=receipt.loaded,
        unchanged=receipt.unchanged,
        outside=receipt.outside,
    )


def table(found: list[dict[str, Any]], region: Region, words: Words) -> Component:
    """The records that wait, each with where it failed, why, and a button that tries it again."""
    head = [html.Th(words[f"kallor.{name}"], scope="col") for name in HEADERS]
    body = [html.Tr([*_cells(row, region, words), html.Td(_button(row, words))]) for row in found]
    return html.Table(
        [html.Thead(html.Tr([*head, html.Td()])), html.Tbody(body)], className="twin mend-table"
    )


def _cells(row: Mapping[str, Any], region: Region, words: Words) -> list[Component]:
    return [
        html.Td(name_of(row["feed"], words)),
        html.Td(moment(row["created_at"], region, words.language)),
        html.Td(row["delivery"]),
        html.Td(f"{row['step']}: {row['field']}" if row["field"] else row["step"]),
        html.Td(html.Code(row["value"])),
        html.Td(row["reason"]),
    ]


def _button(row: Mapping[str, Any], words: Words) -> Component:
    number = row["quarantine_id"]
    button = html.Button(
        words["kallor.try"], id={"type": "mend", "key": number}, type="button", className="mend-try"
    )
    return marked(button, {"aria-label": words.fill("kallor.try_of", n=number)})

"""What changed since a moment: a panel over the time bar, on every page. The moment is a part of the view.

Whose role sees incidents gets the list, before and after; whose sees figures gets the numbers. With a known-at of the
past the two moments are the one chosen and that one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, html

from app.domain.errors import BadInput
from app.domain.permissions import allows
from app.queries.changes import EVER, KINDS_OF_CHANGE, changes
from app.queries.changes_summary import Changed, changes_summary
from app.queries.counts import counts
from app.queries.offences import offences
from dashboards.components.changed_rows import line
from dashboards.components.format import moment, number
from dashboards.components.text import TEXT
from dashboards.dom import in_browser, marked
from dashboards.guard import callback
from dashboards.services import viewer_now
from dashboards.view import question
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash import Dash
    from dash.development.base_component import Component

    from dashboards.services import Services

SHOWN = 200
FURTHEST = timedelta(days=92)
"""The list compares each incident with itself; over longer spans the pages of trends tell more."""
MOMENTS = ("at-seven", "at-shift", "day-ago")


def opener(words: Words) -> Component:
    """The button in the time bar."""
    button = html.Button(id="changed-open", className="quiet", n_clicks=0, type="button")
    marked(button, {"aria-expanded": "false", "aria-controls": "changed-panel"})
    return words.say(button, children="changed.open", title="changed.moments")


def panel(words: Words) -> Component:
    """The closed panel."""
    say = words.say
    close = html.Button("×", id="changed-close", className="step", n_clicks=0, type="button")
    moments = [
        say(
            html.Button(id=f"changed-{name}", className="quiet", n_clicks=0, type="button"),
            children=f"changed.{name.replace('-', '_')}",
        )
        for name in MOMENTS
    ]
    own = say(
        dmc.DateTimePicker(
            id="changed-pick",
            size="xs",
            valueFormat="D MMM YYYY HH:mm",
            dropdownType="modal",
            className="pick",
        ),
        aria_label="changed.pick",
    )
    where = say(
        dmc.SegmentedControl(id="changed-where", value="window", data=[], size="xs"),
        data=[{"value": name, "label": {"text": f"changed.{name}"}} for name in ("window", "all")],
        aria_label="changed.where",
    )
    saving = []
    if allows(viewer_now(), "incidents"):
        link = html.A(id="changed-csv", href="#", download="", className="save")
        saving = [say(link, children="changed.csv", title="changed.csv_explained")]
    aside = html.Aside(
        [
            html.Div(
                [
                    say(html.H2(id="changed-title"), children="changed.title"),
                    say(close, aria_label="changed.close", title="changed.close"),
                ],
                className="caption",
            ),
            say(
                marked(html.Div([*moments, own], id="changed-moments", className="line"), {"role": "group"}),
                aria_label="changed.moments",
            ),
            html.Div([where, html.Span(className="grow"), *saving], className="line"),
            marked(html.Div(id="changed-told", className="told"), {"aria-live": "polite"}),
            html.Div(id="changed-list", className="changes"),
        ],
        id="changed-panel",
        className="card over-bar changed",
        hidden=True,
        tabIndex=-1,
    )
    return say(aside, aria_label="changed.title")


@dataclass(frozen=True)
class Told:
    """What the panel says: between which moments, how much, and which (None: the role sees no incidents)."""

    since: datetime
    until: datetime | None
    counted: Changed
    totals: tuple[int, int]
    rows: list[dict[str, Any]] | None
    more: bool
    names: Mapping[str, str]
    all: bool


def register(app: Dash, services: Services) -> None:
    """Register the panel's callbacks. It is read only while it is open."""
    in_browser(
        app, "changes.follow", Input("view", "data"), Input("lang", "data"), Input("minute", "n_intervals")
    )
    in_browser(
        app,
        "changes.press",
        *(Input(f"changed-{name}", "n_clicks") for name in ("open", "close", *MOMENTS)),
        prevent_initial_call=True,
    )
    in_browser(app, "changes.pick", Input("changed-pick", "value"), prevent_initial_call=True)
    in_browser(app, "changes.where", Input("changed-where", "value"), prevent_initial_call=True)

    @callback(
        app,
        "figures",
        Output("changed-told", "children"),
        Output("changed-list", "children"),
        Input("changed", "data"),
        Input("query", "data"),
        Input("tick", "data"),
        Input("again", "data"),
        Input("lang", "data"),
        prevent_initial_call=True,
    )
    async def show(
        changed: dict[str, Any] | None,
        query: dict[str, Any] | None,
        _tick: int,
        _again: float,
        lang: str | None,
    ) -> tuple[Any, Any]:
        if not changed or query is None:
            return [], []
        words = Words(language_of(lang), TEXT)
        since = since_of(changed)
        until = datetime.fromisoformat(query["known"]).astimezone(UTC) if query["known"] else None
        now = datetime.now(UTC)
        if since > (until or now):
            return html.P(words["changed.after_known"], className="nothing"), []
        if (until or now) - since > FURTHEST:
            return html.P(words.fill("changed.too_far", n=FURTHEST.days), className="nothing"), []
        told = await read(services, query, since, until, now, words, everything=bool(changed.get("all")))
        return summary(told, services, words), listing(told, services, words)


def since_of(changed: Mapping[str, Any]) -> datetime:
    """The moment that is chosen. Raises ``BadInput``."""
    try:
        return datetime.fromisoformat(changed["since"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            "The moment of `since` cannot be read; choose it again.",
            sv="Tidpunkten att jämföra med kunde inte läsas; välj den på nytt.",
        ) from error


async def read(
    services: Services, query: dict[str, Any], since: datetime, until: datetime | None, now: datetime, words: Words,
    *, everything: bool,
) -> Told:  # fmt: skip
    """Compare what was known at ``since`` with what was known at ``until`` (None: now), in one transaction."""
    window, filters = question(query)
    detailed = allows(viewer_now(), "incidents")
    rows, rest, names = None, None, {}
    async with services.reader().transaction() as connection:
        ends = until or now
        counted = await changes_summary(connection, since, ends, filters, window, incidents=detailed)
        before = await counts(connection, replace(window, known_at=since), filters, ())
        after = await counts(connection, replace(window, known_at=ends), filters, ())
        if detailed:
            rows, rest = await changes(
                connection, since, ends, filters,
                happened=EVER if everything else window, limit=SHOWN, latest_first=True,
            )  # fmt: skip
            names = {row["code"]: row[f"name_{words.language}"] for row in await offences(connection)}
    totals = (int(before[0]["incidents"]), int(after[0]["incidents"]))
    return Told(since, until, counted, totals, rows, rest is not None, names, everything)


def summary(told: Told, services: Services, words: Words) -> list[Component]:
    """Between which moments, the numbers, and what they do not show."""
    language, region = words.language, services.region
    until = moment(told.until, region, language) if told.until else words["changed.now"]
    between = words.fill("changed.from_to", since=moment(told.since, region, language), until=until)
    shown = told.counted.anywhere if told.all else told.counted.inside
    tiles = [
        marked(
            html.Div([html.Dt(words[f"changed.{kind}"]), html.Dd(number(shown[kind], language))]),
            {"data-change": kind},
        )
        for kind in KINDS_OF_CHANGE
    ]
    totals = words.fill(
        "changed.totals_past" if told.until else "changed.totals",
        before=number(told.totals[0], language),
        after=number(told.totals[1], language),
    )
    elsewhere = sum(told.counted.anywhere.values()) - sum(told.counted.inside.values())
    sentences = [
        html.P(totals),
        html.P(words.fill("changed.elsewhere", n=number(elsewhere, language)), className="nothing")
        if elsewhere and not told.all
        else None,
        html.P(words["changed.figures_only"], className="nothing") if told.rows is None else None,
        html.P(words["changed.none"], className="nothing") if not any(shown.values()) else None,
    ]
    return [
        html.P(between, className="between"),
        html.Dl(tiles, className="tiles"),
        *[sentence for sentence in sentences if sentence is not None],
    ]


def listing(told: Told, services: Services, words: Words) -> list[Component]:
    """Each change, the last first, with what was believed before and after; each opens its incident."""
    if not told.rows:
        return []
    lines = [line(row, told.names, services.region, words) for row in told.rows]
    more = html.P(words.fill("changed.more", n=number(SHOWN, words.language)), className="nothing")
    return [html.Ol(lines), *([more] if told.more else [])]

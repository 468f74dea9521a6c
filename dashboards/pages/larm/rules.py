"""What the tab of the rules does: the list, the form with what it says in plain words, and saving a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

from dash import ALL, Input, Output, State, ctx, html, no_update

from app.alerts.described import describe
from app.commands.alerts import Written, write_rule
from app.domain.errors import LagesbildError, Unavailable
from app.domain.permissions import allows
from app.jobs.alerting import OVERSPENT
from app.queries import alerts_rules as queries
from app.queries.feeds import feeds as read_feeds
from dashboards.components.format import decimal, moment
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser, marked
from dashboards.guard import callback
from dashboards.pages.larm import drawing, trying
from dashboards.pages.larm.form import CHECKS, MANY, VALUES, rule_from, values_of
from dashboards.pages.larm.rules_frame import SAVES
from dashboards.pages.larm.text import TEXT
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.alerts.rule import Mode
    from dashboards.services import Services

FIELDS = tuple(f"larm-f-{name}" for name in VALUES)
BOXES = tuple(f"larm-f-{name}" for name in CHECKS)


def register(app: Dash, services: Services) -> None:
    """Register what the tab does; the form's part asks for the permission to write rules."""
    in_browser(
        app, "alarm.rule", Input({"type": "larm-rule", "rule": ALL}, "n_clicks"), prevent_initial_call=True
    )
    in_browser(app, "alarm.fresh", Input("larm-new", "n_clicks"), prevent_initial_call=True)
    in_browser(app, "alarm.shape", Input("larm-f-kind", "value"), Input("larm-f-shape", "value"))
    _register_fence(app)
    in_browser(app, "alarm.saved", Input("larm-rule-saved", "data"), prevent_initial_call=True)
    _register_list(app, services)
    _register_form(app, services)
    _register_saving(app, services)
    trying.register(app, services)


def _register_fence(app: Dash) -> None:
    """The map of a fence: what the fields say is drawn, and what is drawn is written into them."""
    told = ("kind", "shape", "lon", "lat", "radius_m", "polygon", "incidents")
    in_browser(app, "fence.draw", *(Input(f"larm-f-{name}", "value") for name in told))
    in_browser(app, "fence.another", Input("larm-rule-told", "data"))
    in_browser(app, "fence.paint", Input("theme-now", "data"))
    for step in ("undo", "clear"):
        in_browser(app, f"fence.{step}", Input(f"larm-fence-{step}", "n_clicks"), prevent_initial_call=True)


def _register_list(app: Dash, services: Services) -> None:
    @callback(
        app,
        "alerts",
        Output("larm-rule-rows", "children"),
        Output("larm-versions", "children"),
        Output("larm-version-card", "hidden"),
        Output("larm-words-read", "children"),
        Input("choice", "data"),
        Input("larm-acted", "data"),
        Input("lang", "data"),
        Input("again", "data"),
    )
    async def show(
        choice: dict[str, str] | None, _acted: Any, lang: str | None, _again: Any
    ) -> tuple[Any, ...]:
        words = Words(language_of(lang), COMMON, TEXT)
        chosen = choice or {}
        if chosen.get("tab") != "rules":
            return (no_update,) * 4
        async with services.reader().transaction() as connection:
            rows = await queries.rules(connection)
            spent = await queries.spent(connection)
            names = await queries.names(connection)
            asked = _chosen(chosen, rows)
            versions = await queries.versions(connection, UUID(asked["rule_id"])) if asked else []
        none = {"alerts": 0, "true": 0, "false": 0}
        lines = [_line(row, spent.get(row["rule_id"], none), words, chosen=row is asked) for row in rows]
        told = [_version(row, words, services) for row in versions]
        said: Any = no_update
        if not allows(viewer_now(), "alert_rules"):
            said = getattr(describe(drawing.rule_of(asked), names), words.language) if asked else ""
        return lines, told, not told, said


def _chosen(choice: dict[str, str], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The rule that is chosen; the first one at first; none while a new one is written."""
    wanted = choice.get("rule")
    if wanted is None:
        return rows[0] if rows else None
    return next((row for row in rows if row["rule_id"] == wanted), None)


def _line(row: dict[str, Any], spent: dict[str, int], words: Words, *, chosen: bool) -> Component:
    told = words.fill("larm.spent", **spent, allowed=decimal(row["allowed_per_week"], words.language))
    button = html.Button(
        [
            html.Span(
                [
                    html.Span(words[f"larm.kind_{row['kind']}"], className="larm-kind"),
                    html.Span(words[f"larm.mode_{row['mode']}"]),
                ],
                className="larm-top",
            ),
            html.Span(row[f"title_{words.language}"], className="larm-title"),
            html.Span(told, className="larm-where"),
        ],
        id={"type": "larm-rule", "rule": row["rule_id"]},
        n_clicks=0,
        type="button",
        className="larm-row",
    )
    about = {"data-kind": row["kind"], "data-mode": row["mode"]}
    return html.Li(marked(button, about | ({"aria-current": "true"} if chosen else {})))


def _version(row: dict[str, Any], words: Words, services: Services) -> Component:
    why = words["larm.overspent"] if row["why"] == OVERSPENT else row["why"]
    who = row["name"] or words["larm.by_system"]
    head = [
        html.Span(words.fill("larm.version", n=row["version"]), className="what"),
        html.Span(words[f"larm.mode_{row['mode']}"]),
        html.Span(moment(row["made_at"], services.region, words.language), className="when"),
        html.Span(who, className="who"),
    ]
    parts: list[Component] = [html.Span(head, className="head")]
    if why:
        parts.append(html.P(why, className="said"))
    parts.append(html.P(drawing.tried(row["tried"], words), className="note"))
    return html.Li(parts)


def _register_form(app: Dash, services: Services) -> None:
    @callback(
        app,
        "alert_rules",
        *(Output(field, "value") for field in FIELDS),
        *(Output(box, "checked") for box in BOXES),
        Output("larm-f-title", "value"),
        Output("larm-f-why", "value"),
        *(Output(f"larm-f-{name}", "data") for name in MANY),
        Output("larm-rule-told", "data"),
        Input("choice", "data"),
        Input("larm-rule-saved", "data"),
        Input("lang", "data"),
        State("larm-rule-told", "data"),
    )
    async def fill(
        choice: dict[str, str] | None, _saved: Any, lang: str | None, told: dict[str, Any] | None
    ) -> tuple[Any, ...]:
        words = Words(language_of(lang), COMMON, TEXT)
        chosen = choice or {}
        keep = (no_update,) * (len(FIELDS) + len(BOXES) + 2 + len(MANY) + 1)
        if chosen.get("tab") != "rules":
            return keep
        async with services.reader().transaction() as connection:
            rows = await queries.rules(connection, fences=True)
            names = await queries.names(connection)
            feeds = [row["feed"] for row in await read_feeds(connection)]
        row = _chosen(chosen, rows)
        if row is not None and row["kind"] == "delivery":
            row = None
        now = {"rule": row["rule_id"], "version": row["version"]} if row else {"rule": None, "version": None}
        data = (
            [{"value": code, "label": name[words.language == "en"]} for code, name in sorted(names.offences.items())],
            [{"value": code, "label": name} for code, name in sorted(names.areas.items(), key=lambda one: one[1])],
            [{"value": feed, "label": feed} for feed in feeds],
        )  # fmt: skip
        if told is not None and {**told, **now} == told:  # only the language changed: what was written stays
            return (*keep[: len(FIELDS) + len(BOXES) + 2], *data, no_update)
        shown = values_of(row)
        return (
            *(shown[name] for name in VALUES), *(shown[name] for name in CHECKS), shown["title"], "", *data,
            {**now, "title_en": row["title_en"] if row else ""},
        )  # fmt: skip

    @callback(
        app,
        "alert_rules",
        Output("larm-words", "children"),
        Output("larm-words", "data-state"),
        *(Input(field, "value") for field in FIELDS),
        *(Input(box, "checked") for box in BOXES),
        Input("lang", "data"),
    )
    async def say(*fields: Any) -> tuple[str, str]:
        words = Words(language_of(fields[-1]), COMMON, TEXT)
        try:
            rule = rule_from(dict(zip((*VALUES, *CHECKS), fields, strict=False)))
        except LagesbildError as error:
            return error.said(words.language), "wrong"
        async with services.reader().transaction() as connection:
            names = await queries.names(connection)
        return getattr(describe(rule, names), words.language), "right"


def _register_saving(app: Dash, services: Services) -> None:
    @callback(
        app,
        "alert_rules",
        Output("larm-rule-saved", "data"),
        Output("larm-rule-said", "children"),
        *(Input(f"larm-save-{mode}", "n_clicks") for mode in SAVES),
        State("larm-rule-told", "data"),
        State("larm-trial-id", "data"),
        State("larm-f-title", "value"),
        State("larm-f-why", "value"),
        *(State(field, "value") for field in FIELDS),
        *(State(box, "checked") for box in BOXES),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def save(*told: Any) -> tuple[Any, ...]:
        mode = str(ctx.triggered_id or "").removeprefix("larm-save-")
        if mode not in SAVES or not ctx.triggered[0]["value"]:
            return no_update, no_update
        before, trial, title, why, *fields = told[len(SAVES) : -1]
        words = Words(language_of(told[-1]), COMMON, TEXT)
        values = dict(zip((*VALUES, *CHECKS), fields, strict=True))
        known = before or {}
        try:
            rule = rule_from(values)
            title_en = known.get("title_en") or ""
            allowed = float(values["allowed"] or 0)
            written = Written(rule, title or "", cast("Mode", mode), allowed, why or "", title_en)
            rule_id = UUID(known["rule"]) if known.get("rule") else uuid4()
            tried = UUID(trial["trial"]) if trial and trial.get("done") else None
            async with services.reader().writing() as connection:
                number = await write_rule(connection, rule_id, written, tried, after=known.get("version"))
        except Unavailable:
            raise
        except LagesbildError as error:
            return no_update, error.said(words.language)
        return {"rule": str(rule_id), "version": number}, words.fill("larm.saved", n=number)

"""The trial of a rule on the past: asked of the engine, looked for until it is there, drawn on a line of time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dash import Input, Output, State, ctx, no_update

from app.commands.alerts import ask_trial
from app.domain.errors import LagesbildError, Unavailable
from app.domain.measure import Sentence
from app.domain.words import join
from app.queries import alerts_rules as queries
from dashboards.components import picture
from dashboards.components.picture import Column, Table
from dashboards.components.text import TEXT as COMMON
from dashboards.guard import callback
from dashboards.pages.larm import figures
from dashboards.pages.larm.form import CHECKS, VALUES, rule_from
from dashboards.pages.larm.text import TEXT
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.services import Services

FIELDS = tuple(f"larm-f-{name}" for name in VALUES)
BOXES = tuple(f"larm-f-{name}" for name in CHECKS)


def register(app: Dash, services: Services) -> None:
    """Register asking, looking and drawing."""
    picture.register(app, "larm-trial")
    _register_asking(app, services)
    _register_drawing(app, services)


def _register_asking(app: Dash, services: Services) -> None:
    @callback(
        app,
        "alert_rules",
        Output("larm-trial-id", "data"),
        Output("larm-trial-look", "disabled", allow_duplicate=True),
        Output("larm-rule-said", "children", allow_duplicate=True),
        Input("larm-try", "n_clicks"),
        *(Input(field, "value") for field in FIELDS),
        *(Input(box, "checked") for box in BOXES),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def ask(clicks: int, *told: Any) -> tuple[Any, ...]:
        if ctx.triggered_id != "larm-try" or not clicks:
            return None, True, ""  # the rule is another one now
        words = Words(language_of(told[-1]), COMMON, TEXT)
        values = dict(zip((*VALUES, *CHECKS), told[:-1], strict=True))
        try:
            rule = rule_from(values)
            async with services.reader().writing() as connection:
                trial = await ask_trial(connection, rule, float(values["allowed"] or 0))
        except Unavailable:
            raise
        except LagesbildError as error:
            return None, True, error.said(words.language)
        return {"trial": str(trial), "done": False}, False, words["larm.trying"]


def _register_drawing(app: Dash, services: Services) -> None:
    @callback(
        app,
        "alert_rules",
        *picture.outputs("larm-trial"),
        Output("larm-trial-id", "data", allow_duplicate=True),
        Output("larm-trial-look", "disabled", allow_duplicate=True),
        Output("larm-rule-said", "children", allow_duplicate=True),
        Input("larm-trial-look", "n_intervals"),
        Input("larm-trial-id", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        prevent_initial_call="initial_duplicate",
    )
    async def show(
        _looked: int, asked: dict[str, Any] | None, lang: str | None, theme: str | None
    ) -> tuple[Any, ...]:
        words = Words(language_of(lang), COMMON, TEXT)
        if not asked:
            return (*picture.empty(_both("larm.trial_none"), words.language), no_update, True, no_update)
        async with services.reader().transaction() as connection:
            row = await queries.trial(connection, UUID(asked["trial"]))
            names = await queries.names(connection)
        if row is None or row["state"] == "waiting":
            return (*(no_update,) * len(picture.outputs("larm-trial")), no_update, row is None, no_update)
        done = no_update if asked["done"] else {**asked, "done": True}
        if row["state"] == "failed":
            return (*picture.empty(_both("larm.trial_failed"), words.language), no_update, True, "")
        told = row["result"]
        if not told["alerts"]:
            none = _both("larm.trial_no_alerts")
            said = join([none, *(Sentence(**one) for one in told["words"][1:])])
            return (*picture.empty(said, words.language), done, True, "")
        rows = [
            {
                "when": one["period"],
                "where": names.areas.get(one["place"], one["place"]) or words["larm.region"],
                "firings": one["firings"],
                "said": one["words"][words.language],
            }
            for one in told["alerts"]
        ]
        columns = [
            Column("when", words["larm.when"], "moment"),
            Column("where", words["larm.where"]),
            Column("firings", words["larm.firings"], "number"),
            Column("said", words["larm.said"]),
        ]
        since, until = (datetime.fromisoformat(told["summary"][name]) for name in ("since", "until"))
        drawn = picture.shown(
            words, services.region, figures.line(rows, since, until, services.region, words, theme or "dark"),
            Table(columns, rows), said=[Sentence(**one) for one in told["words"]],
        )  # fmt: skip
        return (*drawn, done, True, "")


def _both(key: str) -> Sentence:
    return Sentence(*TEXT[key])

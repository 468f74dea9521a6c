"""Alert rules over HTTP: which there are, in words; trying one on the past; writing a version of one."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Body, Path, Request, Response
from pydantic import Field

from app.alerts.described import Names, describe
from app.alerts.rule import read_rule
from app.api import alerts_examples as examples
from app.api.alerts import ANYWHERE, NO_STORE, Sent
from app.api.answers import Json
from app.api.routing import MaySeeAlerts, MayWriteAlertRules, routes
from app.api.services import services_of
from app.commands import alerts as commands
from app.commands.alerts import Written
from app.domain.errors import BadInput, NotFound
from app.queries import alerts_rules as queries

router = routes()

RuleId = Annotated[UUID, Path(description="The rule.", examples=[examples.RULE_ID])]
Definition = Annotated[
    dict[str, Any],
    Field(description="`kind` and what it takes (app/alerts/rule.py); a geofence with its `fence`."),
]


class Tried(Sent):
    """What is to be tried."""

    rule: Definition
    allowed_per_week: float = Field(1, ge=0.01, le=1000)
    days: int = Field(commands.TRIAL_DAYS, ge=1, le=commands.MOST_TRIAL_DAYS)


class Rule(Sent):
    """A version of a rule."""

    title: str = Field(min_length=1, max_length=120, description="Without any place finer than a district.")
    title_en: str = Field("", max_length=120)
    rule: Definition
    mode: str = Field("probation", max_length=10, description="live, probation or off")
    allowed_per_week: float = Field(ge=0.01, le=1000)
    why: str = Field("", max_length=500)
    trial: UUID | None = Field(None, description="Of the same rule; needed to set it live.")
    rule_id: UUID | None = Field(
        None, description="The rule that this is a version of; without it a new one."
    )
    after: int | None = Field(None, ge=1, le=2**31 - 1, description="The version that it was changed from.")


@router.get("/alerts/rules", response_class=Json, responses=examples.RULES)
async def rules(request: Request, viewer: MaySeeAlerts) -> Response:
    """The newest version of each rule. `words` say what it does; `spent` what it gave in the last four weeks."""
    async with services_of(request).reader(viewer).transaction() as connection:
        rows = await queries.rules(connection)
        names = await queries.names(connection)
        spent = await queries.spent(connection)
    none = {"alerts": 0, "true": 0, "false": 0}
    return Json(
        {"rows": [{**_told(row, names), "spent": spent.get(row["rule_id"], none)} for row in rows]}, headers=NO_STORE
    )  # fmt: skip


@router.get("/alerts/rules/{rule_id}/versions", response_class=Json, responses=examples.VERSIONS)
async def versions(request: Request, viewer: MaySeeAlerts, rule_id: RuleId) -> Response:
    """All versions of a rule: who changed what, when and why."""
    async with services_of(request).reader(viewer).transaction() as connection:
        rows = await queries.versions(connection, rule_id)
        names = await queries.names(connection)
    if not rows:
        raise NotFound("There is no such rule, or none that you may see.")
    return Json({"rows": [_told(row, names) for row in rows]}, headers=NO_STORE)


@router.post("/alerts/rules/replay", status_code=202, response_class=Json, responses=examples.ASKED)
async def ask(
    request: Request,
    viewer: MayWriteAlertRules,
    asked: Annotated[Tried, Body(openapi_examples=examples.TRY_BODY)],
) -> Response:
    """Try a rule on the past, with what was known at each step; `/alerts/rules/replay/{trial}` has the answer soon."""
    rule = read_rule(asked.rule)
    async with services_of(request).reader(viewer).writing() as connection:
        trial = await commands.ask_trial(connection, rule, asked.allowed_per_week, asked.days)
    return Json({"trial": trial}, 202, headers=NO_STORE)


@router.get("/alerts/rules/replay/{trial}", response_class=Json, responses=examples.TRIED)
async def tried(
    request: Request,
    viewer: MayWriteAlertRules,
    trial: Annotated[UUID, Path(description="The trial.", examples=[examples.TRIAL])],
) -> Response:
    """What the rule would have done: `state` is `waiting`, `done` or `failed`. Only for who asked."""
    async with services_of(request).reader(viewer).transaction() as connection:
        row = await queries.trial(connection, trial)
    if row is None:
        raise NotFound("There is no such trial of yours.")
    return Json(row, headers=NO_STORE)


@router.post("/alerts/rules", status_code=201, response_class=Json, responses=examples.WRITTEN)
async def write(
    request: Request,
    viewer: MayWriteAlertRules,
    asked: Annotated[Rule, Body(openapi_examples=examples.RULE_BODY)],
) -> Response:
    """Write a rule, or a version of one. It goes live only after a trial that keeps to its budget; older ones stay."""
    if asked.mode not in {"live", "probation", "off"}:
        raise BadInput("A rule is live, on probation or off.")
    written = Written(
        read_rule(asked.rule), asked.title, asked.mode, asked.allowed_per_week, asked.why, asked.title_en  # type: ignore[arg-type]
    )  # fmt: skip
    rule_id = asked.rule_id or uuid4()
    async with services_of(request).reader(viewer).writing() as connection:
        number = await commands.write_rule(connection, rule_id, written, asked.trial, after=asked.after)
    return Json({"rule": rule_id, "version": number}, 201, headers=NO_STORE)


def _told(row: dict[str, Any], names: Names) -> dict[str, Any]:
    rule = read_rule(row["definition"], ANYWHERE if row["kind"] == "geofence" else None)
    return {**row, "words": describe(rule, names)._asdict()}

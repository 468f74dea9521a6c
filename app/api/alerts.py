"""Alerts over HTTP: which are open, why each fired, what became of it; and what somebody does about one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.alerts.described import tell
from app.alerts.rule import read_rule
from app.api import alerts_examples as examples
from app.api.answers import Json
from app.api.asked import moment
from app.api.routing import MayActOnAlerts, MaySeeAlerts, routes
from app.api.services import services_of
from app.commands import alerts as commands
from app.commands.alerts import Action
from app.domain.errors import NotFound
from app.domain.permissions import allows
from app.queries import alerts as queries

if TYPE_CHECKING:
    from collections.abc import Mapping

router = routes()

NO_STORE = {"Cache-Control": "no-store"}
ANYWHERE: Mapping[str, Any] = {"point": (18.0, 59.0)}
"""Stands for a fence that is not told: what fired is said without it."""
At = Annotated[
    str | None,
    Query(description="As they stood at this moment; default now.", examples=["2026-11-24T07:00:00+01:00"]),
]
Uid = Annotated[UUID, Path(description="The alert.", examples=[examples.UID])]


class Sent(BaseModel):
    """What is sent; a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Acted(Sent):
    """What is done."""

    kind: str = Field(max_length=20, description="acknowledged, snoozed, handed_over or closed")
    until: Annotated[str | None, Field(max_length=40, description="With snoozed: until then.")] = None
    to_role: str | None = Field(None, max_length=20, description="With handed_over: to whom.")
    outcome: str | None = Field(None, max_length=10, description="With closed: true, false or unclear.")
    note: str = Field("", max_length=500, description="Without any personal number and without names.")


@router.get("/alerts", response_class=Json, responses=examples.LIST)
async def alerts(
    request: Request,
    viewer: MaySeeAlerts,
    at: At = None,
    closed: Annotated[bool, Query(description="Those too that were closed in the last 90 days.")] = False,
) -> Response:
    """The alerts that the asker may see: what concerns people first, then what the picture lacks; the oldest first.

    `state`: `new`, `acknowledged`, `handed_over`, `snoozed` or `closed`; `again`: it was closed and fired anew. `why`
    says in words what there was and what it takes. A chief sees those of the own areas, a feed administrator those of
    feeds.
    """
    when = moment("at", at) if at is not None else None
    async with services_of(request).reader(viewer).transaction() as connection:
        rows = await (queries.alerts if closed else queries.open_alerts)(connection, when)
    return Json({"rows": [told(row) for row in rows], "at": when or datetime.now(UTC)}, headers=NO_STORE)


@router.get("/alerts/{uid}", response_class=Json, responses=examples.ONE)
async def alert(request: Request, viewer: MaySeeAlerts, uid: Uid, at: At = None) -> Response:
    """One alert with its `life`, in order, and for those who may see incidents its `sources`: the incidents' ids."""
    when = moment("at", at) if at is not None else None
    async with services_of(request).reader(viewer).transaction() as connection:
        row = await queries.alert(connection, uid, when)
        if row is None:
            raise NotFound("There is no such alert, or none that you may see.")
        sources = await queries.sources(connection, uid, when) if allows(viewer, "incidents") else []
    return Json({**told(row), "life": row["life"], "sources": sources}, headers=NO_STORE)


@router.post("/alerts/{uid}/actions", status_code=201, response_class=Json, responses=examples.ACTED)
async def act(
    request: Request,
    viewer: MayActOnAlerts,
    uid: Uid,
    asked: Annotated[Acted, Body(openapi_examples=examples.ACT_BODY)],
) -> Response:
    """Acknowledge, snooze, hand over or close an alert. What was done before stays."""
    until = None if asked.until is None else moment("until", asked.until)
    action = Action(asked.kind, until, asked.to_role, asked.outcome, asked.note)  # type: ignore[arg-type]
    async with services_of(request).reader(viewer).writing() as connection:
        number = await commands.act(connection, uid, action, datetime.now(UTC))
    return Json({"action": number}, 201, headers=NO_STORE)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """The row with why it fired, in words."""
    rule = read_rule(row["definition"], ANYWHERE if row["kind"] == "geofence" else None)
    return {**row, "why": tell(rule, row["value"], row["bound"], row["normal"])._asdict()}

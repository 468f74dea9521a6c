"""Quarantine over HTTP: what waits, with masked values, and the way back in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.api import examples
from app.api.answers import Json, answer
from app.api.asked import MOST
from app.api.push import told_of
from app.api.routing import MayMendQuarantine, routes
from app.api.services import services_of
from app.queries import ledger
from app.queries.quarantine import waiting

router = routes()


@router.get("/quarantine", response_class=Json, responses=examples.QUARANTINE)
async def quarantine(
    request: Request,
    viewer: MayMendQuarantine,
    feed: Annotated[str | None, Query(description="Of this feed only.", examples=["anmalan"])] = None,
    after: Annotated[int, Query(ge=0, description="`next` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """What could not be loaded, oldest first: where it failed and why. Of values only the shape is told."""
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        rows, rest = await waiting(connection, feed, after=after, limit=limit)
    return answer(rows, now, position, next=rest)


@router.post(
    "/quarantine/{quarantine_id}/replay", status_code=202, response_class=Json, responses=examples.RECEIPT
)
async def replay(
    request: Request,
    viewer: MayMendQuarantine,
    quarantine_id: Annotated[
        int, Path(ge=1, le=MOST, description="The record's number in quarantine.", examples=[17])
    ],
) -> Response:
    """Take one refused record through the steps again; refused again, it stands there with its new reason."""
    del viewer
    return Json(told_of(await services_of(request).door().replay(quarantine_id)), 202)

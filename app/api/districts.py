"""A district over HTTP: which there are for the asker, its small areas and places, and what is told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Request, Response

from app.api import district_examples as examples
from app.api.answers import Json, answer
from app.api.asked import Asked, moment
from app.api.routing import MaySeeFigures, routes
from app.api.services import services_of
from app.domain.errors import NotFound
from app.domain.permissions import allows
from app.jobs.effects import MEASURES, question_of
from app.queries import district as queries
from app.queries import ledger, log_book
from app.queries.measure_results import one

if TYPE_CHECKING:
    from datetime import date

    from app.db import Connection
    from app.domain.viewer import Viewer

router = routes()

District = Annotated[
    str, Query(description="Code of a district, one of `/districts`.", examples=["lpo-sodermalm"])
]
KnownAt = Annotated[
    str | None,
    Query(description="As known at this moment; default now.", examples=["2026-11-24T07:00:00+01:00"]),
]
STORED = {"to_follow_up": "recurring", "similar": "similar"}
"""What is told under which name, and the daily question that answers it."""


@router.get("/districts", response_class=Json, responses=examples.DISTRICTS)
async def districts(request: Request, viewer: MaySeeFigures) -> Response:
    """The districts of today that the asker may look at: an area chief's own, or all."""
    services = services_of(request)
    async with services.reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        rows = await queries.districts(connection, services.region.day(now), viewer.areas)
    return answer(rows, now, position)


@router.get("/districts/areas", response_class=Json, responses=examples.AREAS | examples.NONE)
async def areas(request: Request, viewer: MaySeeFigures, asked: Asked, district: District) -> Response:
    """The district's statistical areas with their incidents, and how many are known no closer than the district.

    `places` are squares of 100 metres with at least three, for those who may see incidents; null for others. Nothing
    that is protected is told finer than the district.
    """
    services = services_of(request)
    async with services.reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        await _require(connection, viewer, district, services.region.day(now))
        rows, without = await queries.small_areas(connection, asked.window, asked.filters, district)
        places = (
            await queries.places(connection, asked.window, asked.filters, district)
            if allows(viewer, "incidents")
            else None
        )
    return answer(
        rows, asked.known_at(now), asked.window.until or position, without_area=without, places=places
    )


@router.get("/districts/summary", response_class=Json, responses=examples.SUMMARY | examples.NONE)
async def summary(
    request: Request, viewer: MaySeeFigures, district: District, known_at: KnownAt = None
) -> Response:
    """What came again in the district, how it lies beside similar ones, and what was done with its effect.

    Ready answers of the morning; `null` where there is none yet. `to_follow_up` counts pairs and people and names
    nobody; `similar` holds the ranges of at least four districts, no other district's figure. Of `interventions` those
    get to know who read the log book; `effect` and `displacement` are null until they are worked out.
    """
    services = services_of(request)
    at = moment("known_at", known_at) if known_at is not None else None
    async with services.reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        await _require(connection, viewer, district, services.region.day(at or datetime.now(UTC)))
        told = {
            name: _told(await one(connection, question, district, known_at=at))
            for name, question in STORED.items()
        }
        done = await _done(connection, district, at) if allows(viewer, "notes") else []
    return answer(done, at or now, position, district=district, **told)


async def _require(connection: Connection, viewer: Viewer, district: str, on: date) -> None:
    if district not in {row["code"] for row in await queries.districts(connection, on, viewer.areas)}:
        raise NotFound(f"There is no district {district} that you may see; /api/v1/districts lists them.")


async def _done(connection: Connection, district: str, at: datetime | None) -> list[dict[str, Any]]:
    rows = await log_book.interventions(connection, district, at)
    return [
        {
            **{
                name: row[name]
                for name in ("entry", "text", "area", "begins", "ends", "noted_at", "name", "role")
            },
            **{
                measure: _told(
                    await one(connection, question_of(measure, row["entry"]), district, known_at=at)
                )
                for measure in MEASURES
            },
        }
        for row in rows
        if row["area"] == district
    ]


def _told(row: dict[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    kept = ("question", "measure", "version", "day", "known_at", "state", "words", "content")
    return {name: row[name] for name in kept}

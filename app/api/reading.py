"""Reads: health, areas, offences, feeds, counts, changes, incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.api import examples
from app.api.answers import Json, answer
from app.api.asked import Asked, KindParameter, day, kind_named, listed, page_mark
from app.api.routing import Anybody, Anyone, MaySeeFigures, MaySeeIncidents, routes
from app.api.services import services_of
from app.domain.errors import NotFound
from app.domain.viewer import SYSTEM
from app.domain.window import KINDS
from app.queries import areas as area_queries
from app.queries import counts as count_queries
from app.queries import incidents as incident_queries
from app.queries import ledger
from app.queries.feeds import feeds as read_feeds
from app.queries.glance import glance as read_glance
from app.queries.offences import offences as read_offences

router = routes()

After = Annotated[str | None, Query(description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000)]
AreaKind = Annotated[str, Query(description="Which kind of area `by=area` means.", examples=["kommun"])]


@router.get("/health", response_class=Json, responses=examples.HEALTH)
async def health(request: Request, _: Anybody) -> Response:
    """Whether the database answers; 503 when it does not."""
    async with services_of(request).reader(SYSTEM).transaction() as connection:
        now, position = await ledger.moment(connection)
    return Json(
        {"status": "ok", "known_at": now, "position": str(position)}, headers={"Cache-Control": "no-store"}
    )


@router.get("/areas", response_class=Json, responses=examples.AREAS)
async def areas(
    request: Request,
    viewer: Anyone,
    kind: Annotated[str | None, Query(description="A kind of area.", examples=["lokalpolisomrade"])] = None,
    on: Annotated[str | None, Query(description="As on this day; default: all that ever were.")] = None,
    geometry: Annotated[
        bool, Query(description="Answer with GeoJSON (borders on a day, default today).")
    ] = False,
) -> Response:
    """Areas with their validity; with `geometry=true` their borders, as a GeoJSON FeatureCollection in WGS84."""
    services = services_of(request)
    on_day = day("on", on) if on is not None else None
    async with services.reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        if geometry:
            drawn = await area_queries.geometry(connection, on_day or services.region.day(now), kind=kind)
            return Json({**drawn, "known_at": now}, media_type="application/geo+json")
        return answer(await area_queries.areas(connection, kind, on_day), now, position)


@router.get("/offences", response_class=Json, responses=examples.OFFENCES)
async def offences(request: Request, viewer: Anyone, kind: KindParameter = None) -> Response:
    """The offence catalogue, gravest first, with the weights of the newest harm index (BSI, months).

    ``named`` are the names that the region has for several offences together; each can be asked for like a group.
    """
    services = services_of(request)
    number = KINDS[kind_named(kind)] if kind is not None else None
    async with services.reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        found = await read_offences(connection, number)
    return answer([{**row, "named": services.region.names_of(row["code"])} for row in found], now, position)


@router.get("/feeds", response_class=Json, responses=examples.FEEDS)
async def feeds(
    request: Request,
    viewer: MaySeeFigures,
    versions: Annotated[
        bool, Query(description="Also how many incidents and versions are known; takes longer.")
    ] = False,
) -> Response:
    """When each feed was last heard of, what became of its records, and how late it tells.

    With `versions=true` also how many `incidents` are known, and how many `versions` of them in any state, for an
    independent recount; a version that says the same as the one before does not count.
    """
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        return answer(await read_feeds(connection, versions=versions), now, position)


@router.get("/counts", response_class=Json, responses=examples.COUNTS)
async def counts(
    request: Request,
    viewer: MaySeeFigures,
    asked: Asked,
    by: Annotated[
        list[str],
        Query(
            description="Any of day, week, hour, area, area_kind, offence, kind.", examples=[["day", "area"]]
        ),
    ] = [],  # noqa: B006 - FastAPI copies it
    area_kind: AreaKind = "lokalpolisomrade",
) -> Response:
    """Incidents, offences and harm (n × months of average sentence), summed by what is asked for.

    Kinds are never added up: without `kind` reports are counted, with `by=kind` each kind by itself. `week` is its
    Monday. An area is null where the place is known only more coarsely, so that totals agree.

    The answer holds what lies up to its `position` and nothing else: news that is committed while an older delivery
    is still being taken in is counted once that is done, as the stream tells it.
    """
    kinds = (asked.filters.kind,) if asked.kind_named else None
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        window = asked.window
        if window.until is None and await ledger.held_back(connection, position):
            window = replace(window, until=position)
        rows = await count_queries.counts(
            connection, window, asked.filters, listed(by), area_kind=area_kind, kinds=kinds
        )
    return answer(rows, asked.known_at(now), window.until or position)


@router.get("/glance", response_class=Json, responses=examples.GLANCE)
async def glance(request: Request, viewer: MaySeeFigures, asked: Asked) -> Response:
    """The window at a glance: its totals and those of the same window a week before, as known a week before.

    `series` are incidents by day, or by hour in windows of two days or fewer, from `first` and `first_hour` on; null
    where the time has not come yet. `without` counts what has no position. While an archive still fills there is
    nothing to compare with, and `before` is null.
    """
    services, now = services_of(request), datetime.now(UTC)
    async with services.reader(viewer).transaction() as connection:
        told = await read_glance(connection, asked.window, asked.filters, now, services.region)
    return Json({**told, "known_at": asked.known_at(now)}, headers={"Cache-Control": "no-store"})


@router.get("/incidents", response_class=Json, responses=examples.INCIDENTS)
async def incidents(
    request: Request, viewer: MaySeeIncidents, asked: Asked, after: After = None, limit: Limit = 100
) -> Response:
    """Incidents as known at the moment asked for, the last day first, with geometry (GeoJSON, WGS84) or null."""
    place = incident_queries.Place.parse(page_mark(after)) if after is not None else None
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        rows, rest = await incident_queries.page(connection, asked.window, asked.filters, place, limit)
    return answer(
        [_place(row) for row in rows], asked.known_at(now), position, next=str(rest) if rest else None
    )


@router.get("/incidents/{uid}", response_class=Json, responses=examples.INCIDENT)
async def incident(
    request: Request,
    viewer: MaySeeIncidents,
    uid: Annotated[str, Path(description="The incident's public id.")],
) -> Response:
    """One incident: every version that was ever known, oldest first, with the offences of each.

    Nothing of the persons: that is a read of its own, with a reason. Versions that only repeat the one before are left
    out, and those that lay where you may not look.
    """
    try:
        number = UUID(uid)
    except ValueError:
        raise NotFound(f"There is no incident {uid}.") from None
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        told = await incident_queries.history(connection, number)
    rows = [_place(row) for row in told.pop("versions")]
    return answer(rows, now, position, **told)


def _place(row: dict[str, Any]) -> dict[str, Any]:
    lon, lat = row.pop("lon"), row.pop("lat")
    row["geometry"] = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
    return row

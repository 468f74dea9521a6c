"""Vector tiles of the map."""

from __future__ import annotations

from hashlib import blake2b
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.api import examples
from app.api.asked import Asked
from app.api.routing import MaySeeFigures, routes
from app.api.services import services_of
from app.domain.permissions import require
from app.queries import ledger
from app.queries.tiles import tile

router = routes()

MVT = "application/vnd.mapbox-vector-tile"


@router.get("/tiles/{layer}/{z}/{x}/{y}.mvt", response_class=Response, responses=examples.TILE)
async def tiles(
    request: Request,
    viewer: MaySeeFigures,
    layer: Annotated[str, Path(description="density, points or areas")],
    z: int,
    x: int,
    y: int,
    asked: Asked,
    area_kind: Annotated[str, Query(description="The areas of the layer `areas`.")] = "lokalpolisomrade",
    v: Annotated[
        str | None, Query(description="Not looked at: makes a new address of the same tile.")
    ] = None,
) -> Response:
    """One tile (MVT). It adds up to what `counts` says: sum `n` where `own`, or over the points, or by area.

    The ETag is the ledger's position with the question and what the asker may see: a tile is sent again only when the
    ledger went on. The layer `points` is of incidents, and needs the right to see them.
    """
    del v
    if layer == "points":
        require(viewer, "incidents")
    async with services_of(request).reader(viewer).transaction() as connection:
        _, position = await ledger.moment(connection)
        what = repr((viewer.cache_key, layer, z, x, y, asked, area_kind)).encode()
        etag = f'"{position}-{blake2b(what, digest_size=8).hexdigest()}"'
        headers = {"ETag": etag, "Cache-Control": "no-store", "Vary": "Authorization, Cookie"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        content = await tile(
            connection,
            layer,
            z,
            x,
            y,
            asked.window,
            asked.filters,
            area_kind=area_kind,
            sums=not viewer.areas,
        )
    return Response(content, media_type=MVT, headers=headers)

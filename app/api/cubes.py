"""Published statistics for partners: fixed cubes, and the editions of them. Whoever may see them sees the same."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, Any, cast

import orjson
from fastapi import Path, Query, Request, Response

from app.api.answers import Json
from app.api.routing import MaySeeCubes, routes
from app.api.services import services_of
from app.commands.consult import Consultation, logged
from app.disclosure.sheet import Language, sheet
from app.domain.errors import BadInput, NotFound
from app.domain.spreadsheet import BOM, DELIMITERS, rows_as_csv
from app.queries import cubes as queries

if TYPE_CHECKING:
    from app.domain.viewer import Viewer

router = routes()

EDITION = {
    "edition_id": 12,
    "cube": "brott",
    "period": "2026-10",
    "version": 1,
    "as_of": "2026-11-10T06:00:00Z",
    "made_at": "2026-11-10T06:00:41Z",
    "method": "1 to 4 and complements hidden over all cubes, areas, periods and versions",
    "parameters": {"threshold": 5, "width": 5, "zeros": "shown", "rounding": 1},
    "cells": 306,
    "hidden": 101,
    "sha256": "9f2c61d7a0be04aa1c77e9d2b4c5f6a79f2c61d7a0be04aa1c77e9d2b4c5f6a7",
}
CUBE = {
    "cube": "brott",
    "title": {"sv": "Anmälningar efter område och brott", "en": "Reports by area and offence"},
    "times": ["month", "quarter", "year"],
    "editions": 4,
    "latest": EDITION,
}
CONTENT = {
    "plan": "stockholm-2026",
    "source": "report incidents close_relationship stockholm",
    "cube": "brott",
    "time": "month",
    "period": "2026-10",
    "version": 1,
    "as_of": "2026-11-10T06:00:00+00:00",
    "title": CUBE["title"],
    "times": CUBE["times"],
    "period_name": {"sv": "oktober 2026", "en": "October 2026", "kind": "month"},
    "axes": [{"name": "offence", "groups": {"vald": ["vald"], "total": ["hot", "vald"]}}],
    "names": {"offence": {"vald": {"sv": "Våld", "en": "Violence"}}},
    "rule": EDITION["parameters"],
    "rows": [
        {"area": "0184", "offence": "vald", "hour": "total", "month": "2026-10", "figure": None, "version": 1}
    ],
    "edition": EDITION,
}
PERIODS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Editions, the newest first.",
        "content": {"application/json": {"example": {"cube": "brott", "rows": [EDITION]}}},
    }
}
CUBES: dict[int | str, dict[str, Any]] = {
    200: {"description": "Cubes.", "content": {"application/json": {"example": {"rows": [CUBE]}}}}
}
DOWNLOAD: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The edition; a hidden figure is null, in CSV two dots.",
        "content": {"application/json": {"example": CONTENT}, "text/csv": {}},
    },
    304: {"description": "The edition that the reader has is still right."},
    406: {"description": "Accept asks for neither JSON nor CSV."},
}
NO_STORE = {"Cache-Control": "no-store"}
FORMATS = {"json": "application/json", "csv": "text/csv"}


@router.get("/cubes", response_class=Json, responses=CUBES)
async def cubes(request: Request, viewer: MaySeeCubes) -> Response:
    """The cubes that the asker may see, each with its newest edition. There are no filters: what is there is fixed."""
    async with services_of(request).reader(viewer).transaction() as connection:
        named = await queries.titles(connection)
        found = await queries.heads(connection)
    editions = {one["cube"]: [head for head in found if head["cube"] == one["cube"]] for one in named}
    rows = [
        {**one, "title": orjson.loads(one["title"]) if isinstance(one["title"], str) else one["title"],
         "editions": len(editions[one["cube"]]), "latest": editions[one["cube"]][0]}
        for one in named
    ]  # fmt: skip
    return Json({"rows": rows}, headers=NO_STORE)


@router.get("/cubes/{name}/editions", response_class=Json, responses=PERIODS)
async def editions(
    request: Request,
    viewer: MaySeeCubes,
    name: Annotated[str, Path(description="The cube.", examples=["brott"])],
    period: Annotated[str | None, Query(description="Of one period only.", examples=["2026-10"])] = None,
) -> Response:
    """What was published of a cube, the last one first, each with the checksum of its content.

    An edition never changes and is never taken away; corrections come as a further version of the period.
    """
    async with services_of(request).reader(viewer).transaction() as connection:
        found = await queries.heads(connection, name, period)
        if not found and not await queries.heads(connection, name):
            raise NotFound(f"There is no cube {name} that you may see; /api/v1/cubes lists them.")
    return Json({"cube": name, "rows": found}, headers=NO_STORE)


@router.get("/cubes/{name}/editions/{edition_id}", response_class=Json, responses=DOWNLOAD)
async def edition(
    request: Request,
    viewer: MaySeeCubes,
    name: Annotated[str, Path(description="The cube.", examples=["brott"])],
    edition_id: Annotated[str, Path(description="The edition's number.", examples=["12"])],
    format: Annotated[  # noqa: A002 - the parameter's name in the address
        str | None, Query(description="json or csv; else what Accept prefers, else json.", examples=["csv"])
    ] = None,
    delimiter: Annotated[str, Query(description="semicolon (Excel in Swedish), comma or tab.")] = "semicolon",
    lang: Annotated[str, Query(description="Language of the CSV: sv or en.")] = "sv",
) -> Response:
    """One edition whole, as JSON or CSV, with the same figures; each download is written in the log.

    Hidden figures are told as hidden (`null`, `..`): one to four, or one that protects such a one. A row's `version`
    says in which version of the period its figure was counted: an older one where a correction is held back.
    """
    if delimiter not in DELIMITERS:
        raise BadInput(f"delimiter={delimiter}: choose one of {', '.join(DELIMITERS)}.")
    if lang not in {"sv", "en"}:
        raise BadInput(f"lang={lang}: choose sv or en.")
    kind = _format(format, request.headers.get("accept", ""))
    if kind is None:
        return Json({"error": "Editions are given as application/json or text/csv."}, 406, NO_STORE)
    number = (
        int(edition_id) if edition_id.isascii() and edition_id.isdecimal() and len(edition_id) < 19 else -1
    )
    reader = services_of(request).reader(viewer)
    missing = NotFound(f"There is no edition {edition_id} of the cube {name} that you may see.")
    async with reader.transaction() as connection:
        found = await queries.edition(connection, name, number)
    if found is None:
        raise missing
    headers = {
        "ETag": _etag(viewer, found["sha256"], kind, delimiter, lang),
        "Cache-Control": "no-store",
        "Vary": "Accept, Authorization, Cookie",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    told = {"cube": name, "period": found["period"], "version": found["version"], "format": kind}
    async with logged(
        reader, Consultation("export", f"cubes/{name}/editions/{number}", filter=told)
    ) as consulted:
        consulted.found(found["cells"])
    content = orjson.loads(found.pop("content"))
    if kind == "json":
        return Json({**content, "edition": found}, headers=headers)
    file = f"{name}_{found['period']}_v{found['version']}.csv"
    headers["Content-Disposition"] = f'attachment; filename="{file}"'
    text = BOM + rows_as_csv(sheet(content, cast("Language", lang)), DELIMITERS[delimiter])
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")


def _etag(viewer: Viewer, checksum: str, kind: str, delimiter: str, lang: str) -> str:
    """What tells this answer from others, to this viewer."""
    asked = f"{checksum} {viewer.cache_key} {kind} {delimiter} {lang}"
    return f'"{blake2b(asked.encode(), digest_size=16).hexdigest()}"'


def _format(asked: str | None, accept: str) -> str | None:
    """``json`` or ``csv``; None when neither will do.

    Raises:
        BadInput: Another format was asked for by name.
    """
    if asked is not None:
        if asked not in FORMATS:
            raise BadInput(f"format={asked}: choose json or csv.")
        return asked
    wanted: list[tuple[float, str]] = []
    for part in accept.split(",") if accept.strip() else ["*/*"]:
        media, *more = (piece.strip().lower() for piece in part.split(";"))
        weight = next((piece[2:] for piece in more if piece.startswith("q=")), "1")
        for kind, of in FORMATS.items():
            if media in {of, "*/*", of.partition("/")[0] + "/*"}:
                try:
                    # One named outright goes before a star.
                    wanted.append((float(weight) + (0.0001 if media == of else 0.0), kind))
                except ValueError:
                    continue
    best = max(wanted, key=lambda one: one[0], default=(0.0, ""))
    return best[1] if best[0] > 0.0001 else None

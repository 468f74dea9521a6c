"""The morning's editions: a list, one whole with what each sentence rests on, as a document and as a tagged PDF.

Nothing is made here: an edition is made at half past six, and never changed (docs/briefing.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import orjson
from fastapi import Path, Query, Request, Response

from app.api import briefing_examples as examples
from app.api.answers import Json
from app.api.asked import day as read_day
from app.api.asked import moment
from app.api.routing import MaySeeFigures, routes
from app.api.services import services_of
from app.briefing.edition import read
from app.briefing.html import Head, document, style
from app.briefing.pdf import file_name
from app.commands.consult import Consultation, logged
from app.domain.errors import BadInput, NotFound
from app.gate.headers import NOTHING, digest
from app.jobs.briefing_print import printed
from app.queries import briefings as queries

if TYPE_CHECKING:
    from app.domain.viewer import Viewer
    from app.domain.words import Language

router = routes()

NO_STORE = {"Cache-Control": "no-store"}
Number = Annotated[str, Path(description="The edition's number.", examples=["21"])]
Lang = Annotated[str, Query(description="sv or en.", examples=["sv"])]


@router.get("/briefings", response_class=Json, responses=examples.LIST)
async def briefings(
    request: Request,
    viewer: MaySeeFigures,
    area: Annotated[
        str | None,
        Query(
            description="Code of a district; default the region's and every district's.",
            examples=["lpo-sodermalm"],
        ),
    ] = None,
    day: Annotated[str | None, Query(description="Of this day only.", examples=["2026-11-24"])] = None,
    known_at: Annotated[
        str | None,
        Query(description="Only those of what was known then.", examples=["2026-11-24T07:00:00+01:00"]),
    ] = None,
) -> Response:
    """The editions that the asker may see, the newest first, without their content.

    `area` is null for the region's. An edition made anew for the same day has the day's next `number`; none is changed
    or taken away.
    """
    on = read_day("day", day) if day is not None else None
    at = moment("known_at", known_at) if known_at is not None else None
    async with services_of(request).reader(viewer).transaction() as connection:
        rows = await queries.listed(connection, area, everywhere=area is None, day=on, known_at=at, limit=200)
    return Json({"rows": rows}, headers=NO_STORE)


@router.get("/briefings/{edition}.html", response_class=Response, responses=examples.HTML)
async def html(request: Request, viewer: MaySeeFigures, edition: Number, lang: Lang = "sv") -> Response:
    """One edition as a document to read and to print, without scripts; each is written in the log."""
    language = _language(lang)
    row = await _given_out(request, viewer, edition, "html", language)
    made = document(read(row["content"]), _head(row), language, links=_links(request))
    policy = f"{NOTHING}; style-src {digest(style())}"
    headers = {**NO_STORE, "Content-Security-Policy": policy, "Content-Language": language}
    return Response(made, headers=headers, media_type="text/html; charset=utf-8")


@router.get("/briefings/{edition}.pdf", response_class=Response, responses=examples.PDF)
async def pdf(request: Request, viewer: MaySeeFigures, edition: Number, lang: Lang = "sv") -> Response:
    """One edition as a tagged PDF (PDF/UA-1), the same bytes for the same edition; each is written in the log.

    503 where the machine lacks what a PDF takes; the document is there all the same.
    """
    language = _language(lang)
    row = await _given_out(request, viewer, edition, "pdf", language)
    made = await printed(row["content"], _head(row), language, links=_links(request))
    name = file_name(read(row["content"]), _head(row), language)
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, headers=headers, media_type="application/pdf")


@router.get("/briefings/{edition}", response_class=Json, responses=examples.ONE)
async def briefing(request: Request, viewer: MaySeeFigures, edition: Number) -> Response:
    """One edition whole: sections of sentences, tables and charts.

    Each carries its figures, and in `source` the query that it rests on with its parameters, the scope, the moment
    `known_at` and the `position` in the ledger: what `lagesbild briefing verify` counts again.
    """
    row = await _one(request, viewer, edition)
    return Json({**row, "content": orjson.loads(row["content"])}, headers=NO_STORE)


async def _one(request: Request, viewer: Viewer, edition: str) -> dict[str, Any]:
    number = int(edition) if edition.isascii() and edition.isdecimal() and len(edition) < 19 else -1
    async with services_of(request).reader(viewer).transaction() as connection:
        row = await queries.one(connection, number)
    if row is None:
        raise NotFound(f"There is no edition {edition[:20]} that you may see; /api/v1/briefings lists them.")
    return row


async def _given_out(
    request: Request, viewer: Viewer, edition: str, form: str, language: str
) -> dict[str, Any]:
    """The edition, with a row in the log that it was given out as a file."""
    row = await _one(request, viewer, edition)
    told = {
        "day": row["day"].isoformat(),
        "area": row["area"],
        "number": row["number"],
        "format": form,
        "lang": language,
    }
    what = f"briefings/{row['edition_id']}"
    async with logged(
        services_of(request).reader(viewer), Consultation("export", what, filter=told)
    ) as consulted:
        consulted.found(1)
    return row


def _head(row: dict[str, Any]) -> Head:
    return Head(row["edition_id"], row["number"], row["made_at"], row["sha256"])


def _links(request: Request) -> str:
    """Where this picture is: an edition that is handed out leads back to it."""
    return str(request.base_url).removesuffix("/").removesuffix("/api")


def _language(text: str) -> Language:
    if text not in {"sv", "en"}:
        raise BadInput(f"lang={text}: choose sv or en.")
    return cast("Language", text)

"""What the measures say: which there are, and the ready results of the daily run. Nothing is worked out here."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path, Query, Request, Response

from app.api import measure_examples as examples
from app.api.answers import Json
from app.api.asked import day as read_day
from app.api.asked import moment
from app.api.routing import MaySeeFigures, routes
from app.api.services import services_of
from app.domain.errors import NotFound
from app.jobs.questions import QUESTIONS
from app.measures import FOLDER, all_measures, folders, get_measure, of_folder
from app.queries import measure_results as queries

if TYPE_CHECKING:
    from app.domain.viewer import Viewer

router = routes()

NO_STORE = {"Cache-Control": "no-store"}
BY_NAME = {question.name: question for question in QUESTIONS}

Day = Annotated[
    str | None,
    Query(description="Made for this day of the region; default the newest.", examples=["2026-11-24"]),
]
KnownAt = Annotated[
    str | None,
    Query(
        description="Of several editions of a day the last one as known at this moment; default the newest.",
        examples=["2026-11-24T07:00:00+01:00"],
    ),
]


@router.get("/measures", response_class=Json, responses=examples.LIST)
async def measures(_: MaySeeFigures) -> Response:
    """The measures that there are, with the questions that each answers every day.

    `lagesbild measure NAME --input FILE.csv` works the same out from a file, without a database.
    """
    found = await asyncio.to_thread(all_measures)
    rows = [
        {
            "measure": name,
            "version": found[name].version,
            "title": found[name].title._asdict(),
            "checks": list(found[name].checks),
            "schema": f"/api/v1/measures/{name}",
            "questions": [question.name for question in QUESTIONS if question.measure == name],
        }
        for name in sorted(found)
    ]
    return Json({"rows": rows}, headers=NO_STORE)


@router.get("/measures/results", response_class=Json, responses=examples.RESULTS)
async def results(
    request: Request, viewer: MaySeeFigures, day: Day = None, known_at: KnownAt = None
) -> Response:
    """The newest result of each question and area that the asker may see, and what it says in words.

    Made at half past five each day, of what was known then, about the days before. `area` is null for the region.
    `state` is `told`, `refused` (there is too little to say anything; `words` say what is missing) or `failed`. With
    `day` what was made for it or, where nothing was, in the month before it.
    """
    services = services_of(request)
    on = read_day("day", day) if day is not None else services.region.day(datetime.now(UTC))
    at = moment("known_at", known_at) if known_at is not None else None
    async with services.reader(viewer).transaction() as connection:
        found = await queries.latest(connection, on, at)
    return Json({"rows": [_titled(row) for row in found], "day": on}, headers=NO_STORE)


@router.get("/measures/results/{question}", response_class=Json, responses=examples.RESULT)
async def result(
    request: Request,
    viewer: MaySeeFigures,
    question: Annotated[str, Path(description="The question.", examples=["deviation"])],
    area: Annotated[
        str | None, Query(description="Code of an area; default the region.", examples=["lpo-sodermalm"])
    ] = None,
    day: Day = None,
    known_at: KnownAt = None,
) -> Response:
    """A question's ready result with its settings and content, whose form `/measures/{name}` describes.

    It never changes: a later edition of the same day is a result of its own, and `editions` tells which there are.
    """
    on = read_day("day", day) if day is not None else None
    at = moment("known_at", known_at) if known_at is not None else None
    async with services_of(request).reader(viewer).transaction() as connection:
        found = await queries.one(connection, question, area, on, at)
        editions = await queries.editions(connection, question, area)
    if found is None:
        raise NotFound(
            f"There is no result of {question} for {area or 'the region'} that you may see; "
            "/api/v1/measures/results lists them."
        )
    headers = {**NO_STORE, "ETag": _etag(viewer, found, editions), "Vary": "Authorization, Cookie"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Json({**_titled(found), "content": found["content"] or {}, "editions": editions}, headers=headers)


@router.get("/measures/{name}", response_class=Json, responses=examples.ONE)
async def measure(
    _: MaySeeFigures, name: Annotated[str, Path(description="The measure.", examples=["deviation"])]
) -> Response:
    """What a measure takes and gives (JSON Schema), and its method: what it says, what not, and its sources."""
    found = await asyncio.to_thread(get_measure, name)
    return Json({**found.schema(), "method": await asyncio.to_thread(_method, name)}, headers=NO_STORE)


@cache
def _method(name: str) -> str:
    folder = next(one for one in folders() if name in {measure.name for measure in of_folder(one)})
    return (FOLDER / folder / "method.md").read_text(encoding="utf-8")


def _titled(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its question's title; one that is asked no more has its name for one."""
    asked = BY_NAME.get(row["question"])
    title = {"sv": row["question"], "en": row["question"]} if asked is None else asked.title._asdict()
    return {"question": row["question"], "title": title, **row}


def _etag(viewer: Viewer, row: dict[str, Any], editions: list[dict[str, Any]]) -> str:
    """What tells this answer from others, to this viewer."""
    told = [row["question"], row["area"], row["day"], row["known_at"], len(editions), viewer.cache_key]
    return f'"{blake2b(repr(told).encode(), digest_size=16).hexdigest()}"'

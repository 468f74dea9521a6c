"""The log book over HTTP: read it, write into it, and hand the shift over. Nothing is ever changed or taken away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api import log_book_examples as examples
from app.api.answers import Json, answer
from app.api.asked import day, listed, moment
from app.api.routing import MayKeepLogBook, routes
from app.api.services import services_of
from app.commands import log_book as commands
from app.domain.errors import BadInput
from app.domain.log_book import NewEntry, kinds
from app.queries import ledger, log_book, log_book_handover

router = routes()

NO_STORE = {"Cache-Control": "no-store"}
Moment = Annotated[str | None, Field(max_length=40, examples=["2026-11-24T12:00:00+01:00"])]
Day = Annotated[str | None, Field(max_length=10, examples=["2026-11-18"])]
KnownAt = Annotated[
    str | None,
    Query(
        description="The log book as known at this moment; default now.",
        examples=["2026-11-24T07:00:00+01:00"],
    ),
]
Since = Annotated[str | None, Query(description="Only what was noted after this moment.")]
Before = Annotated[str | None, Query(description="`noted_at` of the last row of the page before.")]
Kinds = Annotated[list[str], Query(description="Kinds of entries; several by commas or repeated.")]


class Sent(BaseModel):
    """What is sent; a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Entry(Sent):
    """What is to be entered."""

    kind: str = Field(max_length=40, examples=["decision"])
    text: str = Field("", max_length=8000, description="Without any personal number and without names.")
    area: str | None = Field(
        None, max_length=100, description="Code of an area; without it the whole region."
    )
    for_all: bool = Field(False, description="Of the whole region, and told to the area chiefs too.")
    uid: UUID | None = Field(None, description="The incident that it is about.")
    view: str = Field("", max_length=4000, description="Path and query of the page that was looked at.")
    known_at: Moment = Field(None, description="As known when the picture was looked at; default now.")
    lon: float | None = Field(None, ge=-180, le=180, description="WGS84")
    lat: float | None = Field(None, ge=-90, le=90, description="WGS84")
    owner: str = Field("", max_length=200, description="A follow-up's: who is to do it, by function.")
    due: Moment = Field(None, description="A follow-up's: by when.")
    begins: Day = Field(None, description="Of what was done in an area: its first day.")
    ends: Day = Field(None, description="Its last day; without it it goes on.")
    about: UUID | None = Field(None, description="With `done`: the follow-up or handover that is closed.")
    corrects: UUID | None = Field(None, description="An earlier entry of the same kind, which stays.")


class Handover(Sent):
    """What the outgoing officer adds."""

    text: str = Field("", max_length=8000)
    since: Moment = Field(None, description="Default: the last handover, or twelve hours back.")
    until: Moment = Field(None, description="`until` of the figures that were read; default now.")


@router.get("/log-book", response_class=Json, responses=examples.LIST)
async def read(
    request: Request,
    viewer: MayKeepLogBook,
    kind: Kinds = [],  # noqa: B006 - FastAPI copies it
    area: Annotated[
        str | None, Query(description="Pinned to this area or within it.", max_length=100)
    ] = None,
    uid: Annotated[UUID | None, Query(description="Pinned to this incident.")] = None,
    open_only: Annotated[
        bool, Query(alias="open", description="Only follow-ups that are not closed.")
    ] = False,
    since: Since = None,
    before: Before = None,
    known_at: KnownAt = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """The log book, newest first. `corrected`: a later entry replaced it; both stay.

    A chief is told of the own areas, and of what the region says to everybody.
    """
    wanted = listed(kind)
    unknown = set(wanted) - set(kinds())
    if unknown:
        raise BadInput(f"There is no kind {min(unknown)!r}; choose any of {', '.join(kinds())}.")
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        rows = await log_book.entries(
            connection,
            kinds=wanted,
            area=area,
            incident=uid,
            open_only=open_only,
            at=_moment("known_at", known_at),
            since=_moment("since", since),
            before=_moment("before", before),
            limit=limit,
        )
    return answer(rows, _moment("known_at", known_at) or now, position)


@router.post("/log-book", status_code=201, response_class=Json, responses=examples.ADDED)
async def add(
    request: Request,
    viewer: MayKeepLogBook,
    asked: Annotated[Entry, Body(openapi_examples=examples.ADD_BODY)],
) -> Response:
    """Enter something. It stays: a correction is a new entry of the same kind that names the old one.

    It is pinned to the picture as known at `known_at`. No entry names a person: one with a personal number is refused.
    """
    entry = NewEntry(
        kind=asked.kind,
        text=asked.text,
        area=asked.area,
        for_all=asked.for_all,
        incident=asked.uid,
        view=asked.view,
        known_at=_moment("known_at", asked.known_at),
        lon=asked.lon,
        lat=asked.lat,
        owner=asked.owner,
        due=_moment("due", asked.due),
        begins=None if asked.begins is None else day("begins", asked.begins),
        ends=None if asked.ends is None else day("ends", asked.ends),
        about=asked.about,
        corrects=asked.corrects,
    )
    made = await commands.add_entry(services_of(request).reader(viewer), entry)
    return Json({"entry": made}, 201, NO_STORE)


@router.get("/log-book/handover", response_class=Json, responses=examples.HANDOVER)
async def handover(request: Request, viewer: MayKeepLogBook, since: Since = None) -> Response:
    """What a handover would hold now: what changed since the last one, the gravest of it, and what is open.

    The region's shift for who sees the region, a chief's own area for a chief. It holds no person.
    """
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        figures = await log_book_handover.figures(
            connection, viewer, _feeds(request), now, _moment("since", since)
        )
    return Json({"figures": figures, "known_at": now, "position": str(position)}, headers=NO_STORE)


@router.post("/log-book/handover", status_code=201, response_class=Json, responses=examples.SIGNED)
async def sign(
    request: Request,
    viewer: MayKeepLogBook,
    asked: Annotated[Handover, Body(openapi_examples=examples.SIGN_BODY)],
) -> Response:
    """Hand the shift over: the figures as known at `until` and the words beside them are kept as an entry.

    Who comes on acknowledges it by an entry of kind `done` about it.
    """
    made = await commands.hand_over(
        services_of(request).reader(viewer),
        _feeds(request),
        asked.text,
        datetime.now(UTC),
        until=_moment("until", asked.until),
        since=_moment("since", asked.since),
    )
    return Json({"entry": made}, 201, NO_STORE)


def _feeds(request: Request) -> log_book_handover.Feeds:
    services = services_of(request)
    return log_book_handover.Feeds(services.feeds, services.rhythms, services.region)


def _moment(name: str, text: str | None) -> datetime | None:
    return None if text is None else moment(name, text)

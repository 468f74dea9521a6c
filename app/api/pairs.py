"""Pairs over HTTP: each call asks for a reason and is written into the log before anything is read.

Everything is POSTed, so that nothing of what was asked stands in an address. A pair is named by an opaque id; one that
is made up, and one that lies where the viewer may not look, are the same 404.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Body, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api import pair_examples as examples
from app.api.answers import Json, answer
from app.api.asked import day, moment
from app.api.routing import MayFollowUp, MaySeePairs, routes
from app.api.services import services_of
from app.commands import pairs
from app.commands import pairs_told as told
from app.domain.follow_up import Entry
from app.domain.suspicion import Statement
from app.domain.window import Window

router = routes()

DEFAULT_DAYS = 7
PairId = Annotated[str, Path(description="The pair's opaque id.", max_length=200)]
Reason = Annotated[
    str,
    Field(
        description="Why: an id of the reasons, with more after a colon if you like, or a sentence of your own.",
        max_length=400,
        examples=["follow_up"],
    ),
]
KnownAt = Annotated[
    str | None,
    Field(
        description="As known at this moment; default now.",
        max_length=40,
        examples=["2026-11-24T07:00:00+01:00"],
    ),
]
Day = Annotated[str, Field(max_length=10, examples=["2026-11-18"])]


class Sent(BaseModel):
    """What is sent; a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Days(Sent):
    """Days of the region on which a report happened, inclusive."""

    from_: Day = Field(alias="from")
    to: Day


class Search(Sent):
    """Which pairs were reported again, and why this is asked."""

    reason: Reason
    window: Days | None = Field(None, description=f"Default: the last {DEFAULT_DAYS} days.")
    known_at: KnownAt = None
    at_least: int = Field(2, ge=1, le=1000, description="So many reports …")
    within_days: int = Field(365, ge=0, le=36_500, description="… within so many days.")
    flag: str | None = Field(None, max_length=64, description="Only pairs for which this flag holds.")
    area: str | None = Field(
        None,
        max_length=64,
        description="Code of an area: only pairs with so many reports there in the window.",
    )
    several: Literal["victim", "suspect"] | None = Field(
        None, description="Only pairs whose victim, or suspect, is in more than one of these."
    )
    after: str | None = Field(None, max_length=200, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class OfIncident(Sent):
    """An incident whose pairs are asked for."""

    uid: UUID
    reason: Reason
    known_at: KnownAt = None


class Read(Sent):
    """Why a pair is read, and as known when."""

    reason: Reason
    known_at: KnownAt = None


class FollowUpBody(Sent):
    """What was done or seen, and what was decided."""

    reason: Reason
    kind: str = Field(max_length=40, examples=["contact"])
    text: str = Field(max_length=4000, description="Without any personal number.")
    decided: str = Field("", max_length=1000)
    due: Day | None = None
    uid: UUID | None = Field(None, description="The report that it follows up; default the last reported.")
    corrects: UUID | None = Field(None, description="An earlier entry of the same pair, which stays.")


class StatementBody(Sent):
    """What a court decided about a suspicion."""

    reason: Reason
    pair: str = Field(max_length=200)
    uid: UUID
    statement: Statement
    final_on: Day = Field(description="When the decision gained legal force (laga kraft).")
    source: str = Field(min_length=3, max_length=200, examples=["Stockholms tingsrätt B 1-26"])
    offence: str | None = Field(None, max_length=10, description="A code, where only this one has ended.")


class Person(Sent):
    """Somebody by their number."""

    personnummer: str = Field(max_length=40, description="Personnummer or samordningsnummer.")
    role: Literal["victim", "suspect"]
    reason: Reason
    known_at: KnownAt = None


@router.post("/pairs/search", response_class=Json, responses=examples.SEARCH)
async def search(
    request: Request,
    viewer: MaySeePairs,
    asked: Annotated[Search, Body(openapi_examples=examples.SEARCH_BODY)],
) -> Response:
    """Pairs reported again: a report in the window is at least the n-th within so many days.

    The last reported first, and by nothing else. Each with its flags and the reports that they rest on. Pairs of a
    protected victim are in no list. An area chief gets what lies in the own areas; a commander flagged pairs only.
    """
    services = services_of(request)
    known_at = _moment(asked.known_at)
    last = day("to", asked.window.to) if asked.window else services.region.day(known_at or datetime.now(UTC))
    first = day("from", asked.window.from_) if asked.window else last - timedelta(days=DEFAULT_DAYS - 1)
    found = await pairs.search(
        services.reader(viewer),
        services.pair_ids,
        Window(first, last, known_at),
        asked.reason,
        at_least=asked.at_least,
        within_days=asked.within_days,
        flag=asked.flag,
        area=asked.area,
        several=asked.several,
        after=asked.after,
        limit=asked.limit,
    )
    return _rows(request, found, next=found.rest)


@router.post("/pairs/of-incident", response_class=Json, responses=examples.OF_INCIDENT)
async def of_incident(
    request: Request,
    viewer: MaySeePairs,
    asked: Annotated[OfIncident, Body(openapi_examples=examples.OF_INCIDENT_BODY)],
) -> Response:
    """The pairs that a report names. None where it names none, and none where you may not see it: alike."""
    reader = services_of(request).reader(viewer)
    return _rows(request, await pairs.of_incident(reader, asked.uid, _moment(asked.known_at), asked.reason))


@router.post("/persons/search", response_class=Json, responses=examples.PERSON)
async def person(
    request: Request,
    viewer: MaySeePairs,
    asked: Annotated[Person, Body(openapi_examples=examples.PERSON_BODY)],
) -> Response:
    """The pairs in which somebody is the victim or the suspect. The number is neither kept, logged nor repeated.

    A suspicion that ended does not come up (förordning 2018:1942, 3 §), nor anybody protected; nothing tells those
    from somebody of whom nothing is known.
    """
    services = services_of(request)
    known_at = _moment(asked.known_at)
    pseudonym = await services.names().pseudonym(asked.personnummer)
    found = await pairs.of_person(services.reader(viewer), pseudonym, asked.role, known_at, asked.reason)
    return _rows(request, found)


@router.post("/pairs/{pair}", response_class=Json, responses=examples.PAIR)
async def pair(
    request: Request,
    viewer: MaySeePairs,
    pair: PairId,
    asked: Annotated[Read, Body(openapi_examples=examples.PAIR_BODY)],
) -> Response:
    """One pair: its reports in order, severity and frequency as two lines, flags and follow-ups, each with its sources.

    For an area chief the reports of the own areas, and of others one sentence: that there are some.
    """
    services = services_of(request)
    found = await pairs.read(
        services.reader(viewer), services.pair_ids, pair, _moment(asked.known_at), asked.reason
    )
    today = services.region.day(found.known_at)
    return Json(
        {
            **told.pair(found, services.pair_ids, today),
            "known_at": found.known_at,
            "position": str(found.position),
        },
        headers={"Cache-Control": "no-store"},
    )


@router.post("/pairs/{pair}/follow-ups", status_code=201, response_class=Json, responses=examples.FOLLOW_UP)
async def follow_up(
    request: Request,
    viewer: MayFollowUp,
    pair: PairId,
    asked: Annotated[FollowUpBody, Body(openapi_examples=examples.FOLLOW_UP_BODY)],
) -> Response:
    """Note what was done about a pair. It stays: a correction is a new entry that names the old one."""
    services = services_of(request)
    entry = Entry(
        asked.kind,
        asked.text,
        asked.decided,
        day("due", asked.due) if asked.due is not None else None,
        asked.corrects,
    )
    noted = await pairs.note(services.reader(viewer), services.pair_ids, pair, entry, asked.reason, asked.uid)
    return Json(told.follow_up(noted), 201, {"Cache-Control": "no-store"})


@router.post("/suspicions", status_code=201, response_class=Json, responses=examples.STATEMENT)
async def statement(
    request: Request,
    viewer: MayFollowUp,
    asked: Annotated[StatementBody, Body(openapi_examples=examples.STATEMENT_BODY)],
) -> Response:
    """Record that a suspicion ended, or was taken up again. What ended comes up in no search, at whatever moment."""
    services = services_of(request)
    number = await pairs.state(
        services.reader(viewer),
        services.pair_ids,
        asked.pair,
        asked.uid,
        asked.statement,
        _final(asked.final_on),
        source=asked.source,
        reason=asked.reason,
        offence=asked.offence,
    )
    return Json({"statement": number}, 201, {"Cache-Control": "no-store"})


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment("known_at", text)


def _final(text: str) -> date:
    return day("final_on", text)


def _rows(request: Request, found: pairs.Listed, **more: Any) -> Response:
    services = services_of(request)
    today = services.region.day(found.known_at)
    rows = [told.row(held, found.places, services.pair_ids, today) for held in found.pairs]
    return answer(rows, found.known_at, found.position, **more)

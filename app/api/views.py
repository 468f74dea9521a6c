"""Kept views over HTTP: one's own, and those that others share; and when one's last shift ended.

A view is an address of a page here. What it shows is what whoever opens it may see; it widens nothing.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api import view_examples as examples
from app.api.answers import Json, answer
from app.api.routing import MaySeeFigures, routes
from app.api.services import services_of
from app.commands import views as commands
from app.domain.errors import NotFound
from app.queries import ledger
from app.queries.views import last_shift_ended, saved_views

router = routes()

ViewId = Annotated[str, Path(description="The view's id.", max_length=64)]
HEADERS = {"Cache-Control": "no-store"}


class Sent(BaseModel):
    """What is sent; a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Kept(Sent):
    """A view to keep."""

    name: str = Field(max_length=200, description="1 to 80 characters, one of its kind among one's own.")
    address: str = Field(
        max_length=4000, description="Path and query of a page here; no host, no keys, no pair."
    )
    shared: bool = Field(False, description="Whether those who see at least as much may find it.")


class Change(Sent):
    """What is to be otherwise about a view of one's own."""

    name: str | None = Field(None, max_length=200)
    shared: bool | None = None


@router.get("/views", response_class=Json, responses=examples.VIEWS)
async def views(request: Request, viewer: MaySeeFigures) -> Response:
    """One's own views by name, then those that others share whose role and areas see no more than one's own.

    `address` leads to a page here, and shows what the opener may see. `lang` and `theme` are not kept.
    """
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        return answer(await saved_views(connection), now, position)


@router.post("/views", status_code=201, response_class=Json, responses=examples.KEPT)
async def keep(
    request: Request,
    viewer: MaySeeFigures,
    asked: Annotated[Kept, Body(openapi_examples=examples.KEEP_BODY)],
) -> Response:
    """Keep an address under a name; at most 100 each. What names another host, a token or a pair is refused."""
    async with services_of(request).reader(viewer).writing() as connection:
        told = await commands.keep_view(connection, asked.name, asked.address, shared=asked.shared)
    return Json(told, 201, HEADERS)


@router.post("/views/{view}", response_class=Json, responses=examples.CHANGED)
async def change(
    request: Request,
    viewer: MaySeeFigures,
    view: ViewId,
    asked: Annotated[Change, Body(openapi_examples=examples.CHANGE_BODY)],
) -> Response:
    """Rename a view of one's own, share it, or share it no longer."""
    async with services_of(request).reader(viewer).writing() as connection:
        told = await commands.change_view(connection, _number(view), name=asked.name, shared=asked.shared)
    return Json(told, 200, HEADERS)


@router.delete("/views/{view}", response_class=Json, responses=examples.DROPPED)
async def drop(request: Request, viewer: MaySeeFigures, view: ViewId) -> Response:
    """Drop a view of one's own."""
    number = _number(view)
    async with services_of(request).reader(viewer).writing() as connection:
        await commands.drop_view(connection, number)
    return Json({"view": str(number)}, 200, HEADERS)


@router.get("/shift", response_class=Json, responses=examples.SHIFT)
async def shift(request: Request, viewer: MaySeeFigures) -> Response:
    """When one's last shift ended: the last sign of oneself before a break of four hours or more.

    Told from one's own sessions: the sign-out, or where there was none the last sign of a person (exact to a minute).
    Null where no earlier shift is known, as for a bearer token.
    """
    async with services_of(request).reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        ended = await last_shift_ended(connection)
    return Json({"last_shift_ended": ended, "known_at": now, "position": str(position)}, headers=HEADERS)


def _number(view: str) -> UUID:
    try:
        return UUID(view)
    except ValueError:
        raise NotFound(commands.NONE) from None

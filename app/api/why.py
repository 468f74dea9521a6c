"""Why can I see this? Answered from the policy itself: permissions, the viewer's areas, the database's own rules."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from app.api import pair_examples as examples
from app.api.answers import Json
from app.api.routing import Anyone, routes
from app.api.services import services_of
from app.domain.policy import holders, subject
from app.queries import ledger
from app.queries.why import why

router = routes()


@router.get("/why", response_class=Json, responses=examples.WHY)
async def why_(
    request: Request,
    viewer: Anyone,
    what: Annotated[
        str,
        Query(
            description="figures, incidents, pairs, follow_ups, quarantine, log or cubes.", examples=["pairs"]
        ),
    ],
) -> Response:
    """Why you see something, or why not: your role, your areas today, and the rules by which rows are given."""
    services = services_of(request)
    asked = subject(what)
    async with services.reader(viewer).transaction() as connection:
        now, position = await ledger.moment(connection)
        told = await why(connection, viewer, what, services.region.day(now))
    return Json(
        {
            "what": what,
            "allowed": told.allowed,
            "role": viewer.role,
            "permission": asked.permission,
            "roles": holders(asked.permission),
            "areas": told.areas,
            "group": told.group,
            "policies": told.policies,
            "sentences_sv": [sv for sv, _ in told.sentences],
            "sentences_en": [en for _, en in told.sentences],
            "known_at": now,
            "position": str(position),
        },
        headers={"Cache-Control": "no-store"},
    )

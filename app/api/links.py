"""Links over HTTP: what the linkage proposes, for a person to accept, reject, or undo. Nothing is merged by itself."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Request, Response
from pydantic import Field

from app.api import link_examples as examples
from app.api.answers import Json, answer
from app.api.pairs import Reason, Sent
from app.api.routing import MayJudgeLinks, routes
from app.api.services import services_of
from app.commands import judging
from app.domain.errors import NotFound
from app.domain.link import Decision

router = routes()


class Waiting(Sent):
    """Which proposals, and why this is asked."""

    reason: Reason
    before: str | None = Field(
        None,
        max_length=100,
        description="`next` of the page before, or a moment: what was proposed before it.",
    )
    limit: int = Field(50, ge=1, le=200)


class Decided(Sent):
    """Why this is asked."""

    reason: Reason
    limit: int = Field(50, ge=1, le=200)


class JudgementBody(Sent):
    """What somebody decides, and why."""

    decision: Decision
    reason: Reason
    seen: Decision | None = Field(
        None,
        description="What held when you looked (undo: nothing was decided); if another decision holds now, nothing is "
        "decided. Without it your decision holds whatever was decided before.",
    )


@router.post("/links/waiting", response_class=Json, responses=examples.WAITING)
async def waiting(
    request: Request,
    viewer: MayJudgeLinks,
    asked: Annotated[Waiting, Body(openapi_examples=examples.WAITING_BODY)],
) -> Response:
    """Mentions that may be of one person and that nobody has judged, the latest proposed first.

    `probability` is that of identity and says nothing of what anybody did. `evidence` tells by field which level of
    agreement held and what it weighs (bits), no value of anybody; `one` and `other` are the reports of either side.
    `waiting`: how many wait in all.
    """
    found = await judging.proposals(
        services_of(request).reader(viewer), asked.reason, after=asked.before, limit=asked.limit
    )
    return answer(found.rows, found.now, found.position, waiting=found.waiting, next=found.rest)


@router.post("/links/decided", response_class=Json, responses=examples.DECIDED)
async def decided(
    request: Request,
    viewer: MayJudgeLinks,
    asked: Annotated[Decided, Body(openapi_examples=examples.DECIDED_BODY)],
) -> Response:
    """What holds of what was decided about proposals, the last decided first: by whom, when and why.

    The evidence is as it was shown then. A decision is undone by its proposal's id.
    """
    rows, now, position = await judging.decisions(
        services_of(request).reader(viewer), asked.reason, limit=asked.limit
    )
    return answer(rows, now, position)


@router.post(
    "/links/{proposal}/judgements", status_code=201, response_class=Json, responses=examples.JUDGEMENT
)
async def judge(
    request: Request,
    viewer: MayJudgeLinks,
    proposal: Annotated[str, Path(description="The proposal's opaque id.", max_length=64)],
    asked: Annotated[JudgementBody, Body(openapi_examples=examples.JUDGEMENT_BODY)],
) -> Response:
    """Accept that two mentions are of one person, reject it, or undo the last decision. Each is kept, with its reason.

    From then on pairs are of the persons so told; reports stay reports, and an undo takes the persons apart again.
    """
    try:
        number = UUID(proposal)
    except ValueError:
        raise NotFound("There is no such proposal.") from None
    made = await judging.judge(
        services_of(request).reader(viewer), number, asked.decision, asked.reason, asked.seen
    )
    return Json({"judgement": str(made), "decision": asked.decision}, 201)

"""Links over HTTP: what the linkage proposes, for a person to accept, reject, or undo. Nothing is merged by itself."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Request, Response
from pydantic import Field

from app.api import link_examples as examples
from app.api.answers import Json, answer
from app.api.asked import moment
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
    before: str | None = Field(None, max_length=40, description="Proposed before this moment: the next page.")
    limit: int = Field(50, ge=1, le=200)


class JudgementBody(Sent):
    """What somebody decides, and why."""

    decision: Decision
    reason: Reason


@router.post("/links/waiting", response_class=Json, responses=examples.WAITING)
async def waiting(
    request: Request,
    viewer: MayJudgeLinks,
    asked: Annotated[Waiting, Body(openapi_examples=examples.WAITING_BODY)],
) -> Response:
    """Mentions that may be of one person and that nobody has judged, the latest proposed first.

    `probability` is that of identity and says nothing of what anybody did. `evidence` tells by field which level of
    agreement held and what it weighs (bits), no value of anybody; `one` and `other` are the reports of either side.
    """
    before = moment("before", asked.before) if asked.before is not None else None
    rows, now, position = await judging.proposals(
        services_of(request).reader(viewer), asked.reason, before=before, limit=asked.limit
    )
    rest = rows[-1]["proposed_at"].isoformat() if len(rows) == asked.limit else None
    return answer(rows, now, position, next=rest)


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
    made = await judging.judge(services_of(request).reader(viewer), number, asked.decision, asked.reason)
    return Json({"judgement": str(made), "decision": asked.decision}, 201)

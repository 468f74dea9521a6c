"""Push: a delivery comes in by POST and is answered when everything in it is committed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path, Query, Request, Response

from app.api import examples
from app.api.answers import Json, problem
from app.api.routing import MayPush, routes
from app.api.services import services_of

if TYPE_CHECKING:
    from app.domain.intake import PushReceipt

router = routes()

LIMIT_BYTES = 64 * 1024**2


@router.post(
    "/feeds/{feed}/records",
    status_code=202,
    response_class=Json,
    responses=examples.RECEIPT,
    openapi_extra=examples.BODY,
)
async def records(
    request: Request,
    viewer: MayPush,
    feed: Annotated[str, Path(description="The feed whose format it is.", examples=["uppdrag"])],
    name: Annotated[str | None, Query(description="What the sender calls it.", max_length=200)] = None,
) -> Response:
    """Send one delivery of a feed: the bytes as the source wrote them (JSON, NDJSON, CSV, Excel; gzip too).

    202 comes only when all of it is committed, with a receipt: read = loaded + unchanged + quarantined + outside.
    What cannot be understood is kept in quarantine, and is no error. To send the same again changes nothing.
    """
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > LIMIT_BYTES:
            return problem(413, f"A delivery may hold {LIMIT_BYTES // 1024**2} MB at most; send it in parts.")
    now = datetime.now(UTC)
    receipt = (
        await services_of(request)
        .door()
        .push(feed, bytes(content), name or f"push by {viewer.name} {now:%Y-%m-%d %H:%M:%S}")
    )
    return Json(told_of(receipt), 202)


def told_of(receipt: PushReceipt) -> dict[str, Any]:
    """A receipt as it is answered."""
    return {
        "feed": receipt.feed,
        "read": receipt.read,
        "loaded": receipt.loaded,
        "unchanged": receipt.unchanged,
        "quarantined": receipt.quarantined,
        "outside": receipt.outside,
        "delivery": receipt.deliveries[0] if receipt.deliveries else None,
        "deliveries": list(receipt.deliveries),
        "position": str(receipt.position) if receipt.position else None,
    }

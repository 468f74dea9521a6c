"""What answers about kept views look like: examples of the OpenAPI description. A test holds them to real answers."""

from __future__ import annotations

from typing import Any

AT = {"known_at": "2026-11-24T06:00:00Z", "position": "812-44"}
VIEW = {
    "view": "0d0c7a52-6d55-4c8c-9b8e-6e2f6b2f8d11",
    "name": "Natten på Södermalm",
    "address": "/?area=lpo-sodermalm&window=night",
    "shared": False,
    "kept_at": "2026-11-24T05:58:00Z",
    "owner": "Alva Analytiker",
    "own": True,
}


def _answers(example: Any, status: int, text: str) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": text, "content": {"application/json": {"example": example}}}}


VIEWS = _answers({"rows": [VIEW], **AT}, 200, "Rows.")
KEPT = _answers(VIEW, 201, "Kept.")
CHANGED = _answers(VIEW, 200, "Changed.")
DROPPED = _answers({"view": VIEW["view"]}, 200, "Dropped.")
SHIFT = _answers({"last_shift_ended": "2026-11-23T21:14:00Z", **AT}, 200, "A moment, or null.")
KEEP_BODY = {"example": {"value": {name: VIEW[name] for name in ("name", "address", "shared")}}}
CHANGE_BODY = {"example": {"value": {"name": "Natten, Södermalm", "shared": True}}}

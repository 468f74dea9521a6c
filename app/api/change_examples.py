"""What answers about changes look like: examples of the OpenAPI description. A test holds them to real answers."""

from __future__ import annotations

from typing import Any

UID = "4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11"
AT = {"known_at": "2026-11-24T06:00:00Z", "position": "812-44"}
SINCE = "2026-11-24T05:00:00Z"


def _answers(
    example: Any, kind: str = "application/json", text: str = "Rows."
) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": text, "content": {kind: {"example": example}}}}


SIDE = {
    "state": "active",
    "area": "del-sodermalm",
    "area_name": "Södermalm",
    "day": "2026-11-23",
    "occurred_from": "2026-11-23T20:10:00Z",
    "occurred_to": "2026-11-23T20:40:00Z",
    "offence": "9365",
    "offences": 1,
    "precision": "point",
    "title": "Misshandel",
    "summary": None,
    "place_text": "Götgatan",
    "priority": None,
    "protected": False,
}
CHANGE = {
    "uid": UID,
    "feed": "anmalan",
    "kind": "report",
    "change": "corrected",
    "known_at": "2026-11-24T05:12:00Z",
    "fields": ["offence"],
    "before": SIDE,
    "after": {**SIDE, "offence": "9367"},
}
CHANGES = _answers({"since": SINCE, "next": None, "rows": [CHANGE], **AT})
COUNTS = _answers({"since": SINCE, "rows": [{"change": "corrected", "incidents": 2, "anywhere": 3}], **AT})
EXPORT = _answers(
    '"Händelse";"Ändring"\r\n"4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11";"corrected"\r\n',
    kind="text/csv",
    text="The file.",
)

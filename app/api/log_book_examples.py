"""What the answers about the log book look like; a test holds them against real answers."""

from __future__ import annotations

from typing import Any

UID = "4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11"
ENTRY_ID = "0d0c7a52-6d55-4c8c-9b8e-6e2f6b2f8d11"
AT = {"known_at": "2026-11-24T06:00:00Z", "position": "812-44"}
ENTRY: dict[str, Any] = {
    "entry": ENTRY_ID,
    "thread": ENTRY_ID,
    "kind": "follow_up",
    "text": "Ring socialjouren om boende.",
    "area": "lpo-sodermalm",
    "area_name": "Lokalpolisområde Södermalm",
    "for_all": False,
    "incident": UID,
    "view": "/omrade?area=lpo-sodermalm",
    "known_at": "2026-11-24T05:40:00Z",
    "position": "812-44",
    "lon": None,
    "lat": None,
    "owner": "Yttre befäl Söder",
    "due": "2026-11-24T11:00:00Z",
    "begins": None,
    "ends": None,
    "figures": None,
    "about": None,
    "corrects": None,
    "noted_at": "2026-11-24T05:41:12Z",
    "name": "Alva Analytiker",
    "role": "analyst",
    "corrected": False,
    "done_at": None,
    "done_by": None,
    "done_text": None,
}
FIGURES: dict[str, Any] = {
    "since": "2026-11-23T17:00:00Z",
    "until": "2026-11-24T05:00:00Z",
    "position": "812-44",
    "changes": {"added": 31, "corrected": 4, "withdrawn": 1, "moved": 2},
    "gravest": [
        {
            "uid": UID,
            "offence": "0310",
            "offence_sv": "Mord eller dråp",
            "offence_en": "Murder or manslaughter",
            "area": "lpo-jarva",
            "area_name": "Lokalpolisområde Järva",
            "day": "2026-11-23",
            "incidents": 1,
        }
    ],
    "alerts": [],
    "follow_ups": [],
    "late_feeds": [
        {
            "feed": "uppdrag",
            "title_sv": "Uppdrag",
            "title_en": "Dispatch calls",
            "state": "late",
            "since": "2026-11-24T02:10:00Z",
        }
    ],
    "decisions": [],
}


def _answers(example: Any, status: int = 200, text: str = "Rows.") -> dict[int | str, dict[str, Any]]:
    return {status: {"description": text, "content": {"application/json": {"example": example}}}}


LIST = _answers({"rows": [ENTRY], **AT})
ADDED = _answers({"entry": ENTRY}, 201, "Entered.")
ADD_BODY: dict[str, Any] = {
    "follow_up": {
        "value": {
            "kind": "follow_up",
            "text": "Ring socialjouren om boende.",
            "area": "lpo-sodermalm",
            "owner": "Yttre befäl Söder",
            "due": "2026-11-24T12:00:00+01:00",
            "uid": UID,
        }
    }
}
HANDOVER = _answers({"figures": FIGURES, **AT}, text="What a handover would hold.")
SIGNED = _answers({"entry": {**ENTRY, "kind": "handover", "figures": FIGURES}}, 201, "Handed over.")
SIGN_BODY: dict[str, Any] = {
    "handover": {"value": {"text": "Lugn natt. Två bilar är kvar i Farsta till 08."}}
}

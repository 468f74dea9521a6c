"""What answers about the log look like: examples of the OpenAPI description. A test holds them against real answers."""

from __future__ import annotations

from typing import Any

ROW = {
    "log_id": 4711,
    "at": "2026-11-24T06:01:12.345678Z",
    "actor": "user:12",
    "name": "A. Andersson",
    "role": "analyst",
    "action": "read",
    "what": "pairs/read",
    "reason": "follow_up",
    "reason_text": "avstämning med utredaren",
    "filter": {"pair": "Qm5uYV9v"},
    "persons": ["1f9a03c2", "8c0d77e1"],
    "areas": ["0180"],
    "found": 4,
    "sealed": True,
}
FINDING = {
    "rule": "bulk",
    "text_sv": "Läste om 30 personer eller fler inom 60 minuter",
    "text_en": "Read about 30 persons or more within 60 minutes",
    "actor": "user:12",
    "name": "A. Andersson",
    "role": "analyst",
    "first_at": "2026-11-24T06:01:12.345678Z",
    "last_at": "2026-11-24T06:31:40.100000Z",
    "count": 34,
    "persons": ["1f9a03c2", "8c0d77e1"],
    "log_ids": [4711, 4712],
}
STATE_EXAMPLE = {
    "rows": 12345,
    "sealed": 12345,
    "sealed_to": "2026-11-24T20:04:11Z",
    "waiting": 0,
    "checked_at": "2026-11-24T20:00:00Z",
    "checked_rows": 12300,
    "checked_to": "2026-11-24T19:59:58Z",
    "findings": [],
}


def _answers(example: Any, kind: str = "application/json", text: str = "Rows.") -> dict[int | str, Any]:
    return {
        200: {"description": text, "content": {kind: {"example": example}}},
        400: {"description": "What was asked cannot be understood."},
        401: {"description": "No token and no session."},
        403: {"description": "The role lacks the permission."},
        503: {"description": "The database does not answer just now."},
    }


LOG = _answers({"rows": [ROW], "next": 4710})
UNUSUAL = _answers({"rows": [FINDING]})
STATE = _answers(STATE_EXAMPLE, text="How far the chain has come.")
EXPORT = _answers("Nummer;Tid;Vem\r\n4711;…\r\n", kind="text/csv", text="CSV.")

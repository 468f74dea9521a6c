"""What the answers about alerts look like; a test holds them against real answers."""

from __future__ import annotations

from typing import Any

UID = "4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11"
RULE_ID = "8f3c2a52-6d55-4c8c-9b8e-6e2f6b2f8d30"
TRIAL = "0d0c7a52-6d55-4c8c-9b8e-6e2f6b2f8d11"
AT = "2026-11-24T05:40:00Z"
WHY = {
    "sv": "8 anmälningar på 24 timmar; regeln löser ut vid 7.",
    "en": "8 reports in 24 hours; the rule fires at 7.",
}
DEFINITION = {
    "kind": "threshold", "rearm_hours": 12, "group_hours": 48, "mail": False, "webhook": False, "incidents": "report",
    "offences": [], "close": True, "areas": [], "together": False, "window_hours": 24, "at_least": 7,
}  # fmt: skip
SUMMARY = {
    "since": "2025-11-24T05:40:00+00:00", "until": "2026-11-24T05:40:00+00:00", "fired": 14, "per_week": 0.27,
    "allowed_per_week": 1, "within_budget": True, "weeks": 52, "weeks_over": 2, "false_per_month": 0.4,
    "false_low": 0.1, "false_high": 1.1, "false_share": 0.35,
}  # fmt: skip
ALERT: dict[str, Any] = {
    "uid": UID, "rule_id": RULE_ID, "version": 1, "kind": "threshold", "place": "lpo-sodermalm", "period": AT,
    "day": "2026-11-24", "area": "lpo-sodermalm", "area_name": "Lokalpolisområde Södermalm", "feed": None,
    "probation": False, "made_at": AT, "title_sv": "Många anmälningar på ett dygn", "title_en": "Many reports in a day",
    "definition": DEFINITION, "tried": SUMMARY, "allowed_per_week": 2, "firings": 2, "fired_at": AT, "noticed_at": AT,
    "value": 8, "bound": 7, "normal": None, "window_from": "2026-11-23T05:40:00Z", "state": "new", "again": False,
    "until": None, "to_role": None, "outcome": None, "closed_at": None, "acknowledged_by": None,
    "acknowledged_at": None, "sent": None, "position": "812-44", "why": WHY,
}  # fmt: skip
STEP: dict[str, Any] = {
    "action_id": 7, "kind": "fired", "at": AT, "fired_at": AT, "value": 8, "bound": 7, "normal": None, "until": None,
    "to_role": None, "outcome": None, "channel": None, "name": "", "role": "system", "note": None,
}  # fmt: skip
RULE: dict[str, Any] = {
    "version_id": 3, "rule_id": RULE_ID, "version": 1, "kind": "threshold", "title_sv": "Många anmälningar på ett dygn",
    "title_en": "Many reports in a day", "definition": DEFINITION, "mode": "live", "allowed_per_week": 2, "why": "",
    "tried": SUMMARY, "made_at": AT, "name": "Alva Analytiker", "role": "analyst",
    "words": {
        "sv": "Larmar när minst 7 anmälningar om brott i nära relation har inträffat de senaste 24 timmar.",
        "en": "Alerts when at least 7 reports of violence in close relationships happened in the last 24 hours.",
    },
    "spent": {"alerts": 3, "true": 1, "false": 1},
}  # fmt: skip


def _answer(status: int, description: str, example: Any) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": description, "content": {"application/json": {"example": example}}}}


LIST = _answer(200, "Alerts, the gravest kind first.", {"rows": [ALERT], "at": AT})
ONE = _answer(200, "The alert and what became of it.", {**ALERT, "life": [STEP], "sources": [UID]})
ACTED = _answer(201, "It is noted.", {"action": 8})
RULES = _answer(200, "The newest version of each rule.", {"rows": [RULE]})
VERSIONS = _answer(200, "All versions, the newest first.", {"rows": [RULE]})
WRITTEN = _answer(201, "The version is written.", {"rule": RULE_ID, "version": 2})
ASKED = _answer(202, "It is being tried.", {"trial": TRIAL})
TRIED = _answer(
    200, "The trial.",
    {
        "trial": TRIAL, "state": "done", "asked_at": AT, "seconds": 1.4,
        "result": {
            "words": [{"sv": "Regeln hade gett 14 larm på 12 månader.", "en": "The rule would have given 14 alerts."}],
            "summary": SUMMARY,
            "alerts": [{"place": "lpo-sodermalm", "period": AT, "firings": 2, "value": 8, "bound": 7, "normal": None,
                        "words": WHY}],
        },
    },
)  # fmt: skip

ACT_BODY: dict[str, Any] = {
    "acknowledge": {"value": {"kind": "acknowledged", "note": "Yttre befäl är underrättat."}},
    "close": {"value": {"kind": "closed", "outcome": "false", "note": "Två anmälningar om samma händelse."}},
}
RULE_BODY: dict[str, Any] = {
    "threshold": {
        "value": {
            "title": "Många anmälningar på ett dygn",
            "rule": DEFINITION,
            "mode": "probation",
            "allowed_per_week": 2,
        }
    }
}
TRY_BODY: dict[str, Any] = {"threshold": {"value": {"rule": DEFINITION, "allowed_per_week": 2, "days": 365}}}

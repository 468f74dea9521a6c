"""What answers about pairs look like: examples of the OpenAPI description. A test holds them against real answers."""

from __future__ import annotations

from typing import Any

UID = "4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11"
PAIR_ID = "Qm5uYV9vY2hfa2V5ZWRfYnlfQUVTLVNJVl9vZl90d29fcHNldWRvbnltc18"
AT = {"known_at": "2026-11-24T06:00:00Z", "position": "812-44"}
REFUSED = {"application/json": {"example": {"error": "Say why: one of follow_up, ongoing, … or a sentence."}}}


def answers(
    example: Any, status: int = 200, text: str = "Rows.", *, found: bool = True
) -> dict[int | str, Any]:
    """An answer with its example, and the ways in which a question about persons is refused."""
    missing: dict[int | str, Any] = (
        {404: {"description": "There is no such pair, or none that you may see."}} if found else {}
    )
    return {
        status: {"description": text, "content": {"application/json": {"example": example}}},
        400: {"description": "No reason, or what was sent cannot be understood.", "content": REFUSED},
        401: {"description": "No token and no session."},
        403: {"description": "The role lacks the permission."},
        **missing,
        429: {"description": "Asked too often; Retry-After says when again."},
        503: {"description": "The database does not answer just now."},
    }


def body(example: dict[str, Any]) -> dict[str, Any]:
    """What is sent, with a reason."""
    return {"example": {"value": {**example, "reason": "follow_up: avstämning med utredaren"}}}


SEARCH_BODY = body({"window": {"from": "2026-11-18", "to": "2026-11-24"}, "at_least": 2, "within_days": 365})
OF_INCIDENT_BODY = body({"uid": UID})
PAIR_BODY = body({"known_at": "2026-11-24T07:00:00+01:00"})
PERSON_BODY = body({"personnummer": "18620304-0123", "role": "victim"})
FOLLOW_UP_BODY = body(
    {
        "kind": "contact",
        "text": "Målsäganden uppringd och informerad om stöd.",
        "decided": "Nytt samtal om en vecka.",
    }
)
STATEMENT_BODY = body(
    {
        "pair": PAIR_ID,
        "uid": UID,
        "statement": "acquitted",
        "final_on": "2026-11-20",
        "source": "Stockholms tingsrätt, B 1-26",
    }
)

SOURCE = {"uid": UID, "feed": "anmalan", "day": "2026-11-23"}
FLAG = {
    "rule": "contact-ban-breach",
    "version": 1,
    "text_sv": "Överträdelse av kontaktförbud anmäld",
    "text_en": "Breach of contact ban reported",
    "day": "2026-11-23",
    "sources": [{**SOURCE, "offences": ["4090"]}],
}
ROW = {
    "pair": PAIR_ID,
    "last_reported_at": "2026-11-23T20:40:00Z",
    "last_day": "2026-11-23",
    "days_since_last": 1,
    "reports": [SOURCE],
    "districts": ["Södermalm"],
    "flags": [FLAG],
}
SEARCH = answers({"next": None, "rows": [ROW], **AT}, found=False)
OF_INCIDENT = answers({"rows": [ROW], **AT}, found=False)
PERSON = answers({"rows": [ROW], **AT}, found=False)

OFFENCE = {
    "offence": "9365",
    "offence_sv": "Misshandel, ej grov, mot kvinna i parrelation, inomhus",
    "offence_en": "Assault, not gross, against a woman in a couple relationship, indoors",
    "count": 1,
}
RUNG = {
    **SOURCE,
    "occurred_from": "2026-11-23T20:10:00Z",
    "occurred_to": "2026-11-23T20:40:00Z",
    "reported_at": "2026-11-23T20:40:00Z",
    "first_known_at": "2026-11-24T05:12:00Z",
    "known_at": "2026-11-24T05:12:00Z",
    "area": "del-sodermalm",
    "area_name": "Södermalm",
    "district": "lpo-sodermalm",
    "district_name": "Södermalm",
    "address": "Götgatan",
    "protected": False,
    "relation": ["sambo"],
    "offences": [OFFENCE],
    "beside": [],
}
NOTED = {
    "id": "1b2d6a44-7f0e-4d54-8a3c-9f5a1d1d2c10",
    "uid": UID,
    "kind": "contact",
    "text": "Målsäganden uppringd och informerad om stöd.",
    "decided": "Nytt samtal om en vecka.",
    "due": "2026-12-01",
    "noted_at": "2026-11-24T05:50:00Z",
    "name": "A. Analytiker",
    "role": "analyst",
    "corrects": None,
    "corrected": False,
}
PAIR = answers(
    {
        "pair": PAIR_ID,
        "last_reported_at": "2026-11-23T20:40:00Z",
        "days_since_last": 1,
        "rungs": [RUNG],
        "severity": [
            {
                "day": "2026-11-23",
                "step": 1,
                "offence": "9365",
                "offence_sv": OFFENCE["offence_sv"],
                "offence_en": OFFENCE["offence_en"],
            }
        ],
        "frequency": [{"day": "2026-11-23", "days_since_previous": 28}],
        "flags": [FLAG],
        "follow_ups": [NOTED],
        "elsewhere": None,
        **AT,
    },
    text="The pair.",
)
FOLLOW_UP = answers(NOTED, status=201, text="It is noted.")
STATEMENT = answers({"statement": 12}, status=201, text="It is recorded.")

POLICY = {
    "table": "follow_up",
    "policy": "region_persons",
    "command": "SELECT",
    "using": "( SELECT audited('region_persons'::text) AS audited)",
}
WHY = answers(
    {
        "what": "pairs",
        "allowed": True,
        "role": "analyst",
        "permission": "pairs",
        "roles": ["analyst", "commander", "area_chief"],
        "areas": [],
        "group": "lagesbild_region_persons",
        "policies": [POLICY],
        "sentences_sv": ["Du ser par och personer för att din roll, analytiker, har behörigheten pairs."],
        "sentences_en": ["You see pairs and persons because your role, analyst, holds the permission pairs."],
        **AT,
    },
    text="Why, from the policy itself.",
    found=False,
)

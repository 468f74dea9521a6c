"""What answers about links look like: examples of the OpenAPI description. A test holds them against real answers."""

from __future__ import annotations

from app.api.pair_examples import AT, UID, answers, body

WAITING_BODY = body({"limit": 50})
JUDGEMENT_BODY = body({"decision": "accept"})
DECIDED_BODY = body({"limit": 50})
PROPOSAL = {
    "proposal": "0d0c7a52-6d55-4c8c-9b8e-6e2f6b2f8d11",
    "probability": 0.97,
    "evidence": {"family": {"level": "same", "bits": 8.1}},
    "model_version": "2",
    "proposed_at": "2026-11-24T05:12:00Z",
    "one": [{"uid": UID, "role": "victim", "day": "2026-11-23", "district": "Lokalpolisområde Södermalm"}],
    "other": [{"uid": UID, "role": "victim", "day": "2026-10-02", "district": "Lokalpolisområde Järva"}],
}
WAITING = answers({"rows": [PROPOSAL], "waiting": 1, "next": None, **AT}, found=False)
DECIDED = answers(
    {
        "rows": [
            {
                **PROPOSAL,
                "decision": "accept",
                "reason": "quality: samma telefon och gata",
                "decided_at": "2026-11-24T05:40:00Z",
                "name": "Alva Analytiker",
            }
        ],
        **AT,
    },
    found=False,
)
JUDGEMENT = answers({"judgement": "7f0c7a52-6d55-4c8c-9b8e-6e2f6b2f8d12", "decision": "accept"}, 201, "Kept.")

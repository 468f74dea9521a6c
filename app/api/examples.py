"""What answers look like: the examples of the OpenAPI description. A test holds them against real answers."""

from __future__ import annotations

from typing import Any

UID = "4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11"
AT = {"known_at": "2026-11-24T06:00:00Z", "position": "812-44"}


def _answers(
    example: Any, status: int = 200, kind: str = "application/json", text: str = "Rows."
) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": text, "content": {kind: {"example": example}}}}


HEALTH = _answers({"status": "ok", **AT}, text="It works.")

AREA = {
    "code": "lpo-sodermalm",
    "kind": "lokalpolisomrade",
    "name": "Södermalm",
    "valid_from": "1900-01-01",
    "valid_to": None,
    "provisional": True,
    "population": 131000,
    "source": "RegSO 2025, SCB (CC0)",
    "parent": "po-city",
    "bbox": [18.0204, 59.2947, 18.1339, 59.3276],
}
BORDERS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": AREA["code"], "name": AREA["name"]},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [[[[18.02, 59.29], [18.13, 59.29], [18.1, 59.33]]]],
            },
        }
    ],
    "known_at": AT["known_at"],
}
AREAS = _answers({"rows": [AREA], **AT})
AREAS[200]["content"]["application/geo+json"] = {"example": BORDERS}

OFFENCE = {
    "code": "9365",
    "kind": "report",
    "name_sv": "Misshandel, ej grov, mot kvinna i parrelation, inomhus",
    "name_en": "Assault, not gross, against a woman in a couple relationship, indoors",
    "group": "misshandel",
    "group_sv": "Misshandel",
    "group_en": "Assault",
    "stage": None,
    "relation": "parrelation",
    "victim_sex": "kvinna",
    "victim_age": "18+",
    "place": "inomhus",
    "close_relationship": True,
    "valid_from": "2019-01-01",
    "valid_to": None,
    "severity": 400,
    "named": ["misshandel-kvinna-parrelation"],
    "weight": 4.0,
    "weight_version": "bsi-2020-1",
    "weight_provisional": False,
    "weight_source": "polistidningen.se/2020/10/fokus-pa-de-som-skadar-mest",
}
OFFENCES = _answers({"rows": [OFFENCE], **AT})

FEED = {
    "feed": "uppdrag",
    "last_fetch_at": "2026-11-24T05:59:58Z",
    "last_success_at": "2026-11-24T05:59:58Z",
    "last_news_at": "2026-11-24T05:59:58Z",
    "message": None,
    "last_delivery_at": "2026-11-24T05:59:58Z",
    "deliveries": 912,
    "read": 61204,
    "loaded": 61011,
    "unchanged": 170,
    "quarantined": 23,
    "outside": 0,
    "quarantine_open": 2,
    "delay_median_hours": 0.02,
    "delay_p95_hours": 0.3,
    "incidents": 22310,
    "versions": 61011,
}
FEEDS = _answers({"rows": [FEED], **AT})

COUNT = {"day": "2026-11-23", "area": "lpo-sodermalm", "incidents": 3, "offences": 4, "harm": 16.0}
COUNTS = _answers({"rows": [COUNT], **AT})

TOTALS = {"incidents": 41, "offences": 44, "harm": 180.5}
SERIES = {"unit": "hour", "first": "2026-11-24", "first_hour": 0, "now": [3, 1, None], "before": [2, 2, 4]}
GLANCE = _answers(
    {
        "now": TOTALS,
        "before": {**TOTALS, "incidents": 38},
        "without": 2,
        "series": SERIES,
        "weighted": True,
        "filling": False,
        "known_at": AT["known_at"],
    },
    text="Totals and how they spread.",
)

VERSION = {
    "state": "active",
    "known_at": "2026-11-24T05:12:00Z",
    "occurred_from": "2026-11-23T20:10:00Z",
    "occurred_to": "2026-11-23T20:40:00Z",
    "reported_at": "2026-11-24T05:10:00Z",
    "day": "2026-11-23",
    "hour": 21,
    "precision": "point",
    "protected": False,
    "title": "Misshandel",
    "summary": None,
    "place_text": "Götgatan",
    "url": None,
    "priority": None,
    "area": "del-sodermalm",
    "area_name": "Södermalm",
    "area_kind": "delomrade",
    "offence": "9365",
    "offence_sv": "Misshandel, ej grov, mot kvinna i parrelation, inomhus",
    "offence_en": "Assault, not gross, against a woman in a couple relationship, indoors",
    "close_relationship": True,
    "geometry": {"type": "Point", "coordinates": [18.0733, 59.3129]},
}
INCIDENTS = _answers(
    {"next": "2026-11-23_1042", "rows": [{"uid": UID, "feed": "anmalan", "kind": "report", **VERSION}], **AT}
)

EXPORT = _answers(
    '"Händelse";"Slag"\r\n"4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11";"report"\r\n',
    kind="text/csv",
    text="The file.",
)

INCIDENT = _answers({
    "uid": UID,
    "feed": "anmalan",
    "kind": "report",
    "rows": [
        {
            "repeats": False,
            "attributes": None,
            "feed": "anmalan",
            "delivery": "anmalan 2026-11-24 06.csv",
            "backfilled": False,
            **VERSION,
            "offences": [
                {
                    "number": 1,
                    "offence": "9365",
                    "offence_sv": "Misshandel, ej grov, mot kvinna i parrelation, inomhus",
                    "offence_en": "Assault, not gross, against a woman in a couple relationship, indoors",
                    "count": 1,
                }
            ],
        }
    ],
    **AT,
})  # fmt: skip

STREAM = _answers(
    "id: 812-44\nevent: ledger\n"
    'data: {"rows": [{"uid": "…", "sign": 1, "incidents": 1, "…": "…"}], "position": "812-44"}\n\n',
    kind="text/event-stream",
    text="Events for as long as the reader stays.",
)
STREAM[409] = {"description": "`from` is ahead of the ledger: it is not a position of this one."}

TILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "A tile.", "content": {"application/vnd.mapbox-vector-tile": {}}},
    304: {"description": "The tile that the reader has is still right."},
}

RECEIPT = _answers(
    {
        "feed": "uppdrag",
        "read": 2,
        "loaded": 1,
        "unchanged": 0,
        "quarantined": 1,
        "outside": 0,
        "delivery": 913,
        "deliveries": [913],
        "position": "815-51",
    },
    status=202,
    text="Everything is committed; this became of it.",
)
RECEIPT[413] = {"description": "The delivery is too large; send it in parts."}

CALL = (
    '{"HAENDELSE_ID":"S-2026-1234567","DATUM":"2026-11-24","TID":"18:03","HAENDELSETYP":"Lägenhetsbråk",'
    '"PRIO_SLUTLIG":"2","KOMMUN":"Stockholm","LATITUDE":59.31,"LONGITUDE":18.07,"STATUS":"Aktiv",'
    '"REGISTRERAD":"2026-11-24T18:04:10+01:00"}'
)
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One delivery, as the source wrote it.",
        "content": {
            "application/x-ndjson": {"example": CALL},
            "text/csv": {"example": "ID;BROTTSKOD;ANTAL;…"},
            "application/json": {},
            "application/octet-stream": {},
        },
    }
}

QUARANTINE = _answers(
    {
        "rows": [
            {
                "quarantine_id": 17,
                "feed": "anmalan",
                "delivery": "uttag 2026-11-24.csv",
                "step": "identify",
                "field": "offences.victim",
                "value": "99999999-9999",
                "reason": "It looks like a personnummer, but its date or check digit is wrong.",
                "created_at": "2026-11-24T05:12:00Z",
            }
        ],
        "next": None,
        **AT,
    }
)

"""The handover's figures: what was read goes in, plain JSON comes out, and nothing else is in it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

from app.domain.handover import LONGEST, SHIFT, begins, compose, gravest, late_feeds

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def grave(severity: int, code: str = "9365", **more: Any) -> dict[str, Any]:
    return {
        "severity": severity, "offence": code, "offence_sv": "Misshandel", "offence_en": "Assault", "uid": None,
        "area": "lpo-jarva", "area_name": "Järva", "day": date(2026, 11, 23), "incidents": 1, **more,
    }  # fmt: skip


def feed(name: str, heard: timedelta | None, delivered: timedelta | None = None) -> dict[str, Any]:
    def at(ago: timedelta | None) -> datetime | None:
        return None if ago is None else NOW - ago

    return {"feed": name, "last_success_at": at(heard), "last_delivery_at": at(delivered)}


def test_a_handover_begins_at_the_last_one_or_a_shift_back_and_never_a_week_ago():
    last = NOW - timedelta(hours=9)
    assert begins(last, NOW) == last
    assert begins(None, NOW) == NOW - SHIFT
    assert begins(last, NOW, NOW - timedelta(hours=2)) == NOW - timedelta(hours=2)
    assert begins(NOW - timedelta(days=99), NOW) == NOW - LONGEST
    assert begins(NOW + timedelta(hours=1), NOW) == NOW


def test_the_gravest_go_by_the_order_of_offences_however_they_come():
    rows = [grave(1, "a"), grave(9, "b"), grave(5, "c")]
    for order in permutations(rows):
        assert [row["offence"] for row in gravest(order)] == ["b", "c", "a"]
    assert len(gravest([grave(1)] * 30)) == 8
    assert "severity" not in gravest(rows)[0]


def test_a_feed_is_late_after_an_hour_and_silent_after_a_day_by_what_it_last_gave():
    told = late_feeds(
        [
            feed("d", None),
            feed("a", timedelta(minutes=59)),
            feed("c", timedelta(days=2), timedelta(minutes=5)),
            feed("b", timedelta(minutes=61)),
            feed("e", timedelta(hours=25)),
        ],
        NOW,
    )
    assert [(one["feed"], one["state"]) for one in told] == [("b", "late"), ("d", "silent"), ("e", "silent")]
    assert told[1]["heard_at"] is None


def test_what_is_signed_is_plain_json_and_holds_only_what_is_named():
    row = {
        "entry": "e",
        "text": "Ring.",
        "owner": "Befäl",
        "due": NOW,
        "overdue": True,
        "area": None,
        "actor": "user:1",
    }
    figures = compose(
        NOW - SHIFT, NOW, "5-6", changes={"added": 3}, grave=[grave(2, uid="u")], alerts=[], follow_ups=[row] * 80,
        feeds=[], decisions=[{**row, "noted_at": NOW, "name": "Alva"}],
    )  # fmt: skip
    assert json.loads(json.dumps(figures)) == figures
    assert figures["changes"] == {"added": 3, "corrected": 0, "withdrawn": 0, "moved": 0}
    assert (figures["since"], figures["until"]) == ("2026-11-23T18:00:00Z", "2026-11-24T06:00:00Z")
    assert len(figures["follow_ups"]) == 50
    assert "actor" not in json.dumps(figures)

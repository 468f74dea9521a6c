"""The handover's figures: what was read goes in, plain JSON comes out, and nothing else is in it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

from app.domain.feed_rhythm import FeedFacts, Heard, State
from app.domain.handover import LONGEST, SHIFT, begins, compose, gravest, late_feeds
from app.queries.feed_health import Status

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def grave(severity: int, code: str = "9365", **more: Any) -> dict[str, Any]:
    return {
        "severity": severity, "offence": code, "offence_sv": "Misshandel", "offence_en": "Assault", "uid": None,
        "area": "lpo-jarva", "area_name": "Järva", "day": date(2026, 11, 23), "incidents": 1, **more,
    }  # fmt: skip


def feed(name: str, state: State, *, demo: bool = False) -> Status:
    facts = FeedFacts(name, "report", name, name, demo=demo)
    return Status(facts, Heard(), state, NOW - timedelta(hours=3) if state == "late" else None, 0)


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


def test_feeds_that_are_not_in_time_are_told_by_name_and_the_demo_is_none():
    told = late_feeds(
        [feed("d", "never"), feed("a", "good"), feed("b", "late"), feed("c", "silent", demo=True)]
    )
    assert [(one["feed"], one["state"], one["since"]) for one in told] == [
        ("b", "late", "2026-11-24T03:00:00Z"), ("d", "never", None),
    ]  # fmt: skip


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

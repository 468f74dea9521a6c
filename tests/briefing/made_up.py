"""Facts that are made up, for the tests of what is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.briefing.edition import Text
from app.briefing.facts import (
    Change,
    Counted,
    Entry,
    Facts,
    FeedState,
    Gap,
    LogBook,
    Measured,
    Outcome,
    Pair,
    Report,
)
from app.briefing.html import Head

DAY = date(2026, 11, 24)
KNOWN = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
BEFORE = KNOWN - timedelta(days=1)
NAMES = {"lpo-a": "Älvnäs", "lpo-b": "Björkvik"}
HEAD = Head(7, 1, datetime(2026, 11, 24, 5, 31, tzinfo=UTC), "ab" * 32)
PAST = (4, 6, 5, 7, 3, 5, 6, 4, 5, 8, 5, 4)
STEADY = (3.0,) * 24


def counted(series: Any, stretch: Any, n: int, past: tuple[int, ...] = PAST) -> Counted:
    hours = {"night": 8, "day": 24, "week": 168}[stretch]
    ends = datetime(2026, 11, 24, 5, tzinfo=UTC)
    return Counted(series, stretch, ends - timedelta(hours=hours), ends, n, past)


def measured(question: str, content: dict[str, Any] | None, state: Any = "told") -> Measured:
    words = (Text(sv=f"Om {question}.", en=f"Of {question}."), Text(sv="Och mer.", en="And more."))
    return Measured(question, state, words, content, DAY, KNOWN - timedelta(hours=1), "10-20")


def deviation(**status: str) -> dict[str, Any]:
    """A result with a district for each name; the value is its status."""
    areas = [f"lpo-{name}" for name in status]
    n = len(areas)
    return {
        "refusal": None, "step": "week", "q": 0.05, "area": areas, "level": ["area"] * n, "members": [[]] * n,
        "from_day": ["2026-11-16"] * n, "to_day": ["2026-11-22"] * n, "weeks": [1] * n, "observed": [31] * n,
        "expected": [18.0] * n, "expected_low": [12] * n, "expected_high": [24] * n,
        "p_adjusted": [0.001 * (place + 1) for place in range(n)], "method": ["farrington"] * n,
        "status": list(status.values()), "false_share": [0.2 if one == "above" else None for one in status.values()],
    }  # fmt: skip


def nowcast(verdict: str = "no_fall") -> dict[str, Any]:
    return {
        "as_of": "2026-11-23", "level": 0.9, "area": [None], "span_days": [7], "from_day": ["2026-11-17"],
        "to_day": ["2026-11-23"], "known": [129], "low": [151], "high": [173], "share_known": [0.79],
        "verdict": [verdict],
    }  # fmt: skip


CLUSTER = {
    "observed": 9,
    "expected": 1.5,
    "radius": 640.0,
    "days": 5,
    "p": 0.001,
    "recurrence_days": 1000.0,
    "act": True,
}


def facts(**changes: Any) -> Facts:
    """A morning on which everything is there and nothing is unusual, but for what is changed."""
    base = Facts(
        region="stockholm",
        region_name=Text(sv="Polisregionen", en="The police region"),
        zone="Europe/Stockholm",
        area=None,
        name=Text(sv="Polisregionen", en="The police region"),
        day=DAY,
        known_at=KNOWN,
        before=BEFORE,
        position="10-30",
        names=NAMES,
        counted=tuple(
            counted(series, stretch, 5)
            for series in ("reports", "partner", "calls")
            for stretch in ("night", "day", "week")
        ),
        daily={DAY - timedelta(days=back): 3 for back in range(1, 365)},
        first_day=DAY - timedelta(days=2000),
        unplaced=0,
        measured={
            "deviation": measured("deviation", deviation(a="normal", b="normal")),
            "nowcast": measured("nowcast", nowcast()),
            "forecast": measured("forecast", {}),
            "harm": measured("harm", {}),
            "clusters": measured("clusters", {"clusters": []}),
            "repeats_pairs": measured("repeats_pairs", {}),
        },
        asked=("deviation", "nowcast", "forecast", "harm", "clusters", "repeats_pairs"),
        pairs=(),
        outcomes=(),
        changes=(),
        added=12,
        feeds=(FeedState("uppdrag", "call", KNOWN - timedelta(minutes=2), STEADY, (), 0),),
        log_book=LogBook(),
    )
    return replace(base, **changes)


def eventful() -> Facts:
    """A morning on which everything that can be told happens."""
    report = [
        Report(DAY - timedelta(days=back), "lpo-a", grave) for back, grave in ((90, 400), (40, 400), (3, 700))
    ]
    return facts(
        counted=(*facts().counted[1:], counted("reports", "night", 19)),
        measured={
            **facts().measured,
            "deviation": measured("deviation", deviation(a="above", b="below")),
            "clusters": measured("clusters", {"clusters": [CLUSTER]}),
        },
        unplaced=4,
        pairs=(Pair(1, tuple(report)), Pair(2, tuple(report[1:]))),
        outcomes=(
            Outcome(DAY - timedelta(days=2), "lpo-b", fatal=True, close=None, reviewed=False, known_at=KNOWN),
            Outcome(DAY - timedelta(days=60), None, fatal=False, close=True, reviewed=True, known_at=KNOWN),
        ),
        changes=(
            Change(
                "corrected", "lpo-a", "lpo-a", Text(sv="Ofredande", en="Molestation"),
                Text(sv="Misshandel", en="Assault"), DAY - timedelta(days=1), None, 1, KNOWN - timedelta(minutes=50),
            ),
            Change("withdrawn", "lpo-b", None, Text(sv="Hot", en="Threat"), None, DAY, None, 2, KNOWN),
        ),
        feeds=(
            FeedState(
                "uppdrag", "call", KNOWN - timedelta(minutes=2), STEADY,
                (Gap(KNOWN - timedelta(hours=6), KNOWN - timedelta(hours=2), 11),), 3,
            ),
            FeedState("anmalan", "report", KNOWN - timedelta(hours=9), STEADY,
                      (Gap(KNOWN - timedelta(hours=9), KNOWN, 0),), 0),
        ),
        log_book=LogBook(
            (Entry("decision", "Två bilar <b>i natt</b>", "Älvnäs", KNOWN - timedelta(hours=3), "/loggbok"),),
            (Entry("follow_up", "", None, KNOWN, "/loggbok", "Vakthavande", KNOWN - timedelta(hours=1)),),
        ),
    )  # fmt: skip

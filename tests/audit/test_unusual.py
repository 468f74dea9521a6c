"""The rules of unusual reading, each at its threshold and one below it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import BadInput
from app.domain.reasons import Given, catalogue, parse
from app.domain.unusual import Colleague, Reading, Unusual, rules, unusual

ZONE = ZoneInfo("Europe/Stockholm")
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 12:00 in Stockholm
ANNA, BO = b"a" * 16, b"b" * 16


def reading(number: int, **changes: Any) -> Reading:
    """A reading about one person at noon, for a reason of the list; each a minute after the one before."""
    told: dict[str, Any] = {
        "at": NOON + timedelta(minutes=number), "actor": "user:1", "name": "Alva", "role": "analyst", "action": "read",
        "what": "dyad", "reason": "follow_up", "persons": frozenset({b"%016d" % 1}),
    }  # fmt: skip
    return Reading(number, **(told | changes))


def found(
    readings: list[Reading], colleagues: list[Colleague] | None = None, rule: str | None = None
) -> list[Unusual]:
    return [one for one in unusual(readings, colleagues or [], ZONE) if rule is None or one.rule == rule]


def test_ordinary_work_is_not_unusual() -> None:
    assert found([reading(number, persons=frozenset({b"%016d" % number})) for number in range(1, 20)]) == []


def test_reading_about_oneself_and_about_a_colleague() -> None:
    staff = [Colleague("user:1", ANNA), Colleague("user:2", BO), Colleague("user:3")]
    own, other, foreign = (
        reading(1, persons=frozenset({ANNA})), reading(2, persons=frozenset({BO, b"x" * 16})), reading(3)
    )  # fmt: skip
    told = found([own, other, foreign], staff)
    assert [(one.rule, one.log_ids, one.persons) for one in told] == [
        ("colleague", (2,), frozenset({BO})), ("own_person", (1,), frozenset({ANNA}))
    ]  # fmt: skip
    assert found([reading(1, actor="user:3", persons=frozenset({ANNA}), action="denied")], staff) == []


def test_the_own_home_area() -> None:
    staff = [Colleague("user:1", None, frozenset({"0180R1", "0180"}))]
    assert found([reading(1, areas=frozenset({"0180R1"}))], staff)[0].rule == "own_home_area"
    assert found([reading(1, areas=frozenset({"0180R1", "0181R7"}))], staff) == [], (
        "about the region, not about home"
    )
    assert found([reading(1)], staff) == []


def test_bulk_counts_persons_and_not_readings() -> None:
    at_least = rules()["bulk"]["at_least"]
    one_person_often = [reading(number) for number in range(at_least + 5)]
    assert found(one_person_often, rule="bulk") == []
    many = [reading(number, persons=frozenset({b"%016d" % number})) for number in range(at_least)]
    assert found(many[1:], rule="bulk") == []
    told = found(many, rule="bulk")
    assert [(one.count, len(one.log_ids)) for one in told] == [(at_least, at_least)]
    slowly = [
        reading(number, persons=frozenset({b"%016d" % number}), at=NOON + timedelta(minutes=3 * number))
        for number in range(at_least * 2)
    ]
    assert found(slowly, rule="bulk") == []
    at_once = [reading(1, persons=frozenset(b"%016d" % number for number in range(at_least)))]
    assert len(found(at_once, rule="bulk")) == 1


def test_bursts_that_touch_are_one_and_those_apart_are_two() -> None:
    def burst(begins: datetime, first: int) -> list[Reading]:
        return [
            reading(first + n, at=begins + timedelta(seconds=n), persons=frozenset({b"%016d" % (first + n)}))
            for n in range(40)
        ]

    day = timedelta(days=1)
    assert len(found(burst(NOON, 0) + burst(NOON + timedelta(minutes=5), 100), rule="bulk")) == 1
    assert len(found(burst(NOON, 0) + burst(NOON + day, 100), rule="bulk")) == 2


@pytest.mark.parametrize(
    ("local", "unusual_then"), [("21:59", False), ("22:00", True), ("05:59", True), ("06:00", False)]
)
def test_the_night_is_that_of_the_region(local: str, unusual_then: bool) -> None:
    at = datetime.fromisoformat(f"2026-07-01T{local}").replace(tzinfo=ZONE)
    assert bool(found([reading(1, at=at)], rule="night")) == unusual_then
    assert found([reading(1, at=at, reason="ongoing")], rule="night") == [], "an operation is in progress"


def test_one_night_is_one_finding() -> None:
    evening = datetime(2026, 11, 24, 23, 30, tzinfo=ZONE)
    night = [
        reading(1, at=evening),
        reading(2, at=evening + timedelta(hours=2)),
        reading(3, at=evening + timedelta(days=1)),
    ]
    assert [one.log_ids for one in found(night, rule="night")] == [(3,), (1, 2)]


def test_the_same_person_again_and_again_until_a_follow_up_is_noted() -> None:
    days = rules()["again"]["at_least"]
    again = [reading(number, at=NOON + timedelta(days=number)) for number in range(days)]
    assert found(again[1:], rule="again") == []
    assert found([*again[1:], reading(9, at=again[1].at)], rule="again") == [], "twice on a day is one day"
    told = found(again, rule="again")
    assert [(one.count, one.log_ids) for one in told] == [(days, tuple(range(days)))]
    noted = reading(50, action="change", what="follow_up", at=NOON + timedelta(days=2), actor="user:7")
    assert found([*again, noted], rule="again") == []
    before = reading(50, action="change", what="follow_up", at=NOON - timedelta(days=1))
    assert len(found([*again, before], rule="again")) == 1
    spread = [reading(number, at=NOON + timedelta(days=7 * number)) for number in range(days)]
    assert found(spread, rule="again") == []


def test_own_words_only_and_denials_and_exports() -> None:
    words = [reading(number, reason="other") for number in range(3)]
    assert found(words[1:], rule="free_text") == []
    assert [one.count for one in found(words, rule="free_text")] == [3]
    denied = [reading(number, action="denied", persons=frozenset(), found=1) for number in range(5)]
    assert found(denied[1:], rule="denied") == []
    assert [one.count for one in found(denied, rule="denied")] == [5]
    assert [one.count for one in found([reading(1, action="denied", found=61)], rule="denied")] == [61]
    assert [one.count for one in found([reading(1, action="export", found=412)], rule="export")] == [412]


def test_findings_come_by_time_and_tell_no_total_of_anybody() -> None:
    told = found([
        reading(1, action="export", found=1), reading(2, actor="user:2", action="export", found=9),
        reading(3, action="export", found=5),
    ])  # fmt: skip
    assert [one.log_ids for one in told] == [(3,), (2,), (1,)]
    assert not {"score", "rank", "total"} & set(Unusual.__dataclass_fields__)


def test_every_rule_says_itself_in_both_languages() -> None:
    for rule in rules().values():
        assert rule.text("sv") != rule.text("en")
        assert "{" not in rule.text("sv") + rule.text("en")


def test_reasons_are_of_the_list_or_say_something() -> None:
    assert parse("follow_up") == Given("follow_up")
    assert parse(" follow_up :  K-ärende\n 12 ") == Given("follow_up", "K-ärende 12")
    assert parse("Samordning med socialtjänsten") == Given("other", "Samordning med socialtjänsten")
    for nothing in ("", "  ", "test", "aaaaaaaaaaaa", ". . . . . . .", "follow"):
        with pytest.raises(BadInput, match="follow_up"):
            parse(nothing)
    assert all(reason.sv and reason.en for reason in catalogue().values())

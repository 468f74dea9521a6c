"""When rules fire: held against a recount hour by hour that knows nothing of how it is done, in parts and in one go."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.alerts.evaluate import Firing, evaluate, pack, unpack
from app.alerts.facts import Facts
from app.alerts.rule import Deviation, Geofence, Repeat, Rule, Silence, Threshold
from tests.alerts.facts_made import HOURS, START, ZONE, Row, at, facts, ledgers

KEYS = ("lpo-a", "lpo-b")
END = HOURS + 130
parts = st.lists(st.integers(1, END - 1), max_size=8).map(lambda cuts: sorted({0, *cuts, END}))


def threshold(**more: object) -> Threshold:
    return Threshold.model_validate({"window_hours": 24, "at_least": 2, "rearm_hours": 6, **more})


def recounted(rule: Threshold, rows: list[Row]) -> list[tuple[str, datetime]]:
    """Hour by hour: what is known, what of it lies in the window, and whether it has been calm long enough."""
    found = []
    for key, name in enumerate(KEYS):
        fired, below_since, before = False, None, False
        for hour in range(END + 1):
            held = sum(
                row.n
                for row in rows
                if row.key == key and row.known <= hour and row.happened <= hour < row.happened + rule.window_hours
            )  # fmt: skip
            holds = held >= rule.at_least
            if holds and not before:
                if not fired or (below_since is not None and hour - below_since >= rule.rearm_hours):
                    found.append((name, at(hour)))
                    fired = True
                below_since = None
            elif before and not holds:
                below_since = hour
            before = holds
    return sorted(found, key=lambda one: (one[1], one[0]))


def in_parts(rule: Rule, told: Facts, cuts: list[int]) -> list[Firing]:
    """As the live engine does: each part knows only what was known by its end, and state goes through storage."""
    found: list[Firing] = []
    state = None
    for since, until in itertools.pairwise(cuts):
        known = told.signed.of(told.signed.known <= at(until).timestamp())
        part = Facts(told.zone, told.keys, told.places, known, told.daily, told.heard)
        firings, after = evaluate(rule, part, at(since), at(until), state)
        state = unpack(pack(after))
        found.extend(firings)
    return found


@given(rows=ledgers(), window=st.integers(1, 72), at_least=st.integers(1, 4), rearm=st.integers(0, 48))
@settings(max_examples=150, deadline=None)
def test_a_threshold_fires_as_a_recount_hour_by_hour_says(
    rows: list[Row], window: int, at_least: int, rearm: int
):
    rule = threshold(window_hours=window, at_least=at_least, rearm_hours=rearm)
    firings = evaluate(rule, facts(rows, KEYS), at(0), at(END), None).firings
    assert [(one.key, one.at) for one in firings] == recounted(rule, rows)
    assert all(one.value >= one.bound == at_least for one in firings)


@given(rows=ledgers(), cuts=parts, rearm=st.integers(0, 24))
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("kind", ["threshold", "deviation", "geofence", "repeat"])
def test_live_in_parts_is_replay_in_one_go(kind: str, rows: list[Row], cuts: list[int], rearm: int):
    rules: dict[str, Rule] = {
        "threshold": threshold(rearm_hours=rearm),
        "deviation": Deviation(window_days=1, windows_before=4, deviations=1, at_least=1, rearm_hours=rearm),
        "geofence": Geofence.model_validate({"fence": {"point": (18, 59)}, "at_least": 2, "rearm_hours": rearm}),
        "repeat": Repeat(within_days=5),
    }  # fmt: skip
    told = facts(rows, KEYS, KEYS if kind in {"geofence", "repeat"} else ())
    whole = evaluate(rules[kind], told, at(0), at(END), None).firings
    assert Counter(in_parts(rules[kind], told, cuts)) == Counter(whole)
    assert len({one.name for one in whole}) == len(whole), "no two have the same name"


@given(rows=ledgers(), hour=st.integers(1, END))
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("kind", ["threshold", "deviation", "repeat"])
def test_nothing_that_became_known_later_changes_what_fired_before(kind: str, rows: list[Row], hour: int):
    rules: dict[str, Rule] = {
        "threshold": threshold(),
        "deviation": Deviation(window_days=1, windows_before=4, deviations=1, at_least=1),
        "repeat": Repeat(within_days=5),
    }
    places = KEYS if kind == "repeat" else ()
    # The hour itself is looked at too, so what became known in it is known.
    then = facts([row for row in rows if row.known <= hour], KEYS, places)
    whole = evaluate(rules[kind], facts(rows, KEYS, places), at(0), at(END), None).firings
    assert evaluate(rules[kind], then, at(0), at(hour), None).firings == tuple(
        one for one in whole if one.at <= at(hour)
    )


@given(rows=ledgers(), rearm=st.integers(1, 48))
@settings(max_examples=100, deadline=None)
def test_between_two_firings_of_a_series_lies_a_calm_of_so_many_hours(rows: list[Row], rearm: int):
    rule = threshold(rearm_hours=rearm)
    firings = evaluate(rule, facts(rows, KEYS), at(0), at(END), None).firings
    eager = evaluate(threshold(rearm_hours=0), facts(rows, KEYS), at(0), at(END), None).firings
    assert {one.name for one in firings} <= {one.name for one in eager}
    for key in KEYS:
        moments = [one.at for one in firings if one.key == key]
        assert all(later - one >= timedelta(hours=rearm) for one, later in itertools.pairwise(moments))  # fmt: skip


@given(rows=ledgers(keys=3, most=12), within=st.integers(1, 6), at_least=st.integers(2, 3))
@settings(max_examples=150, deadline=None)
def test_a_repeat_fires_for_each_report_that_is_one_when_it_becomes_known(
    rows: list[Row], within: int, at_least: int
):
    rule = Repeat(within_days=within, at_least=at_least)
    told = facts(rows, ("a", "b", "c"), ("lpo-a", "lpo-b", "lpo-c"))
    expected = set()
    for moment in sorted({row.known for row in rows}):
        for key in range(3):
            before, now = (Counter({row.incident: 0 for row in rows}) for _ in range(2))
            for row in rows:
                if row.key == key:
                    before[row.incident] += row.n * (row.known < moment)
                    now[row.incident] += row.n * (row.known <= moment)
            happened = {row.incident: row.happened for row in rows}
            for incident in [one for one in now if now[one] > 0 and before[one] <= 0]:
                near = [
                    one
                    for one in now
                    if now[one] > 0 and abs(happened[one] - happened[incident]) <= 24 * within
                ]
                if len(near) >= at_least and moment > 0:
                    expected.add((f"lpo-{'abc'[key]}", at(moment), incident))
    firings = evaluate(rule, told, at(0), at(END), None).firings
    assert {(one.place, one.at, one.incident) for one in firings} == expected
    assert all(one.value == at_least for one in firings), "how many there are elsewhere is not told"


def heard(*hours: float) -> Facts:
    return Facts(ZONE, ("anmalan",), heard={"anmalan": np.asarray([at(hour).timestamp() for hour in hours])})


def test_a_feed_is_silent_when_it_is_so_for_longer_than_its_rhythm():
    steady = [float(hour) for hour in range(48)]
    rule = Silence(least_hours=1, times=3, rearm_hours=0)
    told = heard(*steady, 60, *(60 + hour for hour in steady))
    (one,) = evaluate(rule, told, at(10), at(107), None).firings
    assert (one.key, one.place, one.at) == ("anmalan", "anmalan", at(50))
    assert one.value == one.bound == pytest.approx(3)
    assert one.normal == pytest.approx(1)
    assert evaluate(rule, told, at(10), at(49.9), None).firings == ()
    again = heard(*steady, 60, *(60 + hour / 10 for hour in range(1, 480)))
    fired = [one.at for one in evaluate(rule, again, at(10), at(120), None).firings]
    assert fired[0] == at(50)
    assert len(fired) == 2, "that it was silent once does not make long silences usual"


def test_a_feed_without_a_rhythm_is_not_late_and_a_short_silence_is_none():
    assert evaluate(Silence(), heard(0, 1, 2), at(0), at(200), None).firings == ()
    steady = [hour / 10 for hour in range(100)]
    assert evaluate(Silence(least_hours=24), heard(*steady), at(0), at(30), None).firings == ()
    (one,) = evaluate(Silence(least_hours=24), heard(*steady), at(0), at(40), None).firings
    assert one.at == at(9.9 + 24)


@given(cuts=parts, gaps=st.lists(st.integers(1, 12), min_size=20, max_size=60), rearm=st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_silence_live_in_parts_is_silence_in_one_go(cuts: list[int], gaps: list[int], rearm: int):
    rule = Silence(least_hours=2, times=1.5, rearm_hours=rearm)
    told = heard(*np.cumsum(gaps).tolist())
    whole = evaluate(rule, told, at(0), at(END), None).firings
    found: list[Firing] = []
    state = None
    for since, until in itertools.pairwise(cuts):
        past = told.heard["anmalan"]
        part = Facts(ZONE, told.keys, heard={"anmalan": past[past <= at(until).timestamp()]})
        firings, state = evaluate(rule, part, at(since), at(until), state)
        found.extend(firings)
    assert [one.at for one in found] == [one.at for one in whole]


def test_what_holds_already_when_a_rule_begins_fires_at_once():
    rows = [Row(0, hour, hour, 1, hour) for hour in range(3)]
    (one,) = evaluate(threshold(), facts(rows, KEYS), at(10), at(12), None).firings
    assert (one.at, one.value) == (at(10), 3)


def test_what_was_known_before_and_came_in_late_counts_from_the_last_look():
    rule, early = threshold(), [Row(0, 1, 2, 1, 1)]
    _, state = evaluate(rule, facts(early, KEYS), at(0), at(10), None)
    firings, _ = evaluate(rule, facts([*early, Row(0, 1, 3, 1, 2)], KEYS), at(10), at(11), state)
    assert [one.at for one in firings] == [at(10)]


def test_a_deviation_is_held_against_what_was_known_when_the_day_began():
    quiet = [Row(0, 24 * day + 12, 24 * day + 13, 1, day) for day in range(12)]
    burst = [Row(0, 24 * 13 + 2, 24 * 13 + 3 + number, 1, 100 + number) for number in range(6)]
    rule = Deviation(window_days=1, windows_before=6, deviations=3, at_least=3, rearm_hours=6)
    firings = evaluate(rule, facts([*quiet, *burst], KEYS), at(0), at(END), None).firings
    assert len(firings) == 1
    assert firings[0].key == "lpo-a"
    assert firings[0].value == firings[0].bound or firings[0].value > firings[0].bound
    assert 0.5 <= (firings[0].normal or 0) <= 1
    assert START.tzinfo is not None

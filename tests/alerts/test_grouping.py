"""What is one alert, and how many a rule may give."""

from __future__ import annotations

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.alerts.evaluate import Firing
from app.alerts.grouping import alerts_of, overspent, place_all, weeks_over
from app.alerts.rule import Threshold
from tests.alerts.facts_made import at

moments = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["a", "b"])), max_size=40).map(sorted)


def firing(hour: float, place: str) -> Firing:
    return Firing(place, place, at(hour), 1, 1, None, None)


@given(moments, st.integers(0, 72))
def test_every_firing_is_in_one_alert_and_no_alert_is_longer_than_its_hours(
    told: list[tuple[int, str]], hours: int
):
    firings = [firing(hour, place) for hour, place in told]
    placed = place_all(Threshold(group_hours=hours), firings, {})
    alerts = alerts_of(placed)
    assert [one.firing for one in placed] == firings
    assert sum(len(one.firings) for one in alerts) == len(firings)
    for alert in alerts:
        assert alert.firings[0].at == alert.period
        assert all(one.place == alert.place for one in alert.firings)
        assert all(one.at - alert.period < timedelta(hours=hours) or hours == 0 for one in alert.firings)
    for place in "ab":
        periods = [one.period for one in alerts if one.place == place]
        assert all(b - a >= timedelta(hours=hours) for a, b in itertools.pairwise(periods))


@given(moments, st.integers(0, 72), st.integers(0, 40))
def test_grouping_goes_on_where_it_was_left(told: list[tuple[int, str]], hours: int, cut: int):
    rule = Threshold(group_hours=hours)
    firings = [firing(hour, place) for hour, place in told]
    whole = place_all(rule, firings, {})
    first = place_all(rule, firings[:cut], {})
    began = {one.firing.place: one.period for one in first}
    assert first + place_all(rule, firings[cut:], began) == whole


def test_a_budget_is_of_four_weeks_and_one_alert_is_always_allowed():
    now = at(24 * 60)
    days = [now - timedelta(days=number) for number in range(5)]
    assert not overspent(days[:4], now, 1)
    assert overspent(days, now, 1)
    assert not overspent(days[:1], now, 0.1)
    assert overspent(days[:2], now, 0.1)
    assert not overspent([now - timedelta(days=28 + number) for number in range(9)], now, 1)


def test_weeks_with_more_than_allowed_are_counted_and_a_broken_week_is_none():
    periods = [at(1), at(2), at(24 * 8), at(24 * 22)]
    assert weeks_over(periods, at(0), at(24 * 22), 1) == (3, 1)
    assert weeks_over([], at(0), at(24 * 6), 1) == (0, 0)

"""What is one alert, and how many are allowed: firings of a place within some hours are one; a rule has a budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from app.alerts.evaluate import Firing
from app.alerts.rule import Rule

BUDGET = timedelta(days=28)
"""What is spent is counted over four weeks: a single lively week is no reason to silence a rule."""


class Placed(NamedTuple):
    """A firing with the alert that it belongs to, which is known by its place and first moment."""

    firing: Firing
    period: datetime
    first: bool


class Alert(NamedTuple):
    """One alert: where, from when, and its firings."""

    place: str
    period: datetime
    firings: tuple[Firing, ...]


def place_all(rule: Rule, firings: Iterable[Firing], open_since: Mapping[str, datetime]) -> list[Placed]:
    """Put each firing into the alert of its place that began within the rule's hours, or let it begin one.

    Args:
        rule: Whose.
        firings: In the order of time.
        open_since: Of each place when its last alert began.
    """
    began = dict(open_since)
    placed = []
    for firing in firings:
        period = began.get(firing.place)
        joins = period is not None and period <= firing.at < period + timedelta(hours=rule.group_hours)
        if period is None or not joins:
            period = began[firing.place] = firing.at
        placed.append(Placed(firing, period, not joins))
    return placed


def alerts_of(placed: Iterable[Placed]) -> list[Alert]:
    """The alerts that firings were put into, in the order in which they began."""
    found: dict[tuple[str, datetime], list[Firing]] = {}
    for one in placed:
        found.setdefault((one.firing.place, one.period), []).append(one.firing)
    alerts = [Alert(place, period, tuple(firings)) for (place, period), firings in found.items()]
    return sorted(alerts, key=lambda one: (one.period, one.place))


def overspent(periods: Sequence[datetime], at: datetime, allowed_per_week: float) -> bool:
    """Whether a rule gave more alerts in the four weeks up to ``at`` than it may; one at least is always allowed.

    Args:
        periods: When its alerts began, without those that somebody found to be true.
        at: Now.
        allowed_per_week: The budget.
    """
    spent = sum(at - BUDGET < period <= at for period in periods)
    return spent > max(1.0, allowed_per_week * (BUDGET / timedelta(weeks=1)))


def weeks_over(
    periods: Sequence[datetime], since: datetime, until: datetime, allowed: float
) -> tuple[int, int]:
    """How many whole weeks lie between two moments, and how many of them had more alerts than allowed."""
    weeks = int((until - since) / timedelta(weeks=1))
    counts = [0] * weeks
    for period in periods:
        number = int((period - since) / timedelta(weeks=1))
        if 0 <= number < weeks:
            counts[number] += 1
    return weeks, sum(count > allowed for count in counts)

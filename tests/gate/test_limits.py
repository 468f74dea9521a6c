"""Questions about persons: a burst, then a steady rate, for each actor by itself."""

from __future__ import annotations

import pytest

from app.domain.errors import TooMany
from app.domain.viewer import Viewer
from app.gate.limits import RequestLimit

ANNA, BO = Viewer("Anna", "analyst", "user:1"), Viewer("Bo", "analyst", "user:2")


def test_a_burst_passes_and_then_one_at_a_time():
    limit = RequestLimit(60)
    for _ in range(12):
        limit.spend(ANNA, 100.0)
    with pytest.raises(TooMany, match="ask again in 1 s") as refused:
        limit.spend(ANNA, 100.0)
    assert refused.value.retry_after_s == 1
    limit.spend(BO, 100.0)
    limit.spend(ANNA, 101.0)
    with pytest.raises(TooMany):
        limit.spend(ANNA, 101.5)


def test_in_the_long_run_no_more_than_the_rate_passes():
    limit, passed = RequestLimit(60), 0
    for tenth in range(6000):
        try:
            limit.spend(ANNA, tenth / 10)
        except TooMany:
            continue
        passed += 1
    assert 600 <= passed <= 612


def test_two_sessions_of_one_person_share_a_limit():
    limit = RequestLimit(60)
    for _ in range(12):
        limit.spend(Viewer("Anna", "analyst", "user:1", ("x",)), 0.0)
    with pytest.raises(TooMany):
        limit.spend(ANNA, 0.0)

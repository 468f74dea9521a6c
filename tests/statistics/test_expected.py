"""What a window is expected to hold: the level that is claimed holds, drift does not cry wolf, and few say nothing."""

from __future__ import annotations

import numpy as np
import pytest

from app.domain.words import against_usual, objection
from app.statistics.usual import FEWEST_WEEKS, expected

RUNS = 1000


def false_rates(
    mean: float, phi: float, season: float = 0.0, trend: float = 0.0
) -> tuple[float, float, float]:
    """The shares of weeks told as more, as fewer, and beyond chance, where nothing but chance and drift happened."""
    rng = np.random.default_rng([3, int(mean * 10), int(phi * 10)])
    weeks, more, fewer, beyond = np.arange(27), 0, 0, 0
    for _ in range(RUNS):
        level = (
            mean
            * (1 + season * np.sin(2 * np.pi * weeks / 52 + rng.uniform(0, 7)))
            * (1 + trend * weeks / 52)
        )
        drawn = rng.poisson(level) if phi == 1 else rng.negative_binomial(level / (phi - 1), 1 / phi)
        found = expected(drawn[:26].tolist())
        if found is not None:
            observed = int(drawn[26])
            more += found.verdict(observed) == "more"
            fewer += found.verdict(observed) == "fewer"
            beyond += not found.by_chance(observed)
    return more / RUNS, fewer / RUNS, beyond / RUNS


@pytest.mark.parametrize("phi", [1.0, 3.0])
@pytest.mark.parametrize("mean", [0.5, 2.0, 8.0, 170.0, 2000.0])
def test_of_twenty_steady_weeks_one_at_most_is_told_as_unusual(mean: float, phi: float) -> None:
    more, fewer, beyond = false_rates(mean, phi)
    assert more + fewer <= 0.075
    assert beyond <= 0.012


@pytest.mark.parametrize(("mean", "most"), [(8.0, 0.07), (170.0, 0.11), (2000.0, 0.14)])
def test_a_season_and_a_trend_are_followed(mean: float, most: float) -> None:
    for season, trend in ((0.15, 0.0), (0.0, 0.3)):
        more, fewer, _ = false_rates(mean, 1.5, season, trend)
        assert more + fewer <= most


@pytest.mark.parametrize(("mean", "seen"), [(8, 24), (30, 60), (170, 260)])
def test_what_is_far_outside_is_told(mean: int, seen: int) -> None:
    found = expected(np.random.default_rng(5).poisson(mean, 26).tolist())
    assert found is not None
    assert found.verdict(seen) == "more"
    assert not found.by_chance(seen)
    assert found.low <= mean <= found.high


def test_too_little_says_nothing() -> None:
    assert expected([3] * (FEWEST_WEEKS - 1)) is None
    assert expected([0] * 24 + [1, 2]) is None
    found = expected([5] * 10 + [0] * 16)
    assert found is not None  # what there was long ago does not make a mean of none
    assert found.verdict(0) == "usual"


def test_it_is_said_so_that_a_commander_can_repeat_it() -> None:
    assert against_usual(18, 12, 24, by_chance=True).sv == "Vi väntar oss 12–24. Inte ovanligt."
    assert (
        against_usual(27, 12, 24, by_chance=True).sv
        == "Fler än vanligt: vi väntar oss 12–24. Kan vara slump."
    )
    assert against_usual(60, 12, 24, by_chance=False).en == "More than usual: we expect 12–24."
    assert against_usual(3, 12, 24, by_chance=False).sv == "Färre än vanligt: vi väntar oss 12–24."
    for observed in (3, 18, 60):
        assert objection(against_usual(observed, 12, 24, by_chance=observed == 60)) is None

"""What is usual: a band that holds what it says, whatever the past was."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.briefing.normal import LEAST, usual

COUNTS = st.lists(st.integers(0, 400), min_size=LEAST, max_size=26)


@given(COUNTS)
@settings(max_examples=200, deadline=None)
def test_a_band_holds_the_mean_and_does_not_care_for_the_order(past: list[int]) -> None:
    band = usual(past)
    assert band is not None
    assert 0 <= band.low <= band.mean <= band.high or band.high == 0 == round(band.mean)
    assert usual(past[::-1]) == band


@given(st.integers(1, 60), st.integers(LEAST, 26))
@settings(max_examples=50, deadline=None)
def test_more_of_the_same_makes_the_band_no_wider(count: int, weeks: int) -> None:
    short, long = usual([count] * weeks), usual([count] * (weeks * 3))
    assert short is not None
    assert long is not None
    assert long.high - long.low <= short.high - short.low


def test_too_short_a_past_says_nothing() -> None:
    assert usual([3] * (LEAST - 1)) is None
    assert usual([3] * LEAST) is not None


def test_of_poisson_counts_it_holds_about_nineteen_in_twenty() -> None:
    rng = np.random.default_rng(5)
    for mean in (0.8, 5.0, 40.0):
        held = 0
        for _ in range(400):
            *past, next_ = rng.poisson(mean, 13).tolist()
            band = usual(past)
            assert band is not None
            held += band.low <= next_ <= band.high
        assert 0.93 <= held / 400 <= 0.999, (mean, held)


def test_a_past_that_spreads_wider_than_chance_widens_the_band() -> None:
    calm, wild = usual([10] * 12), usual([2, 18] * 6)
    assert calm is not None
    assert wild is not None
    assert wild.low < calm.low
    assert wild.high > calm.high

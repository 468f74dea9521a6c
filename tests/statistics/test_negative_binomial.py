"""The negative binomial by mean and dispersion, against a library's by size and probability."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from app.statistics.negative_binomial import cdf, quantile, upper_tail

RNG = np.random.default_rng(11)
MEAN = np.exp(RNG.uniform(-9, 9, 3000))
PHI = np.where(RNG.random(3000) < 0.1, 1.0, 1 + np.exp(RNG.uniform(-6, 6, 3000)))
KNOWN = np.where(PHI > 1, 1.0, 0.0) > 0


def theirs(name: str, what: np.ndarray) -> np.ndarray:
    found = getattr(stats.poisson, name)(what, MEAN)
    size = MEAN / np.where(KNOWN, PHI - 1, 1)
    return np.where(KNOWN, getattr(stats.nbinom, name)(what, size, 1 / PHI), found)


def test_tails_equal_the_library():
    count = RNG.integers(0, 60, MEAN.size)
    np.testing.assert_allclose(upper_tail(count, MEAN, PHI), theirs("sf", count - 1), atol=1e-12)
    np.testing.assert_allclose(cdf(count, MEAN, PHI), theirs("cdf", count), atol=1e-12)


def test_quantiles_equal_the_library():
    share = RNG.choice([0.005, 0.025, 0.5, 0.95, 0.99, 0.995, 0.999], MEAN.size)
    np.testing.assert_array_equal(quantile(share, MEAN, PHI), theirs("ppf", share))


def test_none_and_not_known():
    np.testing.assert_array_equal(upper_tail([0, 1, 3], 0.0, [1.0, 1.0, 2.0]), [1.0, 0.0, 0.0])
    np.testing.assert_array_equal(quantile(0.99, [0.0, np.nan, np.inf], 1.0), [0.0, np.nan, np.nan])
    assert np.isnan(upper_tail(np.nan, 1.0, 1.0))
    assert quantile(np.full((2, 3), 0.5), 4.0, 2.0).shape == (2, 3)
    assert cdf(-1, 5.0, 2.0) == 0.0


def test_a_share_of_one_has_no_quantile():
    with pytest.raises(ValueError, match="up to 1"):
        quantile(1.0, 3.0, 1.0)

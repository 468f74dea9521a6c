"""Adjusted p-values against their definition and against a library."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from app.statistics.fdr import benjamini_hochberg, benjamini_yekutieli


@pytest.mark.parametrize("size", [1, 2, 7, 200])
def test_equals_the_library(size: int):
    p = np.round(np.random.default_rng(size).random(size), 2)  # rounded, so that some are tied
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p), rtol=1e-13)
    np.testing.assert_allclose(benjamini_yekutieli(p), false_discovery_control(p, method="by"), rtol=1e-13)


def test_what_was_not_tested_stays_so_and_does_not_count():
    p = np.array([0.01, np.nan, 0.04, 0.03, np.nan])
    np.testing.assert_allclose(benjamini_hochberg(p), [0.03, np.nan, 0.04, 0.04, np.nan], rtol=1e-14)
    np.testing.assert_allclose(
        benjamini_yekutieli(p), np.minimum(1, benjamini_hochberg(p) * (1 + 1 / 2 + 1 / 3)), rtol=1e-14
    )


def test_keeps_the_shape_and_takes_nothing():
    assert benjamini_hochberg([[0.2, 0.1], [np.nan, 1.0]]).shape == (2, 2)
    assert benjamini_hochberg([]).shape == (0,)
    assert np.isnan(benjamini_yekutieli([np.nan])).all()


@pytest.mark.parametrize("p", [[-0.1, 0.5], [0.5, 1.1]])
def test_what_is_no_p_value_is_an_error(p: list[float]):
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg(p)

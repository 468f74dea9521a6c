"""Who is whose neighbour, and how sure weighted counts are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from app.domain.errors import BadInput
from app.statistics.exact import poisson_interval
from app.statistics.poisson_sums import weighted_interval
from app.statistics.weights import from_pairs, nearest, within


class TestNeighbours:
    def test_pairs_by_any_spelling_of_the_id(self):
        near = from_pairs(["0114", "0115", "A"], [(114, "0115"), ("A", 115), ("A", "115"), (115, 115)])
        assert [list(near.of(place)) for place in range(3)] == [[1], [], [1]]
        assert from_pairs(["1", "2"], [(1, 2)], both_ways=True).links == 2
        with pytest.raises(BadInput, match="an area 7"):
            from_pairs(["1"], [(1, 7)])
        with pytest.raises(BadInput, match="more than once"):
            from_pairs(["1", "2", "1"], [])

    def test_nearest_and_within_as_by_hand(self):
        rng = np.random.default_rng(8)
        points = rng.normal(0, 1000, (80, 2))
        apart = np.linalg.norm(points[:, None] - points[None], axis=2)
        np.fill_diagonal(apart, np.inf)
        near, band = nearest(points, 5), within(points, 400)
        for place in range(80):
            assert set(near.of(place)) == set(np.argsort(apart[place])[:5])
            assert set(band.of(place)) == set(np.flatnonzero(apart[place] <= 400))
        stacked = nearest(np.zeros((9, 2)), 3)
        assert list(stacked.counts) == [3] * 9
        assert all(place not in stacked.of(place) for place in range(9))
        assert nearest(points[:3], 6).links == 6

    def test_degrees_are_great_circles(self):
        places = np.array([[18.07, 59.33], [18.29, 57.64], [18.07, 59.34]])  # Stockholm, Visby, 1.1 km north
        assert within(places, 1_200, degrees=True).links == 2
        assert within(places, 185_000, degrees=True).links == 2
        assert within(places, 190_000, degrees=True).links == 6


def test_intervals_of_counts_and_of_weighted_sums():
    low, high = poisson_interval([0, 3, 12.0])
    np.testing.assert_allclose(low, [0, stats.chi2.ppf(0.025, 6) / 2, stats.chi2.ppf(0.025, 24) / 2])
    np.testing.assert_allclose(high, stats.chi2.ppf(0.975, [2, 8, 26]) / 2)
    # Equal weights: the exact interval, scaled.
    weighted = weighted_interval([0, 9.0, 36.0], [0, 27.0, 108.0], 3.0)
    np.testing.assert_allclose(weighted, (3 * low, 3 * high))
    # It holds its level, or more, where weights differ much (Fay & Feuer 1997).
    rng = np.random.default_rng(2)
    weights, mean = np.array([1.0, 5.0, 122.0]), np.array([12.0, 3.0, 0.05])
    drawn = rng.poisson(mean, (4000, 3))
    low, high = weighted_interval(drawn @ weights, drawn @ weights**2, weights.max())
    truth = weights @ mean
    assert np.mean((low <= truth) & (truth <= high)) >= 0.95

"""Gi*, local Moran and rates by area: equal to the reference, to the formulas written out with full matrices, and
sensible where there are islands, gaps, ties, and nothing at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.measures.maps import asked, lattice, numbers


def dense(size: int, pairs: list[tuple[int, int]]) -> np.ndarray:
    matrix = np.zeros((size, size))
    for first, second in pairs:
        matrix[first - 1, second - 1] = 1
    return matrix


@pytest.fixture(scope="module")
def counties(shared: Path) -> tuple[pd.DataFrame, list[tuple[int, int]], dict[str, Any]]:
    folder = shared / "data" / "reference_results" / "localg_nc_sids"
    pairs = pd.read_csv(folder / "queen_edges_1based.csv").to_numpy().tolist()
    return pd.read_csv(folder / "input.csv"), pairs, json.loads((folder / "expected.json").read_text("utf-8"))


class TestAgainstTheReference:
    def test_local_g(self, counties):
        table, pairs, expected = counties
        result = asked("local_g", table, neighbours=pairs)
        for key, value in expected.items():
            if key.startswith("Gi_"):
                np.testing.assert_allclose(
                    numbers(getattr(result, key)), value, rtol=0, atol=1e-8, err_msg=key
                )
        assert result.n_sig.model_dump() == expected["n_sig"]
        assert result.links == expected["links"]
        assert pytest.approx(expected["globalG"]["G"], abs=1e-8) == result.globalG.G
        assert result.globalG.z == pytest.approx(expected["globalG"]["z"][0][0], abs=1e-8)

    def test_local_moran(self, counties):
        table, pairs, expected = counties
        result = asked("local_moran", table, neighbours=pairs)
        local = expected["local_moran"]
        for key in ("Ii", "E", "Var", "Z"):
            np.testing.assert_allclose(
                numbers(getattr(result.local_moran, key)), local[key], rtol=0, atol=1e-8
            )
        assert result.local_moran.quadrant_mean == local["quadrant_mean"]
        for key, value in expected["moran"].items():
            assert getattr(result.moran, key) == pytest.approx(value, abs=1e-8)

    def test_permutations_within_monte_carlo_error(self, counties):
        table, pairs, expected = counties
        drawn = expected["local_moran_perm"]
        result = asked("local_moran", table, neighbours=pairs).local_moran_perm
        assert result.nsim == drawn["nsim"]
        p, reference = numbers(result.p_rank_two), np.array(drawn["p_rank_two"])
        # A two-sided p of ranks is twice a share: its variance is 2p(1 - p/2)/B, on both sides of the comparison.
        error = np.sqrt(2 * reference * (1 - reference / 2) * 2 / 9999)
        assert np.all(np.abs(p - reference) <= 4 * error + 1e-4)
        spread = np.sqrt(np.array(drawn["Var"]) * 2 / 9999)
        assert np.all(np.abs(numbers(result.E) - drawn["E"]) <= 4.5 * spread)
        np.testing.assert_allclose(numbers(result.Var), drawn["Var"], rtol=0.12)
        once = asked("local_moran", table, neighbours=pairs, replace=False).local_moran_perm
        conditional = asked("local_moran", table, neighbours=pairs, permutations=0).local_moran
        assert np.median(numbers(once.Var) / numbers(conditional.Var)) == pytest.approx(1, abs=0.01)

    def test_rates(self, counties):
        table, pairs, expected = counties
        result = asked("area_rates", table, neighbours=pairs)
        for part, keys in (
            ("EB_global", ("raw", "estmm")),
            ("EB_local", ("est",)),
            ("poisson_prob_map", ("p_ge", "p_le", "expected")),
        ):
            for key in keys:
                found = numbers(getattr(getattr(result, part), key))
                np.testing.assert_allclose(found, expected[part][key], rtol=0, atol=1e-10, err_msg=key)
        assert result.EB_global.pars.a == pytest.approx(expected["EB_global"]["pars"]["a"], rel=1e-9)
        assert result.EB_global.pars.b == pytest.approx(expected["EB_global"]["pars"]["b"], rel=1e-9)


class TestFormulas:
    """Other maps than the reference's: written out here with full matrices, with islands and one-sided neighbours."""

    @pytest.fixture(params=[0, 1, 2])
    def some_map(self, request):
        rng = np.random.default_rng(request.param)
        size = 24
        near = [(a, b) for a, b in lattice(4, 5) if rng.random() < 0.8 or request.param == 0]
        value = rng.normal(-3, 20, size) if request.param == 1 else rng.poisson(2, size).astype(float)
        return size, near, value  # 21 to 24 are islands

    def test_gi(self, some_map):
        size, near, x = some_map
        result = asked("local_g", {"i": range(1, size + 1), "value": x}, neighbours=near, permutations=0)
        matrix = dense(size, near)
        star, without = [], []
        for area in range(size):
            w = matrix[area].copy()
            others = np.delete(np.arange(size), area)
            if w.sum():
                m, s = x[others].mean(), x[others].std()
                top = w[others] @ x[others] - w.sum() * m
                without.append(top / (s * np.sqrt(((size - 1) * (w**2).sum() - w.sum() ** 2) / (size - 2))))
            else:
                without.append(np.nan)
            w[area] = 1
            room = np.sqrt((size * (w**2).sum() - w.sum() ** 2) / (size - 1))
            star.append((w @ x - w.sum() * x.mean()) / (x.std() * room))
        np.testing.assert_allclose(numbers(result.Gi_star_z_binary), star, atol=1e-10)
        np.testing.assert_allclose(numbers(result.Gi_z_binary), without, atol=1e-10)
        assert result.Gi_star_z_binary[-1] == pytest.approx(
            (x[-1] - x.mean()) / x.std()
        )  # an island: itself alone
        assert result.Gi_z_binary[-1] is None
        assert result.islands >= 4

    @pytest.mark.parametrize("weights", ["row-standardised", "binary"])
    def test_moran_by_all_permutations_of_a_small_map(self, weights):
        """Mean and variance in closed form are those of all 720 permutations."""
        from itertools import permutations

        x = np.array([1.0, 5.0, 2.0, 2.0, 9.0, 4.0])
        near = lattice(2, 3)
        table = {"i": range(1, 7), "value": x}
        matrix = dense(6, near)
        if weights == "row-standardised":
            matrix = matrix / matrix.sum(axis=1, keepdims=True)
        z = x - x.mean()
        every = np.array(list(permutations(z)))
        local = every * (every @ matrix.T) / np.mean(z**2)
        whole = local.sum(axis=1) / matrix.sum()
        result = asked(
            "local_moran", table, neighbours=near, weights=weights, moments="total", permutations=0
        )
        np.testing.assert_allclose(numbers(result.local_moran.E), local.mean(axis=0), atol=1e-12)
        np.testing.assert_allclose(numbers(result.local_moran.Var), local.var(axis=0), atol=1e-12)
        np.testing.assert_allclose(
            numbers(result.local_moran.Ii), z * (matrix @ z) / np.mean(z**2), atol=1e-12
        )
        assert result.moran.Var == pytest.approx(whole.var(), abs=1e-12)
        held = asked("local_moran", table, neighbours=near, weights=weights, permutations=0).local_moran
        kept = local[every[:, 4] == z[4], 4]
        assert held.E[4] == pytest.approx(kept.mean(), abs=1e-12)
        assert held.Var[4] == pytest.approx(kept.var(), abs=1e-12)
        other = asked("local_moran", table, neighbours=near, divide_by="n-1", permutations=0).local_moran
        assert (
            pytest.approx(asked("local_moran", table, neighbours=near, permutations=0).local_moran.Z)
            == other.Z
        )

    def test_global_g_by_all_permutations(self):
        from itertools import permutations

        x = np.array([1.0, 5.0, 2.0, 2.0, 9.0, 0.0])
        near = [*lattice(2, 3), (1, 6)]
        every = np.array(list(permutations(x)))
        matrix = dense(6, near)
        found = np.einsum("pi,ij,pj->p", every, matrix, every) / (x.sum() ** 2 - (x**2).sum())
        result = asked("local_g", {"i": range(1, 7), "value": x}, neighbours=near, permutations=0).globalG
        assert pytest.approx(found.mean(), rel=1e-12) == result.E
        assert result.Var == pytest.approx(found.var(), rel=1e-10)

    def test_permutations_tell_the_exact_share_with_and_without_ties(self):
        """An area with one neighbour: each of the five others is drawn equally often."""
        table = {"i": range(1, 7), "value": [3.0, 0, 0, 0, 0, 8.0]}
        for replace in (True, False):
            result = asked(
                "local_g", table, neighbours=[(1, 6), (2, 3)], replace=replace, permutations=20_000
            )
            assert result.p_rank_two[0] == pytest.approx(
                1 / 5, abs=0.02
            )  # one of five, half counted, both sides
            assert result.p_rank_two[1] == pytest.approx(3 / 5, abs=0.02)  # three of five are as it is
        assert result.p_rank_two[2] is None

    def test_drawn_rates_are_between_their_own_and_that_of_all(self):
        rng = np.random.default_rng(4)
        people = rng.integers(0, 5000, 60)
        cases = rng.poisson(people * rng.gamma(4, 5e-4, 60))
        table = {"i": range(60), "pop": people, "cases": cases, "x": rng.random(60), "y": rng.random(60)}
        found = asked("area_rates", table)
        raw, drawn, b = numbers(found.EB_global.raw), numbers(found.EB_global.estmm), found.EB_global.pars.b
        has = np.isfinite(raw)
        assert np.all((drawn[has] - b) * (raw[has] - b) >= 0)
        assert np.all(np.abs(drawn[has] - b) <= np.abs(raw[has] - b))
        low, high = numbers(found.EB_global.low), numbers(found.EB_global.high)
        assert np.all((low < drawn) & (drawn < high))
        expected = numbers(found.poisson_prob_map.expected)
        p_ge = numbers(found.poisson_prob_map.p_ge)
        np.testing.assert_allclose(p_ge, stats.poisson.sf(cases - 1, expected), atol=1e-12)

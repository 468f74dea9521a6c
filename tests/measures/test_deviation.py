"""Counts against normal: equal to the reference, and whole on what is short, empty, gappy or constant."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from app.domain.errors import BadInput
from app.measures.deviation.baseline import baseline
from app.measures.deviation.cusum import CUSUM
from app.measures.deviation.ears import EARS
from app.measures.deviation.farrington import FARRINGTON, FarringtonParams, judge
from app.measures.deviation.sums import largest, likelihood

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def ask(measure: Any, frame: pd.DataFrame, **params: Any) -> Any:
    settled = measure.params.model_validate(params)
    found = measure.run(frame, settled, now=NOW, rng=np.random.default_rng(1))
    assert "NaN" not in found.model_dump_json()
    return found


@pytest.fixture(scope="module")
def reference(shared: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    folder = shared / "data" / "reference_results" / "aberration_agona"
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    corrected = json.loads((folder / "expected_corrected.json").read_text("utf-8"))
    for name, told in corrected["farringtonFlexible"].items():
        expected["farringtonFlexible"][name].update(told)
    return pd.read_csv(folder / "input.csv"), expected


SETTINGS = (
    "original_farrington",
    "none_transform",
    "sqrt_transform",
    "noreweight",
    "alpha05",
    "b3",
    "flexible_10periods_delta",
    "noufaily_nbPlugin",
    "noufaily_muan",
)


def figures(told: list[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([row[0] if isinstance(row, list) else row for row in told], dtype=np.float64)


class TestReference:
    @pytest.mark.parametrize("name", SETTINGS)
    def test_farrington(self, reference: tuple[pd.DataFrame, dict[str, Any]], name: str):
        frame, expected = reference
        told = expected["farringtonFlexible"][name]
        found = ask(FARRINGTON, frame, range=told["range"], **told["control"])
        for key, bound in (("expected", 1e-9), ("phi", 1e-9), ("upperbound", 1e-9), ("pvalue", 1e-9)):
            np.testing.assert_allclose(
                figures(getattr(found, key)), figures(told[key]), rtol=bound, err_msg=key
            )
        for key in ("observed", "alarm", "trend_used"):
            np.testing.assert_array_equal(figures(getattr(found, key)), figures(told[key]), err_msg=key)
        assert found.n_alarm == told["n_alarm"]
        if (
            name == "noreweight"
        ):  # elsewhere the score told is that of the other bounds, or of the mean's logarithm
            np.testing.assert_allclose(figures(found.score), figures(told["score"]), rtol=1e-9)

    def test_the_first_farrington(self, reference: tuple[pd.DataFrame, dict[str, Any]]):
        frame, expected = reference
        control = expected["farringtonFlexible"]["original_farrington"]["control"]
        found = ask(FARRINGTON, frame, algorithm="algo.farrington", range=(212, 312), **control)
        told = expected["algo.farrington"]
        np.testing.assert_allclose(figures(found.upperbound), told["upperbound"], rtol=1e-9)
        np.testing.assert_array_equal(figures(found.alarm), told["alarm"])

    @pytest.mark.parametrize(
        "name",
        ["C1", "C2", "C3", "C1_b28", "C2_b28", "C2_minsig", "C1_alpha0013499", "C2_alpha0013499"],
    )
    def test_ears(self, reference: tuple[pd.DataFrame, dict[str, Any]], name: str):
        frame, expected = reference
        told = expected["earsC"][name]
        asked = {key: told[key] for key in ("method", "baseline", "alpha", "minSigma")}
        found = ask(EARS, frame, **asked)
        assert (found.first_t, found.n_alarm) == (told["first_t"], told["n_alarm"])
        np.testing.assert_allclose(figures(found.upperbound), told["upperbound"], rtol=1e-10, atol=1e-10)
        np.testing.assert_array_equal(figures(found.alarm), told["alarm"])

    @pytest.mark.parametrize(
        ("name", "asked", "key", "theirs"),
        [
            ("cusum_k1.04_h2.26_none", {}, "stat", "stat"),
            ("cusum_k1.04_h2.26_none", {}, "upper", "upper"),
            ("cusum_rossi", {"trans": "rossi"}, "stat", "stat"),
            ("lr_cusum_poisson_theta_log2_c5", {"method": "lr"}, "cases_needed", "cases_needed"),
            (
                "lr_cusum_nb_alpha0.1_theta_log2_c5",
                {"method": "lr", "alpha": 0.1},
                "cases_needed",
                "cases_needed",
            ),
            ("glr_nb", {"method": "glr", "alpha": 0.1, "c.ARL": 5}, "stat", "stat"),
        ],
    )
    def test_cusum(
        self,
        reference: tuple[pd.DataFrame, dict[str, Any]],
        name: str,
        asked: dict[str, Any],
        key: str,
        theirs: str,
    ):
        frame, expected = reference
        told = expected["cusum"]
        found = ask(CUSUM, frame, range=told["range"], **asked)
        assert found.m == pytest.approx([told["m"]], rel=1e-12)
        assert found.index_of_dispersion == pytest.approx([told["index_of_dispersion"]], rel=1e-12)
        np.testing.assert_allclose(figures(getattr(found, key)), told[name][theirs], atol=1e-9)
        np.testing.assert_array_equal(figures(found.alarm), told[name]["alarm"])


def weekly(counts: list[Any], **more: Any) -> pd.DataFrame:
    return pd.DataFrame({"t": range(1, len(counts) + 1), "count": counts, **more})


def made_up(seed: int, weeks: int, mean: float, phi: float = 1.4) -> list[int]:
    rng = np.random.default_rng(seed)
    season = mean * np.exp(0.3 * np.cos(2 * np.pi * np.arange(weeks) / 52.18))
    drawn: list[int] = rng.negative_binomial(season / (phi - 1), 1 / phi).tolist()
    return drawn


class TestFarrington:
    def test_many_areas_give_what_each_gives_alone(self):
        series = {"A": made_up(1, 300, 6), "B": made_up(2, 300, 0.4), "C": made_up(3, 300, 40)}
        together = pd.concat([weekly(y, area=name) for name, y in series.items()]).sample(
            frac=1, random_state=1
        )
        found = ask(FARRINGTON, together, b=4)
        for name, y in series.items():
            alone = ask(FARRINGTON, weekly(y), b=4)
            rows = [row for row, area in enumerate(found.area) if area == name]
            for key in ("t", "observed", "expected", "upperbound", "alarm", "pvalue", "phi", "trend_used"):
                assert [getattr(found, key)[row] for row in rows] == getattr(alone, key), (name, key)

    @pytest.mark.parametrize("method", ["delta", "nbPlugin", "muan"])
    def test_a_series_of_nothing(self, method: str):
        found = ask(FARRINGTON, weekly([0] * 260), b=4, thresholdMethod=method, limit54=(0, 4))
        assert set(found.phi) == {1.0}
        if method == "muan":
            assert set(found.upperbound) == {None}
        else:
            assert set(found.upperbound) == {0.0}
            assert found.n_alarm == 0
            assert ask(FARRINGTON, weekly([0] * 259 + [6]), b=4, thresholdMethod=method).n_alarm == 1

    def test_a_series_that_never_varies(self):
        found = ask(FARRINGTON, weekly([7] * 260), b=4)
        assert found.expected == pytest.approx([7.0] * len(found.t))
        assert set(found.phi) == {1.0}
        assert found.n_alarm == 0

    def test_a_series_too_short_is_refused_and_a_period_too_early_is_not_known(self):
        refused = ask(FARRINGTON, weekly(made_up(1, 263, 5)))
        assert refused.refusal is not None
        assert "264" in refused.refusal.en
        found = ask(FARRINGTON, weekly(made_up(1, 264, 5)), range=(263, 264))
        assert found.expected[0] is None
        assert found.alarm[0] is None
        assert found.expected[1] is not None
        assert found.n_untold == 1

    def test_a_gap_is_left_out_and_a_gap_that_is_asked_about_is_not_known(self):
        counts: list[Any] = made_up(1, 260, 8)
        counts[100] = counts[259] = None
        found = ask(FARRINGTON, weekly(counts), b=4, range=(259, 260))
        assert (found.alarm[0], found.alarm[1], found.observed[1], found.pvalue[1]) == (0, None, None, None)
        assert found.expected[1] is not None
        without = weekly(counts).drop(index=100)
        assert ask(FARRINGTON, without, b=4, range=(259, 260)) == found

    def test_counts_per_head(self):
        counts = np.array(made_up(5, 260, 10))
        people = np.where(np.arange(260) < 200, 1000, 2000)
        doubled = weekly((counts * people // 1000).tolist(), population=people)
        plain = ask(FARRINGTON, doubled, b=4, range=(260, 260), noPeriods=1, trend=False)
        per_head = ask(
            FARRINGTON, doubled, b=4, range=(260, 260), noPeriods=1, trend=False, populationOffset=True
        )
        assert per_head.expected[0] > 1.5 * plain.expected[0]
        with pytest.raises(BadInput, match="needs the column population"):
            ask(FARRINGTON, weekly(made_up(1, 260, 5)), b=4, populationOffset=True)

    @pytest.mark.parametrize(
        ("freq", "w", "periods", "weeks"),
        [(12, 1, 4, 80), (365, 7, 10, 1600), (52, 3, 1, 300), (52, 0, 5, 300)],
    )
    def test_other_frequencies(self, freq: int, w: int, periods: int, weeks: int):
        found = ask(FARRINGTON, weekly(made_up(6, weeks, 20)), freq=freq, w=w, b=4, noPeriods=periods)
        assert found.n_untold == 0
        assert all(5 < mean < 60 for mean in found.expected)

    def test_equals_the_regression_of_a_library(self):
        sm = pytest.importorskip("statsmodels.api")
        counts = np.array(made_up(7, 265, 9))
        at, params = 264, FarringtonParams(reweight=False)
        periods, level = baseline([at - 52 * year for year in range(5, -1, -1)], 3, 10, at - 27)
        design = np.column_stack([np.equal.outer(level, np.arange(10)).astype(float), periods - at])
        fitted = sm.GLM(counts[periods], design, family=sm.families.Poisson()).fit(scale="X2", tol=1e-12)
        mean, variance, phi, kept = judge(counts[np.newaxis].astype(float), None, np.array([at]), params)
        assert kept[0, 0] == 1
        assert mean[0, 0] == pytest.approx(np.exp(fitted.params[0]), rel=1e-7)
        assert phi[0, 0] == pytest.approx(max(1.0, fitted.scale), rel=1e-4)  # its weights are the last step's
        assert variance[0, 0] == pytest.approx(fitted.cov_params()[0, 0], rel=1e-4)

    @pytest.mark.parametrize(
        ("frame", "params", "told"),
        [
            (weekly([1, -2, 3]), {}, "Row 2 has a count below 0"),
            (pd.DataFrame({"t": [1, 2, 2], "count": [1, 2, 3]}), {}, "Row 3 tells period 2 once more"),
            (pd.DataFrame({"t": [1, 201801], "count": [1, 2]}), {}, "numbers the periods"),
            (weekly([1] * 300), {"range": (290, 400)}, "range 290–400 is not within"),
        ],
    )
    def test_what_will_not_do_is_told(self, frame: pd.DataFrame, params: dict[str, Any], told: str):
        with pytest.raises(BadInput, match=told):
            ask(FARRINGTON, frame, **params)


class TestEars:
    @pytest.mark.parametrize("method", ["C1", "C2", "C3"])
    def test_a_baseline_that_never_varied(self, method: str):
        found = ask(EARS, weekly([2] * 20 + [3] + [2] * 9), method=method)
        assert None not in found.upperbound
        assert (found.alarm[20 - found.first_t + 1] == 1) is (method != "C3")
        assert ask(EARS, weekly([0] * 30), method=method).n_alarm == 0

    def test_gaps_and_short_series(self):
        counts: list[Any] = [3] * 30
        counts[10] = None
        found = ask(EARS, weekly(counts), method="C1")
        assert found.upperbound[10 - 7 + 1] is None
        assert found.alarm[3] is None
        assert ask(EARS, weekly([1] * 7)).refusal is not None
        assert ask(EARS, weekly([1] * 8)).refusal is None


class TestCusum:
    @pytest.mark.parametrize("alpha", [0.0, 0.2])
    def test_the_greatest_likelihood_is_found(self, alpha: float):
        counts = made_up(9, 30, 6)
        for m in (3.0, 6.0, 30.0):
            tried = [likelihood(sum(counts), 30, m, kappa, alpha) for kappa in np.linspace(0, 2, 2_001)]
            assert largest(sum(counts), 30, m, alpha) == pytest.approx(max(tried), rel=1e-5, abs=1e-12)

    def test_likelihoods_are_those_of_the_distributions(self):
        counts, m, raised = np.array(made_up(9, 30, 6)), 5.0, 5.0 * np.exp(0.3)
        poisson = stats.poisson.logpmf(counts, raised) - stats.poisson.logpmf(counts, m)
        assert likelihood(counts.sum(), 30, m, 0.3, 0.0) == pytest.approx(poisson.sum(), rel=1e-9)
        size = 1 / 0.2
        negative = stats.nbinom.logpmf(counts, size, size / (size + raised))
        negative -= stats.nbinom.logpmf(counts, size, size / (size + m))
        assert likelihood(counts.sum(), 30, m, 0.3, 0.2) == pytest.approx(negative.sum(), rel=1e-9)

    def test_nothing_before_is_refused_and_gaps_are_passed_over(self):
        assert ask(CUSUM, weekly([0] * 10 + [3] * 10)).refusal is not None
        counts: list[Any] = [3, 2] * 20
        counts[30] = None
        for method in ("cusum", "lr", "glr"):
            found = ask(CUSUM, weekly(counts), method=method)
            assert (found.alarm[10], found.stat[10]) == (None, None)
            assert found.stat[11] is not None

    def test_an_alarm_begins_the_sum_anew(self):
        found = ask(CUSUM, weekly([2] * 20 + [40] + [2] * 5), method="lr", range=(21, 26))
        assert found.alarm == [1, 0, 0, 0, 0, 0]
        assert found.stat[1] == 0

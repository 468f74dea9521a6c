"""The forecast: its regression against an integral worked out otherwise, its bands, and what it says of odd tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from app.domain.errors import BadInput
from app.measures.forecast.check import check, interval_score
from app.measures.forecast.contract import ForecastParams, ForecastResult
from app.measures.forecast.measure import run
from app.measures.forecast.model import design_of, forecast
from app.measures.forecast.words import say
from app.statistics import nbglm
from dashboards.components.figures.forecast import figure

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261124)


def weekly(counts: dict[str, Any], *, last: str = "2026-11-16") -> pd.DataFrame:
    """Rows of each area; the last count is of the week that begins on ``last``."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "area": area,
                    "week": pd.date_range(end=last, periods=len(row), freq="7D"),
                    "count": np.asarray(row, float),
                }
            )
            for area, row in counts.items()
        ],
        ignore_index=True,
    )


def asked(frame: pd.DataFrame, now: datetime = NOW, **params: Any) -> ForecastResult:
    return run(frame, ForecastParams(**params), now=now, rng=np.random.default_rng(1))


def rows(result: ForecastResult) -> pd.DataFrame:
    names = ("area", "week", "step", "expected", "median", "low80", "high80", "low95", "high95", "model")
    return pd.DataFrame({name: getattr(result, name) for name in names})


class TestRegression:
    def test_with_much_data_it_finds_what_an_ordinary_regression_finds(self, rng: np.random.Generator):
        design = design_of(261, 4, season=True, damping=1.0)
        truth = np.array([0.1, 0.4, -0.2, 0.05, 0.1])
        mean = np.exp(4.0 + design.columns @ truth)
        counts = rng.negative_binomial(20.0, 20.0 / (20.0 + mean)).astype(float)
        exog = np.column_stack([np.ones(261), design.columns])
        usual = sm.GLM(counts, exog, family=sm.families.NegativeBinomial(alpha=0.05)).fit()
        usual_ahead = np.column_stack([np.ones(4), design.ahead]) @ usual.params
        fits = nbglm.fit(counts[None], np.ones((1, 261)), design)
        ahead = (fits.weight[0][:, None] * fits.mean[0]).sum(axis=0)
        np.testing.assert_allclose(ahead, usual_ahead, atol=0.04)
        dispersion = (fits.weight[0] * fits.dispersion).sum()
        assert dispersion == pytest.approx(0.05, abs=0.03)

    def test_the_evidence_of_one_level_is_the_integral(self):
        # One block, a column of nothing: the integral over the level alone can be summed up on a fine grid.
        design = nbglm.Design(
            block=np.zeros(30, np.int64),
            apart=np.zeros(0),
            columns=np.zeros((30, 1)),
            deviations=np.ones(1),
            ahead=np.zeros((1, 1)),
            beyond=np.zeros(1),
        )
        counts = np.arange(30.0) % 7
        fits = nbglm.fit(counts[None], np.ones((1, 30)), design)
        level = np.linspace(-3, 3, 4001)
        offset = np.log((counts.sum() + 0.5) / 30)
        evidence = []
        for drift in nbglm.DRIFTS:
            for dispersion in nbglm.DISPERSIONS:
                mean = np.exp(offset + level)[:, None]
                shape = 1 / dispersion
                likelihood = stats.nbinom.logpmf(counts, shape, shape / (shape + mean)).sum(axis=1)
                prior = stats.norm.logpdf(level, 0, nbglm.LEVEL_DEVIATION)
                integral = np.trapezoid(np.exp(likelihood + prior), level)
                weight = drift * np.exp(-nbglm.DRIFT_RATE * drift)
                weight *= (dispersion + 0.02) * np.exp(-nbglm.DISPERSION_RATE * dispersion)
                evidence.append(integral * weight)
        np.testing.assert_allclose(fits.weight[0], np.array(evidence) / sum(evidence), rtol=0.01, atol=1e-6)

    def test_weeks_that_are_not_known_count_for_nothing(self, rng: np.random.Generator):
        design = design_of(120, 4, season=True, damping=0.9)
        counts = rng.poisson(5.0, 120).astype(float)
        told = np.ones(120)
        told[40:60] = 0.0
        other = np.where(told > 0, counts, 99.0)
        one, two = nbglm.fit(counts[None], told[None], design), nbglm.fit(other[None], told[None], design)
        np.testing.assert_array_equal(one.mean, two.mean)
        np.testing.assert_array_equal(one.weight, two.weight)

    def test_a_prediction_is_the_mixture_that_it_says(self):
        fits = nbglm.Fits(
            weight=np.array([[0.3, 0.7]]),
            mean=np.log(np.array([[[5.0], [8.0]]])),
            variance=np.array([[[0.04], [0.0]]]),
            dispersion=np.array([0.1, 0.3]),
        )
        predicted = nbglm.predict(fits, 0)
        counts = np.arange(predicted.pmf.shape[1])
        draws = np.random.default_rng(3).normal(np.log(5.0), 0.2, 200_000)
        sample = stats.nbinom.pmf(counts[:30, None], 10, 10 / (10 + np.exp(draws[:20_000]))).mean(axis=1)
        expected = 0.3 * sample + 0.7 * stats.nbinom.pmf(counts[:30], 1 / 0.3, 1 / 3.4)
        np.testing.assert_allclose(predicted.pmf[0, :30], expected, atol=5e-4)
        assert predicted.mean[0] == pytest.approx(0.3 * 5 * np.exp(0.02) + 0.7 * 8, rel=1e-6)

    def test_large_counts_are_told_in_steps(self, rng: np.random.Generator):
        counts = rng.poisson(200_000.0, (1, 150)).astype(float)
        found = forecast(counts, 4, window=261, damping=0.9)[0]
        assert found is not None
        low, high = found.bands[95]
        assert (low < 200_000).all()
        assert (high > 200_000).all()
        assert (high - low < 40_000).all()
        assert found.expected[0] == pytest.approx(200_000, rel=0.02)


class TestBands:
    def test_they_hold_in_simulation_and_the_error_is_less_than_last_years(self, rng: np.random.Generator):
        week = np.arange(265)
        mean = np.geomspace(0.5, 30, 60)[:, None] * np.exp(0.3 * np.cos(week / 8.3))
        counts = rng.negative_binomial(10.0, 10.0 / (10.0 + mean)).astype(float)
        checked = check(counts, 4, [261], window=261, damping=0.9)
        assert len(checked.area) == 240
        assert 0.75 <= checked.in80.mean() <= 0.89
        assert 0.91 <= checked.in95.mean() <= 0.99
        assert checked.error.mean() < 0.8 * checked.naive_error.mean()
        assert checked.wis.mean() < 0.8 * checked.naive_wis.mean()

    def test_a_level_that_shifted_is_followed(self, rng: np.random.Generator):
        mean = np.where(np.arange(200) < 180, 10.0, 25.0)
        result = rows(asked(weekly({"a": rng.poisson(mean)}), origins=0))
        assert (result["expected"] > 18).all()
        assert (result["low95"] > 5).all()

    def test_a_trend_is_damped_ahead(self):
        slow, fast = (design_of(120, 26, season=False, damping=damping) for damping in (0.9, 1.0))
        assert fast.ahead[-1, 0] == pytest.approx(26 / nbglm_year())
        assert slow.ahead[-1, 0] == pytest.approx(0.9 * (1 - 0.9**26) / 0.1 / nbglm_year())
        assert (np.diff(slow.ahead[:, 0], 2) < 0).all()

    def test_none_seen_is_not_none_ever(self):
        result = rows(asked(weekly({"a": np.zeros(60)}), origins=0))
        assert set(result["model"]) == {"rate"}
        np.testing.assert_allclose(result["expected"], 0.5 / 60)
        assert (result["high95"] == 0).all()  # nought in 119 of 120 weeks, by Jeffreys' prior

    def test_the_interval_score_is_as_published(self):
        # By hand, Bracher et al. 2021, equation 3: median 10, 80 % from 6 to 15, 95 % from 3 to 20, and 22 came.
        by_hand = (0.5 * 12 + 0.1 * (9 + 10 * 7) + 0.025 * (17 + 40 * 2)) / 2.5
        assert interval_score(np.array([3.0, 6.0, 10.0, 15.0, 20.0]), 22.0) == pytest.approx(by_hand)


def nbglm_year() -> float:
    return 365.2425 / 7


class TestForecast:
    def test_models_by_how_long_and_how_many(self, rng: np.random.Generator):
        frame = weekly(
            {
                "long": rng.poisson(5, 200),
                "year": rng.poisson(5, 60),
                "few": rng.poisson(0.02, 200),
                "new": rng.poisson(5, 10),
            }
        )
        result = asked(frame, origins=2)
        models = dict(zip(result.area, result.model, strict=True))
        assert models == {"long": "season", "year": "level", "few": "rate"}
        assert result.too_short == ["new"]
        assert any(sentence.sv == "För kort tid för en prognos i new." for sentence in say(result))
        assert result.checked[result.checked_area.index("new")] == 0

    def test_weeks_after_the_last_that_is_over(self, rng: np.random.Generator):
        frame = weekly({"a": rng.poisson(5, 120)}, last="2026-11-23")  # a week that is not over by the 24th
        result = asked(frame, origins=0)
        assert result.last_week == "2026-11-16"
        assert result.week == ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"]
        later = asked(frame, now=datetime(2026, 11, 29, 23, 30, tzinfo=UTC), origins=0)  # Monday in Stockholm
        assert later.last_week == "2026-11-23"

    def test_weeks_left_out_are_forecast_too_and_do_not_matter(self, rng: np.random.Generator):
        counts = rng.poisson(8, 150)
        late = counts.copy()
        late[-2:] = 0
        one, two = (asked(weekly({"a": row}), leave_out=2, origins=3) for row in (counts, late))
        assert one == two
        assert one.step == [1, 2, 3, 4, 5, 6]
        assert one.week[0] == "2026-11-09"

    def test_a_row_that_is_missing_is_none_or_not_known(self, rng: np.random.Generator):
        frame = weekly({"a": rng.poisson(1.0, 150)})
        without = frame[frame["count"] > 0].reset_index(drop=True)
        first = frame["week"].min() if frame["count"].iloc[0] > 0 else without["week"].min()
        whole = frame[frame["week"] >= first]
        last = frame["count"].iloc[-1]
        if last == 0:
            without = pd.concat([without, frame.iloc[-1:]], ignore_index=True)
        assert asked(without, origins=0) == asked(whole.reset_index(drop=True), origins=0)
        unknown = asked(without, missing="unknown", origins=0)
        assert unknown.expected[0] > 1.3 * asked(without, origins=0).expected[0]

    def test_an_empty_count_is_not_known(self, rng: np.random.Generator):
        frame = weekly({"a": rng.poisson(9, 120)})
        frame.loc[110, "count"] = np.nan
        result = asked(frame, origins=4)
        assert result.recent_count[42] is None
        assert result.all_checked == 15

    def test_weeks_told_by_number(self, rng: np.random.Generator):
        frame = weekly({"a": rng.poisson(5, 130)})
        numbered = pd.DataFrame({"t": np.arange(7, 137), "count": frame["count"]})
        result, named = asked(numbered, origins=2), asked(frame, origins=2)
        assert result.week == ["137", "138", "139", "140"]
        assert result.area == [None] * 4
        assert result.expected == named.expected

    def test_rows_of_one_week_are_summed_in_any_order(self, rng: np.random.Generator):
        frame = weekly({"a": rng.poisson(5, 60), "b": rng.poisson(9, 60)})
        half = frame.assign(count=np.floor(frame["count"] / 2))
        rest = frame.assign(count=frame["count"] - half["count"])
        split = pd.concat([rest, half]).sample(frac=1.0, random_state=2).reset_index(drop=True)
        assert asked(split, origins=2) == asked(frame, origins=2)

    def test_a_constant_series(self):
        result = rows(asked(weekly({"a": np.full(150, 6)}), origins=0))
        assert (result["median"] == 6).all()
        assert (result["low80"] < 6).all()
        assert (result["high80"] > 6).all()

    def test_the_check_uses_nothing_that_came_later(self, rng: np.random.Generator):
        counts = rng.poisson(6.0, (2, 160)).astype(float)
        other = counts.copy()
        other[:, 120:] = 50.0
        one, two = (check(table, 4, [116], window=261, damping=0.9) for table in (counts, other))
        np.testing.assert_array_equal(one.error, two.error)

    def test_too_short_is_refused_in_words(self):
        result = asked(weekly({"a": np.ones(20)}))
        assert result.refusal is not None
        assert "20 veckor, det behövs 26" in result.refusal.sv

    @pytest.mark.parametrize("person", ["19121212-1212", "121212-1212", "201212721212", "18991301-TF12"])
    def test_no_forecast_is_made_of_a_person(self, person: str):
        frame = weekly({person: np.ones(60)})
        if person.startswith("1899"):  # no month 13: that is no personnummer, and a district may be called so
            assert asked(frame, origins=0).refusal is None
            return
        with pytest.raises(BadInput, match="no forecast is made of a person"):
            asked(frame)

    def test_what_is_wrong_is_named(self):
        frame = weekly({"a": np.ones(60)})
        with pytest.raises(BadInput, match="Row 3 has a count of -1"):
            asked(frame.assign(count=[1.0, 1.0, -1.0] + [1.0] * 57))
        with pytest.raises(BadInput, match="needs a column week"):
            asked(frame[["count"]])
        other = frame.copy()
        other.loc[5, "week"] += pd.Timedelta(days=1)
        with pytest.raises(BadInput, match="Row 6 begins its week on another weekday"):
            asked(other)
        with pytest.raises(BadInput, match="no time zone"):
            asked(frame, zone="Nowhere/Town")

    def test_one_area_is_said_in_full(self, rng: np.random.Generator):
        frame = weekly({"a": rng.poisson(12, 160)}).drop(columns="area")
        said = say(asked(frame))
        assert said[0].sv.startswith("Om 4 veckor väntar vi oss ")
        assert "i nitton av tjugo." in said[0].sv
        assert said[1].sv.startswith("Av 52 veckor")


class TestFigure:
    @pytest.mark.parametrize("numbered", [False, True])
    def test_draws_what_came_and_the_bands_ahead(self, rng: np.random.Generator, numbered: bool):
        frame = weekly({"a": rng.poisson(5, 130), "b": rng.poisson(20, 130)})
        if numbered:
            frame = frame.assign(t=np.tile(np.arange(130), 2)).drop(columns="week")
        result = asked(frame, origins=1)
        drawn = figure(result, "en", "light")
        came = next(trace for trace in drawn.data if trace.name == "What came")
        assert list(came.y) == frame[frame["area"] == "b"]["count"].tolist()[-52:]
        wide = next(trace for trace in drawn.data if trace.name == "95 weeks of 100")
        last = rows(result).groupby("area").get_group("b")
        assert max(wide.y) == last["high95"].max()
        assert min(wide.y) == last["low95"].min()
        assert drawn.layout.title.text.startswith("Area b.")

    def test_says_why_there_is_none(self):
        drawn = figure(asked(weekly({"a": np.ones(9)})), "sv", "dark")
        assert "26" in drawn.layout.annotations[0].text

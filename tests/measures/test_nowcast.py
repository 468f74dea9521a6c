"""The nowcast: what it reckons with against sums done by hand and by simulation, and what it says of odd tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from app.domain.errors import BadInput
from app.measures import get_measure
from app.measures.nowcast.contract import NowcastParams, NowcastResult
from app.measures.nowcast.delays import fit_delays
from app.measures.nowcast.measure import run
from app.measures.nowcast.triangle import Triangle, triangle_of
from app.measures.nowcast.words import say
from app.statistics.bands import medians, nearest_bands, negative_binomial, of_totals
from app.statistics.pooling import pooled_ratio, pooling_strength
from dashboards.components.figures.nowcast import figure

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
LAST = np.datetime64("2026-11-23")


def simulated(
    rng: np.random.Generator,
    means: dict[str, float],
    *,
    days: int = 500,
    median_days: float = 1.0,
    weekend_closed: bool = False,
    taken_back: float = 0.0,
) -> pd.DataFrame:
    """Events of each area with a log-normal delay; some are taken back some days later. All of the future is in it."""
    parts = []
    for area, mean in means.items():
        count = rng.poisson(mean, days)
        day = np.repeat(LAST - np.arange(days)[::-1], count)
        delay = np.floor(median_days * rng.lognormal(0.0, 1.0, len(day))).astype(int)
        if weekend_closed:
            weekday = (day + delay).astype(np.int64) + 3
            delay += np.array([0, 0, 0, 0, 0, 2, 1])[weekday % 7]
        gone = rng.random(len(day)) < taken_back
        again = delay + 1 + rng.geometric(0.3, len(day))
        parts += [
            pd.DataFrame({"area": area, "day": day, "delay": delay, "n": 1}),
            pd.DataFrame({"area": area, "day": day[gone], "delay": again[gone], "n": -1}),
        ]
    frame = pd.concat(parts, ignore_index=True)
    frame["day"] = pd.to_datetime(frame["day"])
    return frame


def known(frame: pd.DataFrame, as_of: np.datetime64) -> pd.DataFrame:
    when = frame["day"].to_numpy("datetime64[D]") + frame["delay"].to_numpy()
    return frame[when <= as_of].reset_index(drop=True)


def asked(frame: pd.DataFrame, **params: Any) -> NowcastResult:
    return run(frame, NowcastParams(**params), now=NOW, rng=np.random.default_rng(1))


def rows(result: NowcastResult) -> pd.DataFrame:
    names = (
        "area",
        "span_days",
        "from_day",
        "to_day",
        "known",
        "expected",
        "median",
        "low",
        "high",
        "share_known",
    )
    more = ("normal", "normal_low", "normal_high", "verdict", "band_probability")
    return pd.DataFrame({name: getattr(result, name) for name in names + more})


class TestBands:
    def test_the_sum_is_that_of_a_binomial_and_a_negative_binomial(self):
        pmf = of_totals(
            np.array([[7.0]]), np.array([[0.9]]), np.array([[1.0]]), np.array([[3.0]]), np.array([[4.0]]), 128
        )[0]
        left = stats.binom.pmf(np.arange(8), 7, 0.9)
        coming = stats.nbinom.pmf(np.arange(128), 4.0, 4.0 / 7.0)
        np.testing.assert_allclose(pmf, np.convolve(left, coming)[:128], atol=1e-13)

    def test_the_negative_binomial_is_as_it_is_known(self):
        for mean, shape in ((0.2, 0.5), (13.0, 4.0), (900.0, 30.0)):
            pmf = negative_binomial(np.array([mean]), np.array([shape]), 4000)[0]
            np.testing.assert_allclose(
                pmf, stats.nbinom.pmf(np.arange(4000), shape, shape / (shape + mean)), rtol=1e-9, atol=1e-15
            )

    def test_a_band_is_as_near_as_can_be_to_what_is_asked(self):
        pmf = np.array([stats.poisson.pmf(np.arange(60), mean) for mean in (0.05, 0.7, 3.0, 12.0)])
        low, high, held = nearest_bands(pmf, 0.9)
        for row, mean in enumerate((0.05, 0.7, 3.0, 12.0)):
            inside = pmf[row, low[row] : high[row] + 1]
            assert held[row] == pytest.approx(inside.sum())
            outside = np.delete(pmf[row], np.arange(low[row], high[row] + 1))
            assert inside.min() >= outside.max() - 1e-12, mean
            grown = inside.sum() + outside.max()
            assert abs(inside.sum() - 0.9) <= abs(grown - 0.9), mean
        assert (low[0], high[0]) == (0, 0)

    def test_a_wider_band_holds_the_narrower(self):
        pmf = negative_binomial(np.linspace(0.1, 40, 50), np.full(50, 3.0), 512)
        narrow, wide = nearest_bands(pmf, 0.8), nearest_bands(pmf, 0.95)
        assert (wide[0] <= narrow[0]).all()
        assert (narrow[1] <= wide[1]).all()

    def test_medians(self):
        np.testing.assert_array_equal(medians(np.array([[0.6, 0.4], [0.4, 0.6], [0.5, 0.5]])), [0, 1, 0])


class TestPooling:
    def test_ratios_that_differ_by_chance_only_are_drawn_together(self, rng: np.random.Generator):
        expected = np.full(200, 8.0)
        ratio = pooled_ratio(rng.poisson(expected).astype(float), expected)
        assert np.abs(ratio - 1).max() < 0.12

    def test_ratios_that_differ_truly_are_let_be(self, rng: np.random.Generator):
        expected = np.full(200, 80.0)
        truth = rng.gamma(4.0, 0.25, 200)
        count = rng.poisson(expected * truth).astype(float)
        assert pooling_strength(count, expected) == pytest.approx(4.0, rel=0.8)
        assert np.corrcoef(pooled_ratio(count, expected), truth)[0, 1] > 0.95

    def test_nothing_expected_is_no_ratio(self):
        np.testing.assert_array_equal(pooled_ratio(np.zeros(3), np.zeros(3)), np.ones(3))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261124)


class TestDelays:
    def test_finds_the_shares_that_were_planted_though_the_newest_days_are_cut_off(
        self, rng: np.random.Generator
    ):
        frame = known(simulated(rng, {"a": 30.0}, days=200, median_days=4.0), LAST)
        triangle = triangle_of(frame, LAST.astype("datetime64[D]").astype(int), 200, 90)
        standing = fit_delays(triangle, weekday=False, pool="shrink").standing[0, 0]
        for delay in (0, 1, 3, 7, 14):
            planted = stats.lognorm.cdf((delay + 1) / 4.0, 1.0)
            assert standing[delay] == pytest.approx(planted, abs=0.02), delay

    def test_offices_that_close_are_seen_by_weekday(self, rng: np.random.Generator):
        frame = known(simulated(rng, {"a": 20.0}, median_days=0.7, weekend_closed=True), LAST)
        triangle = triangle_of(frame, LAST.astype("datetime64[D]").astype(int), 500, 60)
        standing = fit_delays(triangle, weekday=True, pool="shrink").standing[0]
        assert standing[5, 0] < 0.02  # of Saturday nothing is known on Saturday
        assert standing[2, 0] > 0.55
        assert standing[5, 2] > standing[5, 1] + 0.4  # and most on Monday

    def test_what_is_taken_back_leaves_fewer_standing(self, rng: np.random.Generator):
        means = {f"d{number}": 0.5 for number in range(60)}
        frame = known(simulated(rng, means, taken_back=0.2), LAST)
        triangle = triangle_of(frame, LAST.astype("datetime64[D]").astype(int), 500, 75)
        delays = fit_delays(triangle, weekday=True, pool="shrink")
        assert delays.standing[0].mean(axis=0)[-1] == pytest.approx(0.8, abs=0.03)
        assert delays.kept[-1] < delays.kept[3] < delays.kept[0] == 1.0

    def test_where_signs_cancel_in_a_cell_the_share_that_comes_is_still_right(self, rng: np.random.Generator):
        frame = known(simulated(rng, {"a": 30.0}, taken_back=0.2), LAST)
        triangle = triangle_of(frame, LAST.astype("datetime64[D]").astype(int), 500, 75)
        standing = fit_delays(triangle, weekday=False, pool="shrink").standing[0, 0]
        came = np.cumsum(triangle.cells[0, :400], axis=1).sum(axis=0)
        for delay in (0, 1, 3, 7):
            assert standing[delay] / standing[-1] == pytest.approx(came[delay] / came[-1], rel=0.02), delay

    @pytest.mark.parametrize("pool", ["region", "shrink", "area"])
    def test_a_slow_district_is_told_by_its_own_delays_unless_pooled_away(
        self, rng: np.random.Generator, pool: Any
    ):
        quick = simulated(rng, {f"quick{number}": 6.0 for number in range(4)}, median_days=0.6)
        frame = known(
            pd.concat([quick, simulated(rng, {"slow": 6.0}, median_days=6.0)], ignore_index=True), LAST
        )
        triangle = triangle_of(frame, LAST.astype("datetime64[D]").astype(int), 500, 75)
        standing = fit_delays(triangle, weekday=True, pool=pool).standing.mean(axis=1)
        slow = standing[1 + triangle.areas.index("slow"), 2]
        assert (abs(slow - stats.lognorm.cdf(3 / 6, 1.0)) < 0.06) == (pool != "region")


class TestMoves:
    def test_a_move_to_the_day_before_cancels_and_nothing_else(self):
        cells = np.zeros((1, 10, 6))
        cells[0, 3, 2], cells[0, 4, 1] = 1.0, -2.0  # known on the same day: one of the two was a move
        cells[0, 6, 2], cells[0, 7, 2] = 1.0, -1.0  # known on different days: none
        found = Triangle(cells, 0, ()).without_moves().cells
        assert (found[0, 3, 2], found[0, 4, 1]) == (0.0, -1.0)
        assert (found[0, 6, 2], found[0, 7, 2]) == (1.0, -1.0)
        assert found.sum() == cells.sum()
        assert cells[0, 3, 2] == 1.0

    def test_all_together_stay_the_sum_of_the_areas(self, rng: np.random.Generator):
        cells = rng.integers(-1, 3, (4, 40, 10)).astype(float)
        cells[0] = cells[1:].sum(axis=0)
        found = Triangle(cells, 0, ("a", "b", "c")).without_moves().cells
        np.testing.assert_array_equal(found[0], found[1:].sum(axis=0))
        for number in range(4):
            assert found[number].sum() == cells[number].sum()
        assert np.abs(found[1:]).sum() < np.abs(cells[1:]).sum()


class TestNowcast:
    def test_bands_hold_what_comes_and_expect_it_without_bias(self, rng: np.random.Generator):
        frame = simulated(rng, {f"d{number}": 0.3 + number / 6 for number in range(16)}, taken_back=0.04)
        truth = frame.groupby(["area", "day"])["n"].sum()
        inside, off, late = [], [], []
        for ago in range(61, 180, 14):
            result = rows(asked(frame, as_of=(LAST - ago).item(), replays=0, history_days=200))
            weeks = result[(result["span_days"] == 7) & result["area"].notna()]
            for week in weeks.itertuples():
                days = pd.date_range(week.from_day, week.to_day)
                came = int(truth[week.area].reindex(days, fill_value=0).sum())
                inside.append(week.low <= came <= week.high)
                off.append(week.expected - came)
                late.append(came - week.known)
        assert np.mean(late) > 0.5  # there is something to be foretold
        assert abs(np.mean(off)) < 0.2 * np.mean(late)
        assert 0.86 <= np.mean(inside) <= 0.95

    def test_lateness_alone_is_never_a_fall_but_a_fall_is(self, rng: np.random.Generator):
        steady = simulated(rng, {"steady": 4.0}, median_days=4.0)
        fallen = simulated(rng, {"fallen": 4.0}, median_days=4.0)
        last_week = fallen["day"].to_numpy("datetime64[D]") > LAST - 7
        fallen = fallen[~last_week | (rng.random(len(fallen)) < 0.05)]
        frame = known(pd.concat([steady, fallen], ignore_index=True), LAST)
        result = asked(frame, as_of=LAST.item(), replays=0, pool="region")
        found = rows(result)
        newest = found[(found["span_days"] == 7) & (found["to_day"] == str(LAST))].set_index("area")
        assert newest.loc["steady", "verdict"] == "only_lateness"
        assert newest.loc["fallen", "verdict"] == "fall"
        said = " ".join(sentence.sv for sentence in say(result))
        assert "Nedgång i fallen." in said
        assert "I steady ser det ut som en nedgång, men kan vara bara eftersläpning." in said

    def test_what_became_known_later_changes_nothing(self, rng: np.random.Generator):
        frame = simulated(rng, {"a": 2.0, "b": 5.0})
        as_of = LAST - 70
        whole, cut = asked(frame, as_of=as_of.item()), asked(known(frame, as_of), as_of=as_of.item())
        assert whole == cut
        assert whole.as_of == str(as_of)

    def test_the_replay_says_how_the_bands_held(self, rng: np.random.Generator):
        result = asked(known(simulated(rng, {"a": 2.0, "b": 5.0, "c": 9.0}, days=700), LAST), replays=20)
        assert result.replays == 20
        assert result.replayed_weeks == 60
        assert result.week_coverage is not None
        assert 0.8 <= result.week_coverage <= 0.99
        assert result.false_falls == 0

    def test_without_areas_there_is_one_row_for_each_span(self, rng: np.random.Generator):
        frame = known(simulated(rng, {"a": 5.0}), LAST).drop(columns="area")
        result = asked(frame, days=3, weeks=2)
        assert result.area == [None] * 5
        assert result.span_days == [7, 7, 1, 1, 1]
        assert result.replayed_weeks == 8
        assert result.to_day[0] == str(LAST)

    def test_rows_in_any_order_and_split_are_the_same(self, rng: np.random.Generator):
        frame = known(simulated(rng, {"a": 2.0, "b": 5.0}), LAST)
        summed = frame.groupby(["area", "day", "delay"], as_index=False)["n"].sum()
        shuffled = frame.sample(frac=1.0, random_state=3).reset_index(drop=True)
        assert asked(shuffled, replays=2) == asked(summed, replays=2)

    def test_an_area_without_cases_lately_is_told_with_doubt(self, rng: np.random.Generator):
        old = simulated(rng, {"old": 1.0}, days=800)
        old = old[old["day"].to_numpy("datetime64[D]") < LAST - 600]
        frame = known(pd.concat([old, simulated(rng, {"b": 5.0})], ignore_index=True), LAST)
        found = rows(asked(frame, as_of=LAST.item()))
        week = found[(found["area"] == "old") & (found["span_days"] == 7)].iloc[0]
        assert (week["known"], week["low"], week["verdict"]) == (0, 0, "too_few")
        assert 0 < week["expected"] < 0.1

    def test_taking_back_what_was_never_told_gives_no_figure_below_nothing(self, rng: np.random.Generator):
        frame = known(simulated(rng, {"a": 3.0}), LAST)
        back = pd.DataFrame({"area": "a", "day": pd.Timestamp(str(LAST - 2)), "delay": 1, "n": [-50]})
        found = rows(asked(pd.concat([frame, back], ignore_index=True), as_of=LAST.item()))
        assert found[["known", "low", "expected"]].min().min() >= 0

    def test_large_counts(self, rng: np.random.Generator):
        frame = simulated(rng, {"a": 900.0}, days=220)
        came = int((frame["day"].to_numpy("datetime64[D]") > LAST - 7).sum())
        found = rows(asked(known(frame, LAST), as_of=LAST.item(), history_days=60, replays=0))
        week = found[(found["area"] == "a") & (found["span_days"] == 7)].iloc[0]
        assert week["known"] < came - 500
        assert week["low"] <= came <= week["high"]
        assert week["high"] - week["low"] < 400

    def test_too_short_or_too_few_is_refused_in_words(self, rng: np.random.Generator):
        short = asked(known(simulated(rng, {"a": 5.0}, days=90), LAST))
        assert short.refusal is not None
        assert "90 dygn, det behövs 102" in short.refusal.sv
        few = asked(known(simulated(rng, {"a": 0.05}), LAST), as_of=LAST.item())
        assert few.refusal is not None
        assert few.refusal.sv.startswith("För få fall")

    def test_a_negative_delay_and_a_zone_that_is_none_are_named(self):
        frame = pd.DataFrame({"day": pd.to_datetime(["2026-11-20"] * 2), "delay": [0, -1], "n": [1, 1]})
        with pytest.raises(BadInput, match="Row 2 has a delay of -1"):
            asked(frame)
        with pytest.raises(BadInput, match="Europe/Stokholm"):
            asked(frame.iloc[:1], zone="Europe/Stokholm")

    def test_by_default_it_is_as_of_yesterday_in_the_zone(self, rng: np.random.Generator):
        frame = simulated(rng, {"a": 5.0})
        late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # already the 23rd in Stockholm
        result = run(frame, NowcastParams(replays=0), now=late, rng=np.random.default_rng(1))
        assert result.as_of == date(2026, 11, 22).isoformat()

    def test_is_found_by_its_name(self):
        assert get_measure("nowcast").result is NowcastResult


class TestFigure:
    @pytest.mark.parametrize("area", [None, "b"])
    def test_draws_what_is_known_and_what_it_will_be(self, rng: np.random.Generator, area: str | None):
        result = asked(known(simulated(rng, {"a": 2.0, "b": 5.0}), LAST), as_of=LAST.item(), replays=0)
        drawn = figure(result, "sv", "dark", area)
        found = rows(result)
        days = found[
            (found["span_days"] == 1) & (found["area"].isna() if area is None else found["area"] == area)
        ]
        bars = next(trace for trace in drawn.data if trace.name == "Kända hittills")
        assert list(bars.y) == days["known"].tolist()[::-1]
        diamonds = next(trace for trace in drawn.data if trace.type == "scatter")
        ends = np.array(diamonds.y) + np.array(diamonds.error_y.array)
        assert ends.tolist() == days["high"].tolist()[::-1]
        assert (
            "De senaste 7 dygnen" in drawn.layout.title.text
            or "de senaste 7 dygnen" in drawn.layout.title.text
        )

    def test_says_why_there_is_none(self):
        result = asked(pd.DataFrame({"day": pd.to_datetime([]), "delay": [], "n": []}))
        assert "dygn" in figure(result, "sv", "light").layout.annotations[0].text

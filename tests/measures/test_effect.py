"""Did it work: the difference of counts by hand, the ratio against an independent fit, and what is not said."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from app.domain import words
from app.domain.errors import BadInput
from app.measures.effect import inference
from app.measures.effect.displacement import DISPLACEMENT, DisplacementParams, DisplacementResult
from app.measures.effect.effect import EFFECT
from app.measures.effect.effect_model import EffectParams, EffectResult
from app.measures.effect.fit import fit_two_way
from app.measures.effect.panel import Panel, read_panel
from dashboards.components.figures import displacement as displacement_figure
from dashboards.components.figures import effect as effect_figure

LOOKS = [(language, theme) for language in ("sv", "en") for theme in ("light", "dark")]
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
EMPTY = pd.DataFrame({"role": [], "before": [], "after": []})


def displacement(frame: pd.DataFrame = EMPTY, **params: Any) -> DisplacementResult:
    found: DisplacementResult = DISPLACEMENT.run(
        frame, DisplacementParams(**params), now=NOW, rng=np.random.default_rng(1)
    )
    return found


def effect(frame: pd.DataFrame, **params: Any) -> EffectResult:
    found: EffectResult = EFFECT.run(frame, EffectParams(**params), now=NOW, rng=np.random.default_rng(1))
    return found


def panel(
    areas: int, treated: int, periods: int, *, mean: float = 10, kappa: float = 0.2, between: float = 0.0,
    ratio: float = 1.0, drift: float = 0.0, seed: int = 1,
) -> Panel:  # fmt: skip
    """A made-up panel; ``drift`` is the log by which treated areas rise over all of the time."""
    rng = np.random.default_rng(seed)
    on, after = np.arange(areas) < treated, np.arange(periods) >= periods // 2
    season = 1 + 0.2 * np.sin(np.arange(periods) / 4)
    log = np.outer(rng.normal(0, between, areas), after) + math.log(ratio) * np.outer(on, after)
    log += drift * np.outer(on, np.arange(periods) / periods)
    mu = mean * np.outer(np.exp(rng.normal(0, 0.5, areas)), season) * np.exp(log)
    counts = rng.poisson(mu * rng.gamma(1 / kappa, kappa, mu.shape)) if kappa else rng.poisson(mu)
    names = [f"A{number:02d}" for number in range(areas)]
    return Panel(names, [str(number) for number in range(periods)], counts.astype(float), on, after, 0)


def table(found: Panel) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (area, period, found.counts[row, column], int(found.treated[row]), int(found.after[column]))
            for row, area in enumerate(found.areas)
            for column, period in enumerate(found.periods)
        ],
        columns=["area", "period", "count", "treated", "post"],
    )


def on(found: Panel) -> np.ndarray:
    return (found.treated[:, None] & found.after[None, :]).astype(float)


class TestDisplacement:
    def test_by_hand(self):
        found = displacement(
            treated_before=40, treated_after=25, control_before=38, control_after=41,
            displacement_before=20, displacement_after=24, displacement_control_before=18,
            displacement_control_after=17,
        )  # fmt: skip
        assert found.wdd == -15 - 3 + 4 - (-1)
        assert found.se == pytest.approx(math.sqrt(40 + 25 + 38 + 41 + 20 + 24 + 18 + 17), rel=1e-15)
        assert found.low == pytest.approx(-13 - 1.959963984540054 * found.se, rel=1e-12)
        assert found.local == -18
        assert found.moved == 5
        assert found.expected == 43
        assert found.p == pytest.approx(2 * 0.5 * math.erfc(13 / found.se / math.sqrt(2)), rel=1e-12)

    def test_rows_of_a_role_add_up_and_parameters_go_before_the_table(self):
        rows = pd.DataFrame(
            {
                "role": ["treated", "control", "treated"],
                "before": ["30", "38", "10"],
                "after": ["20", "41", "5"],
            }
        )
        found = displacement(rows)
        assert found.wdd == -18
        assert found.moved is None
        assert (
            displacement(rows, treated_before=10, treated_after=10, control_before=10, control_after=10).wdd
            == 0
        )

    def test_unequal_times_and_sizes_are_scaled_to_the_time_after_and_to_treated(self):
        found = displacement(
            treated_before=80, treated_after=20, control_before=240, control_after=60,
            length_before=4, length_after=1, sizes={"treated": 1, "control": 3},
        )  # fmt: skip
        assert found.wdd == pytest.approx(0, abs=1e-12)
        assert found.se == pytest.approx(math.sqrt(20 + 80 / 16 + 60 / 9 + 240 / 16 / 9), rel=1e-12)
        assert found.unlike is False

    def test_the_interval_holds_what_it_promises_from_ten_reports_on(self):
        rng = np.random.default_rng(5)
        counts = rng.poisson([6, 4, 6, 6], size=(3000, 4))
        wdd = counts @ [-1, 1, 1, -1]
        held = np.abs(wdd + 2) <= 1.959963984540054 * np.sqrt(counts.sum(1))
        assert 0.935 <= held.mean() <= 0.975
        one = displacement(
            treated_before=counts[0, 0] + 5, treated_after=counts[0, 1], control_before=counts[0, 2],
            control_after=counts[0, 3],
        )  # fmt: skip
        assert one.wdd == wdd[0] - 5

    def test_too_few_and_unlike_are_said(self):
        assert displacement().refusal == words.too_few(0, 10)
        few = displacement(treated_before=2, treated_after=3, control_before=20, control_after=20)
        assert few.refusal == words.too_few(5, 10)
        assert few.wdd is None
        zeros = displacement(treated_before=0, treated_after=0, control_before=0, control_after=0, at_least=0)
        assert zeros.refusal is not None
        unlike = displacement(treated_before=20, treated_after=20, control_before=80, control_after=80)
        assert unlike.unlike
        assert any("likare" in said.sv for said in DISPLACEMENT.say(unlike))

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ({"role": ["somewhere"], "before": [1], "after": [2]}, "somewhere"),
            ({"role": ["treated"], "before": [-1], "after": [2]}, "negative"),
            ({"role": ["treated"], "before": ["x"], "after": [2]}, "Row 1"),
            ({"before": [1], "after": [2]}, "role is missing"),
        ],
    )
    def test_what_is_wrong_is_named(self, rows: dict[str, list[Any]], told: str):
        with pytest.raises(BadInput, match=told):
            displacement(pd.DataFrame(rows))

    def test_half_a_pair_of_counts_is_no_pair(self):
        with pytest.raises(BadInput, match="go together"):
            displacement(treated_before=3)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.integers(0, 400), min_size=8, max_size=8))
    def test_any_counts_are_said(self, counts: list[int]):
        names = [f"{role}_{when}" for role in ("treated", "control", "displacement", "displacement_control")
                 for when in ("before", "after")]  # fmt: skip
        found = displacement(**dict(zip(names, counts, strict=True)))
        for said in DISPLACEMENT.say(found):
            assert words.objection(said) is None
        if found.refusal is None:
            assert found.low < found.wdd < found.high


class TestTheFit:
    def test_without_more_scatter_than_chance_the_ratio_is_that_of_the_sums(self):
        found = panel(9, 3, 14, kappa=0)
        calm = Panel(
            found.areas, found.periods, np.round(found.counts / 20) + 20, found.treated, found.after, 0
        )
        fit = fit_two_way(calm.counts, on(calm))
        before, after, control_before, control_after = calm.sums()
        assert fit is not None
        assert fit.kappa == 0
        assert fit.beta == pytest.approx(math.log(after * control_before / before / control_after), abs=1e-9)

    @pytest.mark.parametrize(("areas", "periods"), [(7, 20), (20, 7)])
    def test_it_is_what_a_plain_model_with_dummies_gives(self, areas: int, periods: int):
        found = panel(areas, 3, periods, kappa=0.3, ratio=0.7)
        fit = fit_two_way(found.counts, on(found))
        assert fit is not None
        rows = np.repeat(np.arange(areas), periods)
        columns = np.tile(np.arange(periods), areas)
        design = np.column_stack([on(found).ravel(), np.eye(areas)[rows], np.eye(periods)[columns][:, 1:]])
        counts = found.counts.ravel()
        family = sm.families.NegativeBinomial(alpha=fit.kappa)
        plain = sm.GLM(counts, design, family=family).fit(tol=1e-12, maxiter=200)
        assert fit.beta == pytest.approx(plain.params[0], abs=1e-6)
        assert math.sqrt(fit.variance) == pytest.approx(plain.bse[0], rel=1e-5)
        # The dispersion is the one at which Pearson's sum is its degrees of freedom.
        assert plain.pearson_chi2 == pytest.approx(plain.df_resid, rel=1e-5)
        # The cluster-robust error from its formula, with the whole matrix: bread of the expected information.
        weight = plain.mu / (1 + fit.kappa * plain.mu)
        bread = np.linalg.inv(design.T @ (weight[:, None] * design))
        scores = design * (weight * (counts - plain.mu) / plain.mu)[:, None]
        of_areas = np.asarray([scores[rows == area].sum(0) for area in range(areas)])
        error = math.sqrt((bread @ of_areas.T @ of_areas @ bread)[0, 0] * areas / (areas - 1))
        interval = inference.by_cluster(fit, 0.95)
        half = stats.t(areas - 1).ppf(0.975) * error
        assert (interval.high - interval.low) / 2 == pytest.approx(half, rel=1e-5)

    def test_a_permutation_is_every_other_choice_of_areas(self):
        found = panel(7, 2, 16, between=0.2)
        fit = fit_two_way(found.counts, on(found))
        assert fit is not None
        seen = inference.changes(found, fit)
        placebo = inference.by_permutation(found, seen, 0.9, 999, np.random.default_rng(1))
        far = []
        for chosen in combinations(range(7), 2):
            others = [row for row in range(7) if row not in chosen]
            parts, variance = [], 0.0
            for group in (list(chosen), others):
                weight = 1 / seen.variance[group]
                weight /= weight.sum()
                parts.append(weight @ seen.change[group])
                variance += (weight**2) @ (seen.variance[group] + seen.between)
            far.append(abs(parts[0] - parts[1]) / math.sqrt(variance))
        assert placebo.assignments == 21
        assert placebo.interval.p == pytest.approx(np.mean(np.asarray(far) >= far[0] * (1 - 1e-9)))
        assert placebo.as_far == sum(np.asarray(far[1:]) >= far[0] * (1 - 1e-9))

    def test_the_weighted_changes_average_to_the_ratio(self):
        found = panel(12, 4, 30, kappa=0, ratio=0.6)
        fit = fit_two_way(found.counts, on(found))
        assert fit is not None
        seen = inference.changes(found, fit)
        weight = 1 / seen.variance
        apart = [np.average(seen.change[g], weights=weight[g]) for g in (found.treated, ~found.treated)]
        assert apart[0] - apart[1] == pytest.approx(fit.beta, abs=0.02)


class TestEffect:
    def test_a_planted_fall_is_found_and_told(self):
        found = effect(table(panel(20, 4, 60, ratio=0.7)))
        assert found.refusal is None
        assert found.low < 0.7 < found.high < 1
        assert found.expected == pytest.approx(found.observed / found.ratio)
        assert found.expected_low <= found.expected <= found.expected_high
        said = EFFECT.say(found)
        assert "färre än väntat" in said[0].sv
        assert "slump" not in said[0].sv

    def test_where_one_area_of_many_was_treated_the_default_is_no_surer_than_it_may_be(self):
        held = {"area_change": 0, "cluster": 0}
        for seed in range(50):
            found = effect(
                table(panel(16, 1, 40, between=0.15, seed=seed)), despite_trend=True, permutations=99
            )
            ends = dict(zip(found.method, zip(found.method_low, found.method_high, strict=True), strict=True))
            for name in held:
                held[name] += ends[name][0] <= 1 <= ends[name][1]
        assert held["area_change"] >= 43
        assert held["cluster"] <= 33

    def test_every_method_can_be_the_one_that_is_said(self):
        frame = table(panel(16, 3, 30))
        for name in ("permutation", "area_change", "cluster", "model"):
            found = effect(frame, inference=name)
            assert found.inference == name
            assert found.p == found.method_p[found.method.index(name)]
        assert effect(frame).inference == "area_change"

    def test_who_and_when_can_be_told_by_columns_or_by_parameters(self):
        made = panel(8, 2, 24, ratio=0.8)
        frame = table(made)
        by_columns = effect(frame)
        named = effect(frame[["area", "period", "count"]], treated=("A00", "A01"), start="12")
        assert named.model_dump() == by_columns.model_dump()
        only_treated = frame.assign(post=frame["post"] * frame["treated"])
        assert effect(only_treated).ratio == by_columns.ratio
        shuffled = frame.sample(frac=1, random_state=3)
        assert effect(shuffled).model_dump() == by_columns.model_dump()

    def test_a_cell_without_a_row_had_none_and_rows_of_one_cell_add_up(self):
        frame = table(panel(6, 2, 16))
        zeros = frame.assign(count=frame["count"].where(frame.index % 11 != 0, 0))
        sparse = zeros[zeros["count"] > 0]
        with_gaps, with_zeros = (effect(one, despite_trend=True) for one in (sparse, zeros))
        assert with_gaps.model_dump() == with_zeros.model_dump() | {"filled": (zeros["count"] == 0).sum()}
        halves = pd.concat(
            [frame.assign(count=frame["count"] // 2), frame.assign(count=-(-frame["count"] // 2))]
        )
        assert effect(halves, despite_trend=True) == effect(frame, despite_trend=True)

    @pytest.mark.parametrize("periods", [
        [f"2026-{n + 1:02d}" for n in range(12)], [f"2026-W{n + 40}" for n in range(12)],
        [f"2026-03-{n + 10}" for n in range(12)], [str(n + 5) for n in range(12)],
    ])  # fmt: skip
    def test_periods_are_in_the_order_of_time(self, periods: list[str]):
        made = panel(6, 2, 12)
        frame = table(Panel(made.areas, periods, made.counts, made.treated, made.after, 0))
        assert effect(frame).ratio == pytest.approx(effect(table(made)).ratio, rel=1e-12)
        assert read_panel(frame, (), periods[3]).after.tolist() == [n >= 3 for n in range(12)]

    def test_trends_that_were_not_parallel_are_a_refusal_that_can_be_overruled(self):
        frame = table(panel(20, 5, 60, drift=1.5))
        found = effect(frame)
        assert found.parallel is False
        assert found.ratio is None
        assert "redan före" in found.refusal.sv
        assert found.point_ratio
        assert found.drift_low > 1
        told = effect(frame, despite_trend=True)
        assert told.refusal is None
        assert any("redan före" in said.sv for said in EFFECT.say(told))

    def test_parallel_trends_are_seldom_called_otherwise(self):
        judged = [effect(table(panel(12, 3, 48, seed=seed)), permutations=99).parallel for seed in range(30)]
        assert sum(one is False for one in judged) <= 5

    @pytest.mark.parametrize(
        ("made", "params", "told"),
        [
            (panel(3, 1, 20), {}, "För få områden"),
            (panel(6, 0, 20), {}, "För få områden"),
            (panel(6, 6, 20), {}, "För få områden"),
            (panel(6, 2, 20, mean=0.1), {}, "För få fall"),
            (panel(6, 2, 20), {"start": "0"}, "både tid före och tid efter"),
            (panel(6, 2, 20), {"start": "99"}, "både tid före och tid efter"),
        ],
    )
    def test_too_little_is_refused_in_words(self, made: Panel, params: dict[str, Any], told: str):
        found = effect(table(made), **params)
        assert found.ratio is None
        assert told in found.refusal.sv
        assert EFFECT.say(found) == (found.refusal,)

    def test_none_at_all_after_has_no_ratio(self):
        made = panel(8, 2, 20)
        made.counts[np.ix_(made.treated, made.after)] = 0
        assert effect(table(made)).refusal is not None

    def test_few_areas_cannot_bound_a_permutation_and_that_is_said(self):
        found = effect(table(panel(6, 1, 24)), inference="permutation")
        assert found.high is None
        assert found.low == 0
        assert "kan vara slump" in EFFECT.say(found)[0].sv.lower()

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"count": -1}, "negative"),
            ({"treated": 2}, "treated holds something else"),
            ({"post": 3}, "post holds something else"),
        ],
    )
    def test_what_is_wrong_is_named(self, change: dict[str, Any], told: str):
        with pytest.raises(BadInput, match=told):
            effect(table(panel(6, 2, 8)).assign(**change))

    def test_what_cannot_be_made_out_is_named(self):
        frame = table(panel(6, 2, 8))
        with pytest.raises(BadInput, match="Who was treated"):
            effect(frame.drop(columns="treated"))
        with pytest.raises(BadInput, match="Since when"):
            effect(frame.drop(columns="post"))
        with pytest.raises(BadInput, match="'Nowhere' is not in the table"):
            effect(frame, treated=("Nowhere",))
        mixed = frame.copy()
        mixed.loc[0, "treated"] = 0
        with pytest.raises(BadInput, match="both treated and not"):
            effect(mixed)
        staggered = frame.copy()
        staggered.loc[(staggered["area"] == "A00") & (staggered["period"] == "3"), "post"] = 1
        with pytest.raises(BadInput, match="run each by itself"):
            effect(staggered)
        with pytest.raises(BadInput, match="neither numbers nor"):
            effect(frame.assign(period=["x" * (1 + n % 3) for n in range(len(frame))]))

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.lists(st.integers(0, 30), min_size=8, max_size=8), min_size=2, max_size=7),
        st.integers(1, 7),
        st.integers(1, 7),
    )
    def test_any_table_is_answered_in_words(self, counts: list[list[int]], treated: int, start: int):
        frame = pd.DataFrame(
            [
                (f"A{r}", str(c), n, int(r < treated))
                for r, row in enumerate(counts)
                for c, n in enumerate(row)
            ],
            columns=["area", "period", "count", "treated"],
        )
        found = effect(frame, start=str(start), at_least=1, least_controls=1, permutations=99)
        assert "NaN" not in found.model_dump_json()
        for said in EFFECT.say(found):
            assert words.objection(said) is None
        if found.refusal is None:
            assert found.low <= found.ratio
            assert found.high is None or found.high >= found.ratio


@pytest.mark.parametrize(("language", "theme"), LOOKS)
class TestFigures:
    def test_a_trend_has_what_was_before_and_after_and_the_ratio_that_is_told(
        self, language: Any, theme: Any
    ):
        made = panel(12, 4, 36, ratio=0.6)
        months = [f"{2023 + n // 12}-{n % 12 + 1:02d}" for n in range(36)]
        found = effect(table(Panel(made.areas, months, made.counts, made.treated, made.after, 0)))
        drawn = effect_figure.figure(found, language, theme)
        symbols = [trace.marker.symbol for trace in drawn.data if trace.mode == "markers"]
        assert symbols == ["circle", "diamond"]
        points = [value for trace in drawn.data if trace.mode == "markers" for value in trace.y]
        assert points == pytest.approx(found.point_ratio)
        assert any(found.ratio in (trace.y or ()) for trace in drawn.data)
        assert drawn.layout.xaxis.ticktext[0] == "jan 2023" if language == "sv" else "Jan 2023"
        assert getattr(EFFECT.say(found)[0], language).split()[0] in drawn.layout.title.text

    def test_without_a_ratio_the_trend_is_shown_with_what_it_says(self, language: Any, theme: Any):
        found = effect(table(panel(20, 5, 60, drift=1.5)))
        drawn = effect_figure.figure(found, language, theme)
        assert [trace.mode for trace in drawn.data] == ["markers", "markers"]
        told = re.sub(r"<br>", " ", drawn.layout.title.text)
        assert told == getattr(found.refusal, language)

    def test_too_little_is_a_sentence(self, language: Any, theme: Any):
        for found, module in (
            (effect(table(panel(3, 1, 20))), effect_figure),
            (displacement(), displacement_figure),
        ):
            drawn = module.figure(found, language, theme)
            assert not drawn.data
            assert drawn.layout.annotations[0].text

    def test_each_part_of_a_change_has_its_interval(self, language: Any, theme: Any):
        both = displacement(treated_before=40, treated_after=25, control_before=38, control_after=41)
        assert len(displacement_figure.figure(both, language, theme).data) == 1
        whole = displacement(
            treated_before=40, treated_after=25, control_before=38, control_after=41, displacement_before=20,
            displacement_after=24, displacement_control_before=18, displacement_control_after=17,
        )  # fmt: skip
        drawn = displacement_figure.figure(whole, language, theme)
        assert [trace.x[0] for trace in drawn.data] == [whole.local, whole.moved, whole.wdd]
        net = drawn.data[2]
        assert net.x[0] - net.error_x.arrayminus[0] == pytest.approx(whole.low)
        assert net.marker.symbol != drawn.data[0].marker.symbol

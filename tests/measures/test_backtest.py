"""The back-test against a slow one that looks at each day by itself; nothing known later is seen earlier."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import words
from app.domain.errors import BadInput
from app.measures.backtest.backtest import BACKTEST
from app.measures.backtest.model import BacktestParams, BacktestResult
from app.measures.backtest.null import deal, draw, level_of
from app.measures.backtest.triangle import Rows
from dashboards.components.figures import backtest as backtest_figure

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
START = date(2026, 1, 5)
RULES: tuple[dict[str, Any], ...] = (
    {"rule": "threshold", "window_days": 5, "at_least": 3},
    {"rule": "threshold", "window_days": 1, "at_least": 2, "rest_days": 3},
    {"rule": "threshold", "window_days": 6, "at_least": 4, "together": True},
    {
        "rule": "deviation",
        "window_days": 3,
        "at_least": 2,
        "deviations": 1.5,
        "windows_before": 3,
        "gap_days": 1,
    },
    {"rule": "silence", "window_days": 4},
    {"rule": "repeat", "window_days": 10, "at_least": 2},
)


def backtest(frame: pd.DataFrame, **params: Any) -> BacktestResult:
    found: BacktestResult = BACKTEST.run(
        frame, BacktestParams(**params), now=NOW, rng=np.random.default_rng(1)
    )
    return found


def frame_of(rows: list[tuple[str, int, int, int, str]]) -> pd.DataFrame:
    """Rows of area, day it happened, day it was known, how many, subject."""
    return pd.DataFrame(
        [
            (
                area,
                pd.Timestamp(START) + pd.Timedelta(days=o),
                pd.Timestamp(START) + pd.Timedelta(days=k),
                n,
                s,
            )
            for area, o, k, n, s in rows
        ],
        columns=["area", "occurred_day", "known_day", "n", "subject"],
    )


def made_up(days: int, mean: float, areas: int = 3, seed: int = 1, outbreak: int = 0) -> pd.DataFrame:
    """Reports that are known up to some days later, some taken away again; an outbreak in the first area midway."""
    rng = np.random.default_rng(seed)
    rows = []
    for area in range(areas):
        for day in range(days):
            extra = outbreak if area == 0 and days // 2 <= day < days // 2 + 7 else 0
            for _ in range(rng.poisson(mean) + extra):
                known = day + int(rng.geometric(0.5)) - 1
                rows.append((f"A{area}", day, known, 1, f"s{rng.integers(40)}"))
                if rng.random() < 0.08:
                    rows.append((f"A{area}", day, known + int(rng.integers(1, 15)), -1, rows[-1][4]))
    return frame_of(rows)


def slowly(
    rows: list[tuple[str, int, int, int, str]], params: BacktestParams, first: int, last: int
) -> list[tuple[int, str]]:
    """When and for what it fires, day by day from the rows known by then."""
    fired: list[tuple[int, str]] = []
    free: dict[str, int] = {}
    length = params.window_days
    named = [
        ("all" if params.together else s if params.rule == "repeat" else a, o, k, n) for a, o, k, n, s in rows
    ]
    for day in range(first, last + 1):
        for name in sorted({row[0] for row in named}):
            known = [(o, k, n) for one, o, k, n in named if one == name and k <= day]

            def window(back: int, known: list[tuple[int, int, int]] = known, day: int = day) -> int:
                return sum(n for o, _, n in known if day - back - length < o <= day - back)

            if params.rule == "silence":
                news = [k for _, k, n in known if n > 0]
                holds = bool(news) and day - max(news) >= length
            elif params.rule == "deviation":
                before = [window(params.gap_days + (n + 1) * length) for n in range(params.windows_before)]
                mean = max(0.0, float(np.mean(before)))
                bound = mean + params.deviations * np.sqrt(max(float(np.var(before, ddof=1)), mean))
                holds = window(0) >= max(round(bound, 9), params.at_least)
            else:
                holds = window(0) >= params.at_least
            if holds and free.get(name, day) <= day:
                fired.append((day, name))
                free[name] = day + (params.rest_days or length)
    return fired


def told(result: BacktestResult, params: BacktestParams) -> list[tuple[int, str]]:
    names = result.fired_subject if params.rule == "repeat" else result.fired_area
    return sorted(((day - START).days, name) for day, name in zip(result.fired_day, names, strict=True))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C"]), st.integers(0, 30), st.integers(0, 12), st.sampled_from([1, 1, 1, 2, -1]),
        st.sampled_from(["p", "q", "r"]),
    ).map(lambda row: (row[0], row[1], row[1] + row[2], row[3], row[4])),
    min_size=1, max_size=60,
)  # fmt: skip


class TestAsKnown:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['rule']}-{rule['window_days']}")
    @settings(max_examples=15, deadline=None)
    @given(rows=ROWS)
    def test_it_fires_when_a_slow_look_at_each_day_says_so(
        self, rule: dict[str, Any], rows: list[tuple[str, int, int, int, str]]
    ):
        params = BacktestParams(**rule, simulations=2)
        found = backtest(frame_of(rows), **rule, simulations=2)
        if found.refusal is None:
            first, last = ((day - START).days for day in (found.first_day, found.last_day))
            assert told(found, params) == slowly(rows, params, first, last)

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['rule']}-{rule['window_days']}")
    @settings(max_examples=15, deadline=None)
    @given(rows=ROWS, later=ROWS, until=st.integers(5, 40))
    def test_what_is_known_later_changes_nothing_that_came_before(
        self,
        rule: dict[str, Any],
        rows: list[tuple[str, int, int, int, str]],
        later: list[tuple[str, int, int, int, str]],
        until: int,
    ):
        known = [row for row in rows if row[2] <= until]
        if not known:
            return
        # New areas and subjects, corrections and back-filled old reports: all of them known after that day.
        more = [
            (f"{a}{i % 2 or ''}", o, until + 1 + k, n, f"{s}{i % 2 or ''}")
            for i, (a, o, k, n, s) in enumerate(later)
        ]
        asked = {**rule, "simulations": 2, "until": START + timedelta(days=until)}
        before, after = backtest(frame_of(known), **asked), backtest(frame_of(known + more), **asked)
        assert before.first_day == after.first_day
        for name in ("fired_day", "fired_area", "fired_subject", "fired_value", "fired_bound"):
            assert getattr(before, name) == getattr(after, name)

    def test_final_knowledge_tells_what_was_unfounded_and_what_was_missed(self):
        rows = [("A", day, day, 1, "") for day in (0, 20, 20, 20)]  # fires on day 20
        rows += [("A", 20, 25, -1, "")]  # … and would not by what came to be known later
        rows += [("A", 40, 52, 1, "")] * 3  # fires never, as it was known too late
        rows += [("A", 60, 60, 1, "")]
        found = backtest(frame_of(rows), rule="threshold", window_days=3, at_least=3)
        assert found.fired_day == [START + timedelta(days=20)]
        assert found.fired_value == [3]
        assert found.fired_value_now == [2]
        assert found.fired_holds == [False]
        assert (found.unfounded, found.missed) == (1, 1)
        assert found.missed_day == [START + timedelta(days=40)]
        assert found.missed_area == ["A"]

    def test_a_rule_may_look_at_some_areas_or_at_their_sum(self):
        rows = [("A", 9, 9, 2, ""), ("B", 9, 9, 2, ""), ("C", 9, 9, 9, ""), ("A", 0, 0, 1, "")]
        asked = {"window_days": 2, "at_least": 4, "areas": ("A", "B")}
        assert backtest(frame_of(rows), **asked).fired == 0
        found = backtest(frame_of(rows), **asked, together=True)
        assert (found.fired, found.fired_area, found.fired_value) == (1, ["A+B"], [4])

    def test_a_repeat_lies_where_the_last_report_of_it_was(self):
        rows = [("A", 0, 0, 1, "x"), ("A", 30, 30, 1, "x"), ("B", 35, 36, 1, "x"), ("C", 34, 50, 1, "x")]
        found = backtest(frame_of(rows), rule="repeat", window_days=10, at_least=2)
        assert found.fired_day[0] == START + timedelta(days=36)
        assert found.fired_area[0] == "B"
        assert found.fired_subject[0] == "x"

    def test_an_area_that_nobody_has_heard_of_yet_is_not_silent(self):
        rows = [("A", day, day, 1, "") for day in range(40)] + [("B", 30, 30, 1, "")]
        found = backtest(frame_of(rows), rule="silence", window_days=7)
        assert found.fired_day == [START + timedelta(days=37)]
        assert found.fired_area == ["B"]


class TestHowOften:
    def test_months_and_weeks_and_the_budget(self):
        rows = [("A", day, day, 3, "") for day in (0, 10, 11, 12, 13, 40, 45)] + [("A", 69, 69, 1, "")]
        found = backtest(frame_of(rows), window_days=1, at_least=3, allowed_per_week=2)
        assert found.fired == 7
        assert found.month == ["2026-01", "2026-02", "2026-03"]
        assert found.month_days == [27, 28, 15]
        assert found.month_fired == [5, 2, 0]
        assert found.month_high[2] == pytest.approx(3.688879454113936, rel=1e-12)  # −log(.025)
        assert found.per_month == pytest.approx(7 / 70 * 365.25 / 12)
        assert found.per_week == pytest.approx(0.7)
        assert found.within_budget is True
        assert (found.weeks, found.weeks_over) == (10, 1)
        assert (
            backtest(frame_of(rows), window_days=1, at_least=3, allowed_per_week=0.5).within_budget is False
        )

    def test_where_nothing_happens_it_fires_as_often_as_the_simulation_says(self):
        within = 0
        for seed in range(12):
            found = backtest(made_up(300, 1.0, seed=seed), window_days=7, at_least=12, simulations=20)
            within += found.false_low <= found.per_month <= found.false_high
        assert within >= 10

    def test_an_outbreak_is_not_in_what_is_simulated(self):
        calm = backtest(made_up(300, 0.5, seed=3), window_days=7, at_least=9, simulations=40)
        wild = backtest(made_up(300, 0.5, seed=3, outbreak=5), window_days=7, at_least=9, simulations=40)
        assert wild.fired > calm.fired
        assert wild.false_per_month == pytest.approx(calm.false_per_month, abs=0.35)

    def test_simulated_reports_have_the_level_lateness_and_withdrawals_of_the_real_ones(self):
        frame = made_up(600, 1.5, areas=2, seed=4)
        day = frame["occurred_day"].min()
        rows = Rows(
            frame["area"].str[1:].astype(int).to_numpy(),
            (frame["occurred_day"] - day).dt.days.to_numpy(),
            (frame["known_day"] - day).dt.days.to_numpy(),
            frame["n"].to_numpy(dtype=float),
        )
        drawn = draw(level_of(rows, 2), 30, np.random.default_rng(2))
        assert drawn.n.sum() / 30 == pytest.approx(rows.n.sum(), rel=0.05)
        for sign in (1, -1):
            real, simulated = rows.n * sign > 0, drawn.n * sign > 0
            lag, simulated_lag = (one.known - one.occurred for one in (rows, drawn))
            assert simulated_lag[simulated].mean() == pytest.approx(lag[real].mean(), rel=0.2)
        assert (drawn.n < 0).sum() / (drawn.n > 0).sum() == pytest.approx(
            (rows.n < 0).sum() / (rows.n > 0).sum(), rel=0.1
        )
        assert drawn.key.max() == 59

    def test_dealing_keeps_each_subject_s_reports_in_their_areas(self):
        rng = np.random.default_rng(1)
        area = rng.integers(0, 3, 200)
        rows = Rows(rng.integers(0, 9, 200), np.arange(200), np.arange(200), np.ones(200))
        dealt = deal(rows, area, rng)
        assert (dealt.key != rows.key).any()
        for one in range(3):
            assert sorted(dealt.key[area == one]) == sorted(rows.key[area == one])

    def test_too_little_for_a_simulation_is_said_and_the_rest_is_told(self):
        found = backtest(frame_of([("A", 0, 0, 5, ""), ("A", 9, 9, 5, "")]))
        assert found.refusal is None
        assert found.fired == 1
        assert found.false_per_month is None
        assert any("För få fall" in said.sv for said in BACKTEST.say(found))

    def test_it_is_said_in_plain_words(self):
        found = backtest(made_up(300, 1.0, outbreak=4), window_days=7, at_least=14)
        said = BACKTEST.say(found)
        assert said[0].sv.startswith("Regeln hade gett ")
        assert "Ni tillåter 1 i veckan" in said[-1].sv
        assert all(words.objection(one) is None for one in said)


class TestWhatIsWrong:
    def test_too_little_is_refused(self):
        assert backtest(frame_of([])).refusal == words.too_few(0, 1)
        short = backtest(frame_of([("A", 0, 0, 1, ""), ("A", 3, 3, 1, "")]), window_days=30)
        assert short.refusal == words.too_few_of(words.DAY, 4, 30)
        assert backtest(frame_of([("A", 0, 0, 0, "")])).refusal is not None

    def test_what_cannot_be_is_named(self):
        frame = frame_of([("A", 0, 0, 1, "")])
        with pytest.raises(BadInput, match="'B' is not in the table"):
            backtest(frame, areas=("B",))
        with pytest.raises(BadInput, match="needs a column subject"):
            backtest(frame.drop(columns="subject"), rule="repeat")
        with pytest.raises(BadInput, match="which is not a integer"):
            backtest(frame.assign(n=0.5))

    def test_reports_without_a_subject_repeat_nothing(self):
        rows = [("A", day, day, 1, "") for day in range(30)]
        assert backtest(frame_of(rows), rule="repeat", at_least=2).refusal is not None


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
class TestFigure:
    def test_each_month_has_its_alerts_and_those_that_do_not_hold_are_hatched(
        self, language: Any, theme: Any
    ):
        found = backtest(made_up(300, 1.0, outbreak=4), window_days=7, at_least=11, simulations=4)
        assert found.unfounded
        bars = [trace for trace in backtest_figure.figure(found, language, theme).data if trace.type == "bar"]
        heights = np.sum([[value or 0 for value in bar.y] for bar in bars], axis=0)
        assert heights.tolist() == found.month_fired
        assert [bar.marker.pattern.shape for bar in bars] == ["", "/"]
        assert sum(value or 0 for value in bars[1].y) == found.unfounded

    def test_too_little_is_a_sentence(self, language: Any, theme: Any):
        assert not backtest_figure.figure(backtest(frame_of([])), language, theme).data

"""Repeats and concentration: as the reference has them, as slow counting has them, and as was planted."""

from __future__ import annotations

import importlib
import json
import re
from datetime import UTC, datetime
from math import ceil, comb
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.cli.measure_file import read_csv
from app.domain.errors import BadInput
from app.domain.words import objection
from app.measures import FOLDER, of_folder
from app.measures.repeats.gathering import by_chance, drawn, figures

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
MEASURES = {measure.name: measure for measure in of_folder("repeats")}


def ask(measure: str, frame: pd.DataFrame | Path, *, seed: int = 1, **params: Any) -> dict[str, Any]:
    known = MEASURES[measure]
    table = read_csv(frame, known.columns) if isinstance(frame, Path) else frame
    result = known.run(table, known.params.model_validate(params), now=NOW, rng=np.random.default_rng(seed))
    for sentence in known.say(result):
        assert objection(sentence) is None
    found: dict[str, Any] = result.model_dump(mode="json")
    json.dumps(found, allow_nan=False)
    return found


def counts(n: list[int] | np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {"id": [f"a{number}" for number in range(len(n))], "n": np.asarray(n, dtype=np.int64)}
    )


@pytest.fixture(scope="module")
def concentration_file(request: pytest.FixtureRequest) -> Path:
    folder = Path(request.getfixturevalue("shared")) / "data" / "reference_results" / "concentration"
    assert folder.is_dir(), f"{folder} is missing"
    return folder


class TestConcentration:
    @pytest.mark.parametrize("name", ["bladder1_recurrences", "cgd", "synthetic"])
    def test_reference(self, concentration_file: Path, name: str):
        wanted = json.loads((concentration_file / "expected.json").read_text("utf-8"))[name]
        known = [int(count) for count, many in wanted["count_dist"].items() for _ in range(many)]
        shuffled = np.random.default_rng(3).permutation(known)
        found = ask("concentration", counts(shuffled))
        for key, value in wanted.items():
            if isinstance(value, float):
                assert found[key] == pytest.approx(value, abs=1e-13), key
            else:
                assert found[key] == value, key

    def test_reference_file(self, concentration_file: Path):
        wanted = json.loads((concentration_file / "expected.json").read_text("utf-8"))["synthetic"]
        found = ask("concentration", concentration_file / "input_synthetic.csv")
        assert found["gini"] == pytest.approx(wanted["gini"], abs=1e-13)
        assert found["null"] == "seen"

    @pytest.mark.parametrize("seed", range(5))
    def test_is_what_the_definitions_say(self, seed: int):
        rng = np.random.default_rng(seed)
        n = rng.negative_binomial(0.7, 0.3, int(rng.integers(15, 300)))
        found, many = ask("concentration", counts(n)), len(n)
        apart = np.abs(n[:, None] - n[None, :]).sum() / (2 * many * n.sum())
        assert found["gini"] == pytest.approx(apart, abs=1e-13)
        falling = np.sort(n)[::-1]
        for top in (5, 10, 20):
            share = falling[: ceil(many * top / 100 - 1e-9)].sum() / n.sum()
            assert found[f"top{top}"] == pytest.approx(share, abs=1e-13)
        assert found["share_events_that_are_repeats"] == pytest.approx(np.maximum(n - 1, 0).sum() / n.sum())
        curve = found["lorenz"]
        area = np.trapezoid(curve["events"], curve["units"])
        assert 1 - 2 * area == pytest.approx(found["gini"], abs=1e-12)

    def test_a_share_that_comes_out_even_is_not_rounded_up(self):
        n = [10] * 7 + [0] * 133  # 0.05 × 140 is 7.000000000000001 in a computer
        assert ask("concentration", counts(n))["top5"] == 1.0
        assert ask("concentration", counts([10] * 8 + [0] * 132))["top5"] == pytest.approx(7 / 8)

    def test_chance_agrees_with_the_exact_expectation(self):
        """E|x − y| of two units among N that S events fall on: x + y is binomial, and x given it is a fair coin's."""
        units, events = 300, 450
        apart = sum(
            comb(events, both)
            * (2 / units) ** both
            * (1 - 2 / units) ** (events - both)
            * both
            * comb(both - 1, (both - 1) // 2)
            / 2 ** (both - 1)
            for both in range(1, 80)
        )
        exact = (units - 1) / (2 * events) * apart
        rng = np.random.default_rng(1)
        trials = drawn(by_chance(events / units, "all"), units, 4000, rng)
        assert trials["gini"].mean() == pytest.approx(exact, abs=0.003)
        placed = np.array([np.bincount(rng.integers(0, units, events), minlength=units) for _ in range(400)])
        tops = np.sort(placed, axis=1)[:, ::-1][:, :30].sum(axis=1) / events
        assert trials["top10"].mean() == pytest.approx(tops.mean(), abs=0.003)

    @pytest.mark.parametrize("mean", [1.0, 1.0001, 1.3, 4.0])
    def test_chance_among_seen_units_has_their_mean_and_no_nought(self, mean: float):
        chance = by_chance(mean, "seen")
        assert chance.value[0] == 1
        assert chance.probability.sum() == pytest.approx(1)
        assert chance.probability @ chance.value == pytest.approx(mean, rel=1e-6)

    def test_chance_of_large_counts_is_taken_together(self):
        for mean in (5e4, 1e9):
            chance = by_chance(mean, "all")
            assert len(chance.value) <= 2001
            centre = chance.probability @ chance.value
            spread = np.sqrt(chance.probability @ (chance.value - centre) ** 2)
            assert (centre, spread) == (pytest.approx(mean, rel=1e-4), pytest.approx(np.sqrt(mean), rel=1e-3))

    @pytest.mark.parametrize("null", ["all", "seen"])
    def test_what_is_chance_lies_within_chance(self, null: str):
        rng = np.random.default_rng(5)
        outside = 0
        for seed in range(120):
            n = rng.poisson(0.9, 400)
            found = ask("concentration", counts(n[n > 0] if null == "seen" else n), seed=seed, trials=299)
            limits = found["by_chance"]["gini"]
            outside += not limits["lower"] <= found["gini"] <= limits["upper"]
        assert outside / 120 < 0.12

    def test_few_and_odd_counts(self):
        assert ask("concentration", counts([]))["refusal"] is not None
        assert ask("concentration", counts([0, 0, 3]))["refusal"] is not None
        alone = ask("concentration", counts([12]))
        assert (alone["gini"], alone["gini_unbiased"], alone["top5"]) == (0.0, None, 1.0)
        even = ask("concentration", counts([1] * 40))
        assert even["gini"] == pytest.approx(0, abs=1e-15)
        assert even["by_chance"]["gini"]["upper"] == pytest.approx(0, abs=1e-15)
        huge = ask("concentration", counts([3_000_000_000, 1, 0]))
        assert huge["top20"] == pytest.approx(1, abs=1e-9)
        with pytest.raises(BadInput, match="Row 2 has -1"):
            ask("concentration", counts([1, -1]))
        with pytest.raises(BadInput, match='cannot be "seen"'):
            ask("concentration", counts([0, 20]), null="seen")

    def test_rows_of_the_same_unit_are_added_up(self):
        rows = pd.DataFrame({"id": ["a", "b", "a"], "n": [4, 5, 6]})
        assert ask("concentration", rows)["count_dist"] == {"5": 1, "10": 1}


def planted(seed: int, units: int = 400, *, faster: float = 0.0, span: int = 1500) -> pd.DataFrame:
    """Reports of made-up pairs: a hidden rate, and after each report a rate that is higher by ``faster``."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, float, float]] = []
    for unit in range(units):
        t, rate, done = float(rng.integers(0, span)), 1 / 300, 0
        while t <= span:
            rows.append((f"id-{unit}-secret", t, float(rng.choice([1, 2, 4, 12], p=[0.5, 0.3, 0.15, 0.05]))))
            done += 1
            t += float(np.ceil(rng.exponential(1 / (rate * (1 + faster * done)))))
    frame = pd.DataFrame(rows, columns=["id", "t", "harm"])
    return frame.sample(frac=1, random_state=seed).reset_index(drop=True)


def slow(frame: pd.DataFrame, last: float, days: float) -> tuple[int, int, float]:
    """Followed, repeats and Kaplan–Meier's share after the first report, pair by pair."""
    waits, again, could = [], [], []
    for _, own in frame[frame["t"] <= last].groupby("id"):
        t = np.sort(own["t"].to_numpy())
        waits.append((t[1] if len(t) > 1 else last) - t[0])
        again.append(len(t) > 1)
        could.append(last - t[0])
    wait, had, long = np.array(waits), np.array(again), np.array(could) >= days
    left = 1.0
    for now in np.unique(wait[had & (wait <= days)]):
        left *= 1 - (had & (wait == now)).sum() / (wait >= now).sum()
    return int(long.sum()), int((had & (wait <= days) & long).sum()), 1 - left


class TestRepeats:
    def test_windows_are_what_slow_counting_gives(self):
        frame = planted(1)
        for last in (1500.0, 900.0):
            found = ask("repeats", frame, known_at=last)
            for window in found["windows"]:
                followed, repeats, share = slow(frame, last, window["days"])
                assert (window["followed"], window["repeats"]) == (followed, repeats)
                assert window["share"] == pytest.approx(share, abs=1e-12)
                assert window["fixed"] == pytest.approx(repeats / followed)
                assert window["lower"] < window["share"] < window["upper"]

    def test_what_came_later_is_not_known_then(self):
        frame = planted(2)
        early = ask("repeats", frame, known_at=700)
        cut = ask("repeats", frame[frame["t"] <= 700].reset_index(drop=True), known_at=700)
        assert early == cut

    def test_calendar_days_say_the_same_as_day_numbers(self):
        frame = planted(3)
        first = pd.Timestamp("2021-01-01")
        days = frame.assign(day=first + pd.to_timedelta(frame["t"], unit="D")).drop(columns="t")
        last = (first + pd.Timedelta(days=1400)).date().isoformat()
        assert ask("repeats", days, known_at=last) == ask("repeats", frame, known_at=1400)
        today = ask("repeats", days)  # up to the day of NOW in Stockholm
        assert today == ask("repeats", frame, known_at=(pd.Timestamp("2026-11-24") - first).days)

    def test_the_share_that_was_planted_is_covered(self):
        covered = 0
        runs = 60
        for seed in range(runs):
            window = ask("repeats", planted(100 + seed, 150), known_at=1500, windows=[180], trials=99)[
                "windows"
            ][0]
            true = 1 - (1 - np.expm1(1 / 300) / np.exp(1 / 300)) ** 180
            covered += window["lower"] <= true <= window["upper"]
        assert covered / runs > 0.87

    def test_each_report_that_makes_the_next_likelier_shows_by_number(self):
        found = ask("repeats", planted(4, 600, faster=0.8), known_at=1500)["by_number"]
        rates = [row["rate"] for row in found]
        assert rates == sorted(rates)
        for row, true in zip(found[:4], (1.8, 2.6, 3.4, 4.2), strict=True):
            assert row["lo"] * 0.9 < 100 * true / 300 < row["hi"] * 1.1
            assert row["repeats"] <= row["reports"]
        assert found[-1]["and_later"]
        assert sum(row["reports"] for row in found) == len(planted(4, 600, faster=0.8))

    def test_frequency_is_even_where_nothing_changes(self):
        found = ask("repeats", planted(5, 900), known_at=1500)["frequency"]
        assert found["lower"] < 1 < found["upper"]
        faster = ask("repeats", planted(5, 900, faster=0.8), known_at=1500)["frequency"]
        assert faster["lower"] > 1

    def test_severity_is_even_where_nothing_changes_and_shows_what_does(self):
        frame = planted(6, 900)
        found = ask("repeats", frame, known_at=1500)["severity"]
        assert found["difference_lower"] < 0 < found["difference_upper"]
        assert sum(found[way]["share"] for way in ("graver", "same", "lighter")) == pytest.approx(1)
        worse = frame.sort_values(["id", "t"])
        worse["harm"] += 5 * worse.groupby("id").cumcount()
        assert ask("repeats", worse, known_at=1500)["severity"]["difference_lower"] > 0

    def test_the_gravest_are_counted_with_their_ties(self):
        frame = planted(7)
        found = ask("repeats", frame, known_at=1500, gravest_share=0.01)["gravest"]
        assert found["harm_at_least"] == 12
        assert found["reports"] == int((frame["harm"] == 12).sum())
        first = frame.sort_values("t").groupby("id").head(1)
        assert found["first"] == int((first["harm"] == 12).sum())
        set_there = ask("repeats", frame, known_at=1500, gravest_harm=4)["gravest"]
        assert set_there["reports"] == int((frame["harm"] >= 4).sum())
        harm = frame.groupby("id")["harm"].sum().sort_values(ascending=False)
        needed = int((harm.cumsum() < 0.8 * harm.sum()).sum()) + 1
        assert found["units_with_80_percent"] == pytest.approx(needed / len(harm))

    def test_a_unit_that_ended_is_not_waited_for(self):
        frame = planted(8)
        dead = frame["id"].drop_duplicates().head(60)
        last = frame.groupby("id")["t"].max()
        ended = frame.assign(until=np.where(frame["id"].isin(dead), frame["id"].map(last), np.nan))
        whole, cut = ask("repeats", frame, known_at=1500), ask("repeats", ended, known_at=1500)
        assert cut["windows"][-1]["followed"] < whole["windows"][-1]["followed"]
        assert cut["by_number"][0]["days_at_risk"] < whole["by_number"][0]["days_at_risk"]
        assert cut["reports"] == whole["reports"]

    def test_reports_close_together_can_be_one(self):
        rows = pd.DataFrame(
            {"id": [f"u{n}" for n in range(30) for _ in range(3)], "t": [0.0, 0.0, 40.0] * 30}
        )
        apart = ask("repeats", rows, known_at=400)
        assert (apart["reports"], apart["windows"][0]["share"]) == (90, 1.0)
        one = ask("repeats", rows, known_at=400, merge_days=1)
        assert one["reports"] == 60
        assert [window["share"] for window in one["windows"]] == [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
        assert one["windows"][0]["upper"] == pytest.approx(1 - 0.025 ** (1 / 30))

    def test_only_units_that_are_new_after_a_time(self):
        frame = planted(9)
        found = ask("repeats", frame, known_at=1500, history_days=500)
        first = frame.groupby("id")["t"].min()
        assert found["units"] == int((first >= frame["t"].min() + 500).sum())

    def test_it_holds_no_id_and_says_nothing_of_anybody(self):
        text = json.dumps(ask("repeats", planted(10), known_at=1500))
        assert "secret" not in text
        assert not re.search(r"\bid-\d", text)

    def test_small_groups_are_not_told(self):
        found = ask("repeats", planted(11, 40), known_at=1500)
        for row in found["by_number"]:
            if row["reports"] < 20:
                assert row["repeats"] is row["rate"] is row["curve"] is None
        assert ask("repeats", planted(11, 15), known_at=1500)["refusal"] is not None
        assert ask("repeats", planted(11).iloc[:0])["refusal"] is not None
        assert ask("repeats", planted(11), known_at=-5)["refusal"] is not None

    def test_harm_may_be_missing_or_have_gaps(self):
        frame = planted(12)
        none = ask("repeats", frame.drop(columns="harm"), known_at=1500)
        assert none["severity"] is none["gravest"] is None
        holes = frame.assign(harm=frame["harm"].where(frame.index % 3 > 0))
        assert ask("repeats", holes, known_at=1500)["severity"]["steps"] < len(frame) / 2
        assert ask("repeats", frame.assign(harm=np.nan), known_at=1500)["severity"] is None

    def test_nobody_or_everybody_comes_again(self):
        once = pd.DataFrame({"id": [f"u{n}" for n in range(50)], "t": np.zeros(50)})
        found = ask("repeats", once, known_at=400)
        assert [window["share"] for window in found["windows"]] == [0.0] * 6
        assert found["frequency"]["ratio"] is None
        assert found["concentration"]["gini"] == pytest.approx(0, abs=1e-15)

    def test_all_units_that_there_are_can_be_told(self):
        frame = planted(13)
        found = ask("repeats", frame, known_at=1500, population=5000)["concentration"]
        assert (found["N"], found["null"]) == (5000, "all")
        with pytest.raises(BadInput, match="population is 10, but"):
            ask("repeats", frame, known_at=1500, population=10)

    def test_bad_input_is_told(self):
        with pytest.raises(BadInput, match="neither the column t"):
            ask("repeats", pd.DataFrame({"id": ["a"]}))
        with pytest.raises(BadInput, match="holds day numbers"):
            ask("repeats", planted(14), known_at="2026-11-24")
        days = pd.DataFrame({"id": ["a"], "day": pd.to_datetime(["2026-01-01"])})
        with pytest.raises(BadInput, match="which is no day"):
            ask("repeats", days, known_at="yesterday")
        with pytest.raises(ValueError, match="rise"):
            ask("repeats", planted(14), windows=[30, 14])
        with pytest.raises(ValueError, match="no time zone"):
            ask("repeats", planted(14), zone="Stockholm")


def test_figures_of_many_trials_are_those_of_each():
    rng = np.random.default_rng(2)
    value = np.array([0, 1, 2, 5])
    units = rng.multinomial(60, [0.5, 0.3, 0.15, 0.05], size=7)
    together = figures(value, units)
    for number in range(7):
        for name, values in figures(value, units[number : number + 1]).items():
            assert values[0] == together[name][number]


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("en", "light")])
def test_each_has_a_figure_that_says_it(name: str, language: str, theme: str):
    measure = MEASURES[name]
    draw = importlib.import_module(f"dashboards.components.figures.{name}").figure
    at = FOLDER / "repeats" / name
    frame = read_csv(at.with_suffix(".csv"), measure.columns)
    params = measure.params.model_validate_json(at.with_suffix(".params.json").read_text("utf-8"))
    result = measure.run(frame, params, now=NOW, rng=np.random.default_rng(1))
    drawn = draw(result, language, theme).to_plotly_json()
    assert len(drawn["data"]) >= 1
    said = [getattr(sentence, language) for sentence in measure.say(result)]
    title = drawn["layout"]["title"]["text"].replace("<br>", " ")
    assert any(sentence in title for sentence in said)
    empty = measure.run(frame.iloc[:0], params, now=NOW, rng=np.random.default_rng(1))
    nothing = draw(empty, language, theme).to_plotly_json()
    assert not nothing.get("data")
    assert nothing["layout"]["annotations"][0]["text"].replace("<br>", " ") == getattr(
        empty.refusal, language
    )

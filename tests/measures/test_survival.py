"""Curves, hazards and rates: as the reference has them, as statsmodels has them, and as slow sums have them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import survdiff

from app.cli.measure_file import read_csv
from app.domain.errors import BadInput
from app.measures import of_folder
from app.statistics.cox import fit
from app.statistics.exact import clustered_share, poisson_interval, share_interval
from app.statistics.survival import crosses, curve, log_rank, merged_ties, restricted_mean

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
MEASURES = {measure.name: measure for measure in of_folder("repeats")}
COVARIATES = ["rx", "number", "size"]


@pytest.fixture(scope="module")
def bladder_file(request: pytest.FixtureRequest) -> Path:
    folder = Path(request.getfixturevalue("shared")) / "data" / "reference_results" / "survival_bladder"
    assert folder.is_dir(), f"{folder} is missing"
    return folder


@pytest.fixture(scope="module")
def expected(bladder_file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((bladder_file / "expected.json").read_text("utf-8"))
    return found


def ask(measure: str, frame: pd.DataFrame | Path, **params: Any) -> dict[str, Any]:
    known = MEASURES[measure]
    table = read_csv(frame, known.columns) if isinstance(frame, Path) else frame
    result = known.run(table, known.params.model_validate(params), now=NOW, rng=np.random.default_rng(1))
    for sentence in known.say(result):
        assert sentence.sv.endswith("."), sentence
    found: dict[str, Any] = result.model_dump(mode="json")
    json.dumps(found, allow_nan=False)
    return found


def close(found: list[Any], wanted: list[Any], atol: float) -> None:
    assert [value is None for value in found] == [value is None for value in wanted]
    keep = [number for number, value in enumerate(wanted) if value is not None]
    np.testing.assert_allclose([found[i] for i in keep], [wanted[i] for i in keep], rtol=0, atol=atol)


CURVES: dict[str, dict[str, Any]] = {
    "km_first": {"where": {"enum": 1}},
    "km_first_by_rx": {"where": {"enum": 1}, "group": "rx"},
    "km_gap_by_event_number_plain": {"time_scale": "gap", "group": ["enum"]},
    "km_gap_by_event_number_loglog": {"time_scale": "gap", "group": ["enum"], "conf_type": "log-log"},
    "nelson_aalen_first": {"where": {"enum": [1]}},
    "mcf": {},
}


class TestReference:
    @pytest.mark.parametrize("name", CURVES)
    def test_curve(self, bladder_file: Path, expected: dict[str, Any], name: str):
        found = ask("survival", bladder_file / "bladder2.csv", **CURVES[name])
        for key, wanted in expected[name].items():
            if key in {"lower", "upper"} or key.startswith("std"):
                close(found[key], wanted, 1e-12)
            elif key in {"surv", "cumhaz"}:
                close(found[key], wanted, 1e-13)
            else:
                assert found[key] == wanted, key

    def test_tables(self, bladder_file: Path, expected: dict[str, Any]):
        first = ask("survival", bladder_file / "bladder2.csv", where={"enum": 1})["table"]
        later = ask("survival", bladder_file / "bladder2.csv", time_scale="gap", group=["enum"])["table"]
        for found, wanted in zip(
            first + later, [expected["km_first_table"], *expected["km_gap_table"]], strict=True
        ):
            for key, value in wanted.items():
                if key != "_row":
                    figure = isinstance(value, int | float)
                    assert found[key] == (pytest.approx(value, rel=1e-12) if figure else value), key

    def test_log_rank(self, bladder_file: Path, expected: dict[str, Any]):
        for name, asked in (
            ("logrank_rx", {"where": {"enum": 1}, "group": "rx"}),
            ("logrank_gap_by_enum", {"time_scale": "gap", "group": "enum"}),
        ):
            found = ask("survival", bladder_file / "bladder2.csv", **asked)["logrank"]
            for key, wanted in expected[name].items():
                assert found[key] == pytest.approx(wanted, rel=1e-11), (name, key)

    @pytest.mark.parametrize(
        ("name", "asked"),
        [
            ("cox_AG", {"covariates": COVARIATES, "cluster": "id"}),
            ("cox_AG_breslow", {"covariates": COVARIATES, "ties": "breslow"}),
            ("cox_PWP_total", {"covariates": COVARIATES, "cluster": "id", "strata": "enum"}),
            (
                "cox_PWP_gap",
                {"covariates": COVARIATES, "cluster": "id", "strata": "enum", "time_scale": "gap"},
            ),
            ("cox_gap_on_event_number", {"covariates": "factor(enum)", "cluster": "id", "time_scale": "gap"}),
        ],
    )
    def test_cox(self, bladder_file: Path, expected: dict[str, Any], name: str, asked: dict[str, Any]):
        found, wanted = ask("cox", bladder_file / "bladder2.csv", **asked), expected[name]
        assert list(found["coef"]) == list(wanted["coef"])
        for key, value in wanted["coef"].items():
            assert found["coef"][key] == pytest.approx(value, abs=1e-8)
        for kind in ("se", "naive_se"):
            assert found[kind] == pytest.approx(wanted[kind], rel=1e-8)
        assert found["loglik"] == pytest.approx(wanted["loglik"], abs=1e-9)
        assert [found[key] for key in ("ties", "n", "nevent")] == [
            wanted[key] for key in ("ties", "n", "nevent")
        ]

    def test_rates(self, bladder_file: Path, expected: dict[str, Any]):
        found = ask("rates", bladder_file / "bladder2.csv", group=["enum"])["rates"]
        for row, wanted in zip(found, expected["rates_exact_poisson"], strict=True):
            assert {key: row[key] for key in wanted} == pytest.approx(wanted, rel=1e-12)

    def test_a_file_with_other_codes_and_rows_without_time(self, bladder_file: Path):
        """The raw file: status 0 to 3, and a first row that ends as it begins."""
        renamed = {"event": "status"}
        measure = MEASURES["cox"]
        frame = read_csv(bladder_file / "bladder1.csv", measure.columns, renamed)
        found = ask("cox", frame, covariates=["treatment", "number"], cluster="id")
        assert found["rows_left_out"] == int((frame["stop"] <= frame["start"]).sum()) > 0
        assert list(found["coef"]) == ["treatmentpyridoxine", "treatmentthiotepa", "number"]
        assert found["nevent"] == int(((frame["event"] == 1) & (frame["stop"] > frame["start"])).sum())
        either = ask("cox", frame, covariates="number", event_is=[2, 3])
        assert either["nevent"] == int(frame["event"].isin([2, 3])[frame["stop"] > frame["start"]].sum())


def planted(seed: int, rows: int = 220, *, ties: bool = True) -> pd.DataFrame:
    """Rows with late entry, ties, three strata, clusters, and covariates that matter."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 3))
    x[:, 1] = rng.integers(0, 2, rows)
    start = rng.uniform(0, 3, rows)
    length = rng.exponential(np.exp(-x @ [0.5, -0.7, 0.1]) * 3)
    stop = start + np.minimum(length, rng.uniform(0.5, 6, rows))
    event = (start + length <= stop).astype(float)
    if ties:
        start, stop = np.floor(start * 2) / 2, np.ceil(stop * 2) / 2 + 0.5
    return pd.DataFrame(
        {
            "id": rng.integers(0, rows // 4, rows),
            "a": x[:, 0],
            "b": x[:, 1],
            "c": x[:, 2],
            "site": rng.integers(0, 3, rows),
            "start": start,
            "stop": stop,
            "event": event,
        }
    )


def slow_loglik(frame: pd.DataFrame, beta: np.ndarray, *, efron: bool) -> float:
    """The log partial likelihood as it is written, with everybody at risk looked for each time."""
    total = 0.0
    for _, part in frame.groupby("site"):
        eta = part[["a", "b", "c"]].to_numpy() @ beta
        start, stop, event = (part[name].to_numpy() for name in ("start", "stop", "event"))
        for now in np.unique(stop[event == 1]):
            at_risk, dead = (start < now) & (now <= stop), (stop == now) & (event == 1)
            below, theirs = np.exp(eta[at_risk]).sum(), np.exp(eta[dead]).sum()
            deaths = int(dead.sum())
            total += eta[dead].sum()
            total -= sum(
                np.log(below - (number / deaths if efron else 0) * theirs) for number in range(deaths)
            )
    return total


class TestCox:
    @pytest.mark.parametrize("ties", ["efron", "breslow"])
    @pytest.mark.parametrize("seed", [1, 2])
    def test_is_the_top_of_the_likelihood_as_it_is_written(self, ties: str, seed: int):
        frame = planted(seed)
        found = ask("cox", frame, covariates=["a", "b", "c"], strata="site", ties=ties)
        beta = np.array(list(found["coef"].values()))
        efron = ties == "efron"
        assert found["loglik"][1] == pytest.approx(slow_loglik(frame, beta, efron=efron), rel=1e-12)
        assert found["loglik"][0] == pytest.approx(slow_loglik(frame, np.zeros(3), efron=efron), rel=1e-12)
        step = 1e-4
        for number in range(3):
            aside = np.eye(3)[number] * step
            up, down = (slow_loglik(frame, beta + sign * aside, efron=efron) for sign in (1, -1))
            assert abs(up - down) / (2 * step) < 1e-5

    @pytest.mark.parametrize("ties", ["efron", "breslow"])
    def test_agrees_with_statsmodels(self, ties: str):
        frame = planted(3)
        frame["start"] += 0.25  # statsmodels takes who comes in at a moment to be at risk of it
        found = ask("cox", frame, covariates=["a", "b", "c"], strata="site", ties=ties)
        other = PHReg(
            frame["stop"].to_numpy(),
            frame[["a", "b", "c"]].to_numpy(),
            status=frame["event"].to_numpy(),
            entry=frame["start"].to_numpy(),
            strata=frame["site"].to_numpy(),
            ties=ties,
        ).fit()
        np.testing.assert_allclose(list(found["coef"].values()), other.params, atol=1e-5)
        np.testing.assert_allclose(list(found["se"].values()), other.bse, rtol=1e-4)

    def test_each_rows_score_is_what_its_weight_changes(self):
        """The influence of a row, by leaving a weight's worth of it out: the slope of the fit in the row's weight."""
        frame = planted(4, 60, ties=False)
        entry, leave = frame["start"].to_numpy(), frame["stop"].to_numpy()
        event, x = frame["event"].to_numpy() == 1, frame[["a", "b", "c"]].to_numpy()
        strata = np.zeros(len(frame), dtype=np.int64)
        whole = fit(entry, leave, event, x, strata)
        np.testing.assert_allclose(whole.scores.sum(axis=0), 0, atol=1e-9)
        influence = whole.scores @ whole.variance
        left_out = np.array(
            [
                whole.coef
                - fit(*(np.delete(part, row, axis=0) for part in (entry, leave, event, x, strata))).coef
                for row in range(len(frame))
            ]
        )
        for number in range(3):  # leaving a row out is the same to first order
            assert np.corrcoef(influence[:, number], left_out[:, number])[0, 1] > 0.95
        cluster = frame["id"].to_numpy() % 11
        summed = np.array([influence[cluster == one].sum(axis=0) for one in range(11)])
        np.testing.assert_allclose(whole.clustered(cluster), summed.T @ summed, rtol=1e-10)

    def test_rows_that_are_cut_in_two_say_the_same(self):
        frame = planted(5)
        middle = (frame["start"] + frame["stop"]) / 2
        early = frame.assign(stop=middle, event=0.0)
        cut = pd.concat([early, frame.assign(start=middle)], ignore_index=True)
        whole, parts = (ask("cox", one, covariates=["a", "b"], cluster="id") for one in (frame, cut))
        assert parts["coef"] == pytest.approx(whole["coef"], rel=1e-8)
        assert parts["se"] == pytest.approx(whole["se"], rel=1e-8)
        assert parts["naive_se"] == pytest.approx(whole["naive_se"], rel=1e-8)

    def test_units_and_far_off_values_do_not_matter(self):
        frame = planted(6)
        moved = frame.assign(
            a=1e6 + 1e-3 * frame["a"], start=frame["start"] * 86400, stop=frame["stop"] * 86400
        )
        here, there = (ask("cox", one, covariates=["a", "b"], cluster="id") for one in (frame, moved))
        assert there["upper"]["a"] is None  # e to the power of some hundreds: told as none, not as endless
        assert there["coef"]["a"] == pytest.approx(1000 * here["coef"]["a"], rel=1e-5)
        assert there["se"]["b"] == pytest.approx(here["se"]["b"], rel=1e-6)

    def test_covers_what_was_planted(self):
        """With a hidden frailty that clusters share, the robust interval covers nearly 95 %; the other one does not."""
        rng = np.random.default_rng(7)
        robust = naive = 0
        runs, clusters = 60, 80
        for _ in range(runs):
            x = np.repeat(rng.normal(size=clusters), 8)
            frailty = np.repeat(rng.gamma(1.5, 1 / 1.5, clusters), 8)
            time = rng.exponential(1 / (frailty * np.exp(0.0 * x)))
            stop = np.minimum(time, 2.0)
            frame = pd.DataFrame(
                {"id": np.repeat(np.arange(clusters), 8), "x": x, "stop": stop, "event": (time <= 2) * 1.0}
            )
            found = ask("cox", frame, covariates="x", cluster="id")
            robust += found["lower"]["x"] < 1 < found["upper"]["x"]
            naive += abs(found["coef"]["x"]) < 1.96 * found["naive_se"]["x"]
        assert robust / runs > 0.88
        assert naive / runs < 0.8

    def test_what_cannot_be_told_is_refused_in_words(self):
        frame = planted(8)
        twice = frame.assign(d=2 * frame["a"] - 3)
        assert "d" in ask("cox", twice, covariates=["a", "d"])["refusal"][0]
        same = frame.assign(d=1.0)
        assert "Det går inte att säga något om d" in ask("cox", same, covariates=["a", "d"])["refusal"][0]
        assert ask("cox", frame.assign(t="x"), covariates="t")["refusal"] is not None
        within = frame.assign(d=frame["site"] * 1.0)
        assert ask("cox", within, covariates=["d"], strata="site")["refusal"] is not None
        split = pd.DataFrame({"stop": np.arange(1.0, 41), "event": 1.0, "d": (np.arange(40) < 20) * 1.0})
        refusal = ask("cox", split, covariates="d")["refusal"]
        assert "skiljer helt" in refusal[0]
        few = ask("cox", frame.head(5), covariates=["a", "b", "c"])
        assert "det behövs 15" in few["refusal"][0]
        assert ask("cox", frame.assign(id=1), covariates="a", cluster="id")["refusal"] is not None

    def test_bad_input_is_told_in_one_sentence(self):
        frame = planted(9)
        with pytest.raises(BadInput, match="names no column"):
            ask("cox", frame)
        with pytest.raises(BadInput, match="column nothing, which the parameters name, is missing"):
            ask("cox", frame, covariates="nothing")
        with pytest.raises(BadInput, match="twice"):
            ask("cox", frame, covariates=["a", "factor(a)"])

    def test_says_when_ids_repeat_without_clusters(self):
        frame = planted(10)
        assert ask("cox", frame, covariates="a")["ids_repeat"]
        assert not ask("cox", frame, covariates="a", cluster="id")["ids_repeat"]

    def test_rows_with_gaps_are_left_out_and_counted(self):
        frame = planted(11)
        holes = frame.copy()
        holes.loc[[3, 7], "a"] = np.nan
        holes.loc[9, "event"] = np.nan
        found = ask("cox", holes, covariates=["a"])
        assert found["rows_left_out"] == 3
        assert found["coef"] == pytest.approx(ask("cox", frame.drop([3, 7, 9]), covariates=["a"])["coef"])


class TestCurves:
    def test_without_censoring_it_is_the_share_that_is_left(self):
        time = np.array([1.0, 2, 2, 3, 5, 8])
        found = curve(np.full(6, -np.inf), time, np.ones(6, dtype=bool))
        np.testing.assert_allclose(found.surv, [(time > now).mean() for now in found.time])
        np.testing.assert_allclose(found.std_err[:-1], np.sqrt(found.surv * (1 - found.surv) / 6)[:-1])
        assert np.isnan(found.std_err[-1])
        assert restricted_mean(found, 8.0) == (
            pytest.approx(time.mean()),
            pytest.approx(time.std() / np.sqrt(6)),
        )

    def test_late_entry_is_at_risk_only_after_it(self):
        frame = planted(12)
        found = ask("survival", frame)
        for time, n_risk, n_event in zip(found["time"], found["n_risk"], found["n_event"], strict=True):
            assert n_risk == int(((frame["start"] < time) & (time <= frame["stop"])).sum())
            assert n_event == int(((frame["stop"] == time) & (frame["event"] == 1)).sum())

    def test_clusters_of_one_row_are_greenwoods(self):
        frame = planted(16).assign(id=range(220)).drop(columns="start")
        alone, each = ask("survival", frame), ask("survival", frame, cluster="id")
        for key in ("surv", "std_err", "lower", "upper"):
            close(each[key], alone[key], 1e-12)

    def test_rows_that_are_there_twice_say_no_more_in_clusters(self):
        frame = planted(17, 90).assign(id=range(90))
        once = ask("survival", frame, cluster="id")
        twice = ask("survival", pd.concat([frame, frame], ignore_index=True), cluster="id")
        for key in ("surv", "std_err", "std_chaz", "cumhaz"):
            close(twice[key], once[key], 1e-12)

    def test_the_mean_number_of_events_is_as_sure_as_its_spread_over_units(self):
        """With all followed to the end, its error is that of the mean of each unit's count."""
        rng = np.random.default_rng(18)
        rows = []
        for unit in range(80):
            days = np.sort(rng.choice(100, rng.poisson(rng.gamma(0.7, 3)), replace=False)) + 1.0
            ends = np.append(days, 101.0)
            begins = np.append(0.0, days)
            rows += [(unit, a, b, float(b <= 100)) for a, b in zip(begins, ends, strict=True)]
        frame = pd.DataFrame(rows, columns=["id", "start", "stop", "event"])
        found = ask("survival", frame, cluster="id")
        per_unit = frame.groupby("id")["event"].sum()
        assert found["cumhaz"][-1] == pytest.approx(per_unit.mean(), rel=1e-12)
        assert found["std_chaz"][-1] == pytest.approx(per_unit.std(ddof=0) / np.sqrt(80), rel=1e-9)

    def test_log_rank_agrees_with_statsmodels_in_strata(self):
        frame = planted(13)
        found = ask("survival", frame.drop(columns="start"), group="b", strata="site")["logrank"]
        chisq, p = survdiff(
            frame["stop"], frame["event"], frame["b"].to_numpy(), strata=frame["site"].to_numpy()
        )
        assert (found["chisq"], found["p"]) == (pytest.approx(chisq, rel=1e-9), pytest.approx(p, rel=1e-9))
        assert sum(found["obs"]) == pytest.approx(sum(found["exp"]), rel=1e-12)

    def test_log_rank_is_even_under_no_difference(self):
        rng = np.random.default_rng(14)
        p = []
        for _ in range(400):
            stop = np.ceil(rng.exponential(10, 80))
            found = log_rank(
                np.full(80, -np.inf),
                stop,
                rng.random(80) < 0.7,
                rng.permutation(np.repeat(np.arange(3), [20, 25, 35])),
                np.zeros(80, dtype=np.int64),
            )
            assert found is not None
            p.append(found.p)
        assert stats.kstest(p, "uniform").pvalue > 0.001

    def test_the_median_of_a_level_line_is_its_middle(self):
        time, height = np.array([1.0, 2, 3, 4]), np.array([0.75, 0.5, 0.5, 0.25])
        assert crosses(time, height) == 3.0
        assert crosses(time[:3], height[:3]) == 2.0
        assert crosses(time[:1], height[:1]) is None
        product = np.cumprod(1 - 1 / np.arange(20, 0, -1))  # in fractions of a computer, not 0.5 after ten
        assert crosses(np.arange(1.0, 21), product) == 10.5

    def test_times_that_only_look_different_are_one(self):
        rows = pd.DataFrame({"start": [0.1, 0.0, 0.0], "stop": [0.4, 0.3, 0.5], "event": [1.0, 1, 1]})
        found = ask("survival", rows, time_scale="gap", min_events=1)
        assert found["n_event"] == [2, 1]
        (untouched,) = merged_ties(np.array([1.0, 1.0001, 2.0]))
        assert list(untouched) == [1.0, 1.0001, 2.0]

    def test_the_last_one_may_have_the_event(self):
        rows = pd.DataFrame({"stop": [1.0, 2, 3, 4, 5], "event": 1.0})
        for scale in ("log", "log-log", "plain"):
            found = ask("survival", rows, conf_type=scale)
            assert found["surv"][-1] == 0
            assert found["std_err"][-1] is None
            assert found["lower"][-1] is None

    def test_without_any_event_nothing_is_said(self):
        rows = pd.DataFrame({"stop": [1.0, 2, 3], "event": 0.0})
        assert ask("survival", rows)["refusal"] is not None
        allowed = ask("survival", rows, min_events=0)
        assert allowed["surv"] == [1.0, 1.0, 1.0]
        assert allowed["table"][0]["median"] is None
        assert ask("rates", rows, min_events=0)["rates"][0]["hi"] == pytest.approx(-np.log(0.025) / 6)

    def test_a_single_group_and_a_group_without_events(self):
        rows = pd.DataFrame({"stop": np.arange(1.0, 21), "event": 1.0, "g": "a"})
        assert ask("survival", rows, group="g")["logrank"] is None
        late = rows.assign(g=["a"] * 19 + ["b"], event=[1.0] * 19 + [0.0])
        assert ask("survival", late, group="g")["strata"][-1] == "g=b"

    def test_a_missing_column_is_told(self):
        rows = pd.DataFrame({"stop": [1.0], "event": 1.0})
        with pytest.raises(BadInput, match="column rx, which the parameters name"):
            ask("survival", rows, group="rx")
        with pytest.raises(BadInput, match="column enum"):
            ask("rates", rows, where={"enum": 1})


class TestExact:
    def test_poisson_limits_have_their_tails(self):
        low, high = poisson_interval(np.arange(40), 0.9)
        for count, (least, most) in enumerate(zip(low, high, strict=True)):
            assert stats.poisson.cdf(count, most) == pytest.approx(0.05)
            assert least == 0 if count == 0 else stats.poisson.sf(count - 1, least) == pytest.approx(0.05)

    def test_share_limits_have_their_tails(self):
        assert share_interval(0, 10) == (0.0, pytest.approx(1 - 0.025**0.1))
        low, high = share_interval(3, 10)
        assert stats.binom.sf(2, 10, low) == pytest.approx(0.025)
        assert stats.binom.cdf(3, 10, high) == pytest.approx(0.025)
        with pytest.raises(ValueError, match="no share"):
            share_interval(1, 0)

    def test_clusters_that_agree_count_as_one_case_each(self):
        alone = clustered_share(np.array([1, 0, 1, 0] * 10), np.ones(40))
        together = clustered_share(np.array([5, 0, 5, 0] * 10), np.full(40, 5.0))
        assert together == pytest.approx(alone, rel=0.05)
        spread = clustered_share(np.array([2, 3] * 20), np.full(40, 5.0))
        assert spread[2] - spread[1] < together[2] - together[1]


def test_free_columns_come_as_numbers_or_as_text(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text("stop,event,n,words,holes\n1,1,2,b,3\n2,0,NA,,\n", encoding="utf-8")
    frame = read_csv(file, MEASURES["cox"].columns)
    assert frame["n"].isna().tolist() == [False, True]
    assert frame["words"].tolist() == ["b", ""]
    assert frame["holes"].iloc[0] == 3.0
    assert list(frame.columns) == ["stop", "event", "n", "words", "holes"]


def test_groups_are_in_rising_order():
    frame = planted(15).assign(start=0.0)
    strata = ask("survival", frame, group=["site", "b"])["strata"]
    seen = list(dict.fromkeys(strata))
    assert seen[0] == "site=0, b=0"
    assert all(one < other for one, other in pairwise(seen))

"""Near repeat: counts as by comparing all with all, moments as over every order, p as in the reference."""

from __future__ import annotations

import itertools
import json
import math
import os
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from app.config import ROOT
from app.domain.errors import BadInput
from app.measures.near import grid as grids
from app.measures.near import knox
from app.measures.near import words as said
from app.measures.near.asked import KnoxParams, KnoxResult
from app.measures.near.grid import count
from app.measures.near.moments import moments
from app.statistics import pairs as near
from app.statistics.pairs import below
from app.statistics.shuffle import seeds, shuffle_first

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SHARED = Path(os.environ.get("LAGESBILD_SHARED", ROOT.parent / "shared")) / "data" / "reference_results"
REFERENCE = SHARED / "knox_burkitt"


@pytest.fixture
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REFERENCE / "expected.json").read_text("utf-8"))
    return found


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "input.csv")


def events(rng: np.random.Generator, n: int, *, ties: bool) -> tuple[Any, Any, Any]:
    """Negative coordinates, some events at one address, some at one moment."""
    if ties:
        return (
            rng.integers(-4, 5, n).astype(float),
            rng.integers(-4, 5, n).astype(float),
            rng.integers(0, 6, n).astype(float),
        )
    return rng.normal(0, 3, n), rng.normal(-50, 3, n), rng.uniform(-5, 5, n)


def by_hand(x: Any, y: Any, t: Any, edge_s: float, edge_t: float, *, manhattan: bool) -> tuple[int, int, int]:
    first, second = np.triu_indices(x.size, 1)
    dx, dy = x[first] - x[second], y[first] - y[second]
    distance = abs(dx) + abs(dy) if manhattan else np.sqrt(dx * dx + dy * dy)
    close, soon = distance <= edge_s, abs(t[first] - t[second]) <= edge_t
    return int(close.sum()), int(soon.sum()), int((close & soon).sum())


def asked(frame: pd.DataFrame, seed: int = 1, **params: Any) -> KnoxResult:
    return knox.run(frame, KnoxParams(**params), now=NOW, rng=np.random.default_rng(seed))


class TestCounts:
    @pytest.mark.parametrize("way", ["listed", "walking"])
    @pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
    def test_are_as_by_comparing_all_with_all(self, way: str, metric: Any, monkeypatch: pytest.MonkeyPatch):
        if way == "walking":
            monkeypatch.setattr(grids, "LISTED_AT_MOST", -1)
        else:
            monkeypatch.setattr(grids, "WALKING_COSTS", 10**6)
        rng = np.random.default_rng(5)
        for number in range(40):
            x, y, t = events(rng, int(rng.integers(2, 60)), ties=number % 2 == 0)
            s_edges = np.array([0.0, below(2.0), 2.0, 5.0])
            t_edges = np.array([below(0.0), 0.0, 1.0, 2.5])
            found = count(x, y, t, s_edges=s_edges, t_edges=t_edges, metric=metric, seeds=seeds(rng, 0))
            for (s, edge_s), (u, edge_t) in itertools.product(enumerate(s_edges), enumerate(t_edges)):
                close, soon, both = by_hand(x, y, t, edge_s, edge_t, manhattan=metric == "manhattan")
                assert found.near[s].sum() == 2 * close
                assert found.soon[u].sum() == 2 * soon
                assert found.observed[s, u] == both

    def test_shuffled_both_ways_have_the_exact_moments(self, monkeypatch: pytest.MonkeyPatch):
        rng = np.random.default_rng(6)
        x, y, t = events(rng, 40, ties=True)
        edges = {"s_edges": np.array([0.0, 3.0]), "t_edges": np.array([0.0, 2.0])}
        for setting, value in (("WALKING_COSTS", 10**6), ("LISTED_AT_MOST", -1)):
            with monkeypatch.context() as patch:
                patch.setattr(grids, setting, value)
                found = count(x, y, t, **edges, metric="euclidean", seeds=seeds(rng, 20_000))
            assert found.permuted is not None
            for s, u in itertools.product(range(2), range(2)):
                exact = moments(found.near[s], found.soon[u])
                dealt = found.permuted[:, s, u]
                assert abs(dealt.mean() - exact.mean) < 5 * math.sqrt(exact.variance / 20_000)
                assert dealt.var() == pytest.approx(exact.variance, rel=0.08)

    def test_do_not_depend_on_how_many_threads_there_are(self):
        x, y, t = events(np.random.default_rng(7), 300, ties=False)
        deal = seeds(np.random.default_rng(8), 70)
        edges = {"s_edges": np.array([1.0]), "t_edges": np.array([1.0])}
        one, many = (
            count(x, y, t, **edges, metric="euclidean", seeds=deal, workers=workers).permuted
            for workers in (1, 3)
        )
        assert one is not None
        assert many is not None
        assert (one == many).all()
        assert np.unique(one).size > 3

    def test_memory_grows_with_the_pairs_and_not_with_the_square(self):
        rng = np.random.default_rng(9)
        x, y = rng.uniform(0, 1e5, (2, 20_000))
        points = near.sweep(x, y, 300.0)
        edges = np.array([300.0])
        near.pairs(points, edges, near.degrees(points, edges, metric="euclidean"), metric="euclidean")
        tracemalloc.start()
        degree = near.degrees(points, edges, metric="euclidean")
        listed = near.pairs(points, edges, degree, metric="euclidean")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert listed.i.size == degree.sum() // 2 > 4_000
        assert peak < 8 * listed.i.size + 40 * x.size + 100_000


class TestMoments:
    @pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7])
    def test_are_those_of_every_order(self, n: int):
        rng = np.random.default_rng(n)
        for _ in range(4):
            x, t = rng.integers(0, 4, n), rng.integers(0, 4, n)
            close = np.triu(abs(x[:, None] - x) <= 1, 1)
            soon = abs(t[:, None] - t) <= 1
            every = [
                int((close & soon[np.ix_(order, order)]).sum()) for order in itertools.permutations(range(n))
            ]
            exact = moments((close | close.T).sum(axis=1), soon.sum(axis=1) - 1)
            assert exact.mean == pytest.approx(np.mean(every), rel=1e-12)
            assert exact.variance == pytest.approx(np.var(every), rel=1e-9, abs=1e-12)

    def test_every_order_is_as_likely(self):
        drawn = []
        for seed in seeds(np.random.default_rng(4), 24_000):
            order = np.arange(4)
            shuffle_first(order, 4, seed)
            drawn.append(tuple(order))
        counts = np.unique(drawn, axis=0, return_counts=True)[1]
        assert counts.size == 24
        assert abs(counts - 1000).max() < 5 * math.sqrt(1000)


@pytest.mark.skipif(
    not REFERENCE.is_dir(), reason=f"{REFERENCE} is not here; set LAGESBILD_SHARED to hold Knox against it"
)
class TestReference:
    def test_main(self, expected: dict[str, Any], frame: pd.DataFrame):
        main = expected["main"]
        found = asked(frame, delta_s=10, delta_t=60, rule="<= (both)", B=9999, unit="km").model_dump()
        self.hold(found, main)
        quantiles = main["perm"]["q"]
        assert all(abs(found["perm"]["q"][name] - value) <= 1 for name, value in quantiles.items())
        assert found["perm"]["mean"] == pytest.approx(main["perm"]["mean"], abs=0.3)
        assert found["perm"]["sd"] == pytest.approx(main["perm"]["sd"], rel=0.03)

    def test_thirty_cells(self, expected: dict[str, Any], frame: pd.DataFrame):
        cells = expected["cells"]
        found = asked(
            frame,
            delta_s=sorted({cell["delta_s"] for cell in cells}),
            delta_t=sorted({cell["delta_t"] for cell in cells}),
            B=1999,
        )
        assert len(found.cells) == len(cells) == 30
        for ours, theirs in zip(found.cells, cells, strict=True):
            self.hold(ours.model_dump(), theirs)
            assert ours.p_adjusted is not None
            assert ours.perm is not None
            assert ours.p_adjusted >= 1 / 2000

    def test_labels_of_pairs(self, expected: dict[str, Any], frame: pd.DataFrame):
        other = expected["surveillance_knox"]
        perm = asked(frame, delta_s=10, delta_t=60, B=1999, scheme="permute pair labels").perm
        assert perm is not None
        assert perm.sd == pytest.approx(other["perm_sd"], rel=0.1)
        assert abs(perm.p - other["p"]) <= 4 * math.sqrt(0.023 * 0.977 * 2 / 1999) + 1 / 1999

    def hold(self, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        """Counts exactly, expectation to 1e-12, moments to 1e-9, p within what chance leaves open."""
        for name, value in theirs.items():
            if name == "perm":
                assert set(ours["perm"]) >= set(value) - {"seed_R"}
                p, times = value["p"], value["B"]
                assert ours["perm"]["B"] == times
                assert abs(ours["perm"]["p"] - p) <= 4 * math.sqrt(p * (1 - p) * 2 / times) + 1 / times
            elif isinstance(value, float) and name not in {"delta_s", "delta_t"}:
                rel = 1e-12 if name == "expected_product" else 1e-9
                assert ours[name] == pytest.approx(value, rel=rel), name
            else:
                assert ours[name] == value, name


class TestKnox:
    def test_a_pair_at_the_limit(self):
        frame = pd.DataFrame({"x": [0, 3, 100, 200, 300], "y": [0, 4, 0, 0, 0], "t": [0, 2, 50, 90, 130]})
        assert asked(frame, delta_s=5, delta_t=2, B=9).statistic == 1
        assert asked(frame, delta_s=5, delta_t=2, B=9, rule="<").statistic == 0
        assert asked(frame, delta_s=5.01, delta_t=2.01, B=9, rule="<").statistic == 1
        assert asked(frame, delta_s=6.9, delta_t=2, B=9, distance="manhattan").statistic == 0

    def test_the_table_holds_every_pair_once_and_the_same_address_in_a_row_of_its_own(self):
        rng = np.random.default_rng(12)
        frame = pd.DataFrame({"x": rng.integers(0, 9, 90), "y": rng.integers(0, 9, 90), "t": rng.random(90)})
        found = asked(frame, delta_s=20, delta_t=1, B=99, space_bands=[0, 4, 20], time_bands=[0.5, 1])
        assert sum(band.observed for band in found.bands) == found.statistic == 90 * 89 / 2
        assert [band.same_address for band in found.bands] == [True, True, False, False, False, False]
        same = frame.groupby(["x", "y"]).size()
        assert sum(band.observed for band in found.bands[:2]) == (same * (same - 1) // 2).sum()
        for band in found.bands:
            assert band.p is not None
            assert band.p_adjusted is None or band.p_adjusted >= band.p - 1e-12

    def test_many_looks_are_paid_for(self):
        """Where nothing is tied, the lowest adjusted p of a table is at most .1 in about a tenth of tables."""
        rng = np.random.default_rng(13)
        lowest = []
        for number in range(120):
            frame = pd.DataFrame(
                {"x": rng.uniform(0, 900, 60), "y": rng.uniform(0, 900, 60), "t": rng.integers(0, 90, 60)}
            )
            bands = asked(frame, seed=number, B=99).bands
            lowest.append(min(band.p_adjusted for band in bands if band.p_adjusted is not None))
        assert 2 <= sum(p <= 0.1 for p in lowest) <= 24

    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame({"x": [1.0] * 6, "y": [2.0] * 6, "t": [3.0] * 6}),
            pd.DataFrame({"x": range(0, 6000, 1000), "y": [0] * 6, "t": range(0, 600, 100)}),
            pd.DataFrame({"x": [-5e6, 5e6, 0, 0, 1e-9], "y": [0.0] * 5, "t": [-1e6, 1e6, 0, 0, 0.25]}),
        ],
        ids=["all at once", "none near", "far apart"],
    )
    def test_tells_figures_or_nothing_of_odd_data(self, frame: pd.DataFrame):
        found = asked(frame, B=19)
        assert "NaN" not in found.model_dump_json()
        assert found.n == len(frame)
        for sentence in said.knox(found):
            assert sentence.sv.endswith(".")

    def test_too_few_are_refused_and_words_fit_what_there_is(self):
        assert asked(pd.DataFrame({"x": [1], "y": [1], "t": [1]})).refusal is not None
        none = asked(pd.DataFrame({"x": range(0, 6000, 1000), "y": [0] * 6, "t": range(0, 600, 100)}), B=19)
        assert any("För få" in sentence.sv for sentence in said.knox(none))

    def test_too_many_comparisons_are_not_begun(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(grids, "LOOKED_AT_MOST", 10)
        frame = pd.DataFrame({"x": [0, 1, 2, 3, 4, 5], "y": [0] * 6, "t": [1, 2, 1, 2, 5, 9]})
        found = asked(frame, B=99)
        assert found.perm is None
        assert found.exact_var is not None
        assert said.knox(found)

    @pytest.mark.parametrize(
        "params", [{"delta_s": -1}, {"delta_t": []}, {"delta_s": [1, 1]}, {"rule": "≤"}, {"B": -1}, {"no": 1}]
    )
    def test_what_cannot_be_asked(self, params: dict[str, Any]):
        with pytest.raises(ValidationError):
            KnoxParams(**params)

    def test_places_beyond_any_distance(self):
        with pytest.raises(BadInput, match="too far out"):
            asked(pd.DataFrame({"x": [1e308, -1e308] * 3, "y": [0] * 6, "t": range(6)}))

    def test_a_gap_is_told_by_its_row(self):
        frame = pd.DataFrame({"x": [1, 2, None], "y": [1, 2, 3], "t": [1, 2, 3]})
        with pytest.raises(BadInput, match="Row 3"):
            asked(frame)

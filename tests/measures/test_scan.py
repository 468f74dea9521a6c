"""The scan: as by trying every cylinder, on small data of every kind; words that say what there is."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from app.domain.errors import BadInput
from app.domain.words import Language
from app.measures.scan import scan, search, zones
from app.measures.scan.asked import ScanParams, ScanResult
from app.measures.scan.words import say
from app.statistics.shuffle import seeds, shuffle_first
from dashboards.components.figures import scan as scan_figure
from dashboards.components.figures.base import Theme

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def asked(frame: pd.DataFrame, seed: int = 1, **params: Any) -> ScanResult:
    return scan.run(frame, ScanParams(**params), now=NOW, rng=np.random.default_rng(seed))


class Cylinder(NamedTuple):
    llr: float
    places: frozenset[tuple[float, float]]
    observed: int
    days: int


def brute_force(frame: pd.DataFrame, params: ScanParams) -> list[Cylinder]:
    """Every cylinder there is, straight from the definition."""
    n = frame.get("n", pd.Series(1, frame.index)).to_numpy()
    x, y, t = frame["x"].to_numpy(), frame["y"].to_numpy(), np.floor(frame["t"].to_numpy())
    end, total = t[n > 0].max(), int(n.sum())
    length = int(end - t[n > 0].min() + 1)
    longest = min(length, params.max_days or length // 2)
    found = []
    for cx, cy in sorted({(float(a), float(b)) for a, b in zip(x, y, strict=True)}):
        apart = np.sqrt((x - cx) ** 2 + (y - cy) ** 2)
        for radius in np.unique(apart):
            here = apart <= radius
            holds = int(n[here].sum())
            if holds > params.max_share * total or (
                params.max_radius is not None and radius > params.max_radius
            ):
                break
            places = frozenset(zip(x[here].tolist(), y[here].tolist(), strict=True))
            for days in range(1, longest + 1):
                late = t > end - days
                observed = int(n[here & late].sum())
                expected = holds * int(n[late].sum()) / total
                if observed < params.min_cases or observed <= expected:
                    continue
                llr = observed * math.log(observed / expected)
                if observed < total:
                    llr += (total - observed) * math.log((total - observed) / (total - expected))
                found.append(Cylinder(llr, places, observed, days))
    return found


def small(rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Some events: on a lattice (ties, shared places) or not, perhaps with counts, perhaps with a cluster."""
    n = int(rng.integers(6, 24))
    lattice = rng.random() < 0.6
    x, y = (rng.integers(-3, 4, (2, n)) if lattice else rng.normal(0, 3, (2, n))) * 1.0
    t = rng.integers(-20, 10, n) + (0.0 if rng.random() < 0.5 else rng.random(n))
    if rng.random() < 0.5:
        x[:4], y[:4], t[:4] = x[0], y[0], 9
    frame = pd.DataFrame({"x": x, "y": y, "t": t})
    if rng.random() < 0.4:
        frame["n"] = rng.integers(0, 3, n)
        frame.loc[0:5, "n"] = 1
    return frame, {
        "max_radius": [None, 0.0, 2.0, 4.0][int(rng.integers(4))],
        "max_days": [None, 1, 5, 40][int(rng.integers(4))],
        "max_share": [0.5, 0.3, 1.0][int(rng.integers(3))],
        "min_cases": int(rng.integers(1, 4)),
        "B": 9,
        "max_clusters": 50,
    }


class TestAgainstBruteForce:
    @pytest.mark.parametrize("first", range(0, 200, 50))
    def test_two_hundred_small_data_sets(self, first: int):
        strong = 0
        for number in range(first, first + 50):
            frame, settings = small(np.random.default_rng(number))
            every = brute_force(frame, ScanParams(**settings))
            found = asked(frame, **settings)
            top = max((one.llr for one in every), default=0.0)
            if not found.clusters:
                assert top == pytest.approx(0, abs=1e-9), number
                continue
            strong += 1
            cluster = found.clusters[0]
            assert cluster.llr == pytest.approx(top, rel=1e-12), number
            equals = {(one.places, one.observed, one.days) for one in every if one.llr >= top - 1e-9}
            assert (frozenset(cluster.locations), cluster.observed, cluster.days) in equals, number
        assert strong > 15

    def test_each_centre_and_each_cluster_after_the_first(self):
        for number in range(300, 330):
            frame, settings = small(np.random.default_rng(number))
            every = brute_force(frame, ScanParams(**settings))
            taken: set[tuple[float, float]] = set()
            last = math.inf
            for cluster in asked(frame, **settings).clusters:
                assert not taken & set(cluster.locations)
                taken |= set(cluster.locations)
                assert cluster.llr <= last
                last = cluster.llr
                same = [one for one in every if one.places == frozenset(cluster.locations)]
                assert any(
                    one.llr == pytest.approx(cluster.llr, rel=1e-12) and one.days == cluster.days
                    for one in same
                )
                weight = frame["n"] if "n" in frame else pd.Series(1, frame.index)
                assert weight.loc[cluster.rows].sum() == cluster.observed
                assert cluster.radius == pytest.approx(
                    max(math.dist((cluster.x, cluster.y), place) for place in cluster.locations)
                )

    def test_each_shuffle_too(self):
        """The strongest cylinder of a shuffle is what brute force finds in the shuffled table."""
        for number in range(400, 425):
            frame, settings = small(np.random.default_rng(number))
            frame = frame.drop(columns="n", errors="ignore").assign(t=lambda rows: np.floor(rows["t"]))
            params = ScanParams(**settings)
            cases = scan._cases(frame, params)
            assert isinstance(cases, scan.Cases)
            most = int(params.max_share * len(frame) + 1e-9)
            circles = zones.around_all(cases.x, cases.y, cases.events, radius=params.max_radius, most=most)
            deal = seeds(np.random.default_rng(number), 3)
            null = search.shuffled(circles, cases.recent, params.min_cases, deal, workers=1)
            for seed, llr in zip(deal, null, strict=True):
                order = cases.recent.place.copy()
                shuffle_first(order, cases.recent.lag.size, seed)
                # The table with the same days, the recent ones dealt to the places drawn.
                days = np.sort(frame["t"].to_numpy())[::-1]
                dealt = pd.DataFrame({"x": cases.x[order], "y": cases.y[order], "t": days})
                top = max((one.llr for one in brute_force(dealt, params)), default=0.0)
                assert llr == pytest.approx(top, rel=1e-12, abs=1e-9)

    def test_the_figures_do_not_depend_on_how_many_threads_there_are(self):
        frame, _ = small(np.random.default_rng(5))
        cases = scan._cases(frame, ScanParams())
        assert isinstance(cases, scan.Cases)
        circles = zones.around_all(cases.x, cases.y, cases.events, radius=None, most=20)
        deal = seeds(np.random.default_rng(6), 50)
        one, many = (search.shuffled(circles, cases.recent, 2, deal, workers=workers) for workers in (1, 3))
        assert (one == many).all()


def quiet(rng: np.random.Generator, n: int = 300) -> pd.DataFrame:
    return pd.DataFrame(
        {"x": rng.integers(0, 5000, n), "y": rng.integers(0, 5000, n), "t": rng.integers(0, 200, n)}
    )


def crowded() -> pd.DataFrame:
    more = pd.DataFrame({"x": [2500, 2550, 2500, 2480, 2530, 2500, 2510], "y": 2500, "t": 199})
    return pd.concat([quiet(np.random.default_rng(8)), more], ignore_index=True)


class TestScan:
    def test_a_planted_cluster_is_found_and_acted_on(self):
        found = asked(crowded())
        cluster = found.clusters[0]
        assert found.act
        assert cluster.recurrence_days == 1000
        assert set(range(300, 307)) <= set(cluster.rows)
        assert cluster.p_gumbel is not None
        assert cluster.p_gumbel < 0.001
        told = say(found)
        assert told[0].sv.startswith(f"Ett kluster: {cluster.observed} anmälningar inom")
        assert told[1].sv == "Så tätt blir det av slump högst en gång på 3 år."

    def test_without_one_p_is_even_and_nothing_is_acted_on(self):
        p = [asked(quiet(np.random.default_rng(seed)), seed=seed, B=49).clusters[0].p for seed in range(40)]
        assert 0.35 < np.mean(p) < 0.65
        assert sum(one <= 0.1 for one in p) <= 11
        calm = asked(quiet(np.random.default_rng(1)))
        assert not calm.act
        assert say(calm)[-1].sv == "Kan vara slump."

    def test_the_strength_needed_is_where_acting_begins(self):
        found = asked(quiet(np.random.default_rng(9)), act_days=2.5)
        assert found.llr_needed is not None
        for cluster in found.clusters:
            assert cluster.act == (cluster.llr > found.llr_needed)
        assert asked(quiet(np.random.default_rng(9)), B=99).llr_needed is None

    def test_why_a_place_is_hot_or_not(self):
        hot = asked(crowded(), x=2500, y=2510).place
        assert hot is not None
        assert hot.hot
        assert hot.observed >= 7
        assert "platsen är het" in hot.why.sv
        cold = asked(crowded(), x=100, y=4900, max_radius=400).place
        assert cold is not None
        assert not cold.hot
        assert cold.p_here <= cold.p
        assert cold.why in say(asked(crowded(), x=100, y=4900, max_radius=400))

    def test_a_place_is_told_as_by_trying_every_circle_around_it(self):
        frame = crowded()
        for x, y in ((2500, 2500), (2200, 2700), (0, 0), (2900, 2100)):
            place = asked(frame, x=x, y=y, B=9).place
            assert place is not None
            # A row without events makes the place a centre.
            added = pd.concat(
                [frame.assign(n=1), pd.DataFrame([{"x": x, "y": y, "t": 0, "n": 0}])], ignore_index=True
            )
            params = ScanParams(B=9)
            cases = scan._cases(added, params)
            assert isinstance(cases, scan.Cases)
            circles = zones.around_all(cases.x, cases.y, cases.events, radius=2000, most=len(frame) // 2)
            best = search.strongest(circles, cases.recent, 2)
            at = int(np.flatnonzero((cases.x == x) & (cases.y == y))[0])
            assert place.llr == pytest.approx(best.llr[at], rel=1e-12)
            if place.llr > 0:
                assert (place.observed, place.days) == (best.observed[at], best.days[at])

    def test_counts_and_names(self):
        frame = crowded()
        grouped = frame.groupby(["x", "y", "t"], as_index=False).size().rename(columns={"size": "n"})
        one, many = asked(grouped.assign(area="Centrum")), asked(frame)
        assert one.n == many.n == 307
        assert one.clusters[0].llr == pytest.approx(many.clusters[0].llr)
        assert one.clusters[0].areas == ["Centrum"]
        assert many.clusters[0].areas is None

    def test_a_period_of_its_own(self):
        frame = crowded()
        early = asked(frame, end=150)
        assert early.n == (frame["t"] <= 150).sum()
        assert early.clusters[0].end == 150
        assert asked(frame, start=100, end=220).n_recent == 0
        assert say(asked(frame, start=100, end=220))[0].sv.startswith("Inget kluster")

    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame({"x": [1.0] * 8, "y": [2.0] * 8, "t": range(8)}),
            pd.DataFrame({"x": [-0.0, 0.0] * 4, "y": [0.0] * 8, "t": range(8)}),
            pd.DataFrame(
                {"x": [-1e7, 1e7, 0, 1, 2, 3], "y": [1e7, 0, 0, 0, 0, 0], "t": [-9e5, 0, 0, 1, 1, 1]}
            ),
        ],
        ids=["one place", "one place, zero written twice", "far apart"],
    )
    def test_odd_data(self, frame: pd.DataFrame):
        found = asked(frame, B=19)
        assert found.refusal is None
        assert "NaN" not in found.model_dump_json()
        assert all(sentence.sv.endswith(".") for sentence in say(found))

    def test_too_little_is_refused(self):
        assert asked(pd.DataFrame({"x": [1, 2], "y": [1, 2], "t": [1, 2]})).refusal is not None
        assert asked(pd.DataFrame({"x": range(9), "y": range(9), "t": [4.2] * 9})).refusal == scan.ONE_DAY

    def test_what_cannot_be_asked(self, monkeypatch: pytest.MonkeyPatch):
        with pytest.raises(ValidationError, match="both x and y"):
            ScanParams(x=1.0)
        with pytest.raises(BadInput, match="Row 2"):
            asked(pd.DataFrame({"x": [1, 2], "y": [1, 2], "t": [1, 2], "n": [1, -1]}))
        with pytest.raises(BadInput, match="before it starts"):
            asked(quiet(np.random.default_rng(1)), start=5, end=4)
        monkeypatch.setattr(zones, "AT_MOST", 100)
        with pytest.raises(BadInput, match="smaller max_radius"):
            asked(quiet(np.random.default_rng(1)))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_figure_says_which_cluster_to_act_on(language: Language, theme: Theme):
    found = asked(crowded(), x=100, y=100)
    drawn = scan_figure.figure(found, language, theme)
    rows = list(dict.fromkeys(name for one in drawn.data if one.yaxis == "y2" for name in one.y))
    assert len(rows) == min(len(found.clusters), scan_figure.MOST)
    for row, cluster in zip(rows, found.clusters, strict=False):
        assert getattr(scan_figure.ACT if cluster.act else scan_figure.CHANCE, language) in row
    nothing = asked(crowded(), start=100, end=220)
    assert "kluster" in scan_figure.figure(nothing, "sv", theme).layout.annotations[0].text

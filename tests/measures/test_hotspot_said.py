"""What the measures of areas say, call and draw: few cases, islands, gaps and nothing at all among them."""

from __future__ import annotations

import importlib
import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from app.domain.errors import BadInput
from tests.measures.drawn import LOOKS, said_of
from tests.measures.maps import HOTSPOT, asked, lattice, numbers, words


class TestWhatIsSaid:
    def test_a_planted_heap_is_found_and_noise_is_not(self):
        rng = np.random.default_rng(0)
        hits = false = 0
        near = lattice(10, 10)
        for _ in range(40):
            x = rng.normal(0, 1, 100)
            false += (
                "hot"
                in asked("local_g", {"i": range(1, 101), "value": x}, neighbours=near, permutations=0).called
            )
            x[[44, 45, 54, 55]] += 4
            hits += (
                asked("local_g", {"i": range(1, 101), "value": x}, neighbours=near, permutations=0).called[44]
                == "hot"
            )
        assert hits >= 32
        assert false <= 6  # five in a hundred maps of noise, of which forty were drawn

    def test_why_not_hot(self):
        table = {"i": range(1, 26), "value": [10.0] * 12 + [30.0] + [9.0, 11.0] * 6, "cases": [20] * 25}
        near = lattice(5, 5)
        place = asked("local_g", table, neighbours=near, place=13).place
        assert place.value == 30
        assert sorted(map(int, place.neighbours)) == [8, 12, 14, 18]
        assert place.observed == pytest.approx(30 + sum(place.neighbour_values))
        assert place.called in {"hot", "chance"}
        assert "Area 13 has 30.0" in place.why.en
        low = asked("local_g", table, neighbours=near, place="1").place
        assert low.why.en.endswith("not above, so not hot.")
        few = asked("local_g", table, neighbours=near, place=1, min_cases=50).place
        assert few.called == "too few"
        assert "too few cases" in few.why.en
        with pytest.raises(BadInput, match="no area 99"):
            asked("local_g", table, neighbours=near, place=99)

    def test_areas_with_few_cases_are_neither_called_nor_counted_among_the_tests(self):
        cases = [0, 1, 50, 60, 70, 2] * 4
        table = {"i": range(1, 25), "value": cases, "cases": cases}
        near = lattice(4, 6)
        result = asked("local_g", table, neighbours=near, min_cases=10, permutations=0, sparse_below=0)
        tested = np.array(cases) >= 10
        assert [verdict == "too few" for verdict in result.called] == list(~tested)
        p, adjusted = numbers(result.Gi_star_p_two_sided), numbers(result.Gi_star_bh)
        assert np.all(np.isnan(adjusted[~tested]))
        np.testing.assert_allclose(adjusted[tested], stats.false_discovery_control(p[tested]), atol=1e-12)

    def test_sparse_cells_are_judged_by_permutation_with_ties_in_full(self):
        cases = [0] * 20 + [1, 1, 0, 2, 0]
        table = {"i": range(1, 26), "value": cases, "cases": cases}
        result = asked("local_g", table, neighbours=lattice(5, 5))
        assert all(result.sparse)
        assert np.all(numbers(result.p_used) >= numbers(result.p_rank_two) - 1e-12)
        without = asked("local_g", table, neighbours=lattice(5, 5), permutations=0)
        assert set(without.called) == {"too few"}

    def test_rates_may_be_compared_instead(self):
        table = {"i": [1, 2, 3, 4, 5], "pop": [100, 0, 50, 200, 10], "cases": [2, 0, 5, 1, 1]}
        near = [(1, 3), (3, 4), (4, 5), (5, 1)]
        found = asked("local_g", table, neighbours=near, of="rate")
        assert found.value == pytest.approx([0.02, None, 0.1, 0.005, 0.1])
        assert found.called[1] is None
        index = asked("local_moran", table, neighbours=near, of="eb_index")
        assert index.value[2] > index.value[4] > 0  # as high a rate, but on more inhabitants
        with pytest.raises(BadInput, match="column value is missing"):
            asked("local_g", table, neighbours=near)

    @pytest.mark.parametrize("name", ["local_g", "local_moran"])
    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ([], "Too few areas"),
            ([1.0], "Too few areas"),
            ([4.0] * 9, "same value"),
            ([None] * 5, "Too few areas"),
        ],
    )
    def test_too_little_is_refused_in_words(self, name, values, reason):
        table = pd.DataFrame({"i": range(len(values)), "value": pd.Series(values, dtype=float)})
        result = asked(name, table, neighbours=[])
        assert reason in result.refusal.en
        assert "NaN" not in result.model_dump_json()
        assert words(name, result).startswith(result.refusal.en)

    @pytest.mark.parametrize("name", ["local_g", "local_moran"])
    def test_only_islands_and_everybody_a_neighbour(self, name):
        table = {"i": range(1, 7), "value": [1.0, 2, 3, 4, 5, 100]}
        everybody = [(a, b) for a in range(1, 7) for b in range(1, 7)]
        for near in ([], everybody):
            result = asked(name, table, neighbours=near)
            assert result.refusal is None
            assert words(name, result)
            json.loads(result.model_dump_json())
        if name == "local_moran":
            alone = asked(name, table, neighbours=[])
            assert alone.local_moran.Ii == [0.0] * 6
            assert alone.local_moran.Z == [None] * 6
            assert alone.called == ["alone"] * 6

    def test_no_cases_or_nobody_is_refused(self):
        assert "No cases" in asked("area_rates", {"i": [1, 2], "pop": [5, 6], "cases": [0, 0]}).refusal.en
        assert (
            "No inhabitants" in asked("area_rates", {"i": [1, 2], "pop": [0, 0], "cases": [0, 0]}).refusal.en
        )
        with pytest.raises(BadInput, match="Row 2 has 3 cases and no inhabitants"):
            asked("area_rates", {"i": [1, 2], "pop": [5, 0], "cases": [0, 3]})
        with pytest.raises(BadInput, match="Row 1 has -1 in the column cases"):
            asked("area_rates", {"i": [1, 2], "pop": [5, 6], "cases": [-1, 3]})


CASES = [40, 40, 12, 9, 8, 40, 40, *[9, 10, 11] * 6]
TABLE = {"i": range(1, 26), "value": CASES, "pop": [1000] * 25, "cases": CASES}


class TestFigures:
    @pytest.mark.parametrize(("language", "theme"), LOOKS)
    @pytest.mark.parametrize("name", sorted(HOTSPOT))
    def test_tells_what_stands_out_by_shape_and_words(self, name, language, theme):
        figure = importlib.import_module(f"dashboards.components.figures.{name}").figure
        result = asked(name, TABLE, neighbours=lattice(5, 5), **({"place": 13} if name == "local_g" else {}))
        drawn = figure(result, language, theme)
        text = said_of(drawn)
        assert ("kan vara slump" if language == "sv" else "could be chance") in text
        assert getattr(HOTSPOT[name].say(result)[0], language).split(":")[0][:20] in text.replace("<br>", " ")
        symbols = {trace.marker.symbol for trace in drawn.data if trace.marker.symbol is not None}
        assert {"triangle-up", "circle-open"} <= symbols

    @pytest.mark.parametrize("name", sorted(HOTSPOT))
    def test_a_refusal_is_drawn_as_words(self, name):
        figure = importlib.import_module(f"dashboards.components.figures.{name}").figure
        empty = {key: [] for key in TABLE}
        result = asked(name, empty, neighbours=[])
        drawn = figure(result, "sv", "dark")
        assert not drawn.data
        assert result.refusal.sv[:20] in said_of(drawn).replace("<br>", " ")

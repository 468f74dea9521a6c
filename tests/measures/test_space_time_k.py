"""Space-time K: as by comparing all with all; and the figures of near repeat."""

from __future__ import annotations

import itertools
import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.config import ROOT
from app.domain.words import TOO_FEW, Language
from app.measures.near import space_time_k
from app.measures.near import words as said
from app.measures.near.asked import KnoxResult
from app.measures.near.space_time_k import SpaceTimeKParams, SpaceTimeKResult
from dashboards.components.figures import knox as knox_figure
from dashboards.components.figures import space_time_k as k_figure
from dashboards.components.figures.base import Theme

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SAMPLES = ROOT / "app" / "measures" / "near"


class TestSpaceTimeK:
    def asked(self, frame: pd.DataFrame, **params: Any) -> space_time_k.SpaceTimeKResult:
        return space_time_k.run(frame, SpaceTimeKParams(**params), now=NOW, rng=np.random.default_rng(3))

    @pytest.mark.parametrize("edge", ["none", "translation"])
    def test_is_as_by_comparing_all_with_all(self, edge: str):
        rng = np.random.default_rng(14)
        n = 70
        x, y, t = rng.uniform(0, 10, n), rng.uniform(0, 20, n), rng.uniform(0, 30, n)
        frame = pd.DataFrame({"x": x, "y": y, "t": t})
        found = self.asked(frame, s=[1, 4], t=[2, 9], B=19, edge=edge, box=[0, 0, 10, 20], period=[0, 30])
        total_space, total_time, both = 0.0, 0.0, 0.0
        for a, b in itertools.combinations(range(n), 2):
            dx, dy, apart = abs(x[a] - x[b]), abs(y[a] - y[b]), abs(t[a] - t[b])
            w = 1 / ((1 - dx / 10) * (1 - dy / 20)) if edge == "translation" else 1.0
            v = 1 / (1 - apart / 30) if edge == "translation" else 1.0
            total_space += w * (math.hypot(dx, dy) <= 4)
            total_time += v * (apart <= 9)
            both += w * v * (math.hypot(dx, dy) <= 4) * (apart <= 9)
        pairs = n * (n - 1) / 2
        assert found.k_space[-1] == pytest.approx(200 * total_space / pairs, rel=1e-12)
        assert found.k_time[-1] == pytest.approx(30 * total_time / pairs, rel=1e-12)
        assert found.k[-1] == pytest.approx(6000 * both / pairs, rel=1e-12)
        assert found.d0[-1] == pytest.approx(both * pairs / (total_space * total_time) - 1, rel=1e-9)

    def test_finds_a_tie_of_place_and_time_and_none_where_there_is_none(self):
        rng = np.random.default_rng(15)
        x, y, t = rng.uniform(0, 3000, 80), rng.uniform(0, 3000, 80), rng.integers(0, 365, 80)
        alone = pd.DataFrame({"x": x, "y": y, "t": t})
        again = pd.concat([alone, alone.iloc[:20].assign(t=alone["t"].iloc[:20] + 2)])
        tied, free = self.asked(again), self.asked(alone)
        assert tied.p is not None
        assert free.p is not None
        assert tied.p <= 0.01
        assert free.p > 0.05
        assert any(value is not None and value > 1 for value in tied.d0)
        assert said.space_time_k(free)[-1].sv == "Kan vara slump."

    def test_refuses_where_there_is_nothing_to_compare(self):
        flat = pd.DataFrame({"x": [1] * 12, "y": range(12), "t": range(12)})
        assert self.asked(flat).refusal is not None
        assert self.asked(flat.iloc[:3]).refusal is not None


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
class TestFigures:
    def sample(self, name: str) -> str:
        return (SAMPLES / f"{name}.expected.json").read_text("utf-8")

    def test_the_table_tells_every_cell_and_marks_those_that_stand_out(
        self, language: Language, theme: Theme
    ):
        result = KnoxResult.model_validate_json(self.sample("knox"))
        drawn = knox_figure.figure(result, language, theme)
        texts = [text for row in drawn.data[0].text for text in row]
        assert len(texts) == len(result.bands) == 25
        marked = [band.p_adjusted is not None and band.p_adjusted < 0.05 for band in result.bands]
        assert [text.startswith("● ") for text in texts] == marked
        assert any(marked)
        assert all(str(band.observed) in text for band, text in zip(result.bands, texts, strict=True))

    def test_each_span_has_a_line_with_a_shape_of_its_own(self, language: Language, theme: Theme):
        result = SpaceTimeKResult.model_validate_json(self.sample("space_time_k"))
        lines = [one for one in k_figure.figure(result, language, theme).data if one.marker.symbol]
        assert len({one.marker.symbol for one in lines}) == len(lines) == len(set(result.t))
        assert lines[0].y[0] == pytest.approx(100 * (result.d0[0] or 0))

    def test_what_is_refused_is_said(self, language: Language, theme: Theme):
        for drawn in (
            knox_figure.figure(KnoxResult(refusal=TOO_FEW), language, theme),
            k_figure.figure(SpaceTimeKResult(refusal=TOO_FEW), language, theme),
        ):
            assert getattr(TOO_FEW, language) in drawn.layout.annotations[0].text

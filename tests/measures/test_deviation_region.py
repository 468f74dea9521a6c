"""What the region uses of it: what stands out is raised, the rest is not, and too few is said; and it is drawn."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.cli.measure_file import read_csv
from app.domain.errors import BadInput
from app.measures import FOLDER, of_folder
from app.measures.deviation import false_shares
from app.measures.deviation.deviation import DEVIATION
from app.measures.deviation.past import WEEK

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def ask(measure: Any, frame: pd.DataFrame, **params: Any) -> Any:
    settled = measure.params.model_validate(params)
    found = measure.run(frame, settled, now=NOW, rng=np.random.default_rng(1))
    assert "NaN" not in found.model_dump_json()
    return found


def made_up(seed: int, weeks: int, mean: float, phi: float = 1.4) -> list[int]:
    rng = np.random.default_rng(seed)
    season = mean * np.exp(0.3 * np.cos(2 * np.pi * np.arange(weeks) / 52.18))
    drawn: list[int] = rng.negative_binomial(season / (phi - 1), 1 / phi).tolist()
    return drawn


class TestDeviation:
    @staticmethod
    def table(last: dict[str, list[int]], weeks: int = 330, **mean: float) -> pd.DataFrame:
        rows = []
        for number, (area, usual) in enumerate(mean.items()):
            counts = made_up(100 + number, weeks, usual, 1.2)
            counts[-len(last.get(area, [])) or len(counts) :] = last.get(area, [])
            days = pd.date_range(end="2026-11-16", periods=weeks, freq="7D")
            rows += [
                {"area": area, "region": area[0], "day": day, "count": count}
                for day, count in zip(days, counts, strict=True)
                if count
            ]
        return pd.DataFrame(rows)

    def status(self, found: Any) -> dict[str, str]:
        return dict(zip(found.area, found.status, strict=True))

    def test_what_stands_out_is_raised_and_the_rest_is_not(self):
        found = ask(DEVIATION, self.table({"B": [45]}, A=8, B=15, C=20, D=6))
        warned = {
            area: status for area, status in self.status(found).items() if status in {"above", "rising"}
        }
        assert warned == {"B": "above"}
        row = found.area.index("B")
        assert found.false_share[row] is not None
        assert found.expected_low[row] < found.expected[row] < found.expected_high[row] < found.observed[row]
        assert DEVIATION.say(found)[0].sv.startswith("B: 45 anmälningar, vi väntar oss ")

    def test_a_slow_rise_is_told_as_one(self):
        rise = made_up(7, 26, 13, 1.05)
        found = ask(DEVIATION, self.table({"A": [*rise[:-4], 11, 9, 10, 10]}, A=8, B=15, C=20))
        assert self.status(found)["A"] == "rising"
        assert "halvåret" in DEVIATION.say(found)[0].sv

    def test_the_seldom_are_added_up_and_too_few_is_said(self):
        found = ask(DEVIATION, self.table({}, A=1.0, X1=0.2, X2=0.3, X3=0.3, Y=0.1))
        assert found.area == ["A", "X1", "X2", "X3", "Y", "X"]
        assert [found.status[row] for row in (1, 2, 3, 4)] == ["too_few"] * 4
        assert (found.weeks[0], found.weeks[5], found.level[5]) == (4, 4, "region")
        assert found.members[5] == ["X1", "X2", "X3"]
        assert found.method[5] == "farrington"
        assert "4 områden" in DEVIATION.say(found)[-1].sv

    def test_a_young_series_is_held_against_the_weeks_before(self):
        table = self.table({"B": [40]}, A=8, B=9)
        young = table[(table["area"] != "B") | (table["day"] > "2026-01-01")]
        found = ask(DEVIATION, young)
        assert dict(zip(found.area, found.method, strict=True)) == {"A": "farrington", "B": "ears"}
        assert self.status(found)["B"] == "above"
        assert found.p_drift[1] is None

    def test_a_week_that_has_not_ended_is_not_judged(self):
        daily = pd.DataFrame({"area": "A", "day": pd.date_range("2025-01-01", "2026-11-24"), "count": 2})
        found = ask(DEVIATION, daily)  # now is Tuesday the 24th
        assert str(found.to_day[0]) == "2026-11-22"
        assert (found.observed, found.usual_per_week) == ([14], [14.0])
        assert str(ask(DEVIATION, daily, until="2026-11-24").to_day[0]) == "2026-11-24"

    def test_a_day_is_held_against_the_same_weekday(self):
        days = pd.date_range("2020-01-01", "2026-11-20")  # a Friday
        rng = np.random.default_rng(3)
        daily = pd.DataFrame(
            {"area": "A", "day": days, "count": rng.poisson(np.where(days.day_of_week == 4, 20, 5))}
        )
        found = ask(DEVIATION, daily, step="day")
        assert (found.status, found.weeks, str(found.from_day[0])) == (["normal"], [0], "2026-11-20")
        assert 15 < found.expected[0] < 25

    def test_years_of_53_weeks_are_followed(self):
        """Seven weeks about midsummer have three times as many: so it is expected, a leap week later too."""
        assert [WEEK.back(year) for year in range(1, 6)] == [52, 104, 157, 209, 261]
        days = pd.date_range(end="2026-06-22", periods=330, freq="7D")
        counts = np.where(abs(days.day_of_year - 173) <= 25, 30, 10)
        found = ask(DEVIATION, pd.DataFrame({"area": "A", "day": days, "count": counts}), until="2026-06-28")
        assert found.expected == pytest.approx([30], abs=0.5)

    def test_too_little_is_refused(self):
        one = pd.DataFrame({"area": ["A"], "day": ["2026-11-09"], "count": [3]})
        assert ask(DEVIATION, one).refusal is not None
        late = pd.DataFrame(
            {"area": ["A"] * 3, "day": ["2026-12-07", "2026-12-14", "2026-12-21"], "count": [3] * 3}
        )
        assert ask(DEVIATION, late).refusal is not None
        two = pd.DataFrame(
            {"area": ["A"] * 2, "region": ["x", "y"], "day": ["2026-11-02", "2026-11-09"], "count": 3}
        )
        with pytest.raises(BadInput, match="more than one region"):
            ask(DEVIATION, two)

    def test_a_gap_of_chance_draws_the_same_again(self):
        table = self.table({"A": made_up(7, 26, 11)}, A=8, B=5)
        assert ask(DEVIATION, table) == ask(DEVIATION, table)

    def test_the_shares_told_are_those_of_the_simulation(self):
        told = json.loads(false_shares.FILE.read_text("utf-8"))["warnings"]
        for status in ("above", "rising"):
            assert 0 <= told[status]["false"] <= told[status]["all"]
            assert told[status]["all"] >= false_shares.LEAST_WARNINGS
        assert false_shares.share("normal", "farrington", 1) is None
        assert (
            false_shares.share("above", "never heard of", 1) == told["above"]["false"] / told["above"]["all"]
        )


@pytest.mark.parametrize("name", ["deviation", "farrington", "ears", "cusum"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_figure_is_drawn(name: str, theme: Any, language: Any):
    measure = next(one for one in of_folder("deviation") if one.name == name)
    at = FOLDER / "deviation" / name
    params = json.loads(at.with_suffix(".params.json").read_text("utf-8"))
    draw = importlib.import_module(f"dashboards.components.figures.{name}").figure
    drawn = draw(ask(measure, read_csv(at.with_suffix(".csv"), measure.columns), **params), language, theme)
    assert len(drawn.data) >= 3
    assert drawn.layout.title.text
    empty = ask(measure, read_csv(at.with_suffix(".csv"), measure.columns).iloc[:0], **params)
    assert not draw(empty, language, theme).data

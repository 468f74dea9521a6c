"""What a comparison with other programs on other tables found: settled here by arithmetic, without them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from app.cli.measure_file import read_csv
from app.domain.errors import BadInput
from app.measures import get_measure
from app.measures.deviation.baseline import baseline
from app.measures.hotspot.formulas import global_g, moran
from app.measures.repeats.cox import design
from app.statistics.frames import conform
from app.statistics.weights import from_pairs
from tests.measures.maps import asked as asked_of_a_map

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
FLAT = {"noPeriods": 1, "reweight": False, "trend": False, "limit54": (0, 4)}


def ask(name: str, frame: pd.DataFrame, **params: Any) -> Any:
    measure = get_measure(name)
    settled = measure.params.model_validate(params)
    return measure.run(conform(frame, measure.columns), settled, now=NOW, rng=np.random.default_rng(1))


class TestFarrington:
    @pytest.mark.parametrize(
        ("gap", "levels", "lengths"),
        [
            (47, 10, [6, 6, 5, 5, 5, 5, 5, 5, 5]),
            (45, 8, [7, 7, 7, 6, 6, 6, 6]),
            (45, 10, [5] * 9),
            (2, 5, [1, 1]),
        ],
    )
    def test_seasons_are_as_even_as_may_be_the_longer_first(self, gap: int, levels: int, lengths: list[int]):
        _, level = baseline([0, gap + 3], 1, levels, gap + 1)
        assert np.bincount(level)[1:].tolist() == lengths

    @pytest.mark.parametrize(("past", "extra"), [(0, [4, 3, 2, 1]), (2, [4, 3]), (3, [4]), (4, []), (26, [])])
    def test_weeks_between_the_half_width_and_those_left_out_are_in_the_baseline(
        self, past: int, extra: list[int]
    ):
        counts = np.arange(1000, 1260)
        found = ask(
            "farrington",
            pd.DataFrame({"count": counts}),
            range=(260, 260), b=3, w=4, pastWeeksNotIncluded=past, **FLAT,
        )  # fmt: skip
        taken = [259 - 52 * year + off for year in (1, 2, 3) for off in range(-4, 5)] + [
            259 - i for i in extra
        ]
        assert found.expected == pytest.approx([counts[taken].mean()])

    def test_by_the_calendar_a_year_of_53_weeks_moves_nothing(self):
        first = date(2003, 12, 29)
        days = [first + timedelta(days=7 * i) for i in range(384)]
        frame = pd.DataFrame({"day": days, "count": np.arange(1000, 1384)})
        found = ask("farrington", frame, epochAsDate=True, b=5, w=1, range=(384, 384), **FLAT)
        then = days[-1]
        near = [
            min(range(384), key=lambda i, y=year: abs(days[i] - then.replace(year=then.year - y)))
            for year in range(1, 6)
        ]
        assert near[0] - near[4] == 209  # four years, one of them with 53 weeks
        assert found.expected == pytest.approx([1000 + np.mean(near)])
        assert ask("farrington", frame, b=5, w=1, range=(384, 384), **FLAT).expected != found.expected

    def test_by_the_calendar_from_29_february_and_at_the_edge_of_the_series(self):
        days = [date(2015, 3, 1) + timedelta(days=7 * i) for i in range(270)]
        frame = pd.DataFrame({"day": days, "count": np.arange(1000, 1270)})
        whole = ask("farrington", frame, epochAsDate=True, b=4, w=3, **FLAT)
        assert whole.refusal is None
        assert whole.n_untold == 0
        leap = days.index(date(2020, 2, 23)) + 1
        assert ask("farrington", frame, epochAsDate=True, b=4, range=(leap, leap), **FLAT).expected[0] > 1000
        day = pd.DataFrame({"day": pd.date_range("2016-01-01", "2020-02-29"), "count": 3})
        assert ask("farrington", day, epochAsDate=True, b=4, freq=365, **FLAT).expected[-1] == pytest.approx(
            3
        )

    @pytest.mark.parametrize(
        "frame",
        [
            pd.DataFrame({"count": [1] * 300}),
            pd.DataFrame({"count": [1] * 3, "day": ["2020-01-06", "2020-01-13", "2020-01-21"]}),
            pd.DataFrame({"count": [1] * 2, "t": [1, 2], "day": ["2020-01-13", "2020-01-06"]}),
        ],
    )
    def test_by_the_calendar_days_are_needed_and_must_lie_evenly(self, frame: pd.DataFrame):
        with pytest.raises(BadInput, match="epochAsDate"):
            ask("farrington", frame, epochAsDate=True, b=3)

    def test_a_slope_that_leads_to_nothing_is_worked_out(self):
        counts = np.zeros(290, dtype=int)
        counts[[1, 10, 276 - 156 - 5, 270]] = 1
        settings = {"pThresholdTrend": 0.05, "noPeriods": 1, "reweight": False}
        found = ask(
            "farrington", pd.DataFrame({"count": counts}), b=3, w=4, pastWeeksNotIncluded=3, **settings
        )
        assert found.refusal is None
        assert found.n_untold == 0

    def test_the_first_method_takes_its_own_settings_where_none_are_given(self):
        counts = np.random.default_rng(3).poisson(4, 290)
        frame = pd.DataFrame({"count": counts})
        short = ask("farrington", frame, algorithm="algo.farrington", b=4, w=2)
        first = {"noPeriods": 1, "pThresholdTrend": 0.05, "weightsThreshold": 1, "thresholdMethod": "delta"}
        told = ask(
            "farrington", frame, algorithm="algo.farrington", b=4, w=2, pastWeeksNotIncluded=2, **first
        )
        assert short == told
        assert short != ask("farrington", frame, b=4, w=2)


def test_a_sum_that_reaches_the_limit_is_an_alarm():
    found = ask("cusum", pd.DataFrame({"count": [1, 1, 1, 3, 3]}), k=1, h=2, range=(4, 5))
    assert found.stat == [2.0, 4.0]
    assert found.alarm == [1, 1]
    assert found.upper == [0.0, 0.0]


class TestMaps:
    def test_the_whole_maps_g_leaves_islands_out_unless_asked(self):
        x = np.array([1.0, 5.0, 2.0, 2.0, 9.0, 4.0])
        near = [(1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 3), (4, 5), (5, 4), (5, 6), (6, 5)]
        without = global_g(x, from_pairs([str(i) for i in range(1, 7)], near))
        ids = [str(i) for i in range(1, 9)]
        more = np.append(x, [50.0, 0.0])
        assert global_g(more, from_pairs(ids, near)) == pytest.approx(without)
        table = {"i": ids, "value": more}
        counted = asked_of_a_map("local_g", table, neighbours=near, permutations=0, islands_count=True)
        assert pytest.approx(10 / (8 * 7)) == counted.globalG.E
        left = asked_of_a_map("local_g", table, neighbours=near, permutations=0)
        assert pytest.approx(without.statistic) == left.globalG.G

    def test_morans_shape_is_of_all_values(self):
        x = np.array([1.0, 5.0, 2.0, 2.0, 9.0, 4.0, 6.0])
        near = [(1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 3), (4, 5), (5, 4), (5, 6), (6, 5)]
        found = moran(x, from_pairs([str(i) for i in range(1, 8)], near), standardised=False)
        z, n, s0, s1, s2 = x - x.mean(), 6, 10, 20, 4 * (1 + 4 * 4 + 1)
        k = 7 * (z**4).sum() / (z @ z) ** 2
        second = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
        second -= k * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
        assert found.variance == pytest.approx(
            second / ((n - 1) * (n - 2) * (n - 3) * s0**2) - 1 / (n - 1) ** 2
        )

    def test_what_lies_at_the_mean_but_for_the_last_bits_is_low(self):
        near = [(1, other) for other in range(2, 7)] + [(7, other) for other in range(2, 7)]
        table = {
            "i": range(1, 11),
            "value": [0, 3, 0, 0, 0, 0, 1, 0, 1, 1],
        }  # a mean of 0.6, five neighbours of 3
        found = asked_of_a_map("local_moran", table, neighbours=near, permutations=0)
        assert found.local_moran.quadrant_pysal[0] == "Low-Low"
        assert found.local_moran.quadrant_pysal[6] == "High-Low"


class TestRows:
    def test_the_order_of_a_columns_values_can_be_set(self):
        cell = pd.DataFrame({"cell": ["a", "b", "c", "b"], "n": [1.0, 2.0, 10.0, 2.0]})
        assert design(cell, ["cell"])[0] == ["cellb", "cellc"]
        names, x = design(cell, ["cell", "factor(n)"], {"cell": ["c", "a", "b"], "n": [2, 10, 1]})
        assert names == ["cella", "cellb", "factor(n)10", "factor(n)1"]
        assert x.tolist() == [[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]]
        rows = pd.DataFrame({"stop": range(1, 13), "event": 1, "cell": list("abc") * 4})
        found = ask("survival", rows, group="cell", levels={"cell": ["c", "b", "a"]})
        assert [row.stratum for row in found.table] == ["cell=c", "cell=b", "cell=a"]
        assert [row.stratum for row in ask("survival", rows, group="cell").table] == [
            "cell=a",
            "cell=b",
            "cell=c",
        ]
        with pytest.raises(BadInput, match="has the value c"):
            ask("survival", rows, group="cell", levels={"cell": ["a", "b"]})
        with pytest.raises(BadInput, match="column sex"):
            ask("survival", rows, levels={"sex": ["f"]})

    def test_a_row_from_start_to_stop_without_length_is_left_out(self):
        rows = pd.DataFrame({"start": [0, 0, 0, 0], "stop": [0, 1, 2, 3], "event": [0, 1, 1, 1]})
        found = ask("survival", rows, min_events=1)
        assert (found.rows_left_out, found.table[0].records) == (1, 3)
        for lengths in (rows.drop(columns="start"), rows):
            scale = "gap" if "start" in lengths else "total"
            found = ask("survival", lengths, min_events=1, time_scale=scale)
            assert (found.rows_left_out, found.table[0].records) == (0, 4)


@pytest.mark.parametrize(
    "text",
    [
        '"stop","event"\n1.5,TRUE\n2,FALSE\n3,TRUE\n',
        "stop;event\n1,5;true\n2,0;false\n3;true\n",
        "stop\tevent\n1.5\t1\n2\t0\n3\t1\n",
        "event|stop\r\n1|1.5\r\n0|2\r\n1|3\r\n",
        '"stop" "event" "a, b; c"\n"1" 1.5 TRUE "x y"\n"2" 2 FALSE "z"\n"3" 3 TRUE "x"\n',
    ],
)
def test_tables_as_other_programs_write_them_are_read(tmp_path: Path, text: str):
    file = tmp_path / "table.csv"
    file.write_text(text, "utf-8-sig")
    found = read_csv(file, get_measure("survival").columns)
    assert found["stop"].tolist() == [1.5, 2.0, 3.0]
    assert found["event"].tolist() == [1.0, 0.0, 1.0]

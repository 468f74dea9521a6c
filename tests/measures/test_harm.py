"""Harm stands beside counts, tells what it rests on, and lets no single offence drown a district silently."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from scipy import stats

from app.domain.errors import BadInput
from app.measures import of_folder
from app.statistics.frames import conform
from dashboards.components.figures.harm import figure
from tests.measures.drawn import LOOKS, said_of

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
(HARM,) = of_folder("harm")
BSI = {"0310": 122, "9365": 4, "9447": 1.5}


def asked(rows: list[tuple[Any, ...]], names: str = "area offence n", **params: Any) -> Any:
    params.setdefault("weights", BSI)
    frame = conform(pd.DataFrame(rows, columns=names.split()), HARM.columns)
    return HARM.run(frame, HARM.params(**params), now=NOW, rng=np.random.default_rng(1))


def words(result: Any) -> str:
    return " ".join(sentence.en for sentence in HARM.say(result))


class TestHarm:
    def test_counts_and_harm_side_by_side(self):
        result = asked([("A", "9365", 10), ("A", "9447", 4), ("B", "9365", 3), ("A", "9365", 2)])
        assert result.areas.area == ["A", "B"]
        assert result.areas.n == [16, 3]
        assert result.areas.harm == [12 * 4 + 4 * 1.5, 12]
        assert result.areas.share_of_n == pytest.approx([16 / 19, 3 / 19])
        assert (result.total.n, result.total.harm) == (19, 66)
        assert result.offences.offence == ["9365", "9447"]
        assert words(result).startswith("19 offences in 2 areas (11–30); the harm beside them is 66 (")

    def test_one_homicide_does_not_drown_a_district_silently(self):
        calm = [("A", "9365", 20), ("B", "9365", 20)]
        result = asked([*calm, ("A", "0310", 1)])
        assert result.areas.one_share == pytest.approx([122 / 202, 4 / 80])
        assert result.areas.harm_without_one == [80, 76]
        assert result.areas.carried_by_one == [True, False]
        assert "In A a single offence (0310) carries 60% of the harm: 202, without it 80." in words(result)
        assert "single offence" not in words(asked(calm))

    def test_the_notice_is_kept_for_areas_where_it_is_news(self):
        rows = [("A", "9365", 2), *((f"B{number}", "0310", 1) for number in range(6))]
        rows += [(f"B{number}", "9365", 8) for number in range(6)]
        said = words(asked(rows))
        assert "In A " not in said
        assert said.count("carries") == 4
        assert "2 more areas have much of the harm from a single offence." in said

    def test_intervals_are_those_of_the_paper(self):
        result = asked([("A", "9365", 7), ("B", "9365", 0)])
        low, high = stats.chi2.ppf(0.025, 14) / 2, stats.chi2.ppf(0.975, 16) / 2
        assert (result.areas.n_low[0], result.areas.n_high[0]) == pytest.approx((low, high))
        assert (result.areas.harm_low[0], result.areas.harm_high[0]) == pytest.approx((4 * low, 4 * high))
        assert (result.areas.harm_low[1], result.areas.harm_high[1]) == pytest.approx((0, 4 * 3.688879454))
        mixed = asked([("A", "9365", 7), ("A", "0310", 1), ("B", "9365", 1)])
        y, v = 150, 7 * 16 + 122**2
        assert mixed.areas.harm_low[0] == pytest.approx(v / (2 * y) * stats.chi2.ppf(0.025, 2 * y**2 / v))
        more, wider = y + 122, v + 122**2
        high = wider / (2 * more) * stats.chi2.ppf(0.975, 2 * more**2 / wider)
        assert mixed.areas.harm_high[0] == pytest.approx(high)
        assert mixed.areas.harm_high[1] > 122  # it could have happened there

    def test_provisional_and_missing_weights_are_marked(self):
        weights = [
            {"offence": "9365", "weight": 4, "version": "v1"},
            {"offence": "9447", "weight": 2, "provisional": True, "version": "v1"},
        ]
        result = asked([("A", "9365", 10), ("A", "9447", 5), ("B", "7777", 6)], weights=weights)
        assert result.areas.provisional_n == [5, 0]
        assert result.areas.provisional_share == [0.2, None]
        assert result.areas.missing_n == [0, 6]
        assert result.areas.missing_share == [0, 1]
        assert result.areas.harm_per_offence == [pytest.approx(50 / 15), None]
        assert result.areas.gravest == ["9365", None]
        said = words(result)
        assert "Provisional: 20% of the harm rests on provisional weights." in said
        assert "6 offences have no weight, so the harm is at least that large." in said

    def test_versions_are_never_mixed(self):
        weights = [
            ("0310", 122, False, "bsi-2020-1"),
            ("0310", 100, False, "bsi-2019-1"),
            (9365, 4, "false", "bsi-2020-1"),
        ]
        new = asked([("A", "0310", 1)], weights=weights)
        old = asked([("A", "0310", 1)], weights=weights, version="bsi-2019-1")
        assert (new.version, new.total.harm) == ("bsi-2020-1", 122)
        assert (old.version, old.total.harm) == ("bsi-2019-1", 100)
        assert new.versions == ["bsi-2019-1", "bsi-2020-1"]
        with pytest.raises(BadInput, match="no version bsi-2030"):
            asked([("A", "0310", 1)], weights=weights, version="bsi-2030")
        names = "area offence n weight version"
        with pytest.raises(BadInput, match="never added up"):
            asked([("A", "1", 1, 5.0, "v1"), ("A", "2", 1, 5.0, "v2")], names, weights=None)

    def test_weights_may_stand_in_the_table(self):
        rows = [
            ("A", "1", 2, 5.0, "true", "v1"),
            ("A", "2", 1, 7.0, "false", "v1"),
            ("B", "3", 4, None, "", "v1"),
        ]
        result = asked(rows, "area offence n weight provisional version", weights=None)
        assert result.areas.harm == [17, 0]
        assert result.areas.missing_n == [0, 4]
        assert result.areas.provisional_share[0] == pytest.approx(10 / 17)
        with pytest.raises(BadInput, match="two weights"):
            asked([("A", "1", 2, 5.0), ("B", "1", 2, 6.0)], "area offence n weight", weights=None)
        with pytest.raises(BadInput, match="given twice"):
            asked([("A", "1", 2, 5.0)], "area offence n weight")
        with pytest.raises(BadInput, match="Row 1 has -5"):
            asked([("A", "1", 2, -5.0)], "area offence n weight", weights=None)
        with pytest.raises(BadInput, match="true or false"):
            asked([("A", "1", 2, 5.0, "maybe")], "area offence n weight provisional", weights=None)
        with pytest.raises(BadInput, match="Weights are missing"):
            asked([("A", "1", 2)], weights=None)

    def test_codes_with_and_without_their_leading_zeros(self):
        assert asked([("A", "310", 1)]).total.harm == 122
        told_apart = [("0310", 122), ("310", 3)]
        assert asked([("A", "310", 1), ("A", "0310", 1)], weights=told_apart).total.harm == 125
        assert asked([("A", "00310", 1)], weights=told_apart).total.missing_n == 1

    def test_a_ledger_takes_back_what_it_counted(self):
        rows = [("A", "9365", 5), ("A", "9365", -2), ("B", "0310", 1), ("B", "0310", -1), ("B", "9365", 1)]
        result = asked(rows)
        assert result.areas.n == [3, 1]
        assert result.areas.gravest == ["9365", "9365"]
        with pytest.raises(BadInput, match="more offences 9365 are taken back"):
            asked([("A", "9365", -1)])

    def test_days(self):
        rows = [
            ("A", "9365", 1, "2026-09-30"),
            ("A", "9365", 2, "2026-10-01"),
            ("A", "9365", 4, "2026-10-31"),
        ]
        rows += [("A", "9365", 8, "2026-11-01"), ("A", "9365", 16, None)]
        names = "area offence n day"
        assert asked(rows, names).total.n == 31
        assert asked(rows, names, first_day="2026-10-01", last_day="2026-10-31").total.n == 6
        assert asked(rows, names, first_day="2026-10-31").total.n == 12
        with pytest.raises(BadInput, match="column day is missing"):
            asked([("A", "9365", 1)], first_day="2026-10-31")

    def test_nothing_is_refused_in_words(self):
        assert asked([]).refusal.en.startswith("No offences")
        assert asked([("A", "9365", 0)]).refusal.en.startswith("No offences")
        unknown = asked([("A", "7777", 3)])
        assert unknown.refusal.en.startswith("Not one of the offences has a weight")
        assert unknown.areas.n == [3]
        assert asked([("A", "9365", 3)], weights={}).version is None

    def test_rows_without_n_are_one_each(self):
        assert asked([("A", "9365"), ("A", "9365")], "area offence").total.n == 2

    def test_a_negative_weight_will_not_do(self):
        with pytest.raises(ValidationError):
            HARM.params(weights={"1": -1})


class TestFigure:
    @pytest.mark.parametrize(("language", "theme"), LOOKS)
    def test_counts_harm_and_what_is_left_without_the_gravest(self, language, theme):
        weights = [("9365", 4, True, "v1"), ("0310", 122, False, "v1")]
        result = asked([("A", "9365", 20), ("B", "9365", 20), ("A", "0310", 1)], weights=weights)
        drawn = figure(result, language, theme)
        text = said_of(drawn)
        swedish = ("Antal brott", "preliminär vikt", "utan det grövsta")
        english = ("Offences", "provisional weights", "without the gravest")
        for part in swedish if language == "sv" else english:
            assert part in text
        left = next(t for t in drawn.data if t.type == "scatter" and t.marker.symbol == "diamond")
        assert list(left.x) == [80]
        assert any(trace.marker.pattern.shape == "/" for trace in drawn.data if trace.type == "bar")

    def test_a_refusal_is_drawn_as_words(self):
        drawn = figure(asked([]), "en", "dark")
        assert not drawn.data
        assert "No offences" in said_of(drawn)

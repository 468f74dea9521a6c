"""Density and the hours of the week: held against sums written out, and against what must hold of any data."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gaussian_kde, multivariate_normal

from app.domain.errors import BadInput
from app.measures import of_folder
from app.measures.density.surface import Grid, kernel_covariance, smooth
from app.statistics.frames import conform
from dashboards.components.figures import aoristic as aoristic_figure
from dashboards.components.figures import density as density_figure
from tests.measures.drawn import LOOKS, said_of

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
MEASURES = {measure.name: measure for measure in of_folder("density")}
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def asked(name: str, table: Any, **params: Any) -> Any:
    measure = MEASURES[name]
    frame = conform(pd.DataFrame(table), measure.columns)
    return measure.run(frame, measure.params(**params), now=NOW, rng=np.random.default_rng(1))


def words(name: str, result: Any) -> str:
    return " ".join(sentence.en for sentence in MEASURES[name].say(result))


def heaps(number: int, seed: int = 0) -> np.ndarray:
    """Places in heaps of several shapes, some of them far outside."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform((-4_000, 6_580_000), (16_000, 6_600_000), (9, 2))
    spread = rng.uniform(150, 900, (9, 2))
    which = rng.integers(0, 9, number)
    return centres[which] + rng.normal(0, 1, (number, 2)) * spread[which]


def table(points: np.ndarray, **more: Any) -> dict[str, Any]:
    return {"x": points[:, 0], "y": points[:, 1], **more}


class TestDensity:
    def test_is_scipys_where_no_bandwidth_is_set(self):
        points = heaps(2_000)
        result = asked("density", table(points), grid=48)
        nodes = np.array(np.meshgrid(result.x, result.y)).reshape(2, -1)
        exact = gaussian_kde(points.T)(nodes).reshape(48, 48)
        assert np.abs(np.array(result.density) - exact).max() <= 1e-3 * exact.max()
        assert np.array(result.density).max() == pytest.approx(exact.max(), rel=1e-3)

    def test_is_scipys_with_weights_too(self):
        points = heaps(500)
        weights = np.random.default_rng(3).gamma(1, 1, 500)
        result = asked("density", table(points, weight=weights), grid=32)
        nodes = np.array(np.meshgrid(result.x, result.y)).reshape(2, -1)
        exact = gaussian_kde(points.T, weights=weights)(nodes).reshape(32, 32)
        assert np.abs(np.array(result.density) - exact).max() <= 1e-3 * exact.max()

    @pytest.mark.parametrize("bandwidth", [40, 120, 700, 4000])
    def test_narrow_and_wide_kernels_on_the_same_grid(self, bandwidth):
        points = heaps(400)
        extent = (0.0, 6_585_000.0, 12_000.0, 6_595_000.0)  # places lie outside of it, and reach in
        result = asked("density", table(points), grid=64, extent=extent, bandwidth_m=bandwidth)
        x, y = (
            np.exp(-0.5 * ((np.array(nodes)[:, None] - points[:, axis]) / bandwidth) ** 2)
            for axis, nodes in enumerate((result.x, result.y))
        )
        exact = y @ x.T / (2 * np.pi * bandwidth**2) / 400
        assert np.abs(np.array(result.density) - exact).max() <= 0.01 * exact.max()
        row, column = np.unravel_index(exact.argmax(), exact.shape)
        assert (result.peak.x, result.peak.y) == (result.x[column], result.y[row])
        assert result.peak.per_km2 == pytest.approx(exact.max() * 400 * 1e6, rel=1e-9)

    def test_a_kernel_that_leans(self):
        covariance = np.array([[90_000.0, -60_000.0], [-60_000.0, 70_000.0]])
        grid = Grid(np.linspace(-1500, 1500, 80), np.linspace(-1200, 1200, 80))
        found = smooth(np.array([[33.0, -57.0]]), np.ones(1), grid, covariance)
        x, y = np.meshgrid(grid.x, grid.y)
        exact = multivariate_normal([33, -57], covariance).pdf(np.dstack([x, y]))
        assert np.abs(found - exact).max() <= 2e-3 * exact.max()

    def test_all_of_it_is_one_and_twice_the_places_are_twice_as_thick(self):
        points = heaps(300)
        result = asked("density", table(points), grid=128)
        step = (result.x[1] - result.x[0]) * (result.y[1] - result.y[0])
        assert np.sum(result.density) * step == pytest.approx(1, abs=2e-3)
        once = asked("density", table(points), bandwidth_m=300, grid=32)
        twice = asked("density", table(np.vstack([points, points])), bandwidth_m=300, grid=32)
        assert twice.peak.per_km2 == pytest.approx(2 * once.peak.per_km2)
        np.testing.assert_allclose(twice.density, once.density, atol=1e-6 * np.max(once.density))

    def test_the_interval_of_a_node_holds_its_level(self):
        rng = np.random.default_rng(9)
        covered = 0
        for _ in range(200):
            points = rng.uniform(0, 4_000, (rng.poisson(160), 2))  # ten per km²
            extent = (2_000.0, 2_000.0, 9_000.0, 9_000.0)  # three of its four nodes lie where nothing is
            peak = asked("density", table(points), bandwidth_m=300, extent=extent, grid=2).peak
            covered += peak.low <= 10 <= peak.high
        assert covered >= 186

    def test_the_edge_is_made_up(self):
        points = np.random.default_rng(1).uniform(0, 5_000, (20_000, 2))
        extent = (0.0, 0.0, 5_000.0, 5_000.0)
        flat = asked("density", table(points), bandwidth_m=500, extent=extent, edge=True, grid=32)
        lost = asked("density", table(points), bandwidth_m=500, extent=extent, grid=32)
        assert lost.density[0][0] * lost.events_per_km2 == pytest.approx(200, rel=0.15)
        assert flat.density[0][0] * flat.events_per_km2 == pytest.approx(800, rel=0.15)

    def test_against_places_to_compare_with(self):
        rng = np.random.default_rng(2)
        people = rng.normal([0, 0], 1_000, (4_000, 2))
        cases = np.vstack([people[:300] + 1, rng.normal([1_800, 0], 150, (60, 2))])
        points = np.vstack([cases, people])
        control = np.repeat([0, 1], [len(cases), len(people)])
        result = asked("density", table(points, control=control), bandwidth_m=300, grid=60)
        assert abs(result.relative_peak.x - 1_800) < 600
        assert result.relative_peak.low > 1
        assert abs(result.peak.x) < 900 or result.peak.x > 1_500
        ratio = np.array(result.relative, dtype=float)
        middle = np.argmin(np.abs(result.y)), np.argmin(np.abs(result.x))
        assert ratio[middle] == pytest.approx(300 / 360, rel=0.3)
        assert np.isnan(ratio[0, 0])
        assert "Against those compared with" in words("density", result)

    @pytest.mark.parametrize(
        ("points", "params", "reason"),
        [
            (np.zeros((0, 2)), {}, "Too few cases"),
            (np.ones((3, 2)), {}, "Too few cases"),
            (np.ones((30, 2)), {}, "one spot or one line"),
            (np.outer(np.arange(30), [1, 3]), {}, "one spot or one line"),
        ],
    )
    def test_too_little_is_refused_in_words(self, points, params, reason):
        result = asked("density", table(points), **params)
        assert reason in result.refusal.en
        assert words("density", result) == result.refusal.en
        json.loads(result.model_dump_json())

    def test_one_spot_with_a_bandwidth_is_a_kernel(self):
        result = asked("density", table(np.ones((30, 2))), bandwidth_m=100)
        assert result.peak.per_km2 == pytest.approx(30e6 / (2 * np.pi * 100**2), rel=0.02)
        assert result.peak.low < result.peak.per_km2 < result.peak.high

    def test_what_cannot_be_is_said(self):
        points = heaps(50)
        with pytest.raises(BadInput, match="weight, which cannot be below 0"):
            asked("density", table(points, weight=[-1.0] + [1.0] * 49))
        with pytest.raises(BadInput, match="bandwidth"):
            asked("density", table(points), bandwidth_m=0.01)
        with pytest.raises(BadInput, match="west, south, east, north"):
            asked("density", table(points), extent=(1, 1, 0, 2))
        nothing = asked("density", table(points, weight=[0.0] * 50))
        assert "weighs anything" in nothing.refusal.en

    def test_scotts_covariance(self):
        points = heaps(200)
        np.testing.assert_allclose(kernel_covariance(points, np.ones(200)), gaussian_kde(points.T).covariance)


def spans(*rows: tuple[str, str | None]) -> dict[str, Any]:
    return {"occurred_from": [row[0] for row in rows], "occurred_to": [row[1] for row in rows]}


class TestAoristic:
    def test_each_hour_gets_its_part(self):
        result = asked("aoristic", spans(("2026-06-01T20:30+02:00", "2026-06-01T23:00+02:00")), min_events=1)
        assert result.weights[0][20:24] == pytest.approx([0.2, 0.4, 0.4, 0])  # a Monday
        assert sum(map(sum, result.weights)) == pytest.approx(1)
        assert result.possible[0][20:24] == [1, 1, 1, 0]
        assert sum(map(sum, result.sure)) == 0

    def test_moments_and_missing_ends(self):
        result = asked(
            "aoristic",
            spans(("2026-06-07T21:00Z", "2026-06-07T21:00Z"), ("2026-06-07T22:00Z", None)),
            min_events=1,
        )
        assert result.weights[6][23] == 1  # Sunday 23 o'clock in Stockholm
        assert result.weights[0][0] == 1
        assert (result.moments, result.sure[6][23], result.sure[0][0]) == (2, 1, 1)
        only = asked("aoristic", {"occurred_from": ["2026-06-07T21:00Z"]}, min_events=1)
        assert only.weights[6][23] == 1

    def test_the_night_with_an_hour_twice_and_the_night_without_it(self):
        back = asked(
            "aoristic", spans(("2026-10-25T01:00+02:00", "2026-10-25T04:00+01:00")), min_events=1
        )  # four real hours, of which two are called 02
        assert back.weights[6][1:4] == pytest.approx([0.25, 0.5, 0.25])
        assert back.possible[6][2] == 1
        forward = asked("aoristic", spans(("2026-03-29T01:00+01:00", "2026-03-29T04:00+02:00")), min_events=1)
        assert forward.weights[6][1:4] == pytest.approx([0.5, 0, 0.5])
        inside = asked("aoristic", spans(("2026-10-25T02:10+02:00", "2026-10-25T02:50+01:00")), min_events=1)
        assert inside.sure[6][2] == 0 or inside.weights[6][2] == pytest.approx(1)

    @pytest.mark.parametrize("zone", ["Europe/Stockholm", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])
    def test_as_minute_by_minute(self, zone):
        rng = np.random.default_rng(6)
        begin = [
            datetime(2026, 3, 26, tzinfo=UTC) + timedelta(minutes=int(m)) for m in rng.integers(0, 14_000, 40)
        ]
        minutes = rng.integers(0, 3_000, 40)
        expected = np.zeros((7, 24))
        for start, length in zip(begin, minutes, strict=True):
            for minute in range(max(1, length)):
                local = (start + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
                expected[local.weekday(), local.hour] += 1 / max(1, length)
        ends = [start + timedelta(minutes=int(length)) for start, length in zip(begin, minutes, strict=True)]
        result = asked("aoristic", {"occurred_from": begin, "occurred_to": ends}, zone=zone, max_hours=100)
        np.testing.assert_allclose(result.weights, expected, atol=1e-9)
        assert np.all(np.array(result.sure) <= np.array(result.weights) + 1e-9)
        assert np.all(np.array(result.weights) <= np.array(result.possible) + 1e-9)
        assert sum(result.by_hour) == pytest.approx(40)
        assert sum(result.by_weekday) == pytest.approx(40)

    def test_a_truth_within_the_intervals_lies_within_the_bounds(self):
        rng = np.random.default_rng(7)
        truth = np.zeros((7, 24), dtype=int)
        begin, end = [], []
        for _ in range(300):
            moment = datetime(2026, 5, 1, tzinfo=STOCKHOLM) + timedelta(minutes=int(rng.integers(0, 40_000)))
            truth[moment.weekday(), moment.hour] += 1
            begin.append(moment - timedelta(minutes=int(rng.integers(0, 300))))
            end.append(moment + timedelta(minutes=int(rng.integers(1, 300))))
        result = asked("aoristic", {"occurred_from": begin, "occurred_to": end})
        assert np.all(np.array(result.sure) <= truth)
        assert np.all(truth <= np.array(result.possible))

    def test_too_long_and_reversed_are_told_apart(self):
        rows = [("2026-06-01T20:00Z", "2026-06-01T21:00Z")] * 12
        rows += [("2026-06-01T20:00Z", "2026-06-05T21:00Z"), ("2026-06-01T20:00Z", "2026-06-01T19:00Z")]
        result = asked("aoristic", spans(*rows))
        assert (result.events, result.shared, result.too_long, result.reversed) == (14, 12, 1, 1)
        assert sum(map(sum, result.weights)) == pytest.approx(12)
        said = words("aoristic", result)
        assert "Left out: 1 case whose time span is too long." in said
        assert "Left out: 1 case with an end before" in said
        assert (result.peak.weekday, result.peak.hour, result.peak.sure) == (0, 22, 12)
        assert asked("aoristic", spans(*rows), max_hours=200).too_long == 0

    def test_too_few_and_unknown_zones(self):
        few = asked("aoristic", spans(("2026-06-01T20:00Z", "2026-06-01T21:00Z")))
        assert "Too few cases" in few.refusal.en
        assert few.peak is None
        with pytest.raises(BadInput, match="no time zone Europa/Stockholm"):
            asked("aoristic", spans(("2026-06-01T20:00Z", None)), zone="Europa/Stockholm")
        with pytest.raises(BadInput, match="whole quarters"):
            asked("aoristic", spans(("1870-06-01T20:00Z", None)))


class TestFigures:
    @pytest.mark.parametrize(("language", "theme"), LOOKS)
    def test_a_map_with_its_peak_in_words(self, language, theme):
        points = heaps(300)
        plain = asked("density", table(points), grid=24)
        text = said_of(density_figure.figure(plain, language, theme))
        assert "per km²" in text
        control = np.repeat([0, 1], [100, 200])
        beside = asked("density", table(points, control=control), grid=24, bandwidth_m=900)
        text = said_of(density_figure.figure(beside, language, theme))
        assert ("för få" if language == "sv" else "too few") in text
        assert ("gånger" if language == "sv" else "times") in text

    @pytest.mark.parametrize(("language", "theme"), LOOKS)
    def test_the_top_hour_is_framed(self, language, theme):
        result = asked("aoristic", spans(*[("2026-06-01T20:00Z", "2026-06-01T21:00Z")] * 12))
        drawn = aoristic_figure.figure(result, language, theme)
        assert ("måndag kl. 22–23" if language == "sv" else "Monday 22–23") in said_of(drawn)
        (frame,) = drawn.layout.shapes
        assert (frame.x0, frame.y0) == (21.5, -0.5)

    def test_a_refusal_is_drawn_as_words(self):
        for name, figure, rows in (
            ("density", density_figure.figure, table(np.zeros((0, 2)))),
            ("aoristic", aoristic_figure.figure, spans()),
        ):
            drawn = figure(asked(name, rows), "sv", "light")
            assert not drawn.data
            assert "För få fall" in said_of(drawn)

"""The shape of the reports: how many, when, how often again, how late, how often corrected."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from etl.feed import get_feed
from etl.feeds.demo import offences, versions
from etl.feeds.demo.clock import DAY_MINUTES, day_number
from etl.feeds.demo.deliveries import REPORTS, Demo
from etl.feeds.demo.shape import weekdays


def years(demo: Demo) -> np.ndarray:
    """Events registered in 2024 and 2025."""
    first, last = demo.midnight_s(date(2024, 1, 1)), demo.midnight_s(date(2026, 1, 1))
    first_s = demo.world.filings.first_s
    return np.flatnonzero((first_s >= first) & (first_s < last))


def test_some_25_reports_are_registered_a_day(demo: Demo) -> None:
    assert 23.5 < len(years(demo)) / 731 < 26.5


def test_weekends_evenings_and_midsummer_are_busy(demo: Demo) -> None:
    at = demo.world.events.at[years(demo)]
    week = np.bincount(weekdays(at // DAY_MINUTES), minlength=7)
    assert week[[5, 6]].min() > 1.1 * week[[0, 1, 2, 3]].max()
    hours = np.bincount(at % DAY_MINUTES // 60, minlength=24)
    assert hours[19:23].mean() > 3 * hours[3:7].mean()
    eve = demo.ground.calendar.reports(
        np.array([day_number(date(2025, 6, 20)), day_number(date(2025, 6, 13))])
    )
    assert eve[0] > 1.3 * eve[1]


def test_districts_report_by_their_inhabitants(demo: Demo) -> None:
    district = demo.places.district_of[demo.world.events.place[years(demo)]]
    shares = np.bincount(district, minlength=len(demo.places.districts)) / len(district)
    expected = np.array(
        [demo.places.share_of_district(number) for number in range(len(demo.places.districts))]
    )
    assert np.abs(shares - expected).max() < 0.012


def test_a_quarter_of_pairs_come_back_within_a_year(demo: Demo) -> None:
    events = demo.world.events
    second = np.flatnonzero(events.place_in_row == 1)
    gap_days = (events.at[second] - events.at[second - 1]) / DAY_MINUTES
    share = (gap_days < 365).sum() / (events.place_in_row == 0).sum()
    assert 0.22 < share < 0.26


def test_gaps_shorten_most_for_those_who_escalate(demo: Demo) -> None:
    world = demo.world
    row, at = world.events.place_in_row, world.events.at
    escalates = world.pairs.in_frequency[world.events.pair]

    def median_gap(place: int, *, of: bool) -> float:
        found = np.flatnonzero((row == place) & (escalates == of))
        return float(np.median(at[found] - at[found - 1])) / DAY_MINUTES

    assert median_gap(3, of=True) < 0.5 * median_gap(1, of=True)
    assert median_gap(3, of=False) > 0.65 * median_gap(1, of=False)


def test_few_escalate_in_severity_and_grave_offences_have_mostly_no_history(demo: Demo) -> None:
    world = demo.world
    repeats = world.pairs.in_severity[world.events.pair[world.events.place_in_row == 1]]
    assert 0.03 < repeats.mean() < 0.07
    grave = np.isin(world.events.group, [offences.NUMBER["mordforsok"], offences.NUMBER["grov_misshandel"]])
    assert (world.events.place_in_row[grave] == 0).mean() > 0.5


def test_moving_pairs_live_in_another_kommun_afterwards(demo: Demo) -> None:
    pairs, kommun = demo.world.pairs, demo.places.kommun_of
    moved = pairs.moved_to >= 0
    repeaters = np.bincount(demo.world.events.pair, minlength=len(moved)) > 1
    assert 0.09 < moved[repeaters].mean() < 0.15
    assert (kommun[pairs.moved_to[moved]] != kommun[pairs.home[moved]]).all()


def test_most_reports_come_the_same_day_and_sexual_offences_late(demo: Demo) -> None:
    chosen = years(demo)
    delay = (demo.world.filings.first_s[chosen] - demo.clock.utc_s(demo.world.events.at[chosen])) / 86_400
    group = demo.world.events.group[chosen]
    assert 0.62 < (delay < 1).mean() < 0.80
    assert 0.03 < (delay > 14).mean() < 0.10
    assert np.median(delay[group == offences.NUMBER["valdtakt"]]) > 2
    assert np.median(delay[group == offences.NUMBER["misshandel_inne"]]) < 0.2
    assert delay.min() > 0


def test_a_sixth_is_corrected_and_each_correction_changes_something(demo: Demo) -> None:
    told = demo.world.versions
    first = (told.number == 0).sum()
    shares = np.bincount(told.change, minlength=len(versions.CHANGES)) / first
    assert 0.14 < shares[1:].sum() < 0.22
    assert 0.012 < shares[versions.WITHDRAWN] < 0.025
    order = np.lexsort((told.number, told.event))
    facts = np.stack(
        [
            told.event, told.group, told.place, told.house, told.shift_min, told.suspect_known, told.withdrawn,
        ],
        axis=1,
    )[order]  # fmt: skip
    assert (np.diff(facts, axis=0) != 0).any(axis=1).all()
    same = np.diff(told.event[order]) == 0
    assert (np.diff(told.registered_s[order])[same] > 0).all()


def test_numbers_are_unique_and_in_the_order_of_registration(demo: Demo) -> None:
    first = demo.world.versions.number == 0
    ids = demo.world.ids[demo.world.versions.event[first]].tolist()
    assert len(set(ids)) == len(ids)
    of_2025 = [report for report in ids if report.endswith("-25")]
    assert of_2025 == sorted(of_2025)
    assert len(of_2025) > 8_000


def test_a_day_does_not_depend_on_how_much_of_the_world_was_made(demo: Demo) -> None:
    small = Demo(1, get_feed("demo").region, date(2026, 1, 1), date(2026, 6, 1))
    for day in (date(2026, 1, 1), date(2026, 2, 14), date(2026, 3, 29), date(2026, 6, 30)):
        stretch = (demo.midnight_s(day), demo.midnight_s(day + timedelta(days=1)))
        assert small.content(REPORTS, *stretch) == demo.content(REPORTS, *stretch)


def test_the_world_grows_without_changing(demo: Demo) -> None:
    growing = Demo(1, get_feed("demo").region, date(2026, 9, 1), date(2026, 9, 1))
    assert not growing.cover(date(2026, 9, 1), date(2026, 9, 20))
    assert growing.cover(date(2025, 9, 1), date(2026, 11, 24))
    stretch = (demo.midnight_s(date(2025, 9, 1)), int(datetime(2026, 11, 24).timestamp()))  # noqa: DTZ001 - any moment
    assert growing.content(REPORTS, *stretch) == demo.content(REPORTS, *stretch)


def test_other_seeds_are_other_worlds(demo: Demo) -> None:
    other = Demo(2, get_feed("demo").region, date(2026, 9, 1), date(2026, 9, 1))
    stretch = (demo.midnight_s(date(2026, 9, 1)), demo.midnight_s(date(2026, 9, 2)))
    assert other.content(REPORTS, *stretch) != demo.content(REPORTS, *stretch)

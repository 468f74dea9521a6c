"""Pairs and the reports on them, a month of newcomers at a time.

A cohort is every pair whose first report is of one month, with its whole history for three years. It is a function of
the seed and the month, so that it does not matter which cohorts are made, in what order, or when.

The recurrent process leans on domain A6. Of all pairs 24 % come back within a year (Bland & Ariel 2015: 76 % of dyads
had no repeat; Barnham 2017: 77.6 %; in Sweden "nearly every third" victim reports again within twelve months), the
chance of another grows with each report (AIC ti552, ti591: risk cumulates), and gaps shorten for somewhat more than a
third of those who return (escalation in frequency for some, Bland & Ariel; Kerr, Whyte & Strang 2017). Few escalate in
severity (none in Bland & Ariel's dyads with five calls or more), so few do here. No figure is fitted to any real pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from etl.feeds.demo import offences, people
from etl.feeds.demo.clock import DAY_MINUTES
from etl.feeds.demo.offences import COUPLE_MAN, COUPLE_WOMAN, KIN_WOMAN
from etl.feeds.demo.planted import BURST_FACTOR, bursts
from etl.feeds.demo.shape import DOMESTIC_BY_WEEKDAY, domestic_minutes, weekdays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from etl.feeds.demo.clock import Ints
    from etl.feeds.demo.ground import Ground
    from etl.feeds.demo.places import Places

    Flags = NDArray[np.bool_]

REPORTS_PER_DAY = 25.0
NEW_PAIRS_PER_DAY = 15.6
"""So many that newcomers and repeats together make ``REPORTS_PER_DAY``."""

AGAIN = (0.25, 0.44, 0.52, 0.57, 0.60, 0.62, 0.62, 0.62, 0.62, 0.62, 0.62)
"""The chance of a further report after the first, second, ...; the last pair of twelve reports stops."""

FIRST_GAP_DAYS, GAP_SIGMA = 70.0, 0.95
SHRINK_ESCALATING, SHRINK_OTHERS = 0.58, 0.93
FOLLOWED_DAYS = 3 * 365
ESCALATES_IN_FREQUENCY, ESCALATES_IN_SEVERITY = 0.38, 0.05
MOVES, PROTECTED, SHARED_SUSPECT, HAS_CHILD, ELSEWHERE = 0.12, 0.025, 0.03, 0.40, 0.08
COHORT = 1  # stream of the seed


@dataclass(frozen=True)
class Pairs:
    """Victim and suspect, one element a pair. Persons are twelve-digit numbers (``people``)."""

    key: Ints
    relation: Ints
    home: Ints
    house: Ints
    moved_to: Ints
    moved_before: Ints
    victim: Ints
    suspect: Ints
    child: Ints
    child_sex: Ints
    protected: Flags
    in_frequency: Flags
    in_severity: Flags
    shared_suspect: Flags
    burst: Ints


@dataclass(frozen=True)
class Events:
    """What happened, one element a report: ``pair`` (position), ``place_in_row`` from 0, ``at`` (local minutes)."""

    pair: Ints
    place_in_row: Ints
    at: Ints
    group: Ints
    companion: Ints
    child_saw: Flags
    place: Ints
    house: Ints


def month_days(month: int) -> Ints:
    """The local day numbers of a month, counted from 1970-01."""
    start, end = np.array([month, month + 1]).astype("M8[M]").astype("M8[D]").astype(np.int64)
    return np.arange(start, end, dtype=np.int64)


def newcomers(ground: Ground, month: int) -> tuple[np.random.Generator, Pairs, Events]:
    """One cohort, and the generator to go on with."""
    rng = np.random.default_rng([ground.seed, COHORT, month])
    first_day, home, burst = _first_reports(rng, ground, month)
    in_frequency = rng.random(len(first_day)) < ESCALATES_IN_FREQUENCY
    pair, place_in_row, day = _recurrences(rng, first_day, in_frequency)
    reports = np.bincount(pair, minlength=len(first_day))
    pairs = _pairs(rng, month, Newcomers(home, burst, in_frequency, reports), ground.places)
    return rng, pairs, _events(rng, pairs, (pair, place_in_row, day), ground.places)


def _first_reports(rng: np.random.Generator, ground: Ground, month: int) -> tuple[Ints, Ints, Ints]:
    """First day, home and burst (-1 for none) of each newcomer."""
    days, places = month_days(month), ground.places
    expected = NEW_PAIRS_PER_DAY * ground.calendar.reports(days)
    first_day = np.repeat(days, rng.poisson(expected))
    home = places.draw_home(rng, len(first_day))
    burst = np.full(len(first_day), -1, np.int64)
    for bad in bursts(ground, int(days[0]), int(days[-1]) + 1):
        inside = days[(days >= bad.from_day) & (days < bad.to_day)]
        usual = REPORTS_PER_DAY * places.share_of_district(bad.district)
        extra = np.repeat(inside, rng.poisson((BURST_FACTOR - 1) * usual, len(inside)))
        first_day = np.r_[first_day, extra]
        there = np.full(len(extra), bad.district, np.int64)
        home = np.r_[home, places.draw_in(rng, places.district_of, there)]
        burst = np.r_[burst, np.full(len(extra), bad.block, np.int64)]
    return first_day, home, burst


def _recurrences(rng: np.random.Generator, first_day: Ints, in_frequency: Flags) -> tuple[Ints, Ints, Ints]:
    """The day of every report: pair, place in the pair's row (from 0), local day; pair by pair, first to last."""
    pair, day = np.arange(len(first_day), dtype=np.int64), first_day
    found = [(pair, np.zeros_like(pair), day)]
    for past, chance in enumerate(AGAIN):
        shrink = np.where(in_frequency[pair], SHRINK_ESCALATING, SHRINK_OTHERS) ** past
        gap = FIRST_GAP_DAYS * shrink * rng.lognormal(0.0, GAP_SIGMA, len(day))
        day = _on_a_likely_weekday(rng, day + np.maximum(gap, 1.0).astype(np.int64))
        again = (rng.random(len(day)) < chance) & (day < first_day[pair] + FOLLOWED_DAYS)
        pair, day = pair[again], day[again]
        found.append((pair, np.full_like(pair, past + 1), day))
    pairs, rows, days = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((rows, pairs))
    return pairs[order], rows[order], days[order]


def _on_a_likely_weekday(rng: np.random.Generator, day: Ints) -> Ints:
    """Move each day on by up to six days, so that the weekdays of repeats are those of all reports."""
    week = (weekdays(day)[:, None] + np.arange(7)) % 7
    chance = np.cumsum(DOMESTIC_BY_WEEKDAY[week], axis=1)
    later: Ints = day + (rng.random(len(day))[:, None] * chance[:, -1:] > chance).sum(axis=1)
    return later


@dataclass(frozen=True)
class Newcomers:
    """What is settled of a pair before it is given persons: ``reports`` is how many there will be."""

    home: Ints
    burst: Ints
    in_frequency: Flags
    reports: Ints


def _pairs(rng: np.random.Generator, month: int, new: Newcomers, places: Places) -> Pairs:
    count = len(new.home)
    relation = rng.choice(4, count, p=offences.RELATION_SHARES)
    couple = relation <= COUPLE_MAN
    victim_sex = offences.VICTIM_IS_MAN[relation]
    suspect_sex = np.where(rng.random(count) < np.where(couple, 0.97, 0.2), 1 - victim_sex, victim_sex)
    suspect_sex = np.where(
        ~couple & (relation == KIN_WOMAN) & (rng.random(count) < 0.7), people.MAN, suspect_sex
    )
    age = np.clip(np.where(couple, rng.normal(36, 11, count), rng.uniform(19, 74, count)), 18, 85)
    other = np.clip(np.where(couple, age + rng.normal(2, 5, count), rng.uniform(18, 60, count)), 18, 85)
    year = 1970 + month // 12
    child_sex = rng.integers(0, 2, count)
    born = np.concatenate([year - age, year - other, year - rng.uniform(2, 17, count)]).astype(np.int64)
    persons = people.numbers(rng, month, born, np.concatenate([victim_sex, suspect_sex, child_sex]))
    victim, suspect, child = persons.reshape(3, count)
    child = np.where(couple & (rng.random(count) < HAS_CHILD), child, people.UNKNOWN)
    suspect, shared = _share_suspects(rng, relation, suspect)
    moves = (new.reports >= 2) & (rng.random(count) < MOVES)
    return Pairs(
        key=month * 10_000 + np.arange(count, dtype=np.int64),
        relation=relation, home=new.home, house=rng.integers(1, 25, count),
        moved_to=np.where(moves, _elsewhere(rng, new.home, places), -1),
        moved_before=np.where(moves, 1 + (rng.random(count) * (new.reports - 1)).astype(np.int64), -1),
        victim=victim, suspect=suspect, child=child, child_sex=child_sex,
        protected=rng.random(count) < PROTECTED,
        in_frequency=new.in_frequency, in_severity=rng.random(count) < ESCALATES_IN_SEVERITY,
        shared_suspect=shared, burst=new.burst,
    )  # fmt: skip


def _share_suspects(rng: np.random.Generator, relation: Ints, suspect: Ints) -> tuple[Ints, Flags]:
    """Some suspects have two victims: a pair takes over the suspect of the couple before it."""
    couples = np.flatnonzero(relation == COUPLE_WOMAN)
    second = np.flatnonzero(rng.random(len(couples)) < SHARED_SUSPECT)
    second = second[(second > 0) & ~np.isin(second - 1, second)]
    result, shared = suspect.copy(), np.zeros(len(suspect), np.bool_)
    result[couples[second]] = suspect[couples[second - 1]]
    shared[couples[second]] = True
    return result, shared


def _elsewhere(rng: np.random.Generator, home: Ints, places: Places) -> Ints:
    """A street in another kommun for each home, by inhabitants."""
    found = places.draw_home(rng, len(home))
    while (same := places.kommun_of[found] == places.kommun_of[home]).any():
        found[same] = places.draw_home(rng, int(same.sum()))
    return found


def _events(
    rng: np.random.Generator, pairs: Pairs, reports: tuple[Ints, Ints, Ints], places: Places
) -> Events:
    pair, place_in_row, day = reports
    count = len(pair)
    relation = pairs.relation[pair]
    group = offences.draw_main(rng, relation)
    rung = np.minimum(place_in_row, len(offences.LADDER) - 1)
    group = np.where(
        pairs.in_severity[pair] & (pairs.relation[pair] <= COUPLE_MAN), offences.LADDER[rung], group
    )
    companion = np.where(rng.random(count) < offences.COMPANION_SHARE[group], offences.COMPANION[group], -1)
    with_child = offences.VIOLENCE[group] & (pairs.child[pair] != people.UNKNOWN)
    child_saw = with_child & (rng.random(count) < offences.CHILD_SHARE / HAS_CHILD)
    moved = (pairs.moved_to[pair] >= 0) & (place_in_row >= pairs.moved_before[pair])
    home = np.where(moved, pairs.moved_to[pair], pairs.home[pair])
    away = offences.OUTDOORS[group] | (rng.random(count) < ELSEWHERE)
    nearby = places.draw_in(rng, places.kommun_of, places.kommun_of[home])
    return Events(
        pair=pair, place_in_row=place_in_row, at=day * DAY_MINUTES + domestic_minutes(rng, weekdays(day)),
        group=group, companion=companion, child_saw=child_saw, place=np.where(away, nearby, home),
        house=np.where(away, rng.integers(1, 25, count), np.where(moved, 25 - pairs.house[pair], pairs.house[pair])),
    )  # fmt: skip

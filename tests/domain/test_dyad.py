"""A pair's rungs, its clock, its two lines, and what a chief sees of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dyad import ELSEWHERE_EN, ELSEWHERE_SV, by_last_report, for_scope
from tests.domain.rungs import ACTS, START, chains, dyad, rung


def test_two_lines_and_a_clock():
    pair = dyad((rung(2, 40, "9365"), rung(1, 10, "9456"), rung(3, 41, "9456", "4090")))
    assert [point.severity for point in pair.severity()] == [200, 500, 200]
    assert [point.days_since_previous for point in pair.frequency()] == [None, 30, 1]
    assert pair.days_since_last(START + timedelta(days=100)) == 59


def test_a_pair_without_a_report_is_none():
    with pytest.raises(ValueError, match="no pair"):
        dyad(())


def test_where_nobody_says_when_it_was_reported_it_is_when_it_became_known():
    late = replace(rung(1, 0), reported_at=None, first_known_at=rung(1, 9).occurred_from)
    assert late.told_at == rung(1, 9).occurred_from


@given(chains())
def test_rungs_stand_in_the_order_they_happened(chain):
    pair = dyad(chain)
    assert sorted(r.incident for r in pair.rungs) == sorted(r.incident for r in chain)
    assert all((gap.days_since_previous or 0) >= 0 for gap in pair.frequency())
    assert len(pair.severity()) == len(pair.frequency()) == len(chain)


@given(st.lists(chains(), max_size=6), st.randoms(use_true_random=False))
def test_lists_go_by_the_last_report_and_nothing_that_happened_moves_them(several, random):
    pairs = [dyad(chain, number) for number, chain in enumerate(several)]
    listed = by_last_report(pairs)
    assert [p.last_told_at for p in listed] == sorted((p.last_told_at for p in pairs), reverse=True)
    other = [
        replace(p, rungs=tuple(replace(r, offences=(ACTS[random.choice(sorted(ACTS))],)) for r in p.rungs))
        for p in pairs
    ]
    assert [p.victim for p in by_last_report(other)] == [p.victim for p in listed]


@given(chains(), st.sets(st.integers(1, 3)).map(frozenset))
def test_a_chief_sees_own_rungs_and_of_others_only_that_there_are_some(chain, own):
    seen = for_scope(chain, own)
    assert {r.incident for r in seen.rungs} == {r.incident for r in chain if r.area_ids & own}
    assert seen.elsewhere == any(not r.area_ids & own for r in chain)
    assert seen.note == ((ELSEWHERE_SV, ELSEWHERE_EN) if seen.elsewhere else None)


@given(chains(smallest=2))
def test_how_much_lies_elsewhere_is_not_told(chain):
    foreign = tuple(r for r in chain if not r.area_ids & {1})
    own = tuple(r for r in chain if r.area_ids & {1})
    if foreign:
        assert for_scope(chain, frozenset({1})) == for_scope((*own, foreign[0]), frozenset({1}))

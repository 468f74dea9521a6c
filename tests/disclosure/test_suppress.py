"""No hidden cell can be worked out or narrowed down, over linked cubes of two crossing hierarchies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disclosure.attack import attack
from app.disclosure.policy import Policy
from app.disclosure.suppress import Unprotectable, suppress
from tests.disclosure.small import area_plan, cells_with_counts, counts_of, small_counts

policies = st.builds(
    Policy,
    threshold=st.integers(2, 6),
    width=st.integers(1, 6),
    zeros=st.sampled_from(["shown", "hidden"]),
)


def seen_by_a_reader(counts, hidden):
    return attack({cell: (n, n) for cell, n in counts.items() if cell not in hidden}, hidden)


@settings(max_examples=60, deadline=None)
@given(st.lists(small_counts, min_size=8, max_size=8), policies)
def test_every_small_cell_is_hidden_and_every_hidden_cell_stays_wide(numbers, policy):
    plan = area_plan(policy)
    counts = cells_with_counts(plan, counts_of(plan, numbers))
    hidden = suppress(counts, policy)
    assert {cell for cell, number in counts.items() if policy.small(number)} <= hidden
    for seen in seen_by_a_reader(counts, hidden).values():
        assert seen.greatest - seen.least >= policy.width
        assert seen.greatest >= policy.threshold
        assert not seen.exact


@settings(max_examples=30, deadline=None)
@given(st.lists(small_counts, min_size=8, max_size=8))
def test_no_complement_is_hidden_in_vain(numbers):
    plan = area_plan()
    counts = cells_with_counts(plan, counts_of(plan, numbers))
    hidden = suppress(counts, plan.policy)
    for cell in hidden:
        if not plan.policy.small(counts[cell]):
            fewer = hidden - {cell}
            found = seen_by_a_reader(counts, fewer)
            assert not all(plan.policy.wide(seen.least, seen.greatest) for seen in found.values())


def test_the_same_counts_hide_the_same_cells():
    plan = area_plan(offences=3)
    counts = cells_with_counts(plan, counts_of(plan, [1, 7, 30, 9, 0, 3, 12, 15, 22, 8, 8, 2]))
    assert suppress(counts, plan.policy) == suppress(counts, plan.policy)


def test_nothing_small_hides_nothing():
    plan = area_plan()
    counts = cells_with_counts(plan, counts_of(plan, [5, 8, 0, 9, 12, 30, 7, 6]))
    assert suppress(counts, plan.policy) == frozenset()


def test_what_was_shown_is_never_hidden_again_and_then_may_make_protection_impossible():
    plan = area_plan()
    counts = cells_with_counts(plan, counts_of(plan, [1, 8, 20, 9, 12, 30, 7, 6]))
    small = {cell for cell, number in counts.items() if plan.policy.small(number)}
    with pytest.raises(Unprotectable):
        suppress(counts, plan.policy, held=counts.keys() - small)
    free = suppress(counts, plan.policy)
    held = counts.keys() - free
    assert suppress(counts, plan.policy, held=held) == free


def test_what_was_hidden_stays_hidden():
    plan = area_plan()
    counts = cells_with_counts(plan, counts_of(plan, [5, 8, 20, 9, 12, 30, 7, 6]))
    some = next(iter(counts))
    assert some in suppress(counts, plan.policy, hidden=[some])

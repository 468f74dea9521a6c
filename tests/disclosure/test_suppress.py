"""No hidden cell can be worked out or narrowed down, over linked cubes of two crossing hierarchies."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disclosure.attack import attack, gives_away
from app.disclosure.axis import TOTAL, Axis
from app.disclosure.cube import Cube, Plan, atoms, count
from app.disclosure.policy import Policy
from app.disclosure.suppress import Unprotectable, suppress
from tests.disclosure.small import area_plan, cells_with_counts, counts_of, small_counts

policies = st.tuples(st.integers(2, 6), st.integers(1, 6), st.sampled_from(["shown", "hidden"])).map(
    lambda drawn: Policy(threshold=drawn[0], width=min(drawn[:2]), zeros=drawn[2])
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
    shown = {cell: number for cell, number in counts.items() if cell not in hidden}
    assert gives_away(shown, hidden, policy) is None
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
            narrow = {of for of, seen in found.items() if not plan.policy.wide(seen.least, seen.greatest)}
            shown = {of: number for of, number in counts.items() if of not in fewer}
            assert gives_away(shown, fewer, plan.policy) in narrow


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


def test_small_pieces_between_overlapping_areas_are_protected_though_no_cube_lists_them():
    area = Axis.of("area", ["a", "b", "c"], {"kommun": ["a", "b", "c"], "lpo": ["a", "b"]})
    month = Axis.of("month", ["m"])
    plan = Plan(
        "p", "s", (area, month), "month",
        (Cube("kommun", {"area": ("kommun",)}), Cube("lpo", {"area": ("lpo",)})), Policy(),
    )  # fmt: skip
    base = {("a", "m"): 11, ("b", "m"): 9, ("c", "m"): 2}
    counts = cells_with_counts(plan, base)
    pieces = {cell: count(cell, base) for cell in atoms(counts)}
    assert suppress(counts, plan.policy) == frozenset()  # Both are large, and their difference is 2.
    hidden = suppress(counts, plan.policy, pieces=pieces)
    assert len(hidden) == 1
    between = next(cell for cell, number in pieces.items() if number == 2)
    shown = {cell: (n, n) for cell, n in counts.items() if cell not in hidden}
    seen = attack(shown, [between])[between]
    assert plan.policy.wide(seen.least, seen.greatest)


@settings(max_examples=40, deadline=None)
@given(st.lists(small_counts, min_size=8, max_size=8), policies)
def test_every_sum_of_pieces_that_is_small_stays_wide_whatever_is_subtracted(numbers, policy):
    plan = area_plan(policy)
    only_groups = ("north", "odd", TOTAL)
    plan = replace(plan, cubes=(Cube("groups", {"area": only_groups, "offence": ("o0", TOTAL)}),))
    base = counts_of(plan, numbers)
    counts = cells_with_counts(plan, base)
    pieces = {cell: count(cell, base) for cell in atoms(counts)}
    hidden = suppress(counts, policy, pieces=pieces)
    shown = {cell: (n, n) for cell, n in counts.items() if cell not in hidden}
    for size in (1, 2):
        for areas in itertools.combinations(sorted(plan.axes[0].leaves), size):
            for offences in ({"o0"}, {"o1"}, {"o0", "o1"}):
                cell = (frozenset(areas), frozenset(offences), plan.periods)
                if 0 < count(cell, base) < policy.threshold:
                    assert attack(shown, [cell])[cell].greatest >= policy.threshold

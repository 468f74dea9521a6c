"""Consecutive days, added cubes, totals that become complete: nothing published can be subtracted from the rest."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disclosure.attack import attack
from app.disclosure.axis import TOTAL, Axis
from app.disclosure.cube import Cube, atoms, count
from app.disclosure.ledger import AlreadyPublished, Publications, extend, publish, require_apart
from app.disclosure.policy import Policy
from app.disclosure.recover import recover
from app.disclosure.versions import in_version
from app.domain.errors import BadInput
from tests.disclosure.small import MONTHS, PIN, area_plan, counts_of, month_of, small_counts

NUMBERS = [1, 7, 30, 9, 0, 3, 12, 15, 22, 8, 8, 2, 6, 5, 1, 40, 3, 3, 2, 0, 17, 9, 11, 4]


def published_month_by_month(plan, counts, order=MONTHS):
    """The publications after each month."""
    stages = [Publications(plan)]
    for month in order:
        stages.append(publish(stages[-1], month, month_of(counts, month), PIN))
    return stages[1:]


def documents(publications):
    return [publications.cube(cube.name).document() for cube in publications.plan.cubes]


@settings(max_examples=20, deadline=None)
@given(st.lists(small_counts, min_size=24, max_size=24), st.permutations(MONTHS))
def test_everything_published_over_time_together_recovers_nothing(numbers, order):
    plan = area_plan(months=3)
    counts = counts_of(plan, numbers)
    stages = published_month_by_month(plan, counts, order)
    found = recover([document for stage in stages for document in documents(stage)])
    assert found.nothing
    small = {in_version(cell, 1) for cell in plan.cells() if plan.policy.small(count(cell, counts))}
    assert small <= found.wide


@settings(max_examples=10, deadline=None)
@given(st.lists(small_counts, min_size=24, max_size=24))
def test_nobody_knows_more_after_publication_than_the_rule_allows_of_any_piece(numbers):
    plan = area_plan(months=3)
    plan = replace(
        plan, cubes=(plan.cubes[1], Cube("north", {"area": ("north",), "month": (MONTHS[1], TOTAL)}))
    )
    counts = counts_of(plan, numbers)
    last = published_month_by_month(plan, counts)[-1]
    shown = {cell: (figure, figure) for cell, figure in last.decided.items() if figure is not None}
    small = [cell for cell in atoms(last.decided) if plan.policy.small(count(cell, counts))]
    for seen in attack(shown, small).values():
        assert plan.policy.wide(seen.least, seen.greatest)


def test_a_published_figure_never_changes_and_a_hidden_one_never_appears():
    plan = area_plan(months=3)
    stages = published_month_by_month(plan, counts_of(plan, NUMBERS))
    for earlier, later in itertools.pairwise(stages):
        assert earlier.decided.items() <= later.decided.items()


def test_a_total_appears_with_the_last_of_its_periods():
    plan = area_plan(months=3)
    stages = published_month_by_month(plan, counts_of(plan, NUMBERS))
    shown = [{row.labels["month"] for row in stage.cube("district").rows} for stage in stages]
    assert shown == [{*MONTHS[:1]}, {*MONTHS[:2]}, {*MONTHS, TOTAL}]


def test_a_period_is_published_once_whatever_was_corrected_since():
    plan = area_plan(months=3)
    counts = counts_of(plan, NUMBERS)
    once = publish(Publications(plan), MONTHS[0], month_of(counts, MONTHS[0]), PIN)
    later = replace(PIN, known_at=PIN.known_at + timedelta(days=1))
    with pytest.raises(AlreadyPublished):
        publish(once, MONTHS[0], {**month_of(counts, MONTHS[0]), ("a0", "o0", MONTHS[0]): 2}, later)


def test_a_cube_that_is_added_later_gives_nothing_away():
    plan = area_plan(months=3)
    counts = counts_of(plan, NUMBERS)
    before = published_month_by_month(plan, counts)[-1]
    fine = Cube(
        "fine", {"area": ("odd", "south", "a3"), "month": (MONTHS[0], TOTAL), "offence": ("o1", TOTAL)}
    )
    after = extend(before, fine)
    assert before.decided.items() <= after.decided.items()
    assert len(after.cube("fine").rows) == 3 * 2 * 2
    assert recover([*documents(before), *documents(after)]).nothing


def test_a_second_plan_over_the_same_counts_is_refused():
    plan = area_plan(months=3)
    again = replace(plan, name="other breakdown")
    with pytest.raises(BadInput):
        require_apart(again, [plan])
    require_apart(replace(again, source="call offences"), [plan])
    area, offence, _ = plan.axes
    next_year = replace(plan, axes=(area, offence, Axis.of("month", ["2027-01"])), cubes=())
    require_apart(next_year, [plan])


@pytest.mark.parametrize(
    ("period", "counts"),
    [
        ("2026-04", {}),
        (MONTHS[0], {("a0", "o0", MONTHS[1]): 3}),
        (MONTHS[0], {("a0", "unknown", MONTHS[0]): 3}),
        (MONTHS[0], {("a0", MONTHS[0]): 3}),
        (MONTHS[0], {("a0", "o0", MONTHS[0]): -1}),
    ],
    ids=["no such period", "another period's", "unknown leaf", "an axis is missing", "negative"],
)
def test_counts_that_are_not_of_the_period_are_refused(period, counts):
    with pytest.raises(BadInput):
        publish(Publications(area_plan(months=3)), period, counts, PIN)


def test_rounded_publications_are_attacked_too_and_give_nothing_away():
    plan = area_plan(Policy(rounding=3), months=3)
    counts = counts_of(plan, NUMBERS)
    made = Publications(plan, key=bytes(32))
    for month in MONTHS:
        made = publish(made, month, month_of(counts, month), PIN)
    assert all(row.figure is None or row.figure % 3 == 0 for row in made.cube("district").rows)
    assert recover(documents(made)).nothing

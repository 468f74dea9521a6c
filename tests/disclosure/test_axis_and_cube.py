"""What is counted and what is shown of it."""

from __future__ import annotations

import pytest

from app.disclosure.axis import TOTAL, Axis
from app.disclosure.cube import Cube, Plan, count
from app.disclosure.policy import Policy
from app.domain.errors import BadInput
from tests.disclosure.small import area_plan, counts_of


def test_two_groups_with_the_same_leaves_are_one_cell_in_whatever_cube():
    area = Axis.of("area", ["gotland", "solna"], {"lan-09": ["gotland"]})
    month = Axis.of("month", ["m"])
    plan = Plan(
        "p", "s", (area, month), "month",
        (Cube("kommun", {"area": ("gotland",)}), Cube("lan", {"area": ("lan-09",)})), Policy(),
    )  # fmt: skip
    assert len(plan.cells()) == 1


def test_a_cell_counts_the_leaves_under_it_and_missing_ones_are_zero():
    plan = area_plan()
    counts = counts_of(plan, [3, 1])
    labels = {"area": "north", "offence": TOTAL, "month": TOTAL}
    cell = next(cell for row, cell in plan.rows(plan.cube("district")) if row == labels)
    assert count(cell, counts) == 4


@pytest.mark.parametrize(
    ("leaves", "groups"),
    [
        ([], {}),
        (["a", "a"], {}),
        (["a", TOTAL], {}),
        (["a"], {"g": ["b"]}),
        (["a"], {"g": []}),
        (["a"], {"a": ["a"]}),
        (["a"], {TOTAL: ["a"]}),
    ],
)
def test_an_axis_that_is_no_axis_is_refused(leaves, groups):
    with pytest.raises(BadInput):
        Axis.of("area", leaves, groups)


def test_a_cube_about_unknown_things_is_refused():
    month = Axis.of("month", ["m"])
    for cube in (Cube("c", {"relation": ("x",)}), Cube("c", {"month": ("n",)})):
        with pytest.raises(BadInput):
            Plan("p", "s", (month,), "month", (cube,), Policy())
    with pytest.raises(BadInput):
        Plan("p", "s", (month,), "area", (), Policy())
    with pytest.raises(BadInput):
        area_plan().cube("free filter")


@pytest.mark.parametrize(
    ("zeros", "small"), [("shown", [1, 2, 3, 4]), ("hidden", [0, 1, 2, 3, 4])], ids=["zeros shown", "hidden"]
)
def test_one_to_four_are_small_and_zero_by_choice(zeros, small):
    policy = Policy(zeros=zeros)
    assert [number for number in range(7) if policy.small(number)] == small


def test_a_policy_that_protects_nothing_is_refused():
    for wrong in ({"threshold": 1}, {"width": 0}, {"width": 6}, {"rounding": 0}):
        with pytest.raises(BadInput):
            Policy(**wrong)

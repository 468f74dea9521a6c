"""Two tables that share margins are solved side by side and say exactly what one table of all their axes says."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disclosure import cube as cubes
from app.disclosure.attack import attack
from app.disclosure.axis import TOTAL, Axis
from app.disclosure.cube import Cube, Plan, atoms, count, views
from app.disclosure.policy import Policy

AREA = Axis.of("area", ["a", "b", "c"], {"ab": ["a", "b"]})
OFFENCE, HOUR = Axis.of("offence", ["o1", "o2"]), Axis.of("hour", ["h1", "h2"])
MONTH = Axis.of("month", ["m1", "m2"])
PLAN = Plan(
    "p", "s", (AREA, OFFENCE, HOUR, MONTH), "month",
    (
        Cube("months", {"area": ("a", "b", "c", TOTAL), "offence": ("o1", "o2", TOTAL), "month": ("m1", "m2", TOTAL)}),
        Cube("hours", {"area": ("ab", "c", TOTAL), "hour": ("h1", "h2"), "month": (TOTAL,)}),
    ),
    Policy(),
)  # fmt: skip
KEYS = list(itertools.product("abc", ("o1", "o2"), ("h1", "h2"), ("m1", "m2")))
numbers = st.lists(st.one_of(st.just(0), st.integers(0, 9)), min_size=len(KEYS), max_size=len(KEYS))


def test_each_view_is_cut_into_its_own_pieces():
    cells = PLAN.cells()
    assert views(cells) == [(0, 1, 3), (0, 2)]
    assert len(atoms(cells)) == 3 * 2 * 2 + 2 * 2


@settings(max_examples=40, deadline=None)
@given(numbers, st.data())
def test_side_by_side_or_as_one_table_the_attack_finds_the_same(values, data):
    counts = dict(zip(KEYS, values, strict=True))
    cells = PLAN.cells()
    hidden = data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=25, unique=True))
    shown = {cell: (number := count(cell, counts), number) for cell in cells if cell not in hidden}
    apart = attack(shown, hidden)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cubes, "views", lambda _: [(0, 1, 2, 3)])
        assert attack(shown, hidden) == apart


def test_three_tables_that_share_margins_are_solved_as_one():
    full = [frozenset({"x", "y"})] * 3
    cells = [
        tuple(frozenset({"x"}) if axis in crossed else full[axis] for axis in range(3))
        for crossed in ((0, 1), (1, 2), (0, 2), ())
    ]
    assert views(cells) == [(0, 1, 2)]

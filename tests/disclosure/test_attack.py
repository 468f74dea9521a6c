"""The attacker is as strong as it claims: against every table there is, one by one."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disclosure.attack import Interval, attack
from app.disclosure.axis import TOTAL, Axis
from app.disclosure.cube import Cube, Plan, count
from app.disclosure.policy import Policy
from app.domain.errors import BadInput


def every_table(keys, most):
    """Each way to put whole numbers of at most ``most`` into the base cells."""
    for numbers in itertools.product(range(most + 1), repeat=len(keys)):
        yield dict(zip(keys, numbers, strict=True))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=6, max_size=6), st.data())
def test_the_bounds_are_those_of_trying_every_table(numbers, data):
    rows, columns = Axis.of("r", ["a", "b", "c"], {"ab": ["a", "b"]}), Axis.of("c", ["x", "y"])
    everything = Cube("k", {"r": ("a", "b", "c", "ab", TOTAL), "c": ("x", "y", TOTAL)})
    plan = Plan("p", "s", (rows, columns), "c", (everything,), Policy())
    keys = list(itertools.product("abc", "xy"))
    truth = dict(zip(keys, numbers, strict=True))
    cells = plan.cells()
    hidden = data.draw(st.lists(st.sampled_from(cells[:-1]), min_size=1, max_size=8, unique=True))
    shown = {cell: count(cell, truth) for cell in cells if cell not in hidden}
    # The grand total is shown, so no cell can hold more than it.
    possible = [
        table for table in every_table(keys, min(4, sum(numbers)))
        if all(count(cell, table) == number for cell, number in shown.items())
    ]  # fmt: skip
    found = attack({cell: (number, number) for cell, number in shown.items()}, hidden)
    for cell in hidden:
        values = [count(cell, table) for table in possible]
        assert found[cell].least == min(values)
        # Trying stops at 4 a cell; beyond it the attack may only say more.
        if sum(numbers) <= 4:
            assert found[cell].greatest == max(values)
        else:
            assert found[cell].greatest >= max(values)


def cell(*leaves):
    return (frozenset(leaves),)


def test_counts_are_whole_which_a_reader_of_fractions_overlooks():
    # a+b = 4, b+c = 4, a+c+d = 5, so d = 2b-3; and d+e = 4, so b lies in 1.5..3.5: that is, 2 or 3.
    shown = {cell("a", "b"): 4, cell("b", "c"): 4, cell("a", "c", "d"): 5, cell("d", "e"): 4}
    found = attack({of: (number, number) for of, number in shown.items()}, [cell("b")])
    assert found[cell("b")] == Interval(2, 3)


def test_a_cell_that_nothing_bounds_is_open():
    assert attack({cell("a"): (3, 3)}, [cell("a", "b")]) == {cell("a", "b"): Interval(3, math.inf)}


def test_figures_that_contradict_each_other_are_said_to():
    with pytest.raises(BadInput):
        attack({cell("a"): (3, 3), cell("a", "b"): (2, 2)}, [cell("b")])

"""The same cell is always rounded the same way, and no more than it must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.disclosure.rounding import meaning, rounded
from app.domain.errors import BadInput

KEY, OTHER = bytes(range(32)), bytes(32)
leaves = st.frozensets(st.text(min_size=1, max_size=5), min_size=1, max_size=3)
cells = st.tuples(leaves, leaves)


@given(st.integers(0, 1000), cells, st.sampled_from([3, 5, 10]))
def test_a_figure_is_a_multiple_next_to_the_count_and_says_so(number, cell, base):
    figure = rounded(number, cell, base, KEY)
    assert figure % base == 0
    assert abs(figure - number) < base
    least, greatest = meaning(figure, base)
    assert least <= number <= greatest
    assert figure == rounded(number, cell, base, KEY)


def test_on_average_nothing_is_added_and_another_key_draws_otherwise():
    many = [(frozenset({f"a{number}"}), frozenset({"m"})) for number in range(3000)]
    figures = [rounded(4, cell, 3, KEY) for cell in many]
    assert sum(figures) / len(figures) == pytest.approx(4, abs=0.1)
    assert figures != [rounded(4, cell, 3, OTHER) for cell in many]


def test_a_name_with_a_comma_is_not_taken_for_two():
    two, one = (frozenset({"a", "b"}),), (frozenset({"a,b"}),)
    draws = [[rounded(number, cell, 1000, KEY) for number in range(1000)] for cell in (two, one)]
    assert draws[0] != draws[1]


def test_no_rounding_needs_no_key_and_rounding_needs_a_whole_one():
    assert rounded(4, (frozenset({"a"}),), 1, b"") == 4
    assert meaning(4, 1) == (4, 4)
    with pytest.raises(BadInput):
        rounded(4, (frozenset({"a"}),), 3, b"short")

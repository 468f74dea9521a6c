"""An edition is read back as it was written, and every changed figure is found."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.briefing.compose import compose
from app.briefing.edition import Edition, canonical, differences, read
from tests.briefing.made_up import eventful

EDITION = compose(eventful())


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every single value stands."""
    if isinstance(value, dict):
        return [found for key, held in value.items() for found in leaves(held, (*path, key))]
    if isinstance(value, list):
        return [found for place, held in enumerate(value) for found in leaves(held, (*path, place))]
    return [path]


PLAIN = EDITION.model_dump(mode="json")
LEAVES = leaves(PLAIN)
FIGURES = [path for path in LEAVES if "figures" in path]


def changed(path: tuple[Any, ...]) -> dict[str, Any]:
    """The edition with one value changed to another of its kind."""
    other = copy.deepcopy(PLAIN)
    where: Any = other
    for key in path[:-1]:
        where = where[key]
    value = where[path[-1]]
    if isinstance(value, bool):
        where[path[-1]] = not value
    elif isinstance(value, int | float):
        where[path[-1]] = value + 1
    elif value is None:
        where[path[-1]] = "x"
    else:
        where[path[-1]] = value + "x"
    return other


def test_it_is_read_back_as_it_was_written() -> None:
    again = read(canonical(EDITION))
    assert again == EDITION
    assert canonical(again) == canonical(EDITION)
    assert differences(EDITION, again) == []


@given(st.sampled_from(FIGURES))
@settings(max_examples=80, deadline=None)
def test_every_changed_figure_is_found_and_named(path: tuple[Any, ...]) -> None:
    found = differences(Edition.model_validate(changed(path)), EDITION)
    assert len(found) == 1
    assert str(path[-1]) in found[0]
    assert "in the edition" in found[0]


@given(st.sampled_from(LEAVES))
@settings(max_examples=150, deadline=None)
def test_nothing_can_be_changed_unseen(path: tuple[Any, ...]) -> None:
    try:
        other = Edition.model_validate(changed(path))
    except ValidationError:
        return  # it can no longer be read: that is seen too
    assert differences(other, EDITION) != []


def test_a_sentence_taken_out_or_moved_is_found() -> None:
    section = EDITION.sections[0]
    fewer = section.model_copy(update={"said": section.said[1:]})
    turned = section.model_copy(update={"said": section.said[::-1]})
    for other in (fewer, turned):
        told = EDITION.model_copy(update={"sections": (other, *EDITION.sections[1:])})
        assert differences(told, EDITION) != []


def test_what_is_not_of_an_edition_is_refused() -> None:
    with pytest.raises(ValidationError):
        Edition.model_validate({**PLAIN, "person": "x"})

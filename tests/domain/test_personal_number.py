"""Numbers of persons are found in whatever people write, and public ids are none."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.personal_number import MASK, holds_number, without_numbers

NUMBERS = ("19811218-9876", "811218-9876", "811218+9876", "198112189876", "8112189876", "811218 9876")
IDS = (
    "2015618f-438f-4a6b-9fa0-923790047706",
    "20156189-4381-4a6b-9fa0-923790047706",
    "12345678-1234-4123-8123-123456789012",
)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "around", ["{}", "om {} igen", "({})", "nr.{}", f"{IDS[0]} {{}}", f"{{}} {IDS[1]}", "a{}b"]
)
def test_a_number_is_found_however_it_is_written(number: str, around: str):
    text = around.format(number)
    assert holds_number(text)
    assert without_numbers(text) == around.format(MASK)


@pytest.mark.parametrize("uid", IDS)
@pytest.mark.parametrize("around", ["{}", "/?incident={}&known_at=2026-11-24T07:00:00Z", "se {}."])
def test_a_public_id_is_none(uid: str, around: str):
    text = around.format(uid)
    assert not holds_number(text)
    assert without_numbers(text) == text


@given(st.uuids())
def test_no_id_is_ever_one(uid: UUID):
    assert without_numbers(str(uid)) == str(uid)


@given(st.text(), st.sampled_from(NUMBERS), st.text())
def test_nothing_around_a_number_hides_it(before: str, number: str, after: str):
    text = f"{before} {number} {after}"
    assert holds_number(text)
    assert number not in without_numbers(text)


def test_decimals_of_a_coordinate_are_none_where_one_may_stand():
    assert not holds_number("59.3293123456", decimals=True)
    assert holds_number("59.3293123456")
    assert holds_number("8112189876", decimals=True)

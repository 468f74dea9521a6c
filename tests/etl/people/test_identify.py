"""Numbers are checked and brought to one form; pseudonyms are keyed; the outer layer can be undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.feed import Problem
from etl.identify import Permutation, Pseudonyms, normal, permutation
from etl.keep import Keys
from etl.rekey import all_versions

KEYS = Keys(bytes(range(32)))
SECOND = Keys(bytes(range(1, 33)), 2, KEYS.identity, {1: KEYS.master})


@pytest.mark.parametrize(
    "written",
    ["18910312-2041", "189103122041", "18910312 2041", "18910312+2041", "910312+2041", " 18910312–2041 ",
     "１８９１０３１２-2041"],
)  # fmt: skip
def test_all_ways_of_writing_a_personnummer_are_one(written: str) -> None:
    assert normal(written, "victim") == "189103122041"


def test_a_samordningsnummer_is_checked_and_keeps_its_day() -> None:
    assert normal("18910372-2048", "victim") == "189103722048"
    with pytest.raises(Problem, match="check digit"):
        normal("18910372-2047", "victim")
    with pytest.raises(Problem, match="date"):
        normal("18910392-2041", "victim")  # day 32


@pytest.mark.parametrize("written", ["18910312-T123", "18910312TF12", "910312-12A4", "18910312-r123"])
def test_a_temporary_number_is_refused_and_said_to_be_one(written: str) -> None:
    with pytest.raises(Problem, match="temporary number"):
        normal(written, "victim")


@pytest.mark.parametrize("written", ["18910312-204", "910312-", "18910312-20411"])
def test_a_number_that_is_cut_off_is_refused(written: str) -> None:
    with pytest.raises(Problem, match="four digits"):
        normal(written, "victim")


@pytest.mark.parametrize("written", ["18910312-2042", "18911312-2041", "000000-0000"])
def test_a_wrong_check_digit_or_date_is_refused(written: str) -> None:
    with pytest.raises(Problem, match="date or check digit"):
        normal(written, "victim")


@pytest.mark.parametrize("key", ["P-17", "person 4", "12345678", "ab12cd34"])
def test_a_key_of_the_source_s_own_stands_as_it_is(key: str) -> None:
    assert normal(key, "victim") == key


def test_a_pseudonym_hangs_on_the_key_and_on_nothing_else() -> None:
    names = Pseudonyms(KEYS)
    one = names.of("18910312-2041", "victim")
    assert one == names.of("189103122041", "victim")
    assert one == Pseudonyms(Keys(bytes(range(32)))).of("189103122041", "victim")
    assert one != Pseudonyms(Keys(bytes(32))).of("189103122041", "victim")
    # Under version 1 it is what version 0.1.0 made: databases of that time go on.
    assert one == bytes.fromhex("693dd5b335138dca47a1c3468278df72")


def test_a_mention_without_a_number_is_one_of_its_own() -> None:
    names = Pseudonyms(KEYS)
    told = {
        names.of_mention("anmalan", "K1", "victim", 1), names.of_mention("anmalan", "K1", "victim", 2),
        names.of_mention("anmalan", "K1", "suspect", 1), names.of_mention("anmalan", "K2", "victim", 1),
        names.of_mention("other", "K1", "victim", 1),
    }  # fmt: skip
    assert len(told) == 5
    assert names.of_mention("anmalan", "K1", "victim", 1) in told


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=50), st.binary(min_size=32, max_size=32))
def test_the_outer_layer_is_a_permutation_and_can_be_undone(blocks: list[bytes], key: bytes) -> None:
    layer = Permutation(key)
    turned = layer.turn(blocks)
    assert layer.back(turned) == blocks
    assert len(set(turned)) == len(set(blocks))


@given(
    st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=5, unique=True),
    st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=20, unique=True),
)
def test_turned_from_version_to_version_a_pseudonym_is_what_it_would_have_been(
    masters: list[bytes], identities: list[str]
) -> None:
    """However many re-keys: the same as if the number had been at hand and its pseudonym made anew."""
    held = dict(enumerate(masters, start=1))
    newest = len(masters)
    first = Keys(masters[0])
    keys = Keys(masters[-1], newest, first.identity, {n: key for n, key in held.items() if n != newest})
    names = Pseudonyms(first)
    blocks = [names.outer(names.inner_of_mention("feed", one, "victim", 1)) for one in identities]
    for before in range(1, newest):
        blocks = permutation(keys, before + 1).turn(permutation(keys, before).back(blocks))
    under_newest = Pseudonyms(keys, newest)
    assert blocks == [under_newest.of_mention("feed", one, "victim", 1) for one in identities]


def test_the_log_of_older_versions_can_still_be_searched() -> None:
    old, new = Pseudonyms(SECOND, 1).of("189103122041", "x"), Pseudonyms(SECOND, 2).of("189103122041", "x")
    assert old is not None
    assert new is not None
    assert old != new
    assert all_versions(SECOND, new, 2) == [old, new]


def test_a_block_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Permutation(bytes(32)).turn([b"short"])

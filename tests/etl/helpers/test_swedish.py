from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.helpers.swedish import kommun_name, plain, police_area_name, slug, tidy


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mord/dråp, försök", "mord-drap-forsok"),
        ("Våld/hot mot tjänsteman", "vald-hot-mot-tjansteman"),
        ("Fylleri/LOB", "fylleri-lob"),
        ("  Lägenhetsbråk ", "lagenhetsbrak"),
        ("!?", ""),
    ],
)
def test_a_word_becomes_a_code(text: str, code: str) -> None:
    assert slug(text) == code


def test_column_names_compare_without_case_accents_and_signs() -> None:
    assert plain("Brottsdag_START") == plain("  brottsdag start ") == "brottsdagstart"
    assert plain("MÅLSÄGANDE") == plain("Malsagande")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("STOCKHOLM", "Stockholm"),
        ("Stockholms kommun", "Stockholm"),
        ("Stockholms stad", "Stockholm"),
        ("Upplands-Bro kommun", "Upplands-Bro"),
        ("UPPLANDS VÄSBY", "Upplands Väsby"),
        ("Nynäshamns kommun", "Nynäshamn"),
        ("Värmdö kommun", "Värmdö"),
        ("Region Gotland", "Gotland"),
        ("180", "0180"),
        ("0980", "0980"),
        ("Botkyrka\xa0", "Botkyrka"),
    ],
)
def test_a_kommun_has_one_name(text: str, name: str) -> None:
    assert kommun_name(text) == name


@pytest.mark.parametrize(
    "text", ["LPO Södermalm", "Lokalpolisområde Södermalm", "Södermalm", " lpo  Södermalm "]
)
def test_a_police_area_has_one_name(text: str) -> None:
    assert police_area_name(text) == "Södermalm"


@given(st.text(max_size=50))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert slug(slug(text)) == slug(text)

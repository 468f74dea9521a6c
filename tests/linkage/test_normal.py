"""Names, dates and numbers come to the forms that are compared."""

from __future__ import annotations

import pandas as pd
import pytest

from app.linkage.names import families, known_given, root_of, written
from app.linkage.normal import day, fold, phone, postcode, prepare, sex, sound, street


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ann-Sofié Åberg", "ann sofie aberg"),
        ("  BJÖRK ", "bjork"),
        ("O'Neill", "o neill"),
        ("Łukasz", "lukasz"),
        ("-", ""),
    ],
)
def test_names_are_folded(written: str, folded: str):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("mohammed", "muhamad"), ("lindqvist", "lindkvist"), ("karlsson", "carlson"), ("kristina", "christina"),
     ("zeynep", "seinep"), ("mattsson", "matson")],
)  # fmt: skip
def test_what_sounds_alike_has_one_key(one: str, other: str):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("anna", "emma"), ("karlsson", "nilsson"), ("ali", "omar")])
def test_what_sounds_different_has_two(one: str, other: str):
    assert sound(one) != sound(other)


def test_dates_and_numbers():
    assert day("1884-02-29") == day("18840229") == "18840229"
    assert day("1885-02-29") is None
    assert day("1885") is None
    assert phone("+46 70-123 45 67") == phone("0701234567") == "01234567"
    assert phone("12") is None
    assert street("Åsö gata 12 B") == "asogata12b"
    assert postcode("116 32") == "11632"
    assert [sex(word) for word in ("kvinna", "female", "man", "male", "okänd")] == ["w", "w", "m", "m", None]


def test_names_in_each_others_fields_are_put_right_where_both_are_known():
    rows = [
        ("Lindqvist", "Anna"),
        ("Anna", "Lindqvist"),
        ("Ali", "Hassan"),
        ("Hassan", "Ali"),
        (None, "Anna"),
    ]
    mentions = pd.DataFrame(
        {"mention": range(5), "given": [row[0] for row in rows], "family": [row[1] for row in rows],
         **dict.fromkeys(("born", "sex", "phone", "street", "postcode"))}
    )  # fmt: skip
    prepared = prepare(mentions)
    assert prepared["given"].tolist()[:4] == ["anna", "anna", "ali", "hassan"]
    assert prepared["names_key"].tolist()[2] == prepared["names_key"].tolist()[3]
    assert prepared["given"].isna().tolist() == [False] * 4 + [True]


def test_short_forms_have_one_root_and_no_name_two():
    roots = root_of()
    assert roots["kalle"] == roots["carl"] == "karl"
    assert roots["muhammad"] == "mohammed"
    assert roots["johan"] != roots["jan"]
    assert all(fold(name) == name for name in known_given())


def test_listed_names_are_written_with_their_letters_and_folded_back():
    assert [written(name) for name in ("sjostrom", "hakan", "renee", "lovisa")] == [
        "Sjöström",
        "Håkan",
        "Renée",
        "Lovisa",
    ]
    assert all(fold(written(name)) == name for name in {*known_given(), *families()})

"""Planted mentions: the same for a seed, nobody real, and with everything in them that makes linking hard."""

from __future__ import annotations

import pandas as pd
import pytest

from app.linkage.normal import day
from app.linkage.planted import HELD_OUT, TRAINED_ON, planted


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    return planted(3, 20_000, TRAINED_ON)


def test_a_seed_is_a_population(told: pd.DataFrame):
    assert planted(3, 20_000, TRAINED_ON).equals(told)
    assert not planted(4, 20_000, TRAINED_ON)["given"].equals(told["given"])


def test_nobody_in_it_can_be_anybody(told: pd.DataFrame):
    years = told["born"].dropna().str[:4].astype(int)
    assert years.between(1800, 1960).all()  # a slip of ten years and children of people born 1895 at most
    assert told["phone"].dropna().str.len().ge(10).all()
    assert (told["phone"].dropna().str.len() == 11).mean() > 0.95  # a digit too many for a Swedish number


def test_people_are_mentioned_once_to_five_times(told: pd.DataFrame):
    counts = told["person"].value_counts()
    assert counts.max() == 5
    assert 0.4 < (counts == 1).mean() < 0.6


def test_what_goes_wrong_goes_wrong(told: pd.DataFrame):
    both = told.merge(told, on="person")
    both = both[both["mention_x"] < both["mention_y"]]
    assert (both["given_x"] == both["family_y"]).any()
    family = both.dropna(subset=["family_x", "family_y"])
    assert 0.02 < (family["family_x"].str[:1] != family["family_y"].str[:1]).mean() < 0.3
    born = both.dropna(subset=["born_x", "born_y"])
    assert 0.05 < (born["born_x"] != born["born_y"]).mean() < 0.3
    assert told["born"].dropna().map(day).isna().any()  # a day that is none
    assert told.drop(columns=["mention", "person"]).isna().any().all()


def test_twins_differ_in_the_given_name_alone(told: pd.DataFrame):
    keys = ["born", "family", "street"]
    whole = told.dropna(subset=keys)
    people = whole.groupby(keys)["person"].nunique()
    assert (people > 1).sum() > 5


def test_the_held_out_mix_has_names_that_are_in_no_list():
    assert HELD_OUT.names.strange > 0
    assert TRAINED_ON.names.strange == 0
    assert HELD_OUT != TRAINED_ON

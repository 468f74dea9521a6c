"""Training: rates from planted people, the same for a seed; what is put in twice counts once."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.linkage.comparisons import FIELDS
from app.linkage.model import Model, read
from app.linkage.train import LEAST, pairs, train


@pytest.fixture(scope="module")
def model() -> Model:
    return train("test", seed=9, mentions=3_000, random_pairs=200_000)


def test_what_speaks_for_one_person_weighs_more_than_nothing_and_what_speaks_against_less(model: Model):
    for field in FIELDS:
        m, u = model.weights[field]["same" if field != "where" else "telephone"]
        assert m > u
        m, u = model.weights[field]["other"]
        assert m < u
        assert all(LEAST <= rate <= 1 for rates in model.weights[field].values() for rate in rates)


def test_exchanged_names_count_once(model: Model):
    m, u = model.weights["family"]["exchanged"]
    assert m == u
    m, u = model.weights["given"]["exchanged"]
    assert m > u


def test_a_model_is_what_its_file_says(model: Model, tmp_path: Path):
    model.write(tmp_path / "model.json")
    assert read(tmp_path / "model.json") == model


def test_the_prior_falls_as_mentions_grow(model: Model):
    assert model.prior(2) == 0.5
    assert model.prior(1_000) > model.prior(1_000_000) > 0


def test_pairs_are_all_of_one_person_each_once():
    import pandas as pd

    people = pd.DataFrame({"mention": [0, 1, 2, 3], "person": [7, 8, 7, 7]})
    assert set(pairs(people).itertuples(index=False, name=None)) == {(0, 2), (0, 3), (2, 3)}

"""Linking: mentions of one person are found with their evidence; twins, households and namesakes are not."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pandas as pd
import pytest

from app.linkage.comparisons import FIELDS, levels
from app.linkage.evaluate import Judged, judge
from app.linkage.link import link
from app.linkage.model import FILE, Model, read
from app.linkage.planted import HELD_OUT, planted
from app.linkage.train import pairs

ONE = {"given": "Anna-Karin", "family": "Lindqvist", "born": "1862-04-17", "sex": "kvinna", "phone": "07012345678",
       "street": "Provgatan 12", "postcode": "11111"}  # fmt: skip


def mentions(*rows: dict[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame([{"mention": number, **row} for number, row in enumerate(rows)], dtype=object)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"given": "Anna Karin"},
        {"given": "Karin"},
        {"given": "Ana-Karin"},
        {"given": "Lindqvist", "family": "Anna-Karin"},
        {"family": "Lindkvist"},
        {"family": "Berg"},
        {"family": "Berg Lindqvist", "street": "Annangatan 3", "postcode": "19911"},
        {"born": "1862-04-71"},
        {"born": "1862-04-18"},
        {"born": "1863-04-17"},
        {"born": None},
        {"phone": None, "street": None, "postcode": None, "sex": None},
    ],
    ids=str,
)
def test_one_person_is_found_in_another_coat(change: dict[str, str | None]):
    found = link(mentions(ONE, ONE | change), read())
    assert len(found) == 1
    assert (found["a"][0], found["b"][0]) == (0, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"given": "Hanna"},  # a twin: another name, all the rest the same
        {"given": "Anna-Karin", "born": "1835-09-02"},  # named after the mother, living with her
        {"given": "Erik", "sex": "man", "born": "1860-01-09"},  # a partner
        {"given": None},
        {
            "born": "1862-11-25",
            "phone": None,
            "street": "Annangatan 3",
            "postcode": "19911",
            "family": "Andersson",
        },
    ],
    ids=str,
)
def test_somebody_close_is_not(change: dict[str, str | None]):
    one = ONE | {"given": "Anna"} if change.get("given") == "Hanna" else ONE
    assert link(mentions(one, ONE | change), read()).empty


def test_the_order_of_mentions_does_not_matter():
    people = planted(5, 2_000, HELD_OUT)
    one = link(people, read())
    other = link(people.sample(frac=1, random_state=1), read())
    assert one["a"].lt(one["b"]).all()
    assert set(zip(one["a"], one["b"], strict=True)) == set(zip(other["a"], other["b"], strict=True))


def test_nobody_and_one_alone_have_no_pairs():
    assert link(mentions(ONE), read()).empty
    assert link(mentions(ONE).iloc[:0], read()).empty


def test_evidence_names_each_fields_level_and_no_value_of_anybody():
    found = link(mentions(ONE, ONE | {"family": "Berg"}), read())
    evidence = found["evidence"][0]
    assert set(evidence) == set(FIELDS)
    assert evidence["family"]["level"] == "other"
    assert evidence["family"]["bits"] < 0 < evidence["born"]["bits"]
    told = json.dumps(evidence).casefold()
    assert not any(part.casefold() in told for value in ONE.values() for part in value.split("-"))


def test_the_probability_is_prior_and_weights_put_together():
    model = read()
    found = link(mentions(ONE, ONE | {"family": "Berg"}), model)
    prior = model.prior(2)
    bits = sum(field["bits"] for field in found["evidence"][0].values()) + math.log2(prior / (1 - prior))
    assert found["probability"][0] == pytest.approx(1 / (1 + 2**-bits), abs=1e-3)


def test_a_rare_name_weighs_more_than_a_common_one():
    rare, common = ({"given": "Solveig", "family": "Tornfeldt"}, {"given": "Anna", "family": "Andersson"})
    weights = [
        link(mentions(ONE | name, ONE | name), read())["evidence"][0]["family"]["bits"]
        for name in (rare, common)
    ]
    assert weights[0] > weights[1]


def test_held_out_people_are_linked_well_enough():
    people = planted(101, 12_000, HELD_OUT)
    judged = judge(people, link(people, read()))
    assert judged.precision >= 0.995
    assert judged.recall >= 0.90
    # The judge itself: what is wrong counts against precision, what is missing against recall.
    true = pairs(people)
    assert judge(people, true) == Judged(len(true), len(true), len(true))
    assert judge(people, true.iloc[:-1]).recall < 1
    assert judge(people, pd.DataFrame({"a": [*true["a"], -1], "b": [*true["b"], -2]})).precision < 1


def test_a_model_of_other_levels_is_refused():
    model = read()
    with pytest.raises(ValueError, match="other levels"):
        replace(model, weights={**model.weights, "born": {"same": (0.9, 0.1)}})


def test_the_stored_model_says_how_it_was_trained_and_names_nobody():
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    assert {"version", "trained", "links_per_mention", "propose_from", "weights"} == set(stored)
    assert {"seed", "mentions", "random_pairs", "mix"} <= set(stored["trained"])
    assert isinstance(read(), Model)
    for field in FIELDS:
        assert list(stored["weights"][field]) == [level.name for level in levels(field)]
        assert sum(m for m, _ in stored["weights"][field].values()) == pytest.approx(1, abs=0.02)

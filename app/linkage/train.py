"""Training: u from random pairs, m from labelled ones, both by splink; what comes out is a ``Model``."""

from __future__ import annotations

import os
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from app.linkage.comparisons import FIELDS, comparisons, levels
from app.linkage.link import open_linker
from app.linkage.model import Model
from app.linkage.normal import prepare
from app.linkage.planted import TRAINED_ON, planted

SEED, MENTIONS, RANDOM_PAIRS = 7, 60_000, 1e7
LEAST = 1e-6
"""No level is impossible: what training never saw may still happen."""

PROPOSE_FROM = 0.7
"""Found on planted people of another seed: at 0.6 four in a thousand are wrong, at 0.8 recall falls."""


def train(
    version: str, *, seed: int = SEED, mentions: int = MENTIONS, random_pairs: float = RANDOM_PAIRS
) -> Model:
    """A model from planted people: u by comparing random pairs, m by comparing mentions known to be of one person."""
    people = planted(seed, mentions, TRAINED_ON)
    return estimate(
        version, people, seed, random_pairs,
        {"on": "planted people", "mix": "TRAINED_ON", "seed": seed, "mentions": len(people), "random_pairs":
        random_pairs,
         "m": "labels", "u": "random sampling"},
    )  # fmt: skip


def estimate(
    version: str, people: pd.DataFrame, seed: int, random_pairs: float, trained: dict[str, Any]
) -> Model:
    """Estimate m and u on mentions with the truth beside them (``person``)."""
    prepared = prepare(people)
    labelled = pairs(people)
    prior = 2 * len(labelled) / (len(people) * (len(people) - 1))
    connection = duckdb.connect(":memory:", config={"threads": os.cpu_count() or 1})
    try:
        linker = open_linker(connection, prepared, comparisons(), prior)
        linker.training.estimate_u_using_random_sampling(
            max_pairs=random_pairs, seed=seed, min_count_per_level=None
        )
        labels = pa.Table.from_pandas(
            labelled.rename(columns={"a": "mention_l", "b": "mention_r"}).assign(
                source_dataset_l="mentions", source_dataset_r="mentions"), preserve_index=False)  # fmt: skip
        label: Any = linker.training.estimate_m_from_pairwise_labels
        label(linker._db_api.register(labels))  # noqa: SLF001
        found = linker.misc.save_model_to_json(None)
    finally:
        connection.close()
    weights: dict[str, dict[str, tuple[float, float]]] = {}
    for compared in found["comparisons"]:
        by_label = {level["label_for_charts"]: level for level in compared["comparison_levels"]}
        weights[compared["output_column_name"]] = {
            level.name: _rates(by_label[level.name]) for level in levels(compared["output_column_name"])
        }
    _exchanged_once(weights)
    return Model(
        version,
        trained,
        round(len(labelled) / len(people), 3),
        PROPOSE_FROM,
        {field: weights[field] for field in FIELDS},
    )


def _rates(level: dict[str, Any]) -> tuple[float, float]:
    m, u = (float(f"{max(LEAST, level.get(f'{rate}_probability') or 0.0):.4g}") for rate in "mu")
    return m, u


def _exchanged_once(weights: dict[str, dict[str, tuple[float, float]]]) -> None:
    """Both names in each other's fields are one finding, not two: the given name's level alone tells it.

    It is as rare among two people as that both names agree, which random pairs are too few to show.
    """
    given, family = weights["given"], weights["family"]
    whole = given["same"][1] * family["same"][1]
    near = (given["same"][1] + given["slip"][1]) * (family["same"][1] + family["slip"][1])
    for level, u in (("exchanged", whole), ("exchanged, slip", near)):
        given[level] = (given[level][0], float(f"{u:.4g}"))
        family[level] = (family[level][0], family[level][0])


def pairs(people: pd.DataFrame) -> pd.DataFrame:
    """Every pair of mentions of one person, ``a`` < ``b``."""
    one = people[["mention", "person"]]
    both = one.merge(one, on="person", suffixes=("_a", "_b"))
    both = both[both["mention_a"] < both["mention_b"]]
    return pd.DataFrame({"a": both["mention_a"].to_numpy(), "b": both["mention_b"].to_numpy()})

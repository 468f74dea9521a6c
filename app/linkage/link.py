"""Which mentions may be one person: a frame in, a frame out. Nothing is merged here, and nothing is kept.

The probability is that of two mentions being **one person**; nothing is said of what the person did or might do.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator

from app.linkage.comparisons import FIELDS, blocking, comparisons
from app.linkage.model import Model
from app.linkage.names import MEN, WOMEN, families, frequencies
from app.linkage.normal import prepare

PSEUDO_MENTIONS = 2_000
"""So many mentions' worth of what is known beforehand goes into how common a name is: ten mentions tell little."""

UNHEARD = 1 / 50_000
"""The share of a value of which nothing is known beforehand."""

RESULT = ("a", "b", "probability", "evidence")


def link(mentions: pd.DataFrame, model: Model) -> pd.DataFrame:
    """The pairs of mentions that may be one person, with at least ``model.propose_from``.

    Args:
        mentions: See ``app.linkage.normal``; ``mention`` is unique and can be ordered.
        model: ``app.linkage.model.read()``.

    Returns:
        ``a`` < ``b``, ``probability``, and ``evidence``: by field which level held and its weight in bits (how much
        it speaks for one person, or against), the rarity of the value included. No value of anybody is in it.
    """
    if len(mentions) < 2:
        return pd.DataFrame(columns=list(RESULT))
    connection = duckdb.connect(":memory:", config={"threads": os.cpu_count() or 1})
    try:
        linker = open_linker(
            connection, prepare(mentions), comparisons(model.weights), model.prior(len(mentions))
        )
        scored = linker.inference.predict(
            threshold_match_probability=model.propose_from, warning_mode="never"
        )
        kept = ", ".join(
            ["mention_l", "mention_r", "match_probability", *_columns(connection, scored.physical_name)]
        )
        found = connection.sql(f"select {kept} from {scored.physical_name} where {NOTHING_AGAINST}").df()
    finally:
        connection.close()
    return _told(found)


def open_linker(
    connection: duckdb.DuckDBPyConnection,
    prepared: pd.DataFrame,
    compared: list[Any],
    prior: float,
) -> Linker:
    """Splink on ``prepared``, with how common names are already told to it."""
    connection.execute("set enable_progress_bar = false")
    api = DuckDBAPI(connection=connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="mention",
        comparisons=compared,
        blocking_rules_to_generate_predictions=blocking(),
        probability_two_random_records_match=prior,
        retain_matching_columns=True,  # else splink leaves out which level held; the columns stay in memory
        retain_intermediate_calculation_columns=True,
    )
    table = api.register(
        pa.Table.from_pandas(prepared, preserve_index=False), dataset_display_name="mentions"
    )
    linker = Linker(table, settings, log_level=logging.ERROR, validate_settings=False)
    for column in ("given", "family", "phone"):
        rarity = pa.Table.from_pandas(_common(prepared[column], column), preserve_index=False)
        linker.table_management.register_term_frequency_lookup(api.register(rarity), column)
    return linker


# The given name and the day of birth are what tells twins and namesakes of one household apart, who share all the rest:
# where either contradicts, no amount of other evidence makes a proposal. A given name must be there; a day need not.
NOTHING_AGAINST = "gamma_given > 0 and gamma_born <> 0"  # 0 is the last level, -1 a field that is missing


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns that tell levels and weights."""
    return [name for name in connection.sql(f"from {table}").columns if name.startswith(("gamma_", "mw_"))]


def _common(values: pd.Series[str], column: str) -> pd.DataFrame:
    """How common each value is: what the mentions show, and what is known of names beforehand."""
    counted = values.value_counts()
    known = _known_shares(column)
    shares = [known.get(value, UNHEARD) for value in counted.index]
    total = int(counted.sum())
    common = (counted.to_numpy() + PSEUDO_MENTIONS * pd.Series(shares, dtype=float).to_numpy()) / (
        total + PSEUDO_MENTIONS
    )
    return pd.DataFrame({column: counted.index.astype(str), f"tf_{column}": common})


def _known_shares(column: str) -> dict[str, float]:
    listed: Iterable[tuple[str, ...]] = {
        "given": (tuple(WOMEN.split()), tuple(MEN.split())),
        "family": (families(),),
    }.get(column, ())
    shares: dict[str, float] = {}
    for names in listed:
        half = 0.5 if column == "given" else 1.0
        shares |= {name: half * share for name, share in zip(names, frequencies(len(names)), strict=True)}
    return shares


def _told(found: pd.DataFrame) -> pd.DataFrame:
    """The result's four columns."""
    names = {field: _by_gamma(field) for field in FIELDS}
    evidence = []
    for row in found.to_dict("records"):
        told = {}
        for field in FIELDS:
            weight = row[f"mw_{field}"] + (row.get(f"mw_tf_adj_{field}") or 0.0)
            told[field] = {"level": names[field][row[f"gamma_{field}"]], "bits": round(float(weight), 2)}
        evidence.append(told)
    result = pd.DataFrame(
        {"a": found["mention_l"], "b": found["mention_r"], "probability": found["match_probability"]}
    )
    return result.assign(evidence=pd.Series(evidence, dtype=object, index=result.index))


def _by_gamma(field: str) -> dict[int, str]:
    """Splink numbers levels from the last, 0, upwards; -1 is missing."""
    estimated = [level.name for level in FIELDS[field] if level.name != "null"]
    return {-1: "missing"} | {len(estimated) - 1 - place: name for place, name in enumerate(estimated)}

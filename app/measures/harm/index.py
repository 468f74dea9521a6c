"""The weights of one version of an index, from the parameters or from the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from app.domain.errors import BadInput
from app.measures.harm.model import HarmParams, Weight

_YES, _NO = {"1", "1.0", "true", "t", "yes", "ja"}, {"", "0", "0.0", "false", "f", "no", "nej", "nan", "none"}


class Index(NamedTuple):
    """The weights of one version, by the table's offence codes."""

    version: str | None
    versions: list[str]
    weights: Mapping[str, Weight]


def find_index(frame: pd.DataFrame, params: HarmParams) -> Index:
    """The weights that are used.

    Raises:
        BadInput: There are none, or two for one offence, or from two versions in one table, or not in that version.
    """
    if params.weights is not None:
        if "weight" in frame.columns:
            raise BadInput("Weights are given twice: in the column weight and in the parameter weights.")
        given = list(params.weights)
    elif "weight" in frame.columns:
        given = _from_table(frame)
    else:
        raise BadInput("Weights are missing: give the column weight, or the parameter weights.")
    versions = sorted({one.version for one in given})
    version = params.version if params.version is not None else (versions[-1] if versions else None)
    if versions and version not in versions:
        raise BadInput(f"There is no version {version} among the weights; there are {', '.join(versions)}.")
    if params.weights is None and len(versions) > 1:
        raise BadInput(
            f"The rows rest on the versions {', '.join(versions)}; harm of two versions is never added up. "
            "Give the rows of one."
        )
    return Index(
        version, versions, _by_code([one for one in given if one.version == version], frame["offence"])
    )


def _from_table(frame: pd.DataFrame) -> list[Weight]:
    below = (frame["weight"] < 0).to_numpy()
    if bool(below.any()):
        row = int(np.flatnonzero(below)[0])
        raise BadInput(
            f"Row {row + 1} has {frame['weight'].iloc[row]:g} in the column weight, which cannot be below 0."
        )
    has = frame[frame["weight"].notna()]
    nothing = pd.Series("", index=has.index, dtype="str")
    told = pd.DataFrame(
        {
            "offence": has["offence"].str.strip(),
            "weight": has["weight"],
            "provisional": [_flag(text) for text in has.get("provisional", nothing)],
            "version": has.get("version", nothing).str.strip().replace({"nan": ""}),
        }
    ).drop_duplicates()
    return [
        Weight(offence=code, weight=weight, provisional=flag, version=of)
        for code, weight, flag, of in told.itertuples(index=False)
    ]


def _flag(text: object) -> bool:
    said = str(text).strip().lower()
    if said not in _YES | _NO:
        raise BadInput(f"The column provisional has {text!r}; it is true or false.")
    return said in _YES


def _by_code(given: list[Weight], codes: pd.Series[str]) -> dict[str, Weight]:
    """The weight of each code of the table, found with its leading zeros or, where that is clear, without."""
    exact: dict[str, Weight] = {}
    for one in given:
        if exact.setdefault(one.offence, one) != one:
            raise BadInput(f"The offence {one.offence} has two weights in the same version.")
    short: dict[str, set[str]] = {}
    for code in exact:
        short.setdefault(code.lstrip("0"), set()).add(code)
    found: dict[str, Weight] = {}
    for code in {text.strip() for text in codes}:
        alike = short.get(code.lstrip("0"), set())
        if code in exact:
            found[code] = exact[code]
        elif len(alike) == 1:
            found[code] = exact[next(iter(alike))]
    return found

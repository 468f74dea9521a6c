"""A measure's table, checked as it comes: what is wrong is named by row and column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from app.domain.errors import BadInput
from app.domain.measure import OTHERS, Column

_GAPS = ["", "NA", "NaN", "nan", "null", "None"]
_TRUTH = {"true": 1, "false": 0}


def conform(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """The columns that a measure takes, each of its kind; others are left out, or taken as they are with ``*``.

    Raises:
        BadInput: A column is missing, or a value is not of its column's kind.
    """
    found: dict[str, Any] = {}
    named = {column.name for column in columns}
    for column in columns:
        if column.name == OTHERS:
            found |= {name: _as_it_is(frame[name]) for name in frame.columns if name not in named}
        elif column.name in frame.columns:
            found[column.name] = _convert(frame[column.name], column)
        elif column.required:
            there = ", ".join(map(str, frame.columns)) or "none"
            raise BadInput(
                f"The column {column.name} is missing ({column.about}); the table has {there}. "
                "Name the column otherwise with --columns."
            )
    return pd.DataFrame(found, index=pd.RangeIndex(len(frame)))


def _as_it_is(values: pd.Series[Any]) -> Any:
    """A column that no measure named: numbers where all are numbers or gaps, else text with "" for a gap."""
    values = values.reset_index(drop=True)
    if pd.api.types.is_bool_dtype(values):
        return values.astype("float64")
    told = values.map(lambda value: value.strip() if isinstance(value, str) else value)
    told = told.mask(told.isin(_GAPS))
    read = pd.to_numeric(told, errors="coerce")
    if not (read.isna() & told.notna()).any() and read.notna().any():
        return read.astype("float64").mask(~np.isfinite(read.astype("float64")))
    return told.map(lambda value: "" if pd.isna(value) else str(value)).astype("str")


def _convert(values: pd.Series[Any], column: Column) -> Any:
    values = values.reset_index(drop=True)
    if column.kind == "text":
        return values.astype("str")
    if pd.api.types.is_string_dtype(values) or values.dtype == object:
        stripped = values.map(lambda value: value.strip() if isinstance(value, str) else value)
        values = stripped.mask(stripped.isin(_GAPS))
        if column.kind in {"number", "integer"}:
            values = values.map(
                lambda value: _TRUTH.get(value.lower(), value) if isinstance(value, str) else value
            )
    if column.kind in {"time", "day"}:
        read = pd.to_datetime(values, utc=column.kind == "time", errors="coerce", format="ISO8601")
    else:
        read = pd.to_numeric(values, errors="coerce")
        read = read.mask(~np.isfinite(read.astype("float64")))
    whole = column.kind != "integer" or bool((read.dropna() % 1 == 0).all())
    wrong = read.isna() & ~(values.isna() & column.gaps)
    if not whole:
        wrong |= read.notna() & (read % 1 != 0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise BadInput(
            f"Row {row + 1} has {values.iloc[row]!r} in the column {column.name}, which is not a {column.kind}"
            f" ({column.about})."
        )
    if column.kind == "integer":
        return read.astype("float64" if column.gaps else "int64")
    return read.astype("float64") if column.kind == "number" else read

"""Rows of time at risk, as `survival`, `cox` and `rates` take them: from start to stop, and if it happened then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BeforeValidator, Field

from app.domain.errors import BadInput
from app.domain.measure import OTHERS, Column, Params, Sentence
from app.domain.words import DAY, MONTH, WEEK, YEAR, Noun
from app.statistics.survival import merged_ties

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Unit = Literal["day", "week", "month", "year"]
Value = float | str

UNITS: dict[Unit, Noun] = {"day": DAY, "week": WEEK, "month": MONTH, "year": YEAR}
EVENT = Noun(Sentence("händelse", "event"), Sentence("händelser", "events"))
START = Column(
    "start",
    "number",
    "when the row begins to be at risk, in any unit of time; the row is then at risk in (start, stop]; absent: 0",
    required=False,
    gaps=True,
)
STOP = Column(
    "stop", "number", "when the row ends, in the same unit; without start, the length of time", gaps=True
)
HAPPENED = Column(
    "event", "number", "whether the row ended with the event: 1, else 0; see event_is", gaps=True
)
FREE = Column(
    OTHERS, "any", "any further column, number or text, that a parameter names", required=False, gaps=True
)


def as_list(value: Any) -> Any:
    """One thing is a list of one."""
    return value if isinstance(value, list | tuple) else [value]


Names = Annotated[tuple[str, ...], BeforeValidator(as_list)]
Values = Annotated[tuple[Value, ...], BeforeValidator(as_list)]


class SpellParams(Params):
    """What is set of the rows."""

    time_scale: Literal["total", "gap"] = Field(
        "total",
        description="total: time from start to stop on one clock (counting process, late entry); "
        "gap: the clock begins anew in each row, time = stop − start",
    )
    where: dict[str, Values] = Field(
        default_factory=dict,
        description='only rows that have one of these values in these columns, e.g. {"enum": 1} or {"rx": [1, 2]}',
    )
    event_is: Annotated[tuple[float, ...], BeforeValidator(as_list)] = Field(
        (1.0,),
        description="the values of event that mean that it happened; all others mean that it did not yet",
    )
    levels: dict[str, Values] = Field(
        default_factory=dict,
        description='the order of a column\'s values, e.g. {"cell": ["squamous", "adeno"]}: groups come in it, and cox '
        "compares with the first; a column that is not named: rising, texts by the alphabet",
    )
    level: float = Field(0.95, gt=0.5, lt=1, description="of the intervals")
    unit: Unit = Field("day", description="of start and stop, for the words and figures only")


@dataclass(frozen=True)
class Spells:
    """The rows that can be used. ``entry`` is ``-inf`` where a row is at risk from the beginning."""

    frame: pd.DataFrame
    entry: Floats
    leave: Floats
    length: Floats
    event: Bools
    left_out: int


def spells(frame: pd.DataFrame, params: SpellParams, used: Sequence[str]) -> Spells:
    """The rows that are asked for, without those that have a gap in a ``used`` column or end before they begin.

    Raises:
        BadInput: A column that a parameter names is not there.
    """
    for name in (*params.where, *params.levels, *used):
        if name not in frame.columns:
            there = ", ".join(map(str, frame.columns))
            raise BadInput(
                f"The column {name}, which the parameters name, is missing; the table has {there}."
            )
    keep = np.ones(len(frame), dtype=bool)
    for name, values in params.where.items():
        keep &= _among(frame[name], values)
    chosen = frame[keep]
    start = chosen["start"].to_numpy(np.float64) if "start" in chosen else np.zeros(len(chosen))
    stop = chosen["stop"].to_numpy(np.float64)
    if params.time_scale == "gap":
        begin, leave = np.full(len(chosen), -np.inf), stop - start
        (leave,) = merged_ties(leave)
        length, whole = leave, leave >= 0
    else:
        begin, leave = merged_ties(start, stop)
        length = leave - begin
        # A row from start to stop that has no length is at risk of nothing; a length of time may be 0.
        whole = leave > begin if "start" in chosen else leave >= begin
        begin = begin if (begin > 0).any() else np.full(len(chosen), -np.inf)
    for name in used:
        whole = whole & ~_gaps(chosen[name])
    whole = whole & np.isfinite(leave) & chosen["event"].notna().to_numpy()
    event = np.isin(chosen["event"].to_numpy(np.float64), params.event_is)
    return Spells(
        frame=chosen[whole].reset_index(drop=True),
        entry=begin[whole],
        leave=leave[whole],
        length=length[whole],
        event=event[whole],
        left_out=int((~whole).sum()),
    )


def _among(column: pd.Series[Any], values: tuple[Value, ...]) -> Bools:
    if pd.api.types.is_numeric_dtype(column):
        return np.asarray(column.isin([float(value) for value in values if _is_number(value)]))
    return np.asarray(column.astype("str").isin([shown(value) for value in values]))


def _is_number(value: Value) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _gaps(column: pd.Series[Any]) -> Bools:
    return np.asarray(column.isna() | (column.astype("str") == ""))


def shown(value: Any) -> str:
    """A value as it is written in a name: 2.0 as 2."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def ordered(column: pd.Series[Any], order: Sequence[Value] = ()) -> tuple[Ints, list[Any]]:
    """Each row's place among the column's values, and these values: in that order, else rising.

    Raises:
        BadInput: A value is not among those of ``order``.
    """
    codes, values = pd.factorize(column, sort=True)
    if not order:
        return codes.astype(np.int64), list(values)
    places = {shown(value): place for place, value in reversed(list(enumerate(order)))}
    if unknown := [value for value in values if shown(value) not in places]:
        raise BadInput(
            f"The column {column.name} has the value {shown(unknown[0])}, which the parameter levels does not name."
        )
    ranked = sorted(range(len(values)), key=lambda code: places[shown(values[code])])
    back = np.empty(len(values), dtype=np.int64)
    back[ranked] = np.arange(len(values))
    return back[codes], [values[code] for code in ranked]


def numbered(
    frame: pd.DataFrame, columns: Sequence[str], levels: Mapping[str, Sequence[Value]] | None = None
) -> tuple[Ints, list[tuple[Any, ...]]]:
    """Each row's group, numbered in the order of the columns' values, and those values; one without columns."""
    if not columns:
        return np.zeros(len(frame), dtype=np.int64), [()]
    places = pd.DataFrame({name: ordered(frame[name], (levels or {}).get(name, ()))[0] for name in columns})
    which = places.groupby(list(columns), sort=True).ngroup().to_numpy().astype(np.int64)
    first = np.unique(which, return_index=True)[1]
    return which, list(frame[list(columns)].iloc[first].itertuples(index=False, name=None))


def label(columns: Sequence[str], values: Sequence[Any]) -> str:
    """``enum=2``, and with commas where there are several."""
    return ", ".join(f"{name}={shown(value)}" for name, value in zip(columns, values, strict=True))


def told(values: npt.NDArray[Any]) -> list[float | None]:
    """Floats for a result, with None for what cannot be told."""
    return [float(value) if np.isfinite(value) else None for value in values]

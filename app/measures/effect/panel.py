"""The table of areas and periods as a matrix, with who was treated and when, checked as it comes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from app.domain.errors import BadInput

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Panel:
    """Counts (areas, periods) in the order of ``areas`` and ``periods``."""

    areas: list[str]
    periods: list[str]
    counts: Floats
    treated: Truths  # (areas,)
    after: Truths  # (periods,)
    filled: int  # cells without a row, taken as none

    def without_empty(self) -> Panel:
        """Without the areas and periods in which there was nothing at all: they tell nothing of a ratio."""
        rows, columns = self.counts.sum(1) > 0, self.counts.sum(0) > 0
        return Panel(
            [area for area, kept in zip(self.areas, rows, strict=True) if kept],
            [period for period, kept in zip(self.periods, columns, strict=True) if kept],
            self.counts[np.ix_(rows, columns)],
            self.treated[rows],
            self.after[columns],
            self.filled,
        )

    def sums(self) -> tuple[float, float, float, float]:
        """Treated before and after, control before and after."""
        parts = [
            self.counts[np.ix_(rows, columns)].sum()
            for rows in (self.treated, ~self.treated)
            for columns in (~self.after, self.after)
        ]
        return float(parts[0]), float(parts[1]), float(parts[2]), float(parts[3])


def read_panel(frame: pd.DataFrame, treated: tuple[str, ...], start: str) -> Panel:
    """The panel of a table with area, period, count, and perhaps treated and post; rows of one cell add up.

    Raises:
        BadInput: A count is negative, or who was treated or since when cannot be made out.
    """
    if (frame["count"] < 0).any():
        raise BadInput("A count is negative: it is a number of reports.")
    area, period = frame["area"].str.strip(), frame["period"].str.strip()
    order = _in_order(period, start)
    areas = sorted(set(area))
    row = pd.Categorical(area, areas).codes.astype(np.int64)
    column = pd.Categorical(period, order).codes.astype(np.int64)
    counts = np.zeros((len(areas), len(order)))
    np.add.at(counts, (row, column), frame["count"].to_numpy())
    there = np.zeros(counts.shape, dtype=bool)
    there[row, column] = True
    chosen = _treated(frame, areas, row, treated)
    after = _after(frame, order, row, column, chosen, start)
    return Panel(areas, order, counts, chosen, after, int((~there).sum()))


def _in_order(period: pd.Series[str], start: str) -> list[str]:
    """The periods in the order of time: by number, else as ISO writes days, weeks and months."""
    found = sorted(set(period))
    asked = [*found, start.strip()] if start else found
    numbers = pd.to_numeric(pd.Series(asked, dtype="str"), errors="coerce")
    if numbers.notna().all():
        return sorted(found, key=float)
    if len({len(one) for one in asked}) > 1:
        raise BadInput(
            "The periods are neither numbers nor written alike, as the days 2026-11-24, the weeks 2026-W48 "
            "or the months 2026-11 are."
        )
    return found


def _treated(
    frame: pd.DataFrame, areas: list[str], row: npt.NDArray[np.int64], named: tuple[str, ...]
) -> Truths:
    if named:
        if unknown := {name.strip() for name in named} - set(areas):
            raise BadInput(f"The treated area {min(unknown)!r} is not in the table.")
        return np.isin(areas, [name.strip() for name in named])
    if "treated" not in frame:
        raise BadInput(
            'Who was treated is not told: give a column treated (0 or 1), or {"treated": ["AREA"]}.'
        )
    _check_zero_one(frame, "treated")
    told = np.zeros((len(areas), 2), dtype=bool)
    told[row, frame["treated"].to_numpy(dtype=np.int64)] = True
    if told.all(1).any():
        both = areas[int(np.flatnonzero(told.all(1))[0])]
        raise BadInput(
            f"The area {both} is both treated and not: treated is of the area, post of the period."
        )
    return told[:, 1]


def _after(
    frame: pd.DataFrame,
    order: list[str],
    row: npt.NDArray[np.int64],
    column: npt.NDArray[np.int64],
    treated: Truths,
    start: str,
) -> Truths:
    if start:
        first = start.strip()
        if all(_is_number(one) for one in order) and _is_number(first):
            return np.asarray([float(one) >= float(first) for one in order])
        return np.asarray([one >= first for one in order])
    if "post" not in frame:
        raise BadInput('Since when is not told: give a column post (0 or 1), or {"start": "PERIOD"}.')
    _check_zero_one(frame, "post")
    post = frame["post"].to_numpy(dtype=np.int64)
    told = np.zeros((2, len(order), 2), dtype=bool)  # control or treated, period, before or after
    told[treated[row].astype(np.int64), column, post] = True
    for group in (1, 0):
        if told[group].all(1).any() and (group == 1 or told[1].any()):
            period = order[int(np.flatnonzero(told[group].all(1))[0])]
            raise BadInput(
                f"The period {period} is both before and after: areas that began at different times are "
                "run each by itself."
            )
    # Some tables mark only the treated areas' rows; then the controls have no period after, and theirs are the same.
    after = np.where(told[1].any(1), told[1][:, 1], told[0][:, 1])
    marked_alike = told[0][:, 1].any() and told[1].any()
    if marked_alike and (told[0].any(1) & told[1].any(1) & (told[0][:, 1] != told[1][:, 1])).any():
        raise BadInput("The treated areas and the others have not the same post in a period.")
    return np.asarray(after, dtype=bool)


def _check_zero_one(frame: pd.DataFrame, name: str) -> None:
    if not frame[name].isin([0, 1]).all():
        raise BadInput(f"The column {name} holds something else than 0 and 1.")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

"""A rule replayed over all series, a part of them at a time so that memory stays small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from app.measures.backtest.model import BacktestParams
from app.measures.backtest.rules import firings, held, unanswered
from app.measures.backtest.triangle import Floats, Integers, Rows

CELLS = 400_000  # days times series that are worked out at once: so few that they stay near the processor


class Replayed(NamedTuple):
    """What fired, and what would have with final knowledge. Days are counted from the first of the replay."""

    day: Integers
    key: Integers
    value: Floats
    bound: Floats
    value_now: Floats
    holds_now: Floats  # 1 or 0
    missed_day: Integers
    missed_key: Integers


def replay(rows: Rows, keys: int, first: int, last: int, params: BacktestParams) -> Replayed:
    """Replay from day ``first`` to ``last``; firings in the order of day and series."""
    rest = params.rest_days or params.window_days
    found: list[tuple[Floats | Integers, ...]] = []
    for part, names in _parts(rows, keys, last - first + 1, params):
        many = len(names)
        then = held(part, many, first, last, params)
        now = held(part.as_known_at_once(), many, first, last, params)
        fired = firings(then.holds, rest)
        missed_day, missed_key = np.nonzero(unanswered(firings(now.holds, rest), fired, rest))
        day, key = np.nonzero(fired)
        at = (day, key)
        found.append(
            (
                day, names[key], then.value[at], then.bound[at], now.value[at],
                now.holds[at].astype(np.float64), missed_day, names[missed_key],
            )
        )  # fmt: skip
    columns = [np.concatenate(column) for column in zip(*found, strict=True)]
    order, of_missed = np.lexsort((columns[1], columns[0])), np.lexsort((columns[7], columns[6]))
    return Replayed(
        *(column[order] for column in columns[:6]), *(column[of_missed] for column in columns[6:])
    )


def count_firings(rows: Rows, keys: int, first: int, last: int, params: BacktestParams) -> Integers:
    """How often each series fires; (keys,)."""
    rest = params.rest_days or params.window_days
    found = np.zeros(keys, dtype=np.int64)
    for part, names in _parts(rows, keys, last - first + 1, params):
        found[names] = firings(held(part, len(names), first, last, params).holds, rest).sum(axis=0)
    return found


def _parts(rows: Rows, keys: int, days: int, params: BacktestParams) -> Iterator[tuple[Rows, Integers]]:
    """The rows of some series each time, numbered anew from 0, with the keys that these numbers stand for."""
    names = _able(rows, params) if params.rule == "repeat" else np.arange(keys)
    number = np.full(keys, -1)
    number[names] = np.arange(len(names))
    kept = rows.of(number[rows.key] >= 0)
    kept = kept._replace(key=number[kept.key])
    size = max(1, CELLS // days)
    ordered = kept.of(np.argsort(kept.key, kind="stable")) if len(names) > size else kept
    for start in range(0, max(1, len(names)), size):
        some = names[start : start + size]
        low, high = (
            np.searchsorted(ordered.key, [start, start + size]) if len(names) > size else (0, len(kept.n))
        )
        part = ordered.of(slice(low, high))
        yield part._replace(key=part.key - start), some


def _able(rows: Rows, params: BacktestParams) -> Integers:
    """The series that ever have ``at_least`` reports in a window: of thousands of subjects most never do."""
    new = rows.of(rows.n > 0)
    times = new.n.astype(np.int64)
    order = np.lexsort((new.occurred, new.key))
    key, occurred = (np.repeat(column[order], times[order]) for column in (new.key, new.occurred))
    ahead = params.at_least - 1
    end = max(0, len(key) - ahead)
    near = (key[ahead:] == key[:end]) & (occurred[ahead:] - occurred[:end] < params.window_days)
    return np.unique(key[:end][near])

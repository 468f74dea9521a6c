"""The as-known triangle: signed rows, each with the day it happened and the day it was known.

A window sum as known at T counts rows that happened in the window and were known by T. A row (happened o, known k) is
in the window of ``length`` days that ended ``back`` days ago for T from max(k, o + back) to o + back + length − 1. So
each row adds once and is taken away once, and a running sum over T gives every day's answer in one pass: nothing that
was known after T can be in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Rows(NamedTuple):
    """Signed rows, all of one length. Days are counted from a common day."""

    key: Integers  # of which series, 0 … keys − 1
    occurred: Integers
    known: Integers
    n: Floats

    def of(self, chosen: npt.NDArray[Any] | slice) -> Rows:
        """Some of them, or all in another order."""
        return Rows(self.key[chosen], self.occurred[chosen], self.known[chosen], self.n[chosen])

    def as_known_at_once(self) -> Rows:
        """The same with final knowledge: each known when it happened, later corrections too."""
        return self._replace(known=self.occurred)


def window_sums(rows: Rows, keys: int, first: int, last: int, length: int, back: int = 0) -> Floats:
    """What was known at each day T of a window of ``length`` days that ended ``back`` days before T.

    Returns:
        (days, keys), for T from ``first`` to ``last``.
    """
    begins = np.maximum(rows.known, rows.occurred + back)
    ends = rows.occurred + back + length
    return _sums(rows, begins, ends, keys, first, last)


def heard(rows: Rows, keys: int, first: int, last: int, length: int) -> Floats:
    """How many new reports came to be known in the ``length`` days up to each T; (days, keys)."""
    news = rows.of(rows.n > 0)
    return _sums(news, news.known, news.known + length, keys, first, last)


def _sums(rows: Rows, begins: Integers, ends: Integers, keys: int, first: int, last: int) -> Floats:
    days = last - first + 1
    begins, ends = np.maximum(begins, first), np.minimum(ends, last + 1)
    some = begins < ends
    key, n = rows.key[some], rows.n[some]
    size = (days + 1) * keys
    added = np.bincount((begins[some] - first) * keys + key, weights=n, minlength=size)
    added -= np.bincount((ends[some] - first) * keys + key, weights=n, minlength=size)
    return np.cumsum(added.reshape(days + 1, keys)[:days], axis=0)

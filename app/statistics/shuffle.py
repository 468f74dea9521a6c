"""Random orders that are the same however many cores there are: each permutation has a seed of its own.

Splitmix64 (Steele, Lea & Flood 2014, doi.org/10.1145/2660193.2660195) drives Fisher and Yates' shuffle; the bounded
draw is Lemire's (2019, doi.org/10.1145/3230636), which makes every place as likely as any other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from app.statistics.compiled import compiled

T = TypeVar("T")
Seeds = npt.NDArray[np.uint64]


def seeds(rng: np.random.Generator, count: int) -> Seeds:
    """One seed for each of ``count`` permutations."""
    return rng.integers(0, 2**64, size=count, dtype=np.uint64, endpoint=False)


@compiled
def shuffle_first(values: npt.NDArray[Any], first: int, seed: np.uint64) -> None:
    """Draw ``first`` of the values without replacement to the front, in place; all of them is a whole shuffle."""
    state = np.uint64(seed)
    n = values.size
    for k in range(min(first, n - 1)):
        bound = np.uint64(n - k)
        while True:
            state += np.uint64(0x9E3779B97F4A7C15)
            z = state
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z ^= z >> np.uint64(31)
            product = (z >> np.uint64(32)) * bound
            low = product & np.uint64(0xFFFFFFFF)
            if low >= bound or low >= (np.uint64(0x100000000) - bound) % bound:
                break
        other = k + np.int64(product >> np.uint64(32))
        held = values[k]
        values[k] = values[other]
        values[other] = held


def in_batches(count: int, size: int) -> Iterator[slice]:
    """``count`` things, ``size`` at a time."""
    return (slice(start, min(start + size, count)) for start in range(0, count, size))


def on_all_cores(work: Callable[[slice], T], batches: Iterator[slice], workers: int | None = None) -> list[T]:
    """The result of each batch, in order. Threads do it, for compiled loops let go of the interpreter's lock.

    Plain threads and not numba's own: those end the whole process when two measures run at once.
    """
    cores = workers or len(os.sched_getaffinity(0))
    if cores == 1:
        return [work(batch) for batch in batches]
    with ThreadPoolExecutor(cores) as pool:
        return list(pool.map(work, batches))

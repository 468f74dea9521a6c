"""Loops that are compiled (numba), typed for those who call them.

The machine code is kept beside the source (``cache=True``), so the first call of a fresh checkout takes seconds and the
others none. The interpreter's lock is let go of while they run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile for one core."""
    return cast("Function", numba.njit(cache=True, nogil=True)(function))


def compiled_parallel(function: Function) -> Function:
    """Compile for all cores: a loop over ``numba.prange`` is divided among them."""
    return cast("Function", numba.njit(cache=True, nogil=True, parallel=True)(function))

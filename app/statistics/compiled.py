"""Loops that are compiled (numba), typed for those who call them.

The machine code is kept, so the first call of a fresh checkout takes seconds and the others none. numba itself asks
only whether the file of a function has changed, not the files of what it calls; so the code is kept under a digest of
all that is compiled here, and nothing of an earlier version is ever run. Where it cannot be kept it is made anew in
each process. The interpreter's lock is let go of while the loops run.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar, cast

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., object])

_HERE = Path(__file__).parent
_SOURCES = (_HERE, _HERE.parent / "measures")


def digest(folders: Iterable[Path]) -> str:
    """Of every Python file in the folders and of what compiles them."""
    found = hashlib.sha256(f"numba {numba.__version__} numpy {np.__version__}".encode())
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            found.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]


def _keep() -> bool:
    """Settle where the code is kept; whether it can be."""
    folder = _HERE / "__pycache__" / f"compiled-{digest(_SOURCES)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return os.access(folder, os.W_OK)


_KEPT = _keep()


def compiled(function: Function) -> Function:
    """Compile for one core."""
    return cast("Function", numba.njit(cache=_KEPT, nogil=True)(function))

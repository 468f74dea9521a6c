"""A child that dies with its parent, even when the parent is killed with -9 (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, how: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send us ``how`` when the process that made us ends.

    Survives ``exec`` but not a change of user, so change the user first. The kernel watches the *thread* that
    made us: start children from a thread that lives as long as the process. Other systems than Linux have no
    such thing; there the next start ends what was left.

    Args:
        parent: Process id of the parent as the caller knew it; when that one is gone already, we stop here.
        how: The signal to die by.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), how)

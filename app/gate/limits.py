"""How often one viewer may ask about persons: enough for work by hand, too little for copying the register.

A token bucket for each actor (a person's sessions share one): it holds a burst, and fills up at a steady rate.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from app.domain.errors import TooMany

if TYPE_CHECKING:
    from starlette.types import Scope

    from app.domain.viewer import Viewer

MOST_ACTORS = 10_000


class RequestLimit:
    """``per_minute`` requests in the long run, and a fifth of that, at least ten, at once."""

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute / 60
        self._burst = float(max(10, per_minute // 5))
        self._left: dict[str, tuple[float, float]] = {}

    def spend(self, viewer: Viewer, now: float) -> None:
        """Take one request from the viewer's bucket; ``now`` in seconds of any clock that only goes forward.

        Raises:
            TooMany: It is empty; says after how many seconds the next one may be made.
        """
        left, at = self._left.get(viewer.actor, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._rate)
        if left < 1:
            wait_s = math.ceil((1 - left) / self._rate)
            raise TooMany(
                f"Too many questions about persons at once; ask again in {wait_s} s.",
                wait_s,
                sv=f"För många frågor om personer på kort tid; fråga igen om {wait_s} s.",
            )
        if len(self._left) >= MOST_ACTORS:
            self._left = {actor: kept for actor, kept in self._left.items() if now - kept[1] < 60}
        self._left[viewer.actor] = left - 1, now


def spend(scope: Scope) -> None:
    """Count a request about persons against its viewer's limit; what did not come through the gate has none.

    Raises:
        TooMany: The viewer has asked too often.
    """
    state = scope.get("state", {})
    limit: RequestLimit | None = state.get("limit")
    if limit is not None and state["viewer"] is not None:
        limit.spend(state["viewer"], time.monotonic())

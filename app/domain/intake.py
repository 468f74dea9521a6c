"""The door by which a pushed delivery comes in, as the API sees it; the ETL stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.domain.window import Position


@dataclass(frozen=True)
class PushReceipt:
    """What became of a delivery: ``read = loaded + unchanged + quarantined + outside``, all of it committed."""

    feed: str
    deliveries: tuple[int, ...]
    read: int
    loaded: int
    unchanged: int
    quarantined: int
    outside: int
    position: Position | None


class PushIntake(Protocol):
    """Takes one delivery and answers when everything in it is committed."""

    async def push(self, feed: str, content: bytes, name: str) -> PushReceipt:
        """Load ``content``, the bytes of one delivery of ``feed``; ``name`` is what the sender calls it.

        Raises:
            NotFound: There is no such feed, or nothing can be sent to it.
        """

    async def replay(self, quarantine_id: int) -> PushReceipt:
        """Take one refused record through the steps again.

        Raises:
            NotFound: No record of this number waits in quarantine.
        """

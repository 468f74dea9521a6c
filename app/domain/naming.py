"""From a personal number to a pseudonym, as the API sees it; the edge (``etl.identify``) stands behind it."""

from __future__ import annotations

from typing import Protocol


class PersonNaming(Protocol):
    """Turns a number into the pseudonym under which the database knows the person."""

    async def pseudonym(self, number: str) -> bytes:
        """The pseudonym of a personnummer or samordningsnummer.

        Raises:
            BadInput: It is none. The sentence does not repeat what was sent.
        """

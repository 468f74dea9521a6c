"""The offence catalogue in memory: a source's code becomes our id, and an incident knows its gravest offence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.feed import Problem

if TYPE_CHECKING:
    from app.db import Connection

UNKNOWN = "okand"
"""In a namespace ("polisen:…") this code takes the types that nobody has seen yet; national codes have none."""


@dataclass(frozen=True)
class Catalogue:
    """Codes of one region, with their order of severity."""

    ids: dict[str, int]
    severity: dict[int, tuple[int, str]]

    @classmethod
    async def read(cls, connection: Connection) -> Catalogue:
        """Read the whole catalogue."""
        rows = await connection.fetch("select offence_id, code, severity from offence")
        return cls(
            {row["code"]: row["offence_id"] for row in rows},
            {row["offence_id"]: (row["severity"], row["code"]) for row in rows},
        )

    def find(self, code: str) -> int:
        """The id of a code.

        Raises:
            Problem: No such code, and its namespace has no place for unknown ones.
        """
        known = self.ids.get(code)
        if known is not None:
            return known
        namespace, colon, _ = code.partition(":")
        catch_all = self.ids.get(f"{namespace}:{UNKNOWN}") if colon else None
        if catch_all is None:
            raise Problem("validate", "offences.code", code, "The offence catalogue has no such code.")
        return catch_all

    def gravest(self, offence_ids: list[int]) -> int:
        """The gravest of some offences: the highest severity, ties by the lowest code."""
        top = max(self.severity[offence_id][0] for offence_id in offence_ids)
        tied = (offence_id for offence_id in offence_ids if self.severity[offence_id][0] == top)
        return min(tied, key=lambda offence_id: self.severity[offence_id][1])

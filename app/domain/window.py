"""The window: which happenings, as known when. Every read takes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from app.domain.errors import BadInput

KINDS: dict[str, int] = {"report": 1, "call": 2, "notice": 3}
KIND_NAMES: dict[int, str] = {number: name for name, number in KINDS.items()}

Kind = Literal["report", "call", "notice"]


class Position(NamedTuple):
    """A place in the ledger. Rows are read in this order and only once every earlier transaction is done."""

    xid: int
    ledger_id: int

    @classmethod
    def parse(cls, text: str) -> Position:
        """Read ``"xid-id"``, the form in which a position travels in URLs and stream events."""
        xid, dash, ledger_id = text.partition("-")
        numbers = (xid, ledger_id)
        if not dash or not all(n.isdecimal() and len(n) < 20 and int(n) < 2**63 for n in numbers):
            raise BadInput(f"Position {text!r} is not of the form 123-456; leave it out to start from now.")
        return cls(int(xid), int(ledger_id))

    def __str__(self) -> str:
        return f"{self.xid}-{self.ledger_id}"


@dataclass(frozen=True)
class Window:
    """Two clocks: happened from ``first`` to ``last`` (days of the region, inclusive), known at ``known_at``.

    ``known_at`` of None is "all that is known when the query runs". ``until`` pins the read to a ledger
    position besides, so that an archive loaded later does not change a stored answer.
    """

    first: date
    last: date
    known_at: datetime | None = None
    until: Position | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput(f"The window ends ({self.last}) before it begins ({self.first}); swap the two.")
        if self.known_at is not None and self.known_at.tzinfo is None:
            raise BadInput("known_at needs a UTC offset, such as 2026-01-20T07:00:00+01:00.")


@dataclass(frozen=True)
class Filters:
    """What to look at: one kind, and any of some areas and offences (codes or offence groups; empty = all)."""

    kind: Kind = "report"
    areas: tuple[str, ...] = ()
    offences: tuple[str, ...] = ()

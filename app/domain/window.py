"""The window: which happenings, as known when. Every read takes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from app.domain.errors import BadInput

KINDS: dict[str, int] = {"report": 1, "call": 2, "notice": 3}
LAST_HOUR = 23
ONE_DAY = timedelta(days=1)
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
            raise BadInput(
                f"Position {text!r} is not of the form 123-456; leave it out to start from now.",
                sv=f"Läget {text!r} har inte formen 123-456; utelämna det för att börja från nu.",
            )
        return cls(int(xid), int(ledger_id))

    def __str__(self) -> str:
        return f"{self.xid}-{self.ledger_id}"


@dataclass(frozen=True)
class Window:
    """Two clocks: happened from ``first`` to ``last`` (days of the region, inclusive), known at ``known_at``.

    ``known_at`` of None is "all that is known when the query runs". ``until`` pins the read to a ledger
    position besides, so that an archive loaded later does not change a stored answer.

    ``first_hour`` is the first hour of the first day and ``last_hour`` the last of the last day, inclusive, by the
    region's clock: the night to the 24th is ``Window(23rd, 24th, first_hour=18, last_hour=5)``. The hour that autumn
    repeats is told once by the clock, so both are in or both are out; the one that spring skips holds nothing.
    """

    first: date
    last: date
    known_at: datetime | None = None
    until: Position | None = None
    first_hour: int = 0
    last_hour: int = LAST_HOUR

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput(
                f"The window ends ({self.last}) before it begins ({self.first}); swap the two.",
                sv=f"Perioden slutar ({self.last}) innan den börjar ({self.first}); byt plats på dagarna.",
            )
        if self.known_at is not None and self.known_at.tzinfo is None:
            raise BadInput(
                "known_at needs a UTC offset, such as 2026-01-20T07:00:00+01:00.",
                sv="Tidpunkten för det som var känt behöver en tidszon, som i 2026-01-20T07:00:00+01:00.",
            )
        if not (0 <= self.first_hour <= LAST_HOUR and 0 <= self.last_hour <= LAST_HOUR):
            raise BadInput(
                "An hour is a whole number from 0 to 23.", sv="En timme är ett heltal från 0 till 23."
            )
        if self.first == self.last and self.last_hour < self.first_hour:
            raise BadInput(
                f"The window ends (hour {self.last_hour}) before it begins (hour {self.first_hour}); swap the two, "
                "or let it end on the day after.",
                sv=(
                    f"Perioden slutar (timme {self.last_hour}) innan den börjar (timme {self.first_hour}); byt "
                    "plats på dem, eller låt den sluta dagen efter."
                ),
            )

    @property
    def by_day(self) -> bool:
        """Whether it is made of whole days."""
        return self.first_hour == 0 and self.last_hour == LAST_HOUR

    def whole_days(self) -> tuple[date, date] | None:
        """The first and the last of the days that lie in it whole; None when none does."""
        first = self.first if self.first_hour == 0 else self.first + ONE_DAY
        last = self.last if self.last_hour == LAST_HOUR else self.last - ONE_DAY
        return (first, last) if first <= last else None

    def holds(self, day: date, hour: int) -> bool:
        """Whether what began in this hour of this day (region's clock) is in it."""
        return (self.first, self.first_hour) <= (day, hour) <= (self.last, self.last_hour)


@dataclass(frozen=True)
class Filters:
    """What to look at: one kind, and any of some areas and offences (codes or offence groups; empty = all)."""

    kind: Kind = "report"
    areas: tuple[str, ...] = ()
    offences: tuple[str, ...] = ()

"""What a briefing is made of: read at the rim, told apart here. No person is in any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from app.briefing.edition import Source, Text

Series = Literal["reports", "partner", "calls"]
Stretch = Literal["night", "day", "week"]


@dataclass(frozen=True)
class Counted:
    """A stretch of hours: how many, and how many in the same hours of earlier weeks, as known as long after.

    ``past``: oldest first.
    """

    series: Series
    stretch: Stretch
    first: datetime
    beyond: datetime
    n: int
    past: tuple[int, ...]


@dataclass(frozen=True)
class Measured:
    """What a measure said of the scope: its words and content, and for which picture that is true."""

    question: str
    state: Literal["told", "refused", "failed"]
    words: tuple[Text, ...]
    content: Mapping[str, Any] | None
    day: date
    known_at: datetime
    position: str


@dataclass(frozen=True)
class Report:
    """A report on a pair: its day, its district (code; None: known more coarsely) and its gravest offence's place."""

    day: date
    district: str | None
    severity: int


@dataclass(frozen=True)
class Pair:
    """The reports on one pair of the last year, in order. A number tells pairs apart, and means nothing else."""

    number: int
    reports: tuple[Report, ...]


@dataclass(frozen=True)
class Outcome:
    """A fatal or near-fatal outcome. ``close``: in a close relationship; None where its code cannot tell."""

    day: date
    district: str | None
    fatal: bool
    close: bool | None
    reviewed: bool
    known_at: datetime


@dataclass(frozen=True)
class Change:
    """Reports that were known at the morning before and are believed differently now, of one kind and place."""

    change: Literal["withdrawn", "moved", "corrected"]
    district: str | None
    to_district: str | None
    before: Text | None
    after: Text | None
    day_before: date
    day_after: date | None
    n: int
    known_at: datetime


@dataclass(frozen=True)
class Gap:
    """A time in which a feed told of nothing new; ``after`` came in the half hour after it (0 while it lasts)."""

    first: datetime
    beyond: datetime
    after: int


@dataclass(frozen=True)
class FeedState:
    """How a feed was in the last day and night.

    ``kind``: of the incidents that it tells of. ``last``: when it last told of something new. ``hourly``: how many
    new ones it usually tells of in each of the 24 hours of the region's clock. ``gaps``: the longer ones, in order,
    the last of them open where it has not told of anything since. ``held``: records in quarantine.
    """

    feed: str
    kind: str
    last: datetime | None
    hourly: tuple[float, ...]
    gaps: tuple[Gap, ...]
    held: int


@dataclass(frozen=True)
class Entry:
    """A line of the log book. ``text`` is left out where the entry is about one case."""

    kind: str
    text: str
    area: str | None
    at: datetime
    link: str
    owner: str = ""
    due: datetime | None = None


@dataclass(frozen=True)
class LogBook:
    """What was decided since the morning before, and what is open."""

    decided: tuple[Entry, ...] = ()
    opened: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Everything that an edition tells, for the region (``area`` None) or a district."""

    region: str
    region_name: Text
    zone: str
    area: str | None
    name: Text
    day: date
    known_at: datetime
    before: datetime
    position: str
    names: Mapping[str, str]
    counted: tuple[Counted, ...]
    daily: Mapping[date, int]
    first_day: date | None
    unplaced: int
    measured: Mapping[str, Measured]
    asked: tuple[str, ...]
    pairs: tuple[Pair, ...]
    outcomes: tuple[Outcome, ...]
    changes: tuple[Change, ...]
    added: int
    feeds: tuple[FeedState, ...]
    log_book: LogBook | None
    demo: bool = False

    def source(self, query: str, **parameters: Any) -> Source:
        """What rests on a query of the ledger as known at the edition's moment."""
        return Source(
            query=query,
            parameters=parameters,
            scope=self.area,
            known_at=self.known_at,
            position=self.position,
        )

    def of_measure(self, measured: Measured) -> Source:
        """What rests on a measure's result, which has a picture of its own."""
        return Source(
            query=f"measure.{measured.question}",
            parameters={"day": measured.day.isoformat()},
            scope=self.area,
            known_at=measured.known_at,
            position=measured.position,
        )

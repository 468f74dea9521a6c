"""What was asked: a window with two clocks, and filters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, cast

from fastapi import Depends, Query, Request

from app.api.services import services_of
from app.domain.errors import BadInput
from app.domain.window import KINDS, LAST_HOUR, Filters, Kind, Position, Window

DEFAULT_DAYS = 30
YEARS = range(1900, 2201)
"""Outside of these nothing happened or was known; the calendars of the database and of Python end further out."""
MOST = 2**63 - 1
"""The largest whole number that the database counts with."""
NUMBER = re.compile(r"\d+")
FREE = frozenset({"name", "v"})
"""Parameters that may hold any digits: nobody counts with them."""
LOST_PLUS = re.compile(r" (?=\d\d:?\d\d$)")  # a + in an address means a blank


@dataclass(frozen=True)
class Question:
    """A window and its filters. ``kind_named``: the kind was asked for and not assumed."""

    window: Window
    filters: Filters
    kind_named: bool

    def known_at(self, now: datetime) -> datetime:
        """The moment that the answer is true for."""
        return self.window.known_at or now


def day(name: str, text: str) -> date:
    """Read a day. Raises ``BadInput``."""
    try:
        read = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{name}={text} is not a day; write it YYYY-MM-DD.") from None
    _require_year(name, text, read)
    return read


def moment(name: str, text: str) -> datetime:
    """Read a moment with its UTC offset. Raises ``BadInput``."""
    try:
        read = datetime.fromisoformat(LOST_PLUS.sub("+", text))
    except ValueError:
        raise BadInput(f"{name}={text} is not a moment; write it 2026-01-20T07:00:00+01:00.") from None
    if read.tzinfo is None:
        raise BadInput(
            f"{name}={text} has no UTC offset; write it 2026-01-20T07:00:00+01:00, or with Z for UTC."
        )
    _require_year(name, text, read)
    return read.astimezone(UTC)


def _require_year(name: str, text: str, read: date) -> None:
    if read.year not in YEARS:
        raise BadInput(f"{name}={text} is out of range; choose a year from {YEARS[0]} to {YEARS[-1]}.")


def require_readable(parameters: Iterable[tuple[str, str]]) -> None:
    """Refuse what the database cannot take, whichever parameter it stands in. Raises ``BadInput``.

    That is the character NUL, and whole numbers of more than 63 bits.
    """
    for name, text in parameters:
        if "\0" in text:
            raise BadInput(f"{name} holds a NUL character (%00); leave it out.")
        if name not in FREE and any(
            len(digits) > 19 or int(digits) > MOST for digits in NUMBER.findall(text)
        ):
            raise BadInput(f"{name} holds a number that is too large; choose one up to {MOST}.")


def page_mark(text: str) -> str:
    """The ``next`` of an earlier page, a day or moment and a number. Raises ``BadInput``."""
    when, _, number = text.partition("_")
    if not (NUMBER.fullmatch(number) and when[:4].isdecimal() and int(when[:4]) in YEARS):
        raise BadInput(f"after={text} is not the `next` of an earlier page; leave it out to begin.")
    return text


def listed(values: Iterable[str]) -> tuple[str, ...]:
    """Codes given several times, or with commas between them, or both."""
    return tuple(dict.fromkeys(code for value in values for code in value.split(",") if code))


def kind_named(text: str) -> Kind:
    """Read a kind. Raises ``BadInput``."""
    if text not in KINDS:
        raise BadInput(f"kind={text}: choose one of {', '.join(KINDS)}.")
    return cast("Kind", text)


From = Annotated[
    str | None,
    Query(alias="from", description="First day it happened; default 30 days back.", examples=["2026-11-01"]),
]
To = Annotated[
    str | None,
    Query(
        description="Last day it happened, inclusive; default the day of known_at.", examples=["2026-11-30"]
    ),
]
FromHour = Annotated[
    int, Query(ge=0, le=LAST_HOUR, description="First hour of the first day, region's clock.", examples=[18])
]
ToHour = Annotated[
    int,
    Query(
        ge=0, le=LAST_HOUR, description="Last hour of the last day, inclusive: 5 ends at 06:00.", examples=[5]
    ),
]
KnownAt = Annotated[
    str | None,
    Query(description="As known at this moment; default now.", examples=["2026-11-24T07:00:00+01:00"]),
]
Until = Annotated[
    str | None,
    Query(
        description="Pin the answer to a ledger position, so that an archive loaded later changes nothing.",
        examples=["812-44"],
    ),
]
KindParameter = Annotated[
    str | None, Query(description="report (default), call or notice; never added up.", examples=["report"])
]
Areas = Annotated[
    list[str],
    Query(description="Codes of areas; several by commas or repeated.", examples=[["lpo-sodermalm"]]),
]
Offences = Annotated[
    list[str],
    Query(
        description="Codes of offences, of groups of them, or of what the region has a name for.",
        examples=[["9365", "9367"]],
    ),
]


def filters(kind: KindParameter = None, area: Areas = [], offence: Offences = []) -> tuple[Filters, bool]:  # noqa: B006 - FastAPI copies it
    """What to look at, and whether the kind was named."""
    chosen = kind_named(kind) if kind is not None else "report"
    return Filters(chosen, listed(area), listed(offence)), kind is not None


AskedFilters = Annotated[tuple[Filters, bool], Depends(filters)]


def question(
    request: Request,
    chosen: AskedFilters,
    from_: From = None,
    to: To = None,
    from_hour: FromHour = 0,
    to_hour: ToHour = LAST_HOUR,
    known_at: KnownAt = None,
    until: Until = None,
) -> Question:
    """The window and the filters; a window left open ends today and is 30 days long."""
    at = moment("known_at", known_at) if known_at is not None else None
    last = day("to", to) if to is not None else services_of(request).region.day(at or datetime.now(UTC))
    first = day("from", from_) if from_ is not None else last - timedelta(days=DEFAULT_DAYS - 1)
    position = Position.parse(until) if until is not None else None
    return Question(Window(first, last, at, position, from_hour, to_hour), *chosen)


Asked = Annotated[Question, Depends(question)]

"""What a rule is evaluated on: signed facts with two clocks, as arrays. Moments are seconds since 1970, UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
EPOCH = date(1970, 1, 1)


def _integers() -> Integers:
    return np.zeros(0, dtype=np.int64)


def _floats() -> Floats:
    return np.zeros(0)


@dataclass(frozen=True)
class Signed:
    """Signed facts, all of one length: +1 where something is believed from then on, −1 where it is so no more.

    ``key`` is the number of a series, ``place`` of a place (−1: none); ``day`` counts days of the region from 1970.
    """

    key: Integers = field(default_factory=_integers)
    place: Integers = field(default_factory=_integers)
    known: Floats = field(default_factory=_floats)
    happened: Floats = field(default_factory=_floats)
    day: Integers = field(default_factory=_integers)
    n: Integers = field(default_factory=_integers)
    incident: Integers = field(default_factory=_integers)

    def of(self, chosen: npt.NDArray[Any]) -> Signed:
        """Some of them."""
        return Signed(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Daily:
    """Sums by day and day of knowing, for what is normal; all of one length."""

    key: Integers = field(default_factory=_integers)
    day: Integers = field(default_factory=_integers)
    known_day: Integers = field(default_factory=_integers)
    n: Floats = field(default_factory=_floats)


@dataclass(frozen=True)
class Facts:
    """All that a rule may know. ``keys`` are its series: areas, feeds, or nothing but numbers; ``places`` are areas."""

    zone: ZoneInfo
    keys: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    signed: Signed = field(default_factory=Signed)
    daily: Daily = field(default_factory=Daily)
    heard: Mapping[str, Floats] = field(default_factory=dict)
    """Of each feed when it was heard of, rising."""


def seconds(moment: datetime) -> float:
    """A moment as seconds."""
    return moment.timestamp()


def moment(at: float) -> datetime:
    """Seconds as a moment, UTC."""
    return datetime.fromtimestamp(at, UTC)


def day_number(day: date) -> int:
    """A day of the region as a number."""
    return (day - EPOCH).days


def day_of(at: float, zone: ZoneInfo) -> int:
    """The region's day of a moment, as a number."""
    return day_number(moment(at).astimezone(zone).date())


def midnight(number: int, zone: ZoneInfo) -> float:
    """When a day of the region begins."""
    return datetime.combine(EPOCH + timedelta(days=int(number)), time(), zone).timestamp()


def midnights(numbers: Integers, zone: ZoneInfo) -> Floats:
    """When each of some days begins."""
    different, which = np.unique(numbers, return_inverse=True)
    return np.asarray([midnight(number, zone) for number in different], dtype=np.float64)[which]

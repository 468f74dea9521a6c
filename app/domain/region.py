"""The region: its calendar, its time zone, its names. Everything particular comes from its pack.

A second region is one new folder under ``geodata/regions``; no code knows any region by name.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Region:
    """A police region as its pack describes it (``region.toml``)."""

    code: str
    facts: dict[str, Any]

    @classmethod
    def read(cls, pack: Path) -> Region:
        """Read ``region.toml`` in the folder ``pack``; the folder's name is the region's code."""
        return cls(pack.name, tomllib.loads((pack / "region.toml").read_text(encoding="utf-8")))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which days and hours are told."""
        return ZoneInfo(self.facts["time_zone"])

    @property
    def name(self) -> str:
        """The name on the screen."""
        return str(self.facts["name"])

    def day(self, moment: datetime) -> date:
        """The calendar day, in the region, of an aware moment."""
        return moment.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The UTC moment at which the region's ``day`` begins (a day may have 23 or 25 hours)."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

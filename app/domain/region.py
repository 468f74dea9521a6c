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
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class NamedOffences:
    """Offences that are asked for together, beside the catalogue's groups (``named_offences.toml``)."""

    code: str
    kind: str
    names: Mapping[str, str]
    means: Mapping[str, str]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    """A police region as its pack describes it (``region.toml``)."""

    code: str
    facts: dict[str, Any]
    named_offences: tuple[NamedOffences, ...] = ()

    @classmethod
    def read(cls, pack: Path) -> Region:
        """Read ``region.toml`` in the folder ``pack``, and ``named_offences.toml`` where there is one.

        The folder's name is the region's code.
        """
        named = pack / "named_offences.toml"
        rows = _toml(named)["named"] if named.is_file() else []
        return cls(pack.name, _toml(pack / "region.toml"), tuple(_named(row) for row in rows))

    def spelled_out(self, codes: Iterable[str]) -> list[str]:
        """The codes, each name of several offences replaced by the offences that it names."""
        named = {one.code: one.codes for one in self.named_offences}
        return [code for asked in codes for code in named.get(asked, (asked,))]

    def names_of(self, code: str) -> list[str]:
        """The names of several offences that this one is among."""
        return [one.code for one in self.named_offences if code in one.codes]

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


def _toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _named(row: Mapping[str, Any]) -> NamedOffences:
    names, means = ({lang: str(row[prefix + lang]) for lang in ("sv", "en")} for prefix in ("", "means_"))
    return NamedOffences(str(row["code"]), str(row["kind"]), names, means, tuple(row["codes"]))

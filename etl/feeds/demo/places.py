"""Where things happen: some 5,000 made-up streets, laid on dry land by population (see ``build_places``).

A street has the house numbers 1 to ``HOUSES``; number n lies at a fixed spot along it, so that an address is the same
place each time.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from etl.feeds.demo.clock import Ints

    Floats = NDArray[np.float64]
    Words = NDArray[np.str_]

FILE = Path(__file__).with_name("places.csv")
HOUSES = 24
BURST_SMALLEST = 60_000
"""A district is large enough for a burst from so many inhabitants: below, four times nothing is nothing."""


@dataclass(frozen=True)
class Places:
    """The streets, one element each. ``kommun_of`` and ``district_of`` are positions in ``kommuner``, ``districts``."""

    streets: list[str]
    kommuner: list[str]
    districts: list[str]
    kommun_of: Ints
    district_of: Ints
    latitude: Floats
    longitude: Floats
    dlat: Floats
    dlon: Floats
    home: Floats
    public: Floats
    burst_districts: Ints

    @classmethod
    @cache
    def read(cls, file: Path = FILE) -> Places:
        """Read the streets; ``home`` and ``public`` become cumulative shares."""
        with file.open(encoding="utf-8", newline="") as lines:
            columns = list(zip(*list(csv.reader(lines))[1:], strict=True))
        kommuner, districts = sorted(set(columns[1])), sorted(set(columns[2]))
        kommun_number = {name: number for number, name in enumerate(kommuner)}
        district_number = {code: number for number, code in enumerate(districts)}
        latitude, longitude, dlat, dlon, home, public = (np.array(column, float) for column in columns[3:])
        district_of = np.array([district_number[code] for code in columns[2]], np.int64)
        people = np.bincount(district_of, weights=home)
        return cls(
            list(columns[0]), kommuner, districts,
            np.array([kommun_number[name] for name in columns[1]], np.int64), district_of,
            latitude, longitude, dlat, dlon, np.cumsum(home) / home.sum(), np.cumsum(public) / public.sum(),
            np.flatnonzero(people >= BURST_SMALLEST),
        )  # fmt: skip

    @cached_property
    def as_json(self) -> list[tuple[str, str]]:
        """``"GATA":"...",`` and ``"KOMMUN":"...",`` of each street, written once and used a million times."""
        kommuner = [f'"KOMMUN":{json.dumps(kommun, ensure_ascii=False)},' for kommun in self.kommuner]
        return [
            (f'"GATA":{json.dumps(street, ensure_ascii=False)},', kommuner[number])
            for street, number in zip(self.streets, self.kommun_of.tolist(), strict=True)
        ]

    def draw_home(self, rng: np.random.Generator, count: int) -> Ints:
        """Streets by inhabitants."""
        return self._draw(self.home, rng.random(count))

    def draw_public(self, rng: np.random.Generator, count: int) -> Ints:
        """Streets by how much happens in public there."""
        return self._draw(self.public, rng.random(count))

    def draw_in(self, rng: np.random.Generator, group_of: Ints, groups: Ints) -> Ints:
        """For each of ``groups`` (kommuner or districts, as ``group_of`` tells them) a street inside it."""
        order = np.argsort(group_of, kind="stable")
        starts = np.searchsorted(group_of[order], groups, side="left")
        ends = np.searchsorted(group_of[order], groups, side="right")
        found: Ints = order[starts + (rng.random(len(groups)) * (ends - starts)).astype(np.int64)]
        return found

    def share_of_district(self, district: int) -> float:
        """The share of all inhabitants who live in a district."""
        return float(np.diff(self.home, prepend=0.0)[self.district_of == district].sum())

    def share_of_public(self, district: int) -> float:
        """The share of what happens in public that happens in a district."""
        return float(np.diff(self.public, prepend=0.0)[self.district_of == district].sum())

    def positions(self, place: Ints, house: Ints) -> tuple[list[float], list[float]]:
        """Latitude and longitude (WGS84, 5 decimals: about a metre) of addresses."""
        along = (house - HOUSES / 2) / (HOUSES / 2)
        latitude = self.latitude[place] + along * self.dlat[place]
        longitude = self.longitude[place] + along * self.dlon[place]
        return np.round(latitude, 5).tolist(), np.round(longitude, 5).tolist()

    @staticmethod
    def _draw(cumulative: Floats, draws: Floats) -> Ints:
        return np.minimum(np.searchsorted(cumulative, draws, side="right"), len(cumulative) - 1).astype(
            np.int64
        )

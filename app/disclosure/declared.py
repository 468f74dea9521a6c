"""The cubes that a region declares (``cubes.toml`` of its pack), and the plan of a year that is made of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from app.disclosure.axis import TOTAL, Axis
from app.disclosure.cube import Cube, Plan
from app.disclosure.policy import Policy
from app.domain.errors import BadInput

AXES = ("area", "offence", "hour", "month")
AREA_KINDS = ("polisomrade", "lokalpolisomrade", "kommun")
"""The kinds of area of a place, in its order."""
TIMES = ("month", "quarter", "year")
REGION = {"sv": "Hela regionen", "en": "The whole region", "kind": "region"}
ALL_OFFENCES = {"sv": "Alla brott", "en": "All offences"}
ALL_HOURS = {"sv": "Hela dygnet", "en": "All day"}
MONTHS_SV = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
             "november", "december")  # fmt: skip
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December")  # fmt: skip


class Place(NamedTuple):
    """Where a report lies, as far as it is known: the codes of its areas; None where only more coarsely."""

    polisomrade: str | None
    lokalpolisomrade: str | None
    kommun: str | None

    @property
    def leaf(self) -> str:
        """The place as a leaf of the area axis."""
        return "/".join(code or "-" for code in self)

    @classmethod
    def of(cls, leaf: str) -> Place:
        """The place that a leaf stands for."""
        return cls(*(None if code == "-" else code for code in leaf.split("/")))


@dataclass(frozen=True)
class Hours:
    """A part of the day, from an hour of the region's clock."""

    code: str
    names: Mapping[str, str]
    first: int


@dataclass(frozen=True)
class DeclaredCube:
    """One cube: which areas and times it is about, whether it crosses offences or hours, and who may see it."""

    name: str
    names: Mapping[str, str]
    areas: tuple[str, ...]
    times: tuple[str, ...]
    offences: bool
    hours: bool
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Declared:
    """What a region declares.

    Attributes:
        kind: The kind of incident that is counted.
        policy: The rule.
        offences: Code of an offence group that is shown to its names and the catalogue's groups in it.
        hours: The parts of the day, in order.
        cubes: The cubes.
    """

    kind: str
    policy: Policy
    offences: Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]]
    hours: tuple[Hours, ...]
    cubes: tuple[DeclaredCube, ...]

    @classmethod
    def read(cls, text: str) -> Declared:
        """Read ``cubes.toml``.

        Raises:
            BadInput: Something in it is missing or wrong.
        """
        try:
            told = tomllib.loads(text)
            made = cls(
                told["kind"],
                Policy(told["threshold"], told["width"], told["zeros"], told["rounding"]),
                {one["code"]: (_names(one), tuple(one["groups"])) for one in told["offences"]},
                tuple(Hours(one["code"], _names(one), one["first"]) for one in told["hours"]),
                tuple(
                    DeclaredCube(
                        one["name"], _names(one), tuple(one["areas"]), tuple(one["times"]), one["offences"],
                        one["hours"], tuple(one["roles"]),
                    )
                    for one in told["cubes"]
                ),
            )  # fmt: skip
        except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
            raise BadInput(f"cubes.toml cannot be read: {error}.") from error
        rest = [code for code, (_, groups) in made.offences.items() if not groups]
        firsts = [hours.first for hours in made.hours]
        if len(rest) != 1 or firsts != sorted(firsts) or firsts[:1] != [0]:
            raise BadInput(
                "cubes.toml needs one offence group without groups (the rest), and hours that begin with 0."
            )
        for cube in made.cubes:
            if not {*cube.areas} <= {"region", *AREA_KINDS} or not {*cube.times} <= {*TIMES}:
                raise BadInput(
                    f"cubes.toml: the cube {cube.name} is about areas or times that there are not."
                )
        return made

    @cached_property
    def _group_of(self) -> dict[str, str]:
        return {group: code for code, (_, groups) in self.offences.items() for group in groups}

    @cached_property
    def _rest(self) -> str:
        return next(code for code, (_, groups) in self.offences.items() if not groups)

    def offence(self, group: str) -> str:
        """The shown group of a group of the catalogue."""
        return self._group_of.get(group, self._rest)

    def hour(self, hour: int) -> str:
        """The part of the day of an hour, 0 to 23."""
        return [hours.code for hours in self.hours if hours.first <= hour][-1]

    def plan(self, region: str, year: int, places: Iterable[Place]) -> Plan:
        """The plan of a year: every place that there was in it, and the cubes over them."""
        known = sorted(set(places), key=lambda place: place.leaf)
        groups: dict[str, list[str]] = {}
        kinds: dict[str, list[str]] = {kind: [] for kind in AREA_KINDS}
        for kind in AREA_KINDS:
            for place in known:
                code = getattr(place, kind)
                if code is not None:
                    groups.setdefault(code, []).append(place.leaf)
            kinds[kind] = sorted({getattr(place, kind) for place in known} - {None})
        months = [f"{year}-{month:02d}" for month in range(1, 13)]
        quarters = {f"{year}-Q{number + 1}": months[3 * number : 3 * number + 3] for number in range(4)}
        axes = (
            Axis.of("area", [place.leaf for place in known], groups),
            Axis.of("offence", list(self.offences)),
            Axis.of("hour", [hours.code for hours in self.hours]),
            Axis.of("month", months, {**quarters, str(year): months}),
        )
        cubes = [
            Cube(
                cube.name,
                {
                    "area": tuple(
                        code for kind in cube.areas for code in ([TOTAL] if kind == "region" else kinds[kind])
                    ),
                    "offence": (TOTAL, *self.offences) if cube.offences else (TOTAL,),
                    "hour": (TOTAL, *(hours.code for hours in self.hours)) if cube.hours else (TOTAL,),
                    # Nobody decides about a year: it is the sum of its quarters where they are shown (`summed`).
                    "month": (
                        *(months if "month" in cube.times else ()),
                        *(quarters if "quarter" in cube.times else ()),
                    ),
                },
            )
            for cube in self.cubes
        ]  # fmt: skip
        source = f"{self.kind} incidents close_relationship {region}"
        return Plan(f"{region}-{year}", source, axes, "month", tuple(cubes), self.policy)


def names_of(declared: Declared, plan: Plan, areas: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What every code of a plan is called, by axis: ``{"sv", "en"}``, and ``kind`` for areas.

    Args:
        declared: The region's cubes.
        plan: The plan of a year.
        areas: Code of an area to its names and kind.
    """
    return {
        "area": {TOTAL: REGION, **{code: dict(areas[code]) for code in plan.axes[0].groups if code in areas}},
        "offence": {
            TOTAL: ALL_OFFENCES,
            **{code: dict(names) for code, (names, _) in declared.offences.items()},
        },
        "hour": {TOTAL: ALL_HOURS, **{hours.code: dict(hours.names) for hours in declared.hours}},
        "month": {code: time_names(code) for code in plan.axes[3].groups if code != TOTAL},
    }


def time_names(code: str) -> dict[str, str]:
    """``2026-10`` is oktober 2026, ``2026-Q4`` is kvartal 4 2026."""
    year, _, part = code.partition("-")
    if not part:
        return {"sv": year, "en": year, "kind": "year"}
    if part.startswith("Q"):
        return {"sv": f"kvartal {part[1:]} {year}", "en": f"quarter {part[1:]} {year}", "kind": "quarter"}
    month = int(part) - 1
    return {"sv": f"{MONTHS_SV[month]} {year}", "en": f"{MONTHS_EN[month]} {year}", "kind": "month"}


def plan_document(plan: Plan) -> dict[str, Any]:
    """A plan as JSON, for keeping."""
    policy = plan.policy
    return {
        "name": plan.name, "source": plan.source, "time": plan.time,
        "axes": [{"name": axis.name, "groups": {code: sorted(under) for code, under in axis.groups.items()}}
                 for axis in plan.axes],
        "cubes": [{"name": cube.name, "shown": {axis: list(codes) for axis, codes in cube.shown.items()}}
                  for cube in plan.cubes],
        "policy": {"threshold": policy.threshold, "width": policy.width, "zeros": policy.zeros,
                   "rounding": policy.rounding},
    }  # fmt: skip


def plan_of(document: Mapping[str, Any]) -> Plan:
    """The plan that was kept as JSON."""
    return Plan(
        document["name"],
        document["source"],
        tuple(
            Axis(axis["name"], {code: frozenset(under) for code, under in axis["groups"].items()})
            for axis in document["axes"]
        ),
        document["time"],
        tuple(
            Cube(cube["name"], {axis: tuple(codes) for axis, codes in cube["shown"].items()})
            for cube in document["cubes"]
        ),
        Policy(**document["policy"]),
    )


def months_of(period: str) -> Sequence[str]:
    """The months of a period that is written YYYY-MM or YYYY-Qn.

    Raises:
        BadInput: It is written otherwise.
    """
    year, _, part = period.partition("-")
    if len(year) == 4 and year.isdecimal() and len(part) == 2:
        if part[0] == "Q" and part[1] in "1234":
            first = 3 * (int(part[1]) - 1) + 1
            return [f"{year}-{month:02d}" for month in range(first, first + 3)]
        if part.isdecimal() and 1 <= int(part) <= 12:
            return [period]
    raise BadInput(f"{period} is no period: write a month as 2026-10 or a quarter as 2026-Q4.")


def _names(told: Mapping[str, Any]) -> dict[str, str]:
    return {"sv": told["sv"], "en": told["en"]}

"""Puts a region's areas together from its RegSO and its tables.

RegSO geometry is the only geometry of a pack; everything larger is merged from it here, so that borders are
shared to the last digit and no area can drift from its parts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import geopandas
import shapely

from app.domain.errors import SetupError
from geodata.areas import Area, AreaKey, holding
from geodata.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Regso:
    """A statistical area, the atom of the pack. ``unit`` is the district or kommun that the rollup counts under."""

    code: str
    name: str
    kommun: str
    geometry: Any
    unit: AreaKey
    population: int


@dataclass
class PoliceVersion:
    """A police area while its set of parts stays the same."""

    kind: str
    code: str
    name: str
    polisomrade: str
    members: frozenset[str]
    valid_from: date
    valid_to: date | None = None


def assemble(folder: Path, facts: dict[str, Any]) -> list[Area]:
    """All areas of the pack in ``folder``; ``facts`` is its region.toml.

    Raises:
        SetupError: The tables leave a RegSO out or give it twice.
    """
    start: date = facts["first_day"]
    atoms = {atom.code: atom for atom in _regso(folder, start)}
    sources: dict[str, str] = facts["sources"]
    region = AreaKey("region", facts["code"], start)

    def made(key: AreaKey, name: str, members: Iterable[str], parent: AreaKey | None, source: str) -> Area:
        codes = sorted(members)
        return Area(
            key.kind,
            key.code,
            name,
            key.valid_from,
            None,
            provisional=source != sources["regso"],
            population=sum(atoms[code].population for code in codes),
            source=source,
            members=frozenset(codes),
            geometry=merged([atoms[code].geometry for code in codes]),
            parent=parent,
        )

    areas = [made(region, facts["name"], atoms, None, sources["regso"])]
    for code, name in facts["lan_names"].items():
        members = [atom.code for atom in atoms.values() if atom.kommun.startswith(code)]
        areas.append(made(AreaKey("lan", code, start), name, members, region, sources["regso"]))
    for row in read_table(folder / "kommuner.csv"):
        members = [atom.code for atom in atoms.values() if atom.kommun == row["code"]]
        parent = AreaKey("lan", row["lan"], start)
        areas.append(
            made(AreaKey("kommun", row["code"], start), row["name"], members, parent, sources["regso"])
        )
    for row in read_table(folder / "delomraden.csv"):
        key = AreaKey("delomrade", row["code"], start)
        members = [atom.code for atom in atoms.values() if atom.unit == key]
        parent = AreaKey("kommun", row["kommun"], start)
        areas.append(made(key, row["name"], members, parent, sources["delomrade"]))
    for atom in atoms.values():
        area = made(AreaKey("regso", atom.code, start), atom.name, [atom.code], atom.unit, sources["regso"])
        areas.append(replace(area, rollup=atom.unit))
    members_of = {(area.kind, area.code): area.members for area in areas}
    for version in _police_versions(folder, start, members_of):
        parent = AreaKey("polisomrade", version.polisomrade, start) if version.polisomrade else region
        key = AreaKey(version.kind, version.code, version.valid_from)
        area = made(key, version.name, version.members, parent, sources["police"])
        areas.append(replace(area, valid_to=version.valid_to))
    _check(areas, folder)
    return areas


def spread(total: int, codes: Iterable[str]) -> dict[str, int]:
    """Share ``total`` equally; what is left over goes to the first codes, so that the parts add up to it."""
    order = sorted(codes)
    share, rest = divmod(total, len(order))
    return {code: share + (place < rest) for place, code in enumerate(order)}


def merged(geometries: list[Any]) -> Any:
    """One MultiPolygon of polygons that share their borders exactly."""
    whole = shapely.coverage_union_all(geometries)
    return whole if whole.geom_type == "MultiPolygon" else shapely.MultiPolygon([whole])


def _regso(folder: Path, start: date) -> list[Regso]:
    """The atoms in the order of their codes, each with its unit and its share of the unit's people."""
    shapes = geopandas.read_file(folder / "regso.fgb").sort_values("code")
    district = {row["regso"]: row["delomrade"] for row in read_table(folder / "regso_delomrade.csv")}
    if unknown := set(district) - set(shapes["code"]):
        raise SetupError(
            f"regso_delomrade.csv in {folder.name} names RegSO that regso.fgb lacks: {sorted(unknown)}."
        )
    units = {
        code: AreaKey("delomrade", district[code], start)
        if code in district
        else AreaKey("kommun", kommun, start)
        for code, kommun in zip(shapes["code"], shapes["kommun"], strict=True)
    }
    tables = (("kommun", "kommuner.csv"), ("delomrade", "delomraden.csv"))
    people: dict[str, int] = {}
    for kind, table in tables:
        for row in read_table(folder / table):
            codes = [code for code, unit in units.items() if (unit.kind, unit.code) == (kind, row["code"])]
            if codes:
                people |= spread(int(row["population"]), codes)
    columns = (shapes["code"], shapes["name"], shapes["kommun"], shapes.geometry)
    return [
        Regso(code, name, kommun, geometry, units[code], people[code])
        for code, name, kommun, geometry in zip(*columns, strict=True)
    ]


def _police_versions(
    folder: Path, start: date, members_of: dict[tuple[str, str], frozenset[str]]
) -> list[PoliceVersion]:
    """Police areas and local police areas: a new version whenever the set of parts changes.

    The first version of an area that began together with the oldest ones is taken back to the pack's first
    day: an offence of 2009 that is reported today belongs to somebody.
    """
    table = read_table(folder / "police_areas.csv")
    oldest = min(row["valid_from"] for row in table)
    found: list[PoliceVersion] = []
    for kind in ("polisomrade", "lokalpolisomrade"):
        for code in dict.fromkeys(row[kind] for row in table):
            rows = [row for row in table if row[kind] == code]
            current: PoliceVersion | None = None
            for day in sorted({row["valid_from"] for row in rows} | {row["valid_to"] for row in rows} - {""}):
                parts = [
                    row
                    for row in rows
                    if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])
                ]
                members = frozenset().union(*(members_of[row["part_kind"], row["part"]] for row in parts))
                if current and current.members == members:
                    continue
                if current:
                    current.valid_to = date.fromisoformat(day)
                    current = None
                if members:
                    first = start if day == oldest else date.fromisoformat(day)
                    name = parts[0][f"{kind}_name"]
                    wider = parts[0]["polisomrade"] if kind == "lokalpolisomrade" else ""
                    current = PoliceVersion(kind, code, name, wider, members, first)
                    found.append(current)
    return found


def _check(areas: list[Area], folder: Path) -> None:
    """Every RegSO has one area of each kind that covers the region, on any day on which a border begins.

    Raises:
        SetupError: The tables leave a RegSO out or give it twice.
    """
    every = {area.code for area in areas if area.kind == "regso"}
    for kind in ("lan", "kommun", "polisomrade", "lokalpolisomrade"):
        for day in sorted({area.valid_from for area in areas if area.kind == kind}):
            held = [regso for area in holding(areas, kind, day) for regso in area.members]
            if len(held) != len(set(held)) or set(held) != every:
                raise SetupError(
                    f"On {day} the {kind} tables of {folder.name} leave RegSO out or name them twice."
                )

"""Reads a region pack, a folder under ``geodata/regions``, into areas, offences and harm weights. No database.

The folder holds small tables that a person can review. RegSO geometry is the only geometry; everything
larger is put together from it here, so that all borders are shared to the millimetre.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import shapely

from app.domain.errors import NotFound, SetupError
from geodata.areas import Area, AreaKey, holding

REGIONS = Path(__file__).parent / "regions"
TABLES = (
    "region.toml",
    "regso.fgb",
    "kommuner.csv",
    "delomraden.csv",
    "regso_delomrade.csv",
    "police_areas.csv",
    "offences.csv",
    "harm_weights.csv",
)
"""The files that reach the tables; the checksum is over these."""

FORMAT = "1"
"""Raise when the code reads the same files into other rows, so that a pack already loaded is loaded again."""


@dataclass(frozen=True)
class Offence:
    """A row of the offence catalogue. ``severity``: higher is graver; equal ones are ordered by code."""

    code: str
    kind: int
    name_sv: str
    name_en: str
    group_code: str
    group_sv: str
    group_en: str
    stage: str | None
    relation: str | None
    victim_sex: str | None
    victim_age: str | None
    place: str | None
    close_relationship: bool | None
    valid_from: date | None
    valid_to: date | None
    severity: int


@dataclass(frozen=True)
class HarmWeight:
    """The harm of one offence in months of average sentence, in one version of an index."""

    index_name: str
    version: str
    code: str
    weight: float
    provisional: bool
    source: str


@dataclass(frozen=True)
class RegionPack:
    """A region as its folder describes it."""

    region: str
    facts: dict[str, Any]
    checksum: str
    areas: tuple[Area, ...]
    offences: tuple[Offence, ...]
    harm_weights: tuple[HarmWeight, ...]


def pack_folder(region: str) -> Path:
    """The folder of a region's pack.

    Raises:
        NotFound: There is no such region; the message names those that exist.
    """
    folder = REGIONS / region
    if not region.isidentifier() or not (folder / "region.toml").is_file():
        known = ", ".join(sorted(path.parent.name for path in REGIONS.glob("*/region.toml")))
        raise NotFound(f"There is no region pack '{region}'; these exist: {known}.")
    return folder


def pack_checksum(folder: Path) -> str:
    """SHA-256 over the pack's tables and the way they are read.

    Raises:
        SetupError: A file of the pack is missing.
    """
    digest = hashlib.sha256(FORMAT.encode())
    for name in TABLES:
        try:
            content = (folder / name).read_bytes()
        except FileNotFoundError as error:
            raise SetupError(f"The region pack {folder.name} lacks {name}; restore it from the repository.") from error
        digest.update(name.encode() + hashlib.sha256(content).digest())
    return digest.hexdigest()


def read_pack(region: str) -> RegionPack:
    """Read the pack of ``region``.

    Raises:
        NotFound: There is no such region.
        SetupError: A file is missing, or the tables contradict each other.
    """
    folder = pack_folder(region)
    checksum = pack_checksum(folder)
    facts = tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))
    return RegionPack(
        region,
        facts,
        checksum,
        tuple(_areas(folder, facts)),
        tuple(_offence(row) for row in read_table(folder / "offences.csv")),
        tuple(_weight(row) for row in read_table(folder / "harm_weights.csv")),
    )


def read_table(path: Path) -> list[dict[str, str]]:
    """A CSV table as rows of text: codes keep their leading zeros."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def spread(total: int, codes: list[str]) -> dict[str, int]:
    """Share ``total`` equally; what is left over goes to the first codes, so that the parts add up to it."""
    share, rest = divmod(total, len(codes))
    return {code: share + (place < rest) for place, code in enumerate(sorted(codes))}


def merged(geometries: list[Any]) -> Any:
    """One MultiPolygon of polygons that share their borders exactly."""
    whole = shapely.coverage_union_all(geometries)
    return whole if whole.geom_type == "MultiPolygon" else shapely.MultiPolygon([whole])


def _areas(folder: Path, facts: dict[str, Any]) -> list[Area]:
    start: date = facts["first_day"]
    shapes = geopandas.read_file(folder / "regso.fgb")
    outline = dict(zip(shapes["code"], shapes.geometry, strict=True))
    kommun_of = dict(zip(shapes["code"], shapes["kommun"], strict=True))
    piece_of = {row["regso"]: row["delomrade"] for row in read_table(folder / "regso_delomrade.csv")}
    kommuner = {row["code"]: row for row in read_table(folder / "kommuner.csv")}
    pieces = {row["code"]: row for row in read_table(folder / "delomraden.csv")}
    if unknown := set(piece_of) - set(outline):
        raise SetupError(f"regso_delomrade.csv in {folder.name} names RegSO that regso.fgb lacks: {sorted(unknown)}.")

    def unit(regso: str) -> AreaKey:
        piece = piece_of.get(regso)
        return AreaKey("delomrade", piece, start) if piece else AreaKey("kommun", kommun_of[regso], start)

    parts: dict[AreaKey, list[str]] = {}
    for regso in outline:
        parts.setdefault(unit(regso), []).append(regso)
    people: dict[str, int] = {}
    for key, members in parts.items():
        row = pieces[key.code] if key.kind == "delomrade" else kommuner[key.code]
        people |= spread(int(row["population"]), members)

    def made(kind: str, code: str, name: str, members: set[str], *, parent: AreaKey | None, source: str,
             provisional: bool = False, valid_from: date = start, valid_to: date | None = None) -> Area:  # fmt: skip
        geometry = merged([outline[regso] for regso in sorted(members)])
        population = sum(people[regso] for regso in members)
        return Area(
            kind, code, name, valid_from, valid_to, provisional, population, source, frozenset(members), geometry, parent
        )

    scb = str(facts["sources"]["regso"])
    region = AreaKey("region", facts["code"], start)
    areas = [made("region", region.code, facts["name"], set(outline), parent=None, source=scb)]
    for code, row in facts["lan_names"].items():
        members = {regso for regso in outline if kommun_of[regso][:2] == code}
        areas.append(made("lan", code, row, members, parent=region, source=scb))
    for code, row in kommuner.items():
        members = {regso for regso in outline if kommun_of[regso] == code}
        areas.append(made("kommun", code, row["name"], members, parent=AreaKey("lan", row["lan"], start), source=scb))
    for code, row in pieces.items():
        kommun = AreaKey("kommun", row["kommun"], start)
        members = set(parts[AreaKey("delomrade", code, start)])
        source = str(facts["sources"]["delomrade"])
        areas.append(made("delomrade", code, row["name"], members, parent=kommun, source=source, provisional=True))
    names = dict(zip(shapes["code"], shapes["name"], strict=True))
    for code in sorted(outline):
        geometry = merged([outline[code]])
        areas.append(
            Area("regso", code, names[code], start, None, False, people[code], scb, frozenset({code}), geometry,
                 parent=unit(code), rollup=unit(code))  # fmt: skip
        )
    members_of = {(area.kind, area.code): set(area.members) for area in areas}
    for row in _police_rows(folder, start, members_of):
        parent = AreaKey("polisomrade", row["parent"], start) if row["parent"] else region
        areas.append(
            made(row["kind"], row["code"], row["name"], row["members"], parent=parent, provisional=True,
                 source=str(facts["sources"]["police"]), valid_from=row["from"], valid_to=row["to"])  # fmt: skip
        )
    _check(areas, folder)
    return areas


def _police_rows(
    folder: Path, start: date, members_of: dict[tuple[str, str], set[str]]
) -> list[dict[str, Any]]:
    """Police areas and local police areas: a new version whenever the set of parts changes.

    The first version of an area that began together with the oldest ones is taken back to the pack's first
    day: an offence of 2009 that is reported today belongs to somebody.
    """
    table = read_table(folder / "police_areas.csv")
    oldest = min(row["valid_from"] for row in table)
    found: list[dict[str, Any]] = []
    for kind, parent_column in (("polisomrade", ""), ("lokalpolisomrade", "polisomrade")):
        for code in dict.fromkeys(row[kind] for row in table):
            rows = [row for row in table if row[kind] == code]
            days = sorted({row["valid_from"] for row in rows} | {row["valid_to"] for row in rows if row["valid_to"]})
            for day in days:
                parts = [row for row in rows if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])]
                members = {regso for row in parts for regso in members_of[row["part_kind"], row["part"]]}
                before = found[-1] if found and found[-1]["code"] == code and found[-1]["to"] is None else None
                if before and before["members"] == members:
                    continue
                if before:
                    before["to"] = date.fromisoformat(day)
                if members:
                    first = start if day == oldest else date.fromisoformat(day)
                    found.append({
                        "kind": kind, "code": code, "name": parts[0][f"{kind}_name"], "members": members,
                        "parent": parts[0][parent_column] if parent_column else "", "from": first, "to": None,
                    })  # fmt: skip
    return found


def _check(areas: list[Area], folder: Path) -> None:
    """Every RegSO has exactly one local police area on any day on which a border begins.

    Raises:
        SetupError: The tables leave a RegSO out or give it twice.
    """
    every = {area.code for area in areas if area.kind == "regso"}
    for kind in ("kommun", "polisomrade", "lokalpolisomrade"):
        for day in sorted({area.valid_from for area in areas if area.kind == kind}):
            held = [regso for area in holding(areas, kind, day) for regso in area.members]
            if len(held) != len(set(held)) or set(held) != every:
                raise SetupError(f"On {day} the {kind} tables of {folder.name} leave RegSO out or name them twice.")


def _offence(row: dict[str, str]) -> Offence:
    return Offence(
        code=row["code"],
        kind=int(row["kind"]),
        **{name: row[name] for name in ("name_sv", "name_en", "group_code", "group_sv", "group_en")},
        **{name: row[name] or None for name in ("stage", "relation", "victim_sex", "victim_age", "place")},
        close_relationship={"true": True, "false": False, "": None}[row["close_relationship"]],
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        severity=int(row["severity"]),
    )


def _weight(row: dict[str, str]) -> HarmWeight:
    return HarmWeight(
        row["index_name"], row["version"], row["code"], float(row["weight"]), row["provisional"] == "true", row["source"]
    )

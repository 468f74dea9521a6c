"""Reads a region pack, a folder under ``geodata/regions``, into areas, offences and harm weights. No database.

The folder holds small tables that a person can review; ``geodata.assemble`` makes the areas of them.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import NotFound, SetupError
from geodata.assemble import assemble
from geodata.tables import read_table

if TYPE_CHECKING:
    from geodata.areas import Area

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
            raise SetupError(
                f"The region pack {folder.name} lacks {name}; restore it from the repository."
            ) from error
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
        tuple(assemble(folder, facts)),
        tuple(_offence(row) for row in read_table(folder / "offences.csv")),
        tuple(_weight(row) for row in read_table(folder / "harm_weights.csv")),
    )


def _offence(row: dict[str, str]) -> Offence:
    return Offence(
        code=row["code"],
        kind=int(row["kind"]),
        name_sv=row["name_sv"],
        name_en=row["name_en"],
        group_code=row["group_code"],
        group_sv=row["group_sv"],
        group_en=row["group_en"],
        stage=row["stage"] or None,
        relation=row["relation"] or None,
        victim_sex=row["victim_sex"] or None,
        victim_age=row["victim_age"] or None,
        place=row["place"] or None,
        close_relationship={"true": True, "false": False, "": None}[row["close_relationship"]],
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        severity=int(row["severity"]),
    )


def _weight(row: dict[str, str]) -> HarmWeight:
    return HarmWeight(
        row["index_name"],
        row["version"],
        row["code"],
        float(row["weight"]),
        row["provisional"] == "true",
        row["source"],
    )

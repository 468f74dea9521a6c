"""Loads an authority's own areas from a file (``lagesbild geodata load FILE``) in place of provisional ones.

The rollup counts under kommuner and, in a divided kommun, under its districts. An own area therefore takes
each of these whole, by the largest share of its surface; where a border cuts one, the report says so.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas
import pyogrio
import shapely

from app.domain.errors import BadInput, UnreadableFile
from geodata.areas import Area, overlap
from geodata.stored import stored_areas
from geodata.write import LoadReport, only_one_at_a_time, write_areas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    import asyncpg

OWN_KINDS = {"lokalpolisomrade": "lpo-", "polisomrade": "po-"}
"""Kinds that an authority may replace, with the prefix of their codes."""

WHOLE = 0.98
"""A district with at least this share of its surface in one area counts as lying in it without a remark."""


@dataclass(frozen=True)
class AreaFile:
    """How to read a file of areas. Columns that are not named are looked for under usual names."""

    path: Path
    kind: str
    valid_from: date | None = None
    """The first day on which these borders hold; None = they replace the provisional ones for all days."""
    layer: str | None = None
    code_column: str | None = None
    name_column: str | None = None
    crs: str | None = None
    """Only for files that do not say it themselves."""


async def load_area_file(
    conn: asyncpg.Connection,
    path: Path,
    kind: str,
    *,
    region: str,
    valid_from: date | None = None,
    layer: str | None = None,
    code_column: str | None = None,
    name_column: str | None = None,
    crs: str | None = None,
) -> LoadReport:
    """Replace the region's areas of ``kind`` by those in a file of any format that pyogrio reads.

    With ``valid_from`` the earlier areas hold until that day; without it they are replaced for all days.

    Raises:
        UnreadableFile: The file cannot be opened as geography.
        BadInput: Kind, columns, reference system or shapes are not usable; the message says which.
    """
    asked = AreaFile(path, kind, valid_from, layer, code_column, name_column, crs)
    if kind not in OWN_KINDS:
        raise BadInput(
            f"Areas of kind '{kind}' come from the region pack; one of {', '.join(OWN_KINDS)} can be loaded."
        )
    async with conn.transaction():
        await only_one_at_a_time(conn)
        known = await stored_areas(conn, region)
        if not known:
            raise BadInput(
                f"The region '{region}' is not loaded yet; run `make run` or `lagesbild migrate` first."
            )
        start = min(area.valid_from for area in known)
        srid = await conn.fetchval("select find_srid(current_schema()::text, 'area', 'geom')")
        shapes, digest = await asyncio.to_thread(read_area_file, asked, srid)
        fresh, warnings = await asyncio.to_thread(placed, shapes, known, kind, valid_from or start)
        areas = [area for area in known if area.kind != kind]
        if valid_from is not None and valid_from > start:
            areas += [
                _until(area, valid_from)
                for area in known
                if area.kind == kind and area.valid_from < valid_from
            ]
        report = await write_areas(conn, region, reparented([*areas, *fresh]), srid)
        report.warnings += warnings
        report.checksum = digest
        await conn.execute(
            """
            insert into region_pack (region, checksum, loaded_at) values ($1, $2, now())
            on conflict (region) do update set checksum = excluded.checksum, loaded_at = excluded.loaded_at
            """,
            f"{region}/{kind}",
            digest,
        )
    return report


def read_area_file(asked: AreaFile, srid: int) -> tuple[geopandas.GeoDataFrame, str]:
    """The file's polygons in the region's metres, with columns code and name, and the file's SHA-256.

    Raises:
        UnreadableFile: The file cannot be opened as geography.
        BadInput: A column or the reference system is missing, or a shape is no polygon.
    """
    name = asked.path.name
    try:
        digest = hashlib.sha256(asked.path.read_bytes()).hexdigest()
        shapes = geopandas.read_file(asked.path, layer=asked.layer)
    except FileNotFoundError as error:
        raise UnreadableFile(f"There is no file {asked.path}.") from error
    except (OSError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise UnreadableFile(f"{name} cannot be read as areas: {error}.") from error
    if not isinstance(shapes, geopandas.GeoDataFrame) or shapes.empty:
        raise BadInput(f"{name} holds no areas.")
    if asked.crs is not None:
        shapes = shapes.set_crs(asked.crs, allow_override=True)
    if shapes.crs is None:
        raise BadInput(f"{name} does not say its reference system; give it, for example --crs EPSG:3006.")
    columns = [str(column) for column in shapes.columns if column != shapes.geometry.name]
    titles = _column(
        columns, asked.name_column, ("namn", "name", "lokalpolisområde", "lokalpolisomrade"), "name", name
    )
    codes = _column(columns, asked.code_column, ("kod", "code"), "code", name, needed=False) or titles
    wrong = [
        str(title)
        for title, shape in zip(shapes[titles], shapes.geometry, strict=True)
        if shape is None or shape.is_empty or shape.geom_type not in {"Polygon", "MultiPolygon"}
    ]
    if wrong:
        raise BadInput(f"{name}: these are no polygons: {', '.join(wrong[:5])}.")
    shapes = shapes.to_crs(srid)
    made = geopandas.GeoDataFrame(
        {"code": shapes[codes].astype(str).str.strip(), "name": shapes[titles].astype(str).str.strip()},
        geometry=shapely.make_valid(shapely.force_2d(shapes.geometry.to_numpy())),
        crs=srid,
    )
    # Islands often come as rows of their own.
    return made.dissolve("code", aggfunc="first", as_index=False), digest


def placed(
    shapes: geopandas.GeoDataFrame, known: Sequence[Area], kind: str, valid_from: date
) -> tuple[list[Area], list[str]]:
    """Areas made of whole districts and kommuner by largest share, and remarks on borders that cut one.

    Raises:
        BadInput: An area touches nothing of the region, or a part of the region is in none.
    """
    unit_keys = {area.rollup for area in known if area.kind == "regso"}
    units = [area for area in known if area.key in unit_keys]
    outlines = shapes.geometry.to_numpy()
    members: dict[int, set[str]] = {place: set() for place in range(len(shapes))}
    people = dict.fromkeys(members, 0)
    warnings, outside = [], []
    for unit in units:
        shares = shapely.area(shapely.intersection(outlines, unit.geometry)) / unit.geometry.area
        place = int(shares.argmax())
        if shares[place] <= 0:
            outside.append(unit.name)
            continue
        members[place] |= unit.members
        people[place] += unit.population or 0
        # Borders at sea differ between sources; what one area holds is measured against what all of them hold.
        if shares[place] / min(shares.sum(), 1.0) < WHOLE:
            name = shapes["name"].iloc[place]
            warnings.append(
                f"{unit.name} is cut by a border: counted under {name}, which holds {shares[place]:.0%}."
            )
    if outside:
        raise BadInput(f"These parts of the region are in none of the areas: {', '.join(sorted(outside))}.")
    if empty := [shapes["name"].iloc[place] for place, codes in members.items() if not codes]:
        raise BadInput(f"These areas hold no district or kommun of the region: {', '.join(sorted(empty))}.")
    made = []
    for place, codes in members.items():
        geometry = outlines[place]
        made.append(
            Area(
                kind,
                _code(kind, shapes["code"].iloc[place]),
                shapes["name"].iloc[place],
                valid_from,
                None,
                False,
                people[place],
                "the authority's own",
                frozenset(codes),
                shapely.multipolygons(_polygons(geometry)),
            )
        )
    if len({area.code for area in made}) < len(made):
        raise BadInput(
            "Two areas would have the same code; name the column that holds the codes (--code-column)."
        )
    return made, warnings


def _until(area: Area, day: date) -> Area:
    return area if area.valid_to is not None and area.valid_to <= day else replace(area, valid_to=day)


def reparented(areas: Sequence[Area]) -> list[Area]:
    """The areas with each local police area under the police area that holds it, else under the region."""
    region = next(area.key for area in areas if area.kind == "region")
    wider = [area for area in areas if area.kind == "polisomrade"]

    def moved(area: Area) -> Area:
        holders = [wide for wide in wider if overlap(area, wide) and area.members <= wide.members]
        # The latest, where several follow each other in time: the tables keep one parent a version.
        latest = max(holders, key=lambda wide: wide.valid_from, default=None)
        return replace(area, parent=latest.key if latest else region)

    return [moved(area) if area.kind == "lokalpolisomrade" else area for area in areas]


def _column(
    columns: list[str],
    asked: str | None,
    usual: tuple[str, ...],
    what: str,
    file: str,
    *,
    needed: bool = True,
) -> str:
    there = f"{file} has the columns {', '.join(columns)}"
    if asked is not None:
        if asked not in columns:
            raise BadInput(f"There is no column '{asked}'; {there}.")
        return asked
    found = next((column for column in columns if column.casefold() in usual), "")
    if needed and not found:
        raise BadInput(f"Which column holds the {what}? {there}; choose with --{what}-column.")
    return found


def _code(kind: str, said: str) -> str:
    plain = unicodedata.normalize("NFKD", said.casefold())
    slug = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
    prefix = OWN_KINDS[kind]
    return slug if slug.startswith(prefix) else prefix + slug


def _polygons(shape: Any) -> list[Any]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]

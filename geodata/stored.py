"""Reads areas back from the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from geodata.areas import Area, AreaKey

if TYPE_CHECKING:
    import asyncpg


async def own_areas(conn: asyncpg.Connection, region: str) -> set[str]:
    """The kinds of area for which an authority has loaded its own."""
    rows = await conn.fetch("select region from region_pack where starts_with(region, $1 || '/')", region)
    return {row["region"].split("/", 1)[1] for row in rows}


async def stored_areas(conn: asyncpg.Connection, region: str) -> list[Area]:
    """The region's areas as the tables hold them, each with the RegSO within it."""
    rows = await conn.fetch(
        """
        select a.kind, a.code, a.name, a.valid_from, a.valid_to, a.provisional, a.population, a.source,
               st_asbinary(a.geom) as wkb, p.kind as parent_kind, p.code as parent_code, p.valid_from as parent_from,
               r.kind as rollup_kind, r.code as rollup_code, r.valid_from as rollup_from,
               array(select m.code from area_within w join area m on m.area_id = w.area_id and m.kind = 'regso'
                     where w.ancestor_id = a.area_id) as members
        from area a
        join area_within i on i.area_id = a.area_id
        join area g on g.area_id = i.ancestor_id and g.kind = 'region' and g.code = $1
        left join area p on p.area_id = a.parent_id
        left join area r on r.area_id = a.rollup_area_id and r.area_id <> a.area_id
        order by a.area_id
        """,
        region,
    )
    return [
        Area(
            row["kind"],
            row["code"],
            row["name"],
            row["valid_from"],
            row["valid_to"],
            row["provisional"],
            row["population"],
            row["source"],
            frozenset(row["members"]),
            shapely.from_wkb(row["wkb"]),
            _key(row, "parent"),
            _key(row, "rollup"),
        )
        for row in rows
    ]


def _key(row: Any, of: str) -> AreaKey | None:
    return AreaKey(row[f"{of}_kind"], row[f"{of}_code"], row[f"{of}_from"]) if row[f"{of}_kind"] else None

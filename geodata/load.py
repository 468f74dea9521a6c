"""Loads a region pack into the tables. A pack that is loaded already costs one look at its checksum."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from geodata.areafile import load_area_file, reparented
from geodata.pack import pack_checksum, pack_folder, read_pack
from geodata.stored import own_areas, stored_areas
from geodata.write import LoadReport, only_one_at_a_time, write_areas, write_harm_weights, write_offences

if TYPE_CHECKING:
    import asyncpg

__all__ = ["LoadReport", "load_area_file", "load_region"]


async def load_region(conn: asyncpg.Connection, region: str) -> LoadReport:
    """Make the tables equal to the pack of ``region``, in one transaction; ids of what stays are kept.

    Kinds of area that an authority has loaded as its own (``load_area_file``) are not replaced by the
    pack's provisional ones.

    Raises:
        NotFound: There is no such region.
        SetupError: The pack is incomplete or contradicts itself.
    """
    checksum = await asyncio.to_thread(lambda: pack_checksum(pack_folder(region)))
    async with conn.transaction():
        await only_one_at_a_time(conn)
        if checksum == await conn.fetchval("select checksum from region_pack where region = $1", region):
            return LoadReport(region, checksum, changed=False)
        pack = await asyncio.to_thread(read_pack, region)
        own = await own_areas(conn, region)
        areas = [area for area in pack.areas if area.kind not in own]
        if own:
            areas += [area for area in await stored_areas(conn, region) if area.kind in own]
            areas = reparented(areas)
        report = replace(await write_areas(conn, region, areas, pack.facts["srid"]), checksum=checksum)
        report.add(await write_offences(conn, pack.offences))
        report.add(await write_harm_weights(conn, pack.harm_weights))
        await conn.execute(
            """
            insert into region_pack (region, checksum, loaded_at) values ($1, $2, now())
            on conflict (region) do update set checksum = excluded.checksum, loaded_at = excluded.loaded_at
            """,
            region,
            checksum,
        )
    return report

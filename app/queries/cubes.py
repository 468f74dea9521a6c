"""Published cubes: what partners may read of them, and what the job that publishes reads of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.disclosure.declared import AREA_KINDS, Place

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.db import Connection

HEADS = """
select edition_id, cube, period, version, as_of, made_at, method, parameters, cells, hidden,
    encode(sha256, 'hex') as sha256
from cube_edition
where ($1::text is null or cube = $1) and ($2::text is null or period = $2)
order by cube, edition_id desc
"""

EDITION = """
select edition_id, cube, period, version, as_of, made_at, method, parameters, cells, hidden,
    encode(sha256, 'hex') as sha256, content
from cube_edition where cube = $1 and edition_id = $2
"""

NAMES = """
select distinct on (cube) cube, content::jsonb->'title' as title, content::jsonb->'times' as times
from cube_edition order by cube, edition_id desc
"""

CONTENTS = """
select cube, period, version, content from cube_edition where $1::text is null or plan = $1 order by edition_id
"""

PLAN = "select document from cube_plan where plan = $1"
PINS = "select period, version, as_of, xid, ledger_id from cube_pin where plan = $1 order by period, version"

# Where the rollup areas lay on the days from $1 up to $2, as far as that is known.
PLACES = f"""
select distinct {", ".join(f"{kind}.code as {kind}" for kind in AREA_KINDS)}
from area as counted
cross join lateral (
    select distinct turn from (
        select $1::date as turn union all
        select v.turn from rollup_place as p, lateral (values (p.valid_from), (p.valid_to)) as v(turn)
        where p.area_id = counted.area_id
    ) as turns where turn >= $1 and turn < $2
) as t
{{joins}}
where exists (select from area as a where a.rollup_area_id = counted.area_id)
"""

AREA_NAMES = """
select distinct on (code) code, name, kind from area
where kind = any($1) and valid_from < $3 and (valid_to is null or valid_to > $2)
order by code, valid_from desc
"""

# The signed rows of the ledger with the base cell of each; only incidents that the code puts into close relationships.
SIGNED = """
select polisomrade.code as polisomrade, lokalpolisomrade.code as lokalpolisomrade, kommun.code as kommun,
    o.group_code, l.hour, to_char(l.day, 'YYYY-MM') as month, l.incident_id, l.incidents, l.known_at, l.xid, l.ledger_id
from ledger as l join offence as o using (offence_id)
{joins}
where l.kind = $1 and l.day >= $2 and l.day < $3 and l.incidents <> 0 and o.close_relationship
    and l.known_at <= $4 and (l.xid, l.ledger_id) <= ($5, $6)
"""


def _joins(area: str, day: str) -> str:
    return "\n".join(
        f"left join rollup_place as {kind} on {kind}.kind = '{kind}' and {kind}.area_id = {area}"
        f" and {kind}.valid_from <= {day} and ({day} < {kind}.valid_to or {kind}.valid_to is null)"
        for kind in AREA_KINDS
    )


async def heads(
    connection: Connection, cube: str | None = None, period: str | None = None
) -> list[dict[str, Any]]:
    """What editions there are, the last one published first; without their content."""
    return [dict(row) for row in await connection.fetch(HEADS, cube, period)]


async def edition(connection: Connection, cube: str, edition_id: int) -> dict[str, Any] | None:
    """One edition with its ``content``, canonical JSON; None when there is none that the viewer may see."""
    row = await connection.fetchrow(EDITION, cube, edition_id)
    return dict(row) if row else None


async def titles(connection: Connection) -> list[dict[str, Any]]:
    """The cubes that the viewer may see: ``cube``, ``title`` and ``times`` as its newest edition has them."""
    return [dict(row) for row in await connection.fetch(NAMES)]


async def contents(connection: Connection, plan: str | None = None) -> list[dict[str, Any]]:
    """Every edition's content, oldest first, of one plan or of all."""
    return [dict(row) for row in await connection.fetch(CONTENTS, plan)]


async def plan_kept(connection: Connection, plan: str) -> dict[str, Any] | None:
    """The plan of a year as fixed at its first publication: ``plan`` and ``names``."""
    document: dict[str, Any] | None = await connection.fetchval(PLAN, plan)
    return document


async def pins(connection: Connection, plan: str) -> list[dict[str, Any]]:
    """The pictures that the published months were counted from."""
    return [dict(row) for row in await connection.fetch(PINS, plan)]


async def places(connection: Connection, first: date, beyond: date) -> list[Place]:
    """Every place at which something could be counted on the days from ``first`` up to ``beyond``."""
    statement = PLACES.format(joins=_joins("counted.area_id", "t.turn"))
    return [Place(*row) for row in await connection.fetch(statement, first, beyond)]


async def area_names(connection: Connection, first: date, beyond: date) -> dict[str, dict[str, str]]:
    """Code of an area that was valid within the days to its names and kind."""
    found = await connection.fetch(AREA_NAMES, list(AREA_KINDS), first, beyond)
    return {row["code"]: {"sv": row["name"], "en": row["name"], "kind": row["kind"]} for row in found}


async def signed(
    connection: Connection,
    kind: int,
    first: date,
    beyond: date,
    known_at: datetime,
    position: tuple[int, int],
) -> list[dict[str, Any]]:
    """Ledger rows of incidents in close relationships on the days from ``first`` up to ``beyond``.

    Args:
        connection: A connection that sees the whole ledger.
        kind: Of what kind they are.
        first: The first day.
        beyond: The day after the last.
        known_at: Rows known later are left out,
        position: and those after this one (xid, ledger_id).

    Returns:
        The codes of the ``Place``, ``group_code``, ``hour``, ``month``, ``incident_id``, ``incidents`` (1 or -1), and
        when and where the row became known.
    """
    statement = SIGNED.format(joins=_joins("l.rollup_area_id", "l.day"))
    return [dict(row) for row in await connection.fetch(statement, kind, first, beyond, known_at, *position)]

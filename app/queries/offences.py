"""The offence catalogue of the region, with the weights of the newest harm index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.window import KIND_NAMES

if TYPE_CHECKING:
    from app.db import Connection

OFFENCES = """
select o.code, o.kind, o.name_sv, o.name_en, o.group_code as "group", o.group_sv, o.group_en, o.stage, o.relation,
    o.victim_sex, o.victim_age, o.place, o.close_relationship, o.valid_from, o.valid_to, o.severity,
    w.weight, w.version as weight_version, w.provisional as weight_provisional, w.source as weight_source
from offence as o left join harm_weight as w on w.offence_id = o.offence_id and w.index_name = 'bsi'
    and w.version = (select max(version) from harm_weight where index_name = 'bsi')
where $1::smallint is null or o.kind = $1
order by o.kind, o.severity desc, o.code
"""


async def offences(connection: Connection, kind: int | None = None) -> list[dict[str, Any]]:
    """All offences, gravest first; ``weight`` is months of average sentence (BSI), None where it has none."""
    return [{**row, "kind": KIND_NAMES[row["kind"]]} for row in await connection.fetch(OFFENCES, kind)]

"""A window and its filters, with their codes looked up: what a statement is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from app.config import ROOT
from app.domain.errors import BadInput, Unavailable
from app.domain.region import Region
from app.domain.window import KINDS, Filters, Kind, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.db import Connection

RANGE_END = date(9999, 12, 31)  # stands for "still so" where validity is compared

RECENT = timedelta(days=2)

AREAS = """
select a.code, a.kind, w.area_id, w.valid_from, coalesce(w.valid_to, $2) as valid_to
from area a left join area_within w on w.ancestor_id = a.area_id
where a.code = any($1)
"""

OFFENCES = """
select offence_id, code, group_code from offence where (code = any($1) or group_code = any($1)) and kind = any($2)
"""


class Arguments(list[Any]):
    """The values of a statement; ``add`` gives the place-holder that stands for one."""

    def add(self, value: Any) -> str:
        """Append a value and return its ``$n``."""
        self.append(value)
        return f"${len(self)}"


@dataclass(frozen=True)
class AreaFilter:
    """The areas asked for, as the areas within them and the days for which each lies there."""

    fine: bool  # a RegSO was asked for: the sums do not tell them apart
    always: tuple[int, ...] = ()
    sometimes: tuple[tuple[int, date, date], ...] = ()

    def condition(self, arguments: Arguments, column: str, day: str = "day") -> str:
        """SQL: the area in ``column`` lay in one of those asked for on ``day``."""
        inside = f"{column} = any({arguments.add(self.always)}::integer[])"
        if not self.sometimes:
            return inside
        spans = ", ".join(
            f"{arguments.add(values)}::{kind}[]"
            for values, kind in zip(
                zip(*self.sometimes, strict=True), ("integer", "date", "date"), strict=True
            )
        )
        return (
            f"({inside} or exists (select from unnest({spans}) as span(id, first, beyond) "
            f"where span.id = {column} and {day} >= span.first and {day} < span.beyond))"
        )


class KnownAt(NamedTuple):
    """The window's moment, the region's day on which it lies, and when that day begins and ends."""

    at: datetime
    day: date
    begins: datetime
    ends: datetime
    recent: bool  # so near that little has become known since


@dataclass(frozen=True)
class Scope:
    """A window and its filters after their codes have been looked up; ``known`` is None for "now"."""

    window: Window
    kinds: tuple[int, ...]
    areas: AreaFilter | None
    offence_ids: tuple[int, ...] | None
    known: KnownAt | None


async def open_scope(
    connection: Connection, window: Window, filters: Filters, *, kinds: Sequence[Kind] | None = None
) -> Scope:
    """Look up the codes of the filters.

    Raises:
        BadInput: An area or offence that the region pack does not know.
    """
    numbers = tuple(KINDS[kind] for kind in (kinds or (filters.kind,)))
    areas = await _areas(connection, window, filters.areas) if filters.areas else None
    offences = await _offences(connection, filters.offences, numbers) if filters.offences else None
    known = await _known(connection, window.known_at) if window.known_at is not None else None
    return Scope(window, numbers, areas, offences, known)


REGION = "select region from region_pack order by loaded_at desc limit 1"


async def spelled_out(connection: Connection, codes: Sequence[str]) -> list[str]:
    """The codes of offences and of the catalogue's groups, what the region has a name for spelled out."""
    code = await connection.fetchval(REGION)
    return list(codes) if code is None else _region(code).spelled_out(codes)


async def _known(connection: Connection, at: datetime) -> KnownAt:
    code, now = await connection.fetchrow(f"select ({REGION}), now()")
    if code is None:
        raise Unavailable(
            "The database holds no region yet; run `lagesbild geodata load`.",
            sv="Databasen har ingen region än; den som sköter driften behöver läsa in den.",
        )
    region = _region(code)
    day = region.day(at)
    return KnownAt(
        at, day, region.midnight(day), region.midnight(day + timedelta(days=1)), now - at <= RECENT
    )


@cache
def _region(code: str) -> Region:
    return Region.read(ROOT / "geodata" / "regions" / code)


async def _areas(connection: Connection, window: Window, codes: Sequence[str]) -> AreaFilter:
    found = await connection.fetch(AREAS, list(codes), RANGE_END)
    unknown = set(codes) - {row["code"] for row in found}
    if unknown:
        raise BadInput(
            f"There is no area {min(unknown)!r}; /api/v1/areas lists the codes.",
            sv=f"Det finns inget område {min(unknown)!r}; välj ett i listan.",
        )
    always: set[int] = set()
    sometimes: set[tuple[int, date, date]] = set()
    for row in found:
        begins, ends = row["valid_from"], row["valid_to"]
        if begins is None or begins > window.last or ends <= window.first:
            continue
        if begins <= window.first and ends > window.last:
            always.add(row["area_id"])
        else:
            sometimes.add((row["area_id"], begins, ends))
    return AreaFilter(
        fine=any(row["kind"] == "regso" for row in found),
        always=tuple(sorted(always)),
        sometimes=tuple(sorted(sometimes)),
    )


async def _offences(connection: Connection, codes: Sequence[str], kinds: Sequence[int]) -> tuple[int, ...]:
    asked = await spelled_out(connection, codes)
    found = await connection.fetch(OFFENCES, asked, list(kinds))
    unknown = set(asked) - {row["code"] for row in found} - {row["group_code"] for row in found}
    if unknown:
        raise BadInput(
            f"There is no offence or group {min(unknown)!r} of this kind; see /api/v1/offences.",
            sv=f"Det finns inget brott och ingen grupp {min(unknown)!r} av det här slaget; välj i listan.",
        )
    return tuple(sorted(row["offence_id"] for row in found))

"""Which rows of the ledger a read adds up: the window's two clocks and the filters, as SQL and its arguments.

Everything that counts goes through here, so that a total is the same on the map, in the table and in the
header. Two sources give the same rows:

* the **rollup** (``rollup_daily``): by day, rollup area and offence. As known at T it is the rollup of the known
  days before T's day, and the ledger's own rows from T's midnight to T. A ``until`` position takes back, with the
  sign turned, what the ledger got after it;
* the **ledger** itself, for what the rollup does not hold: the hour, RegSO, kilometre cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.config import ROOT
from app.domain.errors import BadInput, Unavailable
from app.domain.region import Region
from app.domain.window import KINDS, Filters, Kind, Window

if TYPE_CHECKING:
    from app.db import Connection

RANGE_END = date(9999, 12, 31)  # stands for "still so" where validity is compared

AREAS = """
select a.code, a.kind, w.area_id, w.valid_from, coalesce(w.valid_to, $2) as valid_to
from area a left join area_within w on w.ancestor_id = a.area_id
where a.code = any($1)
"""

OFFENCES = """
select offence_id, code, group_code from offence where (code = any($1) or group_code = any($1)) and kind = any($2)
"""

WEIGHTS = """(
    select array_agg(coalesce(weight, 0) order by number)
    from generate_series(1, (select max(offence_id) from offence)) as number
    left join harm_weight on offence_id = number and index_name = 'bsi'
        and version = (select max(version) from harm_weight where index_name = 'bsi')
)"""
"""Months of sentence by offence_id, newest version of the index; 0 where it has none. Worked out once a read."""


class Arguments(list[Any]):
    """The values of a statement; ``add`` gives the place-holder that stands for one."""

    def add(self, value: Any) -> str:
        """Append a value and return its ``$n``."""
        self.append(value)
        return f"${len(self)}"


@dataclass(frozen=True)
class AreaFilter:
    """The areas asked for, as the areas within them and the days for which each lies there."""

    fine: bool  # a RegSO was asked for: the rollup does not tell them apart
    always: tuple[int, ...] = ()
    sometimes: tuple[tuple[int, date, date], ...] = ()


@dataclass(frozen=True)
class Scope:
    """A window and its filters after their codes have been looked up."""

    window: Window
    kinds: tuple[int, ...]
    areas: AreaFilter | None
    offence_ids: tuple[int, ...] | None
    region: Region | None  # read only where the region's midnight is needed


async def scope(
    connection: Connection, window: Window, filters: Filters, *, kinds: Sequence[Kind] | None = None
) -> Scope:
    """Look up the codes of the filters.

    Raises:
        BadInput: An area or offence that the region pack does not know.
    """
    numbers = tuple(KINDS[kind] for kind in (kinds or (filters.kind,)))
    areas = await _areas(connection, window, filters.areas) if filters.areas else None
    offences = await _offences(connection, filters.offences, numbers) if filters.offences else None
    region = await current_region(connection) if window.known_at is not None else None
    return Scope(window, numbers, areas, offences, region)


async def current_region(connection: Connection) -> Region:
    """The region whose pack the database holds.

    Raises:
        Unavailable: No pack has been loaded.
    """
    code = await connection.fetchval("select region from region_pack order by loaded_at desc limit 1")
    if code is None:
        raise Unavailable("The database holds no region yet; run `lagesbild geodata load`.")
    return Region.read(ROOT / "geodata" / "regions" / code)


async def _areas(connection: Connection, window: Window, codes: Sequence[str]) -> AreaFilter:
    found = await connection.fetch(AREAS, list(codes), RANGE_END)
    unknown = set(codes) - {row["code"] for row in found}
    if unknown:
        raise BadInput(f"There is no area {min(unknown)!r}; /api/v1/areas lists the codes.")
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
    found = await connection.fetch(OFFENCES, list(codes), list(kinds))
    unknown = set(codes) - {row["code"] for row in found} - {row["group_code"] for row in found}
    if unknown:
        raise BadInput(f"There is no offence or group {min(unknown)!r} of this kind; see /api/v1/offences.")
    return tuple(sorted(row["offence_id"] for row in found))


def common(scope: Scope, arguments: Arguments, area_column: str) -> list[str]:
    """The conditions on what happened: kind, day, offence and area."""
    window = scope.window
    kind = f"= {arguments.add(scope.kinds[0])}" if len(scope.kinds) == 1 else f"= any({arguments.add(scope.kinds)})"
    wanted = [f"kind {kind}", f"day between {arguments.add(window.first)} and {arguments.add(window.last)}"]
    if scope.offence_ids is not None:
        wanted.append(f"offence_id = any({arguments.add(scope.offence_ids)})")
    if scope.areas is not None:
        wanted.append(_within(scope.areas, arguments, area_column))
    return wanted


def _within(areas: AreaFilter, arguments: Arguments, column: str) -> str:
    inside = f"{column} = any({arguments.add(areas.always)}::integer[])"
    if not areas.sometimes:
        return inside
    ids, begins, ends = zip(*areas.sometimes, strict=True)
    spans = f"unnest({arguments.add(ids)}::integer[], {arguments.add(begins)}::date[], {arguments.add(ends)}::date[])"
    return (
        f"({inside} or exists (select from {spans} as span(id, first, beyond) "
        f"where span.id = {column} and day >= span.first and day < span.beyond))"
    )


def from_rollup(scope: Scope, arguments: Arguments) -> str:
    """Rows of (day, area_id, kind, offence_id, offences, incidents), ``area_id`` being the rollup area."""
    columns = "day, rollup_area_id as area_id, kind, offence_id, offences, incidents"
    wanted = common(scope, arguments, "rollup_area_id")
    known_at, until = scope.window.known_at, scope.window.until
    parts = []
    if known_at is not None:
        midnight, today = _midnight(scope, known_at)
        before = f"known_day < {arguments.add(today)}"
        parts.append(_select(columns, "rollup_daily", [*wanted, before]))
        since = f"known_at between {arguments.add(midnight)} and {arguments.add(known_at)}"
        parts.append(_select(columns, "ledger", [*wanted, since]))
    else:
        parts.append(_select(columns, "rollup_daily", wanted))
    if until is not None:
        after = f"(xid, ledger_id) > ({arguments.add(until.xid)}, {arguments.add(until.ledger_id)})"
        late = [*wanted, after]
        if known_at is not None:
            late.append(f"known_at <= {arguments.add(known_at)}")
        parts.append(_select("day, rollup_area_id, kind, offence_id, -offences, -incidents", "ledger", late))
    return " union all ".join(parts)


def from_ledger(scope: Scope, arguments: Arguments, columns: str) -> str:
    """Rows of the ledger itself, as known at the window's moment and up to its position."""
    return _select(columns, "ledger", ledger_conditions(scope, arguments))


def ledger_conditions(scope: Scope, arguments: Arguments) -> list[str]:
    """The conditions of ``from_ledger``, for statements that have more of their own."""
    wanted = common(scope, arguments, area_column(scope))
    if scope.window.known_at is not None:
        wanted.append(f"known_at <= {arguments.add(scope.window.known_at)}")
    if scope.window.until is not None:
        until = scope.window.until
        wanted.append(f"(xid, ledger_id) <= ({arguments.add(until.xid)}, {arguments.add(until.ledger_id)})")
    return wanted


def area_column(scope: Scope) -> str:
    """The ledger's column that the area filter is held against."""
    return "area_id" if scope.areas is not None and scope.areas.fine else "rollup_area_id"


def _select(columns: str, table: str, wanted: Sequence[str]) -> str:
    return f"select {columns} from {table} where {' and '.join(wanted)}"


def _midnight(scope: Scope, known_at: datetime) -> tuple[datetime, date]:
    if scope.region is None:
        raise Unavailable("The region's midnight is not known; build the scope with rows.scope().")
    day = scope.region.day(known_at)
    return scope.region.midnight(day), day

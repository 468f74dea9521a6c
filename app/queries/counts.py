"""Counts: the picture summed, by whatever is asked for. Every figure on every screen comes from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.errors import BadInput
from app.domain.window import KIND_NAMES, Filters, Kind, Window
from app.queries import rows
from app.queries.scope import Arguments, Scope, open_scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.db import Connection

CountRow = dict[str, Any]
"""The keys asked for by name, and ``incidents``, ``offences``, ``harm`` (months of average sentence, BSI)."""

ALL_KINDS: tuple[Kind, ...] = ("report", "call", "notice")
DIMENSIONS = ("day", "week", "hour", "area", "area_kind", "offence", "kind")
AREA_KINDS = ("region", "lan", "polisomrade", "lokalpolisomrade", "kommun", "delomrade", "regso")

BREAKS = """
select array_agg(distinct turn order by turn) from area_within, lateral (values (valid_from), (valid_to)) as v(turn)
where turn > $1 and turn <= $2
"""

KEYS = {
    "day": "day",
    "week": "date_trunc('week', day)::date",
    "hour": "hour",
    "area_kind": "(select a.kind from area a where a.area_id = held.area_id)",
    "offence": "offence_id",
    "kind": "kind",
}
"""How each dimension is told from a row; the area comes by way of ``area_within``."""


SINGLE = "incidents, offences, harm"
SUMS = "sum(incidents)::integer as incidents, sum(offences)::integer as offences, sum(harm) as harm"
HAVING = "having sum(offences) <> 0 or sum(incidents) <> 0"


async def counts(
    connection: Connection,
    window: Window,
    filters: Filters,
    by: Sequence[str],
    *,
    area_kind: str = "lokalpolisomrade",
    kinds: Sequence[Kind] | None = None,
    borders: date | None = None,
) -> list[CountRow]:
    """Count incidents and offences, and weigh their harm, as known at the window's moment.

    ``by`` is any of ``day`` (date), ``week`` (its Monday), ``hour`` (0-23, region's clock), ``area`` (code of the
    area of kind ``area_kind`` in which it lay on the day it occurred; None where the place is known only more
    coarsely), ``area_kind`` (how finely the place is known), ``offence`` (code) and ``kind``. Kinds are never added
    up: one is counted (``filters.kind``), or each by itself when ``by`` holds ``kind`` (all, or those in ``kinds``).

    With ``borders`` areas are drawn as they were on that day, whenever the incidents occurred: for a map, which
    can show one division of the land at a time.

    Only rows with something in them are given, in the order of their keys. An incident counts under its
    gravest offence only, so incidents by offence add up to the incidents.

    Raises:
        BadInput: An unknown dimension, area, offence or kind of area.
    """
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown or len(set(by)) != len(by):
        raise BadInput(
            f"by={','.join(by)}: choose any of {', '.join(DIMENSIONS)}, each once.",
            sv="Uppdelningen kunde inte läsas; välj den på nytt på sidan.",
        )
    if area_kind not in AREA_KINDS:
        raise BadInput(
            f"area_kind={area_kind}: choose one of {', '.join(AREA_KINDS)}.",
            sv=f"Det finns inget slag av områden {area_kind!r}; välj ett på sidan.",
        )
    if kinds is None:
        kinds = ALL_KINDS if "kind" in by else (filters.kind,)
    if len(kinds) > 1 and "kind" not in by:
        raise BadInput(
            "Kinds are never added up: ask for one kind, or by=kind.",
            sv="Olika slag läggs aldrig ihop: välj ett slag, eller vart och ett för sig.",
        )

    scope = await open_scope(connection, window, filters, kinds=kinds)
    arguments = Arguments()
    breaks = await _breaks(connection, window, by) if borders is None else [borders]
    statement = _statement(scope, arguments, by, area_kind, breaks)
    return [_shape(row, by) for row in await connection.fetch(statement, *arguments)]


async def _breaks(connection: Connection, window: Window, by: Sequence[str]) -> list[date] | None:
    """The days on which borders moved inside the window, when areas are asked for without days."""
    if "area" not in by or "day" in by:
        return None
    return [window.first, *(await connection.fetchval(BREAKS, window.first, window.last) or [])]


FINE_PLACES = """(
    select w.area_id, a.kind, a.code, w.valid_from, w.valid_to
    from area_within as w join area as a on a.area_id = w.ancestor_id
)"""


def _needs_fine(scope: Scope, by: Sequence[str], area_kind: str) -> bool:
    """Whether the sums' rollup areas are too coarse for what was asked for."""
    return (
        (scope.areas is not None and scope.areas.fine)
        or ("area" in by and area_kind == "regso")
        or "area_kind" in by
    )


def _rows(scope: Scope, arguments: Arguments, by: Sequence[str], area_kind: str) -> tuple[str, bool]:
    """The smallest source that tells apart what was asked for, and whether it has one row a day and area."""
    if _needs_fine(scope, by, area_kind):
        return rows.from_ledger(scope, arguments, "area_id"), False
    if "hour" in by:
        return rows.from_ledger(scope, arguments, "rollup_area_id as area_id"), False
    if "offence" in by or scope.offence_ids is not None:
        return rows.from_rollup(scope, arguments), False
    return rows.from_totals(scope, arguments), _one_row_each(scope.window)


def _one_row_each(window: Window) -> bool:
    return window.known_at is None and window.until is None and window.by_day


def _statement(
    scope: Scope, arguments: Arguments, by: Sequence[str], area_kind: str, breaks: list[date] | None
) -> str:
    """Sum the rows by what they carry, then by what was asked for: few rows reach the second step."""
    held, unique = _rows(scope, arguments, by, area_kind)
    inner = {name: KEYS[name] for name in by if name != "area"}
    outer = {name: f"summed.{name}" for name in inner}
    if "offence" in by:
        outer["offence"] = "(select o.code from offence o where o.offence_id = summed.offence)"
    join = ""
    if "area" in by:
        inner["area_id"] = "held.area_id"
        if breaks is None:
            on = "summed.day"
        elif len(breaks) == 1:
            on = arguments.add(breaks[0]) + "::date"
        else:
            turns = arguments.add(breaks) + "::date[]"
            inner["since"] = f"({turns})[width_bucket(day, {turns})]"
            on = "summed.since"
        outer["area"] = "target.code"
        places = FINE_PLACES if _needs_fine(scope, by, area_kind) else "rollup_place"
        join = (
            f"left join {places} as target on target.kind = {arguments.add(area_kind)} "
            f"and target.area_id = summed.area_id "
            f"and target.valid_from <= {on} and ({on} < target.valid_to or target.valid_to is null)"
        )
    told = ", ".join(f"{expression} as {name}" for name, expression in inner.items())
    keys = ", ".join(f"{outer[name]} as {name}" for name in by)
    return f"""
        {"with " + rows.WEIGHTS if rows.HARM in held else ""}
        select {keys}{"," if by else ""} coalesce(sum(incidents), 0) as incidents,
            coalesce(sum(offences), 0) as offences, coalesce(sum(harm), 0) / 1000000 as harm
        from (
            select {told}{"," if told else ""} {SINGLE if unique else SUMS}
            from ({held}) as held {"" if unique else _group(len(inner))}
        ) as summed {join}
        {_group(len(by))} {HAVING + " order by " + _places(len(by)) if by else ""}
    """


def _group(columns: int) -> str:
    return f"group by {_places(columns)}" if columns else ""


def _places(columns: int) -> str:
    return ", ".join(str(number) for number in range(1, columns + 1))


def _shape(row: Any, by: Sequence[str]) -> CountRow:
    shaped: CountRow = dict(row)
    if "kind" in by:
        shaped["kind"] = KIND_NAMES[shaped["kind"]]
    return shaped

"""Counts: the picture summed, by whatever is asked for. Every figure on every screen comes from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.domain.errors import BadInput
from app.domain.window import KIND_NAMES, KINDS, Filters, Kind, Window
from app.queries import rows

if TYPE_CHECKING:
    from app.db import Connection

CountRow = dict[str, Any]
"""The keys asked for by name, and ``incidents``, ``offences``, ``harm`` (months of average sentence, BSI)."""

DIMENSIONS = ("day", "week", "hour", "area", "area_kind", "offence", "kind")
AREA_KINDS = ("region", "lan", "polisomrade", "lokalpolisomrade", "kommun", "delomrade", "regso")
ONLY_IN_LEDGER = {"hour", "area_kind"}

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


async def counts(
    connection: Connection,
    window: Window,
    filters: Filters,
    by: Sequence[str],
    *,
    area_kind: str = "lokalpolisomrade",
    kinds: Sequence[Kind] | None = None,
) -> list[CountRow]:
    """Count incidents and offences, and weigh their harm, as known at the window's moment.

    ``by`` is any of ``day`` (date), ``week`` (its Monday), ``hour`` (0-23, region's clock), ``area`` (code of the
    area of kind ``area_kind`` in which it lay on the day it occurred; None where the place is known only more
    coarsely), ``area_kind`` (how finely the place is known), ``offence`` (code) and ``kind``. Kinds are never added
    up: one is counted (``filters.kind``), or each by itself when ``by`` holds ``kind`` (all, or those in ``kinds``).

    Only rows with something in them are given, in the order of their keys. An incident counts under its
    gravest offence only, so incidents by offence add up to the incidents.

    Raises:
        BadInput: An unknown dimension, area, offence or kind of area.
    """
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown or len(set(by)) != len(by):
        raise BadInput(f"by={','.join(by)}: choose any of {', '.join(DIMENSIONS)}, each once.")
    if area_kind not in AREA_KINDS:
        raise BadInput(f"area_kind={area_kind}: choose one of {', '.join(AREA_KINDS)}.")
    if kinds is None:
        kinds = tuple(KINDS) if "kind" in by else (filters.kind,)  # type: ignore[assignment]
    if kinds is not None and len(kinds) > 1 and "kind" not in by:
        raise BadInput("Kinds are never added up: ask for one kind, or by=kind.")

    scope = await rows.scope(connection, window, filters, kinds=kinds)
    arguments = rows.Arguments()
    statement = _statement(scope, arguments, by, area_kind, await _breaks(connection, window, by))
    return [_shape(row, by) for row in await connection.fetch(statement, *arguments)]


async def _breaks(connection: Connection, window: Window, by: Sequence[str]) -> list[Any] | None:
    """The days on which borders moved inside the window, when areas are asked for without days."""
    if "area" not in by or "day" in by:
        return None
    return [window.first, *(await connection.fetchval(BREAKS, window.first, window.last) or [])]


def _statement(
    scope: rows.Scope, arguments: rows.Arguments, by: Sequence[str], area_kind: str, breaks: list[Any] | None
) -> str:
    """Sum the rows by what they carry, then by what was asked for: few rows reach the second step."""
    fine = (scope.areas is not None and scope.areas.fine) or ("area" in by and area_kind == "regso")
    if fine or ONLY_IN_LEDGER & set(by):
        place = "area_id" if fine or "area_kind" in by else "rollup_area_id as area_id"
        held = rows.from_ledger(scope, arguments, f"day, hour, kind, {place}, offence_id, offences, incidents")
    else:
        held = rows.from_rollup(scope, arguments)

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
        join = (
            "left join (area_within as within join area as target on target.area_id = within.ancestor_id "
            f"and target.kind = {arguments.add(area_kind)}) on within.area_id = summed.area_id "
            f"and within.valid_from <= {on} and ({on} < within.valid_to or within.valid_to is null)"
        )
    told = ", ".join(f"{expression} as {name}" for name, expression in inner.items())
    keys = ", ".join(f"{outer[name]} as {name}" for name in by)
    places = ", ".join(str(number) for number in range(1, len(by) + 1))
    return f"""
        select {keys}{"," if by else ""} coalesce(sum(incidents), 0)::bigint as incidents,
            coalesce(sum(offences), 0)::bigint as offences, coalesce(sum(harm), 0) as harm
        from (
            select {told}{"," if told else ""} sum(incidents) as incidents, sum(offences) as offences,
                sum(offences * ({rows.WEIGHTS})[offence_id]) as harm
            from ({held}) as held
            {"group by " + ", ".join(str(n) for n in range(1, len(inner) + 1)) if inner else ""}
        ) as summed {join}
        {f"group by {places} having sum(offences) <> 0 or sum(incidents) <> 0 order by {places}" if by else ""}
    """


def _shape(row: Any, by: Sequence[str]) -> CountRow:
    shaped: CountRow = {name: row[name] for name in by}
    if "kind" in shaped:
        shaped["kind"] = KIND_NAMES[shaped["kind"]]
    shaped["incidents"] = row["incidents"]
    shaped["offences"] = row["offences"]
    shaped["harm"] = round(row["harm"], 6)
    return shaped

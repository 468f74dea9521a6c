"""Which signed rows a read adds up: the window's two clocks and the filters, as SQL and its arguments.

Everything that counts goes through here, so that a total is the same on the map, in the table and in the header.
Three sources give the same sums, from small to large:

* the **totals** (``daily_total``): by day and rollup area, as believed now. As known at T they are the totals less
  what became known after T;
* the **rollup** (``rollup_daily``): by offence and known day besides. As known at T it is the known days before T's
  day, and the ledger's own rows from T's midnight to T;
* the **ledger** itself, for what the sums do not hold: the hour, RegSO, kilometre cells.

A window that begins or ends within a day is its whole days, from the sums, and at either end the ledger's own rows.

A ``until`` position takes back, with the sign turned, what the ledger got after it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.window import LAST_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.window import Position, Window
    from app.queries.scope import Arguments, Scope

WEIGHTS = """weight as materialized (
    select array_agg(coalesce(micro, 0)::float8 order by number) as micro
    from generate_series(1, (select max(offence_id) from offence)) as number
    left join harm_now on offence_id = number
)"""
"""The common table that the rows below look harm up in: millionths of a month of sentence, by offence_id."""

HARM = "(select micro from weight)[offence_id]"  # whole numbers, so that sums of floats are exact below 2^53


def from_totals(scope: Scope, arguments: Arguments) -> str:
    """Rows of (day, area_id, kind, offences, incidents, harm), ``area_id`` being the rollup area."""
    parts = []
    edges = f"day, rollup_area_id as area_id, kind, offences, incidents, offences * {HARM} as harm"
    inside = whole_days(scope)
    if inside is not None:
        parts += _from_totals(inside, arguments)
    return " union all ".join([*parts, *_edges(edges, scope, arguments)])


def _from_totals(scope: Scope, arguments: Arguments) -> list[str]:
    wanted = conditions(scope, arguments, "rollup_area_id")
    parts = [
        _select(
            "day, rollup_area_id as area_id, kind, offences, incidents, harm_micro::float8 as harm",
            "daily_total",
            wanted,
        )
    ]
    taken = f"day, rollup_area_id, kind, -offences, -incidents, -offences * {HARM}"
    if scope.known is not None:
        after = f"known_at > {arguments.add(scope.known.at)}"
        if not scope.known.recent:
            parts.append(
                _select(taken, "rollup_daily", [*wanted, f"known_day > {arguments.add(scope.known.day)}"])
            )
            after += f" and known_at < {arguments.add(scope.known.ends)}"
        parts.append(_select(taken, "ledger", [*wanted, after]))
    if scope.window.until is not None:
        parts.append(_select(taken, "ledger", [*wanted, *_late(scope, arguments, scope.window.until)]))
    return parts


def from_rollup(scope: Scope, arguments: Arguments) -> str:
    """Rows of (day, area_id, kind, offence_id, offences, incidents, harm), ``area_id`` being the rollup area."""
    columns = (
        "day, rollup_area_id as area_id, kind, offence_id, offences, incidents, offences * "
        + HARM
        + " as harm"
    )
    inside = whole_days(scope)
    parts = _from_rollup(columns, inside, arguments) if inside is not None else []
    return " union all ".join([*parts, *_edges(columns, scope, arguments)])


def _from_rollup(columns: str, scope: Scope, arguments: Arguments) -> list[str]:
    wanted = conditions(scope, arguments, "rollup_area_id")
    if scope.known is None:
        parts = [_select(columns, "rollup_daily", wanted)]
    else:
        before = f"known_day < {arguments.add(scope.known.day)}"
        since = f"known_at between {arguments.add(scope.known.begins)} and {arguments.add(scope.known.at)}"
        parts = [
            _select(columns, "rollup_daily", [*wanted, before]),
            _select(columns, "ledger", [*wanted, since]),
        ]
    if scope.window.until is not None:
        taken = f"day, rollup_area_id, kind, offence_id, -offences, -incidents, -offences * {HARM}"
        parts.append(_select(taken, "ledger", [*wanted, *_late(scope, arguments, scope.window.until)]))
    return parts


def whole_days(scope: Scope) -> Scope | None:
    """The scope of the days that lie in the window whole; None when none does."""
    window = scope.window
    if window.by_day:
        return scope
    days = window.whole_days()
    if days is None:
        return None
    first, last = days
    return replace(scope, window=replace(window, first=first, last=last, first_hour=0, last_hour=LAST_HOUR))


def _edges(columns: str, scope: Scope, arguments: Arguments) -> list[str]:
    """The hours at either end that belong to no whole day: from the ledger, which alone knows the hour."""
    if scope.window.by_day:
        return []
    wanted = ledger_conditions(scope, arguments)
    days = scope.window.whole_days()
    if days is not None:
        wanted.append(f"(day < {arguments.add(days[0])} or day > {arguments.add(days[1])})")
    return [_select(columns, "ledger", wanted)]


def from_ledger(scope: Scope, arguments: Arguments, place: str) -> str:
    """Rows of (day, hour, area_id, kind, offence_id, offences, incidents, harm); ``place`` gives the area_id."""
    columns = f"day, hour, {place}, kind, offence_id, offences, incidents, offences * {HARM} as harm"
    return _select(columns, "ledger", ledger_conditions(scope, arguments))


def ledger_conditions(scope: Scope, arguments: Arguments) -> list[str]:
    """The conditions of ``from_ledger``, for statements that have more of their own."""
    wanted = conditions(scope, arguments, area_column(scope))
    if scope.window.known_at is not None:
        wanted.append(f"known_at <= {arguments.add(scope.window.known_at)}")
    if scope.window.until is not None:
        until = scope.window.until
        wanted.append(f"(xid, ledger_id) <= ({arguments.add(until.xid)}, {arguments.add(until.ledger_id)})")
    return wanted


def area_column(scope: Scope) -> str:
    """The ledger's column that the area filter is held against."""
    return "area_id" if scope.areas is not None and scope.areas.fine else "rollup_area_id"


def conditions(scope: Scope, arguments: Arguments, column: str) -> list[str]:
    """The conditions on what happened: kind, day and hour, offence and area."""
    window = scope.window
    kind = (
        f"= {arguments.add(scope.kinds[0])}"
        if len(scope.kinds) == 1
        else f"= any({arguments.add(scope.kinds)})"
    )
    wanted = [f"kind {kind}", f"day between {arguments.add(window.first)} and {arguments.add(window.last)}"]
    wanted += _hours(window, arguments)
    if scope.offence_ids is not None:
        wanted.append(f"offence_id = any({arguments.add(scope.offence_ids)})")
    if scope.areas is not None:
        wanted.append(scope.areas.condition(arguments, column))
    return wanted


def _hours(window: Window, arguments: Arguments) -> list[str]:
    """Beside a condition on the days, so that an index on them still serves."""
    wanted = []
    if window.first_hour > 0:
        wanted.append(f"(day > {arguments.add(window.first)} or hour >= {arguments.add(window.first_hour)})")
    if window.last_hour < LAST_HOUR:
        wanted.append(f"(day < {arguments.add(window.last)} or hour <= {arguments.add(window.last_hour)})")
    return wanted


def _late(scope: Scope, arguments: Arguments, until: Position) -> list[str]:
    late = [f"(xid, ledger_id) > ({arguments.add(until.xid)}, {arguments.add(until.ledger_id)})"]
    if scope.window.known_at is not None:
        late.append(f"known_at <= {arguments.add(scope.window.known_at)}")
    return late


def _select(columns: str, table: str, wanted: Sequence[str]) -> str:
    return f"select {columns} from {table} where {' and '.join(wanted)}"

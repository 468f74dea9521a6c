"""Kilometre cells: where it happened, summed. A cell is a square of 1,000 m in EPSG:3006.

Its numbers (cx, cy) are easting and northing in whole kilometres. Whole months come from ``cell_total`` (by offence:
``cell_monthly``), which is what is believed now, less what became known after the window's moment; the days at either
end, and everything under an area filter, come from the ledger.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from app.queries import rows

if TYPE_CHECKING:
    from app.queries.scope import Arguments, Scope

GIVEN = f"cx, cy, offences, incidents, offences * {rows.HARM} as harm"
TAKEN = f"cx, cy, -offences, -incidents, -offences * {rows.HARM}"


class Box(NamedTuple):
    """Cells from (west, south) to (east, north), all inclusive."""

    west: int
    south: int
    east: int
    north: int


def whole_months(first: date, last: date) -> tuple[date, date] | None:
    """The first and the last day of the whole calendar months within a window; None when it holds none."""
    begins = first if first.day == 1 else _next_month(first)
    ends = _next_month(last) if _next_month(last) - timedelta(days=1) == last else last.replace(day=1)
    return (begins, ends - timedelta(days=1)) if begins < ends else None


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def from_cells(scope: Scope, arguments: Arguments, box: Box, *, sums: bool = True) -> str:
    """SQL: rows of (cx, cy, offences, incidents, harm), signed, to be summed by cell.

    Without ``sums`` all of them come from the ledger.
    """
    inside = _inside(arguments, box)
    days = scope.window.whole_days() if sums and scope.areas is None else None
    months = whole_months(*days) if days is not None else None
    if months is None:
        return f"select {GIVEN} from ledger where {' and '.join([*rows.ledger_conditions(scope, arguments), inside])}"
    begins, ends = (arguments.add(day) for day in months)
    kind = f"kind = {arguments.add(scope.kinds[0])}"
    monthly = f"where {kind} and month between {begins} and {ends} and {inside}"
    if scope.offence_ids is None:
        offence = ""
        parts = [f"select cx, cy, offences, incidents, harm_micro::float8 as harm from cell_total {monthly}"]
    else:
        offence = f" and offence_id = any({arguments.add(scope.offence_ids)})"
        parts = [f"select {GIVEN} from cell_monthly {monthly}{offence}"]
    within = f"{kind} and day between {begins} and {ends} and {inside}{offence}"
    if scope.window.known_at is not None:
        moment = arguments.add(scope.window.known_at)
        parts.append(f"select {TAKEN} from ledger where {within} and known_at > {moment}")
    if scope.window.until is not None:
        until = scope.window.until
        late = f"(xid, ledger_id) > ({arguments.add(until.xid)}, {arguments.add(until.ledger_id)})"
        if scope.window.known_at is not None:
            late += f" and known_at <= {arguments.add(scope.window.known_at)}"
        parts.append(f"select {TAKEN} from ledger where {within} and {late}")
    if months != (scope.window.first, scope.window.last) or not scope.window.by_day:
        edges = " and ".join([*rows.ledger_conditions(scope, arguments), inside])
        parts.append(f"select {GIVEN} from ledger where {edges} and (day < {begins} or day > {ends})")
    return " union all ".join(parts)


def in_box(scope: Scope, arguments: Arguments, box: Box) -> str:
    """SQL: the conditions on ledger rows within the box, as known at the window's moment."""
    return " and ".join([*rows.ledger_conditions(scope, arguments), _inside(arguments, box)])


def _inside(arguments: Arguments, box: Box) -> str:
    west, south, east, north = (arguments.add(edge) for edge in box)
    return f"cx between {west} and {east} and cy between {south} and {north}"

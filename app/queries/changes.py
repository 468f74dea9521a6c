"""What changed between two moments of knowing: added, corrected, withdrawn, moved."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import BadInput
from app.domain.window import KIND_NAMES, Window
from app.queries.scope import Arguments, Scope, open_scope

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.window import Filters

COMPARED = (
    "state", "area", "area_name", "day", "occurred_from", "occurred_to", "offence", "offences", "precision", "title",
    "summary", "place_text", "priority", "protected",
)  # fmt: skip
"""What a version says, of what is shown before and after."""

EVER = Window(date(1, 1, 1), date(9999, 12, 30))

KINDS_OF_CHANGE = ("added", "corrected", "moved", "withdrawn")

VERSION = """
left join lateral (
    select v.version_id, v.known_at, v.superseded_at, v.state, v.day, v.hour, v.occurred_from, v.occurred_to,
        v.precision, v.title, v.summary, v.place_text, v.priority, v.protected, v.area_id, v.rollup_area_id,
        v.offence_id, a.code as area, a.name as area_name, o.code as offence,
        (select sum(c.count) from incident_offence as c where c.version_id = v.version_id) as offences
    from incident_version as v join area as a using (area_id) join offence as o using (offence_id)
    where v.incident_id = touched.incident_id and not v.repeats and v.known_at <= {moment}
        and (v.superseded_at is null or v.superseded_at > {moment})
) as {name} on true
"""

CHANGE = """
case when n.version_id is null then 'moved' when b.state is distinct from 'active' then 'added'
    when n.state <> 'active' then 'withdrawn' when b.area_id <> n.area_id then 'moved' else 'corrected' end
"""


TOUCHED = """
touched as (
    select incident_id from incident_version where known_at > $1 and known_at <= $2 and not repeats
    union select incident_id from ledger where known_at > $1 and known_at <= $2
)
"""
PAIRED = f"""
touched join incident as i using (incident_id)
{VERSION.format(moment="$1", name="b")} {VERSION.format(moment="$2", name="n")}
"""
DIFFERENT = "not same_content(b.version_id, n.version_id)"

NEWS = "coalesce(n.known_at, b.superseded_at)"
"""When it last changed; what moved to where the viewer may not look left when the version before it ended."""


class ChangePlace(NamedTuple):
    """Where a page of changes ends."""

    known_at: datetime
    incident_id: int

    @classmethod
    def parse(cls, text: str) -> ChangePlace:
        """Read the ``next`` of an earlier page."""
        moment, _, number = text.rpartition("_")
        try:
            return cls(datetime.fromisoformat(moment), int(number))
        except ValueError:
            raise BadInput(
                f"after={text} is not the `next` of an earlier page; leave it out to begin.",
                sv="Fortsättningen av listan kunde inte läsas; läs listan från början.",
            ) from None

    def __str__(self) -> str:
        return f"{self.known_at.isoformat().replace('+00:00', 'Z')}_{self.incident_id}"


async def changes(
    connection: Connection,
    since: datetime,
    until: datetime,
    filters: Filters,
    *,
    happened: Window = EVER,
    after: ChangePlace | None = None,
    limit: int = 500,
    latest_first: bool = False,
) -> tuple[list[dict[str, Any]], ChangePlace | None]:
    """Incidents that were believed differently at ``until`` than at ``since`` (aware), in order of the last news.

    Each with ``change`` (added, corrected, withdrawn, moved), ``before`` (None: not yet known), ``after`` (None: moved
    to where the viewer may not look) and ``fields``, the names of what differs. One that came and went in between is
    not told. The filters, and the days and hours of ``happened``, hold when either side matches. With them comes
    where the next page begins, None at the end. ``latest_first`` turns the order round, for a first page.

    Raises:
        BadInput: ``until`` is before ``since``, or an unknown code.
    """
    require_order(since, until)
    scope = await open_scope(connection, happened, filters)
    arguments = Arguments([since, until])
    sides = either_side(scope, arguments)
    more = ""
    if after is not None:
        place = f"({arguments.add(after.known_at)}, {arguments.add(after.incident_id)})"
        more = f"and ({NEWS}, i.incident_id) > {place}"
    turned = "desc" if latest_first else ""
    told = ", ".join(f"{name}.{field} as {name}_{field}" for name in ("b", "n") for field in COMPARED)
    found = await connection.fetch(
        f"""
        with {TOUCHED}
        select i.incident_id, i.uid, i.feed, i.kind, {NEWS} as known_at, n.version_id is not null as is_known,
            b.version_id is not null as was_known, {told},
            {CHANGE} as change
        from {PAIRED}
        where i.kind = {arguments.add(scope.kinds[0])} and ({sides}) and {DIFFERENT} {more}
        order by {NEWS} {turned}, i.incident_id {turned} limit {arguments.add(limit + 1)}
        """,
        *arguments,
    )
    shown = found[:limit]
    rest = ChangePlace(shown[-1]["known_at"], shown[-1]["incident_id"]) if len(found) > limit else None
    return [_shape(row) for row in shown], rest


def require_order(since: datetime, until: datetime) -> None:
    """Raises ``BadInput`` when the later moment is the earlier."""
    if until < since:
        raise BadInput(
            "until lies before since; swap the two.",
            sv="Den senare tidpunkten ligger före den tidigare; byt plats på dem.",
        )


def either_side(scope: Scope, arguments: Arguments) -> str:
    """SQL: what was believed before (``b``) or is believed now (``n``) is counted under the filters, in the window."""
    return " or ".join(_side(scope, arguments, name) for name in ("b", "n"))


def _side(scope: Scope, arguments: Arguments, name: str) -> str:
    wanted = [f"{name}.state = 'active'", *_happened(scope.window, arguments, name)]
    if scope.offence_ids is not None:
        wanted.append(f"{name}.offence_id = any({arguments.add(scope.offence_ids)})")
    if scope.areas is not None:
        column = "area_id" if scope.areas.fine else "rollup_area_id"
        wanted.append(scope.areas.condition(arguments, f"{name}.{column}", f"{name}.day"))
    return f"({' and '.join(wanted)})"


def _happened(window: Window, arguments: Arguments, name: str) -> list[str]:
    if window is EVER:
        return []
    first = f"({arguments.add(window.first)}, {arguments.add(window.first_hour)}::smallint)"
    last = f"({arguments.add(window.last)}, {arguments.add(window.last_hour)}::smallint)"
    return [f"({name}.day, {name}.hour) between {first} and {last}"]


def _shape(row: Any) -> dict[str, Any]:
    before = {field: row[f"b_{field}"] for field in COMPARED} if row["was_known"] else None
    after = {field: row[f"n_{field}"] for field in COMPARED} if row["is_known"] else None
    return {
        "uid": str(row["uid"]),
        "feed": row["feed"],
        "kind": KIND_NAMES[row["kind"]],
        "change": row["change"],
        "known_at": row["known_at"],
        "fields": [
            field for field in COMPARED if before is None or after is None or before[field] != after[field]
        ],
        "before": before,
        "after": after,
    }

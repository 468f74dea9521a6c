"""What is usual: the same window in each of the weeks before, as known at the same delay. One statement.

For a window of seven days or fewer these are the 26 weeks before; a longer one goes back in whole windows (30 days:
five weeks a step), for a year. A week counts only where the kind was known of before that week's window began: what
came in before is an archive, and what was known of it then is not what would be known now.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.window import LAST_HOUR
from app.queries.scope import Arguments, open_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.db import Connection
    from app.domain.region import Region
    from app.domain.window import Filters, Position, Window

WEEKS = 26
LONGEST_WEEKS = 52
WEEK_DAYS = 7

TOLD = """
with recursive told (n) as (
    select 0::bigint
    union all
    select n + 1 from told where n < cardinality({known}::timestamptz[]) and (
        select true from ledger where {of_kind} and known_at <= ({known}::timestamptz[])[n + 1] - {length}
        order by day limit 1)
)"""
STATEMENT = (
    TOLD
    + """
select sum(held.incidents)::integer as incidents
from unnest({first}::date[], {last}::date[], {known}::timestamptz[]) with ordinality as week (first, last, known, n)
    join told using (n)
    left join lateral (
        select coalesce(sum(incidents), 0) as incidents from ledger
        where day between week.first and week.last and known_at <= week.known and {wanted}
    ) as held on true
group by n order by n desc
"""
)
# What was known once stays so: the first week before which nothing was known of the kind is the last that is asked
# about, by the index on kind and day. By the one on the time of knowing an archive of another kind would be read for
# each.


async def weeks_known(
    connection: Connection, kind: int, known: Sequence[datetime], length: timedelta, until: Position
) -> int:
    """At how many of the moments, the latest first, enough was known of a kind to count a window of ``length`` then.

    ``until``: what came into the ledger later, with its old times, was not known.
    """
    pinned = "kind = $1::smallint and (xid, ledger_id) <= ($4::text::xid8, $5::bigint)"
    statement = TOLD.format(of_kind=pinned, known="$2", length="$3::interval") + " select max(n) from told"
    found: int = await connection.fetchval(statement, kind, list(known), length, str(until[0]), until[1])
    return found


async def same_window(
    connection: Connection, window: Window, filters: Filters, now: datetime, region: Region
) -> list[int]:
    """How many incidents the window held in each of the weeks before, oldest first; short where history is.

    Both clocks go back together: of a week ago is counted what was known a week ago, so the last hours, whose reports
    are still to come, are held against hours of which as little was known. Days are the region's, to the same
    time of day.

    Raises:
        BadInput: An area or offence that the region pack does not know.
    """
    days = (window.last - window.first).days + 1
    step = -(-days // WEEK_DAYS)
    backs = range(step, (WEEKS if step == 1 else LONGEST_WEEKS) + 1, step)
    at = (window.known_at or now).astimezone(region.zone)
    shifts = [timedelta(days=WEEK_DAYS * back) for back in backs]
    longest = replace(window, first=window.first - shifts[-1], known_at=None, until=None)
    scope = await open_scope(connection, longest, filters)
    arguments = Arguments()
    kind = arguments.add(scope.kinds[0])
    wanted = [f"kind = {kind}", *_hours(window, arguments)]
    if scope.offence_ids is not None:
        wanted.append(f"offence_id = any({arguments.add(scope.offence_ids)})")
    if scope.areas is not None:
        column = "area_id" if scope.areas.fine else "rollup_area_id"
        wanted.append(scope.areas.condition(arguments, column))
    statement = STATEMENT.format(
        first=arguments.add([window.first - shift for shift in shifts]),
        last=arguments.add([window.last - shift for shift in shifts]),
        known=arguments.add([(at - shift).astimezone(UTC) for shift in shifts]),
        length=f"{arguments.add(timedelta(days=days))}::interval",
        wanted=" and ".join(wanted),
        of_kind=wanted[0],
    )
    return [row["incidents"] for row in await connection.fetch(statement, *arguments)]


def _hours(window: Window, arguments: Arguments) -> list[str]:
    """The hours of the first and the last day that do not belong to it, in each of the weeks."""
    wanted = []
    if window.first_hour > 0:
        wanted.append(f"(day > week.first or hour >= {arguments.add(window.first_hour)})")
    if window.last_hour < LAST_HOUR:
        wanted.append(f"(day < week.last or hour <= {arguments.add(window.last_hour)})")
    return wanted

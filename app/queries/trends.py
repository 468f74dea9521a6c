"""Series: the picture summed by day, week or month, whole or split, with its harm and how much is provisional.

The same rows as `app.queries.counts`, so a series adds up to the counter beside it. What is split apart is told from
the fewest rows that can: the totals for the whole, weekdays and districts; the rollup where the offence must be known.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

from app.domain.errors import BadInput
from app.queries import rows
from app.queries.scope import Arguments, Scope, open_scope

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.window import Filters, Window

Grain = Literal["day", "week", "month"]
Split = Literal["none", "district", "group", "relation", "place", "weekday"]
GRAINS: tuple[Grain, ...] = get_args(Grain)
SPLITS: tuple[Split, ...] = get_args(Split)
DISTRICTS = "lokalpolisomrade"

TIMES: dict[Grain, str] = {
    "day": "day",
    "week": "date_trunc('week', day)::date",
    "month": "date_trunc('month', day)::date",
}
OF_OFFENCE: dict[Split, str] = {"group": "group_code", "relation": "relation", "place": "place"}
PROVISIONAL = """, tentative as materialized (
    select array_agg(coalesce(w.provisional, true) order by number) as yes
    from generate_series(1, (select max(offence_id) from offence)) as number
    left join harm_weight as w on w.offence_id = number and w.index_name = 'bsi'
        and w.version = (select max(version) from harm_weight where index_name = 'bsi')
)"""
BREAKS = """
select array_agg(distinct turn order by turn) from rollup_place, lateral (values (valid_from), (valid_to)) as v(turn)
where kind = $3 and turn > $1 and turn <= $2
"""
CLOSE = """
select not exists (
    select from rollup_daily join offence using (offence_id)
    where rollup_daily.kind = 1 and day >= $1 and close_relationship is not true
)
"""


async def series(
    connection: Connection,
    window: Window,
    filters: Filters,
    grain: Grain,
    split: Split = "none",
    *,
    weighed: bool = False,
) -> list[dict[str, Any]]:
    """``time`` (the day, the Monday or the first of the month), ``key``, ``incidents``, ``offences``, ``harm``.

    ``key`` is None for the whole, a district's code, an offence group's, the relation or the place of the code as in
    the catalogue (None: the code does not say), or the weekday (0 is Monday). With ``weighed`` there is ``provisional``
    besides: the part of ``harm`` (months of sentence) that rests on provisional weights. Only rows with something in.

    Raises:
        BadInput: An unknown grain or split, area or offence.
    """
    if grain not in GRAINS or split not in SPLITS:
        raise BadInput(
            f"Choose a grain of {', '.join(GRAINS)} and a split of {', '.join(SPLITS)}.",
            sv="Indelningen av tiden eller uppdelningen kunde inte läsas; välj dem på nytt på sidan.",
        )
    scope = await open_scope(connection, window, filters)
    breaks = await _breaks(connection, window) if split == "district" else []
    arguments = Arguments()
    statement = _statement(scope, arguments, grain, split, breaks, weighed=weighed)
    return [dict(row) for row in await connection.fetch(statement, *arguments)]


async def all_close(connection: Connection, since: date) -> bool:
    """Whether every report since a day is of a close relationship, so that the measures are of the same reports."""
    return bool(await connection.fetchval(CLOSE, since))


async def _breaks(connection: Connection, window: Window) -> list[date]:
    """The first day, and the days within the window on which districts' borders moved."""
    turns = await connection.fetchval(BREAKS, window.first, window.last, DISTRICTS)
    return [window.first, *(turns or [])]


def _statement(
    scope: Scope, arguments: Arguments, grain: Grain, split: Split, breaks: list[date], *, weighed: bool
) -> str:
    """Sum by what the rows carry, then by what was asked for: few rows reach the second step."""
    by_offence = weighed or split in OF_OFFENCE or scope.offence_ids is not None
    if scope.areas is not None and scope.areas.fine:
        held = rows.from_ledger(scope, arguments, "rollup_area_id as area_id")
    elif by_offence:
        held = rows.from_rollup(scope, arguments)
    else:
        held = rows.from_totals(scope, arguments)
    inner = {"time": TIMES[grain]}
    key, join = "null", ""
    if weighed or split in OF_OFFENCE:
        inner["offence_id"] = "offence_id"
    if split in OF_OFFENCE:
        key, join = f"o.{OF_OFFENCE[split]}", "join offence as o using (offence_id)"
    elif split == "weekday":
        inner["weekday"] = "extract(isodow from day)::integer - 1"
        key = "weekday"
    elif split == "district":
        key, join = "place.code", _districts(inner, arguments, breaks)
    told = ", ".join(f"{expression} as {name}" for name, expression in inner.items())
    places = ", ".join(str(number) for number in range(1, len(inner) + 1))
    share = ", sum(harm) filter (where (select yes from tentative)[offence_id]) / 1000000 as provisional"
    weights = f"with {rows.WEIGHTS}" if rows.HARM in held else ""
    if weighed:
        weights += PROVISIONAL
    return f"""
        {weights}
        select time, {key} as key, sum(incidents)::integer as incidents, sum(offences)::integer as offences,
            sum(harm)::float8 / 1000000 as harm{share if weighed else ""}
        from (
            select {told}, sum(incidents) as incidents, sum(offences) as offences, sum(harm) as harm
            from ({held}) as held group by {places}
        ) as summed {join}
        group by 1, 2 having sum(offences) <> 0 or sum(incidents) <> 0 order by 1, 2
    """


def _districts(inner: dict[str, str], arguments: Arguments, breaks: list[date]) -> str:
    """The join that tells the district of each rollup area, as borders were since the last day on which they moved."""
    turns = arguments.add(breaks) + "::date[]"
    inner["area_id"] = "area_id"
    inner["since"] = f"({turns})[width_bucket(day, {turns})]"
    return (
        f"left join rollup_place as place on place.kind = {arguments.add(DISTRICTS)} "
        "and place.area_id = summed.area_id and place.valid_from <= since "
        "and (since < place.valid_to or place.valid_to is null)"
    )


def times(first: date, last: date, grain: Grain) -> list[date]:
    """Every time of the grain from that of the first day to that of the last, whole or not."""
    at = _begins(first, grain)
    found = []
    while at <= last:
        found.append(at)
        at = after(at, grain)
    return found


def after(at: date, grain: Grain) -> date:
    """When the next one begins."""
    if grain == "month":
        return (at.replace(day=1) + timedelta(days=32)).replace(day=1)
    return at + timedelta(days=7 if grain == "week" else 1)


def _begins(day: date, grain: Grain) -> date:
    return {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
    }[grain]

"""What need-to-know costs: a chief's reads under row-level security, beside the same reads without it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from app.db import Connection, Pool, Reader, open_pool
from app.domain.window import Filters, Window
from app.logins import login_url
from app.queries.counts import counts
from app.queries.incidents import page
from app.queries.tiles import tile
from tests.access.people import viewer
from tests.benchmarks import big
from tests.benchmarks.report import Report, median_ms
from tests.servers import own_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Begin = Callable[[str, str, str], Report]
Open = Callable[[], AbstractAsyncContextManager[Connection]]
Ask = Callable[[Connection, Window, Filters], Awaitable[Any]]

ROUNDS = 40
DAYS = 30
MOST = 1.5


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_access(begin: Begin, small: bool) -> None:
    offences = 100_000 if small else 1_000_000
    report = begin(
        "access",
        f"Need-to-know at {offences:,} offences",
        "An area chief's reads through row-level security, beside the same reads by a login that it does not hold, "
        f"with the area as a filter. Whole calls, transaction and scope included; medians of {ROUNDS} windows of "
        f"{DAYS} days, asked in turn. An analyst's reads, who sees the region, beside those without security likewise.",
    )
    with own_server() as dsn:
        asyncio.run(_measure(dsn, report, offences, small=small))
    report.check()


async def _measure(dsn: str, report: Report, offences: int, *, small: bool) -> None:
    async with open_pool(dsn, size=1) as free, open_pool(login_url(dsn, "web", "x"), size=1) as web:
        async with free.acquire() as connection:
            await big.fill(connection, offences)
            await big.add_incidents(connection)
            code = await connection.fetchval(BUSIEST)
            chief = await viewer(connection, "area_chief", code)
            analyst = await viewer(connection, "analyst")
            west, south, zoom = await connection.fetchrow(TILE, code)
        own, everything = Filters(areas=(code,)), Filters()
        for who, scoped, same in ((chief, everything, own), (analyst, everything, everything)):
            for name, ask in _questions((zoom, west, south), sums=who is analyst).items():
                held, without = Reader(web, who).transaction, _bare(free)
                taken = await _take_turns(ask, ((held, scoped), (without, same)))
                ratio = taken[0] / taken[1]
                report.bound(
                    f"{who.role}: {name}", f"{taken[0]:.2f} ms beside {taken[1]:.2f}: {ratio:.2f}×", f"≤ {MOST}×",
                    ok=None if small else ratio <= MOST,
                )  # fmt: skip


BUSIEST = """
select a.code from daily_total as t join area_within as w on w.area_id = t.rollup_area_id and w.valid_to is null
join area as a on a.area_id = w.ancestor_id and a.kind = 'lokalpolisomrade' and a.valid_to is null
group by a.code order by sum(t.offences) desc limit 1
"""
TILE = """
with middle as (
    select st_transform(st_centroid(st_collect(v.geom)), 3857) as at
    from (select v.geom from incident_version as v join area_within as w on w.area_id = v.rollup_area_id
          join area as a on a.area_id = w.ancestor_id and a.code = $1 limit 100) as v
)
select floor((st_x(at) + 20037508.34) / 40075016.68 * 1024)::integer,
    floor((20037508.34 - st_y(at)) / 40075016.68 * 1024)::integer, 10
from middle
"""


def _questions(at: tuple[int, int, int], *, sums: bool) -> dict[str, Ask]:
    z, x, y = at

    async def by_day_and_area(connection: Connection, window: Window, filters: Filters) -> Any:
        return await counts(connection, window, filters, ["day", "area"])

    async def by_offence(connection: Connection, window: Window, filters: Filters) -> Any:
        return await counts(connection, window, filters, ["offence"])

    async def squares(connection: Connection, window: Window, filters: Filters) -> Any:
        return await tile(connection, "density", z, x, y, window, filters, sums=sums)

    async def points(connection: Connection, window: Window, filters: Filters) -> Any:
        return await tile(connection, "points", z + 4, x * 16 + 8, y * 16 + 8, window, filters, sums=sums)

    async def listed(connection: Connection, window: Window, filters: Filters) -> Any:
        return await page(connection, window, filters)

    return {
        "counts by day and area": by_day_and_area,
        "counts by offence": by_offence,
        "tile of squares": squares,
        "tile of points": points,
        "list of a hundred": listed,
    }


def _bare(pool: Pool) -> Open:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Connection]:
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    return opened


async def _take_turns(ask: Ask, ways: tuple[tuple[Open, Filters], ...]) -> list[float]:
    """Medians in ms, each way asked of each window in turn; what they answer is the same."""
    taken: list[list[float]] = [[] for _ in ways]
    for number, (first, last) in enumerate([*big.spans(5, DAYS), *big.spans(ROUNDS, DAYS)]):
        answers = []
        for place, (opened, filters) in enumerate(ways):
            begun = time.perf_counter()
            async with opened() as connection:
                answers.append(await ask(connection, Window(first, last), filters))
            if number >= 5:
                taken[place].append(time.perf_counter() - begun)
        assert answers[0] == answers[1] or isinstance(answers[0], bytes)
    return [median_ms(times) for times in taken]

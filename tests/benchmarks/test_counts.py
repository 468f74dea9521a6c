"""Region, 30 days, by day and area: what it costs at ten million offences, beside what else could answer it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import duckdb
import pytest

from app.db import Pool, open_pool
from app.domain.window import Filters, Window
from app.queries.counts import counts
from tests.benchmarks import big
from tests.benchmarks.report import Report, median_ms
from tests.servers import own_server

ROUNDS = 40
DAYS = 30
AREA_OF = """
select w.area_id, w.valid_from, coalesce(w.valid_to, '9999-12-31') as valid_to, a.code
from area_within as w join area as a on a.area_id = w.ancestor_id and a.kind = 'lokalpolisomrade'
"""

Begin = Callable[[str, str, str], Report]
Ask = Callable[[date, date], Awaitable[list[Any]]]


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_counts(begin: Begin, small: bool, tmp_path: Path) -> None:
    large, less = (1_000_000, 100_000) if small else (10_000_000, 1_000_000)
    with own_server() as dsn:
        asyncio.run(_copy_empty(dsn))
        report = begin(
            "counts",
            f"Counts at {large:,} offences",
            f"The region, {DAYS} days, by day and area, over {large:,} and {less:,} offences (26 areas, 20 offences, "
            "ten years, delays, one in 33 moved later) made in the database. Each of "
            f"{ROUNDS} windows is asked of all, one after the other; medians. All answer with offences, incidents and "
            "harm; ours also names the lokalpolisområde.",
        )
        asyncio.run(_measure(dsn, report, large, less, tmp_path, small=small))
    report.check()


async def _copy_empty(dsn: str) -> None:
    admin = await asyncpg.connect(_database(dsn, "postgres"))
    await admin.execute("create database less template lagesbild")
    await admin.close()


def _database(dsn: str, name: str) -> str:
    return dsn.replace("/lagesbild?", f"/{name}?", 1)


async def _measure(dsn: str, report: Report, large: int, less: int, folder: Path, *, small: bool) -> None:
    async with open_pool(dsn, size=1) as big_pool, open_pool(_database(dsn, "less"), size=1) as less_pool:
        begun = time.perf_counter()
        for pool, number in ((big_pool, large), (less_pool, less)):
            async with pool.acquire() as connection:
                await big.fill(connection, number)
                assert await connection.fetch(big.DIFFERENCES) == [], "the sums are not the offences"
        async with big_pool.acquire() as connection:
            parquet = await big.export(connection, folder)
            rows = await connection.fetchrow(
                "select (select count(*) from ledger), (select count(*) from rollup_daily), "
                "(select count(*) from daily_total)"
            )
        report.note(
            f"Made in {time.perf_counter() - begun:.0f} s: {rows[0]:,} rows of ledger, {rows[1]:,} of rollup, "
            f"{rows[2]:,} of totals, whose sums by day and area equal the offences'."
        )
        with duckdb.connect() as duck:
            ways = _ways(big_pool, less_pool, duck, parquet)
            await _same_answers(big_pool, ways)
            taken = await _take_turns(ways)
    await _judge(report, taken, small=small)


def _ways(big_pool: Pool, less_pool: Pool, duck: duckdb.DuckDBPyConnection, parquet: Path) -> dict[str, Ask]:
    duck.execute("set parquet_metadata_cache = true")

    async def ours(first: date, last: date) -> list[Any]:
        async with big_pool.acquire() as connection:
            return await counts(connection, Window(first, last), Filters(), by=["day", "area"])

    async def ours_less(first: date, last: date) -> list[Any]:
        async with less_pool.acquire() as connection:
            return await counts(connection, Window(first, last), Filters(), by=["day", "area"])

    async def group_by(first: date, last: date) -> list[Any]:
        async with big_pool.acquire() as connection:
            return list(await connection.fetch(big.GROUP_BY, first, last))

    async def parquet_scan(first: date, last: date) -> list[Any]:
        return duck.execute(big.DUCK, [str(parquet), first, last]).fetchall()

    return {"ours": ours, "ours at less": ours_less, "group by": group_by, "duckdb": parquet_scan}


async def _same_answers(pool: Pool, ways: dict[str, Ask]) -> None:
    """All three say the same of one window, once ours is read by lokalpolisområde."""
    ((first, last),) = big.spans(1, DAYS)
    plain = big.plain_rows(await ways["group by"](first, last))
    assert big.plain_rows(await ways["duckdb"](first, last)) == plain
    async with pool.acquire() as connection:
        within = await connection.fetch(AREA_OF)
    expected: Counter[tuple[date, str | None, str]] = Counter()
    for day, area_id, offences, incidents, harm in plain:
        code = next(
            (w["code"] for w in within if w["area_id"] == area_id and w["valid_from"] <= day < w["valid_to"]),
            None,
        )
        expected[day, code, "offences"] += offences
        expected[day, code, "incidents"] += incidents
        expected[day, code, "harm"] += int(harm)
    found: Counter[tuple[date, str | None, str]] = Counter()
    for row in await ways["ours"](first, last):
        for name in ("offences", "incidents"):
            found[row["day"], row["area"], name] += row[name]
        found[row["day"], row["area"], "harm"] += round(row["harm"] * 1_000_000)
    assert found == expected


async def _take_turns(ways: dict[str, Ask]) -> dict[str, list[float]]:
    """Each window asked of every way in turn, so that what else the machine does falls on all alike."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number, (first, last) in enumerate([*big.spans(5, DAYS), *big.spans(ROUNDS, DAYS)]):
        for name, ask in ways.items():
            begun = time.perf_counter()
            rows = await ask(first, last)
            spent = time.perf_counter() - begun
            assert rows
            if number >= 5:  # the first five warm every cache
                taken[name].append(spent)
    return taken


async def _judge(report: Report, taken: dict[str, list[float]], *, small: bool) -> None:
    ours, less, group_by, duck = (
        median_ms(taken[name]) for name in ("ours", "ours at less", "group by", "duckdb")
    )
    report.figure("`app.queries.counts`", f"{ours:.2f} ms")
    report.figure("the same at a tenth of the offences", f"{less:.2f} ms")
    report.figure("GROUP BY on the offences, best covering index", f"{group_by:.2f} ms")
    report.figure("DuckDB on Parquet sorted by day and area", f"{duck:.2f} ms")
    # A million offences are few enough for any way to be quick: the small size holds us only to our own growth.
    faster = None if small else group_by >= 10 * ours
    report.bound("faster than GROUP BY", f"{group_by / ours:.1f}×", "≥ 10×", ok=faster)
    report.bound("faster than DuckDB", f"{duck / ours:.1f}×", "> 1×", ok=None if small else duck > ours)
    slack = 2.0 if small else 1.3
    report.bound(
        "own cost, to a tenth of the offences", f"{ours / less:.2f}×", f"≤ {slack}×", ok=ours <= slack * less
    )

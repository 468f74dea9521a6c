"""Counts equal the plainest recount of the versions, by anything, under any filter, as known at any moment."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import BadInput
from app.domain.window import Filters, Window
from app.queries.counts import AREA_KINDS, DIMENSIONS, counts
from app.queries.ledger import latest_position
from tests.queries.picture import BORDER, DAYS, START, load

if TYPE_CHECKING:
    import asyncpg

    from tests.queries.picture import Naive

FIRST, LAST = START.date(), START.date() + timedelta(days=DAYS)
FILTERS = (
    Filters(),
    Filters(areas=("lpo-sodermalm",)),
    Filters(areas=("lpo-norrmalm", "lpo-lidingo-kungsholmen")),
    Filters(areas=("po-city", "lpo-sodermalm", "0182")),
    Filters(areas=("0980",), offences=("9365", "0412")),
    Filters(areas=("stockholm",)),
    Filters(offences=("9440",)),
)
MOMENTS = (None, *(START + timedelta(hours=hours) for hours in (0, 300, 700, 1000, 1300, 2000)))


async def counted(
    connection: asyncpg.Connection, window: Window, filters: Filters, by: list[str], area_kind: str
) -> Any:
    rows = await counts(connection, window, filters, by, area_kind=area_kind)
    assert all(list(row) == [*by, "incidents", "offences", "harm"] for row in rows)
    return {
        tuple(row[name] for name in by): (row["incidents"], row["offences"], round(row["harm"], 4))
        for row in rows
    }


@pytest.mark.parametrize("seed", range(60))
async def test_counts_equal_a_naive_recount(db: asyncpg.Connection, naive: Naive, seed: int):
    pick = random.Random(seed)  # noqa: S311 - repeatable, not secret
    by = pick.sample(DIMENSIONS, pick.randint(0, 3))
    first = FIRST + timedelta(days=pick.randrange(DAYS))
    window = Window(first, first + timedelta(days=pick.randrange(DAYS)), pick.choice(MOMENTS))
    filters, area_kind = pick.choice(FILTERS), pick.choice(AREA_KINDS)
    expected = naive.counts(window, filters, by, area_kind)
    if not by:
        expected = expected or {(): (0, 0, 0)}
    assert await counted(db, window, filters, by, area_kind) == expected


async def test_a_regso_is_counted_from_the_ledger(db: asyncpg.Connection, naive: Naive):
    window = Window(FIRST, LAST)
    regso = await counts(db, window, Filters(), ["area"], area_kind="regso")
    code = next(row["area"] for row in regso if row["area"])
    filters = Filters(areas=(code,))
    assert await counted(db, window, filters, ["day"], "lokalpolisomrade") == naive.counts(
        window, filters, ["day"]
    )


async def test_a_district_counts_what_lay_in_it_on_the_day(db: asyncpg.Connection, loaded: str):
    rows = await counts(db, Window(FIRST, LAST), Filters(), ["day", "area"])
    new = {"lpo-norra-innerstaden", "lpo-lidingo-kungsholmen"}
    assert {row["area"] for row in rows if row["day"] < BORDER}.isdisjoint(new)
    assert "lpo-norrmalm" in {row["area"] for row in rows if row["day"] < BORDER}
    assert "lpo-norrmalm" not in {row["area"] for row in rows if row["day"] >= BORDER}
    assert new <= {row["area"] for row in rows if row["day"] >= BORDER}


async def test_a_map_can_ask_for_the_borders_of_one_day(db: asyncpg.Connection, loaded: str):
    window = Window(FIRST, LAST)
    by_last = await counts(db, window, Filters(), ["area"], borders=LAST)
    assert "lpo-norrmalm" not in {row["area"] for row in by_last}
    total = (await counts(db, window, Filters(), []))[0]
    assert sum(row["incidents"] for row in by_last) == total["incidents"]


@pytest.mark.parametrize("area_kind", AREA_KINDS)
async def test_totals_agree_whatever_they_are_split_by(db: asyncpg.Connection, loaded: str, area_kind: str):
    window = Window(FIRST, LAST, START + timedelta(hours=900))
    total = (await counts(db, window, Filters(), []))[0]
    for by in (["area"], ["day", "area"], ["hour", "area"], ["offence", "area"]):
        rows = await counts(db, window, Filters(), by, area_kind=area_kind)
        for name in ("incidents", "offences", "harm"):
            assert sum(row[name] for row in rows) == pytest.approx(total[name]), (by, name)


async def test_a_position_pins_the_answer(fresh_dsn: str):
    import asyncpg

    from app.db import set_codecs

    await load(fresh_dsn, 1, keys=range(60), files=12)
    connection = await asyncpg.connect(fresh_dsn)
    await set_codecs(connection)
    position = await latest_position(connection)
    questions = [
        (Window(FIRST, LAST, known), filters, by)
        for known in (None, START + timedelta(hours=700))
        for filters in (Filters(), Filters(offences=("9365",)), Filters(areas=("lpo-norrmalm",)))
        for by in (["day"], ["offence", "area"], ["hour"], ["area"])
    ]
    before = [await counts(connection, *question) for question in questions]
    await load(fresh_dsn, 2, keys=range(90), files=12)
    pinned = [
        await counts(connection, Window(window.first, window.last, window.known_at, position), filters, by)
        for window, filters, by in questions
    ]
    assert pinned == before
    assert [await counts(connection, *question) for question in questions] != before
    await connection.close()


async def test_the_sums_equal_the_ledger_and_follow_the_weights(db: asyncpg.Connection, loaded: str):
    async def equal() -> None:
        assert await db.fetchval(
            """select count(*) from (
                 select kind, day, rollup_area_id, sum(offences), sum(incidents), sum(offences * micro)
                 from ledger join harm_now using (offence_id) group by 1, 2, 3
                 except select kind, day, rollup_area_id, offences, incidents, harm_micro from daily_total) as one"""
        ) == 0  # fmt: skip
        assert await db.fetchval(
            """select count(*) from (
                 select kind, date_trunc('month', day)::date, cx, cy, sum(offences), sum(incidents),
                     sum(offences * micro)
                 from ledger join harm_now using (offence_id) where cx is not null group by 1, 2, 3, 4
                 except select kind, month, cx, cy, offences, incidents, harm_micro from cell_total) as one"""
        ) == 0  # fmt: skip

    await equal()
    before = (await counts(db, Window(FIRST, LAST), Filters(), []))[0]["harm"]
    await db.execute("update harm_weight set weight = weight * 2 + 0.123456")
    await equal()
    assert (await counts(db, Window(FIRST, LAST), Filters(), []))[0]["harm"] > before * 2


async def test_kinds_are_told_apart_and_never_added_up(db: asyncpg.Connection, loaded: str):
    window = Window(FIRST, LAST)
    rows = await counts(db, window, Filters(), ["kind"])
    assert [row["kind"] for row in rows] == ["report"]
    with pytest.raises(BadInput, match="never added up"):
        await counts(db, window, Filters(), ["day"], kinds=("report", "call"))
    assert await counts(db, window, Filters(kind="call"), ["kind"], kinds=("call",)) == []


@pytest.mark.parametrize(
    ("filters", "by", "more"),
    [
        (Filters(), ["month"], {}),
        (Filters(), ["day", "day"], {}),
        (Filters(), ["area"], {"area_kind": "kvarter"}),
        (Filters(areas=("lpo-nowhere",)), [], {}),
        (Filters(offences=("9999x",)), [], {}),
    ],
)
async def test_what_is_unknown_is_refused(
    db: asyncpg.Connection, filters: Filters, by: list[str], more: dict[str, Any]
):
    with pytest.raises(BadInput):
        await counts(db, Window(date(2026, 1, 1), date(2026, 1, 2)), filters, by, **more)


async def test_a_moment_before_everything_knows_nothing(db: asyncpg.Connection, loaded: str):
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    for by in (["day"], ["offence"], ["hour"]):
        assert await counts(db, Window(FIRST, LAST, long_ago), Filters(), by) == []

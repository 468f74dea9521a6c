"""Series equal the plainest recount of the versions, at any grain and split, under any filter, as known at any time."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import BadInput
from app.domain.window import Filters, Window
from app.queries import trends
from app.queries.trends import GRAINS, SPLITS, all_close, series, times
from tests.queries.test_counts import FILTERS, FIRST, LAST, MOMENTS

if TYPE_CHECKING:
    import asyncpg

    from tests.queries.picture import Naive


async def recounted(
    connection: asyncpg.Connection, naive: Naive, window: Window, filters: Filters, grain: Any, split: Any
) -> dict[tuple[date, Any], tuple[int, int, float]]:
    by = {"district": ["day", "area"], "none": ["day"], "weekday": ["day"]}.get(split, ["day", "offence"])
    rows = await connection.fetch("select code, group_code, relation, place from offence")
    told = {row["code"]: row for row in rows}
    column = {"group": "group_code", "relation": "relation", "place": "place"}.get(split, "")
    found: dict[tuple[date, Any], list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for key, figures in naive.counts(window, filters, by, "lokalpolisomrade").items():
        day = key[0]
        part = (
            None if split == "none" else day.weekday() if split == "weekday"
            else key[1] if split == "district" else told[key[1]][column]
        )  # fmt: skip
        held = found[times(day, day, grain)[0], part]
        for place, figure in enumerate(figures):
            held[place] += figure
    return {
        key: (int(held[0]), int(held[1]), round(held[2], 3))
        for key, held in found.items()
        if held[0] or held[1]
    }


@pytest.mark.parametrize("seed", range(40))
async def test_series_equal_a_naive_recount(db: asyncpg.Connection, naive: Naive, seed: int):
    pick = random.Random(seed)  # noqa: S311 - repeatable, not secret
    first = FIRST + timedelta(days=pick.randrange(20))
    window = Window(first, LAST - timedelta(days=pick.randrange(10)), pick.choice(MOMENTS))
    filters, grain, split = pick.choice(FILTERS), pick.choice(GRAINS), pick.choice(SPLITS)
    rows = await series(db, window, filters, grain, split, weighed=pick.random() < 0.5)
    found = {
        (row["time"], row["key"]): (row["incidents"], row["offences"], round(row["harm"], 3)) for row in rows
    }
    assert found == await recounted(db, naive, window, filters, grain, split), (grain, split, filters)


async def test_what_is_provisional_is_the_harm_of_provisional_weights(db: asyncpg.Connection):
    window = Window(FIRST, LAST)
    rows = await db.fetch(
        """select o.code, w.weight, w.provisional from offence as o join harm_weight as w using (offence_id)
           where w.version = (select max(version) from harm_weight)"""
    )
    weights = {row["code"]: row["weight"] if row["provisional"] else 0.0 for row in rows}
    offences = await trends.series(db, window, Filters(), "month", "group", weighed=True)
    expected = 0.0
    for code, weight in weights.items():
        if not weight:
            continue
        told = await series(db, window, Filters(offences=(code,)), "month")
        expected += weight * sum(row["offences"] for row in told)
    assert sum(row["provisional"] or 0.0 for row in offences) == pytest.approx(expected)
    assert 0 < expected < sum(row["harm"] for row in offences)


async def test_whether_all_are_of_close_relationships(db: asyncpg.Connection):
    close = await db.fetchval(
        """select bool_and(close_relationship is true) from rollup_daily join offence using (offence_id)
           where rollup_daily.kind = 1 and day >= $1""", FIRST,
    )  # fmt: skip
    assert await all_close(db, FIRST) is close
    assert await all_close(db, LAST + timedelta(days=400)) is True


async def test_a_grain_or_split_that_is_none_is_refused_in_words(db: asyncpg.Connection):
    wrong: Any = "year"
    with pytest.raises(BadInput, match="grain"):
        await series(db, Window(FIRST, LAST), Filters(), wrong)

"""What a region has a name for: its codes are the catalogue's, and it counts and tells what they do, everywhere."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.config import ROOT
from app.domain.errors import BadInput
from app.domain.region import Region
from app.domain.window import Filters, Window
from app.queries.briefing import WANTED
from app.queries.counts import counts
from app.queries.latest import codes_meant, latest
from app.queries.tiles import tile
from app.queries.usual import same_window
from tests.queries.picture import DAYS, START

if TYPE_CHECKING:
    import asyncpg

    from tests.queries.picture import Naive

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
PARTNER = "misshandel-kvinna-parrelation"
NAMED = Filters(offences=(PARTNER,))
CODES = Filters(offences=("9357", "9359", "9365", "9367"))
WINDOW = Window(START.date(), START.date() + timedelta(days=DAYS))


async def test_it_holds_what_the_catalogue_says_and_the_briefing_counts(db: asyncpg.Connection) -> None:
    (named,) = REGION.named_offences
    rows = await db.fetch(f"select l.code from offence as l join offence as o using (offence_id)"
                          f" where {WANTED['partner'].replace('l.kind', 'o.kind')}")  # fmt: skip
    assert sorted(named.codes) == sorted(row["code"] for row in rows)
    taken = await db.fetchval("select count(*) from offence where code = $1 or group_code = $1", named.code)
    assert taken == 0, "a name may not be taken by the catalogue"


@pytest.mark.parametrize("seed", range(20))
async def test_it_counts_what_its_codes_count(db: asyncpg.Connection, naive: Naive, seed: int) -> None:
    pick = random.Random(seed)  # noqa: S311 - repeatable, not secret
    first = WINDOW.first + timedelta(days=pick.randrange(DAYS))
    known = pick.choice((None, START + timedelta(hours=pick.randrange(2000))))
    window = Window(first, first + timedelta(days=pick.randrange(DAYS)), known)
    by = pick.sample(("day", "area", "hour", "offence"), pick.randint(1, 2))
    more = pick.choice(((), ("9440",), ("9365",)))
    found = await counts(db, window, Filters(offences=(PARTNER, *more)), by)
    recounted = naive.counts(window, Filters(offences=CODES.offences + more), by, "lokalpolisomrade")
    assert {tuple(row[name] for name in by): (row["incidents"], row["offences"]) for row in found} == {
        key: tuple(value[:2]) for key, value in recounted.items()
    }


async def test_ticker_stream_map_and_what_is_usual_follow(db: asyncpg.Connection, naive: Naive) -> None:
    assert naive.counts(WINDOW, CODES, [], "lokalpolisomrade"), "there is nothing to follow"
    assert (await codes_meant(db, WINDOW, NAMED))[1] == (await codes_meant(db, WINDOW, CODES))[1]
    assert await latest(db, WINDOW, NAMED) == await latest(db, WINDOW, CODES) != []
    assert (
        await tile(db, "density", 5, 17, 9, WINDOW, NAMED)
        == await tile(db, "density", 5, 17, 9, WINDOW, CODES)
        != b""
    )
    at = datetime(2026, 1, 1, tzinfo=UTC)
    week = replace(WINDOW, first=WINDOW.last - timedelta(days=6))
    assert await same_window(db, week, NAMED, at, REGION) == await same_window(db, week, CODES, at, REGION)


async def test_it_is_of_its_kind_only(db: asyncpg.Connection) -> None:
    with pytest.raises(BadInput):
        await counts(db, WINDOW, Filters("call", offences=(PARTNER,)), ())

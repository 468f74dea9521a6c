"""The health of feeds, recounted from what was sent: when each was heard, its gaps, its rows' outcomes, its delay."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import numpy as np
import pytest

from app.config import ROOT
from app.db import Pool, Reader
from app.domain.feed_rhythm import FeedFacts
from app.domain.region import Region
from app.domain.viewer import ROLES, Viewer
from app.queries import feed_health
from app.queries.feed_health import Rhythms
from tests.ledger.plain_feed import lines, plain_feed

if TYPE_CHECKING:
    from etl.run import Intake

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
MONDAY = datetime(2026, 11, 2, 11, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FACTS = {name: FeedFacts(name, "report", name, name, 2 * HOUR) for name in ("hourly", "seldom")}


def said(key: str, occurred: datetime, **more: Any) -> dict[str, Any]:
    return {
        "source_key": key, "state": "active", "occurred_from": occurred.isoformat(), "areas": ["Södermalm"],
        "offences": [{"code": "9365"}], **more,
    }  # fmt: skip


@pytest.fixture
async def sent(intake: Intake, pool: Pool) -> None:
    """Two days of a report an hour, silent from 20 to 03 UTC the second night; and another feed's two deliveries."""
    async with pool.acquire() as connection:
        if await connection.fetchval("select exists (select from delivery)"):
            return
    hourly, seldom = plain_feed("hourly"), plain_feed("seldom")
    for n in range(72):
        at = MONDAY + n * HOUR
        if 33 <= n < 40:
            continue
        drafts = [said(f"H{n}", at - (1 + n % 4) * 30 * MINUTE)]
        if n % 10 == 5:
            drafts.append(said(f"H{n - 1}", at - 2 * HOUR, summary="rättad"))
        if n == 50:
            drafts.append(said("H3", MONDAY, state="withdrawn"))
        await intake.ingest(hourly, lines(*drafts), name=f"h{n}", fetched_at=at, archive=True)
    for n in (0, 60):
        at = MONDAY + n * HOUR
        rows = [said(f"S{n}", at - HOUR), {"source_key": f"B{n}", "offences": []}]
        await intake.ingest(seldom, lines(*rows), name=f"s{n}", fetched_at=at, archive=True)


@pytest.mark.usefixtures("sent")
async def test_when_each_was_heard_is_as_known_at_any_moment(db: asyncpg.Connection) -> None:
    for at, hourly, seldom in (
        (MONDAY - MINUTE, None, None),
        (MONDAY + 5 * MINUTE, MONDAY, MONDAY),
        (MONDAY + 36.5 * HOUR, MONDAY + 32 * HOUR, MONDAY),
        (MONDAY + 90 * HOUR, MONDAY + 71 * HOUR, MONDAY + 60 * HOUR),
    ):
        found = await feed_health.heard(db, at, live=False)
        assert (found["hourly"].at, found["seldom"].at) == (hourly, seldom)


@pytest.mark.usefixtures("sent")
async def test_the_gaps_are_those_of_what_was_sent_and_the_last_is_open(db: asyncpg.Connection) -> None:
    found = await feed_health.gaps(db, MONDAY + 10 * HOUR, MONDAY + 75 * HOUR, 2 * HOUR)
    assert found["hourly"] == [
        (MONDAY + 32 * HOUR, MONDAY + 40 * HOUR),
        (MONDAY + 71 * HOUR, MONDAY + 75 * HOUR),
    ]
    assert found["seldom"] == [
        (MONDAY, MONDAY + 60 * HOUR),
        (MONDAY + 60 * HOUR, MONDAY + 75 * HOUR),
    ]
    inside = await feed_health.gaps(db, MONDAY + 34 * HOUR, MONDAY + 36 * HOUR, 2 * HOUR)
    assert inside["hourly"] == [(MONDAY + 32 * HOUR, MONDAY + 36 * HOUR)]


@pytest.mark.usefixtures("sent")
async def test_the_rhythm_has_every_gap_by_the_hour_it_begins_in(db: asyncpg.Connection) -> None:
    rhythm = (await feed_health.learned(db, MONDAY + 80 * HOUR, REGION))["hourly"]
    assert rhythm.gaps == 64
    assert rhythm.usual(1, 14) == HOUR  # Monday 13 UTC
    assert rhythm.cells[2, 20].longest_s[0] == 8 * 3600


@pytest.mark.usefixtures("sent")
async def test_rows_by_outcome_are_those_of_what_was_sent(db: asyncpg.Connection) -> None:
    found = await feed_health.outcomes(db, MONDAY - HOUR, MONDAY + 80 * HOUR, REGION)

    def total(feed: str, name: str) -> int:
        return sum(day[name] for day in found[feed])

    # of the corrections of 5, 15, … 65 that of 35 is not sent: the feed is silent
    assert (total("hourly", "new"), total("hourly", "corrected"), total("hourly", "withdrawn")) == (65, 6, 1)
    assert (total("seldom", "new"), total("seldom", "quarantined")) == (2, 2)
    assert found["hourly"][0]["day"] == date(2026, 11, 2)
    earlier = await feed_health.outcomes(db, MONDAY - HOUR, MONDAY + 4 * HOUR, REGION)
    assert sum(day["new"] for day in earlier["hourly"]) == 5


@pytest.mark.usefixtures("sent")
async def test_the_delay_is_of_first_knowing(db: asyncpg.Connection) -> None:
    found = (await feed_health.delays(db, MONDAY - HOUR, MONDAY + 80 * HOUR))["hourly"]
    late = [(1 + n % 4) * 0.5 for n in range(72) if not 33 <= n < 40]
    assert found.incidents == len(late) == sum(found.steps)
    assert list(found.hours.values()) == pytest.approx(np.quantile(late, feed_health.SHARES))
    assert found.steps[:4] == (0, sum(one < 1 for one in late), sum(1 <= one < 3 for one in late), 0)


@pytest.mark.usefixtures("sent")
async def test_every_role_that_sees_the_feeds_is_told_the_same(pool: Pool) -> None:
    told = []
    async with pool.acquire() as connection:
        scopes = {
            role: await connection.fetchval(
                "insert into access_scope (actor, name, role, areas) values ($1, $1, $1, $2) returning scope_id",
                role, ["lpo-sodermalm"] if role == "area_chief" else [],
            )
            for role in ROLES
        }  # fmt: skip
    for role in ("analyst", "commander", "area_chief", "feed_admin", "wall"):
        async with Reader(pool, Viewer(role, role, scope=scopes[role])).transaction() as connection:
            at = MONDAY + 36 * HOUR
            told.append(
                await feed_health.health(
                    connection,
                    FACTS,
                    Rhythms(),
                    REGION,
                    (date(2026, 11, 2), date(2026, 11, 3)),
                    at,
                    at + HOUR,
                )
            )
    assert all(one == told[0] for one in told)
    assert [one.facts.name for one in told[0]] == ["hourly", "seldom"]
    for role in ("auditor", "partner"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with Reader(pool, Viewer(role, role, scope=scopes[role])).transaction() as connection:
                await feed_health.heard(connection, MONDAY, live=False)


@pytest.mark.usefixtures("sent")
async def test_a_silent_feed_is_said_so_and_only_once_it_is_unusual(db: asyncpg.Connection) -> None:
    rhythms = Rhythms()
    for hours, state in ((33.5, "good"), (35, "late"), (38.9, "silent"), (40.5, "good")):
        at = MONDAY + hours * HOUR
        found = {
            one.facts.name: one
            for one in await feed_health.statuses(db, FACTS, rhythms, REGION, at, at + HOUR)
        }
        assert found["hourly"].state == state, hours
    assert found["seldom"].waits == 0  # by the clock of the quarantine, which begins now

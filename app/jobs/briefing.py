"""Make the morning's editions: the region's and one for each local police district, from one snapshot.

An edition is of a day as known at half past six on it, so one that is made late (the machine was down) tells what it
would have told in time. It is made again for ``verify`` from the same moment and up to the same position of the ledger.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from app.briefing.compose import compose
from app.briefing.edition import Edition, differences
from app.briefing.edition import read as read_edition
from app.commands.briefings import store
from app.db import UNAVAILABLE
from app.domain.errors import BadInput, NotFound, Unavailable
from app.domain.window import Position
from app.jobs.briefing_facts import Asked, Whose, moment, read, share
from app.jobs.briefing_measures import REGIONAL, stored, worked_out
from app.jobs.measuring import ARCHIVE, QUIET
from app.queries import briefing as queries
from app.queries import briefings, ledger, measure_results
from app.queries.measure_frames import Pin

if TYPE_CHECKING:
    from app.commands.briefings import Stored
    from app.db import Connection, Pool
    from app.domain.region import Region

LOOK_S = 15.0
PATIENCE = timedelta(minutes=10)
"""So long an edition that is due waits for the day's measures; then it is made and says what is missing."""

log = logging.getLogger("lagesbild.briefing")


def due(region: Region, now: datetime) -> tuple[date, datetime]:
    """The last day whose edition is due, and the moment as known at which it is made."""
    day = region.day(now)
    at = moment(region, day)
    return (day, at) if at <= now else (day - timedelta(days=1), moment(region, day - timedelta(days=1)))


async def make(
    pool: Pool, region: Region, day: date, known_at: datetime, *, now: datetime, demo: bool = False
) -> list[Stored]:
    """Make and store the editions of a day as known at a moment, with the day's next number.

    Args:
        pool: On a login that sees everything and may write.
        region: Whose calendar it is.
        day: A day of the region; what happened before its morning is looked at.
        known_at: As known then, UTC.
        now: The clock; what stands in quarantine is as of then.
        demo: What is told of is made up: the edition says so.

    Raises:
        BadInput: The moment lies before the day, or in the future.
        NotFound: Nothing is known at all.
        Unavailable: The database does not answer.
    """
    if known_at > now:
        raise BadInput(f"{known_at:%Y-%m-%d %H:%M} UTC lies in the future: nothing is known of it yet.")
    if known_at < region.midnight(day):
        raise BadInput(f"The edition of {day} tells of what was known on that day; choose a later moment.")
    async with pool.acquire() as connection:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            _, position = await ledger.moment(connection)
            if position == (0, 0):
                raise NotFound("Nothing is known yet: there is nothing to tell of.")
            pin = Pin(known_at, *position)
            asked = Asked(connection, region, day, pin, now, demo)
            districts = await queries.districts(connection, day)
            areas = (None, *(one.code for one in districts))
            ready = await stored(connection, day, known_at, areas)
            names = {one.code: one.name for one in districts}
            whose = [Whose(), *(Whose(one.area_id, one.code) for one in districts)]
            shared = await share(asked)
            made = [(one.area_id, compose(await read(asked, one, ready, names, shared))) for one in whose]
        return await store(connection, day, pin, made, now)


async def again(connection: Connection, region: Region, edition_id: int) -> tuple[Edition, Edition]:
    """A stored edition, and the same made again from the ledger: every measure worked out anew, every figure counted.

    Raises:
        NotFound: There is no such edition.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        row = await briefings.one(connection, edition_id)
        if row is None:
            raise NotFound(f"There is no edition {edition_id}; lagesbild briefing list shows them.")
        kept = read_edition(row["content"])
        pin = Pin(kept.known_at, *Position.parse(kept.position))
        if (pin.known_at, f"{pin.xid}-{pin.ledger_id}") != (row["known_at"], row["position"]):
            raise BadInput(
                f"Edition {edition_id} names another picture than its row does; it cannot be held against one."
            )
        asked = Asked(connection, region, kept.day, pin, row["made_at"], kept.demo)
        districts = await queries.districts(connection, kept.day)
        before = await stored(connection, kept.day, kept.known_at, (None, kept.area))
        ready = await worked_out(connection, region, kept.day, before.pins, before)
        names = {one.code: one.name for one in districts}
        ids = {one.code: one.area_id for one in districts}
        whose = Whose() if kept.area is None else Whose(ids[kept.area], kept.area)
        return kept, compose(await read(asked, whose, ready, names, await share(asked)))


async def verify(connection: Connection, region: Region, edition_id: int) -> list[str]:
    """Every difference between a stored edition and the same made again; none where it is proved.

    Raises:
        NotFound: There is no such edition.
    """
    return differences(*await again(connection, region, edition_id))


async def serve(pool: Pool, region: Region, *, demo: bool = False) -> None:
    """Make each morning's editions when they are due, and missing ones at once, until cancelled."""
    begun = datetime.now(UTC)
    while True:
        now = datetime.now(UTC)
        try:
            if await wanted(pool, region, now, begun):
                day, known_at = due(region, now)
                made = await make(pool, region, day, known_at, now=now, demo=demo)
                log.info("%d editions of %s, number %d", len(made), day, made[0].number)
        except NotFound as error:
            log.info("%s", error)
        except (Unavailable, *UNAVAILABLE) as error:
            log.warning("The briefing waits: %s", error)
        except Exception:  # a morning without an edition is looked into, and tried again
            log.exception("The briefing could not be made")
        await asyncio.sleep(LOOK_S)


async def wanted(pool: Pool, region: Region, now: datetime, begun: datetime) -> bool:
    """Whether an edition is to be made now: the due one is missing, and what it rests on is there or waited for enough.

    A day that is over and of which no measure was worked out gets none: there was nobody here to tell.
    """
    day, known_at = due(region, now)
    async with pool.acquire() as connection:
        if await briefings.made(connection, day):
            return False
        if await connection.fetchval(ARCHIVE, now - QUIET):
            return False
        told = [await measure_results.one(connection, name, None, day, known_at) for name in REGIONAL]
        if all(one is not None for one in told):
            return True
        if day < region.day(now) and not await briefings.measured(connection, day):
            return False
    return now - max(known_at, begun) >= PATIENCE

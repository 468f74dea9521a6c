"""The ETL as a service: fetches every chosen feed for ever, and reads the extracts that are put into its inbox.

A feed that fails rests and tries again, longer each time, and says so in ``feed_state``; the others go on.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from app.db import end_if_asked
from app.domain.errors import LagesbildError, SetupError
from etl.feed import Feed, feed_names, get_feed
from etl.inbox import watch
from etl.run import Intake
from etl.tell import tell

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from app.config import Settings
    from app.db import Pool
    from etl.feed import Fetched
    from etl.receipt import Receipt

log = logging.getLogger("lagesbild.etl")

Item: TypeAlias = "tuple[Feed, Fetched]"

REST_S = 5.0
LONGEST_REST_S = 300.0


async def serve(pool: Pool, intake: Intake, settings: Settings) -> None:
    """Run until cancelled.

    Raises:
        SetupError: A chosen feed does not exist.
    """
    unknown = set(settings.feed_names) - set(feed_names())
    if unknown:
        raise SetupError(
            f"LAGESBILD_FEEDS names {', '.join(sorted(unknown))}; the feeds are {', '.join(feed_names())}."
        )
    # Records live until they are loaded and hold no cycles: a rarer collection saves a sixth of the time. The
    # thread that prepares must not keep the one that loads waiting at each of its twenty statements.
    gc.set_threshold(100_000, 50, 50)
    sys.setswitchinterval(0.0005)
    async with asyncio.TaskGroup() as group:
        for name in settings.feed_names:
            feed = get_feed(name, settings.region)
            if feed.fetcher() is not None:
                group.create_task(_for_ever(feed, pool, intake, settings))
        inbox = settings.drop_folder or settings.var / "inbox"
        group.create_task(watch(inbox, pool, intake, settings.region))


async def _for_ever(feed: Feed, pool: Pool, intake: Intake, settings: Settings) -> None:
    """Fetch one feed; when it fails, say so, rest, and go on from the cursor that was committed last."""
    rest_s = REST_S
    while True:
        try:
            async for receipt in _receipts(feed, pool, intake, settings):
                log.log(logging.INFO if receipt.loaded else logging.DEBUG, "%s", receipt)
                rest_s = REST_S
        except (LagesbildError, OSError) as error:
            message = str(error)
        except Exception as error:  # kept running: the failure is logged whole and shown with the feed
            end_if_asked()
            log.exception("feed %s failed", feed.name)
            message = f"Unexpected failure ({type(error).__name__}); see the log."
        else:
            message = "The source ended; it is asked again."
        end_if_asked()
        log.warning("feed %s rests %.0f s: %s", feed.name, rest_s, message)
        await tell(pool, feed.name, message)
        await asyncio.sleep(rest_s)
        rest_s = min(2 * rest_s, LONGEST_REST_S)


async def _receipts(feed: Feed, pool: Pool, intake: Intake, settings: Settings) -> AsyncIterator[Receipt]:
    """Load what a feed delivers. An archive's next delivery is prepared while the one before is loading."""
    loading: asyncio.Task[Receipt] | None = None
    try:
        async for target, fetched in _ahead(_fetch(feed, pool, settings)):
            before, loading = loading, asyncio.create_task(
                intake.ingest(
                    target, fetched.content, after=loading, name=fetched.name, fetched_at=fetched.fetched_at,
                    archive=fetched.archive, cursor=fetched.cursor, fetched_by=feed.name,
                )
            )  # fmt: skip
            if before is not None:
                yield await before
            if not fetched.archive:
                receipt, loading = await loading, None
                yield receipt
        if loading is not None:
            yield await loading
    finally:
        if loading is not None:
            await asyncio.gather(loading, return_exceptions=True)


async def _fetch(feed: Feed, pool: Pool, settings: Settings) -> AsyncIterator[tuple[Feed, Fetched]]:
    """The feed's deliveries, each with the feed whose format it has: the demo writes in the format of others."""
    async with pool.acquire() as connection:
        cursor = await connection.fetchval("select cursor from feed_state where feed = $1", feed.name)
    fetcher = feed.fetcher()
    if fetcher is None:
        return
    choices: dict[str, Any] = {}
    if feed.settings.get("demo"):
        choices = {
            "days": settings.demo_days, "speed": settings.demo_speed, "seed": settings.demo_seed,
            "history": settings.demo_history, "truth_file": settings.var / "demo" / "truth.json",
        }  # fmt: skip
    async for item in fetcher.fetch(cursor or {}, feed, datetime.now(UTC), **choices):
        if isinstance(item, tuple):
            yield get_feed(item[0], settings.region), item[1]
        else:
            yield feed, item


async def _ahead(items: AsyncIterator[Item]) -> AsyncIterator[Item]:
    """The same items, the next one being made while the one before is loaded."""
    waiting: asyncio.Queue[Item | None] = asyncio.Queue(maxsize=1)

    async def fill() -> None:
        try:
            async for item in items:
                await waiting.put(item)
        finally:
            await waiting.put(None)

    filling = asyncio.create_task(fill())
    try:
        while (item := await waiting.get()) is not None:
            yield item
        await filling
    finally:
        filling.cancel()

"""The alert engine: looks at every rule whenever the ledger has news, and once a minute; sends what is to be sent.

A look is one transaction: what it read, what the rule said, what is to be sent, and how far it came. So it may be
killed at any moment: what was not committed is looked at again, and what was is not said twice (every firing and every
alert has a key of its own). One engine works at a time; another waits for it to end.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from app.alerts.evaluate import Evaluated, State, evaluate, unpack
from app.alerts.grouping import overspent, place_all
from app.alerts.rule import Delivery, Deviation, Silence, asks_the_same, read_rule
from app.commands import alerts_said as said
from app.commands.alerts_said import Look, Version
from app.db import UNAVAILABLE
from app.domain.errors import Unavailable
from app.domain.window import Position
from app.jobs.alerting_trials import answer_trials
from app.queries import alerts_rules, feeds
from app.queries.alerts_facts import Read, facts_for, sources_of

if TYPE_CHECKING:
    from app.db import Connection, Pool
    from app.domain.region import Region
    from app.jobs.alerting_send import Sender

LOOK_S = 60.0
"""A look at least so often: silence makes no noise."""
REST_S = 1.0
"""Between two looks, so that a burst of news is one look."""
FIRST_LOOK_BACK = timedelta(days=7)
"""The rules that a new house begins with look at its last week, so that it sees at once what they say."""
QUIET = timedelta(seconds=20)
OVERSPENT = "overspent"
"""Why the house itself puts a rule on probation; the screen says it in words."""

ARCHIVE = "select exists (select from delivery where archive and received_at > $1)"
SEEN = "select now() as now, xid, ledger_id from ledger_newest()"

log = logging.getLogger("lagesbild.alerts")


class Engine:
    """Looks at the rules. ``targets`` are channel and target of what leaves the house."""

    def __init__(self, pool: Pool, region: Region, targets: Mapping[str, Sequence[str]]) -> None:
        self._pool = pool
        self._region = region
        self._targets = targets

    async def look(self, now: datetime | None = None) -> int:
        """Look at every rule once; how many alerts are new.

        Args:
            now: As of this moment, as if the ledger had come so far; None: when each look's transaction began.
        """
        async with self._pool.acquire() as connection:
            rows = await alerts_rules.rules(connection, fences=True)
        new = 0
        for row in rows:
            if row["mode"] == "off":
                continue
            try:
                version = _version(row)
                if not isinstance(version.rule, Delivery):
                    new += await self._look_at(version, now)
            except UNAVAILABLE:
                raise
            except Exception:
                # One rule that cannot be looked at must not silence the others; what it missed is looked at next time.
                log.exception(
                    "The rule %s (version %d) could not be looked at", row["rule_id"], row["version"]
                )
        return new

    async def _look_at(self, version: Version, now: datetime | None) -> int:
        async with self._pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            seen = await connection.fetchrow(SEEN)
            until = now or seen["now"]
            position = Position(seen["xid"] or 0, seen["ledger_id"] or 0)
            since, looked_to, state = await self._progress(connection, version)
            due = now is not None or self._is_due(version, since, until, looked_to, position, state)
            if since >= until or not due:
                return 0
            read = Read(connection, self._region, since, until)
            facts = await facts_for(read, version.rule)
            evaluated: Evaluated = await asyncio.to_thread(evaluate, version.rule, facts, since, until, state)
            return await self._keep(connection, read, version, evaluated, position)

    def _is_due(
        self, version: Version, since: datetime, until: datetime, looked_to: Position | None, position: Position,
        state: State | None,
    ) -> bool:  # fmt: skip
        """Counts rise by news only, and what is normal changes at midnight; silence is looked at each time."""
        if isinstance(version.rule, Silence) or looked_to != position or state is None:
            return True
        return isinstance(version.rule, Deviation) and self._region.day(since) != self._region.day(until)

    async def _progress(
        self, connection: Connection, version: Version
    ) -> tuple[datetime, Position | None, State | None]:
        """Up to when the rule was looked at, with what of the ledger, and how its series stood."""
        row = await connection.fetchrow(said.PROGRESS, version.version_id)
        if row is None:
            earlier = await connection.fetchrow(said.EARLIER, version.rule_id, version.number)
            if earlier is None or not asks_the_same(
                version.rule, read_rule(earlier["definition"], earlier["fence"])
            ):
                return version.made_at - (FIRST_LOOK_BACK if version.first else timedelta(0)), None, None
            row = earlier
        return row["looked_at"], Position(row["xid"], row["ledger_id"]), unpack(row["state"])

    async def _keep(
        self, connection: Connection, read: Read, version: Version, evaluated: Evaluated, position: Position
    ) -> int:
        began = {
            row["place"]: row["period"] for row in await connection.fetch(said.OPEN_SINCE, version.rule_id)
        }
        placed = place_all(version.rule, evaluated.firings, began)
        sources = {
            one.name: await sources_of(read, version.rule, one.key, one.at) for one in evaluated.firings
        }
        channels = [name for name in ("mail", "webhook") if getattr(version.rule, name)]
        look = Look(
            read.until, position, placed, evaluated.state, sources,
            {one.period: self._region.day(one.period) for one in placed},
            [(channel, target) for channel in channels for target in self._targets.get(channel, ())],
        )  # fmt: skip
        new = await said.keep(connection, version, look)
        if new and version.mode == "live":
            await self._hold_to_budget(
                connection, version, read.until, placed[-1].period, placed[-1].firing.place
            )
        return new

    async def _hold_to_budget(
        self, connection: Connection, version: Version, now: datetime, period: datetime, place: str
    ) -> None:
        """Put a rule that gave more than it may on probation, and say so; it goes on being looked at."""
        rows = await connection.fetch(said.PERIODS, version.rule_id, now)
        if not overspent([row["period"] for row in rows], now, version.allowed_per_week):
            return
        alert_id = await connection.fetchval(said.FOUND, version.rule_id, place, period)
        await said.put_on_probation(connection, version, OVERSPENT, alert_id)
        log.warning("The rule %s gave more alerts than it may and is on probation", version.rule_id)


def _version(row: Mapping[str, Any]) -> Version:
    return Version(
        row["version_id"], UUID(row["rule_id"]), row["version"], read_rule(row["definition"], row.get("fence")),
        row["mode"], row["allowed_per_week"], row["made_at"], row["role"] == "system" and row["version"] == 1, row,
    )  # fmt: skip


async def serve(pool: Pool, dsn: str, region: Region, engine: Engine, sender: Sender) -> None:
    """Look, try what is to be tried, and send, until cancelled."""
    wake = asyncio.Event()
    while True:
        try:
            async with pool.acquire() as connection:
                await connection.execute("select pg_advisory_lock($1)", said.ALERTING, timeout=None)
                async with asyncio.TaskGroup() as group:
                    group.create_task(_listen(dsn, wake))
                    group.create_task(sender.serve(wake))
                    group.create_task(_work(pool, region, engine, wake))
        except* (Unavailable, *UNAVAILABLE) as several:
            log.warning("The alerts wait: %s", several.exceptions[0])
            await asyncio.sleep(REST_S)


async def _work(pool: Pool, region: Region, engine: Engine, wake: asyncio.Event) -> None:
    await _begin(pool)
    while True:
        wake.clear()
        begun = time.monotonic()
        new = await engine.look()
        if new:
            log.info("%d new alerts in %.2f s", new, time.monotonic() - begun)
        await answer_trials(pool, region)
        # A look that took long is followed by a rest as long: half of a core at most.
        await asyncio.sleep(max(REST_S, time.monotonic() - begun))
        try:
            async with asyncio.timeout(LOOK_S):
                await wake.wait()
        except TimeoutError:
            continue


async def _begin(pool: Pool) -> None:
    """Install the first rules where there are none; on a new house once its last days are in."""
    while True:
        async with pool.acquire() as connection, connection.transaction():
            known = await connection.fetchval(said.ANY_RULE)
            busy = await connection.fetchval(ARCHIVE, datetime.now(UTC) - QUIET)
            if known or not (busy or await feeds.filling(connection)):
                await said.install_first(connection)
                return
        await asyncio.sleep(REST_S)


async def _listen(dsn: str, wake: asyncio.Event) -> None:
    """Wake on news of the ledger and of rules; a connection that dies ends this, and all is begun anew."""
    connection = await asyncpg.connect(
        dsn, timeout=5, server_settings={"application_name": "lagesbild alerts listen"}
    )
    lost = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: lost.set())
        for channel in ("ledger", "alerts"):
            await connection.add_listener(channel, lambda *_: wake.set())
        wake.set()
        await lost.wait()
        raise Unavailable("The connection that tells of news was lost.")
    finally:
        connection.terminate()

"""Rules tried on the past: read as the ledger was known at each step, worked out beside the engine, and stored."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.alerts.described import tell
from app.alerts.replay import Replay, replay, say
from app.alerts.rule import Rule, read_rule
from app.db import UNAVAILABLE
from app.domain.errors import BadInput
from app.queries.alerts_facts import Read, facts_for

if TYPE_CHECKING:
    from app.db import Connection, Pool
    from app.domain.region import Region

MOST_TOLD = 500
"""So many of the alerts are listed, the newest; all are counted."""

WAITING = """
select trial_id, definition, fence, allowed_per_week, days, asked_at from alert_trial
where state = 'waiting' order by asked_at limit 1 for update skip locked
"""
DONE = """
update alert_trial set state = $2, done_at = clock_timestamp(), seconds = $3, result = $4 where trial_id = $1
"""

log = logging.getLogger("lagesbild.alerts")


async def try_rule(
    connection: Connection, region: Region, rule: Rule, until: datetime, days: int, allowed_per_week: float
) -> Replay:
    """What a rule would have done in so many days up to a moment; inside a transaction."""
    since = until - timedelta(days=days)
    facts = await facts_for(Read(connection, region, since, until), rule, linked_at=since)
    return await asyncio.to_thread(replay, rule, facts, since, until, allowed_per_week)


async def answer_trials(pool: Pool, region: Region) -> int:
    """Answer all that are waiting, the oldest first; how many."""
    answered = 0
    while True:
        async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            row = await connection.fetchrow(WAITING)
            if row is None:
                return answered
            await _answer(connection, region, row)
            answered += 1


async def _answer(connection: Connection, region: Region, row: Any) -> None:
    begun = time.monotonic()
    try:
        rule = read_rule(row["definition"], row["fence"])
        async with connection.transaction():  # a savepoint: a trial that fails is told so
            found = await try_rule(
                connection, region, rule, row["asked_at"], row["days"], row["allowed_per_week"]
            )
        state, result = "done", told(rule, found)
    except UNAVAILABLE:
        raise
    except Exception as error:
        log.exception("A trial failed")
        sentence = (
            str(error) if isinstance(error, BadInput) else "The trial failed; the log of the alerts says why."
        )
        state, result = "failed", {"error": sentence}
    await connection.execute(DONE, row["trial_id"], state, time.monotonic() - begun, result)


def told(rule: Rule, found: Replay) -> dict[str, Any]:
    """A replay as it is stored: what it says, its figures, and its alerts; counts by place, no incident."""
    return {
        "words": [sentence._asdict() for sentence in say(found)],
        "summary": found.summary(),
        "alerts": [
            {
                "place": alert.place,
                "period": alert.period.isoformat(),
                "firings": len(alert.firings),
                "value": alert.firings[0].value,
                "bound": alert.firings[0].bound,
                "normal": alert.firings[0].normal,
                "words": tell(rule, *alert.firings[0][3:6])._asdict(),
            }
            for alert in found.alerts[-MOST_TOLD:]
        ],
    }

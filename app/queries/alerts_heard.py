"""When each feed was heard of: its deliveries, and for what an archive brought when that became known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from app.alerts.facts import Facts
from app.domain.feed_rhythm import LEARNED

if TYPE_CHECKING:
    from app.alerts.rule import Silence
    from app.queries.alerts_facts import Read

RHYTHM = LEARNED + timedelta(days=1)
HEARD = """
select feed, array_agg(extract(epoch from at)::float8 order by at) as at from (
    select distinct feed, date_trunc('minute', at) as at from (
        select feed, received_at as at from delivery
        where not archive and received_at between $1 and $2 and read > 0
        union all
        select i.feed, l.known_at from ledger as l join incident as i using (incident_id)
        where l.backfilled and l.known_at between $1 and $2
    ) as told
) as minutes group by feed order by feed
"""


async def heard(read: Read, rule: Silence) -> Facts:
    """The minutes in which each feed was heard of, with those of the weeks before that its rhythm is told by."""
    rows = await read.connection.fetch(HEARD, read.since - RHYTHM, read.until)
    wanted = set(rule.feeds)
    told = {
        row["feed"]: np.asarray(row["at"], dtype=np.float64)
        for row in rows
        if not wanted or row["feed"] in wanted
    }
    return Facts(read.region.zone, tuple(told), heard=told)

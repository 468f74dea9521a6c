"""The ledger is the picture: at any known-at it equals what a plain recount of the source's words gives.

The oracle is not our versions but a list of what the source said, in Python: the machine delivers new reports,
corrections, moves, withdrawals, repeats and archives that fit in between, in any order, and asks at random T.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.db import set_codecs
from etl.keep import Keys
from etl.run import Intake
from tests.ledger.plain_feed import lines, plain_feed

FEED = plain_feed()
START = datetime(2026, 3, 27, tzinfo=UTC)  # across the change to summer time
CODES = ("9365", "9367", "9440", "0412")
PLACES: tuple[dict[str, Any], ...] = (
    {"latitude": 59.3137, "longitude": 18.0745},  # Södermalm
    {"latitude": 59.3373, "longitude": 18.0560},  # Norrmalm
    {"areas": ["Nacka"]},
    {"areas": ["Gotland"]},
    {},
)

moments = st.integers(300, 700).map(lambda hours: START + timedelta(hours=hours))
said = st.fixed_dictionaries(
    {
        "source_key": st.sampled_from([f"K{number}" for number in range(6)]),
        "state": st.sampled_from(["active", "active", "active", "withdrawn"]),
        "occurred_from": st.integers(0, 300).map(lambda h: (START + timedelta(hours=h)).isoformat()),
        "offences": st.lists(
            st.fixed_dictionaries({"code": st.sampled_from(CODES), "count": st.integers(1, 3)}),
            min_size=1,
            max_size=3,
        ),
        "summary": st.sampled_from(["", "rättad"]),
    }
)
drafts = st.builds(lambda words, place: {**words, **place}, said, st.sampled_from(PLACES))


class _OneConnection:
    """A pool of one: the machine's work lies in one outer transaction, rolled back at its end."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    def acquire(self) -> _OneConnection:
        return self

    async def __aenter__(self) -> asyncpg.Connection:
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        # Within the outer transaction, "on commit delete rows" has not come yet.
        await self._connection.execute(
            "truncate arriving, arriving_offence, chain" if await self._made() else "select"
        )

    async def _made(self) -> bool:
        return bool(await self._connection.fetchval("select to_regclass('pg_temp.chain') is not null"))


class Source(RuleBasedStateMachine):
    """A source that says things about six incidents, in files that come in any order."""

    loop: asyncio.AbstractEventLoop
    dsn: str

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[datetime, int, dict[str, Any]]] = []
        self.deliveries = 0

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize()
    def connect(self) -> None:
        self.connection = self.run(asyncpg.connect(self.dsn))
        self.run(set_codecs(self.connection))
        self.outer = self.connection.transaction()
        self.run(self.outer.start())
        self.intake = Intake(_OneConnection(self.connection), Keys(bytes(32)))  # type: ignore[arg-type]

    def teardown(self) -> None:
        if hasattr(self, "connection"):
            self.run(self.outer.rollback())
            self.run(self.connection.close())

    @rule(words=st.lists(drafts, min_size=1, max_size=5), known_at=moments)
    def deliver(self, words: list[dict[str, Any]], known_at: datetime) -> None:
        self.deliveries += 1
        receipt = self.run(
            self.intake.ingest(
                FEED,
                lines(*words) + b" " * self.deliveries,
                name=str(self.deliveries),
                fetched_at=known_at,
                archive=True,
            )
        )
        assert receipt.quarantined == 0, self.run(
            self.connection.fetch("select step, field, reason from quarantine")
        )
        assert receipt.read == len(words) == receipt.loaded + receipt.unchanged
        self.told += [(known_at, len(self.told) + place, draft) for place, draft in enumerate(words)]

    @rule(known_at=st.one_of(st.none(), moments))
    def the_ledger_is_the_recount(self, known_at: datetime | None) -> None:
        latest: dict[str, dict[str, Any]] = {}
        for at, _, draft in sorted(self.told, key=lambda word: word[:2]):
            if known_at is None or at <= known_at:
                latest[draft["source_key"]] = draft
        expected: Counter[tuple[str, str]] = Counter()
        for draft in latest.values():
            if draft["state"] == "active":
                day = FEED.region.day(datetime.fromisoformat(draft["occurred_from"])).isoformat()
                for offence in draft["offences"]:
                    expected[day, offence["code"]] += offence["count"]
        for source in ("ledger", "rollup"):
            assert self.run(self.count(source, known_at)) == expected, source
        incidents = sum(draft["state"] == "active" for draft in latest.values())
        assert self.run(self.connection.fetchval(INCIDENTS, known_at)) == incidents

    @invariant()
    def what_the_map_shows_from_afar_is_the_ledger(self) -> None:
        if self.deliveries:
            off = self.run(self.connection.fetch(CELLS))
            assert off == []

    @invariant()
    def each_version_is_believed_until_the_next_one(self) -> None:
        if self.deliveries:
            assert self.run(self.connection.fetch(INTERVALS)) == []

    async def count(self, source: str, known_at: datetime | None) -> Counter[tuple[str, str]]:
        rows = await self.connection.fetch(LEDGER if source == "ledger" else ROLLUP, known_at)
        return Counter({(row["day"].isoformat(), row["code"]): row["n"] for row in rows})


LEDGER = """
select day, code, sum(offences) as n from ledger join offence using (offence_id)
where $1::timestamptz is null or known_at <= $1 group by 1, 2 having sum(offences) <> 0
"""
# The rollup before today plus today's ledger up to T: how every count is read.
ROLLUP = """
with today as (select ($1::timestamptz at time zone 'Europe/Stockholm')::date as day), part as (
    select day, offence_id, offences from rollup_daily where $1 is null or known_day < (select day from today)
    union all
    select day, offence_id, offences from ledger
    where known_at >= (select day from today)::timestamp at time zone 'Europe/Stockholm' and known_at <= $1
)
select day, code, sum(offences) as n from part join offence using (offence_id) group by 1, 2 having sum(offences) <> 0
"""
INCIDENTS = "select coalesce(sum(incidents), 0) from ledger where $1::timestamptz is null or known_at <= $1"
CELLS = """
select coalesce(a.month, b.month) from
(select date_trunc('month', day)::date as month, cx, cy, offence_id, sum(offences) as n, sum(incidents) as m
 from ledger where cx is not null group by 1, 2, 3, 4) as a
full join cell_monthly as b using (month, cx, cy, offence_id)
where (coalesce(a.n, 0), coalesce(a.m, 0)) <> (coalesce(b.offences, 0), coalesce(b.incidents, 0))
"""
INTERVALS = """
select * from (
    select version_id, superseded_at,
        lead(known_at) over (partition by incident_id order by known_at, version_id) as next
    from incident_version where not repeats
) as v where superseded_at is distinct from next
"""


@pytest.mark.timeout(600)
def test_the_ledger_equals_a_recount_of_what_the_source_said_at_any_known_at(fresh_dsn: str) -> None:
    with asyncio.Runner() as runner:
        Source.loop = runner.get_loop()
        Source.dsn = fresh_dsn
        run_state_machine_as_test(
            Source,
            settings=settings(
                max_examples=40,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

"""What the engine writes: what rules said, what is to be sent, how far it has come. All of a look is one transaction.

Each firing, alert and thing to send has a key of its own, so whoever is killed and begins again writes nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.alerts.described import window_of
from app.alerts.evaluate import State, pack
from app.alerts.first import first_rules
from app.alerts.rule import Silence, definition_of
from app.commands.alerts import WRITE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from app.alerts.grouping import Placed
    from app.alerts.rule import Rule
    from app.db import Connection
    from app.domain.window import Position

ALERTING = 7_160_030
"""The lock that one engine at a time holds."""

OPEN_SINCE = "select place, max(period) as period from alert where rule_id = $1 group by place"
PERIODS = """
select a.period from alert as a where a.rule_id = $1 and a.period > $2::timestamptz - interval '28 days'
    and not a.probation and coalesce((select outcome from alert_action as b where b.alert_id = a.alert_id
        and b.kind = 'closed' order by b.action_id desc limit 1), '') <> 'true'
"""
PROGRESS = "select looked_at, xid, ledger_id, state from alert_progress where version_id = $1"
EARLIER = """
select p.looked_at, p.xid, p.ledger_id, p.state, r.definition, r.fence
from alert_rule_version as r join alert_progress as p using (version_id)
where r.rule_id = $1 and r.version < $2 order by r.version desc limit 1
"""
KEEP = """
insert into alert_progress (version_id, looked_at, xid, ledger_id, state) values ($1, $2, $3, $4, $5)
on conflict (version_id) do update set looked_at = excluded.looked_at, xid = excluded.xid,
    ledger_id = excluded.ledger_id, state = excluded.state
"""
ALERT = """
insert into alert (version_id, rule_id, kind, place, period, day, area_id, feed, probation)
values ($1, $2, $3, $4, $5, $6, (
    select area_id from area where code = $7 and valid_from <= $6 and (valid_to is null or $6 < valid_to)
        and kind in ('lokalpolisomrade', 'polisomrade', 'kommun') limit 1
), $8, $9) on conflict (rule_id, place, period) do nothing
"""
FOUND = "select alert_id from alert where rule_id = $1 and place = $2 and period = $3"
FIRED = """
insert into alert_action (alert_id, rule_id, kind, firing, fired_at, value, bound, normal, window_from, xid, ledger_id,
    sources)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (rule_id, firing) do nothing
"""
TO_SEND = """
insert into alert_outbox (alert_id, channel, target) values ($1, $2, $3) on conflict do nothing
"""
TOLD = "insert into alert_action (alert_id, rule_id, kind, channel) values ($1, $2, $3, $4)"
INCIDENT = "select uid from incident where incident_id = $1"
ANY_RULE = "select exists (select from alert_rule_version)"
FIRST = WRITE.replace("returning version_id", "on conflict do nothing")


@dataclass(frozen=True)
class Version:
    """The newest version of a rule, as the engine takes it."""

    version_id: int
    rule_id: UUID
    number: int
    rule: Rule
    mode: str
    allowed_per_week: float
    made_at: datetime
    first: bool
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Look:
    """What a look at a rule found, and what was seen of the ledger."""

    at: datetime
    position: Position
    placed: Sequence[Placed]
    state: State
    sources: Mapping[str, Sequence[UUID]]
    days: Mapping[datetime, date]
    targets: Sequence[tuple[str, str]] = field(default=())
    """Channel and target of what is to be sent."""


async def keep(connection: Connection, version: Version, look: Look) -> int:
    """Write what a look found; how many alerts are new. Inside the caller's transaction."""
    new = 0
    for one in look.placed:
        alert_id, began = await _alert(connection, version, look, one)
        new += began
        firing = one.firing
        sources = list(look.sources.get(firing.name, ()))
        if firing.incident is not None:
            sources = [await connection.fetchval(INCIDENT, firing.incident)]
        await connection.execute(
            FIRED, alert_id, version.rule_id, "fired" if one.first else "grouped", firing.name, firing.at, firing.value,
            firing.bound, firing.normal, window_of(version.rule, firing.at), *look.position, sources,
        )  # fmt: skip
        if began and version.mode == "live":
            for channel, target in look.targets:
                await connection.execute(TO_SEND, alert_id, channel, target)
    await keep_progress(connection, version.version_id, look)
    return new


async def keep_progress(connection: Connection, version_id: int, look: Look) -> None:
    """Note how far a rule has been looked at."""
    await connection.execute(KEEP, version_id, look.at, *look.position, pack(look.state))


async def _alert(connection: Connection, version: Version, look: Look, one: Placed) -> tuple[int, bool]:
    place = one.firing.place
    feed = place if isinstance(version.rule, Silence) else None
    status = await connection.execute(
        ALERT, version.version_id, version.rule_id, version.rule.kind, place, one.period, look.days[one.period],
        "" if feed else place, feed, version.mode == "probation",
    )  # fmt: skip
    alert_id: int = await connection.fetchval(FOUND, version.rule_id, place, one.period)
    return alert_id, bool(status.endswith(" 1"))


async def put_on_probation(connection: Connection, version: Version, why: str, alert_id: int) -> None:
    """Add a version that differs in its mode only, and tell it on the alert that was one too many."""
    row = version.row
    definition, fence = definition_of(version.rule)
    await connection.execute(
        WRITE, version.rule_id, version.number + 1, version.rule.kind, row["title_sv"], row["title_en"], definition,
        fence, "probation", version.allowed_per_week, why, row["tried"],
    )  # fmt: skip
    await connection.execute(TOLD, alert_id, version.rule_id, "probation", None)


async def install_first(connection: Connection) -> int:
    """Write the rules that a house begins with where it has none at all; how many."""
    if await connection.fetchval(ANY_RULE):
        return 0
    written = 0
    for one in first_rules():
        definition, fence = definition_of(one.rule)
        status = await connection.execute(
            FIRST, one.rule_id, 1, one.rule.kind, one.title_sv, one.title_en, definition, fence, one.mode,
            one.allowed_per_week, "", None,
        )  # fmt: skip
        written += status.endswith(" 1")
    return written

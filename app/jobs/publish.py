"""Publish a period's cubes to partners: count it from the ledger, hide what must be hidden, attack, store.

Everything published of the year before is read back from what partners were given, and its counts from the ledger at
the pins; so nothing that is hidden is kept anywhere. The ledger is read in one snapshot, the solving is done outside of
any transaction, and the whole publication is written in one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

import orjson

from app.commands.cubes import PUBLISHING, Edition, store
from app.config import ROOT
from app.disclosure.declared import Declared, months_of, plan_document, time_names
from app.disclosure.ledger import AlreadyPublished, Publications, next_version, publish, revise
from app.disclosure.published import PublishedCube, summed
from app.disclosure.recover import Recovery, recover
from app.domain.errors import BadInput, NotFound, Unavailable
from app.jobs.cube_state import State, counts_of, read_state, require_same, with_new_cubes
from app.queries import cubes as queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.db import Connection, Pool
    from app.disclosure.cube import Key
    from app.domain.region import Region

METHOD = (
    "1 to 4 and complements hidden over all cubes, areas, periods and versions (Fischetti and Salazar 2001)"
)


@dataclass(frozen=True)
class Published:
    """What came of a publication."""

    period: str
    version: int
    as_of: datetime
    editions: tuple[Edition, ...]

    def __str__(self) -> str:
        told = "; ".join(
            f"{one.cube} {one.period} version {one.version}: {len(one.content['rows'])} cells, "
            f"{sum(row['figure'] is None for row in one.content['rows'])} hidden"
            for one in self.editions
        )
        return f"{self.period} is published as known at {self.as_of:%Y-%m-%d %H:%M} UTC: {told}."


def declared_cubes(region: Region) -> Declared:
    """The cubes that the region's pack declares.

    Raises:
        NotFound: It declares none.
    """
    file = ROOT / "geodata" / "regions" / region.code / "cubes.toml"
    if not file.exists():
        raise NotFound(f"The region {region.code} declares no cubes: its pack has no cubes.toml.")
    return Declared.read(file.read_text(encoding="utf-8"))


async def publish_period(
    pool: Pool,
    region: Region,
    declared: Declared,
    period: str,
    *,
    now: datetime,
    as_of: datetime | None = None,
    correct: bool = False,
    key: bytes = b"",
) -> Published:
    """Publish a month, and the totals that it completes; or the corrections to a month or quarter that is out.

    Args:
        pool: On a login that sees the whole ledger.
        region: Whose cubes; its calendar says what a month is.
        declared: The region's cubes.
        period: ``2026-10``; for corrections also ``2026-Q4``.
        now: The present, UTC.
        as_of: As known then; ``now`` when None.
        correct: Publish the next version of what is published.
        key: 32 secret bytes, where figures are rounded.

    Raises:
        BadInput: The period is not over by then, or there is no such period, or it is published or is not.
        GivesAway: The last attack found something; this would be a fault of ours.
        Mismatch: What was published is not what the ledger gives now.
        Unavailable: Another publication is at work.
    """
    at = as_of or now
    months = months_of(period)
    if at > now:
        raise BadInput(f"--as-of {at:%Y-%m-%d %H:%M} lies in the future: nothing is known of it yet.")
    if region.midnight(day_after(months[-1])) > at:
        raise BadInput(f"{period} was not over then: what still comes would be told by the difference.")
    async with pool.acquire() as connection:
        if not await connection.fetchval("select pg_try_advisory_lock($1)", PUBLISHING):
            raise Unavailable("Another publication is at work; try again when it is done.")
        try:
            state = await read_state(connection, region, declared, int(period[:4]), at, key)
            made = await asyncio.to_thread(_decide, state, period, months, correct=correct)
            editions = tuple(_editions(state, made))
            new = [
                (month, number, pin.known_at, *pin.position)
                for month, of in made.pins.items()
                for number, pin in of.items()
                if number not in state.so_far.pins.get(month, {})
            ]
            document = {"plan": plan_document(made.plan), "names": state.names}
            await store(
                connection, made.plan.name, document, new, editions,
                method=f"{METHOD}; HiGHS {version_of('highspy')}", made_at=now,
            )  # fmt: skip
        finally:
            await connection.execute("select pg_advisory_unlock($1)", PUBLISHING)
    return Published(period, max(made.pins[months[-1]]), at, editions)


async def attack_published(connection: Connection) -> Recovery:
    """Attack every edition of every cube that is out, together."""
    documents = [orjson.loads(row["content"]) for row in await queries.contents(connection)]
    return await asyncio.to_thread(recover, documents)


def _decide(state: State, period: str, months: Sequence[str], *, correct: bool) -> Publications:
    """The publication, worked out; takes a minute."""
    so_far, declared = state.so_far, state.declared
    require_same(so_far, state)
    so_far = with_new_cubes(so_far, declared, int(period[:4]))
    if not correct:
        if len(months) > 1:
            raise BadInput(f"{period} is published with the last of its months: publish {', '.join(months)}.")
        if period in so_far.pins:
            raise AlreadyPublished(
                f"{period} is published, as known at {so_far.pins[period][1].known_at:%Y-%m-%d %H:%M} UTC; "
                "publish corrections with --correct."
            )
        counts = counts_of(declared, state.rows[period], {1: state.pin})
        return publish(
            so_far, period, {(*key[:-1], period): number for key, number in counts.items()}, state.pin
        )
    number = next_version(so_far, period)
    corrected: dict[Key, int] = {}
    for month in months:
        corrected |= counts_of(declared, state.rows[month], {**so_far.pins[month], number: state.pin})
    return revise(so_far, period, corrected, state.pin)


def _editions(state: State, made: Publications) -> list[Edition]:
    """Every edition that is decided and not stored yet; then the years that are complete."""
    found: list[Edition] = []
    told: dict[tuple[str, str], PublishedCube] = {}
    for cube in made.plan.cubes:
        for time in cube.shown[made.plan.time]:
            for number in made.versions(time):
                of = made.edition(cube.name, time, number)
                told.setdefault((cube.name, time), of)
                if (cube.name, time, number) not in state.kept:
                    found.append(_edition(state, made, of, time, number))
    year = made.plan.name.rpartition("-")[2]
    quarters = [f"{year}-Q{number}" for number in range(1, 5)]
    for declared in state.declared.cubes:
        parts = [told.get((declared.name, quarter)) for quarter in quarters]
        complete = [part for part in parts if part is not None]
        due = "year" in declared.times and (declared.name, year, 1) not in state.kept
        if due and len(complete) == len(quarters):
            found.append(_edition(state, made, summed(complete, year), year, 1))
    return found


def _edition(state: State, made: Publications, of: PublishedCube, time: str, number: int) -> Edition:
    cube = next(one for one in state.declared.cubes if one.name == of.name)
    months = made.plan.axes[-1].group(time)
    as_of = max(made.pins[month][number].known_at for month in months)
    content = {
        **of.document(),
        "period": time,
        "version": number,
        "as_of": as_of.isoformat(),
        "title": dict(cube.names),
        "times": list(cube.times),
        "period_name": time_names(time),
        "names": {
            axis: {row.labels[axis]: state.names[axis][row.labels[axis]] for row in of.rows}
            for axis in state.names
        },
    }
    return Edition(of.name, time, number, as_of, cube.roles, content)


def day_after(month: str) -> date:
    """The day after the month's last."""
    year, number = (int(part) for part in month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1)

"""Flags of pairs as known at T: facts with the reports they rest on. Person-level: in audited transactions only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.dyad import Dyad
from app.domain.flags import Flag, Rule, evaluate, flag_rules
from app.queries.dyads import dyads_with, rungs
from app.queries.follow_ups import noted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.db import Connection
    from app.domain.window import Window


async def flags(
    connection: Connection,
    victim: bytes,
    suspect: bytes,
    known_at: datetime | None = None,
    rules: Sequence[Rule] | None = None,
) -> tuple[Flag, ...]:
    """The flags that hold for one pair by what was known at ``known_at`` (None: now), in the order of the rules."""
    pair = (victim, suspect)
    told = await noted(connection, [pair], known_at)
    return evaluate(
        await rungs(connection, victim, suspect, known_at),
        flag_rules() if rules is None else rules,
        told[pair],
    )


async def flags_of(
    connection: Connection,
    dyads: Sequence[Dyad],
    known_at: datetime | None = None,
    rules: Sequence[Rule] | None = None,
) -> list[tuple[Dyad, tuple[Flag, ...]]]:
    """Pairs with the flags that hold for each by its rungs, in the order given."""
    wanted = flag_rules() if rules is None else rules
    told = await noted(connection, [(dyad.victim, dyad.suspect) for dyad in dyads], known_at)
    return [(dyad, evaluate(dyad.rungs, wanted, told[dyad.victim, dyad.suspect])) for dyad in dyads]


async def flagged(
    connection: Connection, window: Window, rules: Sequence[Rule] | None = None
) -> list[tuple[Dyad, tuple[Flag, ...]]]:
    """Pairs with a report in the window and at least one flag, the last reported first; how many flags is no order.

    Each flag rests on all that was known of the pair at the window's moment, in the window or not.
    """
    found = await dyads_with(connection, window, 1, within_days=0)
    return [(dyad, held) for dyad, held in await flags_of(connection, found, window.known_at, rules) if held]

"""Flags of pairs as known at T: facts with the reports they rest on. Person-level, so as unreachable as ``dyads``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.dyad import Dyad
from app.domain.flags import Flag, Rule, evaluate, flag_rules
from app.queries.dyads import dyads_with, rungs

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
    return evaluate(
        await rungs(connection, victim, suspect, known_at), flag_rules() if rules is None else rules
    )


async def flagged(
    connection: Connection, window: Window, rules: Sequence[Rule] | None = None
) -> list[tuple[Dyad, tuple[Flag, ...]]]:
    """Pairs with a report in the window and at least one flag, the last reported first; how many flags is no order.

    Each flag rests on all that was known of the pair at the window's moment, in the window or not.
    """
    wanted = flag_rules() if rules is None else rules
    found = [
        (dyad, evaluate(dyad.rungs, wanted))
        for dyad in await dyads_with(connection, window, 1, within_days=0)
    ]
    return [(dyad, held) for dyad, held in found if held]

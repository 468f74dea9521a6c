"""What the page Länkar reads and writes: by ``app.commands.judging``, which writes the log first. As plain JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import orjson

from app.commands import judging
from app.domain.errors import NotFound
from app.domain.reasons import OTHER, parse

if TYPE_CHECKING:
    from app.domain.link import Decision
    from dashboards.services import Services

PAGE = 10
"""Proposals at a time. Each is a reading about two persons, so no more are read than somebody is about to judge."""
MOST = 200
LAST = 10
"""Decisions that are shown for their undoing."""


async def desk(services: Services, reason: str, held: int = 0) -> dict[str, Any]:
    """What waits, the latest proposed first, and the last decisions. ``held``: so many proposals were shown already.

    Raises:
        LagesbildError: No reason, asked too often, or no database.
    """
    limit = min(max(PAGE, held), MOST)
    found = await judging.proposals(services.reader(), reason, limit=limit)
    decided, _, _ = await judging.decisions(services.reader(), reason, limit=LAST)
    return _plain({"rows": found.rows, "waiting": found.waiting, "rest": found.rest, "decided": decided})


async def further(services: Services, reason: str, before: dict[str, Any]) -> dict[str, Any]:
    """The same with the next page of what waits.

    Raises:
        LagesbildError: As for ``desk``.
    """
    found = await judging.proposals(services.reader(), reason, after=before["rest"], limit=PAGE)
    rows = [*before["rows"], *_plain({"rows": found.rows})["rows"]]
    return {**before, "rows": rows, "waiting": found.waiting, "rest": found.rest}


async def judge(
    services: Services, proposal: str, decision: Decision, seen: Decision, given: str, said: str
) -> None:
    """Decide about one proposal, for the reason ``said``; ``given`` is why the page is read at all.

    Raises:
        LagesbildError: As for ``desk``; ``Overtaken``, ``NotFound``.
    """
    why = parse(given).id
    try:
        number = UUID(proposal)
    except ValueError:
        raise NotFound("There is no such proposal.", sv="Det finns inget sådant förslag.") from None
    # The reading's own reason from the list goes before the words: the log can then be looked through by it.
    reason = said if why == OTHER else f"{why}: {said}"
    await judging.judge(services.reader(), number, decision, reason, seen)


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", orjson.loads(orjson.dumps(told, default=str)))

"""What the page Granskning reads: in one transaction, which is itself a row of the log. As plain JSON."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import orjson

from app.commands.audit import note_review
from app.commands.consult import Consultation, logged
from app.domain.errors import BadInput
from app.domain.unusual import Unusual, unusual
from app.queries import audit

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.region import Region
    from dashboards.services import Services

ROWS = 500
DAYS = (1, 7, 30, 90)


@dataclass(frozen=True)
class Asked:
    """What the view asks for: so many days, one action, one actor, one finding (``rule-number``); None: all."""

    days: int
    action: str | None
    actor: str | None
    finding: str | None

    @classmethod
    def of(cls, told: dict[str, Any]) -> Asked:
        """Read what the browser sends. Raises ``BadInput``."""
        days, action = told.get("days"), told.get("action") or None
        if days not in DAYS or not (action is None or action in audit.ACTIONS):
            raise BadInput(
                "The view's days or action cannot be read; choose them again.",
                sv="Vyns dagar eller åtgärd kunde inte läsas; välj dem på nytt.",
            )
        return cls(days, action, told.get("actor") or None, told.get("finding") or None)

    def window(self, region: Region, now: datetime) -> tuple[datetime, datetime]:
        """From the beginning of the first day to the end of today, in the region's calendar."""
        today = region.day(now)
        return region.midnight(today - timedelta(days=self.days - 1)), region.midnight(
            today + timedelta(days=1)
        )


async def told(services: Services, asked: Asked, now: datetime) -> dict[str, Any]:
    """The state of the chain, unusual readings with what was noted, and the rows of the view.

    Raises:
        LagesbildError: The database does not answer, or the viewer's role does not see the log.
    """
    since, until = asked.window(services.region, now)
    chosen = {"days": asked.days, "action": asked.action, "actor": asked.actor, "finding": asked.finding}
    consultation = Consultation("search", "page granskning", filter={k: v for k, v in chosen.items() if v})
    async with logged(services.reader(), consultation) as read:
        state = await audit.state(read.connection)
        findings = await _findings(read.connection, services.region, since, until)
        finding = next((one for one in findings if one["key"] == asked.finding), None)
        filters = (
            audit.LogFilters(since, until, log_ids=tuple(finding["log_ids"]))
            if finding
            else audit.LogFilters(since, until, asked.actor, cast("audit.Action | None", asked.action))
        )
        rows = await audit.page(read.connection, filters, limit=ROWS)
        actors = await audit.actors(read.connection, since, until)
        read.found(len(rows))
    return cast(
        "dict[str, Any]",
        orjson.loads(
            orjson.dumps(
                {"state": state, "findings": findings, "chosen": finding, "rows": rows, "actors": actors, "most": ROWS}
            )
        ),
    )  # fmt: skip


async def _findings(
    connection: Connection, region: Region, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Unusual readings, those without a note first, the last first in each group."""
    readings = await audit.readings(connection, since, until)
    colleagues = await audit.colleagues(connection)
    found = await asyncio.to_thread(unusual, readings, colleagues, region.zone)
    noted = await audit.notes(connection, {log_id for one in found for log_id in one.log_ids})
    shaped = [_shape(one, noted) for one in found]
    return sorted(shaped, key=lambda one: one["outcome"] is not None)


def _shape(found: Unusual, noted: list[dict[str, Any]]) -> dict[str, Any]:
    own = [
        note
        for note in noted
        if (note["rule"], note["about"]) == (found.rule, found.actor)
        and set(note["log_ids"]) & set(found.log_ids)
    ]
    covered = {log_id for note in own for log_id in note["log_ids"]}
    return {
        "key": f"{found.rule}-{found.log_ids[0]}", "rule": found.rule, "actor": found.actor, "name": found.name,
        "role": found.role, "first_at": found.first_at, "last_at": found.last_at, "count": found.count,
        "persons": audit.digits(found.persons), "log_ids": list(found.log_ids),
        # What came after a note is open again.
        "outcome": own[-1]["outcome"] if own and covered >= set(found.log_ids) else None,
        "notes": [{name: note[name] for name in ("at", "name", "outcome", "note")} for note in own],
    }  # fmt: skip


async def note(services: Services, finding: dict[str, Any], outcome: str, text: str) -> None:
    """Note what became of an unusual reading; the note is itself a row of the log.

    Raises:
        LagesbildError: Nothing was written, or the database does not answer.
    """
    about = {"rule": finding["rule"], "about": finding["actor"], "rows": len(finding["log_ids"])}
    async with logged(services.reader(), Consultation("change", "review note", filter=about)) as written:
        await note_review(
            written.connection, finding["rule"], finding["actor"], finding["log_ids"], outcome, text
        )
        written.found(len(finding["log_ids"]))


def now_utc() -> datetime:
    """The clock."""
    return datetime.now(UTC)

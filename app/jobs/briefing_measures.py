"""What the measures said of a morning: as it is stored, or worked out again from the ledger for whoever checks it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.briefing.edition import Text
from app.briefing.facts import Measured
from app.domain.window import Position
from app.jobs.question_tables import DEEPEST, DISTRICTS, Asked, Frame, Table, years_before
from app.jobs.questions import QUESTIONS
from app.jobs.working_out import Work, work_out
from app.queries import measure_frames, measure_results
from app.queries.measure_frames import Pin, Span

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.region import Region

REGIONAL = ("deviation", "nowcast", "forecast", "harm", "clusters", "repeats_pairs")
"""The questions that the region's edition rests on."""
OF_DISTRICTS = ("deviation", "nowcast", "forecast", "harm")
"""Those that a district's edition does."""


@dataclass(frozen=True)
class Ready:
    """Results by question and area (code; None: the region), and the pin of each question's run."""

    results: Mapping[tuple[str, str | None], Measured]
    pins: Mapping[str, Pin]

    def asked(self, area: str | None) -> tuple[str, ...]:
        """The questions that an edition of the area rests on."""
        return REGIONAL if area is None else OF_DISTRICTS


def of_scope(ready: Ready, area: str | None) -> dict[str, Measured]:
    """What was said of an area, by question; a question that was not answered is not there."""
    return {
        question: ready.results[question, area]
        for question in ready.asked(area)
        if (question, area) in ready.results
    }


async def stored(
    connection: Connection, day: date, known_at: datetime, areas: tuple[str | None, ...]
) -> Ready:
    """The results that were made for the day and were known by then, the last edition of each."""
    results: dict[tuple[str, str | None], Measured] = {}
    pins: dict[str, Pin] = {}
    for area in areas:
        for question in REGIONAL if area is None else OF_DISTRICTS:
            row = await measure_results.one(connection, question, area, day, known_at)
            if row is None:
                continue
            position = Position.parse(row["position"])
            pins[question] = Pin(row["known_at"], *position)
            results[question, area] = _measured(question, row)
    return Ready(results, pins)


def _measured(question: str, row: Mapping[str, Any]) -> Measured:
    words = tuple(Text(**sentence) for sentence in row["words"])
    return Measured(
        question, row["state"], words, row["content"], row["day"], row["known_at"], row["position"]
    )


async def worked_out(
    connection: Connection, region: Region, day: date, pins: Mapping[str, Pin], before: Ready
) -> Ready:
    """The same questions worked out again from the ledger, each as known at its own moment and up to its position.

    Args:
        connection: On a login that sees the whole picture, in one snapshot.
        region: Whose calendar it is.
        day: A day of the region.
        pins: The picture of each question that is to be worked out.
        before: What was stored: what failed then is not tried again.
    """
    results: dict[tuple[str, str | None], Measured] = {}
    tables: dict[tuple[Frame, Pin], Table] = {}
    for question in QUESTIONS:
        pin = pins.get(question.name)
        if pin is None:
            continue
        if (stored_ := before.results.get((question.name, None))) is not None and stored_.state == "failed":
            results[question.name, None] = stored_
            continue
        districts = tuple(await measure_frames.districts(connection, DISTRICTS, day))
        first = await measure_frames.first_day(connection, Span(years_before(day, DEEPEST), day, pin))
        if first is None:
            continue
        asked = Asked(connection, region, day, pin, first, districts)
        if (question.frame, pin) not in tables:
            tables[question.frame, pin] = await question.frame(asked)
        columns, params, names = tables[question.frame, pin]
        work = Work(
            question.name,
            question.measure,
            columns,
            {**question.params, **params},
            pin.known_at,
            tuple(one.code for one in districts) if question.by_area else (),
            question.each,
            question.divide,
            question.shared,
            names,
        )
        outcome = await asyncio.to_thread(work_out, work)
        for part in outcome.parts:
            state = "failed" if part.content is None else "refused" if part.refused else "told"
            results[question.name, part.area] = Measured(
                question.name,
                state,  # type: ignore[arg-type]  # one of the three
                tuple(Text(sv=one.sv, en=one.en) for one in part.words),
                part.content,
                day,
                pin.known_at,
                f"{pin.xid}-{pin.ledger_id}",
            )
    return Ready(results, pins)

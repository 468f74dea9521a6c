"""Whether what was done in a district worked: each intervention of the log book against districts like it.

Worked out on what the day's run is (``app.jobs.measuring``), each in a process of its own with its limits of time and
memory, and stored as two results of the district: ``effect:ENTRY`` and ``displacement:ENTRY``. So a chief reads those
of the own district, and is told by name whom it is compared with, but nothing that is theirs: every figure of others is
a sum of four districts or more. What is noted during the day is judged within a minute, on the picture of that morning.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from app.commands.measure_results import Answered, Said, State, store
from app.db import UNAVAILABLE
from app.domain.errors import Unavailable
from app.domain.measure import Sentence
from app.domain.words import AREA, listed, too_few_of
from app.jobs.measuring import apart, due, tell
from app.jobs.question_tables import DEEPEST, DISTRICTS, years_before
from app.jobs.working_out import Outcome, Part, Work
from app.measures import get_measure
from app.queries import effect_panel as panels
from app.queries import ledger, log_book, measure_frames, measure_points
from app.queries import measure_results as results
from app.queries.effect_panel import Compared, Done
from app.queries.measure_frames import District, Pin, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.db import Connection, Pool
    from app.domain.region import Region

LOOK_S = 20.0
MEASURES = ("effect", "displacement")
PEOPLE = "select code, population from area where area_id = any($1)"
NO_TIME = Sentence(
    "För tidigt att säga: det behövs hela veckor både före och efter, och de två senaste är inte klara.",
    "Too early to say: it takes whole weeks before and after, and the last two are not complete.",
)

log = logging.getLogger("lagesbild.measures")


@dataclass(frozen=True)
class Picture:
    """What is needed of a morning's picture to judge anything that was done."""

    day: date
    pin: Pin
    first: date
    districts: tuple[District, ...]
    people: Mapping[str, int | None]
    counts: Mapping[tuple[str, date], int]
    bordering: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Case:
    """One intervention and whom it is compared with; ``works`` is empty where it is too early."""

    done: Done
    whom: Compared
    works: tuple[Work, ...]


def question_of(measure: str, entry: str) -> str:
    """What the stored result of an intervention is called."""
    return f"{measure}:{entry}"


async def serve(pool: Pool, region: Region) -> None:
    """Judge what is noted, and all anew each day, until cancelled."""
    while True:
        try:
            await run(pool, *due(region, datetime.now(UTC)))
        except (Unavailable, *UNAVAILABLE) as error:
            log.warning("The effects wait: %s", error)
        await asyncio.sleep(LOOK_S)


async def run(pool: Pool, day: date, known_at: datetime) -> list[Answered]:
    """Judge the interventions in districts that are not judged of that day and moment; gives what was stored now.

    Args:
        pool: On a login that sees everything and may write.
        day: A day of the region; what happened before it is looked at.
        known_at: The reports as known then; the log book as it is now.
    """
    answered = []
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        wanted = await _wanted(connection, day, known_at)
        picture = await _picture(connection, day, known_at) if wanted else None
        everything = await _done(connection) if wanted else []
    if picture is None:
        return []
    ids = {one.code: one.area_id for one in picture.districts}
    for done in wanted:
        if done.area not in ids:
            continue
        case = _case(picture, done, everything)
        for measure, outcome in await _outcomes(case):
            said = _said(outcome, case.whom, picture, ids[done.area])
            one = Answered(
                question_of(measure, done.entry),
                measure,
                outcome.version,
                outcome.params,
                outcome.seconds,
                said,
            )
            async with pool.acquire() as writing:
                await store(writing, day, picture.pin, one)
            if outcome.error:
                log.error("%s failed: %s", one.question, outcome.error)
            tell(one, outcome)
            answered.append(one)
    return answered


async def _done(connection: Connection) -> list[Done]:
    rows = await log_book.interventions(connection)
    return [Done(row["entry"], row["area"], row["begins"], row["ends"]) for row in rows if row["area"]]


async def _wanted(connection: Connection, day: date, known_at: datetime) -> list[Done]:
    """What was done that has no answer yet of that day and moment."""
    have = await results.done(connection, day, known_at)
    return [
        one
        for one in await _done(connection)
        if not {question_of(measure, one.entry) for measure in MEASURES} <= have
    ]


async def _picture(connection: Connection, day: date, known_at: datetime) -> Picture | None:
    """None where nothing is known at all."""
    _, position = await ledger.moment(connection)
    pin = Pin(known_at, position.xid, position.ledger_id)
    span = Span(years_before(day, DEEPEST), day, pin)
    first = await measure_frames.first_day(connection, span)
    if first is None:
        return None
    districts = tuple(await measure_frames.districts(connection, DISTRICTS, day))
    weekly = await measure_frames.weekly(connection, Span(first, day, pin), DISTRICTS, districts)
    people = dict(await connection.fetch(PEOPLE, [one.area_id for one in districts]))
    counts = dict(zip(zip(weekly["area"], weekly["week"], strict=True), weekly["count"], strict=True))
    borders = await measure_points.bordering(connection, DISTRICTS, day)
    return Picture(day, pin, first, districts, people, counts, tuple(borders))


def _case(picture: Picture, done: Done, everything: list[Done]) -> Case:
    weeks = panels.weeks_of(done, picture.first, picture.day)
    whom = panels.compared(
        done, weeks, picture.districts, picture.people, picture.counts, picture.bordering, everything
    )
    if not weeks.before or not weeks.after or len(whom.controls) < panels.LEAST:
        return Case(done, whom, ())
    names = {one.code: one.name for one in picture.districts}
    panel = panels.panel(done, weeks, whom, picture.counts)
    settled: dict[str, Any] = {
        "treated": [done.area], "start": weeks.after[0].isoformat(), "least_controls": panels.LEAST
    }  # fmt: skip
    moved = panels.groups(done, weeks, whom, picture.counts)
    lengths: dict[str, Any] = {
        "length_before": len(weeks.before),
        "length_after": len(weeks.after),
        "sizes": panels.sizes(moved, done, whom, picture.people),
    }
    at = picture.pin.known_at
    return Case(
        done,
        whom,
        (
            Work(question_of("effect", done.entry), "effect", panel, settled, at, names=names),
            Work(question_of("displacement", done.entry), "displacement", moved, lengths, at, names=names),
        ),
    )


async def _outcomes(case: Case) -> list[tuple[str, Outcome]]:
    if case.works:
        return [(work.measure, await apart(work)) for work in case.works]
    few = len(case.whom.controls) < panels.LEAST
    why = too_few_of(AREA, len(case.whom.controls), panels.LEAST) if few else NO_TIME
    return [(name, _refused(name, why)) for name in MEASURES]


def _refused(name: str, why: Sentence) -> Outcome:
    measure = get_measure(name)
    content = measure.result(refusal=why).model_dump(mode="json")
    return Outcome(measure.version, {}, (Part(None, (why,), content, refused=True, rows=0),))


def _said(outcome: Outcome, whom: Compared, picture: Picture, area_id: int) -> tuple[Said, ...]:
    """The outcome as the district's, with whom it was compared with; nothing of the whole region."""
    names = {one.code: one.name for one in picture.districts}
    told = outcome.parts[0]
    state: State = "failed" if told.content is None else "refused" if told.refused else "told"
    words = (*told.words, *controls_told(whom, names)) if told.rows else told.words
    return (Said(area_id, state, words, told.content, told.rows),)


def controls_told(whom: Compared, names: Mapping[str, str]) -> tuple[Sentence, ...]:
    """Whom it is compared with, and by what rule; nothing where there is nobody."""
    if len(whom.controls) < panels.LEAST:
        return ()
    held = [names[code] for code in whom.controls]
    how = (
        Sentence("de som liknar det mest", "those most like it")
        if whom.widened
        else Sentence("som liknar det", "that are like it")
    )
    return (
        Sentence(
            f"Jämfört med {listed(held, 'sv')}: {how.sv} i invånare och anmälningar, utan gräns till distriktet och "
            "utan egen insats då.",
            f"Compared with {listed(held, 'en')}: {how.en} in inhabitants and reports, not next to the district and "
            "without anything of their own then.",
        ),
    )

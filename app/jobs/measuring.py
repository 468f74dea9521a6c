"""The daily run: every question read from one snapshot, worked out in processes of its own, stored as it is ready.

It is made for a day of the region as known at ``AT`` on that day, so a run that is killed and begun again answers the
same questions; what is stored already is left out, and the table takes nothing twice. Pages read what is stored and
never wait for a run.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.commands.measure_results import MEASURING, Answered, Said, store
from app.db import UNAVAILABLE
from app.domain.errors import BadInput, Unavailable
from app.jobs.question_tables import DEEPEST, DISTRICTS, Asked, Frame, Table, years_before
from app.jobs.questions import Question
from app.jobs.working_out import STOPPED, Outcome, Work, context, failed, in_process, work_out
from app.queries import ledger, measure_frames
from app.queries import measure_results as results
from app.queries.measure_frames import Pin, Span

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from multiprocessing.connection import Connection as Pipe
    from multiprocessing.context import ForkServerProcess

    from app.db import Connection, Pool
    from app.domain.region import Region

AT = time(5, 30)
"""When the day's run is made, in the region's time; the briefing is at seven."""
PROCESSES = 2
LONGEST_S = 300.0
"""A question that takes longer is stopped."""
QUIET = timedelta(seconds=60)
"""An archive that is being taken in has been so until it is quiet for this long; the run waits for it."""
LOOK_S = 15.0

ARCHIVE = "select exists (select from delivery where archive and received_at > $1)"

log = logging.getLogger("lagesbild.measures")


def due(region: Region, now: datetime) -> tuple[date, datetime]:
    """The last day whose run is due, and the moment as known at which it is made."""
    day = region.day(now)
    at = moment(region, day)
    return (day, at) if at <= now else (day - timedelta(days=1), moment(region, day - timedelta(days=1)))


def moment(region: Region, day: date) -> datetime:
    """Half past five of a day, UTC."""
    return datetime.combine(day, AT, region.zone).astimezone(UTC)


async def run(
    pool: Pool,
    region: Region,
    questions: Sequence[Question],
    day: date,
    known_at: datetime,
    *,
    told: Callable[[Answered, Outcome], None] = lambda _answered, _outcome: None,
    processes: int = PROCESSES,
    how: Callable[[Work], Outcome] = work_out,
) -> list[Answered]:
    """Answer the questions that are not answered of that day and moment.

    Args:
        pool: On a login that sees everything and may write.
        region: Whose calendar it is.
        questions: What is asked.
        day: A day of the region; what happened before it is looked at.
        known_at: As known then, UTC.
        told: Called with each as it is stored.
        processes: So many at once.
        how: What each process does.

    Returns:
        What was answered now; nothing where nothing is known at all.

    Raises:
        BadInput: The moment lies before the day, or in the future.
        Unavailable: Another run is at work, or the database does not answer.
    """
    if known_at < region.midnight(day):
        raise BadInput(
            f"What is asked of {day} ends where that day begins; {known_at:%Y-%m-%d %H:%M} UTC is before."
        )
    waiting = asyncio.Semaphore(processes)

    async def answer(pin: Pin, question: Question, work: Work | Outcome, areas: dict[str, int]) -> Answered:
        async with waiting:
            outcome = work if isinstance(work, Outcome) else await apart(work, how)
        answered = _answered(question, outcome, areas)
        async with pool.acquire() as writing:
            await store(writing, day, pin, answered)
        if outcome.error:
            log.error("The question %s failed: %s", question.name, outcome.error)
        told(answered, outcome)
        return answered

    try:
        async with _alone(pool) as connection, asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(answer(*read))
                async for read in _read(connection, region, questions, day, known_at)
            ]
    except ExceptionGroup as several:
        raise several.exceptions[0] from several
    return [task.result() for task in tasks]


@asynccontextmanager
async def _alone(pool: Pool) -> AsyncIterator[Connection]:
    async with pool.acquire() as connection:
        if not await connection.fetchval("select pg_try_advisory_lock($1)", MEASURING):
            raise Unavailable("Another run of the measures is at work; try again when it is done.")
        try:
            yield connection
        finally:
            if not connection.is_closed():
                await connection.execute("select pg_advisory_unlock($1)", MEASURING)


async def _read(
    connection: Connection, region: Region, questions: Sequence[Question], day: date, known_at: datetime
) -> AsyncIterator[tuple[Pin, Question, Work | Outcome, dict[str, int]]]:
    """Each question's table, all from one snapshot; what comes of it begins while the next is read."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        _, position = await ledger.moment(connection)
        pin = Pin(known_at, position.xid, position.ledger_id)
        done = await results.done(connection, day, known_at)
        first = await measure_frames.first_day(connection, Span(years_before(day, DEEPEST), day, pin))
        if first is None:
            return
        districts = tuple(await measure_frames.districts(connection, DISTRICTS, day))
        asked = Asked(connection, region, day, pin, first, districts)
        areas = {district.code: district.area_id for district in districts}
        tables: dict[Frame, Table] = {}
        for question in questions:
            if question.name not in done:
                yield pin, question, await _work(asked, question, tables), areas


async def _work(asked: Asked, question: Question, tables: dict[Frame, Table]) -> Work | Outcome:
    """What a process is given; a table that cannot be read is a question that failed."""
    try:
        if question.frame not in tables:
            # Within a savepoint: one that fails leaves the others their snapshot.
            async with asked.connection.transaction():
                tables[question.frame] = await question.frame(asked)
    except UNAVAILABLE:
        raise
    except Exception as error:
        log.exception("The table of %s could not be read", question.name)
        nothing = Work(question.name, question.measure, {}, question.params, asked.pin.known_at)
        return failed(nothing, f"{type(error).__name__}: {error}")
    columns, params, names = tables[question.frame]
    return Work(
        question.name,
        question.measure,
        columns,
        {**question.params, **params},
        asked.pin.known_at,
        tuple(one.code for one in asked.districts) if question.by_area else (),
        question.each,
        question.divide,
        question.shared,
        names,
    )


async def apart(work: Work, how: Callable[[Work], Outcome] = work_out) -> Outcome:
    """The outcome of a process of its own, which ends before this does, whatever happens."""
    receiving, sending = context().Pipe(duplex=False)
    process = context().Process(target=in_process, args=(work, sending, how), daemon=True)
    process.start()
    sending.close()
    try:
        return await asyncio.to_thread(_outcome, process, receiving, work)
    finally:
        process.kill()


def _outcome(process: ForkServerProcess, receiving: Pipe, work: Work) -> Outcome:
    try:
        if not receiving.poll(LONGEST_S):
            return failed(work, f"It took longer than {LONGEST_S:.0f} s.", STOPPED)
        outcome: Outcome = receiving.recv()
    except EOFError:
        process.join(5)
        return failed(work, f"Its process ended by itself (exit code {process.exitcode}).", STOPPED)
    return outcome


def _answered(question: Question, outcome: Outcome, areas: dict[str, int]) -> Answered:
    said = tuple(
        Said(
            None if part.area is None else areas[part.area],
            "failed" if part.content is None else "refused" if part.refused else "told",
            part.words,
            part.content,
            part.rows,
        )
        for part in outcome.parts
    )
    return Answered(question.name, question.measure, outcome.version, outcome.params, outcome.seconds, said)


async def serve(pool: Pool, region: Region, questions: Sequence[Question]) -> None:
    """Make each day's run when it is due, and a missing one at once, until cancelled."""
    while True:
        now = datetime.now(UTC)
        try:
            if not await _wait_for(pool, region, questions, now):
                await run(pool, region, questions, *due(region, now), told=tell)
        except (Unavailable, *UNAVAILABLE) as error:
            log.warning("The measures wait: %s", error)
        await asyncio.sleep(LOOK_S)


async def _wait_for(pool: Pool, region: Region, questions: Sequence[Question], now: datetime) -> bool:
    """Whether there is nothing to do now: all is answered, or an archive is being taken in."""
    day, known_at = due(region, now)
    async with pool.acquire() as connection:
        if {question.name for question in questions} <= await results.done(connection, day, known_at):
            return True
        return bool(await connection.fetchval(ARCHIVE, now - QUIET))


def tell(answered: Answered, outcome: Outcome) -> None:
    """A line of the log for each question."""
    log.info("%s", line(answered, outcome))


def line(answered: Answered, outcome: Outcome) -> str:
    """What a question took, and what came of it."""
    states = [one.state for one in answered.said]
    told = ", ".join(
        f"{states.count(state)} {state}" for state in ("told", "refused", "failed") if state in states
    )
    rows, peak_mb = answered.said[0].rows, outcome.peak / 1e6
    return (
        f"{answered.question:<20} {answered.seconds:6.2f} s, {outcome.cpu_s:5.2f} s of a core, {peak_mb:4.0f} MB, "
        f"{rows:>6} rows: {told}"
    )

"""Commands on the daily results of the measures: run them, list them, show one."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import moment, region_of, say, with_pool
from app.cli.running import Supervised, join
from app.config import Settings
from app.domain.errors import BadInput, LagesbildError, NotFound

if TYPE_CHECKING:
    from app.db import Pool

measures = typer.Typer(help="What the measures say of the picture, day by day.", no_args_is_help=True)

Day = Annotated[str | None, typer.Option(help="a day of the region, as 2026-11-24; default today")]


@measures.callback()
def _group() -> None:
    """Keep the sub-commands' names."""


@measures.command("run")
def run_command(
    day: Day = None,
    known_at: Annotated[
        str | None, typer.Option(help="as known then: ISO 8601 with zone; default now")
    ] = None,
    question: Annotated[list[str] | None, typer.Option(help="only this question; may be repeated")] = None,
) -> None:
    """Answer the questions now, of the days before a day, as an edition of that day beside those there are."""
    from app.jobs.measuring import line, run
    from app.jobs.questions import QUESTIONS

    settings = Settings()
    region = region_of(settings)
    now = datetime.now(UTC)
    at = moment("--known-at", known_at) if known_at is not None else now
    if at > now:
        raise BadInput(f"--known-at {known_at} lies in the future: nothing is known of it yet.")
    on = _day(day) if day is not None else region.day(at)
    wanted = set(question or ())
    chosen = [one for one in QUESTIONS if not wanted or one.name in wanted]
    if unknown := wanted - {one.name for one in chosen}:
        raise NotFound(
            f"There is no question {min(unknown)}; there are {', '.join(one.name for one in QUESTIONS)}."
        )

    async def work(pool: Pool) -> None:
        begun = asyncio.get_running_loop().time()
        answered = await run(
            pool, region, chosen, on, at, told=lambda answered, outcome: say(line(answered, outcome))
        )
        took = asyncio.get_running_loop().time() - begun
        say(f"{len(answered)} questions of {on} as known at {at:%Y-%m-%d %H:%M} UTC in {took:.1f} s.")
        if any(one.state == "failed" for made in answered for one in made.said):
            raise LagesbildError("Some questions failed; the lines above say which.")

    with_pool(settings, work)


@measures.command("list")
def list_command(day: Day = None) -> None:
    """The newest result of each question and area, and what it says."""
    from app.queries.measure_results import latest

    settings = Settings()
    on = _day(day) if day is not None else region_of(settings).day(datetime.now(UTC))

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            rows = await latest(connection, on)
        for row in rows:
            words = " ".join(sentence["sv"] for sentence in row["words"])
            say(f"{row['question']:<20} {row['area'] or '':<22} {row['day']} {row['state']:<8} {words}")
        if not rows:
            say("Nothing was made in the last month; lagesbild measures run makes it.")

    with_pool(settings, work)


@measures.command("show")
def show_command(
    question: Annotated[str, typer.Argument(help="the question")],
    area: Annotated[str | None, typer.Option(help="code of an area; default the region")] = None,
    day: Day = None,
    known_at: Annotated[str | None, typer.Option(help="the last edition as known then")] = None,
) -> None:
    """One result with its content, as JSON."""
    from app.queries.measure_results import one

    on = _day(day) if day is not None else None
    at = moment("--known-at", known_at) if known_at is not None else None

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            found = await one(connection, question, area, on, at)
        if found is None:
            raise NotFound(f"There is no result of {question} for {area or 'the region'}.")
        say(json.dumps(found, ensure_ascii=False, indent=1, default=str))

    with_pool(Settings(), work)


@measures.command("serve")
def serve_command(supervised: Supervised = False) -> None:
    """Make each day's run at half past five until stopped; `lagesbild up` does it by itself."""
    from app.db import open_pool
    from app.jobs import effects
    from app.jobs.measuring import serve
    from app.jobs.questions import QUESTIONS

    settings = Settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    region = region_of(settings)
    dsn = join(settings, "measures", supervised)

    async def run() -> None:
        async with open_pool(dsn, size=4, name="lagesbild measures") as pool, asyncio.TaskGroup() as group:
            group.create_task(serve(pool, region, QUESTIONS))
            group.create_task(effects.serve(pool, region))

    # SIGTERM ends it at once: what is not stored yet is asked anew, and its processes end with it.
    asyncio.run(run())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"--day {text} is no day, as 2026-11-24 is.") from error

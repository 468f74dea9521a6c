"""Commands on the morning's briefing: make it, list the editions, show, prove or print one."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import moment, region_of, say, with_pool
from app.cli.running import Supervised, join
from app.config import Settings
from app.domain.errors import BadInput, LagesbildError, NotFound

if TYPE_CHECKING:
    from app.db import Pool

briefing = typer.Typer(
    help="The morning's briefing: stored editions that can be proved.", no_args_is_help=True
)

Number = Annotated[int, typer.Argument(help="the edition's number, as `lagesbild briefing list` tells it")]
Language = Annotated[str, typer.Option(help="sv or en")]


@briefing.callback()
def _group() -> None:
    """Keep the sub-commands' names."""


@briefing.command("make")
def make_command(
    day: Annotated[str | None, typer.Option(help="a day of the region, as 2026-11-24; default today")] = None,
    known_at: Annotated[
        str | None,
        typer.Option(help="as known then: ISO 8601 with zone; default 06:30 of the day, or now if earlier"),
    ] = None,
) -> None:
    """Make the editions of a day now, beside those there are."""
    from app.jobs.briefing import make
    from app.jobs.briefing_facts import moment as morning

    settings = Settings()
    region = region_of(settings)
    now = datetime.now(UTC)
    on = _day(day) if day is not None else region.day(now)
    at = moment("--known-at", known_at) if known_at is not None else min(morning(region, on), now)

    async def work(pool: Pool) -> None:
        made = await make(pool, region, on, at, now=now, demo="demo" in settings.feed_names)
        for one in made:
            say(f"{one.edition_id:>6}  {one.area or 'region':<24} edition {one.number} of {on}")

    with_pool(settings, work)


@briefing.command("list")
def list_command(
    day: Annotated[str | None, typer.Option(help="only of this day")] = None,
    area: Annotated[str | None, typer.Option(help="code of a district; default the region's and all")] = None,
) -> None:
    """The editions, the newest first."""
    from app.queries.briefings import listed

    on = _day(day) if day is not None else None

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            rows = await listed(connection, area, everywhere=area is None, day=on, limit=200)
        for row in rows:
            say(
                f"{row['edition_id']:>6}  {row['day']}  edition {row['number']}  {row['area'] or 'region':<24} "
                f"known at {row['known_at']:%Y-%m-%d %H:%M} UTC  {row['sha256'][:12]}"
            )
        if not rows:
            say("There is no edition; lagesbild briefing make makes one.")

    with_pool(Settings(), work)


@briefing.command("show")
def show_command(
    edition: Number,
    lang: Language = "sv",
    as_json: Annotated[
        bool, typer.Option("--json", help="the whole edition, with what each part rests on")
    ] = False,
) -> None:
    """One edition, its sentences in words."""
    from app.briefing.edition import read

    language = _language(lang)
    row = _one(edition)
    if as_json:
        say(row["content"])
        return
    told = read(row["content"])
    name = getattr(told.name, language)
    say(f"{name} {told.day}, edition {row['number']}, known at {told.known_at:%Y-%m-%d %H:%M} UTC")
    say(getattr(told.first.text, language))
    for section in told.sections:
        say(f"\n{getattr(section.title, language)}")
        for one in section.said:
            say(f"  {getattr(one.text, language)}")


@briefing.command("verify")
def verify_command(edition: Number) -> None:
    """Make the edition again from the ledger as known then and hold the two against each other."""
    from app.jobs.briefing import verify

    settings = Settings()
    region = region_of(settings)

    async def work(pool: Pool) -> list[str]:
        async with pool.acquire() as connection:
            return await verify(connection, region, edition)

    found = with_pool(settings, work)
    for difference in found:
        say(difference)
    if found:
        raise LagesbildError(f"Edition {edition} differs in {len(found)} places from what the ledger says.")
    say(f"Edition {edition} is what the ledger says, figure by figure.")


@briefing.command("pdf")
def pdf_command(
    edition: Number,
    lang: Language = "sv",
    output: Annotated[Path | None, typer.Option(help="the file; by default named after the edition")] = None,
) -> None:
    """One edition as a tagged PDF."""
    from app.briefing.edition import read
    from app.briefing.html import Head
    from app.briefing.pdf import file_name, pdf

    language = _language(lang)
    row = _one(edition)
    told = read(row["content"])
    head = Head(row["edition_id"], row["number"], row["made_at"], row["sha256"])
    target = output or Path(file_name(told, head, language))
    target.write_bytes(pdf(told, head, language))
    say(f"{target}, {target.stat().st_size / 1000:.0f} kB")


@briefing.command("serve")
def serve_command(supervised: Supervised = False) -> None:
    """Make each morning's editions at half past six until stopped; `lagesbild up` does it by itself."""
    from app.db import open_pool
    from app.jobs.briefing import serve

    settings = Settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    region = region_of(settings)
    dsn = join(settings, "briefing", supervised)

    async def run() -> None:
        async with open_pool(dsn, size=2, name="lagesbild briefing") as pool:
            await serve(pool, region, demo="demo" in settings.feed_names)

    # SIGTERM ends it at once: editions are stored all together or not at all.
    asyncio.run(run())


def _one(edition: int) -> dict[str, Any]:
    from app.queries.briefings import one

    async def work(pool: Pool) -> dict[str, Any] | None:
        async with pool.acquire() as connection:
            return await one(connection, edition)

    found = with_pool(Settings(), work)
    if found is None:
        raise NotFound(f"There is no edition {edition}; lagesbild briefing list shows them.")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"--day {text} is no day, as 2026-11-24 is.") from error


def _language(text: str) -> Any:
    if text not in {"sv", "en"}:
        raise BadInput(f"--lang {text}: choose sv or en.")
    return text

"""Commands about what comes in: deliveries, quarantine, and one report's way through the house."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import moment, say, with_pool
from app.config import Settings
from app.domain.errors import BadInput

if TYPE_CHECKING:
    from app.db import Pool

IN_NAME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):?(\d\d):?(\d\d)Z")

feed = typer.Typer(help="Sources: list them, see how they are, give them files.", no_args_is_help=True)
quarantine = typer.Typer(help="What could not be loaded, and the way back in.", no_args_is_help=True)


@feed.command("list")
def list_feeds() -> None:
    """Every feed that exists; a star marks those that LAGESBILD_FEEDS chooses."""
    from etl.feed import iterate_feeds

    settings = Settings()
    for one in iterate_feeds(settings.region):
        chosen = "*" if one.name in settings.feed_names else " "
        say(f"{chosen} {one.name:<12} {one.kind:<8} {one.title_sv} / {one.title_en}")


@feed.command("status")
def feed_status() -> None:
    """How fresh each feed is."""
    from app.queries.feeds import feeds

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            for row in await feeds(connection):
                news = row["last_news_at"] or row["last_delivery_at"]
                heard = f"{news:%Y-%m-%d %H:%M} UTC" if news else "never"
                say(
                    f"{row['feed']:<12} last news {heard}, read {row['read']}, loaded {row['loaded']}, "
                    f"in quarantine {row['quarantine_open']}{': ' if row['message'] else ''}{row['message'] or ''}"
                )

    with_pool(Settings(), work)


@feed.command("ingest")
def ingest(
    name: Annotated[str, typer.Argument(help="the feed whose format the files have")],
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="may be .gz")],
    fetched_at: Annotated[
        str | None,
        typer.Option(
            help="ISO 8601 with zone: when the source said so; `name`: as each file's name tells; default now"
        ),
    ] = None,
) -> None:
    """Load files, each exactly once. With --fetched-at they are an archive: known at that time."""
    from etl.feed import get_feed
    from etl.keep import Keys
    from etl.run import Intake

    settings = Settings()
    chosen = get_feed(name, settings.region)
    moments = [_fetched(file, fetched_at) for file in files]

    async def work(pool: Pool) -> None:
        intake = Intake(pool, Keys.read(settings.master_key_file))
        for file, fetched in zip(files, moments, strict=True):
            receipt = await intake.ingest(
                chosen, file.read_bytes(), name=file.name, fetched_at=fetched or datetime.now(UTC),
                archive=fetched is not None, once=fetched is None,
            )  # fmt: skip
            say(receipt)

    with_pool(settings, work)


@quarantine.command("list")
def list_quarantine(
    name: Annotated[str | None, typer.Option("--feed", help="of one feed only")] = None,
) -> None:
    """The records that wait, oldest first."""
    from etl.quarantine import list_open

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            entries = await list_open(connection, name)
        for one in entries:
            say(
                f"{one.quarantine_id:>8} {one.feed:<10} {one.step:<9} {one.field}={one.value!r}: {one.reason}"
            )
        say(f"{len(entries)} wait." if entries else "Nothing waits.")

    with_pool(Settings(), work)


@quarantine.command("show")
def show_quarantine(number: int) -> None:
    """One record that waits: where it came from, at which step it stopped, and why."""
    from etl.quarantine import show

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            entry = await show(connection, number)
        for field in entry.__dataclass_fields__:
            say(f"{field:<14} {getattr(entry, field)}")

    with_pool(Settings(), work)


@quarantine.command("replay")
def replay_quarantine(numbers: list[int]) -> None:
    """Take these records through the steps again."""
    _replay(numbers, None)


def replay(name: Annotated[str | None, typer.Argument(help="of one feed only")] = None) -> None:
    """Take everything that waits in quarantine through the steps again, after its cause was mended."""
    _replay(None, name)


def follow_sample(sample: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Print the first report of a sample at every stop, with the file that handled it. Nothing is stored."""
    from etl.follow import feed_of_sample, follow
    from etl.keep import Keys

    settings = Settings()
    keys = Keys.read(settings.master_key_file)
    chosen = feed_of_sample(sample, settings.region)
    content = sample.read_bytes()

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            async for line in follow(
                connection, chosen, content, name=sample.name, now=datetime.now(UTC), keys=keys
            ):
                say(line)
            await transaction.rollback()

    with_pool(settings, work)


def _replay(numbers: list[int] | None, name: str | None) -> None:
    from etl.feed import get_feed
    from etl.keep import Keys
    from etl.quarantine import list_open, replay

    settings = Settings()
    keys = Keys.read(settings.master_key_file)

    async def work(pool: Pool) -> None:
        chosen = numbers
        if chosen is None:
            async with pool.acquire() as connection:
                chosen = [entry.quarantine_id for entry in await list_open(connection, name, 1_000_000)]
        for number in chosen:
            say(await replay(pool, keys, number, lambda name: get_feed(name, settings.region)))

    with_pool(settings, work)


def _fetched(file: Path, told: str | None) -> datetime | None:
    """When a file was fetched, if that is told: for all files alike, or by the name of each."""
    if told != "name":
        return _moment(told) if told else None
    found = IN_NAME.search(file.name)
    if found is None:
        raise BadInput(f"{file.name} tells no time; name it like snapshot_2026-02-01T032636Z.json.gz.")
    return _moment("{}T{}:{}:{}+00:00".format(*found.groups()))


def _moment(text: str) -> datetime:
    read = moment("--fetched-at", text, "2026-01-20T22:40:00+01:00")
    if read > datetime.now(UTC) + timedelta(minutes=5):
        raise BadInput(f"--fetched-at {text} lies in the future: nothing has been fetched then.")
    return read

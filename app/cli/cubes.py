"""Commands about what partners are given: publish a period's cubes, list the editions, attack them all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import moment, region_of, say, with_pool
from app.config import Settings
from app.domain.errors import LagesbildError

if TYPE_CHECKING:
    from app.db import Pool

cubes = typer.Typer(help="Statistics for partners, protected against disclosure.", no_args_is_help=True)


@cubes.callback()
def _group() -> None:
    """Keep the sub-command's name even where there is only one."""


@cubes.command("publish")
def publish_command(
    period: Annotated[
        str, typer.Option(help="a month that is over, as 2026-10; with --correct also 2026-Q4")
    ],
    as_of: Annotated[str | None, typer.Option(help="as known then: ISO 8601 with zone; default now")] = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="publish the corrections to what is out as its next version")
    ] = False,
) -> None:
    """Count a period, hide what must be hidden, attack it, and store the editions for good."""
    from app.jobs.publish import declared_cubes, publish_period
    from etl.keep import Keys

    settings = Settings()
    region = region_of(settings)
    declared = declared_cubes(region)
    at = moment("--as-of", as_of) if as_of is not None else None
    # The secret of rounding lasts through re-keying: the same cell is rounded the same way for ever.
    rounds = declared.policy.rounding > 1
    key = Keys.read(settings.master_key_file).lasting(b"cube rounding") if rounds else b""

    async def work(pool: Pool) -> None:
        say(
            await publish_period(
                pool, region, declared, period, now=datetime.now(UTC), as_of=at, correct=correct, key=key
            )
        )

    with_pool(settings, work)


@cubes.command("list")
def list_command() -> None:
    """The editions that are out."""
    from app.queries.cubes import heads

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            for row in await heads(connection):
                known = f"as known at {row['as_of']:%Y-%m-%d %H:%M} UTC"
                say(
                    f"{row['edition_id']:>6} {row['cube']:<10} {row['period']:<8} version {row['version']}, {known}, "
                    f"{row['cells']} cells, {row['hidden']} hidden, {row['sha256'][:16]}"
                )

    with_pool(Settings(), work)


@cubes.command("attack")
def attack_command() -> None:
    """Try to work out what is hidden from everything that is out, as a partner could; 1 if it can be."""
    from app.disclosure.__main__ import report
    from app.jobs.publish import attack_published

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            found = await attack_published(connection)
        say(report(found))
        if not found.nothing:
            raise LagesbildError("Something hidden can be worked out: close it to partners and find out why.")

    with_pool(Settings(), work)

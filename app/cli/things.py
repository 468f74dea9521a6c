"""Commands about single things: tokens, geodata of one's own, the demo's files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import say, with_pool
from app.cli.users import listed
from app.config import Settings

if TYPE_CHECKING:
    from app.db import Pool

token = typer.Typer(help="Bearer tokens.", no_args_is_help=True)
geodata = typer.Typer(help="Areas and layers.", no_args_is_help=True)
demo = typer.Typer(help="Sealed Stockholm, the made-up region.", no_args_is_help=True)


@token.callback()
@geodata.callback()
@demo.callback()
def _group() -> None:
    """Keep the sub-command's name even where there is only one."""


@token.command()
def create(
    role: Annotated[
        str, typer.Option(help="analyst, commander, area_chief, feed_admin, auditor, partner or wall")
    ],
    name: Annotated[str, typer.Option(help="whose token it is")] = "command line",
    areas: Annotated[
        str, typer.Option(help="codes that an area_chief is held to, with commas between them")
    ] = "",
) -> None:
    """Make a token and print it, and nothing else; only its hash is kept."""
    from app.commands.tokens import create_token

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            say(await create_token(connection, role, name, listed(areas)))

    with_pool(Settings(), work)


@token.command("list")
def list_tokens() -> None:
    """The tokens that hold: number, role, since when, whose."""
    from app.queries.tokens import tokens_that_hold

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            for row in await tokens_that_hold(connection):
                what = ", ".join([row["name"], *row["areas"]])
                say(f"{row['token_id']:>4}  {row['role']:<11} {row['created_at']:%Y-%m-%d %H:%M}Z  {what}")

    with_pool(Settings(), work)


@token.command()
def revoke(number: Annotated[int, typer.Argument(help="as `lagesbild token list` shows it")]) -> None:
    """Take a token back; it and every session begun with it end at once."""
    from app.commands.tokens import revoke_token

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            await revoke_token(connection, number)

    with_pool(Settings(), work)
    say(f"The token {number} is taken back.")


@geodata.command()
def load(
    file: Annotated[Path, typer.Argument(exists=True, help="any format that pyogrio reads")],
    kind: Annotated[str, typer.Option(help="lokalpolisomrade or polisomrade")] = "lokalpolisomrade",
    valid_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="default: for all days")
    ] = None,
    layer: str | None = None,
    code_column: str | None = None,
    name_column: str | None = None,
    crs: Annotated[str | None, typer.Option(help="for files that do not say it, as EPSG:3006")] = None,
) -> None:
    """Load areas of one's own, as an authority's lokalpolisområden in place of the provisional ones."""
    from geodata.load import load_area_file

    settings = Settings()

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            report = await load_area_file(
                connection, file, kind, region=settings.region, valid_from=valid_from.date() if valid_from else None,
                layer=layer, code_column=code_column, name_column=name_column, crs=crs,
            )  # fmt: skip
        for warning in report.warnings:
            say(f"Note: {warning}")
        say(f"{report.inserted} areas added, {report.updated} changed, {report.removed} removed.")

    with_pool(settings, work)


@demo.command()
def generate(
    folder: Annotated[Path, typer.Argument(help="where the files go")],
    days: Annotated[int, typer.Option(min=1)] = 30,
    seed: int = 1,
) -> None:
    """Write made-up extracts in the formats of `anmalan` and `uppdrag`, and the planted truth beside them."""
    from etl.feeds.demo.write import write_files

    for file in write_files(folder, days=days, seed=seed):
        say(file)

"""Commands about single things: tokens, geodata of one's own, the demo's files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import say, with_pool
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
    role: Annotated[str, typer.Option(help="analyst, commander, area_chief, feed_admin, auditor or partner")],
    name: Annotated[str, typer.Option(help="whose token it is")] = "command line",
) -> None:
    """Make a token and print it, and nothing else; only its hash is kept."""
    from app.commands.tokens import create_token

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            say(await create_token(connection, role, name))

    with_pool(Settings(), work)


@geodata.command()
def load(
    file: Annotated[Path, typer.Argument(exists=True, help="any format that pyogrio reads")],
    kind: Annotated[str, typer.Option(help="lokalpolisomrade, polisomrade, kommun …")] = "lokalpolisomrade",
) -> None:
    """Load areas of one's own, as an authority's lokalpolisområden in place of the provisional ones."""
    from geodata.load import load_file

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            say(await load_file(connection, file, kind=kind))

    with_pool(Settings(), work)


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

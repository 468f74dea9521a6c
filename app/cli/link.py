"""Commands on links: propose which mentions may be of one person, and say how well that is done on planted truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import say, with_pool
from app.config import Settings

if TYPE_CHECKING:
    from app.db import Connection, Pool
    from app.jobs.link import Proposed
    from etl.keep import Keys

link = typer.Typer(help="Which mentions without a number are of one person.", no_args_is_help=True)


@link.callback()
def _group() -> None:
    """Keep the sub-commands' names."""


@link.command()
def propose() -> None:
    """Look for mentions that may be of one person; each pair found waits until somebody decides about it."""
    from etl.keep import Keys

    settings = Settings()
    keys = Keys.read(settings.master_key_file)

    async def work(pool: Pool) -> Proposed:
        async with pool.acquire() as connection:
            return await _propose(connection, keys)

    done = with_pool(settings, work)
    say(
        f"{done.mentions} mentions read; {done.proposed} pairs proposed, {done.standing} wait as before, "
        f"{done.withdrawn} withdrawn. Nobody is merged: somebody decides."
    )


@link.command()
def evaluate(
    mentions: Annotated[int, typer.Option(min=100, help="planted mentions")] = 20_000,
    seed: int = 101,
    truth: Annotated[
        Path | None,
        typer.Option(help="the demo's truth.json: judge the proposals in the database", exists=True),
    ] = None,
) -> None:
    """Precision and recall on planted people who are unlike those the model was trained on."""
    if truth is not None:
        _judge_demo(truth)
        return
    from app.linkage.evaluate import judge
    from app.linkage.link import link as find
    from app.linkage.model import read
    from app.linkage.planted import HELD_OUT, planted

    people, model = planted(seed, mentions, HELD_OUT), read()
    judged = judge(people, find(people, model))
    say(
        f"Model {model.version}, seed {seed}, {len(people)} mentions, pairs with a probability of {model.propose_from}."
    )
    say(f"{judged.true} true pairs, {judged.proposed} proposed, {judged.right} of them right.")
    say(f"Precision {judged.precision:.4f}, recall {judged.recall:.4f}.")


@link.command()
def train(
    version: Annotated[str, typer.Option(help="the version that the new model is told by")],
    file: Annotated[Path | None, typer.Option(help="default: the model in use is replaced")] = None,
) -> None:
    """Train the model anew, on planted people; some minutes."""
    from app.linkage.model import FILE
    from app.linkage.train import train as make

    make(version).write(file or FILE)
    say(f"Written: {file or FILE}")


MOST_OF_A_ROLE = 12
"""People of one role on one report that are looked through."""


async def _propose(connection: Connection, keys: Keys) -> Proposed:
    from app.jobs.link import propose as run
    from etl import versions
    from etl.identify import Pseudonyms

    async with connection.transaction():
        await connection.execute(f"select {versions.HOLD}")  # no re-key while pseudonyms are on their way
        held, version = await versions.current(connection, keys)
        pseudonyms = Pseudonyms(held, version)

        def unnumbered(feed: str, source_key: str, role: str, person: bytes) -> bool:
            nth = range(1, MOST_OF_A_ROLE + 1)
            return any(pseudonyms.of_mention(feed, source_key, role, number) == person for number in nth)

        return await run(connection, held.open, unnumbered)


def _judge_demo(truth: Path) -> None:
    from app.jobs.link_truth import judge_proposals

    planted = truth.read_bytes()

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            judged = await judge_proposals(connection, planted)
        say(f"{judged.true} planted links, {judged.proposed} proposed, {judged.right} of them right.")
        say(f"Precision {judged.precision:.4f}, recall {judged.recall:.4f}.")

    with_pool(Settings(), work)

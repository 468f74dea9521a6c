"""Commands on links: propose which mentions may be of one person, and say how well that is done on planted truth."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import say, with_pool
from app.cli.running import Supervised, join
from app.config import Settings
from app.domain.errors import Unavailable

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

    say(_told(with_pool(settings, work)))


@link.command("serve")
def serve_command(supervised: Supervised = False) -> None:
    """Propose anew when reports have told of people, every ten minutes at most; `lagesbild up` does it by itself."""
    from app.db import open_pool
    from etl.keep import Keys

    settings = Settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    keys = Keys.read(settings.master_key_file)
    dsn = join(settings, "link", supervised)

    async def run() -> None:
        async with open_pool(dsn, size=2, name="lagesbild link") as pool:
            await _serve(pool, keys)

    # SIGTERM ends it at once: a run is one transaction, and the next one begins anew.
    asyncio.run(run())


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


async def _serve(pool: Pool, keys: Keys) -> None:
    """Propose whenever there are mentions that the last run has not read; a long run is followed by a longer rest.

    A first delivery, which may be an archive in many parts, is waited for: until a look finds nothing newer than the
    look before it.
    """
    from app.db import UNAVAILABLE
    from app.queries.links import newest_mention

    log = logging.getLogger("app.link")
    clock = asyncio.get_running_loop().time
    read: int | None = None
    seen: int | None = None
    rests_until = 0.0
    while True:
        try:
            async with pool.acquire() as connection:
                newest = await newest_mention(connection)
                settled = read is not None or newest == seen
                if newest != read and settled and clock() >= rests_until:
                    begun = clock()
                    log.info("%s", _told(await _propose(connection, keys)))
                    read, rests_until = newest, clock() + max(EVERY_S, REST * (clock() - begun))
                seen = newest
        except (Unavailable, *UNAVAILABLE) as error:
            log.warning("Linking waits: %s", error)
        await asyncio.sleep(LOOK_S)


def _told(done: Proposed) -> str:
    return (
        f"{done.mentions} mentions read; {done.proposed} pairs proposed, {done.standing} wait as before, "
        f"{done.withdrawn} withdrawn. Nobody is merged: somebody decides."
    )


LOOK_S = 20
EVERY_S = 600
REST = 20
"""A run takes at most a twentieth of the time: a million mentions take minutes."""

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

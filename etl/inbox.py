"""The inbox: extracts that a person or another system puts into ``<inbox>/<feed>/`` are loaded as they appear."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.db import end_if_asked
from etl.feed import Feed, feed_names, get_feed
from etl.run import Intake
from etl.tell import tell

if TYPE_CHECKING:
    from app.db import Pool

log = logging.getLogger("lagesbild.etl")

EVERY_S = 2.0
SETTLED_S = 1.0
"""A file that was written to within this time may still be on its way."""


async def watch(inbox: Path, pool: Pool, intake: Intake, region: str) -> None:
    """Run until cancelled: load each new file, then move it to ``<inbox>/<feed>/done/``.

    A file that cannot be loaded now stays where it is and is tried again, and those after it wait: a correction must
    not come before what it corrects. What is wrong inside a file goes to quarantine like anything else.
    """
    while True:
        for name in feed_names():
            try:
                files = await asyncio.to_thread(_waiting, inbox / name)
            except OSError as error:
                log.warning("%s cannot be looked into (%s)", inbox / name, error)
                await tell(
                    pool,
                    name,
                    f"The inbox of {name} cannot be looked into ({error.strerror}); it is tried again.",
                )
                continue
            for file in files:
                if not await _take(file, get_feed(name, region), intake):
                    await tell(
                        pool, name, f"{file.name} cannot be loaded now; it is tried again, see the log."
                    )
                    break
        await asyncio.sleep(EVERY_S)


def _waiting(folder: Path) -> list[Path]:
    """The files that are ready, oldest name first; names with a leading dot are still being written."""
    if not folder.is_dir():
        return []
    settled = datetime.now(UTC).timestamp() - SETTLED_S
    files = (file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    return sorted(file for file in files if file.stat().st_mtime < settled)


async def _take(file: Path, feed: Feed, intake: Intake) -> bool:
    """Load one file; whether it is done with."""
    now = datetime.now(UTC)
    try:
        content = await asyncio.to_thread(file.read_bytes)
        receipt = await intake.ingest(feed, content, name=file.name, fetched_at=now, once=True)
        await asyncio.to_thread(_put_away, file, now)
    except Exception:
        end_if_asked()
        log.exception("%s could not be loaded; it is tried again", file)
        return False
    log.info("%s", receipt)
    return True


def _put_away(file: Path, now: datetime) -> None:
    done = file.parent / "done"
    done.mkdir(exist_ok=True)
    file.rename(done / f"{now:%Y%m%dT%H%M%S}-{file.name}")

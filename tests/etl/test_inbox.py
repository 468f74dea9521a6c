"""The inbox goes on, whatever the file system says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from etl import inbox
from etl.feed import feed_names

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from app.db import Pool
    from etl.run import Intake


async def test_a_folder_that_cannot_be_listed_is_told_and_the_others_are_looked_into(
    pool: Pool, intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, *others = feed_names()
    looked_into: list[str] = []
    loop, again = asyncio.get_running_loop(), asyncio.Event()
    look = inbox._waiting

    def waiting(folder: Path) -> list[Path]:
        looked_into.append(folder.name)
        if folder.name == refused:
            if looked_into.count(refused) == 2:
                loop.call_soon_threadsafe(again.set)
            raise PermissionError(13, "Permission denied", str(folder))
        return look(folder)

    monkeypatch.setattr(inbox, "_waiting", waiting)
    monkeypatch.setattr(inbox, "EVERY_S", 0.01)
    watching = asyncio.create_task(inbox.watch(tmp_path, pool, intake, "stockholm"))
    try:
        async with asyncio.timeout(10):
            await again.wait()
        assert not watching.done()
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    assert set(looked_into) == {refused, *others}
    async with pool.acquire() as connection:
        told = await connection.fetchval("select message from feed_state where feed = $1", refused)
    assert told == f"The inbox of {refused} cannot be looked into (Permission denied); it is tried again."

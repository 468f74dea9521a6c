"""A database server of a test's own: for what a transaction open anywhere in a shared one would disturb."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from app.cluster import Cluster
from app.db import set_codecs
from geodata.load import load_region
from migrations.script import migrate


@contextmanager
def own_server(*, durable: bool = False) -> Iterator[str]:
    """The URL of a database with tables and region pack on a fresh server; nothing of it is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="lb-"))
    folder.chmod(0o755)  # the server's unprivileged user must reach it
    cluster = Cluster(folder / "var", durable=durable)
    try:
        dsn = cluster.start()
        migrate(dsn)
        asyncio.run(_load_pack(dsn))
        yield dsn
    finally:
        cluster.stop()
        shutil.rmtree(folder)


async def _load_pack(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await set_codecs(connection)
        await load_region(connection, "stockholm")
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()

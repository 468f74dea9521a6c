"""Asking about pairs over HTTP, in each role; and the log as it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from app.commands.tokens import create_token
from tests.api.conftest import BASE

if TYPE_CHECKING:
    import asyncpg
    from starlette.types import ASGIApp

    from app.db import Pool


V1 = "/api/v1"
ASKING = {"reason": "follow_up"}
WIDE = {"window": {"from": "2020-01-01", "to": "2099-12-31"}, **ASKING}
MAY = ("analyst", "commander", "area_chief")


class Clients:
    """A client for each role; the chief is Södermalm's."""

    def __init__(self, app: ASGIApp, pool: Pool) -> None:
        self._app, self._pool, self._open = app, pool, {}

    async def of(self, role: str) -> httpx.AsyncClient:
        if role not in self._open:
            async with self._pool.acquire() as connection:
                areas = ["lpo-sodermalm"] if role == "area_chief" else []
                token = await create_token(connection, role, f"en {role}", areas)
            self._open[role] = httpx.AsyncClient(
                transport=httpx.ASGITransport(self._app),
                base_url=BASE,
                headers={"Authorization": f"Bearer {token}"},
            )
        return self._open[role]

    async def post(self, role: str, path: str, status: int = 200, /, **asked: Any) -> Any:
        answer = await (await self.of(role)).post(V1 + path, json=asked or ASKING)
        assert answer.status_code == status, answer.text
        return answer.json()


async def listed(clients: Clients, role: str, ids: dict[str, str], **asked: Any) -> list[str]:
    """The names of the pairs that a search gives, in its order."""
    rows = (await clients.post(role, "/pairs/search", **{**WIDE, **asked}))["rows"]
    names = {made: name for name, made in ids.items()}
    return [names[row["pair"]] for row in rows]


async def rows_after(db: asyncpg.Connection, before: int) -> list[asyncpg.Record]:
    return await db.fetch("select * from read_log where log_id > $1 order by log_id", before)  # type: ignore[no-any-return]


async def last_row(pool: Pool) -> int:
    async with pool.acquire() as connection:
        found: int = await connection.fetchval("select coalesce(max(log_id), 0) from read_log")
        return found


def yesterday() -> str:
    return days_ago(1)


def days_ago(days: float) -> str:
    return moment_ago(days).isoformat()


def moment_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)

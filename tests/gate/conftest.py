"""The whole server on a database of the module's own, and what it takes to come in: users, browsers, other servers."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from app.commands.users import create_user
from tests.api.conftest import BASE, anonymous, app, client, running, token, var

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from app.db import Pool

__all__ = ["anonymous", "app", "client", "running", "token", "var"]

PASSWORD = "fyra rimliga ord här"
OURS = {"Sec-Fetch-Site": "same-origin", "Origin": BASE}
"""What a browser says when one of our pages asks."""


@asynccontextmanager
async def browser(app: ASGIApp, base: str = BASE) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of its own, with its own cookies."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=base) as client:
        yield client


@pytest.fixture
async def user(pool: Pool) -> AsyncIterator[str]:
    """An analyst with a password; gone after the test, as far as signing in goes."""
    async with pool.acquire() as connection:
        name = f"anna{await connection.fetchval('select count(*) from app_user')}"
        await create_user(connection, name, "Anna Analys", "analyst", (), PASSWORD, must_change=False)
        yield name
        await connection.execute("delete from sign_in")


async def sign_in(
    client: httpx.AsyncClient, username: str, password: str = PASSWORD, **form: str
) -> httpx.Response:
    return await client.post(
        "/login", data={"username": username, "password": password, **form}, headers=OURS
    )

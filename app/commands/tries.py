"""Tries to sign in: counted by account and by source in a sliding window, and kept, so that a restart forgives none.

A try is noted as failed before anything is compared, so many at once pass the limit no more than one after another.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.errors import TooMany

if TYPE_CHECKING:
    from datetime import datetime

    from app.commands.sessions import Way
    from app.db import Connection

WINDOW = timedelta(minutes=15)
MOST_OF_ACCOUNT = 10
MOST_OF_SOURCE = 30
"""Failed tries within the window. Of an account only those since it last signed in count."""
KEPT = timedelta(days=90)

COUNT = """
select
    (select count(*) from sign_in as s where account = $1 and at > $3 and actor is null and not exists (
        select from sign_in as l where l.account = $1 and l.at > s.at and l.actor is not null)) as of_account,
    (select min(at) from sign_in where account = $1 and at > $3 and actor is null) as account_since,
    (select count(*) from sign_in where source = $2 and at > $3 and actor is null) as of_source,
    (select min(at) from sign_in where source = $2 and at > $3 and actor is null) as source_since
"""


async def note_try(
    connection: Connection, way: Way, account: bytes | None, source: str, now: datetime
) -> int:
    """Note a try, as failed, and return its number.

    Raises:
        TooMany: The account or the source has failed too often; nothing more is to be compared.
    """
    number: int = await connection.fetchval(
        "insert into sign_in (at, way, account, source) values ($1, $2, $3, $4) returning sign_in_id",
        now, way, account, source,
    )  # fmt: skip
    found = await connection.fetchrow(COUNT, account, source, now - WINDOW)
    assert found is not None  # noqa: S101 - a row of counts
    since = (
        found["account_since"] if found["of_account"] > MOST_OF_ACCOUNT
        else found["source_since"] if found["of_source"] > MOST_OF_SOURCE else None
    )  # fmt: skip
    if since is not None:
        await connection.execute(
            "delete from sign_in where sign_in_id = $1", number
        )  # asking in vain prolongs nothing
        wait_s = max(1, int((since + WINDOW - now).total_seconds()) + 1)
        raise TooMany("Too many tries to sign in; wait a while.", wait_s)
    return number


async def note_success(connection: Connection, number: int, actor: str, now: datetime) -> None:
    """Note who a try turned out to be, and forget tries that are too old to be looked at."""
    await connection.execute("update sign_in set actor = $2 where sign_in_id = $1", number, actor)
    await connection.execute("delete from sign_in where at < $1", now - KEPT)


async def note_token(connection: Connection, source: str, actor: str, now: datetime) -> None:
    """Note that somebody signed in with a token."""
    await connection.execute(
        "insert into sign_in (at, way, source, actor) values ($1, 'token', $2, $3)", now, source, actor
    )

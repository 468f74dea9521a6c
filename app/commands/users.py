"""Users: made, given a role and areas, disabled. Whatever narrows an account ends or re-scopes its open sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from app.commands.passwords import hash_password, require_good
from app.commands.scopes import require_scope
from app.commands.sessions import Principal, end_sessions, rescope_sessions
from app.domain.errors import BadInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.db import Connection
    from app.domain.viewer import Role

USERNAME = re.compile(r"[\w.@+-]{1,100}")


def plain_username(typed: str) -> str:
    """The name as it is kept: no blanks around, no capitals."""
    return typed.strip().casefold()


async def create_user(
    connection: Connection,
    username: str,
    name: str,
    role: str,
    areas: Sequence[str],
    password: str,
    *,
    must_change: bool,
) -> int:
    """Make a user who signs in here with a password, and return its number.

    Raises:
        BadInput: The name is taken or none; the password is too easily guessed; or see ``require_scope``.
    """
    plain = plain_username(username)
    if not USERNAME.fullmatch(plain):
        raise BadInput(f"{username!r} will not do as a user name: letters, digits and . @ + - _ only.")
    await require_scope(connection, role, areas)
    require_good(password, plain)
    user_id: int | None = await connection.fetchval(
        "insert into app_user (username, name, role, areas, password_hash, must_change_password) "
        "values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning user_id",
        plain, name or plain, role, list(areas), hash_password(password), must_change,
    )  # fmt: skip
    if user_id is None:
        raise BadInput(f"There is a user {plain!r} already; `lagesbild user list` shows who there is.")
    return user_id


async def set_role(
    connection: Connection, user_id: int, role: str, areas: Sequence[str], now: datetime
) -> None:
    """Give a user another role or other areas; open sessions have it from the next request on.

    Raises:
        BadInput: See ``require_scope``.
    """
    await require_scope(connection, role, areas)
    async with connection.transaction():
        name = await connection.fetchval(
            "update app_user set role = $2, areas = $3 where user_id = $1 returning name",
            user_id, role, list(areas),
        )  # fmt: skip
        await rescope_sessions(connection, user_id, name, role, areas, now)


async def disable_user(connection: Connection, user_id: int, now: datetime) -> None:
    """Shut an account; its sessions end at once."""
    async with connection.transaction():
        await connection.execute(
            "update app_user set disabled_at = $2 where user_id = $1 and disabled_at is null", user_id, now
        )
        await end_sessions(connection, "user_id", user_id, "disabled", now)


async def enable_user(connection: Connection, user_id: int) -> None:
    """Open a shut account again."""
    await connection.execute("update app_user set disabled_at = null where user_id = $1", user_id)


async def set_password(
    connection: Connection, user_id: int, username: str, password: str, now: datetime, *, must_change: bool,
    kept: str | None = None,
) -> None:  # fmt: skip
    """Give a local user another password; every session begun with the old one ends.

    ``kept`` is what ``hash_password`` made of it, where that must not take place here (it blocks for 50 ms).

    Raises:
        BadInput: It is too easily guessed.
        NotFound: A provider vouches for this user: the password is kept there.
    """
    require_good(password, username)
    async with connection.transaction():
        done = await connection.fetchval(
            "update app_user set password_hash = $2, must_change_password = $3 "
            "where user_id = $1 and issuer is null returning user_id",
            user_id, kept or hash_password(password), must_change,
        )  # fmt: skip
        if done is None:
            raise NotFound("This user signs in at the provider; the password is kept there and not here.")
        await end_sessions(connection, "user_id", user_id, "password", now)


async def set_colleague(
    connection: Connection, user_id: int, person: bytes | None, home_area: str | None
) -> None:
    """Note who a user is, so that the auditor is told of readings of the own person, of colleagues, of the own area.

    Args:
        connection: Of whoever owns the tables: the web's own logins can neither write nor read this.
        user_id: The user.
        person: The own pseudonym; None takes it away.
        home_area: Code of the area of the own address; None takes it away.

    Raises:
        BadInput: There is no such area.
    """
    if home_area is not None and not await connection.fetchval(
        "select true from area where code = $1 limit 1", home_area
    ):
        raise BadInput(f"There is no area {home_area!r}.")
    await connection.execute(
        "update app_user set person = $2, home_area = $3 where user_id = $1", user_id, person, home_area
    )


async def user_from_provider(
    connection: Connection, issuer: str, subject: str, username: str, name: str, role: str, areas: Sequence[str],
    now: datetime,
) -> Principal:  # fmt: skip
    """The user whom a provider vouches for, with the role and areas it tells now, for open sessions too.

    Raises:
        BadInput: See ``require_scope``.
        NotAllowed: The account was disabled here.
    """
    await require_scope(connection, role, areas)
    async with connection.transaction():
        await connection.execute(
            "select pg_advisory_xact_lock(hashtextextended($1, 21))", f"{issuer} {subject}"
        )
        before = await connection.fetchrow(
            "select user_id, name, role, areas, disabled_at from app_user where issuer = $1 and subject = $2",
            issuer, subject,
        )  # fmt: skip
        if before is None:
            user_id = await connection.fetchval(
                "insert into app_user (username, issuer, subject, name, role, areas) values ($1, $2, $3, $4, $5, $6) "
                "returning user_id",
                plain_username(username), issuer, subject, name, role, list(areas),
            )  # fmt: skip
        else:
            if before["disabled_at"] is not None:
                raise NotAllowed("This account is disabled here.")
            user_id = before["user_id"]
            if (before["name"], before["role"], before["areas"]) != (name, role, list(areas)):
                await connection.execute(
                    "update app_user set username = $2, name = $3, role = $4, areas = $5 where user_id = $1",
                    user_id, plain_username(username), name, role, list(areas),
                )  # fmt: skip
                await rescope_sessions(connection, user_id, name, role, areas, now)
    return Principal(user_id, None, name, cast("Role", role), tuple(areas))

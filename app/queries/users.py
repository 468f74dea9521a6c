"""Users: by the name they sign in with, and all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import NotFound

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.viewer import Role

USER = (
    "select user_id, username, name, role, areas, password_hash, must_change_password from app_user where {}"
)
LOCAL = "issuer is null and disabled_at is null"


class LocalUser(NamedTuple):
    """A user who signs in with a password and is not disabled."""

    user_id: int
    username: str
    name: str
    role: Role
    areas: tuple[str, ...]
    password_hash: str | None
    must_change_password: bool


async def local_user(connection: Connection, username: str) -> LocalUser | None:
    """The user of that name; None when there is none, the account is disabled, or a provider vouches for it."""
    row = await connection.fetchrow(USER.format(f"username = $1 and {LOCAL}"), username)
    return LocalUser(**{**row, "areas": tuple(row["areas"])}) if row else None


async def local_user_by_id(connection: Connection, user_id: int) -> LocalUser | None:
    """The same by the user's number."""
    row = await connection.fetchrow(USER.format(f"user_id = $1 and {LOCAL}"), user_id)
    return LocalUser(**{**row, "areas": tuple(row["areas"])}) if row else None


async def user_id_of(connection: Connection, username: str) -> int:
    """The number of a user, disabled or not: of a local one by name, else of one whom a provider calls so.

    Raises:
        NotFound: There is no such user.
    """
    user_id: int | None = await connection.fetchval(
        "select user_id from app_user where username = $1 order by issuer is not null, user_id limit 1",
        username,
    )
    if user_id is None:
        raise NotFound(f"There is no user {username!r}; `lagesbild user list` shows who there is.")
    return user_id


async def user_id_of_subject(connection: Connection, issuer: str, subject: str) -> int | None:
    """The number of the user for whom a provider vouches under that name; None when none has signed in yet."""
    user_id: int | None = await connection.fetchval(
        "select user_id from app_user where issuer = $1 and subject = $2", issuer, subject
    )
    return user_id


async def all_users(connection: Connection) -> list[dict[str, Any]]:
    """All users, in the order they came."""
    rows = await connection.fetch(
        "select user_id, username, issuer, name, role, areas, created_at, disabled_at, must_change_password "
        "from app_user order by user_id"
    )
    return [dict(row) for row in rows]

"""Commands about who may sign in: users and their sessions. Accounts are managed here only, never over the web.

A password is typed at a prompt or comes on standard input; it is never an argument, which others on the machine see.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from app.cli.context import say, with_pool
from app.config import Settings
from app.domain.errors import BadInput, NotFound

if TYPE_CHECKING:
    from app.db import Connection, Pool

user = typer.Typer(help="People who sign in.", no_args_is_help=True)
session = typer.Typer(help="Sessions that are open.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="the name that is typed at sign-in")]
Areas = Annotated[str, typer.Option(help="codes that an area_chief is held to, with commas between them")]
OneTime = Annotated[
    bool, typer.Option("--one-time", help="make a password and print it; it must be changed at first use")
]


def listed(areas: str) -> tuple[str, ...]:
    """Codes with commas between them."""
    return tuple(dict.fromkeys(code.strip() for code in areas.split(",") if code.strip()))


@user.command()
def add(
    username: Name,
    role: Annotated[str, typer.Option(help="analyst, commander, area_chief, feed_admin, auditor or partner")],
    areas: Areas = "",
    name: Annotated[str, typer.Option(help="the person's name")] = "",
    one_time: OneTime = False,
) -> None:
    """Make a user. The password is asked for, or read from standard input."""
    from app.commands.users import create_user

    password = _password(one_time)

    async def work(connection: Connection) -> None:
        await create_user(connection, username, name, role, listed(areas), password, must_change=one_time)

    _do(work)
    say(password if one_time else f"{username} may sign in as {role}.")


@user.command("list")
def list_users() -> None:
    """Who may sign in, and as what."""
    from app.queries.users import all_users

    async def work(connection: Connection) -> None:
        for row in await all_users(connection):
            notes = [
                *row["areas"],
                *(["disabled"] if row["disabled_at"] else []),
                *(["one-time password"] if row["must_change_password"] else []),
                *([f"by {row['issuer']}"] if row["issuer"] else []),
            ]
            say(f"{row['username']:<20} {row['role']:<11} {row['name']:<24} {', '.join(notes)}".rstrip())

    _do(work)


@user.command()
def role(
    username: Name, role: Annotated[str, typer.Argument(help="the new role")], areas: Areas = ""
) -> None:
    """Give a user another role; open sessions have it from the next request on."""
    from app.commands.users import set_role

    async def work(connection: Connection, user_id: int) -> None:
        await set_role(connection, user_id, role, listed(areas), datetime.now(UTC))

    _of(username, work)
    say(f"{username} is {role} from now on.")


@user.command()
def areas(username: Name, codes: Annotated[str, typer.Argument(help="the new areas, with commas")]) -> None:
    """Give an area_chief other areas; open sessions have them from the next request on."""
    role(username, "area_chief", codes)


@user.command()
def disable(username: Name) -> None:
    """Shut an account; its sessions and streams end at once."""
    from app.commands.users import disable_user

    async def work(connection: Connection, user_id: int) -> None:
        await disable_user(connection, user_id, datetime.now(UTC))

    _of(username, work)
    say(f"{username} is signed out and may not sign in any more.")


@user.command()
def enable(username: Name) -> None:
    """Open a shut account again."""
    from app.commands.users import enable_user

    _of(username, enable_user)
    say(f"{username} may sign in again.")


@user.command("password")
def new_password(username: Name, one_time: OneTime = False) -> None:
    """Give a user another password; open sessions end."""
    from app.commands.users import plain_username, set_password

    password = _password(one_time)

    async def work(connection: Connection, user_id: int) -> None:
        now = datetime.now(UTC)
        await set_password(connection, user_id, plain_username(username), password, now, must_change=one_time)

    _of(username, work)
    say(password if one_time else f"{username} has another password.")


@user.command()
def colleague(
    username: Name,
    home_area: Annotated[str | None, typer.Option(help="code of the area of the own address")] = None,
) -> None:
    """Note whom a user is, for the auditor's rules: own address, colleagues. The personnummer is asked for.

    It comes at a prompt or on standard input, and is kept as a pseudonym only; an empty one takes the note away.
    """
    from app.commands.users import set_colleague
    from etl import versions
    from etl.feed import Problem
    from etl.identify import Pseudonyms
    from etl.keep import Keys

    settings = Settings()
    number = _read("Personnummer", confirm=False)

    async def work(connection: Connection, user_id: int) -> None:
        async with connection.transaction():
            await connection.execute(f"select {versions.HOLD}")
            held, version = await versions.current(connection, Keys.read(settings.master_key_file))
            try:
                person = Pseudonyms(held, version).of(number or None, "personnummer")
            except Problem as problem:
                raise BadInput(problem.reason) from None  # the problem itself quotes the number
            await set_colleague(connection, user_id, person, home_area)

    _of(username, work)
    say(f"{username} is known to the auditor's rules." if number or home_area else "The note is taken away.")


@session.command("list")
def list_sessions() -> None:
    """Who is signed in now: number, since when, last seen, from where."""
    from app.queries.sessions import sessions_that_hold

    async def work(connection: Connection) -> None:
        for row in await sessions_that_hold(connection, datetime.now(UTC)):
            since, seen = (f"{row[name]:%Y-%m-%d %H:%M}Z" for name in ("created_at", "last_seen_at"))
            who = f"{row['actor']:<9} {row['role']:<11}"
            say(f"{row['session_id']}  {who} {since}  {seen}  {row['source']}  {row['name']}")

    _do(work)


@session.command()
def revoke(number: Annotated[UUID, typer.Argument(help="as `lagesbild session list` shows it")]) -> None:
    """End a session at once, with its open streams."""
    from app.commands.sessions import end_sessions

    async def work(connection: Connection) -> None:
        if not await end_sessions(connection, "session_id", number, "revoked", datetime.now(UTC)):
            raise NotFound(f"No session {number} is open; `lagesbild session list` shows those that are.")

    _do(work)
    say("The session is ended.")


def _do(work: Callable[[Connection], Awaitable[None]]) -> None:
    async def run(pool: Pool) -> None:
        async with pool.acquire() as connection:
            await work(connection)

    with_pool(Settings(), run)


def _of(username: str, work: Callable[[Connection, int], Awaitable[None]]) -> None:
    from app.commands.users import plain_username
    from app.queries.users import user_id_of

    async def run(connection: Connection) -> None:
        await work(connection, await user_id_of(connection, plain_username(username)))

    _do(run)


def _password(one_time: bool) -> str:
    from app.commands.passwords import one_time_password

    if one_time:
        return one_time_password()
    read = _read("Password", confirm=True)
    if not read:
        raise BadInput("No password came on standard input; type one there, or make one with --one-time.")
    return read


def _read(what: str, *, confirm: bool) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    again = "The same again" if confirm else False
    typed: str = typer.prompt(
        what, default="", show_default=False, hide_input=True, confirmation_prompt=again, err=True
    )
    return typed

"""Give the web's logins the passwords that are derived from the master key."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from app.logins import LOGINS, scram_verifier

if TYPE_CHECKING:
    from app.db import Connection
    from app.logins import Login


async def set_passwords(connection: Connection, passwords: dict[Login, str]) -> None:
    """Set the password of each login; the server is sent what it keeps of it, never the password."""
    for login in LOGINS:
        verifier = scram_verifier(passwords[login], secrets.token_bytes(16))
        await connection.execute(f"alter role lagesbild_{login} password '{verifier}'")

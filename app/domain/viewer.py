"""The viewer: on whose behalf a read is made. Every reader carries one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

Role = Literal["analyst", "commander", "area_chief", "feed_admin", "auditor", "partner", "wall", "system"]
ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "system")
"""The roles that somebody can be given; ``system`` is the server itself."""


@dataclass(frozen=True)
class Viewer:
    """Who looks, in which role, and how far.

    ``name`` is for people, ``actor`` for the log (``user:12``, ``token:3``). ``areas`` are the codes that the viewer is
    held to; empty for those who see the region. ``scope`` is the opaque id by which the database knows the same:
    without one it shows nothing. ``session`` is the session's public number.
    """

    name: str
    role: Role
    actor: str = ""
    areas: tuple[str, ...] = ()
    scope: UUID | None = None
    session: UUID | None = None

    @property
    def cache_key(self) -> str:
        """What tells this viewer's answers from others' in any cache: never the scope itself."""
        return f"{self.role}:{','.join(self.areas)}"


SYSTEM = Viewer("system", "system", "system")
NOBODY = Viewer("nobody", "partner", "nobody")
"""On whose behalf a read is where no gate stood before it: sees nothing."""

"""The viewer: on whose behalf a read is made. Every reader carries one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["analyst", "commander", "area_chief", "feed_admin", "auditor", "partner", "system"]
ROLES: tuple[Role, ...] = ("analyst", "commander", "area_chief", "feed_admin", "auditor", "partner")


@dataclass(frozen=True)
class Viewer:
    """Who looks, in which role. Scopes by area are added to the transaction where roles come to differ."""

    name: str
    role: Role


SYSTEM = Viewer("system", "system")

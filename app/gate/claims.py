"""What a provider's claims make of a person here: one role, and areas where the role is held to some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import NotAllowed
from app.domain.viewer import ROLES

if TYPE_CHECKING:
    from app.config import Settings


class Refused(NotAllowed):
    """No sign-in. ``key`` names the sentence that the page says, ``detail`` is for the server's log."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(f"Sign-in refused: {key}{detail and f' ({detail})'}.")
        self.key = key
        self.detail = detail


class Person(NamedTuple):
    """Whom a provider vouches for."""

    subject: str
    username: str
    name: str
    role: str
    areas: tuple[str, ...]
    session: str | None


def person_of(claims: dict[str, Any], settings: Settings) -> Person:
    """Read a person from the claims of an ID token.

    Raises:
        Refused: The claims name none of our roles, or several: an account has one role at a time.
    """
    prefix = settings.oidc_role_prefix
    told = listed(claim(claims, settings.oidc_role_claim))
    roles = sorted({role.removeprefix(prefix) for role in told if role.startswith(prefix)} & set(ROLES))
    if not roles:
        raise Refused("no_role", f"{settings.oidc_role_claim} names none of {', '.join(ROLES)}")
    if len(roles) > 1:
        raise Refused("several_roles", f"{settings.oidc_role_claim} names {', '.join(roles)}")
    role = roles[0]
    areas = (
        tuple(sorted(set(listed(claim(claims, settings.oidc_areas_claim))))) if role == "area_chief" else ()
    )
    if role == "area_chief" and not areas:
        raise Refused("no_areas", f"{settings.oidc_areas_claim} names no area")
    username = str(claims.get("preferred_username") or claims["sub"])
    session = claims.get("sid")
    name = str(claims.get("name") or username)
    return Person(
        str(claims["sub"]),
        username,
        name,
        role,
        areas,
        str(session) if session else None,
    )


def claim(claims: dict[str, Any], path: str) -> Any:
    """The claim of that name, or the one that lies where the dots lead; None when there is none."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def listed(value: Any) -> list[str]:
    """A claim of several values, however the provider writes one: a list, or one text with commas or blanks."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

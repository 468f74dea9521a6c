"""Who may do what. Every route names one of these; what names none is refused and fails a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from app.domain.errors import NotAllowed

if TYPE_CHECKING:
    from app.domain.viewer import Role, Viewer

Permission = Literal["public", "read", "push", "pages"]

GRANTED: dict[Role, frozenset[Permission]] = {
    "analyst": frozenset({"read", "push", "pages"}),
    "commander": frozenset({"read", "pages"}),
    "feed_admin": frozenset({"read", "push", "pages"}),
    "auditor": frozenset({"read", "pages"}),
    # A chief sees the own district only and a partner fixed aggregates only: until a read can be held to that,
    # they see nothing.
    "area_chief": frozenset(),
    "partner": frozenset(),
    "system": frozenset({"read", "push", "pages"}),
}


def require(viewer: Viewer | None, permission: Permission) -> None:
    """Let pass or raise.

    Raises:
        NotAllowed: The viewer's role lacks the permission.
    """
    if permission == "public":
        return
    if viewer is None or permission not in GRANTED[viewer.role]:
        role = "nobody" if viewer is None else viewer.role
        raise NotAllowed(
            f"The role {role} may not do this ({permission}); ask for a token with another role."
        )

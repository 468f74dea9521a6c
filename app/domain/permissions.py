"""Who may do what: the policy. Every route, callback and page names one of these; what names none fails a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from app.domain.errors import NotAllowed

if TYPE_CHECKING:
    from app.domain.viewer import Role, Viewer

Permission = Literal[
    "public",  # what the sign-in page and a health check need
    "pages",  # the frame of the pages, without content
    "figures",  # sums: counts, harm, areas and squares on the map, the state of the feeds
    "incidents",  # one incident: its place, time, offences and text; no person
    "pairs",  # persons and pairs: with a reason, and logged
    "follow_up",  # note what was done about a pair
    "links",  # judge whether two mentions are of one person
    "notes",  # the log book: read and write decisions, notes and handovers
    "alerts",  # see what the alert rules said
    "alert_duty",  # acknowledge, snooze and hand over alerts
    "alert_rules",  # write alert rules, try them on the past, set them going
    "push",  # hand a delivery in
    "quarantine",  # mend what was refused, on masked values
    "log",  # who read what, and why; no case content
    "cubes",  # published, disclosure-controlled statistics
]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
ABOUT_PERSONS: frozenset[Permission] = frozenset({"pairs", "follow_up", "links"})
"""What is about persons: how often one viewer may ask for it has a limit."""

DUTY: frozenset[Permission] = frozenset({"notes", "alerts", "alert_duty"})
"""What a shift needs."""

GRANTED: dict[Role, frozenset[Permission]] = {
    "analyst": frozenset(
        {"pages", "figures", "incidents", "pairs", "follow_up", "links", "push", "cubes", *DUTY}
    )
    | {"alert_rules"},
    "commander": frozenset(
        {"pages", "figures", "pairs", "follow_up", "cubes", *DUTY}
    ),  # pairs: flagged ones only
    "area_chief": frozenset(
        {"pages", "figures", "incidents", "pairs", "follow_up", "cubes", *DUTY}
    ),  # own areas
    "feed_admin": frozenset(
        {"pages", "figures", "push", "quarantine", "alerts", "alert_duty"}
    ),  # of feeds only
    "auditor": frozenset({"pages", "log"}),
    "partner": frozenset({"pages", "cubes"}),
    "wall": frozenset({"pages", "figures", "alerts"}),
    "system": frozenset({"pages", "figures"}),
}


def allows(viewer: Viewer | None, permission: Permission) -> bool:
    """Whether the viewer's role holds the permission."""
    return permission == "public" or (viewer is not None and permission in GRANTED[viewer.role])


def require(viewer: Viewer | None, permission: Permission) -> None:
    """Let pass or raise.

    Raises:
        NotAllowed: The viewer's role lacks the permission.
    """
    if not allows(viewer, permission):
        role = "nobody" if viewer is None else viewer.role
        raise NotAllowed(
            f"The role {role} may not do this ({permission}); ask for another role if you need it.",
            sv="Din roll får inte göra detta; be om en annan roll om du behöver det.",
        )

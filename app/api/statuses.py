"""The statuses that a route can answer with besides its own, worked out from what it asks for: said in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.permissions import ABOUT_PERSONS

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.domain.permissions import Permission

READING = frozenset({"GET", "HEAD", "OPTIONS"})
SENTENCES = {
    400: ("What was asked cannot be understood.", "from=2026-13-01 is not a day; write it YYYY-MM-DD."),
    401: ("No token and no session.", "Sign in first, or send a token: Authorization: Bearer …"),
    403: (
        "The role lacks the permission.",
        "The role partner may not do this (figures); ask for another role if you need it.",
    ),
    404: (
        "There is no such thing, or none that you may see.",
        "There is no incident 4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11.",
    ),
    421: (
        "Asked by a name that is not this server's.",
        "This server answers to the names of its own machine only.",
    ),
    429: (
        "Asked too often; Retry-After says when again.",
        "Too many questions about persons at once; ask again in 2 s.",
    ),
    503: (
        "The database does not answer just now.",
        "The database does not answer just now; try again in a moment.",
    ),
}
"""What each status means, and a sentence that comes with it."""
KINDS = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}
NEVER_NULL = frozenset({"known_at", "position", "status", "what", "role", "permission", "allowed"})
PROBLEM = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "minLength": 1}},
    "additionalProperties": False,
}
"""The form of every answer that is none."""


def told(status: int, text: str | None = None) -> dict[str, Any]:
    """How a refusal stands in the description; ``text`` says what it means on this route."""
    meaning, sentence = SENTENCES[status]
    content = {"application/json": {"schema": PROBLEM, "example": {"error": sentence}}}
    return {"description": text or meaning, "content": content}


def refusals(permission: Permission, path: str, methods: Collection[str]) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route.

    400 may come of any (each refuses a parameter that it does not know), 421 and 503 too; what else depends on whom
    the route lets in, on whether it names a thing, and on whether it may be misused from another site.
    """
    statuses = {400, 421, 503}
    if permission != "public":
        statuses.add(401)
    if permission not in {"public", "pages"} or not READING.issuperset(methods):
        statuses.add(403)
    if "{" in path:
        statuses.add(404)
    if permission in ABOUT_PERSONS:
        statuses.add(429)
    return {status: told(status) for status in sorted(statuses)}


def shape(example: Any) -> dict[str, Any]:
    """What every answer like this example has: its names at the top and their kinds; only some may be null."""
    if not isinstance(example, dict):
        return {}
    kinds = {name: {"type": _kinds(name, value)} for name, value in example.items() if value is not None}
    return {"type": "object", "required": list(example), "properties": kinds}


def _kinds(name: str, value: Any) -> str | list[str]:
    kind = KINDS[type(value)]
    return kind if kind in {"array", "object"} or name in NEVER_NULL else [kind, "null"]


def completed(
    own: dict[int | str, dict[str, Any]], permission: Permission, path: str, methods: Collection[str]
) -> dict[int | str, dict[str, Any]]:
    """A route's own statuses and the refusals; of a refusal that it words itself the words are kept."""
    found: dict[int | str, dict[str, Any]] = dict(own)
    for status, refusal in refusals(permission, path, methods).items():
        found[status] = {**refusal, **own.get(status, {})}
    return {status: _with_form(status, described) for status, described in found.items()}


def _with_form(status: int | str, described: dict[str, Any]) -> dict[str, Any]:
    form: dict[str, Any] = {"application/json": {"schema": PROBLEM}}
    refused = isinstance(status, int) and status >= 400
    content = described.get("content", form if refused else {})
    if not content:
        return described
    shaped = {
        kind: {"schema": shape(held["example"]), **held} if "json" in kind and "example" in held else held
        for kind, held in content.items()
    }
    return {**described, "content": shaped}

"""Why somebody may see something: told from the policy itself, in sentences (``permissions.GRANTED``, ``policy.toml``).

The database enforces the same once more, by the policies whose text is told beside these sentences.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from app.domain.errors import BadInput
from app.domain.permissions import GRANTED, Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.domain.viewer import Role

Sentence = tuple[str, str]
"""In Swedish and in English."""


@dataclass(frozen=True)
class Subject:
    """Something that can be asked about: what it needs, where the database holds it, and if it is about persons."""

    permission: Permission
    tables: tuple[str, ...]
    sv: str
    en: str
    persons: bool = False


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads((files("app.domain") / "policy.toml").read_text(encoding="utf-8"))


@cache
def subjects() -> dict[str, Subject]:
    """All that can be asked about, by name."""
    return {
        name: Subject(**{**facts, "tables": tuple(facts["tables"])})
        for name, facts in _told()["subjects"].items()
    }


def subject(what: str) -> Subject:
    """The subject by that name.

    Raises:
        BadInput: There is none.
    """
    if what not in subjects():
        raise BadInput(
            f"There is nothing to ask about by that name; choose one of {', '.join(subjects())}.",
            sv="Det finns inget med det namnet att fråga om; öppna frågan på nytt från sidan.",
        )
    return subjects()[what]


def holders(permission: Permission) -> list[Role]:
    """The roles that hold a permission, of those that somebody can be given."""
    return [role for role, granted in GRANTED.items() if permission in granted and role != "system"]


def role_name(role: Role) -> Sentence:
    """What a role is called."""
    sv, en = _told()["roles"][role]
    return sv, en


def explain(role: Role, what: str, areas: Sequence[str], on: date, group: str | None) -> list[Sentence]:
    """Why the role sees ``what``, or why not; what it does not see of it; and whom to ask.

    ``areas``: names of the areas that the viewer is held to on the day ``on``; ``group``: the database role of the read
    (None: there is none).

    Raises:
        BadInput: There is no such subject.
    """
    asked, name = subject(what), role_name(role)
    about = {
        "what": (asked.sv, asked.en),
        "role": name,
        "permission": (asked.permission, asked.permission),
    }
    if group is None:
        named = [role_name(one) for one in holders(asked.permission)]
        roles = (", ".join(sv for sv, _ in named), ", ".join(en for _, en in named))
        return [_say("refused", about), _say("holders", {"roles": roles}), _say("ask")]
    told = [_say("granted", about), _say("group", {"group": (group, group)})]
    if role == "area_chief":
        listed = ", ".join(areas) or "–"
        told.append(_say("areas", {"areas": (listed, listed), "on": (str(on), str(on))}))
    elif role == "commander" and asked.persons:
        told.append(_say("flagged"))
    else:
        told.append(_say("nothing_else" if role in {"partner", "auditor"} else "region"))
    if asked.persons:
        told += [_say("elsewhere")] if role == "area_chief" else []
        told += [_say(name) for name in ("logged", "protected", "ended", "facts")]
    return [*told, _say("ask")]


def _say(sentence: str, values: dict[str, Sentence] | None = None) -> Sentence:
    wording, filled = _told()["sentences"][sentence], values or {}
    return (
        wording["sv"].format(**{name: sv for name, (sv, _) in filled.items()}),
        wording["en"].format(**{name: en for name, (_, en) in filled.items()}),
    )

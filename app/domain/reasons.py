"""Reasons for reading about persons: a short list, and a sentence of one's own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from app.domain.errors import BadInput

OTHER = "other"
FEWEST, MOST = 8, 300
"""Characters of a reason in one's own words."""


@dataclass(frozen=True)
class Reason:
    """One of the list."""

    id: str
    sv: str
    en: str
    in_progress: bool = False


@dataclass(frozen=True)
class Given:
    """The reason that somebody gave: one of the list (or ``other``), and what was added."""

    id: str
    text: str = ""


@cache
def catalogue() -> dict[str, Reason]:
    """The reasons that can be chosen, by id, in the order in which they are offered."""
    told = tomllib.loads((files("app.domain") / "reasons.toml").read_text(encoding="utf-8"))
    return {entry["id"]: Reason(**entry) for entry in told["reason"]}


def parse(given: str) -> Given:
    """Read a reason: an id of the list, ``id: more``, or a sentence of at least ``FEWEST`` characters.

    Raises:
        BadInput: There is none, or it says nothing.
    """
    text = " ".join(given.replace("\0", "").split())
    head, _, more = text.partition(":")
    if head.strip() in catalogue():
        return Given(head.strip(), more.strip()[:MOST])
    if len(text) < FEWEST or len(set(text.casefold())) < 4:
        raise BadInput(
            f"Say why: one of {', '.join(catalogue())}, with more after a colon if you like, or a sentence of "
            f"{FEWEST} characters or more.",
            sv=(
                f"Ange varför: {', '.join(reason.sv for reason in catalogue().values())}, gärna med mer "
                f"efter ett kolon, eller en mening på minst {FEWEST} tecken."
            ),
        )
    return Given(OTHER, text[:MOST])

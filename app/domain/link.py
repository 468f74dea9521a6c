"""Links: that two pseudonyms are of one person, as proposed by the linkage and as judged by people.

The probability is that of identity. Nothing here says anything of what a person did, and lists go by time alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

Decision = Literal["accept", "reject", "undo"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)


@dataclass(frozen=True)
class Proposal:
    """Two pseudonyms that may be of one person. ``evidence``: by field ``{"level": ..., "bits": ...}``."""

    proposal: UUID  # opaque: the only id that leaves the house
    a: bytes
    b: bytes
    probability: float
    evidence: dict[str, Any]
    model_version: str
    proposed_at: datetime


@dataclass(frozen=True)
class Decided:
    """A proposal, with its evidence as it was shown, and the decision that holds about it."""

    proposal: Proposal
    decision: Decision
    reason: str
    known_at: datetime
    name: str


@dataclass(frozen=True)
class Judgement:
    """What somebody decided about two pseudonyms, and why; ``probability`` is None where nothing was proposed."""

    judgement: UUID
    a: bytes
    b: bytes
    decision: Decision
    reason: str
    known_at: datetime
    name: str
    probability: float | None

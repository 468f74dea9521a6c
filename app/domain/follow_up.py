"""Follow-ups: what somebody noted, did or decided about a pair after a report. Nothing is overwritten."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from uuid import UUID

from app.domain.errors import BadInput
from app.domain.personal_number import holds_number

MOST_TEXT, MOST_DECIDED = 2000, 500
YEARS = range(1900, 2201)


@dataclass(frozen=True)
class Kind:
    """What a follow-up is of."""

    id: str
    sv: str
    en: str


@dataclass(frozen=True)
class Entry:
    """What is to be noted. ``corrects``: an earlier entry of the same pair, which stays where it is."""

    kind: str
    text: str
    decided: str = ""
    due: date | None = None
    corrects: UUID | None = None


@dataclass(frozen=True)
class FollowUp:
    """An entry that was noted, with the report that it follows up; ``corrected`` if a later one replaced it."""

    id: UUID
    incident: UUID
    entry: Entry
    noted_at: datetime
    name: str
    role: str
    corrected: bool = False


@cache
def kinds() -> dict[str, Kind]:
    """The kinds that can be chosen, by id, in the order in which they are offered."""
    told = tomllib.loads((files("app.domain") / "follow_up.toml").read_text(encoding="utf-8"))
    return {entry["id"]: Kind(**entry) for entry in told["kind"]}


def checked(entry: Entry) -> Entry:
    """The entry with its blanks trimmed.

    Raises:
        BadInput: No such kind, nothing said, too much said, a number of a person in the text, or no such day.
    """
    text, decided = (" ".join(told.replace("\0", " ").split()) for told in (entry.text, entry.decided))
    if entry.kind not in kinds():
        raise BadInput(
            f"A follow-up is of one of these kinds: {', '.join(kinds())}.",
            sv=f"Välj vad uppföljningen gäller: {', '.join(kind.sv for kind in kinds().values())}.",
        )
    if not text:
        raise BadInput(
            "Say what was done or seen; a follow-up without text tells nobody anything.",
            sv="Skriv vad som gjordes eller sågs; en uppföljning utan text säger ingen något.",
        )
    if len(text) > MOST_TEXT or len(decided) > MOST_DECIDED:
        raise BadInput(
            f"A follow-up holds {MOST_TEXT} characters, and what was decided {MOST_DECIDED}; note it in two.",
            sv=f"En uppföljning rymmer {MOST_TEXT} tecken och det som bestämdes {MOST_DECIDED}; dela upp den på två.",
        )
    if holds_number(text) or holds_number(decided):
        raise BadInput(
            "Leave the personnummer out: the pair is known already, and notes hold no identities.",
            sv="Ta bort personnumret: paret är redan känt, och noteringar innehåller inga identiteter.",
        )
    if entry.due is not None and entry.due.year not in YEARS:
        raise BadInput(
            f"due is out of range; choose a year from {YEARS[0]} to {YEARS[-1]}.",
            sv=f"Dagen ligger för långt bort; välj ett år från {YEARS[0]} till {YEARS[-1]}.",
        )
    return Entry(entry.kind, text, decided, entry.due, entry.corrects)

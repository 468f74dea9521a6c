"""The log book: what was decided, noted, done and handed over, pinned to the picture that its writer looked at.

Nothing is overwritten: a correction is an entry of its own. No entry holds a person: a case is named by its incident.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from app.domain.address import kept_address
from app.domain.errors import BadInput
from app.domain.follow_up import YEARS
from app.domain.personal_number import holds_number

MOST_TEXT, MOST_OWNER = 4000, 100
CLOSING, HANDOVER = "done", "handover"


@dataclass(frozen=True)
class Kind:
    """What an entry is of. ``written``: people choose it; the others are made by a step of the page."""

    id: str
    sv: str
    en: str
    written: bool = True


@dataclass(frozen=True)
class NewEntry:
    """What is to be entered.

    ``area``: a code, None for the whole region; ``for_all``: of the whole region, and for the chiefs too. ``view``: the
    page and the search of its address; ``known_at``: the moment that the picture was looked at as known (None: now).
    ``lon``, ``lat``: WGS84. ``owner`` and ``due`` are a follow-up's, ``begins`` and ``ends`` (days of the region) an
    intervention's, ``figures`` a handover's. ``about``: the follow-up that is closed or the handover that is
    acknowledged; ``corrects``: an earlier entry of the same kind. Both put the entry where the other is.
    """

    kind: str
    text: str = ""
    area: str | None = None
    for_all: bool = False
    incident: UUID | None = None
    view: str = ""
    known_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    owner: str = ""
    due: datetime | None = None
    begins: date | None = None
    ends: date | None = None
    figures: dict[str, Any] | None = None
    about: UUID | None = None
    corrects: UUID | None = None


@cache
def kinds() -> dict[str, Kind]:
    """The kinds, by id, in the order in which they are offered."""
    told = tomllib.loads((files("app.domain") / "log_book.toml").read_text(encoding="utf-8"))
    return {entry["id"]: Kind(**entry) for entry in told["kind"]}


def checked(entry: NewEntry) -> NewEntry:
    """The entry with its blanks trimmed (lines stay lines) and its view reduced to what it shows.

    Raises:
        BadInput: No such kind, nothing said, too much said, a number of a person, or what the kind asks for is missing.
    """
    if entry.kind not in kinds():
        raise BadInput(
            f"An entry is of one of these kinds: {', '.join(kinds())}.",
            sv=f"Välj vad posten är: {', '.join(kind.sv for kind in kinds().values())}.",
        )
    text, owner = lines_of(entry.text), " ".join(entry.owner.replace("\0", " ").split())
    if not text and entry.kind not in (CLOSING, HANDOVER):
        raise BadInput(
            "Say what was decided, seen or done; an entry without text tells nobody anything.",
            sv="Skriv vad som beslutades, sågs eller gjordes; en post utan text säger ingen något.",
        )
    if len(text) > MOST_TEXT or len(owner) > MOST_OWNER:
        raise BadInput(
            f"An entry holds {MOST_TEXT} characters, and its owner {MOST_OWNER}; write two.",
            sv=f"En post rymmer {MOST_TEXT} tecken och fältet för vem som gör den {MOST_OWNER}; skriv två poster.",
        )
    if holds_number(text) or holds_number(owner):
        raise BadInput(
            "Leave the personnummer out: the log book names a case by its incident, and no person.",
            sv="Ta bort personnumret: loggboken anger ett ärende med dess händelse och nämner ingen person.",
        )
    _require_own(entry, owner)
    _require_readable(entry)
    return replace(entry, text=text, owner=owner, view=kept_address(entry.view) if entry.view else "")


def _require_own(entry: NewEntry, owner: str) -> None:
    """Hold the fields that a kind has of its own against the kind."""
    follow_up, intervention = entry.kind == "follow_up", entry.kind == "intervention"
    if follow_up and (not owner or entry.due is None):
        raise BadInput(
            "A follow-up needs an owner and by when it is due.",
            sv="En uppföljning behöver någon som gör den och en tid då den ska vara klar.",
        )
    if not follow_up and (owner or entry.due is not None):
        raise BadInput(
            "Only a follow-up has an owner and is due; leave both out.",
            sv="Bara en uppföljning har någon som gör den och en tid då den ska vara klar; lämna båda tomma.",
        )
    if intervention and (entry.begins is None or (entry.area is None and entry.corrects is None)):
        raise BadInput(
            "What was done in an area needs the area and the day on which it began.",
            sv="En insats i ett område behöver området och dagen då den började.",
        )
    if not intervention and (entry.begins is not None or entry.ends is not None):
        raise BadInput(
            "Only what was done in an area begins and ends; leave both out.",
            sv="Bara en insats i ett område börjar och slutar; lämna båda dagarna tomma.",
        )
    if entry.begins is not None and entry.ends is not None and entry.ends < entry.begins:
        raise BadInput(
            "It ends before it begins; swap the two days.",
            sv="Insatsen slutar innan den börjar; byt plats på dagarna.",
        )
    if entry.kind == "review" and entry.incident is None and entry.corrects is None:
        raise BadInput(
            "A review names the incident that was reviewed.",
            sv="En granskning anger händelsen som granskats.",
        )
    if (entry.kind == CLOSING) != (entry.about is not None) and entry.corrects is None:
        raise BadInput(
            "`about` names the follow-up or handover that a done closes, and goes with no other kind.",
            sv="Bara det som är klart anger vilken uppföljning eller överlämning det avslutar, och det måste anges.",
        )
    if (entry.kind == HANDOVER) != (entry.figures is not None):
        raise BadInput(
            "A handover is signed with its figures, and no other entry has any.",
            sv="En överlämning signeras med sina siffror, och ingen annan post har några.",
        )


def _require_readable(entry: NewEntry) -> None:
    moments = [moment for moment in (entry.due, entry.known_at) if moment is not None]
    if any(moment.tzinfo is None for moment in moments):
        raise BadInput(
            "A moment needs a UTC offset, such as 2026-01-20T07:00:00+01:00.",
            sv="En tidpunkt behöver en tidszon, som i 2026-01-20T07:00:00+01:00.",
        )
    days = [day for day in (*moments, entry.begins, entry.ends) if day is not None]
    if any(day.year not in YEARS for day in days):
        raise BadInput(
            f"A day or moment is out of range; choose a year from {YEARS[0]} to {YEARS[-1]}.",
            sv=f"Dagen eller tidpunkten ligger för långt bort; välj ett år från {YEARS[0]} till {YEARS[-1]}.",
        )
    if entry.for_all and entry.area is not None:
        raise BadInput(
            "What is for everybody is of the whole region; leave the area out.",
            sv="Det som är till för alla gäller hela regionen; ta bort området.",
        )
    if (entry.lon is None) != (entry.lat is None):
        raise BadInput(
            "A place has a longitude and a latitude; give both or neither.",
            sv="En plats har både longitud och latitud; ange båda eller ingen.",
        )
    if (
        entry.lon is not None
        and entry.lat is not None
        and not (abs(entry.lon) <= 180 and abs(entry.lat) <= 90)
    ):
        raise BadInput(
            "The place lies nowhere on the earth; longitude comes first, in degrees.",
            sv="Platsen finns ingenstans på jorden; longituden kommer först, i grader.",
        )


def lines_of(text: str) -> str:
    """Text with each line's blanks trimmed, and at most one empty line in a row."""
    lines = [" ".join(line.split()) for line in text.replace("\0", " ").splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at > 0 and lines[at - 1])]
    return "\n".join(kept).strip()

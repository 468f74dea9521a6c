"""Names on some reports: of some repeat pairs every report tells who they are, and on some a number is missing.

So the demo has what the linkage is for (docs/linkage.md): a report without a personnummer, of somebody who is on other
reports with one, and written down with a slip. Few per cent of all reports, so that making a day stays as quick.
Nobody is anybody: names come from lists, the day of birth is that of a number of the 1800s
(``etl.feeds.demo.people``), telephone numbers have a digit too many, postcodes begin with a zero, which no Swedish one
does.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from app.linkage.names import MEN, WOMEN, families, frequencies, written
from app.linkage.planted import other_form, slip
from etl.feeds.demo.offences import COUPLE_MAN

if TYPE_CHECKING:
    from etl.feeds.demo.cohorts import Flags
    from etl.feeds.demo.places import Places
    from etl.feeds.demo.world import World

NAMED_IN_HUNDRED = 30
"""Of repeat pairs; so about one report in eight tells names, and one in thirty lacks a number."""
WITHOUT_NUMBER = 0.45
"""Of the later reports of these pairs, the share on which the number of one of the two is missing."""
FIELDS = ("NAMN", "FODD", "TEL", "GATA", "POSTNR")
COLUMNS = tuple(f"{role}_{field}" for role in ("MALSAGANDE", "MISSTANKT") for field in FIELDS)
NOTHING = ";" * len(FIELDS)
GIVEN, TOLD, WHICH = 11, 12, 13  # streams of a person's and a report's number
SCATTER = 2_654_435_761

VICTIM, SUSPECT, NEITHER = 0, 1, 2


@dataclass(frozen=True)
class Identity:
    """What a report tells of one person. ``born`` is an ISO date."""

    given: str
    family: str
    born: str
    phone: str
    street: str
    postcode: str

    def cells(self) -> str:
        """The five cells with a semicolon before each."""
        return f";{self.given} {self.family};{self.born};{self.phone};{self.street};{self.postcode}"


def named(world: World) -> Flags:
    """Of which pairs the reports tell names: one element a pair. Nobody protected is among them."""
    pairs = world.pairs
    reports = np.bincount(world.events.pair, minlength=len(pairs.key))
    scattered = (pairs.key * SCATTER >> 9) % 100
    chosen: Flags = (scattered < NAMED_IN_HUNDRED) & (reports > 1) & ~pairs.protected
    return chosen


def without_number(world: World, event: int) -> int:
    """Whose number is missing on the report of an event of a named pair: of VICTIM, SUSPECT or NEITHER."""
    if world.events.place_in_row[event] == 0:
        return NEITHER
    rng = np.random.default_rng([WHICH, *_report(world, event)])
    return (SUSPECT if rng.random() < 0.4 else VICTIM) if rng.random() < WITHOUT_NUMBER else NEITHER


def told(world: World, places: Places, event: int) -> tuple[Identity, Identity]:
    """Victim and suspect as the report of an event writes them down: those without a number with a slip."""
    pair = int(world.events.pair[event])
    missing = without_number(world, event)
    both = []
    for role in (VICTIM, SUSPECT):
        true = _identity(world, places, event, role)
        number = int((world.pairs.victim, world.pairs.suspect)[role][pair])
        rng = np.random.default_rng([TOLD, number, *_report(world, event)])
        both.append(_written_down(rng, true, slips=role == missing))
    return both[0], both[1]


def true_name(world: World, places: Places, event: int, role: int) -> str:
    """The name that the person bears."""
    true = _identity(world, places, event, role)
    return f"{true.given} {true.family}"


def _report(world: World, event: int) -> tuple[int, int]:
    return int(world.pairs.key[world.events.pair[event]]), int(world.events.place_in_row[event])


def _identity(world: World, places: Places, event: int, role: int) -> Identity:
    """The same for a number, whatever the report, but for the address of those who move."""
    pairs, pair = world.pairs, int(world.events.pair[event])
    victim, suspect = int(pairs.victim[pair]), int(pairs.suspect[pair])
    number = (victim, suspect)[role]
    rng = np.random.default_rng([GIVEN, number])
    listed = "men" if number // 10 % 2 else "women"
    given = _drawn(rng, listed)
    if rng.random() < 0.08:
        given += f"-{_drawn(rng, listed)}"
    family = _drawn(rng, "families")
    phone = f"070-{int(rng.integers(10_000_000, 99_999_999))}"
    elsewhere = int(rng.integers(len(places.streets)))
    couple = pairs.relation[pair] <= COUPLE_MAN
    if role == SUSPECT and couple and rng.random() < 0.4:
        family = _identity(world, places, event, VICTIM).family
    moved = pairs.moved_to[pair] >= 0 and world.events.place_in_row[event] >= pairs.moved_before[pair]
    home = int(pairs.moved_to[pair] if moved else pairs.home[pair])
    lives = home if role == VICTIM or (couple and not moved) else elsewhere
    return Identity(
        given,
        family,
        _born(number),
        phone,
        f"{places.streets[lives]} {int(pairs.house[pair])}",
        f"0{lives % 9_999:04d}",
    )


@cache
def _shares(listed: str) -> tuple[tuple[str, ...], list[float]]:
    """The names of a list as they are written, and their cumulative shares."""
    names = {"men": MEN.split(), "women": WOMEN.split(), "families": families()}[listed]
    return tuple(written(name) for name in names), list(accumulate(frequencies(len(names))))


def _drawn(rng: np.random.Generator, listed: str) -> str:
    names, shares = _shares(listed)
    return names[min(bisect(shares, rng.random()), len(names) - 1)]


def _born(number: int) -> str:
    text = str(number)
    return f"{text[:4]}-{text[4:6]}-{int(text[6:8]) % 60:02d}"


def _written_down(rng: np.random.Generator, true: Identity, *, slips: bool) -> Identity:
    """Some fields are left out; without a number there is a slip as well, or the family name has changed."""
    found = replace(
        true,
        phone=true.phone if rng.random() < 0.75 else "",
        street=true.street if rng.random() < 0.8 else "",
        postcode=true.postcode if rng.random() < 0.8 else "",
    )
    kind = rng.random() if slips else 1.0
    if kind < 0.15:
        found = replace(found, given=slip(rng, found.given))
    elif kind < 0.35:
        found = replace(found, family=slip(rng, found.family))
    elif kind < 0.43:
        found = replace(found, given=found.family, family=found.given)
    elif kind < 0.58:
        found = replace(found, given=other_form(rng, found.given))
    elif kind < 0.70:
        year, month, day = found.born.split("-")
        wrong = f"{int(day) % 28 + 1:02d}"
        found = replace(found, born=f"{year}-{day}-{month}" if int(day) <= 12 else f"{year}-{month}-{wrong}")
    elif kind < 0.76:
        found = replace(found, family=_drawn(rng, "families"))
    return found

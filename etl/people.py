"""The people of one report: who is one and the same within it, and what is kept of each.

Within one report, and in one role, rows with the same number, or without one with all the same facts, tell of one
person: an extract writes a report's people again on each of its rows. Over reports nobody is joined here. Without a
number a person's pseudonym is that of the n-th person of that role in this report, whatever later versions say of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from etl.feed import IDENTITY_FIELDS

if TYPE_CHECKING:
    from etl.identify import Pseudonyms
    from etl.validate import Observation, ObservedPerson

PAIR = ("victim", "suspect")


@dataclass
class Mention:
    """One person of one role in one report. ``person`` is the inner pseudonym.

    ``number`` is the place of the offence by which a victim or a suspect is first named, else the person's own place
    among those of the role.
    """

    role: str
    number: int
    person: bytes
    told: dict[str, str] = field(default_factory=dict)

    def to_seal(self) -> bytes | None:
        """What is told besides the number, as JSON; None when there is nothing."""
        return orjson.dumps(self.told) if self.told else None

    def said(self) -> tuple[object, ...]:
        """What the mention says, for the comparison with the version before."""
        return self.role, self.number, self.person.hex(), self.told


def mentions(
    o: Observation, feed: str, pseudonyms: Pseudonyms
) -> tuple[dict[tuple[str, int], bytes], list[Mention]]:
    """The inner pseudonyms of victims and suspects by role and place of the offence, and the mentions that are kept.

    Raises:
        Problem: What looks like a personnummer is none.
    """
    pairs: dict[tuple[str, int], bytes] = {}
    kept: list[Mention] = []
    told: dict[tuple[str, int | None], ObservedPerson] = {
        (one.role, one.offence): one for one in o.people if one.role in PAIR
    }
    for role in PAIR:
        book = _Book(o.source_key, feed, role, pseudonyms)
        for place, offence in enumerate(o.offences, start=1):
            person = told.get((role, place))
            number: str | None = getattr(offence, role) or (person.number if person else None)
            found = book.find(person, pseudonyms.inner(number, f"offences.{role}"), place)
            if found is not None:
                pairs[role, place] = found.person
        kept += [mention for mention in book.found if mention.told]
    for role in ("witness", "reporter"):
        book = _Book(o.source_key, feed, role, pseudonyms)
        for person in o.people:
            if person.role == role:
                book.find(person, pseudonyms.inner(person.number, f"people.{role}"), None)
        kept += book.found
    return pairs, kept


class _Book:
    """The people of one role in one report, in the order in which they are first named."""

    def __init__(self, source_key: str, feed: str, role: str, pseudonyms: Pseudonyms) -> None:
        self.role = role
        self.found: list[Mention] = []
        self._source = (feed, source_key)
        self._pseudonyms = pseudonyms
        self._known: dict[object, Mention] = {}

    def find(
        self, person: ObservedPerson | None, numbered: bytes | None, place: int | None
    ) -> Mention | None:
        """The person, new or named before; None when nothing is told of them."""
        told = _told(person)
        key: object = numbered or (tuple(told.items()) or None)
        if key is None:
            return None
        known = self._known.get(key)
        if known is None:
            nth = len(self.found) + 1
            inner = numbered or self._pseudonyms.inner_of_mention(*self._source, self.role, nth)
            known = self._known[key] = Mention(self.role, place or nth, inner)
            self.found.append(known)
        known.told = {**told, **known.told}
        return known


def _told(person: ObservedPerson | None) -> dict[str, str]:
    """What is told of a person besides the number, in a fixed order; a name's blanks are of no account."""
    if person is None:
        return {}
    facts = {name: " ".join((getattr(person, name) or "").split()) for name in IDENTITY_FIELDS}
    return {name: text for name, text in facts.items() if text}

"""The steps between parse and load, for a part of a delivery: pure given the region's areas, offences and keys."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from etl import keep, parse, validate, versions
from etl.catalogue import Catalogue
from etl.feed import Feed, Problem, Record
from etl.identify import Pseudonyms, mask
from etl.keep import Keys, Sealed
from etl.load import Arrival, Part, Refusal
from etl.locate import Hint, Map, Place
from etl.people import Mention, mentions

if TYPE_CHECKING:
    from app.db import Connection
    from etl.keyring import RecordKey
    from etl.validate import Observation


@dataclass(frozen=True)
class Workshop:
    """What the steps need to know. Read once per process, and again when the region pack changes."""

    areas: Map
    catalogue: Catalogue
    keys: Keys
    pseudonyms: Pseudonyms

    @classmethod
    async def open(cls, connection: Connection, keys: Keys) -> Workshop:
        """Read areas and offences from the database, and under which version of the keys its pseudonyms are.

        Raises:
            SetupError: The key file is not the one under which the database was begun.
        """
        held, version = await versions.current(connection, keys)
        areas, catalogue = await Map.read(connection), await Catalogue.read(connection)
        return cls(areas, catalogue, held, Pseudonyms(held, version))

    def prepare(
        self, records: Sequence[Record], feed: Feed, *, part: int, fetched_at: datetime, archive: bool
    ) -> Part:
        """Take records from parse to the door of load. Every record ends as an arrival or as a refusal."""
        seen: list[tuple[Record, Observation]] = []
        refused: list[tuple[Record, Problem]] = []
        for record, draft in parse.drafts(list(records), feed):
            if isinstance(draft, Problem):
                refused.append((record, draft))
                continue
            try:
                seen.append((record, validate.observe(draft, fetched_at)))
            except Problem as problem:
                refused.append((record, problem))
        clocks = [o.occurred_from.astimezone(feed.region.zone) for _, o in seen]
        hints = [_hint(o, local.date()) for (_, o), local in zip(seen, clocks, strict=True)]
        arrivals: list[Arrival] = []
        for (record, o), local, place in zip(seen, clocks, self.areas.places(hints), strict=True):
            known_at = min(o.known_at, fetched_at) if archive and o.known_at is not None else fetched_at
            try:
                arrivals.append(self._arrival(record, o, local, place, known_at, feed))
            except Problem as problem:
                refused.append((record, problem))
        refusals = [self._refusal(record, problem, feed) for record, problem in refused]
        return Part(part, len(records), arrivals, refusals)

    def _arrival(
        self,
        record: Record,
        o: Observation,
        local: datetime,
        place: Place | Problem,
        known_at: datetime,
        feed: Feed,
    ) -> Arrival:
        """The rows of one record. Of protected persons nothing remains that could tell a place."""
        if isinstance(place, Problem):
            raise place
        area = place.area
        area_id = area.area_id
        shown: Observation | None = o
        if o.protected:
            place, area_id, shown = Place(area, "none"), area.rollup_area_id, None
        people = self._people(o, feed)
        inner = self._offences(record, o, people[0])
        gravest = self.catalogue.gravest([row[2] for row in inner])
        content_hash = _content_hash(o, inner, people[1])
        offences = inner
        if not self.pseudonyms.is_plain:
            content_hash, offences = self._turned(content_hash, inner)
        sealed = self._seal(record, secret=feed.holds_identities or o.protected)
        kept = [self._mention(record, mention, o) for mention in people[1]]
        row = (
            record.number, o.source_key, known_at, o.state, o.occurred_from, o.occurred_to, o.reported_at,
            local.date(), local.hour, area_id, area.rollup_area_id, place.precision,
            place.easting_m, place.northing_m, *place.cell, gravest, o.protected,
            shown and shown.title, shown and shown.summary, shown and shown.place_text, shown and shown.url,
            o.priority, shown and shown.attributes, content_hash, sealed.body, sealed.key_id,
        )  # fmt: skip
        keys: tuple[RecordKey, ...] = () if sealed.key is None else (sealed.key,)
        if not kept:
            return Arrival(row, tuple(offences), (), keys, o.protected)
        keys += tuple(told.key for _, told in kept if told and told.key)
        return Arrival(row, tuple(offences), tuple(mention for mention, _ in kept), keys, o.protected)

    def _turned(
        self, content_hash: bytes, inner: list[tuple[Any, ...]]
    ) -> tuple[bytes, list[tuple[Any, ...]]]:
        """The hash of what is said, and the offences, under the outer layer of this version; in one call."""
        hashed, *pairs = self.pseudonyms.outer_all(
            (content_hash, *(row[4] for row in inner), *(row[5] for row in inner))
        )
        victims, suspects = pairs[: len(inner)], pairs[len(inner) :]
        rows = [
            (*row[:4], victim, suspect, row[6])
            for row, victim, suspect in zip(inner, victims, suspects, strict=True)
        ]
        return hashed or content_hash, rows

    def _people(self, o: Observation, feed: Feed) -> tuple[dict[tuple[str, int], bytes], list[Mention]]:
        """Victims and suspects by role and place of the offence, and who is mentioned; inner pseudonyms."""
        if o.people:
            return mentions(o, feed.name, self.pseudonyms)
        inner = self.pseudonyms.inner
        pairs: dict[tuple[str, int], bytes] = {}
        for place, offence in enumerate(o.offences, start=1):
            if victim := inner(offence.victim, "offences.victim"):
                pairs["victim", place] = victim
            if suspect := inner(offence.suspect, "offences.suspect"):
                pairs["suspect", place] = suspect
        return pairs, []

    def _offences(
        self, record: Record, o: Observation, pairs: dict[tuple[str, int], bytes]
    ) -> list[tuple[Any, ...]]:
        return [
            (
                record.number, place, self.catalogue.find(offence.code), offence.count,
                pairs.get(("victim", place)), pairs.get(("suspect", place)), offence.relation,
            )
            for place, offence in enumerate(o.offences, start=1)
        ]  # fmt: skip

    def _mention(
        self, record: Record, mention: Mention, o: Observation
    ) -> tuple[tuple[Any, ...], Sealed | None]:
        """A mention as it is stored. Of protected persons nothing is told, not even sealed."""
        told = None if o.protected else mention.to_seal()
        sealed = None if told is None else self.keys.seal(told)
        person = self.pseudonyms.outer(mention.person)
        row = (
            record.number, mention.role, mention.number, person, sealed and sealed.body, sealed and sealed.key_id,
        )  # fmt: skip
        return row, sealed

    def _seal(self, record: Record, *, secret: bool) -> Sealed:
        plain = keep.to_bytes(record.body)
        return self.keys.seal(plain) if secret else Sealed(plain)

    def _refusal(self, record: Record, problem: Problem, feed: Feed) -> Refusal:
        """What was not understood may be about anybody: only public notices are kept in the clear."""
        secret = feed.kind != "notice"
        value = (mask(problem.value) if secret else problem.value)[:200].replace("\x00", "␀")
        return Refusal(
            record.number, problem.step, problem.field, value.encode("utf-8", "replace").decode(), problem.reason,
            self._seal(record, secret=secret),
        )  # fmt: skip


def _hint(o: Observation, day: date) -> Hint:
    """What is said of the place. Of what lies outside the region no name needs to be known."""
    return Hint(o.latitude, o.longitude, () if o.state == "outside" else o.areas, day)


def _content_hash(o: Observation, offences: list[tuple[Any, ...]], people: list[Mention]) -> bytes:
    """What an observation says, in 16 bytes. The times at which we learnt of it are not part of what it says.

    It is made of inner pseudonyms and stored under the outer layer, so a re-key takes it along.
    """
    said: tuple[Any, ...] = (
        o.state, o.occurred_from, o.occurred_to, o.reported_at, o.title, o.summary, o.place_text, o.url, o.priority,
        o.protected, o.latitude and round(o.latitude, 5), o.longitude and round(o.longitude, 5), o.areas, o.attributes,
        [(o.offences[row[1] - 1].code, row[3], _hex(row[4]), _hex(row[5]), row[6]) for row in offences],
    )  # fmt: skip
    if people:
        said = (*said, [mention.said() for mention in people])
    return hashlib.blake2b(orjson.dumps(said, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def _hex(pseudonym: bytes | None) -> str:
    return "" if pseudonym is None else pseudonym.hex()

"""The contract of a feed, and the discovery of feeds.

A feed is a folder ``etl/feeds/<name>/`` with a ``feed.toml`` and, where its format is its own, a ``parse.py``;
where it is fetched and not sent, a ``fetch.py``. Tables (CSV, Excel, NDJSON) need no code at all: the column
names in ``feed.toml`` are enough, and ``etl.helpers.table`` reads them.

``parse.py`` has two functions, because a quarantined record is replayed from its second half:

* ``records(content, feed)`` cuts a delivery into raw records. It raises ``UnreadableFile`` when the delivery as
  a whole is not of the feed's format; a part that cannot be read becomes a ``Record`` whose ``problem`` says why.
* ``draft(record, feed)`` names the fields of one record in our terms. It raises ``Problem``.

``fetch.py`` has ``fetch(cursor, feed, now)``: an async iterator of ``Fetched``, run for ever by ``etl.serve``.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, cast

from app.config import ROOT
from app.domain.errors import NotFound
from app.domain.feed_rhythm import FLOOR, FeedFacts
from app.domain.region import Region
from app.domain.window import KINDS, Kind

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class Problem(Exception):  # noqa: N818 - it is kept, not raised to anybody's face
    """One thing that is wrong with one record: it goes to quarantine with these four words."""

    def __init__(self, step: str, field_name: str, value: object, reason: str) -> None:
        super().__init__(f"{step}: {field_name} = {value!r}: {reason}")
        self.step = step
        self.field = field_name
        self.value = "" if value is None else str(value)
        self.reason = reason


@dataclass(frozen=True)
class Record:
    """One record as the source wrote it. ``number`` is its place in the delivery, from 1."""

    number: int
    body: dict[str, Any]
    problem: Problem | None = None


ROLES = ("victim", "suspect", "witness", "reporter")
"""Målsägande, misstänkt, vittne, anmälare."""
IDENTITY_FIELDS = ("name", "born", "sex", "phone", "street", "postcode")
"""What is told of a person besides a number."""


class PersonDraft(TypedDict, total=False):
    """Somebody on a report: a role, and a number or what else is told. Never kept in the clear.

    ``offence``: the place, from 1, of the offence that a victim or a suspect belongs to; none for witness and reporter.
    ``number`` is a personnummer, a samordningsnummer or the source's own key. ``born`` is ISO 8601, perhaps cut short;
    ``sex`` is female or male.
    """

    role: str
    offence: int
    number: str | None
    name: str
    born: str
    sex: str
    phone: str
    street: str
    postcode: str


class OffenceDraft(TypedDict, total=False):
    """One offence of a draft. ``victim`` and ``suspect`` are identities, never kept in the clear."""

    code: str
    count: int
    victim: str | None
    suspect: str | None
    relation: str | None


class Draft(TypedDict, total=False):
    """A record's fields in our terms, not yet checked.

    Only ``source_key``, ``occurred_from`` and ``offences`` are needed. Moments are aware datetimes; ``state`` is
    active, withdrawn or outside (of the region).

    The place is the finest of: a WGS84 position, a street address, an area's name or code. ``areas`` lists names
    or codes from fine to coarse ("Södermalm", "0180", "Stockholms län"); the first that the region knows counts.
    ``known_at`` is honoured in archives only: when the source itself says it first knew.

    ``people`` are victims and suspects of whom more is told than the number that their offence has, witnesses and
    reporters.
    """

    source_key: str
    state: str
    occurred_from: datetime
    occurred_to: datetime
    reported_at: datetime | None
    known_at: datetime | None
    title: str | None
    summary: str | None
    place_text: str | None
    url: str | None
    priority: int | None
    protected: bool
    latitude: float | None
    longitude: float | None
    areas: tuple[str, ...]
    offences: list[OffenceDraft]
    people: list[PersonDraft]
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Fetched:
    """One delivery on its way in. ``cursor`` is stored in the same transaction as what was loaded."""

    content: bytes
    name: str
    fetched_at: datetime
    archive: bool = False
    cursor: dict[str, Any] | None = None


class Parser(Protocol):
    """What a ``parse.py`` offers."""

    def records(self, content: bytes, feed: Feed) -> Iterable[Record]:
        """Cut a delivery into records."""

    def draft(self, record: Record, feed: Feed) -> Draft:
        """Name one record's fields in our terms."""


class Fetcher(Protocol):
    """What a ``fetch.py`` offers."""

    def fetch(self, cursor: dict[str, Any], feed: Feed, now: datetime) -> AsyncIterator[Fetched]:
        """Yield deliveries for ever, resting between them."""


@dataclass(frozen=True)
class Feed:
    """A source: ``feed.toml`` as read, and the region it is read for."""

    name: str
    kind: Kind
    title_sv: str
    title_en: str
    holds_identities: bool
    settings: dict[str, Any] = field(repr=False)
    region: Region = field(repr=False)

    @property
    def kind_number(self) -> int:
        """The kind as the tables keep it."""
        return KINDS[self.kind]

    def facts(self) -> FeedFacts:
        """What its health is told by: ``[rhythm] floor_minutes``, and how often a source is asked (``every_s``)."""
        rhythm, every_s = self.settings.get("rhythm", {}), self.settings.get("fetch", {}).get("every_s")
        return FeedFacts(
            self.name, self.kind, self.title_sv, self.title_en,
            timedelta(minutes=rhythm["floor_minutes"]) if "floor_minutes" in rhythm else FLOOR,
            timedelta(seconds=every_s) if every_s else None,
            bool(self.settings.get("demo")),
        )  # fmt: skip

    def folder(self) -> Traversable:
        """The folder of the feed, for its samples."""
        return files("etl.feeds") / self.name

    def parser(self) -> Parser:
        """The feed's own ``parse.py``, else the reader of tables."""
        own = self.folder() / "parse.py"
        module = f"etl.feeds.{self.name}.parse" if own.is_file() else "etl.helpers.table"
        return cast("Parser", importlib.import_module(module))

    def fetcher(self) -> Fetcher | None:
        """The feed's ``fetch.py``; None when the feed is only sent to us."""
        if not (self.folder() / "fetch.py").is_file():
            return None
        return cast("Fetcher", importlib.import_module(f"etl.feeds.{self.name}.fetch"))


def feed_names() -> tuple[str, ...]:
    """The names of all feeds that exist, sorted."""
    package = files("etl.feeds")
    return tuple(sorted(entry.name for entry in package.iterdir() if (entry / "feed.toml").is_file()))


@cache
def get_feed(name: str, region: str = "stockholm") -> Feed:
    """Read one feed's folder.

    Raises:
        NotFound: No folder ``etl/feeds/<name>`` with a ``feed.toml``.
    """
    if name not in feed_names():
        raise NotFound(f"There is no feed {name!r}; the feeds are {', '.join(feed_names())}.")
    facts = tomllib.loads((files("etl.feeds") / name / "feed.toml").read_text(encoding="utf-8"))
    return Feed(
        name=name,
        kind=facts["kind"],
        title_sv=facts["title_sv"],
        title_en=facts["title_en"],
        holds_identities=facts["holds_identities"],
        settings=facts,
        region=Region.read(ROOT / "geodata" / "regions" / region),
    )


def iterate_feeds(region: str = "stockholm") -> Iterator[Feed]:
    """All feeds, sorted by name."""
    for name in feed_names():
        yield get_feed(name, region)

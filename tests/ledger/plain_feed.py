"""A feed for tests: its records are drafts already, so a test says exactly what the source said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from app.config import ROOT
from app.domain.region import Region
from etl.feed import Draft, Feed, Parser, Record

MOMENTS = ("occurred_from", "occurred_to", "reported_at", "known_at")


class _Drafts:
    def records(self, content: bytes, feed: Feed) -> Iterable[Record]:
        for number, line in enumerate(content.splitlines(), start=1):
            yield Record(number, orjson.loads(line))

    def draft(self, record: Record, feed: Feed) -> Draft:
        fields: dict[str, Any] = dict(record.body)
        for name in MOMENTS:
            if fields.get(name) is not None:
                fields[name] = datetime.fromisoformat(fields[name])
        fields["areas"] = tuple(fields.get("areas", ()))
        return Draft(**fields)  # type: ignore[typeddict-item]


@dataclass(frozen=True)
class PlainFeed(Feed):
    def parser(self) -> Parser:
        return _Drafts()


def plain_feed(name: str = "plain", *, holds_identities: bool = False) -> PlainFeed:
    region = Region.read(ROOT / "geodata" / "regions" / "stockholm")
    return PlainFeed(name, "report", "Prov", "Test", holds_identities, {}, region)


def lines(*drafts: dict[str, Any]) -> bytes:
    """The bytes of a delivery of some drafts."""
    return b"\n".join(orjson.dumps(draft) for draft in drafts)

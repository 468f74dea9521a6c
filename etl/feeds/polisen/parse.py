"""Notices of polisen.se: an array of items, most of them for all of Sweden.

What counts as a change of a notice: its title, text, type, location, address on the web, time of publication and
position. What does not, and is smoothed away here: white space of every kind, HTML entities, an hour without its zero,
and digits of a position beyond the sixth decimal (58.345364 comes back as 58.345364000000004).

A body that is empty, cut off or no array is unreadable as a whole. An item that is not in a body says nothing about
itself: the body is a window of the latest 500.
"""

from __future__ import annotations

import html
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from app.domain.errors import UnreadableFile
from etl.feed import Draft, Problem, Record
from etl.feeds.polisen import title
from etl.helpers.dates import local_times
from etl.helpers.swedish import slug, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.domain.region import Region
    from etl.feed import Feed

GPS_DECIMALS = 6  # the source writes six: rounding there can hide nothing, and no noise lies at a half
SUMMARY = "sammanfattning"


def records(content: bytes, feed: Feed) -> Iterator[Record]:  # noqa: ARG001 - the contract of a parser
    """Cut a body of the interface into its items.

    Raises:
        UnreadableFile: It is empty, cut off, or no JSON array.
    """
    if not content.strip():
        raise UnreadableFile("The body is empty; it says nothing about any notice.")
    try:
        items = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise UnreadableFile(f"The body is cut off or no JSON ({error}); fetch it again.") from error
    if not isinstance(items, list):
        raise UnreadableFile("The body is JSON but no array of events; the interface may have changed.")
    return (_record(number, item) for number, item in enumerate(items, start=1))


def _record(number: int, item: Any) -> Record:
    if isinstance(item, dict):
        return Record(number, item)
    return Record(number, {"item": item}, Problem("parse", "item", item, "An event that is no object."))


def draft(record: Record, feed: Feed) -> Draft:
    """Name one item's fields in our terms.

    Raises:
        Problem: It has no id, title, type or readable time of publication.
    """
    if record.problem is not None:
        raise record.problem
    item = record.body
    name, kind = _needed(item, "name"), _needed(item, "type")
    published = _published(item, feed.region)
    parts = title.split(name, kind)
    location, gps = _location(item)
    inside = _areas(location, parts.place, feed.region)
    attributes: dict[str, Any] = {"type": kind, "location": location, "gps": gps}
    if slug(kind).startswith(SUMMARY):
        attributes["summary_notice"] = True  # one notice about many incidents
    return {
        "source_key": _key(item),
        "state": "outside" if inside is None else "active",
        "occurred_from": _occurred(parts, published, feed.region),
        "reported_at": published,
        "title": name,
        "summary": _text(item, "summary") or None,
        "url": _url(item, feed),
        "areas": inside or (),
        "offences": [{"code": f"polisen:{slug(kind) or 'okand'}"}],
        "attributes": {fact: value for fact, value in attributes.items() if value is not None},
    }


def _text(item: dict[str, Any], field: str) -> str:
    value = item.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Problem("parse", field, value, "It should be text.")
    return tidy(html.unescape(value))


def _needed(item: dict[str, Any], field: str) -> str:
    text = _text(item, field)
    if not text:
        raise Problem("parse", field, item.get(field), "It is missing or empty.")
    return text


def _key(item: dict[str, Any]) -> str:
    key = item.get("id")
    if isinstance(key, bool) or not isinstance(key, int | str) or not str(key).strip():
        raise Problem("parse", "id", key, "A notice is known by its id, and this is none.")
    return str(key).strip()


def _published(item: dict[str, Any], region: Region) -> datetime:
    """The time of publication: "2026-06-30 7:32:17 +02:00", its hour without a zero."""
    text = _needed(item, "datetime")
    try:
        return local_times(region.zone).moment(text)
    except (ValueError, OverflowError) as error:
        raise Problem("parse", "datetime", text, str(error)) from error


def _occurred(parts: title.Title, published: datetime, region: Region) -> datetime:
    """When it happened by its title, else when it was published; never after that."""
    local = published.astimezone(region.zone).replace(tzinfo=None)
    event = parts.stated and title.happened(parts.stated, local)
    if not event or event == local:
        return published
    return min(local_times(region.zone).utc(event), published)


def _location(item: dict[str, Any]) -> tuple[str | None, list[float] | str | None]:
    """The location's name and position. The position is the centre of an area, so it is a fact and no point."""
    location = item.get("location")
    if location is None:
        return None, None
    if not isinstance(location, dict):
        raise Problem("parse", "location", location, "It should have a name and a position.")
    gps = _text(location, "gps")
    position: list[float] | str | None = gps or None
    if gps:
        with suppress(ValueError):  # what is no pair of numbers stays as it was written
            position = [round(float(part), GPS_DECIMALS) for part in gps.split(",")]
    return _text(location, "name") or None, position


def _areas(location: str | None, place: str, region: Region) -> tuple[str, ...] | None:
    """The areas of a notice, fine to coarse; None when it is of another region.

    The location decides: a kommun of the region, or one of its län, and then the title's last part tells the kommun.
    Only where there is no location does the title's last part decide alone.
    """
    names = region.facts["polisen"]
    kommuner = {name.casefold(): name for name in names["kommun"]}
    counties = {name.casefold(): name for name in names["lan"]}
    where, suffix = (location or place).casefold(), place.casefold()
    if where in kommuner:
        return (kommuner[where],)
    if where in counties:
        return (kommuner[suffix], counties[where]) if suffix in kommuner else (counties[where],)
    return None


def _url(item: dict[str, Any], feed: Feed) -> str | None:
    """The notice's page. Only a path of the publisher's site or a full https address is taken for one."""
    path = _text(item, "url")
    if path.startswith("/") and not path.startswith("//"):
        return f"{feed.settings['fetch']['site']}{path}"
    return path if path.startswith("https://") else None

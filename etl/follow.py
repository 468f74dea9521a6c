"""Follow: one record of a sample at every stop of its way, with the file that handled it. Nothing is stored.

For the newcomer who asks where a thing happens. The record goes through the real steps on the real database, inside
a transaction that the caller rolls back. Numbers of persons are masked here as everywhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from app.domain.errors import BadInput
from etl import identify, load, locate, match, parse, validate
from etl.feed import IDENTITY_FIELDS, Draft, Feed, Problem, feed_names, get_feed
from etl.helpers import table
from etl.helpers.columns import mapping_of
from etl.helpers.people import PEOPLE_FIELDS
from etl.helpers.swedish import plain
from etl.identify import NUMBER, mask
from etl.keyring import Keyring
from etl.load import Delivery
from etl.run import read_records
from etl.steps import Workshop

if TYPE_CHECKING:
    from app.db import Connection
    from etl.keep import Keys

LEDGER_ROWS = """
select l.known_at, l.day, k.code as offence, a.name as area, l.offences, l.incidents, i.uid
from ledger as l join incident as i using (incident_id) join offence as k using (offence_id)
join area as a on a.area_id = l.area_id where i.feed = $1 order by l.ledger_id
"""


def feed_of_sample(sample: Path, region: str) -> Feed:
    """The feed whose folder a sample lies in, or whose name its file begins with.

    Raises:
        BadInput: Neither tells.
    """
    for name in feed_names():
        if sample.resolve().parent.name == name or sample.name.startswith(name):
            return get_feed(name, region)
    raise BadInput(f"{sample} does not tell its feed; put it into etl/feeds/<feed>/ or name it <feed>-….")


async def follow(
    connection: Connection, feed: Feed, content: bytes, *, name: str, now: datetime, keys: Keys
) -> AsyncIterator[str]:
    """Yield a line (or some) for each stop. ``now`` is taken as the time of the fetch."""
    yield _stop("arrive", feed_file(feed), f"{feed.title_en}: {name}, {len(content)} bytes, kind {feed.kind}")
    digest = sha256(content).hexdigest()[:12]
    sealed = (
        "each record under a key of its own"
        if feed.holds_identities
        else "not sealed: it holds no identities"
    )
    yield _stop("keep", "etl/keep.py", f"sha256 {digest}…, {sealed}")

    record = next(iter(read_records(feed, content)), None)
    if record is None:
        yield _stop("parse", _file_of(feed.parser()), "no record in it")
        return
    yield _stop(
        "parse",
        _file_of(feed.parser()),
        f"record {record.number}, as the source wrote it",
        _masked_row(record.body, feed),
    )
    draft = next(parse.drafts([record], feed))[1]
    if isinstance(draft, Problem):
        yield _stop("quarantine", "etl/quarantine.py", f"{draft.field}: {draft.reason}")
        return
    yield _stop("draft", _file_of(feed.parser()), "the same in our terms", _masked_people(draft))
    try:
        seen = validate.observe(draft, now)
    except Problem as problem:
        yield _stop("quarantine", "etl/quarantine.py", f"{problem.field}: {problem.reason}")
        return
    yield _stop("validate", _file_of(validate), f"{seen.state}, {seen.occurred_from} to {seen.occurred_to}")

    workshop = await Workshop.open(connection, keys)
    part = workshop.prepare([record], feed, part=0, fetched_at=now, archive=False)
    for refusal in part.refusals:
        yield _stop("quarantine", "etl/quarantine.py", f"{refusal.step} {refusal.field}: {refusal.reason}")
        return
    hint = locate.Hint(seen.latitude, seen.longitude, seen.areas, feed.region.day(seen.occurred_from))
    place = workshop.areas.places([hint])[0]
    if isinstance(place, locate.Place):
        yield _stop(
            "locate", _file_of(locate), f"{place.area.kind} {place.area.name}, precision {place.precision}"
        )
    for offence in part.arrivals[0].offences:
        victim, suspect = (value.hex()[:12] + "…" if value else "none" for value in offence[4:6])
        yield _stop("identify", _file_of(identify), f"victim {victim}, suspect {suspect}")

    follower = replace(feed, name=f"{feed.name} (followed)")
    await load.prepare(connection)
    loaded = await load.load(
        connection,
        replace(part, last=True),
        Delivery(follower, name, sha256(content).digest(), now),
        Keyring(),
    )
    yield _stop(
        "match", _file_of(match), "new" if loaded.loaded else "unchanged: the version before it says the same"
    )
    yield _stop("load", _file_of(load), f"one transaction, ledger position {loaded.position}")
    for row in await connection.fetch(LEDGER_ROWS, follower.name):
        where = f"{row['day']} {row['area']} {row['offence']}"
        signed = f"{row['offences']:+d} offences, {row['incidents']:+d} incidents"
        yield _stop("ledger", "etl/ledger.py", f"{where}: {signed}")
    yield _stop("queries", "app/queries/counts.py", "every count is the sum of such rows, as known at T")
    yield _stop(
        "screen", "dashboards/pages/nu/page.py", "the ticker and the map read the ledger from their position"
    )


def _masked_people(draft: Draft) -> dict[str, Any]:
    """A draft in which what is told of people has only its shape."""
    told = [
        {key: mask(str(value)) if key in IDENTITY_FIELDS else value for key, value in person.items()}
        for person in draft.get("people", ())
    ]
    return {**draft, "people": told}


def _masked_row(body: dict[str, Any], feed: Feed) -> dict[str, Any]:
    """The rows of a table with the cells about people masked; other formats as they are."""
    if feed.parser().__name__ != table.__name__:  # type: ignore[attr-defined]
        return body
    rows = body["rows"] if isinstance(body.get("rows"), list) else [body]
    columns = mapping_of(feed).columns
    people = {name for field in PEOPLE_FIELDS for name in columns.get(field, ())}
    masked = [
        {key: mask(str(cell)) if plain(key) in people else cell for key, cell in row.items()} for row in rows
    ]
    return {"rows": masked} if rows is not body and "rows" in body else masked[0]


def feed_file(feed: Feed) -> str:
    """The file that describes a feed."""
    return f"etl/feeds/{feed.name}/feed.toml"


def _file_of(module: Any) -> str:
    return str(module.__name__).replace(".", "/") + ".py"


def _stop(name: str, file: str, what: str, fields: dict[str, Any] | None = None) -> str:
    """A line for a stop, and one for each field that says something; numbers of persons are masked."""
    lines = [f"{name:<10} {file:<34} {what}"]
    for key, value in (fields or {}).items():
        for part in value if isinstance(value, list) else [value]:
            if part not in (None, "", (), {}):
                text = NUMBER.sub(lambda found: mask(found[0]), str(part))
                lines.append(f"{'':<45}   {key}: {shorten(text, 150, placeholder=' …')}")
    return "\n".join(lines)

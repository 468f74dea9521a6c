"""Reports about made-up people (born 18xx), in the format of ``anmalan``, for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from etl.feed import get_feed

if TYPE_CHECKING:
    import asyncpg

    from etl.receipt import Receipt
    from etl.run import Intake

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANMALAN = get_feed("anmalan")
VICTIM, SUSPECT, OTHER, WITNESS = "18910312-2041", "18880721-1175", "18950901-3588", "18870130-4712"
BASE = {
    "BROTTSKOD": "9365", "BROTTSDATUMTID_START": "2026-01-17 21:40", "KOMMUN": "Nacka", "GATA": "Provgatan",
    "GATUNR": "12", "LATITUDE": "59,31", "LONGITUDE": "18,16", "STATUS": "Aktiv", "SKYDDAD": "N",
}  # fmt: skip


def csv(*rows: dict[str, Any]) -> bytes:
    """Rows as the source sends them; a column that a row does not name is empty in it."""
    names = list(dict.fromkeys(name for row in rows for name in {**BASE, **row}))
    lines = [";".join(names)]
    lines += [";".join(str({**BASE, **row}.get(name, "")) for name in names) for row in rows]
    return "\n".join(lines).encode()


async def tell(intake: Intake, *rows: dict[str, Any], at: datetime = NOW, archive: bool = False) -> Receipt:
    """Load rows as one delivery."""
    return await intake.ingest(ANMALAN, csv(*rows), name="uttag", fetched_at=at, archive=archive)


async def mentions_of(db: asyncpg.Connection, key: str) -> list[Any]:
    """The mentions of a report, by version."""
    return list(
        await db.fetch(
            """select m.*, v.known_at from person_mention as m join incident_version as v using (version_id)
               join incident as i using (incident_id) where i.source_key = $1
               order by v.known_at, m.role, m.number""",
            key,
        )
    )


async def pairs_of(db: asyncpg.Connection, key: str) -> list[Any]:
    """The offences of a report, by version."""
    return list(
        await db.fetch(
            """select o.number, o.victim, o.suspect from incident_offence as o join incident_version as v
               using (version_id) join incident as i using (incident_id) where i.source_key = $1
               order by v.known_at, o.number""",
            key,
        )
    )


async def whole_database(db: asyncpg.Connection, *without: str) -> str:
    """Every row of every table as text: what somebody who has all of it could search."""
    tables = await db.fetch(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> 'spatial_ref_sys'"
    )
    found = []
    for (table,) in tables:
        if table not in without:
            found += [row[0] for row in await db.fetch(f"select t::text from {table} as t")]
    return "\n".join(found)


def traces(*words: str) -> list[str]:
    """The forms in which words may lie in text and in bytes written as hexadecimal digits."""
    return [form for word in words for form in (word, word.encode().hex())]

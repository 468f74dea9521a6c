"""One incident's way, from a source's bytes to the count on a screen and back to what was known at 07:00. Read first.

A report arrives late in the evening. In the night it is corrected, in the morning it moves to another district and in
the end it is withdrawn. Nothing is ever overwritten, so each of those pictures can still be seen.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.db import Connection, Pool
from app.domain.window import Filters, Window
from app.queries.counts import counts
from etl.feed import get_feed
from etl.run import Intake

HEADER = "ID;BROTTSKOD;BROTTSDATUMTID_START;BROTTSDATUMTID_SLUT;KOMMUN;LATITUDE;LONGITUDE;MALSAGANDE;MISSTANKT;STATUS\n"
ASSAULT, GRAVE_ASSAULT, THREAT = "9365", "9367", "9440"
VICTIM, SUSPECT = "189103122041", "188807211175"  # born 18xx: they can belong to nobody
SODERMALM, SOLNA = "59,3142;18,0735", "59,3600;18,0009"


def at(clock: str) -> datetime:
    """A time in Stockholm, in the winter of 2026."""
    return datetime.fromisoformat(f"2026-01-{clock}:00+01:00")


def extract(*offences: str, place: str = f"Stockholm;{SODERMALM}", status: str = "Aktiv") -> bytes:
    """The source's extract: a row for each offence of the one report."""
    rows = (
        f"0201-K1-26;{code};2026-01-17 21:40;2026-01-17 22:05;{place};{VICTIM};{SUSPECT};{status}\n"
        for code in offences
    )
    return (HEADER + "".join(rows)).encode("utf-8-sig")


async def picture(
    connection: Connection, known_at: datetime | None = None, area: str | None = None
) -> dict[str, Any]:
    """The count on the screen: that Saturday in the region or one area, as known at a moment."""
    window = Window(date(2026, 1, 17), date(2026, 1, 17), known_at)
    rows = await counts(connection, window, Filters(areas=(area,) if area else ()), by=[])
    return {name: rows[0][name] for name in ("incidents", "offences", "harm")}


@pytest.fixture(scope="module", name="told")
def told_fixture() -> list[tuple[datetime, bytes]]:
    """What the source said, and when."""
    return [
        (at("17T23:12"), extract(ASSAULT, THREAT)),
        (at("18T02:00"), extract(ASSAULT, THREAT)),  # the nightly extract repeats what we know
        (at("18T03:30"), extract(GRAVE_ASSAULT, THREAT)),  # the assault was grave
        (at("18T09:15"), extract(GRAVE_ASSAULT, THREAT, place=f"Solna;{SOLNA}")),  # it was in Solna
        (at("20T14:00"), extract(GRAVE_ASSAULT, THREAT, place=f"Solna;{SOLNA}", status="Makulerad")),
    ]


async def test_one_incident(intake: Intake, pool: Pool, told: list[tuple[datetime, bytes]]) -> None:
    anmalan = get_feed("anmalan")
    receipts = [
        await intake.ingest(anmalan, content, name=f"extract {when:%d %H:%M}", fetched_at=when, archive=True)
        for when, content in told
    ]
    # Two rows are one report; the extract that said nothing new made nothing new.
    assert [(r.read, r.loaded, r.unchanged) for r in receipts] == [
        (1, 1, 0), (1, 0, 1), (1, 1, 0), (1, 1, 0), (1, 1, 0),
    ]  # fmt: skip

    async with pool.acquire() as connection:
        # Now: withdrawn, so it is in no count.
        assert await picture(connection) == {"incidents": 0, "offences": 0, "harm": 0}
        # Before it came, nobody knew of it, though it had happened.
        assert (await picture(connection, at("17T23:00")))["incidents"] == 0
        # At midnight: one incident of two offences on Södermalm, with the harm of both.
        midnight = await picture(connection, at("18T00:00"), "lpo-sodermalm")
        assert (midnight["incidents"], midnight["offences"]) == (1, 2)
        # At 07:00 it was known to be grave: the same incident, more harm.
        briefing = await picture(connection, at("18T07:00"), "lpo-sodermalm")
        assert (briefing["incidents"], briefing["offences"]) == (1, 2)
        assert briefing["harm"] > midnight["harm"] > 0
        # At noon it counts in Solna and no longer on Södermalm; the region has not lost or doubled it.
        assert (await picture(connection, at("18T12:00"), "lpo-sodermalm"))["incidents"] == 0
        assert (await picture(connection, at("18T12:00"), "lpo-solna"))["incidents"] == 1
        assert (await picture(connection, at("18T12:00")))["incidents"] == 1
        # And the 07:00 briefing can still be shown on the day after it was withdrawn.
        assert await picture(connection, at("18T07:00"), "lpo-sodermalm") == briefing


async def test_the_ledger_says_why_each_figure_changed(pool: Pool) -> None:
    async with pool.acquire() as connection:
        rows = await connection.fetch(
            """select to_char(known_at at time zone 'Europe/Stockholm', 'DD HH24:MI') as known, o.code, l.offences,
                      l.incidents, a.name
               from ledger as l join offence as o using (offence_id)
               join area_within as w on w.area_id = l.area_id and w.valid_to is null
               join area as a on a.area_id = w.ancestor_id and a.kind = 'lokalpolisomrade'
               order by l.known_at, l.ledger_id"""
        )
    assert sorted(tuple(row) for row in rows) == sorted(
        [
            ("17 23:12", ASSAULT, 1, 1, "Södermalm"), ("17 23:12", THREAT, 1, 0, "Södermalm"),
            ("18 03:30", ASSAULT, -1, -1, "Södermalm"), ("18 03:30", GRAVE_ASSAULT, 1, 1, "Södermalm"),
            ("18 09:15", GRAVE_ASSAULT, -1, -1, "Södermalm"), ("18 09:15", THREAT, -1, 0, "Södermalm"),
            ("18 09:15", GRAVE_ASSAULT, 1, 1, "Solna"), ("18 09:15", THREAT, 1, 0, "Solna"),
            ("20 14:00", GRAVE_ASSAULT, -1, -1, "Solna"), ("20 14:00", THREAT, -1, 0, "Solna"),
        ]
    )  # fmt: skip


async def test_nobody_who_reads_the_database_can_read_who_they_are(pool: Pool) -> None:
    async with pool.acquire() as connection:
        people = await connection.fetch("select distinct victim, suspect from incident_offence")
        assert len(people) == 1  # the same two people in every version,
        assert all(len(pseudonym) == 16 for pseudonym in people[0])  # as pseudonyms,
        bodies = await connection.fetch("select body from raw_record")
    assert bodies  # and what the source wrote is sealed.
    assert not [row for row in bodies if VICTIM.encode() in row["body"] or b"Solna" in row["body"]]

"""Pairs of one area: so many reports there in the chosen time; and the figures of a district, which lead there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.queries import district_repeats
from app.queries.ledger import moment
from app.queries.measure_frames import Pin, Span
from tests.pairs.asking import WIDE, Clients, listed

if TYPE_CHECKING:
    import asyncpg

OWN, FOREIGN = "lpo-sodermalm", "lpo-jarva"
TODAY = datetime.now(UTC).date()
YEAR = {"window": {"from": str(TODAY - timedelta(days=365)), "to": str(TODAY)}}
NOT_NOTED = "no-follow-up-7-days"


async def test_only_reports_in_the_area_and_in_the_time_count(clients: Clients, ids: dict[str, str]):
    assert set(await listed(clients, "analyst", ids, **YEAR, at_least=2)) >= {
        "everywhere",
        "foreign",
        "plain",
    }
    assert set(await listed(clients, "analyst", ids, **YEAR, at_least=2, area=FOREIGN)) == {"foreign"}
    own = set(await listed(clients, "analyst", ids, **YEAR, at_least=2, area=OWN))
    assert own == {"everywhere", "plain", "court", "moving"}, (
        "of three reports two lie there; one is of no list"
    )
    assert await listed(clients, "analyst", ids, **YEAR, at_least=3, area=OWN) == []
    short = {"window": {"from": str(TODAY - timedelta(days=15)), "to": str(TODAY)}}
    assert "everywhere" not in await listed(clients, "analyst", ids, **short, at_least=2, area=OWN)


async def test_a_chief_gets_for_the_own_area_what_the_region_gets_for_it(
    clients: Clients, ids: dict[str, str]
):
    for least in (1, 2, 3):
        of_region = await listed(clients, "analyst", ids, **YEAR, at_least=least, area=OWN)
        assert await listed(clients, "area_chief", ids, **YEAR, at_least=least, area=OWN) == of_region
    assert await listed(clients, "area_chief", ids, **YEAR, at_least=1, area=FOREIGN) == []


async def test_what_there_is_no_area_of_is_refused(clients: Clients):
    assert "error" in await clients.post("analyst", "/pairs/search", 400, **{**WIDE, "area": "lpo-atlantis"})
    assert "error" in await clients.post("analyst", "/pairs/search", 400, **{**WIDE, "several": "witness"})


async def test_the_log_tells_of_which_area_was_asked(clients: Clients, db: asyncpg.Connection):
    await clients.post("area_chief", "/pairs/search", **{**WIDE, "area": OWN, "several": "victim"})
    told = await db.fetchval("select filter from read_log order by log_id desc limit 1")
    assert (told["area"], told["several"]) == (OWN, "victim")


@pytest.mark.parametrize("code", [OWN, FOREIGN])
async def test_the_mornings_figures_are_those_of_the_list_that_they_lead_to(
    clients: Clients, ids: dict[str, str], db: asyncpg.Connection, code: str
):
    _, position = await moment(db)
    pin = Pin(datetime.now(UTC), position.xid, position.ledger_id)
    span = Span(TODAY - timedelta(days=365), TODAY + timedelta(days=1), pin)
    told = await district_repeats.recurring(db, span, "lokalpolisomrade")
    rows = [
        row
        for row in zip(*(told[name] for name in ("area", "of", "times", "open", "units")), strict=True)
        if row[0] == code
    ]

    def counted(of: str, least: int, *, unnoted: bool = False) -> int:
        return sum(
            row[4] for row in rows if row[1] == of and row[2] >= least and (row[3] == 1 or not unnoted)
        )

    role = "area_chief" if code == OWN else "analyst"
    for least in (1, 2, 3):
        pairs = await listed(clients, role, ids, **YEAR, at_least=least, area=code)
        assert counted("pair", least) == len(pairs), least
        if code == OWN:
            unnoted = await listed(clients, role, ids, **YEAR, at_least=least, area=code, flag=NOT_NOTED)
            assert counted("pair", least, unnoted=True) == len(unnoted), least
    for of in ("victim", "suspect"):
        shared = await listed(clients, role, ids, **YEAR, at_least=1, area=code, several=of)
        assert (counted(of, 2) == 0) == (not shared)
    if code == OWN:
        assert counted("pair", 2) == 4, "the figures are not all nought"


async def test_a_follow_up_in_time_is_none_to_follow_up(
    clients: Clients, ids: dict[str, str], db: asyncpg.Connection
):
    async def unnoted() -> int:
        _, position = await moment(db)
        pin = Pin(datetime.now(UTC), position.xid, position.ledger_id)
        span = Span(TODAY - timedelta(days=365), TODAY + timedelta(days=1), pin)
        told = await district_repeats.recurring(db, span, "lokalpolisomrade")
        return sum(
            units
            for area, of, units, unnoted in zip(
                told["area"], told["of"], told["units"], told["open"], strict=True
            )
            if area == OWN and of == "pair" and unnoted
        )

    before = await unnoted()
    await db.execute(
        """insert into follow_up (victim, suspect, incident_id, kind, text, noted_at)
           select o.victim, o.suspect, v.incident_id, 'contact', 'Ringde.', v.reported_at + interval '2 days'
           from incident_version as v join incident_offence as o using (version_id)
           where v.day = $1 and o.victim is not null and not v.repeats""",
        TODAY - timedelta(days=10),
    )
    assert await unnoted() == before - 1

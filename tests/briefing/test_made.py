"""Editions on a real database: made once, never changed, proved again, and each seen by whom it concerns."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.briefing.edition import Edition, canonical, read
from app.commands.measure_results import Answered, Said, store
from app.config import ROOT
from app.db import Pool, Reader, open_pool
from app.domain.errors import BadInput, NotFound
from app.domain.measure import Sentence
from app.jobs import briefing, measuring
from app.jobs.briefing_facts import moment, stretches
from app.jobs.briefing_measures import REGIONAL, Ready, worked_out
from app.logins import login_url
from app.queries import briefings, ledger
from app.queries.briefing import districts
from app.queries.measure_frames import Pin
from tests.access.people import FOREIGN, OWN, SPLIT, one_of_each, viewer
from tests.measures.daily import REGION
from tests.queries.picture import load

DAY = date(2025, 1, 20)
KNOWN = moment(REGION, DAY)
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MEASURED = ("deviation", "harm")

# As the versions tell it, and by nothing that the briefing's own queries do.
RECOUNT = """
select count(*) from (
    select distinct on (v.incident_id) v.* from incident_version as v join incident as i using (incident_id)
    where not v.repeats and v.known_at <= $1 and i.kind = 1 order by v.incident_id, v.known_at desc, v.version_id desc
) as v join offence as o using (offence_id)
where v.state = 'active' and o.close_relationship and v.occurred_from >= $2 and v.occurred_from < $3
"""


async def fill(dsn: str) -> None:
    await load(dsn, 7, keys=range(150), files=40)
    async with open_pool(dsn, size=3) as pool:
        await pool.execute("analyze")
        await measure(pool)
        await briefing.make(pool, REGION, DAY, KNOWN, now=NOW)


async def measure(pool: Pool) -> None:
    """The results of two questions, worked out here: processes of their own would take longer than the rest."""
    async with pool.acquire() as connection:
        _, position = await ledger.moment(connection)
        pin = Pin(measuring.moment(REGION, DAY), *position)
        nothing = Ready({}, {})
        made = await worked_out(connection, REGION, DAY, dict.fromkeys(MEASURED, pin), nothing)
        ids = {one.code: one.area_id for one in await districts(connection, DAY)}
        for question in MEASURED:
            said = tuple(
                Said(
                    None if area is None else ids[area], one.state,
                    tuple(Sentence(word.sv, word.en) for word in one.words), one.content, 1,
                )
                for (name, area), one in made.results.items() if name == question
            )  # fmt: skip
            await store(connection, DAY, pin, Answered(question, question, 1, {}, 0.1, said))


@pytest.fixture(scope="module")
def dsn(dsn: str) -> str:
    asyncio.run(fill(dsn))
    return dsn


async def edition(pool: Pool, area: str | None = None, number: int = 1) -> tuple[int, Edition]:
    async with pool.acquire() as connection:
        heads = await briefings.listed(connection, area, day=DAY)
        head = next(one for one in heads if one["number"] == number)
        row = await briefings.one(connection, head["edition_id"])
    assert row is not None
    return head["edition_id"], read(row["content"])


async def test_the_region_and_each_district_have_one(pool: Pool) -> None:
    async with pool.acquire() as connection:
        heads = await briefings.listed(connection, everywhere=True)
    areas = [one["area"] for one in heads]
    assert len(areas) == len(set(areas)) > 15
    assert {None, OWN, FOREIGN, SPLIT} <= set(areas)
    assert {one["number"] for one in heads} == {1}


async def test_what_is_missing_is_on_the_first_line(pool: Pool) -> None:
    _, told = await edition(pool)
    assert told.first.tone == "unknown"
    assert told.first.figures["missing"] >= len(REGIONAL) - len(MEASURED)
    assert "prognos" in told.first.text.sv or "veckorna" in told.first.text.sv


async def test_its_counts_are_those_of_a_plain_recount(pool: Pool) -> None:
    _, told = await edition(pool)
    figures = {one.name: one.figures for one in told.sentences()}
    for stretch, (begins, ends) in stretches(REGION, DAY).items():
        async with pool.acquire() as connection:
            again = await connection.fetchval(RECOUNT, KNOWN, begins, ends)
        assert figures[f"{stretch}_reports"]["n"] == again
    assert figures["week_reports"]["n"] >= 5, "there is something to count"


async def test_the_districts_with_what_is_known_more_coarsely_are_the_region(pool: Pool) -> None:
    async with pool.acquire() as connection:
        heads = await briefings.listed(connection, everywhere=True, day=DAY)
        told = [read((await briefings.one(connection, one["edition_id"]) or {})["content"]) for one in heads]
    whole, parts = 0, 0
    for one in told:
        n = next(said.figures["n"] for said in one.sentences() if said.name == "week_reports")
        whole, parts = (whole + int(n or 0), parts) if one.area is None else (whole, parts + int(n or 0))
    assert 0 < parts <= whole


@pytest.mark.parametrize("area", [None, OWN])
async def test_an_edition_is_proved_even_after_an_archive_told_more_of_that_time(
    dsn: str, pool: Pool, area: str | None
) -> None:
    edition_id, _ = await edition(pool, area)
    async with pool.acquire() as connection:
        assert await briefing.verify(connection, REGION, edition_id) == []
        before = await connection.fetchval("select count(*) from ledger where known_at < $1", KNOWN)
    began = 1000 if area is None else 2000
    await load(dsn, began, keys=range(began, began + 40), files=6)
    async with pool.acquire() as connection:
        assert await connection.fetchval("select count(*) from ledger where known_at < $1", KNOWN) > before
        assert await briefing.verify(connection, REGION, edition_id) == []


async def plant(pool: Pool, number: int, change: Any) -> int:
    """An edition with one thing changed, stored as if it had been made so."""
    edition_id, told = await edition(pool)
    content = canonical(change(told))
    async with pool.acquire() as connection:
        found: int = await connection.fetchval(
            """insert into briefing (area_id, day, number, known_at, xid, ledger_id, form, sha256, content, made_at)
               select area_id, day, $2, known_at, xid, ledger_id, form, $3, $4, made_at from briefing
               where edition_id = $1 returning edition_id""",
            edition_id, number, hashlib.sha256(content.encode()).digest(), content,
        )  # fmt: skip
    return found


def one_more(told: Edition) -> Edition:
    """A single figure is one more than it was."""
    sections = []
    for section in told.sections:
        said = tuple(
            one.model_copy(update={"figures": {**one.figures, "n": int(one.figures["n"] or 0) + 1}})
            if one.name == "week_reports"
            else one
            for one in section.said
        )
        sections.append(section.model_copy(update={"said": said}))
    return told.model_copy(update={"sections": tuple(sections)})


def no_longer_unusual(told: Edition) -> Edition:
    """A sentence says something else than its figures do."""
    first = told.first.model_copy(update={"text": told.first.text.model_copy(update={"sv": "Allt är bra."})})
    return told.model_copy(update={"first": first})


@pytest.mark.parametrize(("number", "change", "where"), [
    (900, one_more, "sections.happened.said.week_reports.figures.n"),
    (901, no_longer_unusual, "first.text.sv"),
])  # fmt: skip
async def test_what_was_changed_is_found(pool: Pool, number: int, change: Any, where: str) -> None:
    planted = await plant(pool, number, change)
    async with pool.acquire() as connection:
        found = await briefing.verify(connection, REGION, planted)
    assert len(found) == 1, found
    assert found[0].startswith(f"{where}: ")


async def test_the_command_prints_what_differs_and_fails(dsn: str, pool: Pool, tmp_path: Any) -> None:
    good, _ = await edition(pool)
    bad = await plant(pool, 902, one_more)

    async def verify(number: int) -> tuple[int | None, str, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.cli", "briefing", "verify", str(number), cwd=ROOT,
            env={**os.environ, "DATABASE_URL": dsn, "LAGESBILD_VAR": str(tmp_path)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        told, problem = await process.communicate()
        return process.returncode, told.decode(), problem.decode()

    assert (await verify(good))[0] == 0
    code, told, problem = await verify(bad)
    assert code == 1
    assert "week_reports.figures.n" in told
    assert "differs in 1 places" in problem
    assert (await verify(2**40))[0] == 1


async def test_a_new_run_is_the_days_next_edition_and_nothing_is_changed_or_taken_away(pool: Pool) -> None:
    later = KNOWN + timedelta(hours=4)
    made = await briefing.make(pool, REGION, DAY + timedelta(days=1), later + timedelta(days=1), now=NOW)
    again = await briefing.make(pool, REGION, DAY + timedelta(days=1), later + timedelta(days=1), now=NOW)
    assert {one.number for one in made} == {1}
    assert {one.number for one in again} == {2}
    async with pool.acquire() as connection:
        for statement in ("update briefing set number = 7", "delete from briefing", "truncate briefing"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await connection.execute(statement)


async def test_two_runs_at_once_make_two_numbers(pool: Pool) -> None:
    day = DAY + timedelta(days=2)
    both = await asyncio.gather(
        *(briefing.make(pool, REGION, day, moment(REGION, day), now=NOW) for _ in range(2))
    )
    assert {one.number for made in both for one in made} == {1, 2}


async def test_a_moment_that_makes_no_sense_is_refused(pool: Pool) -> None:
    with pytest.raises(BadInput, match="future"):
        await briefing.make(pool, REGION, DAY, NOW + timedelta(hours=1), now=NOW)
    with pytest.raises(BadInput, match="later moment"):
        await briefing.make(pool, REGION, DAY, KNOWN - timedelta(days=1), now=NOW)


async def test_of_an_empty_ledger_there_is_nothing_to_tell(fresh_dsn: str) -> None:
    async with open_pool(fresh_dsn, size=2) as empty:
        with pytest.raises(NotFound, match="Nothing is known"):
            await briefing.make(empty, REGION, DAY, KNOWN, now=NOW)


async def seen(dsn: str, who: Any) -> set[str | None]:
    async with (
        open_pool(login_url(dsn, "web", "x"), size=1) as web,
        Reader(web, who).transaction() as connection,
    ):
        return {one["code"] for one in await briefings.areas(connection)}


async def test_each_role_sees_the_editions_that_concern_it(dsn: str, pool: Pool) -> None:
    async with pool.acquire() as connection:
        people = await one_of_each(connection)
        split = await viewer(connection, "area_chief", SPLIT)
    for role in ("analyst", "commander"):
        assert {None, OWN, FOREIGN, SPLIT} <= await seen(dsn, people[role])  # type: ignore[index]
        assert await seen(dsn, replace(people[role], scope=None)) == set()  # type: ignore[index]
    assert await seen(dsn, people["area_chief"]) == {OWN}
    assert await seen(dsn, split) == {SPLIT}
    for role in ("wall", "feed_admin"):
        assert await seen(dsn, people[role]) == set()  # type: ignore[index]
    for role in ("auditor", "partner"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await seen(dsn, people[role])  # type: ignore[index]


def test_it_is_due_at_half_past_six_by_the_regions_clock() -> None:
    winter, summer = datetime(2026, 11, 24, 5, 30, tzinfo=UTC), datetime(2026, 6, 1, 4, 30, tzinfo=UTC)
    for at in (winter, summer):
        assert briefing.due(REGION, at) == (at.date(), at)
        early = at - timedelta(seconds=1)
        assert briefing.due(REGION, early) == (at.date() - timedelta(days=1), at - timedelta(days=1))


async def test_a_missing_edition_is_made_at_once_and_else_nothing(pool: Pool) -> None:
    await pool.execute("update delivery set received_at = '2020-01-01'")  # no archive is being taken in

    async def wanted(at: datetime, begun: datetime) -> bool:
        return await briefing.wanted(pool, REGION, at, begun)

    assert not await wanted(KNOWN + timedelta(hours=1), KNOWN), "it is made already"
    day = DAY + timedelta(days=4)
    due = moment(REGION, day)
    assert not await wanted(due, due - timedelta(days=3)), "its measures are waited for"
    assert await wanted(due + briefing.PATIENCE, due - timedelta(days=3)), "but not for ever"
    assert not await wanted(due + timedelta(hours=5), due + timedelta(hours=5)), (
        "nor when the machine just began"
    )
    before = moment(REGION, DAY + timedelta(days=5)) - timedelta(minutes=5)
    assert not await wanted(before, before - timedelta(days=1)), "a day that nobody measured is over"

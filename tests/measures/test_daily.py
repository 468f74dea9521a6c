"""The daily run: every question answered once, whatever fails, whoever is killed, and told to whom it concerns."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
import psutil
import pytest

from app.config import ROOT
from app.db import Pool, Reader, open_pool
from app.domain.errors import BadInput, Unavailable
from app.domain.region import Region
from app.domain.words import objection
from app.jobs import measuring, working_out
from app.jobs.measuring import due, run, serve
from app.jobs.questions import QUESTIONS, Asked, Question, Table
from app.jobs.working_out import Work, seed
from app.logins import login_url
from app.measures import all_measures, get_measure
from app.queries import measure_results as results
from tests.access.people import FOREIGN, OWN, SPLIT, one_of_each, viewer
from tests.measures.made_up import at_once, slowly, some_badly
from tests.queries.picture import load

if TYPE_CHECKING:
    from app.domain.viewer import Role

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
DAY = date(2025, 1, 25)
KNOWN = measuring.moment(REGION, DAY)


@pytest.fixture(scope="module")
def loaded(dsn: str) -> str:
    """The module's database with 150 reports across the day on which the City was divided anew."""
    asyncio.run(load(dsn, 7, keys=range(150), files=40))
    return dsn


def made_up(*names: str, each: bool = False) -> tuple[Question, ...]:
    """Questions with the tables and measures of real ones."""
    return tuple(replace(QUESTIONS[0], name=name, each=each, divide=()) for name in names)


async def rows_of(pool: Pool, day: date) -> list[asyncpg.Record]:
    async with pool.acquire() as connection:
        return list(
            await connection.fetch("select * from measure_result where day = $1 order by result_id", day)
        )


def test_every_question_has_its_measure_and_settings_that_it_takes() -> None:
    names = [question.name for question in QUESTIONS]
    assert len(set(names)) == len(names)
    for question in QUESTIONS:
        measure = get_measure(question.measure)
        measure.params.model_validate(question.params)
        assert objection(question.title) is None or not question.title.sv.endswith(".")
        fields = set(measure.result.model_fields)
        assert question.shared <= fields, question.name
        assert set(question.divide) <= fields, question.name


def test_every_measure_of_the_issue_is_asked_for_every_day() -> None:
    asked = {question.measure for question in QUESTIONS}
    answered_on_demand = {
        "effect", "displacement",  # need a project to judge: areas, and a day on which it began
        "survival", "cox", "rates",  # the repeats hold what the region asks of them
        "farrington", "ears", "cusum",  # the deviation asks them
    }  # fmt: skip
    assert set(all_measures()) - asked <= answered_on_demand


@pytest.mark.timeout(240)
async def test_every_question_is_answered_in_words_and_areas_are_told_nothing_of_others(
    loaded: str, pool: Pool
) -> None:
    answered = await run(pool, REGION, QUESTIONS, DAY, KNOWN)
    assert {one.question for one in answered} == {question.name for question in QUESTIONS}
    async with pool.acquire() as connection:
        codes = dict(await connection.fetch("select area_id, code from area where kind = 'lokalpolisomrade'"))
        named = dict(await connection.fetch("select code, name from area where kind = 'lokalpolisomrade'"))
    for row in await rows_of(pool, DAY):
        assert row["state"] in {"told", "refused"}, (row["question"], row["words"])
        assert row["words"], row["question"]
        assert all(set(sentence) == {"sv", "en"} for sentence in row["words"])
        measure = get_measure(row["measure"])
        again = measure.result.model_validate(row["content"])
        assert again.model_dump(mode="json", by_alias=False) == row["content"], "a figure is drawn from it"
        assert (again.refusal is not None) == (row["state"] == "refused")
        if row["area_id"] is not None:
            told = orjson.dumps(row["content"]).decode() + orjson.dumps(row["words"]).decode()
            others = {code for area_id, code in codes.items() if area_id != row["area_id"]}
            own = named[codes[row["area_id"]]]
            foreign = {f'"{code}"' for code in others} | {
                f" {named[code]}" for code in others if named[code] not in own
            }
            assert not [code for code in foreign if code in told], row["question"]
    assert await run(pool, REGION, QUESTIONS, DAY, KNOWN) == [], "what is answered is not asked again"


async def test_a_run_by_hand_is_an_edition_beside_the_others_and_the_latest_is_shown(
    loaded: str, pool: Pool
) -> None:
    day = DAY - timedelta(days=3)
    first, second = measuring.moment(REGION, day), measuring.moment(REGION, day) + timedelta(hours=5)
    question = made_up("editions")
    await run(pool, REGION, question, day, first, how=at_once)
    await run(pool, REGION, question, day, first, how=at_once)
    await run(pool, REGION, question, day, second, how=at_once)
    assert [row["known_at"] for row in await rows_of(pool, day)] == [first, second]
    async with pool.acquire() as connection:
        newest = await results.one(connection, "editions")
        earlier = await results.one(connection, "editions", known_at=first + timedelta(hours=1))
        assert newest is not None
        assert earlier is not None
        assert (newest["known_at"], earlier["known_at"]) == (second, first)
        assert await results.one(connection, "editions", known_at=first - timedelta(hours=1)) is None
        latest = [row for row in await results.latest(connection, day) if row["question"] == "editions"]
        assert [row["known_at"] for row in latest] == [second]
        assert [row["known_at"] for row in await results.editions(connection, "editions")] == [second, first]
    for statement in (
        "update measure_result set rows = 1",
        "delete from measure_result",
        "truncate measure_result",
    ):
        async with pool.acquire() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await connection.execute(statement)


@pytest.mark.timeout(120)
async def test_what_dies_hungers_tarries_or_fails_is_told_and_the_others_are_answered(
    loaded: str, pool: Pool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(measuring, "LONGEST_S", 3.0)
    day = DAY - timedelta(days=4)

    async def unreadable(asked: Asked) -> Table:
        await asked.connection.fetch("select no_such_column from ledger")
        raise AssertionError("never reached")

    questions = (
        *made_up("dies", "tarries", "hungers", "fails"),
        replace(QUESTIONS[0], name="unreadable", frame=unreadable),
        *made_up("well"),
    )
    answered = await run(pool, REGION, questions, day, measuring.moment(REGION, day), how=some_badly)
    states = {one.question: {said.state for said in one.said} for one in answered}
    assert states == {**{name: {"failed"} for name in ("dies", "tarries", "hungers", "fails", "unreadable")},
                      "well": {"told"}}  # fmt: skip
    hungered = next(one for one in answered if one.question == "hungers")
    assert 0 < hungered.params["taken"] < working_out.MEMORY
    for row in await rows_of(pool, day):
        for sentence in row["words"]:
            assert "Traceback" not in sentence["sv"]
            assert objection(type(working_out.FAILED)(**sentence)) is None
    for name in ("dies", "tarries", "hungers", "fails", "unreadable"):
        assert f"The question {name} failed" in caplog.text
    assert not [child for child in psutil.Process().children(recursive=True) if child.name() == "made_up"]


ONCE = """
import asyncio, sys
from datetime import datetime
from app.db import open_pool
from app.jobs.measuring import run
from tests.measures.made_up import slowly
from tests.measures.test_daily import DAY, REGION, made_up, NAMES, KILLED_DAY
from app.jobs import measuring, working_out

async def main():
    async with open_pool(sys.argv[1], size=3) as pool:
        print("begun", flush=True)
        at = measuring.moment(REGION, KILLED_DAY)
        await run(pool, REGION, made_up(*NAMES, each=True), KILLED_DAY, at, how=slowly)

if __name__ == "__main__":
    working_out.PRELOADED = [working_out.PRELOADED[0], "app.jobs.working_out"]  # what is killed needs no measures
    asyncio.run(main())
"""
NAMES = tuple(f"q{number}" for number in range(6))
KILLED_DAY = DAY - timedelta(days=5)


@pytest.mark.timeout(120)
async def test_a_run_that_is_killed_is_taken_up_and_nothing_is_told_twice(
    loaded: str, pool: Pool, tmp_path: Any
) -> None:
    script = tmp_path / "once.py"
    script.write_text(ONCE)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    kills = 0
    for _ in range(3):
        process = subprocess.Popen(  # noqa: ASYNC220 - it is looked at from here while it runs
            [sys.executable, script, loaded], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        before = len(await rows_of(pool, KILLED_DAY))
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            if len(await rows_of(pool, KILLED_DAY)) > before:
                break
            await asyncio.sleep(0.02)
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        process.kill()
        process.wait()
        process.stdout.close()
        kills += process.returncode == -signal.SIGKILL
        assert await _ended(family), "what it began ends with it"
        if len({row["question"] for row in await rows_of(pool, KILLED_DAY)}) == len(NAMES):
            break
    assert kills >= 2
    rows = await rows_of(pool, KILLED_DAY)
    told = Counter((row["question"], row["area_id"]) for row in rows)
    assert set(told.values()) == {1}
    answered = {question for question, _ in told}
    areas = {area for _, area in told}
    assert all({area for name, area in told if name == question} == areas for question in answered), (
        "whole or not at all"
    )
    await _unlocked(pool)
    await run(
        pool, REGION, made_up(*NAMES, each=True), KILLED_DAY, measuring.moment(REGION, KILLED_DAY), how=slowly
    )
    told = Counter((row["question"], row["area_id"]) for row in await rows_of(pool, KILLED_DAY))
    assert set(told) == {(name, area) for name in NAMES for area in areas}
    assert set(told.values()) == {1}


async def _ended(family: list[psutil.Process]) -> bool:
    """Whether all of them end within moments; nobody may be there to bury an orphan."""
    for _ in range(200):
        if not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]:
            return True
        await asyncio.sleep(0.05)
    return False


async def _unlocked(pool: Pool) -> None:
    """The server notices within moments that whoever held the lock is gone."""
    async with pool.acquire() as connection, asyncio.timeout(10):
        while await connection.fetchval(  # noqa: ASYNC110 - another process is waited for
            "select exists (select from pg_locks where locktype = 'advisory')"
        ):
            await asyncio.sleep(0.05)


async def test_two_runs_at_once_are_one(loaded: str, pool: Pool) -> None:
    day = DAY - timedelta(days=6)
    known_at = measuring.moment(REGION, day)
    both = await asyncio.gather(
        *(run(pool, REGION, made_up("a", "b"), day, known_at, how=slowly) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["Unavailable", "list"]
    assert Counter(row["question"] for row in await rows_of(pool, day)) == {"a": 1, "b": 1}
    refused = next(one for one in both if isinstance(one, Unavailable))
    assert "Another run" in str(refused)


async def test_nothing_is_asked_of_a_day_that_has_not_begun_then_or_of_an_empty_picture(
    loaded: str, pool: Pool, fresh_dsn: str
) -> None:
    with pytest.raises(BadInput, match="before"):
        await run(pool, REGION, QUESTIONS, DAY, KNOWN - timedelta(days=1), how=at_once)
    async with open_pool(fresh_dsn, size=2) as empty:
        assert await run(empty, REGION, QUESTIONS, DAY, KNOWN, how=at_once) == []


@pytest.mark.parametrize(
    ("now", "day", "known_at"),
    [
        ("2026-11-24T04:29:59", "2026-11-23", "2026-11-23T04:30"),
        ("2026-11-24T04:30:00", "2026-11-24", "2026-11-24T04:30"),
        ("2026-06-24T03:29:59", "2026-06-23", "2026-06-23T03:30"),
        ("2026-06-24T03:30:00", "2026-06-24", "2026-06-24T03:30"),
        ("2026-03-29T03:30:00", "2026-03-29", "2026-03-29T03:30"),  # the night that has an hour less
        ("2026-10-25T04:30:00", "2026-10-25", "2026-10-25T04:30"),
        ("2026-12-31T23:30:00", "2026-12-31", "2026-12-31T04:30"),
    ],
)
def test_a_day_is_due_at_half_past_five_in_the_region(now: str, day: str, known_at: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert due(REGION, at) == (date.fromisoformat(day), datetime.fromisoformat(known_at).replace(tzinfo=UTC))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[date, datetime]]:
    """The service looks twice a second, and a run notes that it was made."""
    made: list[tuple[date, datetime]] = []

    async def noted(
        pool: Pool, region: Region, questions: Any, day: date, known_at: datetime, **_: Any
    ) -> None:
        made.append((day, known_at))
        await run(pool, region, questions, day, known_at, how=at_once)

    monkeypatch.setattr(measuring, "LOOK_S", 0.05)
    monkeypatch.setattr(measuring, "run", noted)
    return made


async def test_the_service_makes_what_is_missing_once_and_waits_for_an_archive(
    loaded: str, pool: Pool, quick: list[tuple[date, datetime]]
) -> None:
    async with pool.acquire() as connection:
        await connection.execute("update delivery set received_at = now()")
    service = asyncio.create_task(serve(pool, REGION, made_up("served")))
    await asyncio.sleep(0.4)
    assert quick == [], "an archive is being taken in"
    async with pool.acquire() as connection:
        await connection.execute("update delivery set received_at = now() - interval '2 minutes'")
    async with asyncio.timeout(20):
        while not quick:  # noqa: ASYNC110 - what is waited for is a row in a table
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    assert quick == [due(REGION, datetime.now(UTC))], "once, and then it is there"
    begun = time.monotonic()
    service.cancel()
    with pytest.raises(asyncio.CancelledError):
        await service
    assert time.monotonic() - begun < 1


async def test_a_service_that_is_stopped_in_the_middle_ends_at_once(loaded: str, pool: Pool) -> None:
    day = DAY - timedelta(days=7)
    task = asyncio.create_task(
        run(pool, REGION, made_up("tarries", "tarries2"), day, measuring.moment(REGION, day), how=some_badly)
    )
    await asyncio.sleep(2)
    begun = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - begun < 1
    await _unlocked(pool)


def test_the_same_question_begins_with_the_same_number_and_another_with_another() -> None:
    work = Work("a", "knox", {}, {}, KNOWN)
    assert seed(work, None) == seed(replace(work, measure="other"), None)
    others = {
        seed(work, OWN),
        seed(replace(work, question="b"), None),
        seed(replace(work, now=KNOWN + timedelta(days=1)), None),
    }
    assert len(others | {seed(work, None)}) == 4


def test_an_area_is_told_its_own_rows_of_a_result_and_what_is_shared() -> None:
    content = {
        "refusal": None, "first": [9, 9, 9], "area": ["a", "b", "a"], "n": [1, 2, 3], "other": [7, 8], "total": 6,
        "level": 0.9, "checked_area": ["a", "b"], "held": [0.1, 0.2], "long": [1, 2, 3],
    }  # fmt: skip
    own = working_out._own(content, ("area", "checked_area"), "a", frozenset({"level"}))
    assert own == {"area": ["a", "a"], "n": [1, 3], "level": 0.9, "checked_area": ["a"], "held": [0.1]}


CANARY = {"n": [271828]}


@pytest.fixture
async def marked(loaded: str, pool: Pool) -> date:
    """A result of the region, of the own district, of a foreign one and of one that is there since 2025."""
    async with pool.acquire() as connection:
        await connection.execute(
            """insert into measure_result (question, measure, version, area_id, day, known_at, xid, ledger_id, params,
                   state, words, content, rows, seconds)
               select 'canary', 'm', 1, area_id, day, day + time '05:00', '1', 1, '{}', 'told', '[]', $1, 1, 1
               from (select area_id from area where code = any($2) union all select null) as a,
                   unnest(array[date '2024-06-01', date '2025-06-01']) as day
               on conflict do nothing""",
            CANARY, [OWN, FOREIGN, SPLIT],
        )  # fmt: skip
    return date(2025, 6, 1)


async def seen(dsn: str, who: Any) -> set[tuple[str | None, date]]:
    async with (
        open_pool(login_url(dsn, "web", "x"), size=1) as web,
        Reader(web, who).transaction() as connection,
    ):
        rows = await connection.fetch(
            "select a.code, r.day from measure_result as r left join area as a using (area_id) "
            "where question = 'canary'"
        )
    return {(row["code"], row["day"]) for row in rows}


async def test_each_role_sees_the_results_that_concern_it(loaded: str, pool: Pool, marked: date) -> None:
    before = date(2024, 6, 1)
    async with pool.acquire() as connection:
        people: dict[Role, Any] = await one_of_each(connection)
        split = await viewer(connection, "area_chief", SPLIT)
        city = await viewer(connection, "area_chief", "po-city")
    everything = {(code, day) for code in (OWN, FOREIGN, SPLIT, None) for day in (before, marked)}
    for role in ("analyst", "commander", "wall"):
        assert await seen(loaded, people[role]) == everything, role
    for role in ("feed_admin",):
        assert await seen(loaded, people[role]) == set(), role
    for role in ("auditor", "partner"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await seen(loaded, people[role])
    assert await seen(loaded, people["area_chief"]) == {(OWN, before), (OWN, marked)}
    assert await seen(loaded, split) == {(SPLIT, marked)}, "it was not there before 2025"
    assert await seen(loaded, city) == {(OWN, before), (OWN, marked), (SPLIT, marked)}

"""The daily run: every question answered once, whatever fails, whoever is killed, and told to whom it concerns."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import asyncpg
import orjson
import psutil
import pytest

from app.db import Pool, open_pool
from app.domain.errors import BadInput
from app.domain.words import objection
from app.jobs import measuring, working_out
from app.jobs.measuring import run
from app.jobs.question_tables import Asked, Table
from app.jobs.questions import QUESTIONS
from app.jobs.working_out import Work, seed
from app.measures import all_measures, get_measure
from app.queries import measure_results as results
from tests.access.people import OWN
from tests.measures.daily import DAY, KNOWN, REGION, made_up, rows_of
from tests.measures.made_up import at_once, some_badly


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
    assert asked == {
        "deviation", "nowcast", "forecast", "repeats", "concentration", "scan", "local_g", "local_moran", "area_rates",
        "density", "aoristic", "knox", "space_time_k", "harm", "backtest", "recurring", "similar",
        "farrington",  # what is normal, week by week
    }  # fmt: skip
    answered_on_demand = {
        "effect", "displacement",  # need a project to judge: areas, and a day on which it began
        "survival", "cox", "rates",  # the repeats hold what the region asks of them
        "ears", "cusum",  # the deviation asks them
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
    monkeypatch.setattr(measuring, "LONGEST_S", 10.0)  # two cores with other tests beside take their time
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
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it ended while we looked
            assert child.name() != "made_up"


async def test_nothing_is_asked_of_a_day_that_has_not_begun_then_or_of_an_empty_picture(
    loaded: str, pool: Pool, fresh_dsn: str
) -> None:
    with pytest.raises(BadInput, match="before"):
        await run(pool, REGION, QUESTIONS, DAY, KNOWN - timedelta(days=1), how=at_once)
    async with open_pool(fresh_dsn, size=2) as empty:
        assert await run(empty, REGION, QUESTIONS, DAY, KNOWN, how=at_once) == []


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

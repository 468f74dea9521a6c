"""Who sees which alert, and who may do what about it; and what the API answers, held to its examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from app.alerts.rule import Deviation, Geofence, Silence, Threshold
from app.api import alerts_examples as examples
from app.commands.alerts import Action, Written, act, ask_trial, write_rule
from app.commands.tokens import create_token
from app.config import Settings
from app.db import Pool, Reader
from app.domain.errors import BadInput, NotFound
from app.domain.viewer import ROLES, Role, Viewer
from app.jobs.alerting import Engine
from app.jobs.alerting_trials import answer_trials
from app.main import create_app
from app.queries import alerts as queries
from app.queries import alerts_rules
from tests.access.people import FOREIGN, OWN
from tests.alerts.conftest import ENDED, REGION, put
from tests.api.conftest import BASE, running

NOW = datetime.now(UTC)
ALERT = """
insert into alert (version_id, rule_id, kind, place, period, day, area_id, feed, probation)
select version_id, rule_id, kind, $2, $3::timestamptz, ($3::timestamptz)::date,
    (select area_id from area where code = $2 limit 1), $4, false
from alert_rule_version where rule_id = $1 returning uid
"""
FIRED = """
insert into alert_action (alert_id, rule_id, kind, firing, fired_at, value, bound, sources)
select alert_id, rule_id, 'fired', 'x' || alert_id, period, 5, 5, $2 from alert where uid = $1
"""


@pytest.fixture
async def uids(loaded: str, pool: Pool) -> dict[str, UUID]:
    """An alert in the chief's own district, one in a foreign one, one of the region, and one of a feed."""
    async with pool.acquire() as connection:
        await connection.execute("update feed_state set feed = feed")
        counted = await put(connection, Threshold(), mode="off")
        silent = await put(connection, Silence(), mode="off")
        incident = await connection.fetchval("select uid from incident limit 1")
        found = {}
        for name, rule, place, feed in (
            ("own", counted, OWN, None), ("foreign", counted, FOREIGN, None), ("region", counted, "", None),
            ("feed", silent, "anmalan", "anmalan"),
        ):  # fmt: skip
            found[name] = await connection.fetchval(ALERT, rule, place, NOW - timedelta(hours=1), feed)
            await connection.execute(FIRED, found[name], [incident])
    return found


SEEN: dict[Role, set[str]] = {
    "analyst": {"own", "foreign", "region", "feed"}, "commander": {"own", "foreign", "region", "feed"},
    "wall": {"own", "foreign", "region", "feed"}, "area_chief": {"own"}, "feed_admin": {"feed"},
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_sees_the_alerts_that_concern_it(
    web: Pool, people: dict[Role, Viewer], uids: dict[str, UUID], role: Role
) -> None:
    if role not in SEEN:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with Reader(web, people[role]).transaction() as connection:
                await queries.open_alerts(connection)
        return
    async with Reader(web, people[role]).transaction() as connection:
        seen = {row["uid"] for row in await queries.open_alerts(connection)}
        assert {name for name, uid in uids.items() if str(uid) in seen} == SEEN[role]
        for name, uid in uids.items():
            assert (await queries.alert(connection, uid) is None) == (name not in SEEN[role])
        await queries.waiting(connection)
        assert await alerts_rules.rules(connection)
    if role in {"analyst", "area_chief"}:
        async with Reader(web, people[role]).transaction() as connection:
            assert await queries.sources(connection, uids["own"])
    else:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with Reader(web, people[role]).transaction() as connection:
                await queries.sources(connection, uids["own"])


@pytest.mark.parametrize("role", list(SEEN))
async def test_who_sees_an_alert_may_act_on_it_but_for_the_wall(
    web: Pool, people: dict[Role, Viewer], uids: dict[str, UUID], role: Role
) -> None:
    for name, uid in uids.items():
        if role == "wall":
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with Reader(web, people[role]).writing() as connection:
                    await act(connection, uid, Action("acknowledged"), NOW)
        elif name in SEEN[role]:
            async with Reader(web, people[role]).writing() as connection:
                await act(connection, uid, Action("acknowledged", note="Vi ringer."), NOW)
            async with Reader(web, people[role]).transaction() as connection:
                told = await queries.alert(connection, uid)
            assert told is not None
            assert (told["state"], told["acknowledged_by"]) == ("acknowledged", role)
            assert told["life"][-1]["note"] == "Vi ringer."
            async with Reader(web, people["wall"]).transaction() as connection:
                passed = await queries.alert(connection, uid)
            assert passed is not None
            assert all(step["note"] is None for step in passed["life"]), "a wall shows no note"
        else:
            with pytest.raises(NotFound):
                async with Reader(web, people[role]).writing() as connection:
                    await act(connection, uid, Action("acknowledged"), NOW)


async def test_an_alert_lives_by_what_is_appended_and_can_be_seen_as_it_stood(
    web: Pool, people: dict[Role, Viewer], uids: dict[str, UUID], pool: Pool
) -> None:
    analyst, uid, moments = Reader(web, people["analyst"]), uids["own"], []

    async def state(at: datetime | None = None) -> Any:
        async with analyst.transaction() as connection:
            told = await queries.alert(connection, uid, at)
        return None if told is None else told["state"]

    steps = [
        Action("acknowledged"), Action("handed_over", to_role="commander"),
        Action("snoozed", until=NOW + timedelta(days=1)),
        Action("closed", outcome="false", note="Samma händelse två gånger."),
    ]  # fmt: skip
    for step in steps:
        async with analyst.writing() as connection:
            await act(connection, uid, step, NOW)
        moments.append(datetime.now(UTC))
    assert [await state(at) for at in moments] == [step.kind for step in steps]
    async with pool.acquire() as connection:
        await connection.execute(
            "insert into alert_action (alert_id, rule_id, kind, firing, fired_at) "
            "select alert_id, rule_id, 'grouped', 'again', now() from alert where uid = $1", uid,
        )  # fmt: skip
        for change in (
            "update alert_action set kind = 'fired'",
            "delete from alert",
            "delete from alert_note",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change)
    assert await state() == "new", "it fired anew"
    assert await state(moments[-1]) == "closed", "and what was stays"


@pytest.mark.parametrize(
    "action",
    [
        Action("snoozed"), Action("snoozed", until=NOW - timedelta(days=1)),
        Action("snoozed", until=NOW + timedelta(days=30)),
        Action("handed_over", to_role="wall"), Action("closed"), Action("acknowledged", outcome="true"),
        Action("acknowledged", note="x" * 501), Action("acknowledged", note="19121212-1212"),
        Action("deleted"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_half_an_action_is_none(action: Action) -> None:
    with pytest.raises(BadInput):
        action.check(NOW)


async def test_a_rule_goes_live_only_after_a_trial_of_it_that_keeps_to_its_budget(
    web: Pool, people: dict[Role, Viewer], pool: Pool
) -> None:
    rule, analyst, rule_id = Threshold(window_hours=48, at_least=3), Reader(web, people["analyst"]), uuid4()

    async def write(
        trial: UUID | None, mode: Any = "live", allowed: float = 1, after: int | None = None
    ) -> int:
        async with analyst.writing() as connection:
            return await write_rule(
                connection, rule_id, Written(rule, "Regel", mode, allowed), trial, after=after
            )

    async with analyst.writing() as connection:
        trial = await ask_trial(connection, rule, 1, 700)
        other = await ask_trial(connection, Threshold(window_hours=48, at_least=4), 1, 700)
    for tried in (None, trial):
        with pytest.raises(BadInput, match="trial"):
            await write(tried)
    await answer_trials(pool, REGION)
    with pytest.raises(BadInput, match="trial"):
        await write(other)
    async with analyst.transaction() as connection:
        told = await alerts_rules.trial(connection, trial)
    assert told is not None
    rate = told["result"]["summary"]["per_week"]
    assert rate > 0.01
    with pytest.raises(BadInput, match="budget"):
        await write(trial, allowed=rate / 2)
    assert await write(trial, mode="probation", allowed=rate / 2) == 1
    assert await write(trial, allowed=rate * 2, after=1) == 2
    with pytest.raises(BadInput, match="meanwhile"):
        await write(trial, mode="off", after=1)
    for role in ("commander", "area_chief", "feed_admin"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with Reader(web, people[role]).writing() as connection:  # type: ignore[index]
                await write_rule(connection, uuid4(), Written(rule, "Regel", "probation", 1), None)


async def test_a_rule_names_only_what_there_is_and_its_fence_is_told_to_few(
    web: Pool, people: dict[Role, Viewer]
) -> None:
    fence = Geofence.model_validate({"fence": {"point": (18.0745, 59.3137)}})
    async with Reader(web, people["analyst"]).writing() as connection:
        rule_id = uuid4()
        await write_rule(connection, rule_id, Written(fence, "Inom", "probation", 1), None)
        for rule in (
            Threshold(areas=("lpo-nowhere",)),
            Deviation(offences=("nothing",)),
            Silence(feeds=("none",)),
        ):
            with pytest.raises(BadInput, match="There is no"):
                await write_rule(connection, uuid4(), Written(rule, "Regel", "probation", 1), None)
    async with Reader(web, people["analyst"]).transaction() as connection:
        told = await alerts_rules.rules(connection, fences=True)
        assert next(row for row in told if row["rule_id"] == str(rule_id))["fence"]["point"] == [
            18.0745,
            59.3137,
        ]
    for role in ("commander", "area_chief", "wall"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with Reader(web, people[role]).transaction() as connection:  # type: ignore[index]
                await alerts_rules.rules(connection, fences=True)
        async with Reader(web, people[role]).transaction() as connection:  # type: ignore[index]
            rows = await alerts_rules.rules(connection)
        assert "18.07" not in repr([row for row in rows if row["kind"] == "geofence"])


async def test_which_rules_fired_on_an_incident_is_told_up_to_a_moment(
    web: Pool, people: dict[Role, Viewer], pool: Pool
) -> None:
    async with pool.acquire() as connection:
        await put(connection, Threshold(window_hours=96, at_least=3))
    await Engine(pool, REGION, {}).look(ENDED)
    async with pool.acquire() as connection:
        row = await connection.fetchrow(
            "select sources, fired_at from alert_action where cardinality(sources) > 2 and fired_at < $1",
            ENDED,
        )
    async with Reader(web, people["analyst"]).transaction() as connection:
        told = await queries.fired_for(connection, row["sources"][:1], row["fired_at"])
        before = await queries.fired_for(
            connection, row["sources"][:1], row["fired_at"] - timedelta(days=300)
        )
    assert any(one["fired_at"] == row["fired_at"] for one in told)
    assert {uid for one in told for uid in one["incidents"]} == {str(row["sources"][0])}
    assert before == []


async def test_the_api_answers_as_its_examples_say(
    loaded: str, pool: Pool, uids: dict[str, UUID], tmp_path: Any
) -> None:
    async with pool.acquire() as connection:
        token = await create_token(connection, "analyst", "analyst", ())
    app = create_app(Settings(var=tmp_path), loaded)
    headers = {"Authorization": f"Bearer {token}"}
    transport = httpx.ASGITransport(app)
    async with running(app), httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as client:
        listed = (await client.get("/api/v1/alerts")).json()
        assert set(listed["rows"][0]) == set(examples.ALERT)
        one = (await client.get(f"/api/v1/alerts/{uids['own']}")).json()
        assert set(one) == {*examples.ALERT, "life", "sources"}
        assert set(one["life"][0]) == set(examples.STEP)
        for body in examples.ACT_BODY.values():
            answer = await client.post(f"/api/v1/alerts/{uids['own']}/actions", json=body["value"])
            assert answer.status_code == 201, answer.text
        rules = (await client.get("/api/v1/alerts/rules")).json()
        assert set(rules["rows"][0]) == set(examples.RULE)
        written = await client.post("/api/v1/alerts/rules", json=examples.RULE_BODY["threshold"]["value"])
        assert written.status_code == 201, written.text
        versions = await client.get(f"/api/v1/alerts/rules/{written.json()['rule']}/versions")
        assert len(versions.json()["rows"]) == 1
        asked = await client.post("/api/v1/alerts/rules/replay", json=examples.TRY_BODY["threshold"]["value"])
        assert asked.status_code == 202
        await answer_trials(pool, REGION)
        tried = (await client.get(f"/api/v1/alerts/rules/replay/{asked.json()['trial']}")).json()
        assert set(tried["result"]["summary"]) == set(examples.SUMMARY)
        assert (await client.get(f"/api/v1/alerts/{uuid4()}")).status_code == 404

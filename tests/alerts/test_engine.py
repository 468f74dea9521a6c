"""The engine on a real ledger: what it says live is what a replay says, once, whoever is killed, within a budget."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.alerts.evaluate import Evaluated
from app.alerts.grouping import place_all
from app.alerts.rule import Deviation, Geofence, Repeat, Rule, Silence, Threshold, read_rule
from app.commands.alerts import Written, write_rule
from app.config import ROOT
from app.db import Pool
from app.domain.errors import BadInput
from app.jobs import alerting
from app.jobs.alerting import Engine
from app.jobs.alerting_trials import answer_trials, told, try_rule
from tests.alerts.conftest import BEGAN, ENDED, REGION, fired, put

RULES: dict[str, Rule] = {
    "threshold": Threshold(window_hours=72, at_least=2, rearm_hours=3, group_hours=48),
    "region": Threshold(window_hours=24, at_least=4, together=True, rearm_hours=0, group_hours=6),
    "area": Threshold(window_hours=72, at_least=2, areas=("po-city", "0180"), close=True, group_hours=12),
    "deviation": Deviation(window_days=2, windows_before=4, deviations=1, at_least=2, group_hours=24),
    "address": Repeat(of="address", within_days=400, group_hours=24),
    "fence": Geofence.model_validate(
        {"fence": {"point": (18.0745, 59.3137), "radius_m": 3000}, "window_hours": 96, "at_least": 2}
    ),
    "polygon": Geofence.model_validate(
        {
            "fence": {"polygon": ((17.9, 59.2), (18.2, 59.2), (18.2, 59.5), (17.9, 59.5))},
            "window_hours": 120,
            "at_least": 3,
        }
    ),
    "silence": Silence(least_hours=1, times=1.0, group_hours=12),
}


@pytest.mark.parametrize("name", RULES)
async def test_what_is_said_live_is_what_the_replay_says(loaded: str, pool: Pool, name: str) -> None:
    rule, dice = RULES[name], random.Random(name)  # noqa: S311 - repeatable
    async with pool.acquire() as connection:
        rule_id = await put(connection, rule)
    engine = Engine(pool, REGION, {})
    now = BEGAN
    while now < ENDED:
        now = min(ENDED, now + timedelta(hours=dice.choice([1, 7, 30, 90])))
        await engine.look(now)
    async with pool.acquire() as connection, connection.transaction():
        live = await fired(connection, rule_id)
        days = (ENDED - BEGAN) / timedelta(days=1)
        replayed = await try_rule(connection, REGION, rule, ENDED, int(days), 1000)
    assert days == int(days)
    told_by_replay = [
        (alert.place, alert.period, one.at, "fired" if one is alert.firings[0] else "grouped")
        for alert in replayed.alerts for one in alert.firings
    ]  # fmt: skip
    assert Counter(one[:4] for one in live) == Counter(told_by_replay)
    if name not in {"address", "silence"}:
        assert len(live) > 2, "the picture has something for it"


async def test_a_rule_that_cannot_be_read_any_more_silences_no_other(loaded: str, pool: Pool) -> None:
    async with pool.acquire() as connection:
        broken = await put(connection, Threshold(window_hours=72, at_least=2))
        await connection.execute(
            """set session_replication_role = replica;
               update alert_rule_version set definition = definition || '{"window_hours": -1}' where rule_id = $$ID$$;
               set session_replication_role = origin""".replace("$$ID$$", f"'{broken}'")
        )
        crossing = {"polygon": ((17.9, 59.2), (18.2, 59.5), (18.2, 59.2), (17.9, 59.5))}
        fence = await put(connection, Geofence.model_validate({"fence": crossing, "window_hours": 240}))
    await Engine(pool, REGION, {}).look(ENDED)
    async with pool.acquire() as connection:
        assert await fired(connection, broken) == []
        assert await fired(connection, fence) != [], (
            "one with crossing sides was made before that was refused"
        )
        with pytest.raises(BadInput, match="cross"):
            await write_rule(
                connection,
                uuid4(),
                Written(Geofence.model_validate({"fence": crossing}), "Gräns", "probation", 1),
                None,
            )


async def test_each_alert_names_the_incidents_that_it_rests_on(loaded: str, pool: Pool) -> None:
    rule = Threshold(window_hours=96, at_least=3, group_hours=0)
    async with pool.acquire() as connection:
        rule_id = await put(connection, rule)
    await Engine(pool, REGION, {}).look(ENDED)
    async with pool.acquire() as connection:
        rows = await connection.fetch(
            """select b.value, b.fired_at, b.window_from, a.place, cardinality(b.sources) as many,
               (select count(*) from ledger as l join incident as i using (incident_id)
                join rollup_place as p on p.area_id = l.rollup_area_id and p.code = a.place and p.valid_from <= l.day
                    and (p.valid_to is null or l.day < p.valid_to)
                where i.uid = any(b.sources)) as there
               from alert as a join alert_action as b using (alert_id) where a.rule_id = $1""",
            rule_id,
        )
    assert rows
    assert all(row["many"] == row["value"] and row["there"] >= row["many"] for row in rows)
    assert all(row["fired_at"] - row["window_from"] == timedelta(hours=96) for row in rows)


async def test_a_rule_that_gives_more_than_it_may_goes_on_probation_and_says_so(
    loaded: str, pool: Pool
) -> None:
    rule = Threshold(window_hours=72, at_least=1, rearm_hours=0, group_hours=1, mail=True)
    async with pool.acquire() as connection:
        rule_id = await put(connection, rule, allowed=0.5)
    engine = Engine(pool, REGION, {"mail": ("vakt@example.org",)})
    for days in range(2, 30, 2):
        await engine.look(BEGAN + timedelta(days=days))
    async with pool.acquire() as connection:
        versions = await connection.fetch(
            "select mode, why, role from alert_rule_version where rule_id = $1 order by version", rule_id
        )
        told_on = await connection.fetch(
            "select probation from alert as a join alert_action as b using (alert_id) "
            "where a.rule_id = $1 and b.kind = 'probation'",
            rule_id,
        )
        alerts = await connection.fetch(
            "select probation, exists (select from alert_outbox as o where o.alert_id = a.alert_id) as sent "
            "from alert as a where rule_id = $1",
            rule_id,
        )
    assert [(row["mode"], row["why"]) for row in versions] == [
        ("live", ""),
        ("probation", alerting.OVERSPENT),
    ]
    assert versions[1]["role"] == "system"
    assert [row["probation"] for row in told_on] == [False]
    assert {row["probation"] for row in alerts} == {True, False}, "it goes on being looked at"
    assert all(row["sent"] != row["probation"] for row in alerts), "what is on probation is sent nowhere"


async def test_a_new_version_goes_on_where_the_old_one_stood(loaded: str, pool: Pool) -> None:
    rule = Threshold(window_hours=96, at_least=2, rearm_hours=24, group_hours=0)
    async with pool.acquire() as connection:
        whole, changed = await put(connection, rule), await put(connection, rule)
    engine = Engine(pool, REGION, {})
    half = BEGAN + timedelta(days=20)
    await engine.look(half)
    async with pool.acquire() as connection:
        await put(
            connection, rule.model_copy(update={"mail": True}), version=2, rule_id=changed, made_at=half
        )
    await engine.look(ENDED)
    async with pool.acquire() as connection:
        assert await fired(connection, whole) == await fired(connection, changed) != []


async def test_one_rule_that_cannot_be_looked_at_does_not_silence_the_others(
    loaded: str, pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    rule = Threshold(window_hours=96, at_least=3)
    async with pool.acquire() as connection:
        good = await put(connection, rule)
        bad = await put(connection, rule)
        await connection.execute("alter table alert add constraint broken check (rule_id <> '%s')" % bad)  # noqa: UP031
    try:
        await Engine(pool, REGION, {}).look(ENDED)
    finally:
        async with pool.acquire() as connection:
            await connection.execute("alter table alert drop constraint broken")
    async with pool.acquire() as connection:
        assert await fired(connection, good)
        assert await fired(connection, bad) == []
    assert str(bad) in caplog.text
    await Engine(pool, REGION, {}).look(ENDED + timedelta(seconds=1))
    async with pool.acquire() as connection:
        assert await fired(connection, bad) == await fired(connection, good), (
            "what it missed is looked at next time"
        )


async def test_a_trial_is_answered_and_one_that_fails_is_told(loaded: str, pool: Pool) -> None:
    async with pool.acquire() as connection:
        ids = [
            await connection.fetchval(
                "insert into alert_trial (definition, allowed_per_week, days, asked_at) values ($1, 1, 60, $2) "
                "returning trial_id",
                definition, ENDED,
            )
            for definition in ({"kind": "threshold", "window_hours": 72, "at_least": 2}, {"kind": "nothing"})
        ]  # fmt: skip
    assert await answer_trials(pool, REGION) == 2
    async with pool.acquire() as connection:
        done, failed = [
            await connection.fetchrow("select state, result from alert_trial where trial_id = $1", one)
            for one in ids
        ]
        replayed = await try_rule(connection, REGION, Threshold(window_hours=72, at_least=2), ENDED, 60, 1)
    assert done["state"] == "done"
    assert done["result"]["summary"] == told(replayed.rule, replayed)["summary"]
    assert done["result"]["summary"]["fired"] == len(done["result"]["alerts"]) > 0
    assert (failed["state"], list(failed["result"])) == ("failed", ["error"])


KILLED = """
import asyncio, sys
from datetime import datetime, timedelta
from app.db import open_pool
from app.jobs.alerting import Engine
from tests.alerts.conftest import BEGAN, ENDED, REGION

async def main():
    async with open_pool(sys.argv[1], size=2) as pool:
        engine = Engine(pool, REGION, {"mail": ("vakt@example.org",)})
        now = BEGAN
        print("begun", flush=True)
        while now < ENDED:
            now = min(ENDED, now + timedelta(hours=4))
            await engine.look(now)
        print("done", flush=True)

asyncio.run(main())
"""


@pytest.mark.timeout(200)
async def test_kill_at_any_moment_neither_loses_nor_doubles_an_alert(
    loaded: str, pool: Pool, tmp_path: Path
) -> None:
    rule = Threshold(window_hours=72, at_least=2, rearm_hours=3, group_hours=48, mail=True)
    async with pool.acquire() as connection:
        await connection.execute("truncate alert_progress")
        old = await connection.fetch("select distinct rule_id from alert_rule_version")
        for row in old:  # the rules of the other tests are off
            await connection.execute(
                "insert into alert_rule_version (rule_id, version, kind, title_sv, title_en, definition, fence, mode, "
                "allowed_per_week) select rule_id, version + 1, kind, 'x', 'x', definition, fence, 'off', 1 "
                "from alert_rule_version where rule_id = $1 order by version desc limit 1",
                row["rule_id"],
            )
        rule_id = await put(connection, rule)
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    environment, dice, kills = {**os.environ, "PYTHONPATH": str(ROOT)}, random.Random(3), 0  # noqa: S311
    for _ in range(12):
        process = subprocess.Popen([sys.executable, script, loaded], env=environment, stdout=subprocess.PIPE)  # noqa: ASYNC220
        assert process.stdout is not None
        await asyncio.to_thread(process.stdout.readline)
        deadline = time.monotonic() + dice.uniform(0.05, 0.6)
        while process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110 - a process is watched
            await asyncio.sleep(0.01)
        process.kill()
        process.wait()
        process.stdout.close()
        kills += process.returncode == -signal.SIGKILL
    assert kills >= 5
    await Engine(pool, REGION, {"mail": ("vakt@example.org",)}).look(ENDED)
    async with pool.acquire() as connection, connection.transaction():
        live = await fired(connection, rule_id)
        replayed = await try_rule(connection, REGION, rule, ENDED, (ENDED - BEGAN).days, 1000)
        outbox = await connection.fetch(
            "select o.alert_id from alert_outbox as o join alert using (alert_id) where rule_id = $1", rule_id
        )
        alerts = await connection.fetchval("select count(*) from alert where rule_id = $1", rule_id)
    assert Counter(one[:3] for one in live) == Counter(
        (alert.place, alert.period, one.at) for alert in replayed.alerts for one in alert.firings
    )
    assert len({row["alert_id"] for row in outbox}) == len(outbox) == alerts > 0, "each is to be sent, once"


def test_these_rules_are_those_that_are_stored() -> None:
    for rule in RULES.values():
        told_rule = rule.model_dump(mode="json")
        assert read_rule({k: v for k, v in told_rule.items() if k != "fence"}, told_rule.get("fence")) == rule
    assert place_all(RULES["threshold"], Evaluated((), {}).firings, {}) == []
    assert UUID(int=0)

"""Suspicions that ended, corrections, withdrawals and protection are in the next answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.dyad import ELSEWHERE_EN, ELSEWHERE_SV
from etl.keep import Keys
from tests.pairs.asking import (
    ASKING,
    Clients,
    days_ago,
    listed,
    yesterday,
)
from tests.pairs_world import PAIRS, load, report

if TYPE_CHECKING:
    from app.db import Pool


async def test_a_suspicion_that_ended_comes_up_nowhere_at_whatever_moment(
    clients: Clients, ids: dict[str, str]
):
    name, number = ids["court"], PAIRS["court"][1]
    rungs = (await clients.post("analyst", f"/pairs/{name}"))["rungs"]
    stated = {"pair": name, "final_on": "2026-01-01", "source": "Stockholms tingsrätt", **ASKING}
    for rung in rungs:
        await clients.post("analyst", "/suspicions", 201, uid=rung["uid"], statement="acquitted", **stated)
    for known_at in (None, days_ago(5)):
        asked = {**ASKING, "known_at": known_at}
        await clients.post("analyst", f"/pairs/{name}", 404, **asked)
        told = await clients.post("analyst", "/persons/search", personnummer=number, role="suspect", **asked)
        assert told["rows"] == []
        assert "court" not in await listed(clients, "analyst", ids, known_at=known_at, at_least=1)
        for rung in rungs:
            told = await clients.post("analyst", "/pairs/of-incident", uid=rung["uid"], **asked)
            assert told["rows"] == []
    for rung in rungs:
        await clients.post("analyst", "/suspicions", 201, uid=rung["uid"], statement="reopened", **stated)
    assert (await clients.post("analyst", f"/pairs/{name}"))["rungs"] == rungs
    await clients.post(
        "analyst",
        "/suspicions",
        404,
        **{**stated, "pair": "A" * 64},
        uid=rungs[0]["uid"],
        statement="acquitted",
    )
    await clients.post("analyst", "/suspicions", 400, uid=rungs[0]["uid"], statement="guilty", **stated)
    foreign = (await clients.post("analyst", f"/pairs/{ids['foreign']}"))["rungs"][0]["uid"]
    await clients.post(
        "area_chief",
        "/suspicions",
        404,
        **{**stated, "pair": ids["foreign"]},
        uid=foreign,
        statement="acquitted",
    )


async def test_a_correction_and_a_withdrawal_are_in_the_next_answer(
    clients: Clients, ids: dict[str, str], pool: Pool, held: Keys
):
    async def rungs(role: str) -> list[Any]:
        told: list[Any] = (await clients.post(role, f"/pairs/{ids['moving']}"))["rungs"]
        return told

    before = await rungs("analyst")
    assert len(await rungs("area_chief")) == 2
    now = datetime.now(UTC)
    await load(pool, held, [report(15, 6.5, *PAIRS["moving"], place=(59.4040, 17.9440), registered=now)])
    assert [rung["district"] for rung in await rungs("analyst")] == ["lpo-sodermalm", "lpo-jarva"]
    chief = await clients.post("area_chief", f"/pairs/{ids['moving']}")
    assert len(chief["rungs"]) == 1
    assert chief["elsewhere"] == {"sv": ELSEWHERE_SV, "en": ELSEWHERE_EN}
    then = await clients.post("analyst", f"/pairs/{ids['moving']}", known_at=yesterday(), **ASKING)
    assert then["rungs"] == before
    await load(pool, held, [report(14, 7, *PAIRS["moving"], status="Makulerad", registered=now)])
    assert len(await rungs("analyst")) == 1
    await clients.post("area_chief", f"/pairs/{ids['moving']}", 404)
    await load(
        pool, held, [report(15, 6.5, *PAIRS["moving"], protected="J", registered=now + timedelta(minutes=1))]
    )
    told = await clients.post("analyst", f"/pairs/{ids['moving']}", known_at=yesterday(), **ASKING)
    assert {rung["address"] for rung in told["rungs"] if rung["uid"] == before[1]["uid"]} == {None}
    assert "moving" not in await listed(clients, "analyst", ids, at_least=1, known_at=yesterday())

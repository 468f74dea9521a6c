"""What was noted follows persons who were judged to be one; and questions about persons have a limit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.config import Settings
from app.domain.pair_id import PairIds
from app.main import create_app
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.api.conftest import running
from tests.pairs.asking import (
    ASKING,
    V1,
    WIDE,
    Clients,
)
from tests.pairs_world import FOREIGN, PAIRS, load, person, report

if TYPE_CHECKING:
    from app.db import Pool


async def test_what_was_noted_follows_persons_who_were_judged_to_be_one(
    clients: Clients, ids: dict[str, str], pool: Pool, held: Keys
):
    names, made = Pseudonyms(held), PairIds(held.lasting(b"pair ids"))
    victim, suspect = PAIRS["plain"]
    renamed = person(60)
    await load(pool, held, [report(16, 1, renamed, suspect, place=FOREIGN)])
    a, b, c = (names.of(number, "") for number in (victim, renamed, suspect))
    assert a is not None
    assert b is not None
    assert c is not None
    other = made.of(b, c)
    await clients.post(
        "analyst", f"/pairs/{ids['plain']}/follow-ups", 201, kind="visit", text="Besök.", **ASKING
    )
    noted = [one["id"] for one in (await clients.post("analyst", f"/pairs/{ids['plain']}"))["follow_ups"]]
    assert noted
    assert (await clients.post("area_chief", f"/pairs/{ids['plain']}"))["elsewhere"] is None
    assert (await clients.post("analyst", f"/pairs/{other}"))["follow_ups"] == []
    async with pool.acquire() as connection:
        await connection.execute(
            "insert into link_judgement (a, b, decision, evidence, reason) values ($1, $2, 'accept', '{}', 'test')",
            a, b,
        )  # fmt: skip
    for name in (ids["plain"], other):
        told = await clients.post("analyst", f"/pairs/{name}")
        assert len(told["rungs"]) == 3
        assert [one["id"] for one in told["follow_ups"]] == noted
    assert (await clients.post("area_chief", f"/pairs/{ids['plain']}"))["elsewhere"] is not None
    where = f"/pairs/{other}/follow-ups"
    corrected = await clients.post(
        "analyst", where, 201, kind="visit", text="Rättat.", corrects=noted[0], **ASKING
    )
    told = await clients.post("analyst", f"/pairs/{ids['plain']}")
    assert corrected["id"] in {one["id"] for one in told["follow_ups"]}


async def test_questions_about_persons_have_a_limit(dsn: str, var: Path, pool: Pool, ids: dict[str, str]):
    slow = create_app(Settings(var=var, person_requests_per_minute=1), dsn)
    async with running(slow):
        clients = Clients(slow, pool)
        client = await clients.of("analyst")
        statuses = [
            (await client.post(f"{V1}/pairs/{ids['foreign']}", json=ASKING)).status_code for _ in range(12)
        ]
        other = (await client.post(f"{V1}/pairs/search", json=WIDE)).status_code
        await client.aclose()
    assert statuses == [200] * 10 + [429] * 2
    assert other == 429

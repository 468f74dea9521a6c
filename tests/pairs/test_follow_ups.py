"""What was noted stays, is seen by who sees the report, and is a fact that flags are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.pairs.asking import (
    ASKING,
    Clients,
    days_ago,
    listed,
    moment_ago,
)

if TYPE_CHECKING:
    import asyncpg

    from app.db import Pool


async def test_what_was_noted_stays_and_a_correction_stands_beside_it(clients: Clients, ids: dict[str, str]):
    where = f"/pairs/{ids['court']}/follow-ups"
    first = await clients.post(
        "analyst", where, 201, kind="visit", text="Besök,  ingen hemma.", decided="Nytt besök.",
        due="2099-01-01", **ASKING,
    )  # fmt: skip
    second = await clients.post(
        "area_chief", where, 201, kind="contact", text="Talat i telefon.", corrects=first["id"], **ASKING
    )
    told = (await clients.post("analyst", f"/pairs/{ids['court']}"))["follow_ups"]
    assert [(one["id"], one["corrected"]) for one in told] == [(first["id"], True), (second["id"], False)]
    assert (told[0]["text"], told[0]["due"], told[0]["role"]) == (
        "Besök, ingen hemma.",
        "2099-01-01",
        "analyst",
    )
    assert told[1]["corrects"] == first["id"]
    other = await clients.post(
        "analyst",
        f"/pairs/{ids['plain']}/follow-ups",
        400,
        kind="visit",
        text="x y",
        corrects=first["id"],
        **ASKING,
    )
    assert "no such entry" in other["error"]


async def test_a_chief_sees_the_follow_ups_of_own_reports_only(clients: Clients, ids: dict[str, str]):
    rungs = (await clients.post("analyst", f"/pairs/{ids['everywhere']}"))["rungs"]
    for rung, text in zip(rungs, ("om den första", "om den i Järva", "om den sista"), strict=True):
        await clients.post(
            "analyst", f"/pairs/{ids['everywhere']}/follow-ups", 201, kind="visit", text=text, uid=rung["uid"], **ASKING
        )  # fmt: skip
    seen = {
        one["text"] for one in (await clients.post("area_chief", f"/pairs/{ids['everywhere']}"))["follow_ups"]
    }
    assert {"om den första", "om den sista"} <= seen
    assert "om den i Järva" not in seen
    await clients.post(
        "area_chief", f"/pairs/{ids['everywhere']}/follow-ups", 404, kind="visit", text="x y", uid=rungs[1]["uid"],
        **ASKING,
    )  # fmt: skip


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "gissning", "text": "x"},
        {"kind": "visit", "text": "  "},
        {"kind": "visit", "text": "Ringde 18620304-0122"},
        {"kind": "visit", "text": "x", "decided": "620304-0122"},
        {"kind": "visit", "text": "x" * 2001},
        {"kind": "visit", "text": "x", "due": "i morgon"},
        {"kind": "visit", "text": "x", "due": "9999-01-01"},
        {"kind": "visit", "text": "x", "who": "somebody else"},
    ],
)
async def test_what_says_nothing_or_too_much_is_not_noted(
    clients: Clients, ids: dict[str, str], entry: dict[str, str]
):
    answer = await clients.post("analyst", f"/pairs/{ids['plain']}/follow-ups", 400, **entry, **ASKING)
    assert "620304-0122" not in answer["error"]


async def test_that_nobody_noted_anything_within_seven_days_is_a_fact_until_somebody_did(
    clients: Clients, ids: dict[str, str], db: asyncpg.Connection, pool: Pool
):
    rule = "no-follow-up-7-days"

    async def held(**asked: Any) -> bool:
        told = await clients.post("analyst", f"/pairs/{ids['plain']}", **{**ASKING, **asked})
        return rule in {flag["rule"] for flag in told["flags"]}

    assert await held()
    assert not await held(known_at=days_ago(4)), "six days after the report there were still some left"
    assert await held(known_at=days_ago(1))
    assert "plain" in await listed(clients, "analyst", ids, flag=rule)
    await clients.post(
        "analyst", f"/pairs/{ids['plain']}/follow-ups", 201, kind="visit", text="Sent.", **ASKING
    )
    assert await held(), "what was noted later was not noted within seven days"
    async with pool.acquire() as connection:  # as if it had been noted in time
        await connection.execute("update follow_up set noted_at = $1 where text = 'Sent.'", moment_ago(8))
    assert not await held()
    assert not await held(known_at=days_ago(1))
